"""Who did what, when, to what, and from where: append-only records, sealed each to the one before.

Every object has a chain of its own, so that no write waits for a stranger's. A ticket's events are
its records; those of any other object are written by `use_cases.recording.record`, in the
transaction of what they record:

    record(ports, uow, caller, AuditKind.TOKEN_CREATED, token_subject(token.id), role="agent")

`caller` is who and from where. Details are words by name; those named in `PERSONAL` may tell of a
person, and so may who and from where. A record's hash covers them by a salted digest only, the
commitment: text and salt can go, and the chain holds.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

import attrs

SALT_BYTES: Final = 16
"""Random bytes of a salt: so many that nobody finds a name by trying names."""
FIRST: Final = b""
"""What stands in the place of the hash before the first record of a chain."""
PERSONAL: Final = frozenset(
    {"address", "device", "email", "name", "phone", "previousName", "reason", "subject", "words"}
)
"""The details that may tell of a person; they go when the person is erased.

The list is part of what is hashed: a name that is added makes older records with it look changed.
"""

ERASED_RECORDS: Final = "records"
"""The detail of an erasure that names the places, in its chain, whose words it took away."""

_FORM: Final = "helpdesk audit 1"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class SubjectKind(Enum):
    """What a chain is about. The value goes into hashes and stores, and never changes."""

    TICKET = "ticket"
    AGENT = "agent"
    CALENDAR = "calendar"
    COUNTRY = "country"
    DEPARTMENT = "department"
    DESK = "desk"
    DOOR = "door"
    KPI_GROUP = "kpi_group"
    KPI_TYPE = "kpi_type"
    NOTICE_RULES = "notice_rules"
    PERSON = "person"
    POLICY = "policy"
    TOKEN = "token"  # noqa: S105  # no secret


class AuditKind(Enum):
    """What happened to an object that is no ticket; for tickets see `EventKind`."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    ROLE_CHANGED = "role_changed"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    LINK_MADE = "link_made"
    SESSION_ENDED = "session_ended"
    ACCOUNT_FORGOTTEN = "account_forgotten"
    FORBIDDEN = "forbidden"
    TOKEN_CREATED = "token_created"  # noqa: S105  # no secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  # no secret
    PERSON_ERASED = "person_erased"
    PERSON_EXPORTED = "person_exported"
    CHAINS_BEGUN = "chains_begun"


@attrs.frozen(kw_only=True)
class Subject:
    """What a chain is about: `id` is a UUID in its canonical form, or a word of our own."""

    kind: SubjectKind
    id: str

    @property
    def place(self) -> tuple[bool, str]:
        """Where its chain is among all: tickets first, the others by kind, each by id."""
        return (self.kind is not SubjectKind.TICKET, str(self))

    @property
    def is_ticket(self) -> bool:
        """True when the chain is a ticket's, made of its events."""
        return self.kind is SubjectKind.TICKET

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.id}"


@attrs.frozen(kw_only=True)
class Entry:
    """What is to be recorded. `who` is the actor in words; None for a stranger and for the desk.

    `origin` is where the call came from; None: from inside the program.
    """

    subject: Subject
    kind: str
    at: datetime
    actor_id: UUID | None = None
    who: str | None = None
    origin: str | None = None
    details: Mapping[str, str] = attrs.field(factory=dict)
    salt: bytes | None


@attrs.frozen(kw_only=True)
class AuditRecord(Entry):
    """A record in its chain, in the place (`number`, `position`); numbers count from 1.

    A ticket's number is the version that the event belongs to, and there may be several positions
    in it, from 0; elsewhere the position is 0. `at` is when it became true, `noted_at` when it was
    recorded. Without a `salt` its personal words were erased, and `commitment` is what they were
    sealed by; else that is None, and follows from them. `hash` None: it was never sealed.
    """

    number: int
    position: int = 0
    noted_at: datetime
    status: str | None = None
    commitment: bytes | None = None
    hash: bytes | None

    @property
    def is_erased(self) -> bool:
        """True when a person was erased from it."""
        return self.salt is None


@attrs.frozen(kw_only=True)
class Mark:
    """What a ticket's event has as an audit record, besides what happened; see `AuditRecord`."""

    noted_at: datetime
    who: str | None
    origin: str | None
    salt: bytes | None
    commitment: bytes | None
    hash: bytes


def read_subject(text: str) -> Subject | None:
    """The subject that is written so, as `str` writes one; None for any other text."""
    kind, _, name = text.partition(":")
    found = next((it for it in SubjectKind if it.value == kind), None)
    return Subject(kind=found, id=name) if found and name else None


def ticket_subject(ticket_id: UUID) -> Subject:
    """The chain of a ticket."""
    return Subject(kind=SubjectKind.TICKET, id=str(ticket_id))


def agent_subject(agent_id: UUID) -> Subject:
    """The chain of a member of staff, as the directory has them."""
    return Subject(kind=SubjectKind.AGENT, id=str(agent_id))


def person_subject(person_id: UUID) -> Subject:
    """The chain of somebody who signs in."""
    return Subject(kind=SubjectKind.PERSON, id=str(person_id))


def token_subject(token_id: UUID) -> Subject:
    """The chain of a token."""
    return Subject(kind=SubjectKind.TOKEN, id=str(token_id))


def door_subject(origin: str | None) -> Subject:
    """The chain of what was refused at the door to nobody known: one of sixteen, by the origin.

    So many that strangers seldom wait for each other, so few that they fill no list of chains.
    """
    slot = hashlib.sha256((origin or "").encode("utf-8", "surrogatepass")).hexdigest()[0]
    return Subject(kind=SubjectKind.DOOR, id=slot)


def sealed(entry: Entry, *, number: int, previous: bytes) -> AuditRecord:
    """The record of an entry, next in its chain after the record with that hash."""
    fields = {field.name: getattr(entry, field.name) for field in attrs.fields(Entry)}
    record = AuditRecord(**fields, number=number, noted_at=entry.at, hash=None)
    return attrs.evolve(record, hash=hash_of(record, previous))


def hash_of(record: AuditRecord, previous: bytes) -> bytes:
    """What seals the record to the one with the hash `previous`: SHA-256 of one written form."""
    return _digest(
        _FORM,
        previous.hex(),
        str(record.subject),
        str(record.number),
        str(record.position),
        record.kind,
        _microseconds(record.at),
        _microseconds(record.noted_at),
        str(record.actor_id) if record.actor_id else None,
        record.status,
        commitment_of(record).hex(),
        *_pairs(record.details, personal=False),
    )


def commitment_of(record: AuditRecord) -> bytes:
    """What the personal words of the record are sealed by; as it is kept where they were erased."""
    if record.salt is None:
        return record.commitment or b""
    pairs = _pairs(record.details, personal=True)
    return _digest(_FORM, record.salt.hex(), record.who, record.origin, *pairs)


def without_person(record: AuditRecord) -> AuditRecord:
    """The record without its personal words, sealed as before; again is as good as once."""
    return attrs.evolve(
        record,
        who=None,
        origin=None,
        details={name: it for name, it in record.details.items() if name not in PERSONAL},
        salt=None,
        commitment=commitment_of(record),
    )


def _digest(*parts: str | None) -> bytes:
    """The digest of texts, each with its length before it, so that no two lists read alike."""
    written = "".join(["-" if it is None else f"{len(it)}:{it}" for it in parts])
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()


def _pairs(details: object, *, personal: bool) -> list[str]:
    """The details of the one kind or the other, by name.

    What is no text was put there by another hand; it is written as what it is.
    """
    if not isinstance(details, Mapping):
        return [repr(details)]
    names = sorted(name for name in details if (name in PERSONAL) is personal)
    values = ((name, details[name]) for name in names)
    return [it if isinstance(it, str) else f"\0{it!r}" for pair in values for it in pair]


def _microseconds(instant: datetime) -> str:
    return str((instant - _EPOCH) // _MICROSECOND)
