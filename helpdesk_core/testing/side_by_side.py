"""Two desks to which the same is done: what each rule of the machine rests on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from helpdesk_core.case_numbers import Numbering
from helpdesk_core.replies import RequestKey
from helpdesk_core.testing.builders import NOW, an_id
from helpdesk_core.testing.desks import Clock, Desk, Refusal, Side, answer_of
from helpdesk_core.testing.stores import stocked
from helpdesk_core.tickets import Ticket

Answer = TypeVar("Answer")
Make: TypeAlias = Callable[[Clock], Side]

A_DAY: Final = 24 * 60
"""Minutes, after which kept answers are old."""
KEYS: Final = tuple(
    RequestKey(caller, key) for caller in ("192.0.2.1", "ana") for key in ("a", "A", "a b")
)


class SideBySide(RuleBasedStateMachine):
    """Two desks, and everything that is known of what was done to them."""

    def __init__(self, one: Make, other: Make) -> None:
        super().__init__()
        self._instant = NOW
        self.one, self.other = (Desk.over(make(self._now), self._now) for make in (one, other))
        self.ticket_ids: list[UUID] = []
        self.numbers: list[str] = []

    @initialize(numbering=st.sampled_from(Numbering), attaching=st.booleans())
    def load_a_directory(self, numbering: Numbering, *, attaching: bool) -> None:
        self.one, self.other = (
            desk.set_up(numbering, customers_may_attach=attaching)
            for desk in (self.one, self.other)
        )
        for desk in (self.one, self.other):
            stocked(desk.side.store)

    @rule(minutes=st.integers(0, 600) | st.just(A_DAY), microseconds=st.integers(0, 3))
    def pass_time(self, minutes: int, microseconds: int) -> None:
        self._instant += timedelta(minutes=minutes, microseconds=microseconds)

    @invariant()
    def the_books_agree(self) -> None:
        assert self._book(self.one) == self._book(self.other)

    @property
    def has_tickets(self) -> bool:
        """True once a submission was taken."""
        return bool(self.ticket_ids)

    def ticket_id(self, which: int) -> UUID:
        """One of the tickets, or none there is."""
        if which == 0:
            return an_id(999)
        return self.ticket_ids[which % len(self.ticket_ids)]

    def number(self, which: int) -> str:
        """The number of one of the cases, or of none there is."""
        if which == 0 or not self.numbers:
            return "CW-2026-999"
        return self.numbers[which % len(self.numbers)]

    def taken_in(self, ticket: Ticket) -> None:
        """Remember a ticket that both desks have."""
        if ticket.id not in self.ticket_ids:
            self.ticket_ids.append(ticket.id)
            self.numbers += [ticket.case.number] if ticket.case else []

    def both(self, act: Callable[[Desk], Answer]) -> Answer | Refusal:
        """What both desks answered, or how both refused."""
        one, other = (answer_of(act, desk) for desk in (self.one, self.other))
        assert one == other
        return one

    def _now(self) -> datetime:
        return self._instant

    def _book(self, desk: Desk) -> object:
        """Everything the desk keeps that its ports can show."""
        with desk.side.store.begin() as uow:
            tickets = [
                (
                    uow.ticket(ticket_id),
                    uow.messages(ticket_id),
                    uow.history(ticket_id),
                    uow.attachments(ticket_id),
                )
                for ticket_id in self.ticket_ids
            ]
            cases = [uow.ticket_by_number(number) for number in self.numbers]
            replies = [uow.reply(key) for key in KEYS]
            rest = uow.directory(), uow.tokens(), desk.side.outbox.counts()
            return tickets, cases, replies, rest


def has_tickets(desks: SideBySide) -> bool:
    """True once a submission was taken."""
    return desks.has_tickets
