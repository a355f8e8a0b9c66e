"""A desk in memory behind the app, a directory small enough to be written out, and ways to ask."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import attrs
import falcon
import pytest
from falcon.testing import Result, TestClient, create_environ

from helpdesk_core.calendars import Calendar, Window
from helpdesk_core.case_numbers import Numbering
from helpdesk_core.directory import (
    Agent,
    Country,
    Department,
    Directory,
    FieldKind,
    KpiGroup,
    KpiType,
    MetricField,
)
from helpdesk_core.people import Caller, Role, User
from helpdesk_core.ports import CaseRules
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawUpdate, update_ticket
from helpdesk_http import create_app
from helpdesk_memory import MemoryDesk
from tests.http.described import assert_described

NOON = datetime(2026, 5, 22, 5, 5, tzinfo=UTC)
"""A Friday, five past noon in Jakarta."""

MONDAY = datetime(2025, 1, 27, 10, tzinfo=UTC)
"""When contract B's example was opened."""

PEER = "203.0.113.7"

OUR_INSIDES = re.compile(
    rb'Traceback|File "|sqlalchemy|psycopg|sqlite3|site-packages|\.py\b|SELECT |0x[0-9a-f]{8}'
    rb"|waitress|falcon|cattrs"
)
"""What no answer ever says of how it was made."""


def uuid_of(digit: str) -> UUID:
    return UUID(f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}")


OFFICE_HOURS = Calendar(
    id=uuid_of("c"),
    key="office-hours",
    name="Office hours",
    zone="Asia/Jakarta",
    windows=tuple(
        Window(day, opens, closes)
        for day in range(5)
        for opens, closes in ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
    ),
)
COUNTRIES = (
    Country(id=uuid_of("1"), key="id", name="Indonesia", abbreviation="ID"),
    Country(id=uuid_of("2"), key="de", name="Germany", abbreviation="DE"),
)
DEPARTMENTS = (
    Department(
        id=uuid_of("3"),
        key="it",
        name="Information Technology",
        abbreviation="IT",
        country_id=uuid_of("1"),
        calendar_id=uuid_of("c"),
    ),
    Department(
        id=uuid_of("4"), key="empty", name="Nobody", abbreviation="NO", country_id=uuid_of("2")
    ),
)
AGENTS = (
    Agent(
        id=uuid_of("5"),
        name="Sandy Rachman",
        email="sandy.rachman@example.com",
        department_ids=frozenset({uuid_of("3")}),
    ),
    Agent(
        id=uuid_of("6"),
        name="Gone",
        email="gone@example.com",
        department_ids=frozenset({uuid_of("3")}),
        is_active=False,
    ),
    Agent(
        id=uuid_of("7"),
        name="Quiet",
        email="quiet@example.com",
        department_ids=frozenset({uuid_of("3")}),
        wants_mail=False,
    ),
)
KPI_TYPES = (
    KpiType(
        id=uuid_of("8"),
        key="ad-hoc",
        name="Ad Hoc",
        group_id=uuid_of("b"),
        rule="rr",
        formula="rr",
        metric_schema=(MetricField(key="units", label="Units", kind=FieldKind.COUNT, minimum=0),),
        parameters={"responseSlaMin": 30, "resolutionSlaMin": 480},
        display_order=1,
        department_ids=frozenset({uuid_of("3")}),
    ),
    KpiType(
        id=uuid_of("9"),
        key="uptime",
        name="Uptime",
        group_id=uuid_of("b"),
        rule="uptime",
        formula="uptime",
        department_ids=frozenset({uuid_of("3")}),
    ),
    KpiType(
        id=uuid_of("a"),
        key="unmapped",
        name="Unmapped",
        group_id=uuid_of("b"),
        rule="rr",
        formula="rr",
    ),
)
DIRECTORY = Directory(
    version=1,
    calendars={OFFICE_HOURS.id: OFFICE_HOURS},
    countries={each.id: each for each in COUNTRIES},
    departments={each.id: each for each in DEPARTMENTS},
    agents={each.id: each for each in AGENTS},
    kpi_groups={uuid_of("b"): KpiGroup(id=uuid_of("b"), key="request", name="Request")},
    kpi_types={each.id: each for each in KPI_TYPES},
)

GOOD: Mapping[str, object] = {
    "deptId": str(uuid_of("3")),
    "kpiTypeId": str(uuid_of("8")),
    "ticketDate": "2026-05-22T05:05:00.000Z",
    "description": "Cannot access shared drive",
    "createdByName": "Sandy",
    "createdByEmail": "sandy@example.com",
}

CASE: Mapping[str, object] = {
    "name": "John Doe",
    "email": "john@example.com",
    "organization": "Acme Corp",
    "phone": "+1234567890",
    "customerType": "BUSINESS",
    "issueType": "TECHNICAL",
    "urgency": "HIGH",
    "clientOrProjectName": "My Project",
    "subject": "Unable to access dashboard",
    "message": "Detailed description of the issue...",
}
"""Contract B's own example."""

PEOPLE = {
    "customer": User(id=uuid_of("d"), name="Cora Customer", email="cora@example.com"),
    "stranger": User(id=uuid_of("e"), name="Otto Other", email="otto@example.com"),
    "agent": User(
        id=uuid_of("5"),
        name="Sandy Rachman",
        email="sandy.rachman@example.com",
        role=Role.AGENT,
    ),
}


class Heard:
    """A log that remembers."""

    def __init__(self) -> None:
        self.warnings: list[tuple[str, dict[str, object]]] = []
        self.errors: list[tuple[str, dict[str, object]]] = []

    def warning(self, event: str, **facts: object) -> None:
        self.warnings.append((event, facts))

    def error(self, event: str, **facts: object) -> None:
        self.errors.append((event, facts))


def signed_in(req: falcon.Request) -> User | None:
    """Whom the sign-in of these tests vouches for."""
    return PEOPLE.get(req.get_header("X-Person") or "")


class House:
    """A desk, and the app in front of it; `noted` is what the app's hook was told."""

    def __init__(self) -> None:
        self.desk = MemoryDesk(NOON)
        with self.desk.ports.begin() as uow:
            uow.save_directory(DIRECTORY)
            uow.commit()
        self.log = Heard()
        self.noted: list[dict[str, object]] = []
        self.has_odd_stores = False
        self.open()

    def open(self, **options: Any) -> None:  # noqa: ANN401  # any option of create_app
        """Put a new app in front of the desk."""
        given = {"ports": self.desk.ports, "identify": signed_in, "log": self.log, **options}
        self.app = create_app(**given, on_response=lambda **facts: self.noted.append(facts))
        self.client = TestClient(self.app)

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        peer: str = PEER,
    ) -> Result:
        """Ask with exactly these bytes; the answer is one that the description has."""
        answer = self.client.simulate_request(
            method, path, body=body, headers=headers, remote_addr=peer
        )
        if path.startswith("/api/") and "json" in answer.headers.get("Content-Type", ""):
            assert not OUR_INSIDES.search(answer.content)
        if not self.has_odd_stores:
            assert_described(method, path, answer)
        return answer

    def get(self, path: str, **headers: str) -> Result:
        """Ask for a page; `person` is who is signed in."""
        return self.ask("GET", path, headers=_named(headers))

    def post(self, path: str, document: object, *, peer: str = PEER, **headers: str) -> Result:
        """Send a document as JSON; `person` is who is signed in."""
        given = {"Content-Type": "application/json", **_named(headers)}
        return self.ask("POST", path, body=json.dumps(document).encode(), headers=given, peer=peer)

    def submit(self, *, peer: str = PEER, person: str = "", **changes: object) -> Result:
        """Submit a good ticket, but for the changes; what is changed to `...` is left out."""
        document = {key: value for key, value in {**GOOD, **changes}.items() if value is not ...}
        return self.post("/api/intake", document, peer=peer, person=person)

    def submitted(self, **changes: Any) -> str:  # noqa: ANN401  # any field of the document
        """The id of a ticket that was just submitted."""
        ticket_id: str = self.submit(**changes).json["id"]
        return ticket_id

    def hand_over(
        self, method: str, path: str, body: bytes = b"", /, **environ: str
    ) -> tuple[str, bytes]:
        """Ask with an environment that no client library would make: status line and body."""
        started: list[str] = []

        def start(status: str, _headers: object, _exc_info: object = None) -> None:
            started.append(status)

        given = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_TYPE": "application/json"}
        whole = {**create_environ(body=body, remote_addr=PEER), **given, **environ}
        answer = self.app(whole, start)  # type: ignore[arg-type]
        (status,) = started
        return status, b"".join(answer)

    @property
    def tickets(self) -> int:
        """How many tickets are stored."""
        return len(self.desk.store.tickets)

    def rebuild(self, **ports: object) -> None:
        """Put an app in front of the desk with other ports.

        Stores that are not the desk's own may raise what no operation is described to answer.
        """
        self.has_odd_stores = "begin" in ports
        self.open(ports=attrs.evolve(self.desk.ports, **ports))  # type: ignore[arg-type]


class SupportHouse(House):
    """The desk of contract B's examples: their day, their clock, and numbers that count."""

    def __init__(self, numbering: Numbering = Numbering.SEQUENTIAL) -> None:
        super().__init__()
        self.desk.clock.set(MONDAY)
        self.desk.ports = attrs.evolve(self.desk.ports, cases=CaseRules(numbering=numbering))
        self.open()

    def open_case(
        self, *, peer: str = PEER, idempotency_key: str = "", **changes: object
    ) -> Result:
        """Open the contract's case, but for the changes; what is changed to `...` is left out."""
        document = {key: value for key, value in {**CASE, **changes}.items() if value is not ...}
        return self.post("/api/support/case", document, peer=peer, idempotency_key=idempotency_key)

    def opened(self, **changes: Any) -> str:  # noqa: ANN401  # any field of the document
        """The number of a case that was just opened."""
        number: str = self.open_case(**changes).json["caseNumber"]
        return number

    def knock(
        self, what: str, number: object = "CW-2025-001", *, peer: str = PEER, **more: object
    ) -> Result:
        """Ask for the `status`, `escalate` or `cancel` a case, as its customer unless told else."""
        document = {"caseNumber": number, "email": CASE["email"], "reason": "Enough", **more}
        known = {key: value for key, value in document.items() if value is not ...}
        return self.post(f"/api/support/case/{what}", known, peer=peer)

    def say(
        self, number: str, text: str, *, is_internal: bool = False, status: str | None = None
    ) -> None:
        """Have an agent say something on a case."""
        raw = RawUpdate(message=text, is_internal=is_internal, status_change=status)
        agent = Caller(user=PEOPLE["agent"])
        _ = update_ticket(self.desk.ports, Target(number=number), raw, agent)

    def held(self, number: str = "CW-2025-001") -> Ticket:
        """The ticket of a case as it is stored."""
        return self.desk.store.tickets[self.desk.store.numbers[number]]


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    """Keywords as header names: `person` and `if_none_match`."""
    names = {"person": "X-Person"}
    return {
        names.get(key, key.replace("_", "-").title()): value
        for key, value in headers.items()
        if value
    }


@pytest.fixture
def house() -> House:
    """A desk with its directory and no ticket, and an app in front of it."""
    return House()


@pytest.fixture
def good() -> dict[str, object]:
    """A whole submission of a stranger."""
    return dict(GOOD)


@pytest.fixture
def support() -> SupportHouse:
    """The desk of contract B's examples, without a case: the first is `CW-2025-001`."""
    return SupportHouse()


@pytest.fixture
def random_support() -> SupportHouse:
    """The same with numbers as they are by default; they count no further than this desk's."""
    return SupportHouse(Numbering.RANDOM)
