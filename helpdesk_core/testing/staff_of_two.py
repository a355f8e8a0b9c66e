"""Staff of two desks: they read the queue, and work on any ticket by its id or its number."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpdesk_core.people import Caller, Role
from helpdesk_core.ports import Ports
from helpdesk_core.queue import Door
from helpdesk_core.testing.builders import an_id
from helpdesk_core.testing.desk_inputs import (
    AGENT_IDS,
    DEPARTMENTS,
    EMAILS,
    FILE_NAMES,
    NAMES,
    WORKERS,
    any_queries,
    bodies,
    some_queries,
)
from helpdesk_core.testing.desks import Desk, Refusal
from helpdesk_core.testing.side_by_side import SideBySide, has_tickets
from helpdesk_core.testing.strategies import storable_text
from helpdesk_core.tickets import Status, Ticket
from helpdesk_core.use_cases.attaching import attach_file, open_attachment, sweep_files
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_core.use_cases.listing import (
    Query,
    RawQuery,
    list_tickets,
    read_query,
    read_ticket,
)
from helpdesk_core.use_cases.tokens import (
    create_token,
    list_tokens,
    revoke_token,
    user_of_token,
)

VERSIONS: Final = st.sampled_from([None, None, None, 1, 2, 3])
"""The version that a worker saw; mostly they do not say."""


class StaffOfTwo(SideBySide):
    """Rules of the staff's door."""

    def __init__(self, *sides: object) -> None:
        super().__init__(*sides)  # type: ignore[arg-type]
        self._secrets: list[str] = []

    @precondition(has_tickets)
    @rule(
        which=st.integers(0, 9),
        agent_id=st.sampled_from(AGENT_IDS),
        department=st.none() | st.sampled_from(DEPARTMENTS),
        notes=st.none() | bodies(),
        version=VERSIONS,
        caller=st.sampled_from(WORKERS),
    )
    def assign(  # noqa: PLR0913  # everything that is drawn
        self,
        which: int,
        *,
        agent_id: UUID,
        department: str | None,
        notes: object,
        version: int | None,
        caller: Caller,
    ) -> None:
        target = self._target(which, version)
        raw = RawAssignment(staff_id=str(agent_id), department=department, notes=notes)
        _ = self.both(lambda desk: assign_ticket(desk.ports, target, raw, caller))

    @precondition(has_tickets)
    @rule(
        which=st.integers(0, 9),
        body=bodies(),
        is_internal=st.none() | st.booleans(),
        status=st.none() | st.sampled_from(Status),
        caller=st.sampled_from(WORKERS),
    )
    def reply(
        self,
        which: int,
        body: object,
        is_internal: bool | None,  # noqa: FBT001  # drawn
        status: Status | None,
        caller: Caller,
    ) -> None:
        """And refer to every file of the ticket."""
        target = self._target(which)

        def reply(desk: Desk) -> object:
            raw = RawUpdate(
                message=body,
                is_internal=is_internal,
                status_change=status.value if status else None,
                attachments=_file_ids(desk.ports, self.ticket_id(which)),
            )
            return update_ticket(desk.ports, target, raw, caller)

        _ = self.both(reply)

    @precondition(has_tickets)
    @rule(
        which=st.integers(0, 9),
        to=st.sampled_from(Status),
        version=VERSIONS,
        caller=st.sampled_from(WORKERS),
        reason=st.none() | storable_text(),
    )
    def move(
        self, which: int, to: Status, version: int | None, caller: Caller, reason: str | None
    ) -> None:
        target = self._target(which, version)
        _ = self.both(lambda desk: move_ticket(desk.ports, target, to, caller, reason=reason))

    @precondition(has_tickets)
    @rule(
        which=st.integers(0, 9),
        name=st.sampled_from(FILE_NAMES),
        size=st.integers(0, 3),
        caller=st.sampled_from(WORKERS),
    )
    def attach(self, which: int, name: str, size: int, caller: Caller) -> None:
        target = self._target(which)
        _ = self.both(lambda desk: attach_file(desk.ports, target, name, [b"x"] * size, caller))

    @precondition(has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(WORKERS))
    def open_files(self, which: int, caller: Caller) -> None:
        target = self._target(which)

        def contents(desk: Desk) -> list[bytes]:
            ids = _file_ids(desk.ports, self.ticket_id(which)) or [str(an_id(999))]
            files = [open_attachment(desk.ports, target, each, caller) for each in ids]
            return [file.content.read() for file in files]

        _ = self.both(contents)

    @rule()
    def sweep(self) -> None:
        _ = self.both(lambda desk: sweep_files(desk.ports))

    @precondition(has_tickets)
    @rule(which=st.integers(0, 9), caller=st.sampled_from(WORKERS))
    def read_everything(self, which: int, caller: Caller) -> None:
        target = self._target(which)
        _ = self.both(lambda desk: read_ticket(desk.ports, target, caller))

    @rule(raw=some_queries(), door=st.none() | st.sampled_from(Door))
    def walk_the_queue(self, raw: RawQuery, door: Door | None) -> None:
        """From the page that is asked for on, by its cursors."""
        _ = self.both(lambda desk: _walked(desk.ports, read_query(raw, door=door)))

    @rule(raw=any_queries(), caller=st.sampled_from(WORKERS))
    def ask_anything_of_the_queue(self, raw: RawQuery, caller: Caller) -> None:
        _ = self.both(lambda desk: list_tickets(desk.ports, read_query(raw), caller))

    @rule(
        email=st.sampled_from((*EMAILS, *NAMES)),
        role=st.sampled_from(Role),
        days=st.none() | st.integers(1, 2),
    )
    def give_out_token(self, email: str, role: Role, days: int | None) -> None:
        """The same secret twice is refused."""
        random = bytes([len(self._secrets) % 3] * 32)
        expires_in = timedelta(days=days) if days else None
        secret = self.both(
            lambda desk: create_token(
                desk.ports, email=email, role=role, random=random, expires_in=expires_in
            )
        )
        if not isinstance(secret, Refusal):
            self._secrets.append(secret)

    @rule(which=st.integers(0, 9))
    def use_token(self, which: int) -> None:
        secret = self._secrets[which % len(self._secrets)] if self._secrets else "hd_"
        _ = self.both(lambda desk: user_of_token(desk.ports, secret))

    @rule(which=st.integers(0, 9))
    def take_token_back(self, which: int) -> None:
        def revoke(desk: Desk) -> None:
            tokens = list_tokens(desk.ports)
            revoke_token(desk.ports, tokens[which % len(tokens)].id if tokens else an_id(999))

        _ = self.both(revoke)

    def _target(self, which: int, version: int | None = None) -> Target:
        """A ticket by its id, or a case by its number."""
        if which > 5:  # of 0 to 9
            return Target(number=self.number(which), version=version)
        return Target(ticket_id=self.ticket_id(which), version=version)


def _walked(ports: Ports, query: Query) -> list[tuple[tuple[Ticket, ...], int]]:
    """What the pages from this one on show, and the totals they tell."""
    page = list_tickets(ports, query, WORKERS[0])
    shown = [(page.tickets, page.total)]
    while page.next:
        following = Query(
            wanted=query.wanted, order=query.order, page=1, limit=query.limit, after=page.next
        )
        page = list_tickets(ports, following, WORKERS[0])
        shown.append((page.tickets, page.total))
    return shown


def _file_ids(ports: Ports, ticket_id: UUID) -> list[str]:
    with ports.begin() as uow:
        return [str(attachment.id) for attachment in uow.attachments(ticket_id)]
