"""The desk under test: HTTP, SQL and our server, wired as `helpdesk serve` does, but for mail.

Limits are counted by the real limiter, as if every few requests came from another address, so
that none is ever refused.
"""

import argparse
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from secrets import randbits
from wsgiref.types import WSGIApplication

from desk_data import STAFF_SECRET, directory_document, fill
from queue_data import fill_queue
from waitress.server import BaseWSGIServer, create_server

from helpdesk_core.couriers import NoMailServer
from helpdesk_core.ids import uuid7
from helpdesk_core.limits import Limit
from helpdesk_core.people import Role
from helpdesk_core.ports import Ports, RateLimiter, UnitOfWork
from helpdesk_core.tokens import Token, digest_of
from helpdesk_core.use_cases.directory import load_directory
from helpdesk_http import create_app
from helpdesk_limits import open_limiter
from helpdesk_server.wsgi_server import ServerLimits, WsgiServer
from helpdesk_sql import open_store, upgrade
from helpdesk_sql.queries import queries_for


class Crowd:
    """Passes each act to a limiter as that of one of many clients; each stays within its limit."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter
        self._acts = count()

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act of the next client."""
        client = str(next(self._acts) // limit.amount)
        return self._limiter.hit(limit, (*key, client))

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """How long an act of that client would have to wait."""
        return self._limiter.wait(limit, key)


def ports_of(begin: Callable[[], UnitOfWork]) -> Ports:
    """What the desk works with."""
    return Ports(
        begin=begin,
        now=lambda: datetime.now(UTC),
        new_id=lambda: uuid7(datetime.now(UTC), randbits(74)),
        limiter=Crowd(open_limiter("memory://")),
        courier=NoMailServer(),
    )


def let_staff_in(ports: Ports) -> None:
    """Keep the token that the client sends."""
    token = Token(
        id=ports.new_id(),
        digest=digest_of(STAFF_SECRET),
        email="agent0@example.com",
        role=Role.AGENT,
        created_at=ports.now(),
    )
    with ports.begin() as uow:
        uow.save_token(token)
        uow.commit()


def serve(app: WSGIApplication, server: str, threads: int) -> None:
    """Serve until killed, on our server or on plain waitress; print the port first."""
    if server == "waitress":
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        plain = create_server(app, host="127.0.0.1", port=0, threads=threads)
        assert isinstance(plain, BaseWSGIServer)
        print(plain.getsockname()[1], flush=True)
        plain.run()
        return
    ours = WsgiServer(
        app,
        host="127.0.0.1",
        port=0,
        limits=ServerLimits(threads=threads),
        error_body=lambda code, reason, _path: f'{{"error": "{code} {reason}"}}'.encode(),
    )
    print(ours.address[1], flush=True)
    _ = ours.run()


def main() -> None:
    """Open the store, bring it to the size asked for, serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--server", choices=("ours", "waitress"), default="ours")
    parser.add_argument("--tickets", type=int, default=0)
    parser.add_argument("--queue", type=int, default=0)
    parser.add_argument("--core", type=int, default=0)
    chosen = parser.parse_args()
    os.sched_setaffinity(0, {chosen.core})
    upgrade(chosen.database)
    store = open_store(chosen.database)
    ports = ports_of(store.begin)
    _ = load_directory(ports, directory_document())
    fill(store.engine, upto=chosen.tickets)
    if chosen.queue:
        fill_queue(
            store.engine, queries_for(store.engine.dialect).tickets.insert_case, chosen.queue
        )
        let_staff_in(ports)
    serve(create_app(ports), chosen.server, chosen.threads)


if __name__ == "__main__":
    main()
