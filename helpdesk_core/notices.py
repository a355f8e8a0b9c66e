"""Who is told what: one pure function from a change to the notices it calls for.

The routing is data: for each kind of event, the audiences and the channel that reaches them. Words
and layout belong to the adapter that delivers.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Directory
from helpdesk_core.places import place_of
from helpdesk_core.tickets import Change, Event, EventKind, Ticket


class Channel(Enum):
    """A way of reaching somebody."""

    MAIL = "mail"


class Audience(Enum):
    """Who, in relation to the ticket, is told."""

    ASSIGNEE = "assignee"


@attrs.frozen
class Route:
    """One audience by one channel."""

    audience: Audience
    channel: Channel


Routes: TypeAlias = Mapping[EventKind, tuple[Route, ...]]

CONTRACT_ROUTES: Final[Routes] = {
    EventKind.ASSIGNED: (Route(Audience.ASSIGNEE, Channel.MAIL),),
    EventKind.REASSIGNED: (Route(Audience.ASSIGNEE, Channel.MAIL),),
    EventKind.CUSTOMER_REPLIED: (Route(Audience.ASSIGNEE, Channel.MAIL),),
}
"""Contract A: the assigned agent is mailed, and told of what the customer writes."""

NOBODY_IS_TOLD: Final[Routes] = {}
"""For history that is brought in, and for trying things out."""


@attrs.frozen(kw_only=True)
class Notice:
    """One message to one recipient, to be delivered at least once; `id` is the same on each try.

    `facts` is what the words are made of: plain text, one line a fact but for `text`.
    """

    id: UUID
    ticket_id: UUID
    kind: EventKind
    channel: Channel
    recipient: str
    facts: Mapping[str, str]
    created_at: datetime


KEPT_TRYING: Final = timedelta(hours=48)
"""A notice that could not be delivered for so long is given up."""

RETRY_AFTER: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=1),
)
"""The wait after the first, second… failed attempt; the last one serves for all that follow."""


def notices_of(
    change: Change, directory: Directory, routes: Routes, new_id: Callable[[], UUID]
) -> tuple[Notice, ...]:
    """The notices that a change calls for, in the order of its events."""
    return tuple(
        Notice(
            id=new_id(),
            ticket_id=change.ticket.id,
            kind=event.kind,
            channel=route.channel,
            recipient=agent.email,
            facts=_facts(change, event, agent, directory),
            created_at=event.at,
        )
        for event, route in _called_for(change, routes)
        for agent in _reached(route.audience, change.ticket, directory)
    )


def retry_after(failed_attempts: int) -> timedelta:
    """How long to wait after so many failed attempts (1 or more)."""
    return RETRY_AFTER[min(failed_attempts, len(RETRY_AFTER)) - 1]


def _called_for(change: Change, routes: Routes) -> tuple[tuple[Event, Route], ...]:
    return tuple((event, route) for event in change.events for route in routes.get(event.kind, ()))


def _assignee(ticket: Ticket, directory: Directory) -> tuple[Agent, ...]:
    agent = directory.agents.get(ticket.assigned_to) if ticket.assigned_to else None
    return (agent,) if agent else ()


_MEMBERS: Final[Mapping[Audience, Callable[[Ticket, Directory], tuple[Agent, ...]]]] = {
    Audience.ASSIGNEE: _assignee,
}


def _reached(audience: Audience, ticket: Ticket, directory: Directory) -> tuple[Agent, ...]:
    """Those of the audience who want mail; whoever is no longer active is told nothing."""
    members = _MEMBERS[audience](ticket, directory)
    return tuple(agent for agent in members if agent.is_active and agent.wants_mail)


def _facts(change: Change, event: Event, agent: Agent, directory: Directory) -> Mapping[str, str]:
    ticket = change.ticket
    place = place_of(ticket, directory)
    return {
        "ticketId": str(ticket.id),
        "recipientName": agent.name,
        "department": place.department or "",
        "kpiType": place.kpi_type or "",
        "submittedBy": ticket.submitter_name,
        "submittedByEmail": ticket.submitter_email,
        "submitterIs": "signed in" if ticket.submitted_by else "not verified",
        "text": _text(change, event),
    }


def _text(change: Change, event: Event) -> str:
    """What was said, if anything was, else what was asked for.

    A note among staff is quoted where the event is that note: along with an assignment it is not
    taken for the submitter's word.
    """
    message = change.message
    is_quoted = message and (not message.is_internal or event.kind is EventKind.NOTED)
    return message.body if message and is_quoted else change.ticket.description
