"""A desk in which the description's own examples are true, behind the app."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import attrs
import falcon

from helpdesk_core.case_numbers import Numbering
from helpdesk_core.cases import RawCase
from helpdesk_core.couriers import NoMailServer
from helpdesk_core.directory import (
    Agent,
    Country,
    Department,
    Directory,
    KpiGroup,
    KpiType,
)
from helpdesk_core.ids import uuid7
from helpdesk_core.intake import RawIntake
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.limits import Limit
from helpdesk_core.logged_work import RawWork
from helpdesk_core.opaque import digest_of
from helpdesk_core.people import Caller, Role, User
from helpdesk_core.persons import THE_DESK, Person
from helpdesk_core.ports import CaseRules, Outbox, Ports, UnitOfWork
from helpdesk_core.sessions import Session
from helpdesk_core.use_cases.attaching import attach_file
from helpdesk_core.use_cases.cases import submit_case
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.logging_work import log_own_work
from helpdesk_core.use_cases.tokens import create_token
from helpdesk_http import Counted, Health, Probes, create_app
from helpdesk_http.app import App
from helpdesk_http.openapi.figure_samples import PROJECT, WORK
from helpdesk_http.openapi.notifications import NOTICE
from helpdesk_memory import MemoryFiles, MemoryOutbox, MemoryStore, MovableClock
from helpdesk_sheets import workbook
from helpdesk_sql import open_store, upgrade
from tests.http.conftest import CASE

OPENED = datetime(2025, 1, 27, 10, tzinfo=UTC)
INTAKE_TICKET = UUID("2a58b5d1-668b-447d-8fc3-f52149d4fc71")
CASE_TICKET = UUID("01949f6a-2d00-7000-8000-000000000001")
FILE = UUID("99999999-9999-4999-8999-999999999999")
CUSTOMER = User(
    id=UUID("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"), name="Sandy", email="sandy@example.com"
)
COUNTRY = Country(
    id=UUID("44444444-4444-4444-8444-444444444444"), key="id", name="Indonesia", abbreviation="ID"
)
DEPARTMENT = Department(
    id=UUID("11111111-1111-1111-1111-111111111111"),
    key="support",
    name="Technical Support",
    abbreviation="TS",
    country_id=COUNTRY.id,
)
AGENT = Agent(
    id=UUID("33333333-3333-4333-8333-333333333333"),
    name="Jane Smith",
    email="jane@example.com",
    role=Role.ADMIN,
    department_ids=frozenset({DEPARTMENT.id}),
)
GROUP = KpiGroup(id=UUID("55555555-5555-4555-8555-555555555555"), key="request", name="Request")
KPI_TYPE = KpiType(
    id=UUID("22222222-2222-2222-2222-222222222222"),
    key="ad-hoc",
    name="Ad Hoc",
    group_id=GROUP.id,
    rule="rr",
    formula="rr",
    parameters={"responseSlaMin": 30, "resolutionSlaMin": 480},
    department_ids=frozenset({DEPARTMENT.id}),
)
PROJECT_TYPE = KpiType(
    id=PROJECT,
    key="project",
    name="Project",
    group_id=GROUP.id,
    rule="project",
    formula="project",
    metric_schema=CONTRACT_RULES["project"].schema,
    department_ids=frozenset({DEPARTMENT.id}),
)
PERSON = Person(
    id=CUSTOMER.id,
    name=CUSTOMER.name,
    email=CUSTOMER.email,
    created_at=OPENED,
    signed_in_at=OPENED,
)
SESSION = Session(
    id=UUID("88888888-8888-4888-8888-888888888888"),
    digest=digest_of("0" * 43),
    person_id=PERSON.id,
    issuer=THE_DESK,
    origin="203.0.113.7",
    device="Mozilla/5.0",
    created_at=OPENED,
    last_seen_at=OPENED,
)
DIRECTORY = Directory(
    version=1,
    countries={COUNTRY.id: COUNTRY},
    departments={DEPARTMENT.id: DEPARTMENT},
    agents={AGENT.id: AGENT},
    kpi_groups={GROUP.id: GROUP},
    kpi_types={KPI_TYPE.id: KPI_TYPE, PROJECT_TYPE.id: PROJECT_TYPE},
)
SUBMISSION = RawIntake(
    dept_id=str(DEPARTMENT.id),
    kpi_type_id=str(KPI_TYPE.id),
    ticket_date="2026-05-22T05:05:00.000Z",
    description="Cannot access shared drive",
)


LOGGED_WORK = RawWork(
    dept_id=str(DEPARTMENT.id),
    kpi_type_id=str(PROJECT),
    ticket_date="2025-01-24",
    description="Moved the printer",
    metrics={"projectCount": 2},
)


class Generous:
    """A limiter for callers whom nobody limits."""

    def hit(self, limit: Limit, about: tuple[str, ...]) -> timedelta:
        return timedelta(0)

    def wait(self, limit: Limit, about: tuple[str, ...]) -> timedelta:
        return timedelta(0)


@attrs.frozen
class ApiDesk:
    """The app, and the token of an agent who may do everything."""

    app: App
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """The agent's token, and the customer's session for where no token is looked at."""
        return {"Authorization": f"Bearer {self.token}", "X-Person": "customer"}


@contextmanager
def sql_desk(url: str) -> Iterator[ApiDesk]:
    """The desk over an empty database."""
    upgrade(url)
    store = open_store(url, pool_size=2)
    try:
        yield _desk(MovableClock(OPENED), store.begin, store.outbox)
    finally:
        store.close()


def memory_desk() -> ApiDesk:
    """The desk in memory."""
    clock = MovableClock(OPENED)
    store = MemoryStore(clock)
    return _desk(clock, store.begin, MemoryOutbox(store, new_id=uuid4))


def _desk(clock: MovableClock, begin: Callable[[], UnitOfWork], outbox: Outbox) -> ApiDesk:
    numbers = count(1)
    ports = Ports(
        begin=begin,
        now=clock,
        new_id=lambda: uuid7(clock(), next(numbers)),
        limiter=Generous(),
        courier=NoMailServer(),
        cases=CaseRules(numbering=Numbering.SEQUENTIAL, customers_may_attach=True),
        files=MemoryFiles(clock),
        outbox=outbox,
    )
    token = _stocked(ports)
    _kill(outbox)
    app = create_app(ports, identify=_signed_in, probes=_probes(clock), workbook=workbook)
    return ApiDesk(app, token)


def _signed_in(req: falcon.Request) -> User | None:
    return CUSTOMER if req.get_header("X-Person") == "customer" else None


def _stocked(ports: Ports) -> str:
    with ports.begin() as uow:
        uow.save_directory(DIRECTORY)
        uow.save_person(PERSON)
        uow.save_session(SESSION)
        uow.commit()
    staff = Caller(user=User(id=AGENT.id, name=AGENT.name, email=AGENT.email, role=Role.ADMIN))
    _ = submit_ticket(_with_ids(ports, INTAKE_TICKET), SUBMISSION, Caller(user=CUSTOMER))
    raw = {name: CASE.get(camel) for name, camel in _CASE_FIELDS.items()}
    _ = submit_case(_with_ids(ports, CASE_TICKET, NOTICE), RawCase(**raw))
    _ = log_own_work(_with_ids(ports, WORK), LOGGED_WORK, staff)
    _ = attach_file(
        _with_ids(ports, FILE), Target(ticket_id=CASE_TICKET), "screenshot.png", [b"png"], staff
    )
    return create_token(ports, email=AGENT.email, role=Role.ADMIN, random=secrets.token_bytes(32))


_CASE_FIELDS = {
    "name": "name",
    "email": "email",
    "customer_type": "customerType",
    "issue_type": "issueType",
    "urgency": "urgency",
    "subject": "subject",
    "message": "message",
}


def _with_ids(ports: Ports, *first: UUID) -> Ports:
    """Ports whose first ids are the given ones."""
    given = iter(first)
    return attrs.evolve(ports, new_id=lambda: next(given, None) or ports.new_id())


def _kill(outbox: Outbox) -> None:
    """The customer's mail bounces; others may have left notices in the same database."""
    claims = outbox.claim(limit=1000, lease=timedelta(minutes=1))
    (bounced,) = (claim for claim in claims if claim.notice.id == NOTICE)
    assert outbox.give_up(bounced, reason="550 no such mailbox")


def _probes(clock: MovableClock) -> Probes:
    return Probes(
        health=lambda: Health(at=clock(), components={"database": True}),
        reasons_against=tuple,
        counted=lambda: Counted(text=b"desks 1\n", content_type="text/plain; charset=utf-8"),
        version="1.0.0",
    )
