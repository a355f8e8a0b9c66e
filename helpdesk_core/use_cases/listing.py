"""The queue of the staff: every ticket, by filters and orders of a closed list."""

from typing import Final

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.directory import Directory
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import all_of, choice, is_blank, whole_number
from helpdesk_core.messages import Message
from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports
from helpdesk_core.queue import (
    COUNTED,
    DEEPEST,
    LARGEST_PAGE,
    Assignee,
    Door,
    Order,
    Place,
    SortKey,
    SortOrder,
    Wanted,
    place_in,
)
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.text import read_uuid
from helpdesk_core.tickets import Event, Status, Ticket
from helpdesk_core.use_cases.finding import Target, found_target

PAGE: Final = 20
"""Tickets on a page unless it is said."""
NOBODY: Final = "none"
"""Asks for the tickets that nobody has."""


@attrs.frozen(kw_only=True)
class RawQuery:
    """What somebody wants to see of the queue, as it came: texts, None where nothing was sent."""

    status: object = None
    urgency: object = None
    customer_type: object = None
    assigned_to: object = None
    page: object = None
    limit: object = None
    sort_by: object = None
    sort_order: object = None


@attrs.frozen(kw_only=True)
class Query:
    """What is to be seen of the queue. With `after` the page is the one behind that place."""

    wanted: Wanted
    order: Order
    page: int
    limit: int
    after: Place | None = None


@attrs.frozen(kw_only=True)
class Page:
    """One page of the queue.

    `total` counts what is wanted, or is `COUNTED` with `is_capped` when there is more. `next` is
    the place of the last ticket when others may follow.
    """

    query: Query
    tickets: tuple[Ticket, ...]
    directory: Directory
    total: int
    is_capped: bool
    next: Place | None


@attrs.frozen(kw_only=True)
class TicketFile:
    """Everything about one ticket, for staff: notes too, each list oldest first."""

    ticket: Ticket
    directory: Directory
    messages: tuple[Message, ...]
    history: tuple[Event, ...]
    attachments: tuple[Attachment, ...]


def read_query(raw: RawQuery, *, door: Door | None = None) -> Query:
    """Judge what is wanted. Raises Invalid with every fault in its details."""
    read = all_of(
        status=lambda: choice(raw.status, Status, field="status", label="Status"),
        urgency=lambda: choice(raw.urgency, Urgency, field="urgency", label="Urgency"),
        customer_type=lambda: choice(
            raw.customer_type, CustomerType, field="customerType", label="Customer type"
        ),
        assignee=lambda: _assignee(raw.assigned_to),
        page=lambda: whole_number(raw.page, field="page", label="Page", default=1, most=None),
        limit=lambda: whole_number(
            raw.limit, field="limit", label="Limit", default=PAGE, most=LARGEST_PAGE
        ),
        key=lambda: choice(raw.sort_by, SortKey, field="sortBy", label="Sort key"),
        direction=lambda: choice(raw.sort_order, SortOrder, field="sortOrder", label="Sort order"),
    )
    order = Order(
        read.pop("key") or SortKey.CREATED_AT, read.pop("direction") or SortOrder.DESCENDING
    )
    page, limit = read.pop("page"), read.pop("limit")
    return Query(wanted=Wanted(door=door, **read), order=order, page=page, limit=limit)


def list_tickets(ports: Ports, query: Query, caller: Caller) -> Page:
    """One page of the queue.

    Raises NotSignedIn, Forbidden, and Invalid for a page that only a cursor reaches.
    """
    _ = allow(caller, Act.READ_TICKETS)
    skip = 0 if query.after else (query.page - 1) * query.limit
    if skip > DEEPEST:
        raise Invalid(f"Use the cursor beyond {DEEPEST} entries", page="too deep")
    with ports.begin() as uow:
        directory = uow.directory()
        found = uow.tickets_in_order(
            query.wanted, query.order, after=query.after, skip=skip, limit=query.limit + 1
        )
        counted = _seen_whole(query, skip, found)
        if counted is None:
            counted = uow.count_tickets(query.wanted, at_most=COUNTED + 1)
    tickets = found[: query.limit]
    return Page(
        query=query,
        tickets=tickets,
        directory=directory,
        total=min(counted, COUNTED),
        is_capped=counted > COUNTED,
        next=place_in(query.order.key, tickets[-1]) if len(found) > query.limit else None,
    )


def _seen_whole(query: Query, skip: int, found: tuple[Ticket, ...]) -> int | None:
    """How many are wanted, where the page itself tells: it is the last, and counted from the first.

    A page behind all of them tells nothing.
    """
    is_last = len(found) <= query.limit and (bool(found) or skip == 0)
    return skip + len(found) if is_last and query.after is None else None


def read_ticket(ports: Ports, target: Target, caller: Caller) -> TicketFile:
    """Everything about one ticket. Raises NotSignedIn, Forbidden, NotFound."""
    _ = allow(caller, Act.READ_TICKETS)
    with ports.begin() as uow:
        ticket = found_target(uow, target)
        return TicketFile(
            ticket=ticket,
            directory=uow.directory(),
            messages=uow.messages(ticket.id),
            history=uow.history(ticket.id),
            attachments=uow.attachments(ticket.id),
        )


def _assignee(value: object) -> Assignee | None:
    if is_blank(value):
        return None
    if value == NOBODY:
        return Assignee(None)
    agent_id = read_uuid(value)
    if agent_id is None:
        raise Invalid(f"Assigned to must be a staff id or {NOBODY}", assignedTo="not an id")
    return Assignee(agent_id)
