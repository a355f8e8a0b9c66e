"""Who is told of what, by which channel: the contracts' table, as data.

A table has a row for each kind of event at each door. What the desk's own directory says of a row
takes the place of what the contract says.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Final, TypeAlias

import attrs

from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.support import Urgency


class Channel(Enum):
    """A way of reaching somebody."""

    MAIL = "mail"
    SMS = "sms"
    WEBHOOK = "webhook"


class Audience(Enum):
    """Who, in relation to the ticket, is told.

    Staff are whoever works on it: its agent, or the desk's own mailbox where nobody has it.
    """

    CUSTOMER = "customer"
    ASSIGNEE = "assignee"
    PREVIOUS_ASSIGNEE = "previous assignee"
    STAFF = "staff"
    MANAGEMENT = "management"
    SYSTEMS = "systems"


@attrs.frozen
class Route:
    """One audience by one channel; with `urgencies` only for cases that are so urgent."""

    audience: Audience
    channel: Channel
    urgencies: frozenset[Urgency] | None = None


Routes: TypeAlias = Mapping[EventKind, tuple[Route, ...]]
"""One door's table; what is not in it is told to nobody."""

Routing: TypeAlias = Mapping[Door, Routes]
"""The whole table."""


@attrs.frozen(kw_only=True, order=True)
class NoticeRule:
    """What a desk decides about one cell of the table.

    `is_sent` False takes it out; True puts it in, for cases of `urgencies` alone when there are
    any. Raises ValueError for what may never be: an internal note told to a customer, and an
    audience by a channel that does not reach it.
    """

    door: Door
    event: EventKind
    audience: Audience
    channel: Channel
    is_sent: bool
    urgencies: frozenset[Urgency] = frozenset()

    def __attrs_post_init__(self) -> None:
        if self.is_sent and self.audience is Audience.CUSTOMER and self.event in AMONG_STAFF:
            raise ValueError("what is said among staff is never told to a customer")
        if self.is_sent and self.channel not in REACHED_BY[self.audience]:
            raise ValueError(f"{self.audience.value} cannot be reached by {self.channel.value}")


AMONG_STAFF: Final = frozenset(
    {
        EventKind.NOTED,
        EventKind.ATTACHED,
        EventKind.ROUTED,
        EventKind.LOGGED,
        EventKind.CORRECTED,
        EventKind.WITHDRAWN,
        EventKind.WARNED,
        EventKind.BREACHED,
        EventKind.REPINNED,
        EventKind.ERASED,
    }
)
"""Events that no customer is ever told of."""

REACHED_BY: Final[Mapping[Audience, frozenset[Channel]]] = {
    Audience.CUSTOMER: frozenset({Channel.MAIL}),
    Audience.ASSIGNEE: frozenset({Channel.MAIL, Channel.SMS}),
    Audience.PREVIOUS_ASSIGNEE: frozenset({Channel.MAIL, Channel.SMS}),
    Audience.STAFF: frozenset({Channel.MAIL, Channel.SMS}),
    Audience.MANAGEMENT: frozenset({Channel.MAIL}),
    Audience.SYSTEMS: frozenset({Channel.WEBHOOK}),
}
"""The channels that reach each audience. Only staff of the directory are ever sent an SMS."""

_CUSTOMER: Final = Route(Audience.CUSTOMER, Channel.MAIL)
_STAFF: Final = Route(Audience.STAFF, Channel.MAIL)
_ASSIGNEE: Final = Route(Audience.ASSIGNEE, Channel.MAIL)
_PREVIOUS: Final = Route(Audience.PREVIOUS_ASSIGNEE, Channel.MAIL)
_MANAGEMENT: Final = Route(Audience.MANAGEMENT, Channel.MAIL)
_SMS: Final = Route(Audience.STAFF, Channel.SMS)
_URGENT_SMS: Final = Route(Audience.STAFF, Channel.SMS, frozenset({Urgency.HIGH, Urgency.CRITICAL}))
_SYSTEMS: Final = Route(Audience.SYSTEMS, Channel.WEBHOOK)

_UPDATED: Final = (_CUSTOMER, _STAFF, _SYSTEMS)
_PROMISES: Final[Routes] = {
    EventKind.WARNED: (_STAFF, _SYSTEMS),
    EventKind.BREACHED: (_STAFF, _MANAGEMENT, _SYSTEMS),
}

_SUPPORT: Final[Routes] = {
    **_PROMISES,
    EventKind.SUBMITTED: (_CUSTOMER, _STAFF, _URGENT_SMS, _SYSTEMS),
    EventKind.AGENT_REPLIED: _UPDATED,
    EventKind.CUSTOMER_REPLIED: (_STAFF, _SYSTEMS),
    EventKind.NOTED: (_STAFF, _SYSTEMS),
    EventKind.STARTED: _UPDATED,
    EventKind.WAITED: _UPDATED,
    EventKind.RESUMED: _UPDATED,
    EventKind.RESOLVED: _UPDATED,
    EventKind.CLOSED: _UPDATED,
    EventKind.REJECTED: _UPDATED,
    EventKind.REOPENED: _UPDATED,
    EventKind.ESCALATED: (_CUSTOMER, _STAFF, _MANAGEMENT, _SMS, _SYSTEMS),
    EventKind.ASSIGNED: (_ASSIGNEE, _SYSTEMS),
    EventKind.REASSIGNED: (_CUSTOMER, _ASSIGNEE, _PREVIOUS, _SYSTEMS),
    EventKind.CANCELLED: (_CUSTOMER, _STAFF, _SYSTEMS),
}

_INTAKE: Final[Routes] = {
    **_PROMISES,
    EventKind.SUBMITTED: (_SYSTEMS,),
    EventKind.ASSIGNED: (_ASSIGNEE, _SYSTEMS),
    EventKind.REASSIGNED: (_ASSIGNEE, _PREVIOUS, _SYSTEMS),
    EventKind.CUSTOMER_REPLIED: (_STAFF, _SYSTEMS),
    EventKind.AGENT_REPLIED: (_CUSTOMER, _SYSTEMS),
    EventKind.RESOLVED: (_CUSTOMER, _SYSTEMS),
    EventKind.CLOSED: (_CUSTOMER, _SYSTEMS),
    EventKind.REJECTED: (_CUSTOMER, _SYSTEMS),
    EventKind.CANCELLED: (_SYSTEMS,),
    EventKind.REOPENED: (_SYSTEMS,),
}

CONTRACT_ROUTING: Final[Routing] = {Door.INTAKE: _INTAKE, Door.SUPPORT: _SUPPORT}
"""Contract B's table, contract A's mails, and what becomes of promises."""

NOBODY_IS_TOLD: Final[Routing] = {Door.INTAKE: {}, Door.SUPPORT: {}}
"""For history that is brought in, and for trying things out."""


def routing_with(rules: Collection[NoticeRule], base: Routing = CONTRACT_ROUTING) -> Routing:
    """The table with what a desk decided about it; of two rules for a cell the last stands."""
    if not rules:  # each change of a ticket asks, and few desks decide anything
        return base
    table = {door: dict(routes) for door, routes in base.items()}
    for rule in rules:
        routes = table[rule.door]
        others = tuple(
            route
            for route in routes.get(rule.event, ())
            if (route.audience, route.channel) != (rule.audience, rule.channel)
        )
        own = (Route(rule.audience, rule.channel, rule.urgencies or None),) if rule.is_sent else ()
        routes[rule.event] = others + own
    return table
