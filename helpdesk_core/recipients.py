"""Who is reached by a row of the table: the people and endpoints of one event."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.addressees import Addressees, may_be_mailed
from helpdesk_core.directory import Agent, Directory
from helpdesk_core.people import Role
from helpdesk_core.routing import AMONG_STAFF, Audience, Channel, Route
from helpdesk_core.tickets import Change, Event, EventKind, Ticket

TOLD_BESIDE_A_NOTE: Final = frozenset({EventKind.ASSIGNED, EventKind.REASSIGNED})
"""What a customer may be told of although a note among staff went along with it."""


@attrs.frozen(kw_only=True)
class Recipient:
    """Somebody who is told: `at` an address, a number or an endpoint's name, as the channel has it.

    `name` is empty where it is not known, or where whoever typed it is not.
    """

    at: str
    name: str = ""
    language: str


def recipients_of(
    route: Route, change: Change, event: Event, directory: Directory, addressees: Addressees
) -> Iterator[Recipient]:
    """Whom a row of the table reaches for an event of the change.

    Staff are the ticket's agent. Where nobody has it, where the agent did it or cannot be reached
    by the channel, the desk's own mailbox is told in the agent's place, and by SMS whoever takes
    text messages in the ticket's department, or else anywhere. Management is the desk's mailbox for
    it, or else the managers of the directory.
    """
    case = change.ticket.case
    if route.urgencies is not None and (case is None or case.urgency not in route.urgencies):
        return
    if route.audience is Audience.CUSTOMER:
        yield from _customer(change, event, addressees)
    elif route.audience is Audience.SYSTEMS:
        for name in addressees.systems:
            yield Recipient(at=name, language=addressees.language)
    elif route.audience is Audience.MANAGEMENT:
        yield from _management(directory, addressees)
    else:
        yield from _staff(route, change.ticket, event, directory, addressees)


def is_verified(ticket: Ticket) -> bool:
    """True when the submitter's name and address are a signed-in profile's.

    At the support door they are what was typed, whoever is signed in.
    """
    return ticket.submitted_by is not None and ticket.case is None


def _customer(change: Change, event: Event, addressees: Addressees) -> Iterator[Recipient]:
    ticket = change.ticket
    if not _is_among_staff(change, event) and may_be_mailed(ticket.submitter_email, addressees):
        name = ticket.submitter_name if is_verified(ticket) else ""
        yield Recipient(at=ticket.submitter_email, name=name, language=addressees.language)


def _is_among_staff(change: Change, event: Event) -> bool:
    """True for what no customer is told of; an update that is internal is so with all it moved."""
    is_noted = change.message is not None and change.message.is_internal
    return event.kind in AMONG_STAFF or (is_noted and event.kind not in TOLD_BESIDE_A_NOTE)


def _management(directory: Directory, addressees: Addressees) -> Iterator[Recipient]:
    if addressees.management_mail is not None:
        yield from _mailbox(addressees.management_mail, addressees)
        return
    for agent in directory.agents.values():
        if agent.role is Role.MANAGEMENT:
            yield from _at(agent, Channel.MAIL, addressees)


def _staff(
    route: Route, ticket: Ticket, event: Event, directory: Directory, addressees: Addressees
) -> Iterator[Recipient]:
    agent = _agent(route.audience, ticket, event, directory)
    if route.audience is not Audience.STAFF:
        yield from _at(agent, route.channel, addressees)
        return
    did_it = agent is not None and agent.id == event.actor_id
    reached = () if did_it else tuple(_at(agent, route.channel, addressees))
    yield from reached or _in_their_place(route.channel, ticket, event, directory, addressees)


def _agent(audience: Audience, ticket: Ticket, event: Event, directory: Directory) -> Agent | None:
    previous = event.details.get("previousAgentId")
    wanted = previous if audience is Audience.PREVIOUS_ASSIGNEE else ticket.assigned_to
    return None if wanted is None else directory.agents.get(UUID(str(wanted)))


def _in_their_place(
    channel: Channel, ticket: Ticket, event: Event, directory: Directory, addressees: Addressees
) -> Iterator[Recipient]:
    if channel is Channel.MAIL:
        yield from _mailbox(addressees.staff_mail, addressees)
        return
    others = [agent for agent in directory.agents.values() if agent.id != event.actor_id]
    near = [agent for agent in others if ticket.department_id in agent.department_ids]
    called = [it for agent in near for it in _at(agent, channel, addressees)]
    yield from called or (it for agent in others for it in _at(agent, channel, addressees))


def _mailbox(address: str | None, addressees: Addressees) -> Iterator[Recipient]:
    if address is not None:
        yield Recipient(at=address, language=addressees.language)


def _at(agent: Agent | None, channel: Channel, addressees: Addressees) -> Iterator[Recipient]:
    """Where the agent is reached by the channel, if at all."""
    if agent is None or not agent.is_active:
        return
    at = agent.phone if channel is Channel.SMS else agent.email
    if at is not None and (agent.wants_sms if channel is Channel.SMS else agent.wants_mail):
        language = agent.language or addressees.language
        yield Recipient(at=at, name=agent.name, language=language)
