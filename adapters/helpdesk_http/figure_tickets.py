"""The tickets behind a row of the monthly report, as records, and the cursor between two pages."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Self
from uuid import UUID

import attrs

from helpdesk_core.directory import Directory
from helpdesk_core.errors import Invalid
from helpdesk_core.fields import is_blank
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.behind_figures import Behind, TicketsBehind
from helpdesk_http.cursors import NO_CURSOR
from helpdesk_http.figure_bodies import shown
from helpdesk_http.staff_bodies import PersonBody
from helpdesk_http.staff_lists import shortened

_BYTES: Final = 32
_LENGTH: Final = 43
"""Characters of a cursor."""


@attrs.frozen(kw_only=True)
class CountedTicketBody:
    """A ticket behind a row, and what it counts for.

    `isLeftOut` says that it was dated on a day off, `isPending` that it is not decided yet; only
    when neither is true may it have a `score`, in percent. `passed` says that nothing was against
    it. `description` is shortened to 200 characters.
    """

    id: UUID
    kpi_type_id: UUID
    status: Status | None
    ticket_date: datetime
    submitted_by: str
    description: str
    assigned_to: PersonBody | None
    is_left_out: bool
    is_pending: bool
    score: float | None
    passed: bool

    @classmethod
    def of(cls, ticket: Ticket, contribution: Contribution, directory: Directory) -> Self:
        """The ticket, as it counts."""
        tally = contribution.tally
        return cls(
            id=ticket.id,
            kpi_type_id=contribution.kpi_type_id,
            status=ticket.status,
            ticket_date=ticket.ticket_date,
            submitted_by=ticket.submitter_name,
            description=shortened(ticket.description),
            assigned_to=PersonBody.of_agent(ticket.assigned_to, directory),
            is_left_out=bool(tally.left_out),
            is_pending=bool(tally.pending),
            score=shown(tally.score),
            passed=bool(tally.passed),
        )


@attrs.frozen(kw_only=True)
class TicketsBehindBody:
    """One page of the tickets behind a row, the latest first; `nextCursor` leads to the next."""

    success: bool = True
    month: str
    department_id: UUID
    kpi_type_id: UUID
    tickets: Sequence[CountedTicketBody]
    next_cursor: str | None

    @classmethod
    def of(cls, found: TicketsBehind) -> Self:
        """The page."""
        return cls(
            month=str(found.month),
            department_id=found.department.id,
            kpi_type_id=found.kpi_type.id,
            tickets=[CountedTicketBody.of(*pair, found.directory) for pair in found.tickets],
            next_cursor=behind_text(found.next) if found.next else None,
        )


def behind_text(place: Behind) -> str:
    """The place as a cursor: ASCII that needs no escaping in a URL."""
    plain = place.kpi_type_id.bytes + place.ticket_id.bytes
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode("ascii")


def read_behind(value: object) -> Behind | None:
    """The place of a cursor, None where nothing was sent. Raises Invalid for anything else."""
    if is_blank(value):
        return None
    place = _read(value) if isinstance(value, str) and len(value) == _LENGTH else None
    if place is None or behind_text(place) != value:
        raise Invalid(NO_CURSOR, cursor="not a cursor")
    return place


def _read(text: str) -> Behind | None:
    try:
        plain = base64.urlsafe_b64decode(text.encode("ascii") + b"=")
    except ValueError:
        return None
    return Behind(UUID(bytes=plain[:16]), UUID(bytes=plain[16:])) if len(plain) == _BYTES else None
