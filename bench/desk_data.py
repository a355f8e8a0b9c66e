"""What the desk under test holds: a directory of middling size, and as many tickets as wanted.

Everything is made from numbers, so that a client knows the ids without asking.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from helpdesk_core.ids import uuid7
from helpdesk_core.text import fold
from helpdesk_core.tickets import EventKind, Status
from helpdesk_sql.drawers import Cell
from helpdesk_sql.tables import ticket_events, tickets

DEPARTMENTS: Final = 10
AGENTS: Final = 50
KPI_TYPES: Final = 20
PER_SUBMITTER: Final = 10
"""Tickets of each submitter, one a day."""
BATCH: Final = 10_000
STAFF_SECRET: Final = "hd_" + "bench" * 8
"""The token by which lists are asked for."""
_LATEST: Final = datetime(2026, 10, 1, tzinfo=UTC)
_APART: Final = timedelta(seconds=20)
_LARGEST: Final = 2_000_000
_CELL: Final = Cell(Status.IN_PROGRESS, None, None, is_held=True)
_IN_PROGRESS: Final = {"hall": _CELL.hall, "bay": _CELL.bay, "lane": _CELL.lane}


def department_id(number: int) -> UUID:
    """The id of a department."""
    return UUID(int=1 << 64 | number % DEPARTMENTS)


def agent_id(number: int) -> UUID:
    """The id of an agent, who works in the department of the same number."""
    return UUID(int=2 << 64 | number % AGENTS)


def kpi_type_id(number: int) -> UUID:
    """The id of a KPI type; each is open to every department."""
    return UUID(int=3 << 64 | number % KPI_TYPES)


def ticket_id(number: int) -> UUID:
    """The id of a ticket that was filled in."""
    return uuid7(submitted_at(number), number * 0x9E37_79B9_7F4A_7C15_F39C & (1 << 74) - 1)


def submitted_at(number: int) -> datetime:
    """When it was submitted; a later number later."""
    return _LATEST - _APART * (_LARGEST - number)


def submitter(number: int) -> tuple[str, str]:
    """Whose it is: name and address."""
    person = number // PER_SUBMITTER
    return f"Person {person}", f"person{person}@example.com"


def directory_document() -> dict[str, object]:
    """The directory, as a file would have it."""
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")
    return {
        "countries": [{"key": "id", "name": "Indonesia", "abbreviation": "ID"}],
        "calendars": [
            {
                "key": "office",
                "name": "Office",
                "zone": "Asia/Jakarta",
                "windows": {day: ["08:00-12:00", "13:00-17:00"] for day in week},
            }
        ],
        "departments": [
            {
                "id": str(department_id(n)),
                "key": f"d{n}",
                "name": f"Department {n}",
                "abbreviation": f"D{n}",
                "country": "id",
                "calendar": "office",
            }
            for n in range(DEPARTMENTS)
        ],
        "agents": [
            {
                "id": str(agent_id(n)),
                "email": f"agent{n}@example.com",
                "name": f"Agent {n}",
                "departments": [f"d{n % DEPARTMENTS}"],
            }
            for n in range(AGENTS)
        ],
        "kpiGroups": [{"key": "service", "name": "Service"}],
        "kpiTypes": [
            {
                "id": str(kpi_type_id(n)),
                "key": f"k{n}",
                "name": f"Kind {n}",
                "group": "service",
                "rule": "rr",
                "departments": [f"d{it}" for it in range(DEPARTMENTS)],
                "parameters": {"responseSlaMin": 15, "resolutionSlaMin": 240},
            }
            for n in range(KPI_TYPES)
        ],
    }


def submission(number: int) -> dict[str, object]:
    """What a client posts; the assignee makes it a ticket, two events and a notice."""
    name, address = submitter(number)
    return {
        "deptId": str(department_id(number)),
        "kpiTypeId": str(kpi_type_id(number)),
        "userId": str(agent_id(number)),
        "ticketDate": "2026-05-22T05:05:00.000Z",
        "description": "The printer on the second floor hums. " * 5,
        "createdByName": name,
        "createdByEmail": address,
    }


def a_case(number: int) -> dict[str, object]:
    """What a client posts at the other door."""
    name, address = submitter(number)
    return {
        "name": name,
        "email": address,
        "subject": "The printer hums",
        "message": "The printer on the second floor hums. " * 5,
    }


def fill(engine: sa.Engine, upto: int) -> None:
    """Bring the number of tickets up to this, straight into the tables, with their events."""
    with engine.connect() as connection:
        held = connection.scalar(sa.select(sa.func.count()).select_from(tickets)) or 0
        for start in range(held, upto, BATCH):
            numbers = range(start, min(start + BATCH, upto))
            connection.exec_driver_sql("BEGIN")  # the engine is in autocommit
            _ = connection.execute(sa.insert(tickets), [_ticket(n) for n in numbers])
            events = [event for n in numbers for event in _events(n)]
            _ = connection.execute(sa.insert(ticket_events), events)
            connection.exec_driver_sql("COMMIT")


def _ticket(number: int) -> dict[str, object]:
    name, address = submitter(number)
    at = submitted_at(number)
    return {
        "id": ticket_id(number),
        "version": 1,
        "status": Status.IN_PROGRESS,
        "department_id": department_id(number),
        "kpi_type_id": kpi_type_id(number),
        "ticket_date": at,
        "description": "The printer on the second floor hums. " * 5,
        "submitter_name": name,
        "submitter_email": address,
        "submitted_by": None,
        "submitted_at": at,
        "is_holiday_work": False,
        "metrics": {},
        "assigned_to": agent_id(number),
        "assigned_at": at,
        "first_assigned_at": at,
        "first_agent_reply_at": None,
        "closed_at": None,
        "rejection_reason": None,
        "last_activity_at": at,
        "submitter_email_key": fold(address),
        "submitter_name_key": fold(name),
        **_IN_PROGRESS,
    }


def _events(number: int) -> Iterator[dict[str, object]]:
    for position, kind in enumerate((EventKind.SUBMITTED, EventKind.ASSIGNED)):
        yield {
            "ticket_id": ticket_id(number),
            "version": 1,
            "position": position,
            "kind": kind,
            "at": submitted_at(number),
            "actor_id": None,
            "status": Status.IN_PROGRESS,
            "details": {},
        }
