"""`helpdesk sla`: what was promised, what became of it, and what would have."""

import json

import click

from helpdesk_core.sla_explained import in_words
from helpdesk_core.text import read_uuid
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.promises import TicketPromises, promises_of
from helpdesk_http.promise_bodies import TicketPromisesBody
from helpdesk_http.wire import written
from helpdesk_server.command_line import print_json, read_settings
from helpdesk_server.commands.opening import opened
from helpdesk_server.commands.sla_what_if import repin, replay
from helpdesk_server.logs import log_named
from helpdesk_server.sweeping import PromiseSweep
from helpdesk_server.terminal import printable


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


@sla.command()
@click.argument("ticket")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, as the API has it.")
def explain(ticket: str, *, as_json: bool) -> None:
    """Say step by step why what was promised on TICKET (an id, or a case's number) is due then."""
    with opened(read_settings()) as desk:
        found = promises_of(desk.ports, _target(ticket))
    if as_json:
        print_json(json.loads(written(TicketPromisesBody.of(found))))
    else:
        click.echo("\n\n".join(_told(found)))


def _target(ticket: str) -> Target:
    return Target(ticket_id=ticket) if read_uuid(ticket) else Target(number=ticket)


def _told(found: TicketPromises) -> list[str]:
    state = found.ticket.status.value if found.ticket.status else "logged"
    policy = f"{printable(found.policy.name)} ({found.policy.digest[:8]})"
    head = f"ticket {found.ticket.id}, {state}, held to {policy}"
    return [head, *(printable_lines(in_words(each)) for each in found.explanations)]


def printable_lines(text: str) -> str:
    """The text, each of its lines fit for a terminal."""
    return "\n".join(map(printable, text.splitlines()))


sla.add_command(replay)
sla.add_command(repin)
