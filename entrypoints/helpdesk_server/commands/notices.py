"""`helpdesk notices`: who is told of what, and in which words."""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, TypeVar
from uuid import UUID

import click

from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.notices import LANGUAGES, Notice
from helpdesk_core.routing import (
    AMONG_STAFF,
    CONTRACT_ROUTING,
    REACHED_BY,
    Audience,
    Channel,
    Routing,
    routing_with,
)
from helpdesk_server.channels import letters_of
from helpdesk_server.command_line import Refused, print_json, read_settings
from helpdesk_server.commands.listing import in_columns
from helpdesk_server.commands.opening import opened
from helpdesk_server.console import shown_by

Word = TypeVar("Word", bound=Enum)

HEADINGS: Final = ("DOOR", "EVENT", "AUDIENCE", "CHANNEL", "ONLY FOR")
SAMPLE: Final[Mapping[str, str]] = {
    "ticketId": str(UUID(int=2)),
    "recipientName": "Siti Rahma",
    "status": "IN_PROGRESS",
    "assignedTo": "Siti Rahma",
    "submittedBy": "Budi Santoso",
    "submittedByEmail": "budi.santoso@example.com",
    "submitterIs": "not verified",
    "text": "The printer on the second floor hums.\nSince this morning.",
}
BY_DOOR: Final[Mapping[Door, Mapping[str, str]]] = {
    Door.INTAKE: {"department": "IT", "kpiType": "Incident"},
    Door.SUPPORT: {
        "caseNumber": "CW-2026-7QK4M2",
        "subject": "The printer hums",
        "organization": "Example Ltd",
        "urgency": "HIGH",
        "customerType": "BUSINESS",
        "issueType": "TECHNICAL",
        "estimatedResolution": "2026-01-02T09:00:00+00:00",
    },
}
"""What a sample notice tells."""


@click.group()
def notices() -> None:
    """Who is told of what, by which channel, and in which words."""


@notices.command()
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def show(*, as_json: bool) -> None:
    """Print the table that is in force: the contracts', with what the directory says of it."""
    with opened(read_settings()) as desk, desk.ports.begin() as uow:
        table = routing_with(uow.directory().notice_rules, CONTRACT_ROUTING)
    rows = tuple(rows_of(table))
    if as_json:
        print_json(
            [
                dict(zip(("door", "event", "audience", "channel"), row, strict=False))
                | {"urgencies": row[4].split()}
                for row in rows
            ]
        )
        return
    click.echo("\n".join(in_columns((HEADINGS, *rows))))


def rows_of(table: Routing) -> Iterator[tuple[str, str, str, str, str]]:
    """The table's cells, each as words, by door, event and audience in the order of their kinds."""
    for door in Door:
        for event in EventKind:
            routes = table[door].get(event, ())
            order = {audience: at for at, audience in enumerate(Audience)}
            for route in sorted(routes, key=lambda it: (order[it.audience], it.channel.value)):
                urgencies = sorted(it.value for it in route.urgencies or ())
                where = (door.value, event.value, route.audience.value, route.channel.value)
                yield (*where, " ".join(urgencies))


@notices.command()
@click.argument("kind")
@click.option("--audience", default="customer", show_default=True, help="Who is told.")
@click.option("--channel", default="mail", show_default=True, help="By which channel.")
@click.option("--language", type=click.Choice(LANGUAGES), help="In which language.")
@click.option("--door", default="support", show_default=True, help="Of a ticket of which door.")
@click.option("--html", is_flag=True, help="Print the HTML part of a mail.")
def preview(  # noqa: PLR0913  # one argument an option
    kind: str, audience: str, channel: str, language: str | None, door: str, *, html: bool
) -> None:
    """Print a sample of the notice of an event, such as `submitted`, as it would be sent."""
    settings = read_settings()
    notice = a_sample(
        kind=word_of(EventKind, kind, "an event"),
        audience=word_of(Audience, audience.replace("-", " "), "an audience"),
        channel=word_of(Channel, channel, "a channel"),
        door=word_of(Door, door, "a door"),
        language=language or settings.language,
    )
    letters = letters_of(settings)
    show_it: Callable[[Notice], str] = shown_by(letters)[notice.channel]
    if html:
        show_it = lambda it: letters.write(it).html  # noqa: E731
    try:
        text = show_it(notice)
    except Exception as fault:  # noqa: BLE001  # a template of the operator's may raise anything
        raise Refused(f"cannot be written: {type(fault).__name__}: {fault}") from None
    _ = sys.stdout.write(text.rstrip() + "\n")


def a_sample(
    *, kind: EventKind, audience: Audience, channel: Channel, door: Door, language: str
) -> Notice:
    """A notice of that kind. Raises Refused for one that there never is."""
    if channel not in REACHED_BY[audience]:
        raise Refused(f"{audience.value} cannot be reached by {channel.value}")
    if audience is Audience.CUSTOMER and kind in AMONG_STAFF:
        raise Refused(f"no customer is ever told of {kind.value}")
    recipients = {Channel.SMS: "+62215550100", Channel.WEBHOOK: "terminal"}
    return Notice(
        id=UUID(int=1),
        ticket_id=UUID(int=2),
        kind=kind,
        audience=audience,
        channel=channel,
        recipient=recipients.get(channel, "somebody@example.com"),
        language=language,
        facts={**SAMPLE, **BY_DOOR[door]},
        created_at=datetime(2026, 1, 1, 9, tzinfo=UTC),
    )


def word_of(words: type[Word], given: str, what: str) -> Word:
    """The value of a word. Raises Refused with all words there are."""
    try:
        return words(given)
    except ValueError:
        known: Any = ", ".join(it.value for it in words)
        raise Refused(f"{given!r} is not {what}; there are: {known}") from None
