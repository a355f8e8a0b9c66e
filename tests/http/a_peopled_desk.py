"""A desk with everybody before it, and of every kind of object somebody's, another's and none."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.intake import RawIntake
from helpdesk_core.people import OPERATOR, Caller, Role, User
from helpdesk_core.ports import CaseRules
from helpdesk_core.testing.unlimited import Unlimited
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.accounts import deactivate_user
from helpdesk_core.use_cases.attaching import attach_file
from helpdesk_core.use_cases.entering import Visit
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_core.use_cases.sessions import current_session, sign_out
from helpdesk_core.use_cases.sign_in_links import make_link, take_link
from helpdesk_core.use_cases.tokens import list_tokens, revoke_token
from helpdesk_http import Counted, Health, Probes
from tests.http.conftest import GOOD, NOON, uuid_of
from tests.http.staff_house import StaffHouse

if TYPE_CHECKING:
    from uuid import UUID

CANARY = "canary"
"""In everything that is somebody's."""
ABSENT = "00000000-0000-4000-8000-00000000dead"
OWNER, OTHER = "cora@example.com", "otto@example.com"
ABSENT_EMAIL = "nobody@example.com"
BROWSER = "b" * 43
PROBES = Probes(
    health=lambda: Health(at=NOON, components={}),
    reasons_against=tuple,
    counted=lambda: Counted(text=b"", content_type="text/plain; charset=utf-8"),
    version="1.0.0",
)


@attrs.frozen(kw_only=True)
class Knock:
    """Somebody who asks: their role (None: nobody's), whether by a token, and how they say so."""

    name: str
    role: Role | None = None
    is_by_token: bool = False
    user: User | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    def role_at(self, path: str) -> Role | None:
        """Their role there: tokens are looked at where staff work, and nowhere else."""
        is_seen = not self.is_by_token or path.startswith(("/api/internal/", "/metrics"))
        return self.role if is_seen else None


@attrs.frozen(kw_only=True)
class Things:
    """One of every kind of object: `whose` they are, and what stands for each in a path."""

    whose: str
    owner: UUID | None
    names: Mapping[str, str]


class PeopledDesk(StaffHouse):
    """The desk, everybody, and the objects; `restore` undoes what was done since the beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.desk.ports = attrs.evolve(
            self.desk.ports,
            limiter=Unlimited(),
            cases=CaseRules(numbering=self.desk.ports.cases.numbering, customers_may_attach=True),
        )
        self.open(probes=PROBES, identify=lambda _: None)
        self.knocks = tuple(self._everybody())
        people = {knock.user.email: knock.user for knock in self.knocks if knock.user}
        self.things = (
            self._things("own", people[OWNER]),
            self._things("foreign", people[OTHER]),
            self._nothing(),
        )
        self._kept = self._copied()

    def restore(self) -> None:
        """As it was when everybody and everything was there."""
        for name, value in self._copied(self._kept).items():
            setattr(self.desk.store, name, value)

    def _copied(self, kept: Mapping[str, Any] | None = None) -> dict[str, Any]:
        held = vars(self.desk.store) if kept is None else kept
        return {
            name: copy.copy(value) if isinstance(value, dict) else value
            for name, value in held.items()
        }

    def _everybody(self) -> list[Knock]:
        ports, day = self.desk.ports, timedelta(days=1)
        expired = self._session(OWNER, "expired session")
        expired_token = self._token("jane@example.com", Role.ADMIN, "expired token", day)
        self.desk.clock.advance(days=2)
        signed_out = self._session(OWNER, "signed-out session")
        sign_out(ports, signed_out.headers["Cookie"].partition("=")[2], OPERATOR)
        deactivated = self._session("joe@example.com", "deactivated agent's session")
        of_deactivated = self._token("joe@example.com", Role.ADMIN, "deactivated agent's token")
        _ = deactivate_user(ports, "joe@example.com", OPERATOR)
        revoked = self._token("jane@example.com", Role.ADMIN, "revoked token")
        revoke_token(ports, list_tokens(ports)[-1].id)
        dead = (expired, expired_token, signed_out, deactivated, of_deactivated, revoked)
        return [
            Knock(name="stranger"),
            *(attrs.evolve(each, role=None, user=None) for each in dead),
            Knock(name="malformed token", headers={"Authorization": "Bearer x"}),
            Knock(name="unknown session", headers=_cookie("x" * 43)),
            self._session(OWNER, "customer owner"),
            self._session(OTHER, "other customer"),
            self._session("jane@example.com", "agent"),
            self._session("maya@example.com", "management"),
            self._session("ada@example.com", "admin"),
            self._token(OWNER, Role.CUSTOMER, "customer's token"),
            self._token("jane@example.com", Role.AGENT, "agent's token"),
            self._token("maya@example.com", Role.MANAGEMENT, "management's token"),
            self._token("ada@example.com", Role.ADMIN, "admin's token"),
            self._token("robot@example.com", Role.ADMIN, "program's token"),
        ]

    def _session(self, email: str, name: str) -> Knock:
        ports = self.desk.ports
        signed_in = take_link(ports, make_link(ports, email, OPERATOR), None, Visit())
        current = current_session(ports, signed_in.secret)
        assert current
        return Knock(
            name=name,
            role=current.user.role,
            user=current.user,
            headers=_cookie(signed_in.secret),
        )

    def _token(
        self, email: str, role: Role, name: str, expires_in: timedelta | None = None
    ) -> Knock:
        secret = self.token_of(email, role, expires_in)
        headers = {"Authorization": f"Bearer {secret}"}
        return Knock(name=name, role=role, is_by_token=True, headers=headers)

    def _things(self, whose: str, owner: User) -> Things:
        case = self.held(self.opened(email=owner.email, message=CANARY))
        ticket = self._submitted(owner)
        started, waiting, closed = (self._moved(owner, steps) for steps in _STEPS)
        return Things(
            whose=whose,
            owner=owner.id,
            names={
                "ticket": str(ticket.id),
                "started": str(started.id),
                "waiting": str(waiting.id),
                "closed": str(closed.id),
                "case": case.case.number if case.case else "",
                "email": owner.email,
                "case_file": str(self._attached(case).id),
                "file": str(self._attached(ticket).id),
                "notice": self._dead_notice(case),
                "session": str(self._another_session(owner)),
            },
        )

    def _nothing(self) -> Things:
        names = dict.fromkeys(_NAMES, ABSENT)
        return Things(
            whose="absent",
            owner=None,
            names={**names, "case": "CW-2025-998", "email": ABSENT_EMAIL},
        )

    def _submitted(self, owner: User) -> Ticket:
        raw = RawIntake(
            dept_id=GOOD["deptId"],
            kpi_type_id=GOOD["kpiTypeId"],
            ticket_date=GOOD["ticketDate"],
            description=CANARY,
        )
        ticket = submit_ticket(self.desk.ports, raw, Caller(user=owner)).ticket
        said = RawUpdate(message=CANARY, is_internal=True)
        return update_ticket(self.desk.ports, Target(ticket_id=ticket.id), said, OPERATOR).ticket

    def _moved(self, owner: User, steps: tuple[Status, ...]) -> Ticket:
        ports, ticket = self.desk.ports, self._submitted(owner)
        target = Target(ticket_id=ticket.id)
        _ = assign_ticket(ports, target, RawAssignment(staff_id=str(uuid_of("5"))), OPERATOR)
        for step in steps:
            _ = move_ticket(ports, target, step, OPERATOR)
        return ticket

    def _attached(self, ticket: Ticket) -> Attachment:
        target = Target(ticket_id=ticket.id)
        return attach_file(self.desk.ports, target, "a.txt", [CANARY.encode()], OPERATOR).attachment

    def _dead_notice(self, case: Ticket) -> str:
        claims = self.desk.outbox.claim(limit=100, lease=timedelta(hours=1))
        found = next(claim for claim in claims if claim.notice.ticket_id == case.id)
        assert self.desk.outbox.give_up(found, reason="550 no such mailbox")
        return str(found.notice.id)

    def _another_session(self, owner: User) -> UUID:
        ports = self.desk.ports
        return take_link(ports, make_link(ports, owner.email, OPERATOR), None, Visit()).session.id


def _cookie(secret: str) -> dict[str, str]:
    return {"Cookie": f"__Host-helpdesk-session={secret}"}


_STEPS = ((), (Status.WAITING,), (Status.CLOSED,))
_NAMES = (
    "ticket",
    "started",
    "waiting",
    "closed",
    "case_file",
    "file",
    "notice",
    "session",
)
