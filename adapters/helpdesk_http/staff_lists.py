"""One page of the queue: what is asked for, read from the URL, and the rows that are answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Self
from uuid import UUID

import attrs
import falcon

from helpdesk_core.directory import Directory
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import SEVERAL_FAULTS, all_of, choice
from helpdesk_core.places import place_of
from helpdesk_core.queue import Door, door_of
from helpdesk_core.support import IssueType, Urgency
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.listing import Page, Query, RawQuery, read_query
from helpdesk_http.cursors import LAST_PAGE, OTHER_ORDER, Cursor, cursor_text, read_cursor
from helpdesk_http.staff_bodies import PersonBody
from helpdesk_http.support_bodies import case_of
from helpdesk_http.wire import read_raw

LONGEST_SHOWN: Final = 200
"""Characters of a description in a row; of a longer one 199 and an ellipsis."""


def asked_of(req: falcon.Request, *, door: Door | None = None) -> Query:
    """What the URL asks for; of every door it says which one, unless `door` does.

    With a cursor the page is the one behind it, whatever `page` says. Raises Invalid with every
    fault in its details; a name that comes twice is a fault of it.
    """
    sent = req.params
    read = all_of(
        door=lambda: door or choice(sent.get("door"), Door, field="door", label="Door"),
        query=lambda: read_query(read_raw(sent, RawQuery)),
        cursor=lambda: read_cursor(sent.get("cursor")),
    )
    query: Query = read["query"]
    through = attrs.evolve(query, wanted=attrs.evolve(query.wanted, door=read["door"]))
    return _behind(read["cursor"], through)


def _behind(cursor: Cursor | None, query: Query) -> Query:
    if cursor is None:
        return query
    if cursor.order != query.order:
        raise Invalid(SEVERAL_FAULTS, cursor=OTHER_ORDER)
    return attrs.evolve(query, after=cursor.place, page=cursor.page)


@attrs.frozen(kw_only=True)
class PaginationBody:
    """Where a page is among how many.

    `total` is exact up to 10,000; beyond it stays there and `totalIsCapped` is true. `nextCursor`
    leads to the page that follows, null when there is none.
    """

    page: int
    limit: int
    total: int
    pages: int
    total_is_capped: bool
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page) -> Self:
        """The counts of the page, and its cursor."""
        query = page.query
        return cls(
            page=query.page,
            limit=query.limit,
            total=page.total,
            pages=-(-page.total // query.limit),
            total_is_capped=page.is_capped,
            next_cursor=_next_cursor(page),
        )


@attrs.frozen(kw_only=True)
class CaseRowBody:
    """A case in a list."""

    case_number: str
    customer_name: str
    customer_email: str
    status: Status | None
    urgency: Urgency
    issue_type: IssueType
    assigned_to: PersonBody | None
    created_at: datetime
    last_activity: datetime

    @classmethod
    def of(cls, ticket: Ticket, directory: Directory) -> Self:
        """The case as the list shows it."""
        case = case_of(ticket)
        return cls(
            case_number=case.number,
            customer_name=ticket.submitter_name,
            customer_email=ticket.submitter_email,
            status=ticket.status,
            urgency=case.urgency,
            issue_type=case.issue_type,
            assigned_to=PersonBody.of_agent(ticket.assigned_to, directory),
            created_at=ticket.submitted_at,
            last_activity=ticket.last_activity_at,
        )


@attrs.frozen(kw_only=True)
class CasePageBody:
    """One page of the cases."""

    success: bool = True
    cases: Sequence[CaseRowBody]
    pagination: PaginationBody

    @classmethod
    def of(cls, page: Page) -> Self:
        """The page, in the order that was asked for."""
        return cls(
            cases=[CaseRowBody.of(ticket, page.directory) for ticket in page.tickets],
            pagination=PaginationBody.of(page),
        )


@attrs.frozen(kw_only=True)
class TicketRowBody:
    """A ticket in a list, whichever door it came by; null for what tickets of its door lack.

    `description` is shortened to 200 characters.
    """

    id: UUID
    case_number: str | None
    door: Door
    status: Status | None
    submitted_by: str
    submitted_by_email: str
    subject: str | None
    description: str
    department: str | None
    kpi_type: str | None
    urgency: Urgency | None
    priority_score: int | None
    assigned_to: PersonBody | None
    created_at: datetime
    last_activity: datetime

    @classmethod
    def of(cls, ticket: Ticket, directory: Directory) -> Self:
        """The ticket as the list shows it."""
        case, place = ticket.case, place_of(ticket, directory)
        return cls(
            id=ticket.id,
            case_number=case.number if case else None,
            door=door_of(ticket),
            status=ticket.status,
            submitted_by=ticket.submitter_name,
            submitted_by_email=ticket.submitter_email,
            subject=case.subject if case else None,
            description=shortened(ticket.description),
            department=place.department,
            kpi_type=place.kpi_type,
            urgency=case.urgency if case else None,
            priority_score=case.priority_score if case else None,
            assigned_to=PersonBody.of_agent(ticket.assigned_to, directory),
            created_at=ticket.submitted_at,
            last_activity=ticket.last_activity_at,
        )


@attrs.frozen(kw_only=True)
class TicketPageBody:
    """One page of all tickets."""

    success: bool = True
    tickets: Sequence[TicketRowBody]
    pagination: PaginationBody

    @classmethod
    def of(cls, page: Page) -> Self:
        """The page, in the order that was asked for."""
        return cls(
            tickets=[TicketRowBody.of(ticket, page.directory) for ticket in page.tickets],
            pagination=PaginationBody.of(page),
        )


def _next_cursor(page: Page) -> str | None:
    if page.next is None:
        return None
    number = min(page.query.page + 1, LAST_PAGE)
    return cursor_text(Cursor(order=page.query.order, place=page.next, page=number))


def shortened(text: str) -> str:
    """The text, when it is short enough for a row; else its beginning and an ellipsis."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
