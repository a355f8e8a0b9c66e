"""`helpdesk worker`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import click

from helpdesk_server.command_line import Refused, read_settings
from helpdesk_server.commands.opening import opened
from helpdesk_server.logs import log_named, start_logging
from helpdesk_server.serving import LAST_LINES, LAST_MAIL


@click.command()
def worker() -> None:
    """Deliver what waits in the outbox, until SIGTERM. Any number of workers may run."""
    settings = read_settings()
    with opened(settings) as desk, stop_asked() as asked:
        if desk.delivery is None:
            raise Refused(
                "there is nothing to deliver by: set HELPDESK_SMTP_URL, HELPDESK_SMS_URL or "
                "HELPDESK_WEBHOOK_URLS"
            )
        desk.check_templates()
        lines = start_logging(settings.log_format)
        desk.delivery.start()
        desk.housekeeping.start()
        desk.sweeping.start()
        desk.catching_up.start()
        click.echo("Helpdesk worker is ready")
        try:
            _ = asked.wait()
            finished = desk.delivery.stop(within=LAST_MAIL)
            log_named("worker").info("stopped", finished=finished)
        finally:
            desk.housekeeping.stop()
            desk.sweeping.stop()
            desk.catching_up.stop()
            lines.finish(within=LAST_LINES)


@contextmanager
def stop_asked() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set within the block."""
    asked = Event()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in numbers}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            _ = signal.signal(number, handler)
