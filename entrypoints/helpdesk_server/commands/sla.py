"""`helpdesk sla`: what was promised, what became of it, and what would have."""

import click

from helpdesk_server.command_line import print_json, read_settings
from helpdesk_server.commands.opening import opened
from helpdesk_server.logs import log_named
from helpdesk_server.sweeping import PromiseSweep


@click.group()
def sla() -> None:
    """What was promised for tickets, and what became of it."""


@sla.command()
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def sweep(*, as_json: bool) -> None:
    """Write down the warnings and breaches that are due, and tell of them.

    `helpdesk serve` and `helpdesk worker` do it by themselves, every few seconds.
    """
    with opened(read_settings()) as desk:
        sweeping = PromiseSweep(desk.ports, log=log_named("promises"))
        found = sweeping()
    if as_json:
        print_json({"found": found, "failed": sweeping.failed})
    else:
        click.echo(f"{found} warnings and breaches found, {sweeping.failed} tickets failed")
