"""The life of `serve` and `demo`: ready, serving, drained, ended."""

import resource
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from helpdesk_http import error_body, longest_body
from helpdesk_server.command_line import Refused
from helpdesk_server.logs import log_named, start_logging
from helpdesk_server.settings import Settings
from helpdesk_server.wiring import Desk
from helpdesk_server.wsgi_server import ServerLimits, WsgiServer

DRAIN: Final = 7.0
"""Seconds for the requests in flight after a SIGTERM."""
LAST_MAIL: Final = 1.5
"""Seconds for the mail that is being sent after that; it goes out again when cut."""
LAST_LINES: Final = 0.5
"""Seconds for the log. All three together stay below ten."""
PROBES: Final = frozenset({"/health", "/ready"})
"""Answered though all threads wait for a database that hangs."""
DESCRIPTORS: Final = 65_536
"""Open files and sockets that the process asks for, as far as the system lets it."""


def serve_desk(desk: Desk, settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, and end in good order within ten seconds.

    `ready` is told the address when connections are taken. Raises Refused when the address cannot
    be listened on, and WrongSettings for templates that make no letter.
    """
    desk.check_templates()
    raise_descriptor_limit()
    server = listen(desk, settings)
    lines = start_logging(settings.log_format)
    desk.watch.lines = lines
    desk.watch.vitals.is_draining = lambda: server.is_stopping
    desk.housekeeping.start()
    desk.sweeping.start()
    desk.catching_up.start()
    if desk.delivery is not None:
        desk.delivery.start()
    try:
        drained = server.run(lambda host, port: ready(web_address(host, port)))
        log_named("server").info("stopped", drained=drained)
    finally:
        desk.housekeeping.stop()
        desk.sweeping.stop()
        desk.catching_up.stop()
        if desk.delivery is not None:
            _ = desk.delivery.stop(within=LAST_MAIL)
        lines.finish(within=LAST_LINES)


def listen(desk: Desk, settings: Settings) -> WsgiServer:
    """A server that is bound and listening. Raises Refused."""
    try:
        return WsgiServer(
            desk.app,
            host=settings.host,
            port=settings.port,
            limits=ServerLimits(threads=settings.threads, drain=DRAIN),
            error_body=error_body,
            longest_body=longest_body(desk.ports.attachments),
            prompt=PROBES,
        )
    except ValueError:
        raise Refused(f"HELPDESK_HOST is no address of a host: {settings.host}") from None
    except OSError as error:
        where = f"{settings.host}, port {settings.port}"
        raise Refused(f"cannot listen on {where}: {error.strerror}") from None


def web_address(host: str, port: int) -> str:
    """The address that a browser on this machine may open."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def raise_descriptor_limit() -> None:
    """Let the process open as many sockets as the system allows it, up to `DESCRIPTORS`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # a container may forbid it; fewer will do
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
