"""The lives that tickets of the sample lead, as a table of stories made of acts."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.cases import Escalation, escalate
from helpdesk_core.chat import agent_message, customer_message
from helpdesk_core.directory import Agent
from helpdesk_core.people import User
from helpdesk_core.tickets import Change, Status, Ticket, assign, move, say
from helpdesk_server.sample.scene import Customer, Scene, after_work


class Act(Enum):
    """Something that happens to a ticket after it was submitted."""

    ASSIGN = "assign"
    HAND_OVER = "hand over"
    REPLY = "reply"
    NOTE = "note"
    SOLVE = "solve"
    ANSWER = "answer"
    COMPLAIN = "complain"
    WAIT = "wait"
    RESUME = "resume"
    RESOLVE = "resolve"
    CLOSE = "close"
    REJECT = "reject"
    CANCEL = "cancel"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    WITHDRAW = "withdraw"


@attrs.frozen(kw_only=True)
class Story:
    """A life: submitted between `youngest` and `oldest` days ago, then its acts in order.

    `share` is how many tickets of a round lead it. In one that `wants_chat` the submitter is
    signed in; in one that `names_agent` the submitter chose who shall have the ticket.
    """

    share: int
    youngest: float
    oldest: float
    acts: tuple[Act, ...] = ()
    wants_chat: bool = False
    names_agent: bool = False


HALF_A_YEAR: Final = 182

STORIES: Final = (
    Story(share=1, youngest=0, oldest=1),
    Story(share=1, youngest=0, oldest=2, names_agent=True),
    Story(share=1, youngest=1, oldest=4, acts=(Act.ASSIGN,)),
    Story(share=1, youngest=2, oldest=5, acts=(Act.ASSIGN, Act.NOTE, Act.REPLY, Act.HAND_OVER)),
    Story(share=1, youngest=12, oldest=20, acts=(Act.ASSIGN, Act.REPLY, Act.NOTE)),
    Story(share=1, youngest=12, oldest=16, acts=(Act.ASSIGN, Act.REPLY, Act.WAIT)),
    Story(
        share=6,
        youngest=4,
        oldest=30,
        acts=(Act.ASSIGN, Act.NOTE, Act.SOLVE, Act.RESOLVE, Act.CLOSE),
    ),
    Story(share=1, youngest=12, oldest=16, acts=(Act.ASSIGN, Act.REPLY, Act.SOLVE, Act.RESOLVE)),
    Story(
        share=6,
        youngest=14,
        oldest=HALF_A_YEAR,
        acts=(Act.ASSIGN, Act.REPLY, Act.SOLVE, Act.RESOLVE, Act.CLOSE),
    ),
    Story(
        share=2,
        youngest=20,
        oldest=HALF_A_YEAR,
        acts=(Act.ASSIGN, Act.REPLY, Act.WAIT, Act.ANSWER, Act.RESUME, Act.SOLVE, Act.CLOSE),
        wants_chat=True,
    ),
    Story(
        share=1,
        youngest=14,
        oldest=HALF_A_YEAR,
        acts=(Act.NOTE, Act.HAND_OVER, Act.SOLVE, Act.CLOSE),
        names_agent=True,
    ),
    Story(
        share=1,
        youngest=20,
        oldest=HALF_A_YEAR,
        acts=(Act.ASSIGN, Act.SOLVE, Act.CLOSE, Act.COMPLAIN, Act.REOPEN, Act.SOLVE, Act.CLOSE),
        wants_chat=True,
    ),
    Story(
        share=1,
        youngest=12,
        oldest=25,
        acts=(Act.ASSIGN, Act.SOLVE, Act.RESOLVE, Act.COMPLAIN, Act.REOPEN),
        wants_chat=True,
    ),
    Story(share=2, youngest=10, oldest=HALF_A_YEAR, acts=(Act.REJECT,)),
    Story(share=1, youngest=10, oldest=HALF_A_YEAR, acts=(Act.ASSIGN, Act.NOTE, Act.CANCEL)),
)
"""From one submitted a moment ago to one that was closed, reopened and closed again."""

CASE_STORIES: Final = (
    Story(share=3, youngest=0, oldest=2),
    Story(share=1, youngest=0.5, oldest=3, acts=(Act.ESCALATE,)),
    Story(share=2, youngest=1, oldest=6, acts=(Act.ASSIGN,)),
    Story(share=2, youngest=2, oldest=9, acts=(Act.ASSIGN, Act.NOTE, Act.REPLY)),
    Story(share=1, youngest=12, oldest=20, acts=(Act.ASSIGN, Act.REPLY, Act.ESCALATE, Act.NOTE)),
    Story(share=1, youngest=12, oldest=20, acts=(Act.ASSIGN, Act.REPLY, Act.HAND_OVER, Act.REPLY)),
    Story(share=2, youngest=12, oldest=20, acts=(Act.ASSIGN, Act.REPLY, Act.WAIT)),
    Story(share=2, youngest=12, oldest=30, acts=(Act.ASSIGN, Act.REPLY, Act.SOLVE, Act.RESOLVE)),
    Story(
        share=3,
        youngest=20,
        oldest=HALF_A_YEAR,
        acts=(Act.ASSIGN, Act.NOTE, Act.REPLY, Act.SOLVE, Act.RESOLVE, Act.CLOSE),
    ),
    Story(
        share=1,
        youngest=20,
        oldest=HALF_A_YEAR,
        acts=(Act.ESCALATE, Act.ASSIGN, Act.ESCALATE, Act.SOLVE, Act.CLOSE),
    ),
    Story(
        share=1,
        youngest=12,
        oldest=25,
        acts=(Act.ASSIGN, Act.SOLVE, Act.RESOLVE, Act.REOPEN, Act.REPLY),
    ),
    Story(share=1, youngest=12, oldest=HALF_A_YEAR, acts=(Act.ASSIGN, Act.REJECT)),
    Story(share=1, youngest=12, oldest=HALF_A_YEAR, acts=(Act.WITHDRAW,)),
    Story(share=1, youngest=12, oldest=HALF_A_YEAR, acts=(Act.ASSIGN, Act.REPLY, Act.WITHDRAW)),
)
"""The same of cases, whose customers hold nothing but the number."""


@attrs.define
class Telling:
    """A ticket while its story is told. `routes_to` is where a case goes when it is assigned."""

    scene: Scene
    customer: Customer
    agent: Agent
    ticket: Ticket
    now: datetime
    routes_to: UUID | None = None

    def tell(self, act: Act) -> Change | None:
        """Let the act happen, at its time; None when that is yet to come."""
        now = self._later(act, self._wait(act))
        if now > self.scene.until:
            return None
        self.now = now
        change = _ACTS[act](self)
        self.ticket = change.ticket
        return change

    @property
    def staff(self) -> User:
        """The agent, at work."""
        return self.agent.as_user()

    def said(self, occasion: str, *, is_internal: bool = False) -> Change:
        """The agent says something."""
        message = agent_message(
            self.scene.message(occasion),
            self.staff,
            message_id=self.scene.new_id(self.now),
            now=self.now,
            is_internal=is_internal,
        )
        return say(self.ticket, message, by=self.staff)

    def asked(self, occasion: str) -> Change:
        """The customer says something."""
        writer = self.customer.user
        message = customer_message(
            self.scene.message(occasion),
            writer,
            message_id=self.scene.new_id(self.now),
            now=self.now,
        )
        return say(self.ticket, message, by=writer)

    def moved(self, to: Status, reason: str | None = None) -> Change:
        """The agent brings the ticket to another status."""
        return move(self.ticket, to, by=self.staff, now=self.now, reason=reason)

    def assigned(self) -> Change:
        """The agent takes the ticket."""
        return assign(
            self.ticket, self.agent, by=self.staff, now=self.now, department_id=self.routes_to
        )

    def handed_over(self) -> Change:
        """The agent gives the ticket to somebody of the department, who may be the same."""
        giver = self.staff
        department_id = self.ticket.department_id
        if department_id is not None:
            self.agent = self.scene.die.choice(self.scene.directory.members_of(department_id))
        return assign(self.ticket, self.agent, by=giver, now=self.now)

    def escalated(self) -> Change:
        """The customer, or whoever holds the case's number, urges."""
        urged = Escalation(reason=self.scene.message("urging"), urgency=None)
        return escalate(self.ticket, urged, policy=self.scene.policy, by=None, now=self.now)

    def withdrawn(self) -> Change:
        """The customer needs no answer any more."""
        reason = self.scene.message("withdrawal")
        return move(self.ticket, Status.CANCELLED, by=None, now=self.now, reason=reason)

    def _wait(self, act: Act) -> timedelta:
        fewest, most = _WAITS[act]
        is_late = self.scene.die.random() < _LATE
        return self.scene.minutes(*((most, _TIMES * most) if is_late else (fewest, most)))

    def _later(self, act: Act, wait: timedelta) -> datetime:
        if act in _BY_CUSTOMER:
            return self.now + wait
        calendar = self.scene.directory.calendar_of(self.ticket.department_id)
        return after_work(calendar, self.now, wait)


_BY_CUSTOMER: Final = frozenset({Act.ANSWER, Act.COMPLAIN, Act.ESCALATE, Act.WITHDRAW})
"""Acts of customers happen by the clock on the wall, all others in working hours."""

_WAITS: Final[Mapping[Act, tuple[int, int]]] = {
    Act.ASSIGN: (1, 12),
    Act.HAND_OVER: (5, 20),
    Act.REPLY: (5, 30),
    Act.NOTE: (5, 20),
    Act.SOLVE: (10, 90),
    Act.ANSWER: (10, 1200),
    Act.COMPLAIN: (60, 2000),
    Act.WAIT: (1, 10),
    Act.RESUME: (5, 30),
    Act.RESOLVE: (1, 5),
    Act.CLOSE: (1, 15),
    Act.REJECT: (10, 100),
    Act.CANCEL: (10, 100),
    Act.REOPEN: (5, 30),
    Act.ESCALATE: (30, 600),
    Act.WITHDRAW: (30, 900),
}
"""The fewest and most minutes that pass before an act, for the most part."""

_LATE: Final = 0.05
"""The share of acts that come later than that, up to `_TIMES` as late."""
_TIMES: Final = 4

_ACTS: Final[Mapping[Act, Callable[[Telling], Change]]] = {
    Act.ASSIGN: Telling.assigned,
    Act.HAND_OVER: Telling.handed_over,
    Act.REPLY: lambda telling: telling.said("reply"),
    Act.NOTE: lambda telling: telling.said("note", is_internal=True),
    Act.SOLVE: lambda telling: telling.said("solution"),
    Act.ANSWER: lambda telling: telling.asked("answer"),
    Act.COMPLAIN: lambda telling: telling.asked("complaint"),
    Act.WAIT: lambda telling: telling.moved(Status.WAITING),
    Act.RESUME: lambda telling: telling.moved(Status.IN_PROGRESS),
    Act.RESOLVE: lambda telling: telling.moved(Status.RESOLVED),
    Act.CLOSE: lambda telling: telling.moved(Status.CLOSED),
    Act.REJECT: lambda telling: telling.moved(
        Status.REJECTED, reason=telling.scene.message("refusal")
    ),
    Act.CANCEL: lambda telling: telling.moved(Status.CANCELLED),
    Act.REOPEN: lambda telling: telling.moved(Status.IN_PROGRESS),
    Act.ESCALATE: Telling.escalated,
    Act.WITHDRAW: Telling.withdrawn,
}
