"""What people send to a desk: mostly sense, and the rest of it."""

from collections.abc import Callable
from typing import Final, TypeVar
from uuid import UUID

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from helpdesk_core.cases import LONGEST_CASE, RawCase
from helpdesk_core.intake import RawIntake
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.queue import SortKey
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.testing.builders import a_customer, a_directory, an_id, staff
from helpdesk_core.testing.directories import ADMIN, UPTIME
from helpdesk_core.testing.strategies import CASE_TWINS, json_values, storable_text
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.listing import RawQuery

Record = TypeVar("Record", RawCase, RawQuery)

CALLERS: Final = (
    STRANGER,
    Caller(origin="192.0.2.1"),
    Caller(user=a_customer(5000)),
    Caller(user=a_customer(5001, name="ΣΊΣΥΦΟΣ"), origin="192.0.2.2"),
    staff(),
    staff(agent_id=ADMIN),
)
WORKERS: Final = (staff(), staff(), staff(agent_id=ADMIN), *CALLERS)
EMAILS: Final = (
    "one@example.com",
    "ONE@EXAMPLE.COM",
    "ana@example.com",
    "Ana@Example.com",
    "jörg@example.com",
    "JÖRG@example.com",
)
AGENT_IDS: Final[tuple[UUID, ...]] = (*sorted(a_directory().agents), an_id(999))
DEPARTMENTS: Final = ("support", "Support", "network", "accounts", "nowhere", "")
FILE_NAMES: Final = ("printer.png", "Log.TXT", "notes.txt", "run.exe", "../x.txt", "")
NAMES: Final = tuple(name for row in CASE_TWINS[:5] for name in row)

_CHOICES: Final = tuple(
    (str(department_id), str(kpi_type.id))
    for department_id in sorted(a_directory().departments)
    for kpi_type in a_directory().kpi_types_for(department_id)
)
_DATES: Final = ("2026-05-22", "2026-05-22T05:05:00.123456789+07:00", "1970-01-01T00:00Z")


_FILTERS: Final = {
    "status": st.none() | st.sampled_from([it.value for it in Status]),
    "urgency": st.none() | st.sampled_from([it.value for it in Urgency]),
    "customer_type": st.none() | st.sampled_from([it.value for it in CustomerType]),
    "assigned_to": st.sampled_from([None, None, "none", *map(str, AGENT_IDS)]),
}


def _agents_for(department_id: str) -> list[str]:
    """All agents and some who are none; those who may be assigned there more than once."""
    members = [str(agent.id) for agent in a_directory().members_of(UUID(department_id))]
    return [*members, *members, *members, *map(str, AGENT_IDS)]


def valid_intakes() -> SearchStrategy[RawIntake]:
    """Submissions that `a_directory()` takes, pre-assigned to anybody or nobody."""
    return st.sampled_from(_CHOICES).flatmap(
        lambda choice: st.builds(
            RawIntake,
            dept_id=st.just(choice[0]),
            kpi_type_id=st.just(choice[1]),
            user_id=st.none() | st.sampled_from(_agents_for(choice[0])),
            ticket_date=st.sampled_from(_DATES),
            description=_descriptions(),
            created_by_name=st.sampled_from(NAMES),
            created_by_email=st.sampled_from(EMAILS),
            is_holiday_work=st.none() | st.booleans(),
        )
    )


def any_intakes() -> SearchStrategy[RawIntake]:
    """Submissions with anything in any field, now and then something that fits."""
    ids = [*a_directory().departments, *a_directory().kpi_types, *AGENT_IDS, UPTIME]
    an_identity = st.sampled_from([str(one) for one in ids]) | json_values()
    return st.builds(
        RawIntake,
        dept_id=an_identity,
        user_id=an_identity,
        kpi_type_id=an_identity,
        ticket_date=st.sampled_from(_DATES) | json_values(),
        description=_descriptions() | json_values(),
        created_by_name=st.sampled_from(NAMES) | json_values(),
        created_by_email=st.sampled_from(EMAILS) | json_values(),
        is_holiday_work=json_values(),
    )


def valid_cases() -> SearchStrategy[RawCase]:
    """Cases that any desk takes."""
    return st.builds(
        RawCase,
        name=st.sampled_from(NAMES),
        email=st.sampled_from(EMAILS),
        organization=st.none() | st.just("Fire & Co."),
        phone=st.none() | st.just("+1234567890"),
        customer_type=st.none() | st.sampled_from([it.value for it in CustomerType]),
        issue_type=st.none() | st.sampled_from([it.value for it in IssueType]),
        urgency=st.none() | st.sampled_from([it.value for it in Urgency]),
        client_or_project_name=st.none() | st.just("Printer"),
        subject=st.sampled_from(["The printer is on fire", "\U0001d54f" * 200]),
        message=_descriptions().filter(_is_a_message),
    )


def any_cases() -> SearchStrategy[RawCase]:
    """Cases with anything in one field or in all of them, now and then something that fits."""
    anything = json_values()
    names = [field.name for field in attrs.fields(RawCase)]
    return st.builds(_with, valid_cases(), st.sampled_from(names), anything) | st.builds(
        RawCase, **dict.fromkeys(names, anything)
    )


def urgencies() -> SearchStrategy[object]:
    """Urgencies, nothing, and what is none."""
    return st.none() | st.sampled_from([it.value for it in Urgency]) | json_values()


def keys_as_typed() -> SearchStrategy[Callable[[str], object]]:
    """Ways in which people type a case's number; some are wrong."""
    return st.sampled_from(
        [
            str,
            str,
            str.lower,
            lambda number: f" {number}\n",
            lambda number: number[:-1] + number[-1].replace("0", "O").replace("1", "l"),
            lambda number: number[:-1],
            lambda number: [number],
            lambda _: "\ud800",
        ]
    )


def some_queries() -> SearchStrategy[RawQuery]:
    """What somebody may ask of the queue, in pages so small that there are several."""
    everything = st.builds(
        RawQuery,
        page=st.sampled_from([None, None, "1", "2", "3"]),
        limit=st.sampled_from(["1", "1", "2", "3", None]),
        sort_by=st.sampled_from([it.value for it in SortKey]),
        sort_order=st.sampled_from(["asc", "desc", None]),
    )
    return everything | st.builds(attrs.evolve, everything, **_FILTERS)


def any_queries() -> SearchStrategy[RawQuery]:
    """What somebody may ask of the queue with anything in one of its fields."""
    names = [field.name for field in attrs.fields(RawQuery)]
    return st.builds(_with, some_queries(), st.sampled_from(names), json_values())


def bodies() -> SearchStrategy[object]:
    """What somebody says: a sentence, any text, anything."""
    return (
        st.just("Is it still on fire?")
        | storable_text(max_size=100)
        | storable_text(max_size=2001)
        | json_values()
    )


def queries() -> SearchStrategy[object]:
    """What somebody looks up: a name, an address, anything."""
    return st.sampled_from(NAMES) | st.sampled_from(EMAILS) | storable_text() | json_values()


def _with(record: Record, name: str, value: object) -> Record:
    return attrs.evolve(record, **{name: value})


def _is_a_message(text: str) -> bool:
    return 0 < len(text.strip()) <= LONGEST_CASE


def _descriptions() -> SearchStrategy[str]:
    return (
        st.just("The printer is on fire.")
        | storable_text(max_size=100)
        | storable_text(max_size=20_001)
    )
