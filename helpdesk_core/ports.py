"""What the rules need from the outside, at the height of the rules.

Adapters fulfil these Protocols by shape; the suites in `helpdesk_core.testing` prove that they do.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self, TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.attachments import USUAL_FILES, Attachment, AttachmentRules
from helpdesk_core.case_numbers import Numbering
from helpdesk_core.case_policy import CONTRACT_CASES, CasePolicy
from helpdesk_core.directory import Directory
from helpdesk_core.limits import Limit
from helpdesk_core.messages import Message
from helpdesk_core.notices import Addressees, Notice
from helpdesk_core.queue import Order, Place, Wanted
from helpdesk_core.replies import Reply, RequestKey
from helpdesk_core.routing import CONTRACT_ROUTING, Channel, Routing
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
        """Intake tickets of a submitter's address, compared by `text.fold`.

        No cases. Newest first, ties by id.
        """
        ...

    def tickets_by_name(self, name: str, *, limit: int) -> tuple[Ticket, ...]:
        """Intake tickets of a submitter's whole name, compared by `text.fold`; no cases.

        Newest first means the latest `submitted_at` first; of equal ones the greater id first.
        """
        ...

    def ticket_by_number(self, number: str) -> Ticket | None:
        """The ticket of the case with that number, as `case_numbers.read_number` has it, or None.

        Numbers of different prefixes are different numbers.
        """
        ...

    def tickets_in_order(
        self, wanted: Wanted, order: Order, *, after: Place | None = None, skip: int = 0, limit: int
    ) -> tuple[Ticket, ...]:
        """At most `limit` of the tickets that are wanted, in that order; see `queue.place_in`.

        Those up to and with the place `after` are left out, and so are the next `skip`. No ticket
        needs to stand at `after`.
        """
        ...

    def count_tickets(self, wanted: Wanted, *, at_most: int) -> int:
        """How many tickets are wanted, or `at_most` when there are more."""
        ...

    def attachments(self, ticket_id: UUID) -> tuple[Attachment, ...]:
        """The files of the ticket, removed ones too; oldest first, ties by id."""
        ...

    def attachment_ids(self, among: tuple[UUID, ...]) -> frozenset[UUID]:
        """Those of the ids under which a ticket has a file that is not removed."""
        ...

    def token(self, digest: bytes) -> Token | None:
        """The token whose secret has that SHA-256 digest, or None."""
        ...

    def tokens(self) -> tuple[Token, ...]:
        """Every token, those too that are good no more; oldest first, ties by id."""
        ...

    def reply(self, request: RequestKey) -> Reply | None:
        """What was answered to the first request of that key, however long ago, or None."""
        ...

    def next_number(self, series: str) -> int:
        """The next number of a series, from 1. It is taken at once, durably and for good.

        Nobody else gets it, whether or not the caller commits, and no crash gives it out again.
        """
        ...

    def save(self, change: Change, notices: tuple[Notice, ...] = ()) -> None:
        """Gather a change, with its events, message and file, and the notices it calls for.

        Changes are stored in the order in which they were gathered, so that several of one ticket
        may go together. `commit` raises DuplicateId when a new ticket's, message's, file's or
        notice's id or a new case's number is taken, StaleTicket when the stored version is not the
        one before the change's, and StaleDirectory when the stored directory lacks the ticket's
        department, KPI type or assignee.
        """
        ...

    def let_files_go(self, before: datetime, *, at: datetime) -> None:
        """Gather that files which are outlived by that instant (see `retention`) are removed `at`.

        The oldest go first; a store may leave what is more than a thousand of them for the next
        time. Only the records say so: the bytes are another's to remove.
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

    def touch_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token was used; an unknown id is passed over."""
        ...

    def revoke_token(self, token_id: UUID, at: datetime) -> None:
        """Gather that the token is good no more; of several times the first stands."""
        ...

    def save_reply(self, reply: Reply) -> None:
        """Gather an answer, in the place of one that is older than `replies.KEPT`.

        `commit` raises DuplicateReply when its key has a younger one.
        """
        ...

    def replace_reply(self, reply: Reply) -> None:
        """Gather an answer in the place of what was kept under its key, if anything was."""
        ...

    def forget_replies(self, before: datetime) -> None:
        """Gather that answers made before that instant are forgotten, the oldest first.

        A store may leave what is more than a thousand of them for the next time.
        """
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


@attrs.frozen(kw_only=True)
class NoticeStanding:
    """How one notice stands: queued with attempts is one that failed, and is tried again."""

    notice: Notice
    state: NoticeState
    attempts: int
    due_at: datetime
    reason: str


@attrs.frozen(kw_only=True)
class ChannelStanding:
    """How a channel stands. `failed` of the `queued` were tried; times are the store's.

    `oldest_due` is for how long the longest due notice has waited; `last_error` is why an attempt
    failed last, of those still queued or dead.
    """

    channel: Channel
    queued: int
    failed: int
    sent: int
    dead: int
    oldest_due: timedelta | None
    last_error: str


class Outbox(Protocol):
    """The notices that wait to be delivered. Each method is a transaction of its own.

    Time is the store's own, so that no worker's clock matters. Every method may raise Unavailable.
    """

    def claim(
        self, *, limit: int, lease: timedelta, without: frozenset[str] = frozenset()
    ) -> tuple[Claim, ...]:
        """Claim at most `limit` queued notices that are due and not leased; oldest due first.

        A notice is due from its commit on, whatever its `created_at` says. Left out are those for
        the destinations `without`, and those that another one has to go before: of one ticket, by
        one channel, to one recipient, the notice with the lesser id, while that is queued.
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

    def revive(self, notice_id: UUID) -> bool:
        """Queue a dead notice again, due at once, its attempts forgotten; False for any other."""
        ...

    def standing(self, notice_id: UUID) -> NoticeStanding | None:
        """How the notice stands, or None when there is none of that id."""
        ...

    def counts(self) -> Mapping[NoticeState, int]:
        """How many notices are in each state, states without any included."""
        ...

    def by_channel(self) -> tuple[ChannelStanding, ...]:
        """How each channel stands that ever had a notice, in the order of `Channel`."""
        ...

    def recent(
        self,
        *,
        limit: int,
        channel: Channel | None = None,
        ticket_id: UUID | None = None,
        state: NoticeState | None = None,
        is_tried: bool | None = None,
    ) -> tuple[NoticeStanding, ...]:
        """How the latest notices stand that fit everything that is not None; latest id first.

        A notice `is_tried` when it has attempts.
        """
        ...

    def oldest_waiting(self) -> timedelta | None:
        """For how long the notice that is due longest has waited to be claimed; None without any.

        What is leased, or waits for a time yet to come, is not due.
        """
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
    public. `wait` is how long the other side asks to be left alone.
    """

    result: DeliveryResult
    reason: str = ""
    wait: timedelta | None = None


class Notifier(Protocol):
    """A channel. It never raises, and never takes longer than a deadline of its own."""

    def deliver(self, notice: Notice) -> Delivery:
        """Try once to deliver the notice, under its id."""
        ...


@attrs.frozen(kw_only=True)
class Letter:
    """What a mail says: its subject, on one line, and the same words as plain text and as HTML."""

    subject: str
    text: str
    html: str


Write: TypeAlias = Callable[[Notice], Letter]
"""The words of a notice that goes by mail; the same whenever they are asked for.

What it raises is a fault in the words: the notice waits until they are mended.
"""


class RateLimiter(Protocol):
    """Counts acts in a moving window, exactly, whoever asks at the same time."""

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """How long the next act would have to wait, zero for not at all; nothing is counted.

        Raises Unavailable when the counters cannot be reached.
        """
        ...

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act under the key; zero when it is allowed, else how long to wait.

        A refused act is not counted. Raises Unavailable when the counters cannot be reached.
        """
        ...


class FileStore(Protocol):
    """Keeps the bytes of attachments, each under an id of our own. Never overwrites.

    Every method may raise Unavailable.
    """

    def put(self, file_id: UUID, chunks: Iterable[bytes]) -> None:
        """Keep the chunks, one after another, as one file.

        When it returns, the whole file is kept durably; when it raises, or `chunks` does, nothing
        is there under the id. Raises DuplicateId when the id is taken.
        """
        ...

    def open(self, file_id: UUID) -> BinaryIO | None:
        """The file, to be read once from its start and closed; None where there is none."""
        ...

    def remove(self, file_id: UUID) -> None:
        """Let go of the file; none under that id is as good."""
        ...

    def kept_before(self, instant: datetime) -> Iterator[UUID]:
        """The ids of files that were kept before that instant by the store's clock, in any order.

        What is not of our making is passed over.
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


def nothing_else(uow: UnitOfWork, change: Change) -> None:
    """Nothing goes along with a change."""


@attrs.frozen(kw_only=True)
class CaseRules:
    """How the support door is set: its numbers, its promises, and what customers may add.

    `prefix` fulfils `case_numbers.is_prefix`.
    """

    prefix: str = "CW"
    numbering: Numbering = Numbering.RANDOM
    policy: CasePolicy = CONTRACT_CASES
    customers_may_attach: bool = False


NO_ADDRESSEES: Final = Addressees()
"""No mailboxes and no endpoints: only customers and agents are told."""

CONTRACT_CASE_RULES: Final = CaseRules()
"""As contract B has it, and with numbers that nobody guesses."""


@attrs.frozen(kw_only=True)
class Ports:
    """Everything a use case is given. One record serves all threads.

    `begin` makes a fresh unit of work for each call; `now` is the present instant, aware, UTC;
    `new_id` makes ids that nobody can guess, later ones greater; `random` makes so many bytes from
    a secure source. Without `files` nothing can be attached, and without `outbox` nobody can look
    at the notices. `along_with` is told of each change before its commit, and may save what belongs
    into the same transaction; what it raises undoes the change.
    """

    begin: Callable[[], UnitOfWork]
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    limiter: RateLimiter
    courier: Courier
    routing: Routing = CONTRACT_ROUTING
    addressees: Addressees = NO_ADDRESSEES
    random: Callable[[int], bytes] = secrets.token_bytes
    cases: CaseRules = CONTRACT_CASE_RULES
    files: FileStore | None = None
    outbox: Outbox | None = None
    attachments: AttachmentRules = USUAL_FILES
    along_with: Callable[[UnitOfWork, Change], None] = nothing_else
