"""The desk of contract B's examples with its staff, their tokens, and ways to ask with one."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import attrs
from falcon.testing import Result

from helpdesk_core.directory import Agent, Department
from helpdesk_core.people import Role
from helpdesk_core.tickets import Event, Ticket
from helpdesk_core.use_cases.tokens import create_token
from tests.http.conftest import DIRECTORY, SupportHouse, uuid_of

CASES = "/api/internal/support/cases"
CASE = "/api/internal/support/case/CW-2025-001"
TICKETS = "/api/internal/tickets"

SANDY = uuid_of("5")
GONE = uuid_of("6")
JANE = UUID("00000000-0000-4000-8000-000000000123")
JOE = UUID("00000000-0000-4000-8000-000000000456")
MAYA = UUID("00000000-0000-4000-8000-000000000789")
ADA = UUID("00000000-0000-4000-8000-00000000000a")
IT = uuid_of("3")
TECHNICAL = UUID("00000000-0000-4000-8000-0000000000d1")

COLLEAGUES = (
    Agent(
        id=JANE,
        name="Jane Smith",
        email="jane@example.com",
        department_ids=frozenset({TECHNICAL}),
    ),
    Agent(
        id=JOE, name="Joe Senior", email="joe@example.com", department_ids=frozenset({TECHNICAL})
    ),
    Agent(id=MAYA, name="Maya Manager", email="maya@example.com", role=Role.MANAGEMENT),
    Agent(id=ADA, name="Ada Admin", email="ada@example.com", role=Role.ADMIN),
)
STAFFED = attrs.evolve(
    DIRECTORY,
    version=2,
    departments={
        **DIRECTORY.departments,
        TECHNICAL: Department(
            id=TECHNICAL,
            key="tech",
            name="Technical Support",
            abbreviation="TS",
            country_id=uuid_of("1"),
        ),
    },
    agents={**DIRECTORY.agents, **{each.id: each for each in COLLEAGUES}},
)


class StaffHouse(SupportHouse):
    """Contract B's desk with Jane, Joe, Maya and Ada; `token` is Jane's."""

    def __init__(self) -> None:
        super().__init__()
        with self.desk.ports.begin() as uow:
            uow.save_directory(STAFFED)
            uow.commit()
        self._made = 0
        self.token = self.token_of("jane@example.com")

    def token_of(
        self, email: str, role: Role = Role.AGENT, expires_in: timedelta | None = None
    ) -> str:
        """The secret of a new token."""
        self._made += 1
        return create_token(
            self.desk.ports,
            email=email,
            role=role,
            random=self._made.to_bytes(32, "big"),
            expires_in=expires_in,
        )

    def call(
        self,
        method: str,
        path: str,
        document: object = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Result:
        """Ask as the token's holder (Jane unless given; nobody for an empty one).

        Bytes are sent as they are, any other document as JSON.
        """
        given = self.token if token is None else token
        known = {"Authorization": f"Bearer {given}"} if given else {}
        if document is None:
            return self.ask(method, path, headers={**known, **(headers or {})})
        is_file = isinstance(document, bytes)
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        kind = {"Content-Type": "application/octet-stream" if is_file else "application/json"}
        return self.ask(method, path, body=body, headers={**known, **kind, **(headers or {})})

    def read(self, path: str) -> Any:  # noqa: ANN401  # any JSON
        """What Jane is shown."""
        answer = self.call("GET", path)
        assert 200 == answer.status_code, answer.text
        return answer.json

    def update(self, message: str = "Looked at it", **more: object) -> Result:
        """Jane says something on the case."""
        headers = more.pop("headers", None)
        document = {"message": message, **more}
        return self.call("POST", f"{CASE}/update", document, headers=headers)  # type: ignore[arg-type]

    def assign(self, staff: object = JANE, **more: object) -> Result:
        """Jane gives the case to somebody."""
        headers = more.pop("headers", None)
        document = {"staffId": str(staff), **more}
        return self.call("PUT", f"{CASE}/assign", document, headers=headers)  # type: ignore[arg-type]

    def at(self, instant: str) -> None:
        """Set the clock."""
        self.desk.clock.set(datetime.fromisoformat(instant))

    def history(self, ticket: Ticket) -> tuple[Event, ...]:
        """Everything that happened to the ticket."""
        return tuple(placed.event for placed in self.desk.store.history[ticket.id])
