"""The tickets behind a row of the monthly report."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Department, Directory, KpiType, in_order
from helpdesk_core.errors import Forbidden, Invalid
from helpdesk_core.fields import all_of, whole_number
from helpdesk_core.kpi.cells import Cell
from helpdesk_core.kpi.contributions import Contribution
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.units import tells_of_outages
from helpdesk_core.people import Caller, Role, User
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import CountedTicket, Ports, UnitOfWork
from helpdesk_core.queue import LARGEST_PAGE
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.counting import recounted
from helpdesk_core.use_cases.figures import Named, wanted, wanted_month
from helpdesk_core.use_cases.listing import PAGE

NOT_YOURS: Final = "You may read the figures of your own departments only"
"""What an agent is told who asks for another's."""


@attrs.frozen(kw_only=True)
class RawRow:
    """Which row of the report somebody asks about, as it came."""

    month: object = None
    department: object = None
    kpi_type: object = None
    limit: object = None


@attrs.frozen
class Behind:
    """Where a page ended: behind a ticket of a KPI type."""

    kpi_type_id: UUID
    ticket_id: UUID


@attrs.frozen(kw_only=True)
class TicketsBehind:
    """Some tickets behind a row, the latest id first, each with what it counts for now.

    `next` is where the page ended when others may follow.
    """

    month: Month
    department: Department
    kpi_type: KpiType
    tickets: tuple[tuple[Ticket, Contribution], ...]
    directory: Directory
    next: Behind | None


def tickets_behind(
    ports: Ports, raw: RawRow, caller: Caller, *, after: Behind | None = None
) -> TicketsBehind:
    """One page of the tickets that are counted in a row.

    Behind a calculated row are the tickets of the units that it is calculated from, unit by unit.
    An agent may ask about their own departments. Raises NotSignedIn, Forbidden, and Invalid with
    every fault in its details.
    """
    viewer = allow(caller, Act.READ_FIGURES)
    with ports.begin() as uow:
        directory, now = uow.directory(), ports.now()
        asked = all_of(
            month=lambda: wanted_month(raw.month, now),
            department=lambda: _required(
                raw.department, directory.department_named, field="department", label="Department"
            ),
            kpi_type=lambda: _required(
                raw.kpi_type, directory.kpi_type_named, field="kpiType", label="KPI type"
            ),
            limit=lambda: whole_number(
                raw.limit, field="limit", label="Limit", default=PAGE, most=LARGEST_PAGE
            ),
        )
        month, department, kpi_type = asked["month"], asked["department"], asked["kpi_type"]
        _check_sight(viewer, department, directory)
        units = _units(kpi_type, department, directory)
        most = asked["limit"]
        found = tuple(_found(uow, month, department, units, after, most + 1))
        shown = tuple(_now(ports, uow, directory, now, *pair) for pair in found[:most])
    return TicketsBehind(
        month=month,
        department=department,
        kpi_type=kpi_type,
        tickets=shown,
        directory=directory,
        next=_place(found[most - 1]) if len(found) > most else None,
    )


def _required(
    value: object, find: Callable[[str], Named | None], *, field: str, label: str
) -> Named:
    found = wanted(value, find, field=field, label=label)
    if found is None:
        raise Invalid(f"{label} is required", **{field: "missing"})
    return found


def _check_sight(viewer: User, department: Department, directory: Directory) -> None:
    agent = directory.agents.get(viewer.id)
    is_theirs = agent is not None and agent.works_in(department.id)
    if viewer.role is Role.AGENT and not is_theirs:
        raise Forbidden(NOT_YOURS)


def _units(kpi_type: KpiType, department: Department, directory: Directory) -> tuple[KpiType, ...]:
    """The KPI types whose tickets are behind a row."""
    if not kpi_type.is_calculated:
        return (kpi_type,)
    all_types = in_order(directory.kpi_types.values())
    return tuple(it for it in all_types if tells_of_outages(it, department, directory))


def _found(  # noqa: PLR0913, PLR0917  # a row, and a part of it
    uow: UnitOfWork,
    month: Month,
    department: Department,
    units: tuple[KpiType, ...],
    after: Behind | None,
    most: int,
) -> Iterator[tuple[Ticket, Contribution]]:
    ids = [unit.id for unit in units]
    first = ids.index(after.kpi_type_id) if after and after.kpi_type_id in ids else 0
    for kpi_type_id in ids[first:]:
        before = after.ticket_id if after and after.kpi_type_id == kpi_type_id else None
        cell = Cell(month, department.id, kpi_type_id)
        found = uow.tickets_behind(cell, before=before, limit=most)
        yield from found
        most -= len(found)
        if not most:
            return


def _now(  # noqa: PLR0913, PLR0917  # all that time may have changed it by
    ports: Ports,
    uow: UnitOfWork,
    directory: Directory,
    now: datetime,
    ticket: Ticket,
    contribution: Contribution,
) -> tuple[Ticket, Contribution]:
    """What the ticket counts for now, where time alone may have changed it since."""
    if ticket.next_due_at is None or ticket.next_due_at >= now:
        return ticket, contribution
    held = CountedTicket(ticket=ticket, history=uow.history(ticket.id), counted=None)
    found = recounted(ports, uow, directory, held, now).contribution
    return ticket, found or contribution


def _place(last: tuple[Ticket, Contribution]) -> Behind:
    ticket, contribution = last
    return Behind(contribution.kpi_type_id, ticket.id)
