"""A real browser, which the nox session `browser` sees to, and a desk that it looks at.

`HELPDESK_TEST_CHROMIUM` names a Chromium; without it Playwright's own is taken.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from helpdesk_http import create_app
from helpdesk_memory import MemoryDesk

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
"""So that the browser asks nobody for anything of its own accord."""


class Silent(WSGIRequestHandler):
    """Keeps no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its base's name
        pass


@pytest.fixture
def desk() -> Iterator[str]:
    """The URL of a desk in memory."""
    app = create_app(MemoryDesk(datetime(2026, 5, 22, tzinfo=UTC)).ports)
    with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a screen. As root it runs without its sandbox, which wants another user."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=os.environ.get("HELPDESK_TEST_CHROMIUM") or None,
            args=[*QUIET, "--no-sandbox"] if is_root else [*QUIET],
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own, with nothing kept from another."""
    with browser.new_context() as context:
        yield context.new_page()
