"""What the rules need from the outside, at the height of the rules.

Adapters fulfil these Protocols by shape; the suites in `helpdesk_core.testing` prove that they do.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

import attrs

from helpdesk_core.directory import Directory
from helpdesk_core.limits import Limit
from helpdesk_core.messages import Message
from helpdesk_core.notices import CONTRACT_ROUTES, Notice, Routes
from helpdesk_core.tickets import Change, Event, Ticket
from helpdesk_core.tokens import Token


class UnitOfWork(Protocol):
    """One call's view of the store: reads answer at once, writes wait for `commit`.

    Reads see what was committed when they are asked. What is saved is gathered and stored together
    at `commit`, all of it or nothing; leaving the block without `commit` stores nothing. A unit of
    work belongs to one call and one thread, and is not used again after its block.

    Every method may raise Unavailable when the store does not answer.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...

    def directory(self) -> Directory:
        """The directory as it is now; an empty one of version 0 before the first is stored."""
        ...

    def ticket(self, ticket_id: UUID) -> Ticket | None:
        """The ticket of that id, or None."""
        ...

    def messages(self, ticket_id: UUID) -> tuple[Message, ...]:
        """Everything said on the ticket, notes among staff too; oldest first, ties by id."""
        ...

    def history(self, ticket_id: UUID) -> tuple[Event, ...]:
        """Everything that happened to the ticket, in the order in which it was stored."""
        ...

    def tickets_by_email(self, email: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's address, compared by `text.fold`; newest first, ties by id."""
        ...

    def tickets_by_name(self, name: str, *, limit: int) -> tuple[Ticket, ...]:
        """Tickets of a submitter's whole name, compared by `text.fold`; newest first, ties by id.

        Newest first means the latest `submitted_at` first; of equal ones the greater id first.
        """
        ...

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that SHA-256 digest, or None."""
        ...

    def save(self, change: Change, notices: tuple[Notice, ...] = ()) -> None:
        """Gather a change, with its events, its message and the notices it calls for.

        Changes are stored in the order in which they were gathered, so that several of one ticket
        may go together. `commit` raises DuplicateId when a new ticket's, message's or notice's id
        is taken, StaleTicket when the stored version is not the one before the change's, and
        StaleDirectory when the stored directory lacks the ticket's department, KPI type or
        assignee.
        """
        ...

    def save_directory(self, directory: Directory) -> None:
        """Gather a directory whose `version` is one more than the stored one's.

        What is stored but not in it is taken away. `commit` raises StaleDirectory when its version
        is another, and InvalidDirectory when it refers to what is not in it or lacks what a stored
        ticket refers to: its department, its KPI type, its assignee.
        """
        ...

    def save_token(self, token: Token) -> None:
        """Gather a new token. `commit` raises DuplicateId when its id or digest is taken."""
        ...

    def commit(self) -> None:
        """Store what was gathered: durably, all of it or nothing. Errors: see the `save` methods.

        When it returns, a power cut loses none of it (a store in memory promises less).
        """
        ...


class NoticeState(Enum):
    """Where a notice stands in the outbox."""

    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"


@attrs.frozen(kw_only=True)
class Claim:
    """The right to deliver a notice until the lease runs out. `attempt` counts from 1.

    `lease` fences: whoever comes after the lease was taken by another changes nothing.
    """

    notice: Notice
    attempt: int
    lease: UUID


class Outbox(Protocol):
    """The notices that wait to be delivered. Each method is a transaction of its own.

    Time is the store's own, so that no worker's clock matters. Every method may raise Unavailable.
    """

    def claim(self, *, limit: int, lease: timedelta) -> tuple[Claim, ...]:
        """Claim at most `limit` queued notices that are due and not leased; oldest due first.

        A notice is due from its commit on, whatever its `created_at` says.
        """
        ...

    def sent(self, claim: Claim) -> bool:
        """The notice was delivered.

        False, and nothing changed, when the lease is another's or the claim was settled before. A
        lease that ran out but was not taken by another still counts.
        """
        ...

    def retry(self, claim: Claim, *, after: timedelta, reason: str) -> bool:
        """The attempt failed; the notice is due again after that time. False as in `sent`."""
        ...

    def give_up(self, claim: Claim, *, reason: str) -> bool:
        """The notice is dead, for that reason. False as in `sent`."""
        ...

    def counts(self) -> Mapping[NoticeState, int]:
        """How many notices are in each state, states without any included."""
        ...


class DeliveryResult(Enum):
    """What came of one attempt to deliver a notice."""

    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"


@attrs.frozen(kw_only=True)
class Delivery:
    """One attempt: taken by the other side, failed for now, or refused for good.

    `reason` is for operators and may hold what the other side said; it is never shown to the
    public.
    """

    result: DeliveryResult
    reason: str = ""


class Notifier(Protocol):
    """A channel. It never raises, and never takes longer than a deadline of its own."""

    def deliver(self, notice: Notice) -> Delivery:
        """Try once to deliver the notice, under its id."""
        ...


class RateLimiter(Protocol):
    """Counts acts in a moving window, exactly, whoever asks at the same time."""

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act under the key; zero when it is allowed, else how long to wait.

        A refused act is not counted. Raises Unavailable when the counters cannot be reached.
        """
        ...


class MailStatus(Enum):
    """What contract A says of the assignment's mail; the value is its word."""

    SENT = "sent"
    SKIPPED = "skipped"
    ERROR = "error"


@attrs.frozen(kw_only=True)
class MailOutcome:
    """What became of a mail within the request. `reason` is user-safe; None when it was sent."""

    status: MailStatus
    reason: str | None = None


class Courier(Protocol):
    """Whoever sees to it that committed notices go out, and can say how one fared."""

    def outcome(self, notice: Notice) -> MailOutcome:
        """How a committed notice fared, after at most a short moment of waiting. Never raises."""
        ...


@attrs.frozen(kw_only=True)
class Ports:
    """Everything a use case is given. One record serves all threads.

    `begin` makes a fresh unit of work for each call; `now` is the present instant, aware, UTC;
    `new_id` makes ids that nobody can guess, later ones greater.
    """

    begin: Callable[[], UnitOfWork]
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    limiter: RateLimiter
    courier: Courier
    routes: Routes = CONTRACT_ROUTES
