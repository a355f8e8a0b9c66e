"""The notices that a change calls for: one pure function of what happened, and who is where.

Words and layout belong to the adapter that delivers. What a notice holds is what its words may be
made of, and nothing else: a customer whose address nobody verified is told nothing that a stranger
typed, so that the desk sends nobody's words to whom they choose.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Directory
from helpdesk_core.places import place_of
from helpdesk_core.queue import door_of
from helpdesk_core.routing import AMONG_STAFF, Audience, Channel, Route, Routing, routing_with
from helpdesk_core.text import fold
from helpdesk_core.tickets import Change, Event, EventKind, Ticket

LANGUAGES: Final = ("en", "id")
"""In which notices are written; the first serves whoever has chosen none."""

NEVER_MAILED: Final = frozenset(
    {
        "abuse",
        "bounce",
        "bounces",
        "donotreply",
        "do-not-reply",
        "hostmaster",
        "listserv",
        "mailer-daemon",
        "majordomo",
        "noreply",
        "no-reply",
        "postmaster",
    }
)
"""Names before the @ behind which machines sit that answer machines."""


@attrs.frozen(kw_only=True)
class Addressees:
    """The desk's own addresses, and the language of those who have chosen none.

    `systems` are the names of webhook endpoints; their addresses and secrets are the adapter's.
    `own` are addresses whose mail comes back to the desk.
    """

    staff_mail: str | None = None
    management_mail: str | None = None
    systems: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    language: str = LANGUAGES[0]


@attrs.frozen(kw_only=True)
class Notice:
    """One message to one recipient, to be delivered at least once; `id` is the same on each try.

    `recipient` is an address, a phone number or the name of an endpoint, as the channel wants it.
    `facts` is what the words are made of: plain text, one line a fact but for `text`.
    """

    id: UUID
    ticket_id: UUID
    kind: EventKind
    audience: Audience
    channel: Channel
    recipient: str
    language: str = LANGUAGES[0]
    facts: Mapping[str, str]
    created_at: datetime

    @property
    def destination(self) -> str:
        """What is slow or broken together: a channel, or one endpoint of the webhooks."""
        is_endpoint = self.channel is Channel.WEBHOOK
        return f"{self.channel.value} {self.recipient}" if is_endpoint else self.channel.value


def notices_of(
    change: Change,
    directory: Directory,
    routing: Routing,
    addressees: Addressees,
    new_id: Callable[[], UUID],
) -> tuple[Notice, ...]:
    """The notices that a change calls for, in the order of its events and of the table.

    Of one change nobody is told twice by one channel: of several events that call for somebody the
    first one stands.
    """
    routes = routing_with(directory.notice_rules, routing)[door_of(change.ticket)]
    told: dict[tuple[Channel, str], Notice] = {}
    for event in change.events:
        for route in routes.get(event.kind, ()):
            for recipient in _reached(route, change, event, directory, addressees):
                key = (route.channel, fold(recipient.at))
                if key not in told:
                    told[key] = _notice(route, recipient, change, event, directory, new_id())
    return tuple(told.values())


def may_be_mailed(address: str, addressees: Addressees) -> bool:
    """False for machines that answer machines, for lists' own addresses, and for ourselves."""
    folded = fold(address)
    name = folded.partition("@")[0]
    ours = {addressees.staff_mail, addressees.management_mail, *addressees.own} - {None}
    is_of_a_list = name.startswith("owner-") or name.endswith(("-request", "-owner", "-bounces"))
    return name not in NEVER_MAILED and not is_of_a_list and folded not in map(_folded, ours)


def _folded(address: str | None) -> str:
    return fold(address or "")


@attrs.frozen(kw_only=True)
class _Recipient:
    at: str
    name: str = ""
    language: str


def _reached(
    route: Route, change: Change, event: Event, directory: Directory, addressees: Addressees
) -> Iterator[_Recipient]:
    case = change.ticket.case
    if route.urgencies is not None and (case is None or case.urgency not in route.urgencies):
        return
    if route.audience is Audience.CUSTOMER:
        yield from _customer(change.ticket, event, addressees)
    elif route.audience is Audience.MANAGEMENT:
        yield from _mailbox(addressees.management_mail, addressees)
    elif route.audience is Audience.SYSTEMS:
        for name in addressees.systems:
            yield _Recipient(at=name, language=addressees.language)
    else:
        yield from _staff(route, change.ticket, event, directory, addressees)


def _customer(ticket: Ticket, event: Event, addressees: Addressees) -> Iterator[_Recipient]:
    if event.kind not in AMONG_STAFF and may_be_mailed(ticket.submitter_email, addressees):
        name = ticket.submitter_name if ticket.submitted_by else ""
        yield _Recipient(at=ticket.submitter_email, name=name, language=addressees.language)


def _mailbox(address: str | None, addressees: Addressees) -> Iterator[_Recipient]:
    if address is not None:
        yield _Recipient(at=address, language=addressees.language)


def _staff(
    route: Route, ticket: Ticket, event: Event, directory: Directory, addressees: Addressees
) -> Iterator[_Recipient]:
    agents = tuple(_agents(route.audience, ticket, event, directory))
    if route.channel is Channel.SMS:
        # Nobody has it yet: it is urgent, and somebody has to take it.
        called = agents or (directory.agents.values() if route.audience is Audience.STAFF else ())
        for agent in called:
            if agent.is_active and agent.phone is not None and agent.wants_sms:
                yield _recipient(agent, agent.phone, addressees)
        return
    for agent in agents:
        if agent.is_active and agent.wants_mail:
            yield _recipient(agent, agent.email, addressees)
    if route.audience is Audience.STAFF and not agents:
        yield from _mailbox(addressees.staff_mail, addressees)


def _agents(
    audience: Audience, ticket: Ticket, event: Event, directory: Directory
) -> Iterator[Agent]:
    previous = event.details.get("previousAgentId")
    wanted = previous if audience is Audience.PREVIOUS_ASSIGNEE else ticket.assigned_to
    if wanted is None:
        return
    agent = directory.agents.get(UUID(str(wanted)))
    # Staff who did it themselves know; the mailbox is told in their place.
    did_it = audience is Audience.STAFF and agent is not None and agent.id == event.actor_id
    if agent is not None and not did_it:
        yield agent


def _recipient(agent: Agent, at: str, addressees: Addressees) -> _Recipient:
    return _Recipient(at=at, name=agent.name, language=agent.language or addressees.language)


def _notice(  # noqa: PLR0913  # one argument a thing that the notice is made of
    route: Route,
    recipient: _Recipient,
    change: Change,
    event: Event,
    directory: Directory,
    notice_id: UUID,
) -> Notice:
    facts = {**_facts_for_all(change, event, directory), "recipientName": recipient.name}
    if route.audience is not Audience.CUSTOMER:
        facts |= _facts_for_staff(change, event, route.audience)
    elif change.ticket.submitted_by is not None:
        facts["subject"] = change.ticket.case.subject if change.ticket.case else ""
    return Notice(
        id=notice_id,
        ticket_id=change.ticket.id,
        kind=event.kind,
        audience=route.audience,
        channel=route.channel,
        recipient=recipient.at,
        language=recipient.language,
        facts=facts,
        created_at=event.at,
    )


def _facts_for_all(change: Change, event: Event, directory: Directory) -> dict[str, str]:
    """What may be told to anybody: no word in it was typed by a stranger."""
    ticket, place, case = change.ticket, place_of(change.ticket, directory), change.ticket.case
    facts = {
        "ticketId": str(ticket.id),
        "status": ticket.status.value if ticket.status else "",
        "department": place.department or "",
        "kpiType": place.kpi_type or "",
        "assignedTo": place.assigned_to or "",
        "text": _staff_words(change, event),
    }
    if case is not None:
        facts |= {
            "caseNumber": case.number,
            "urgency": case.urgency.value,
            "customerType": case.customer_type.value,
            "issueType": case.issue_type.value,
            "estimatedResolution": case.resolution_due_at.isoformat(),
        }
    return facts


def _staff_words(change: Change, event: Event) -> str:
    """What staff said to the customer in this change."""
    if event.kind is EventKind.REJECTED:
        return change.ticket.rejection_reason or ""
    message = change.message
    return "" if message is None or message.is_internal or _is_customers(event) else message.body


def _is_customers(event: Event) -> bool:
    return event.kind is EventKind.CUSTOMER_REPLIED


def _facts_for_staff(change: Change, event: Event, audience: Audience) -> Mapping[str, str]:
    """What staff and the desk's own systems are told besides; no system is told a note's text.

    A note that went along with something else is not taken for the submitter's word.
    """
    ticket, case = change.ticket, change.ticket.case
    message = change.message
    text = ticket.description
    if message is not None and event.kind is EventKind.NOTED:
        text = "" if audience is Audience.SYSTEMS else message.body
    elif message is not None and not message.is_internal:
        text = message.body
    elif "reason" in event.details:
        text = event.details["reason"]
    return {
        "submittedBy": ticket.submitter_name,
        "submittedByEmail": ticket.submitter_email,
        "submitterIs": "signed in" if ticket.submitted_by else "not verified",
        "subject": case.subject if case else "",
        "organization": (case.organization or "") if case else "",
        "text": text,
    }
