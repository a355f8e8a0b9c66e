"""Customers of two desks: they open cases, follow, escalate, cancel, attach, and ask twice."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import rule

from helpdesk_core.cases import RawCase
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer, RequestKey
from helpdesk_core.testing.builders import a_raw_case
from helpdesk_core.testing.desk_inputs import (
    CALLERS,
    EMAILS,
    FILE_NAMES,
    any_cases,
    bodies,
    keys_as_typed,
    urgencies,
    valid_cases,
)
from helpdesk_core.testing.desks import Desk, Refusal
from helpdesk_core.testing.side_by_side import KEYS, SideBySide
from helpdesk_core.tickets import Change, Ticket
from helpdesk_core.use_cases.attaching import attach_file_as_customer
from helpdesk_core.use_cases.cases import (
    RawKey,
    cancel_case,
    escalate_case,
    read_case_status,
    submit_case,
)
from helpdesk_core.use_cases.once import KeyedRequest

Do: TypeAlias = Callable[[Ports, str], Ticket]
DONE_WITH_A_KEY: Final[tuple[Do, ...]] = (
    lambda ports, _: submit_case(ports, a_raw_case()),
    lambda ports, _: submit_case(ports, a_raw_case(subject="")),
    lambda ports, number: escalate_case(
        ports, RawKey(case_number=number, email="ana@example.com"), "Hurry"
    ),
)


class CustomersOfTwo(SideBySide):
    """Rules of the support door."""

    @rule(raw=valid_cases(), caller=st.sampled_from(CALLERS))
    def open_case(self, raw: RawCase, caller: Caller) -> None:
        ticket = self.both(lambda desk: submit_case(desk.ports, raw, caller))
        if not isinstance(ticket, Refusal):
            self.taken_in(ticket)

    @rule(raw=any_cases(), caller=st.sampled_from(CALLERS))
    def open_anything(self, raw: RawCase, caller: Caller) -> None:
        self.open_case(raw, caller)

    @rule(
        which=st.integers(0, 9),
        typed=keys_as_typed(),
        email=st.none() | st.sampled_from(EMAILS),
        caller=st.sampled_from(CALLERS),
    )
    def follow_case(
        self, which: int, typed: Callable[[str], object], email: str | None, caller: Caller
    ) -> None:
        key = RawKey(case_number=typed(self.number(which)), email=email)
        _ = self.both(lambda desk: read_case_status(desk.ports, key, caller))

    @rule(
        which=st.integers(0, 9),
        email=st.none() | st.sampled_from(EMAILS),
        reason=bodies(),
        urgency=urgencies(),
        caller=st.sampled_from(CALLERS),
    )
    def escalate(
        self, which: int, email: str | None, reason: object, urgency: object, caller: Caller
    ) -> None:
        key = RawKey(case_number=self.number(which), email=email)
        _ = self.both(lambda desk: escalate_case(desk.ports, key, reason, urgency, caller))

    @rule(
        which=st.integers(0, 9),
        email=st.none() | st.sampled_from(EMAILS),
        reason=bodies(),
        caller=st.sampled_from(CALLERS),
    )
    def cancel(self, which: int, email: str | None, reason: object, caller: Caller) -> None:
        key = RawKey(case_number=self.number(which), email=email)
        _ = self.both(lambda desk: cancel_case(desk.ports, key, reason, caller))

    @rule(
        which=st.integers(0, 9),
        name=st.sampled_from(FILE_NAMES),
        size=st.integers(0, 3),
        caller=st.sampled_from(CALLERS),
    )
    def attach_as_customer(self, which: int, name: str, size: int, caller: Caller) -> None:
        key = RawKey(case_number=self.number(which), email="ana@example.com")
        _ = self.both(
            lambda desk: attach_file_as_customer(desk.ports, key, name, [b"x"] * size, caller)
        )

    @rule(
        which=st.integers(0, 9),
        key=st.sampled_from(KEYS),
        place=st.sampled_from(range(len(DONE_WITH_A_KEY))),
        fingerprint=st.sampled_from([bytes(32), bytes(32), b"\xff" * 32]),
    )
    def ask_with_a_key(self, which: int, key: RequestKey, place: int, fingerprint: bytes) -> None:
        """The same is done once, and what is refused may be asked again."""
        request = KeyedRequest(key=key, fingerprint=fingerprint)
        act = partial(_answered, self.number(which), DONE_WITH_A_KEY[place])
        answer = self.both(lambda desk: desk.once_only(request, act, _written))
        if not isinstance(answer, Refusal):
            self._remember(answer)

    def _remember(self, answer: Answer) -> None:
        def by_number(desk: Desk) -> Ticket | None:
            with desk.ports.begin() as uow:
                return uow.ticket_by_number(answer.body.decode())

        ticket = self.both(by_number)
        if isinstance(ticket, Ticket):
            self.taken_in(ticket)


def _answered(number: str, do: Do, ports: Ports) -> Answer:
    return _answer_about(do(ports, number))


def _written(change: Change) -> Answer:
    return _answer_about(change.ticket)


def _answer_about(ticket: Ticket) -> Answer:
    number = ticket.case.number if ticket.case else ""
    return Answer(status=200, headers={"etag": str(ticket.version)}, body=number.encode())
