"""A desk that a real browser signs in at, and a page of another site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIServer, make_server

import attrs

from helpdesk_core.intake import RawIntake
from helpdesk_core.people import OPERATOR, Caller
from helpdesk_core.testing.directories import (
    INCIDENT,
    SUPPORT,
    a_directory,
)
from helpdesk_core.use_cases.entering import Visit
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.sign_in_links import make_link, take_link
from helpdesk_http import create_app
from helpdesk_memory import MemoryDesk
from tests.browser.conftest import Silent

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

CUSTOMER = "cora@example.com"


class Threaded(ThreadingMixIn, WSGIServer):
    """Answers each connection on a thread: browsers open some that they leave unused."""

    daemon_threads = True


@contextmanager
def served(app: WSGIApplication, host: str = "127.0.0.1") -> Iterator[Threaded]:
    """A server of the app, until the block ends."""
    server = make_server(host, 0, app, server_class=Threaded, handler_class=Silent)
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@attrs.frozen
class Place:
    """A desk in memory, and where it is."""

    desk: MemoryDesk
    url: str

    def link(self, email: str = CUSTOMER) -> str:
        """A link that signs in."""
        key = make_link(self.desk.ports, email, OPERATOR, target="/auth/sign-in")
        return f"{self.url}/auth/link?key={key}"

    def ticket(self) -> str:
        """The id of a ticket that the customer submitted when they were signed in."""
        ports = self.desk.ports
        user = take_link(ports, make_link(ports, CUSTOMER, OPERATOR), None, Visit()).user
        raw = RawIntake(
            dept_id=str(SUPPORT),
            kpi_type_id=str(INCIDENT),
            ticket_date="2026-05-22",
            description="The printer hums",
        )
        return str(submit_ticket(ports, raw, Caller(user=user)).ticket.id)


@contextmanager
def open_place(desk: MemoryDesk) -> Iterator[Place]:
    """The desk behind an address that it knows."""
    with desk.ports.begin() as uow:
        uow.save_directory(a_directory())
        uow.commit()
    with served(_not_yet) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        server.set_app(create_app(desk.ports, public_url=url))
        yield Place(desk, url)


@contextmanager
def another_site(page: str) -> Iterator[str]:
    """The URL of a page of another site."""

    def app(_environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page.encode()]

    with served(app) as server:
        yield f"http://localhost:{server.server_port}"


def _not_yet(_environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
    start("503 Service Unavailable", [])
    return []
