"""Everything a desk keeps, in dictionaries of frozen values."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import RLock
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.audit import AuditRecord, Subject
from helpdesk_core.checkpoints import ChainEnd, Checkpoint, Seal
from helpdesk_core.directory import Directory
from helpdesk_core.kpi.cells import Counted, Sums
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.persons import Identity, Person
from helpdesk_core.ports import NoticeState
from helpdesk_core.replies import Reply, RequestKey
from helpdesk_core.sessions import Session
from helpdesk_core.sign_ins import SignInLink, SignInUnderWay
from helpdesk_core.sla_policies import Policy
from helpdesk_core.tickets import Event, Ticket
from helpdesk_core.tokens import Token


def _present() -> datetime:
    return datetime.now(UTC)


@attrs.frozen(kw_only=True)
class OutboxRow:
    """A notice and how its delivery stands. It is due from `due_at`, when a lease ends too."""

    notice: Notice
    state: NoticeState = NoticeState.QUEUED
    attempts: int = 0
    due_at: datetime
    lease: UUID | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class PlacedEvent:
    """What happened to a ticket, by the version that it belongs to and its place in it."""

    version: int
    position: int
    event: Event


class Contents:
    """What is stored, and the clock by which its outbox goes.

    Whoever holds the lock sees what was committed and nothing else.
    """

    def __init__(self, now: Callable[[], datetime] = _present) -> None:
        self.now = now
        self.lock = RLock()
        self.directory = Directory()
        self.tickets: dict[UUID, Ticket] = {}
        self.messages: dict[UUID, tuple[Message, ...]] = {}
        self.message_ids: dict[UUID, UUID] = {}
        self.history: dict[UUID, tuple[PlacedEvent, ...]] = {}
        self.policies: dict[str, Policy] = {}
        self.outbox: dict[UUID, OutboxRow] = {}
        self.tokens: dict[bytes, Token] = {}
        self.numbers: dict[str, UUID] = {}
        self.attachments: dict[UUID, tuple[Attachment, ...]] = {}
        self.attachment_ids: dict[UUID, UUID] = {}
        self.replies: dict[RequestKey, Reply] = {}
        self.audit: dict[Subject, tuple[AuditRecord, ...]] = {}
        self.chain_ends: dict[Subject, ChainEnd] = {}
        self.checkpoints: tuple[Checkpoint, ...] = ()
        self.seals: tuple[Seal, ...] = ()
        self.series: dict[str, int] = {}
        self.persons: dict[UUID, Person] = {}
        self.identities: dict[tuple[str, str], Identity] = {}
        self.sessions: dict[UUID, Session] = {}
        self.sign_ins: dict[bytes, SignInUnderWay] = {}
        self.sign_in_links: dict[bytes, SignInLink] = {}
        self.counted: dict[UUID, Counted] = {}
        self.sums: Sums = {}
