"""Between the values of the core and the columns that keep them."""

from typing import Final, TypeAlias, get_args
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.audit import AuditRecord, Mark, Subject, SubjectKind, ticket_subject
from helpdesk_core.identities import KeptSignIn
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.persons import Identity, Person
from helpdesk_core.replies import Answer, Reply, RequestKey
from helpdesk_core.sessions import Session
from helpdesk_core.sign_ins import SignInLink, SignInUnderWay
from helpdesk_core.support import SupportCase
from helpdesk_core.text import fold
from helpdesk_core.tickets import Event, Ticket
from helpdesk_core.tokens import Token
from helpdesk_sql.drawers import drawer_columns
from helpdesk_sql.kept import Record

Stored: TypeAlias = Message | Attachment | Notice | Token | Person | Identity | Session | SignInLink

_FIELDS: Final = {
    kind: tuple(field.name for field in attrs.fields(kind)) for kind in get_args(Stored)
}
_KEPT: Final = tuple(field.name for field in attrs.fields(KeptSignIn))
_EVENT: Final = tuple(field.name for field in attrs.fields(Event) if field.name != "mark")
_MARK: Final = tuple(field.name for field in attrs.fields(Mark))
_UNMARKED: Final[Record] = dict.fromkeys(_MARK)
_AUDIT: Final = (
    *("number", "kind", "at", "actor_id", "who", "origin"),
    *("details", "salt", "commitment", "hash"),
)
_TICKET: Final = tuple(field.name for field in attrs.fields(Ticket) if field.name != "case")
_CASE: Final = tuple(field.name for field in attrs.fields(SupportCase) if field.name != "number")

CASE_COLUMNS: Final = ("case_number", *_CASE)
"""What only the ticket of a support case has."""


def columns_of(value: Stored) -> Record:
    """The attributes of a value by name, as they are."""
    return {name: getattr(value, name) for name in _FIELDS[type(value)]}


def notice_columns(notice: Notice) -> Record:
    """A notice, and where it goes."""
    return columns_of(notice) | {"destination": notice.destination}


def event_columns(event: Event) -> Record:
    """What happened, and what it has as an audit record."""
    columns = {name: getattr(event, name) for name in _EVENT}
    if event.mark is None:
        return columns | _UNMARKED
    return columns | {name: getattr(event.mark, name) for name in _MARK}


def event_of(record: Record) -> Event:
    """The event in a row. The record is used up."""
    mark = {name: record.pop(name) for name in _MARK}
    return Event(**record, mark=None if mark["hash"] is None else Mark(**mark))


def ticket_columns(ticket: Ticket) -> Record:
    """A ticket with what finds it again and where lists find it, and its case if it is one."""
    columns = {name: getattr(ticket, name) for name in _TICKET}
    columns["submitter_email_key"] = fold(ticket.submitter_email)
    columns["submitter_name_key"] = fold(ticket.submitter_name)
    columns |= drawer_columns(ticket)
    case = ticket.case
    if case is not None:
        columns["case_number"] = case.number
        columns |= {name: getattr(case, name) for name in _CASE}
    return columns


def changed_columns(held: Ticket, ticket: Ticket) -> Record:
    """The columns of a ticket that are not as they were when it was `held`; its version at least.

    An index takes part in a write only when one of its columns does.
    """
    before, after = ticket_columns(held), ticket_columns(ticket)
    return {name: value for name, value in after.items() if not _is_same(before.get(name), value)}


def _is_same(before: object, after: object) -> bool:
    # Metrics are not compared by their values, of which True and 1 are equal.
    return before is after or (type(before) is type(after) is not dict and before == after)


def ticket_of(record: Record) -> Ticket:
    """The ticket in a row of all its columns, but for the keys. The record is used up."""
    if "case_number" not in record:
        return Ticket(**record)
    case = {name: record.pop(name) for name in _CASE}
    number = record.pop("case_number")
    return Ticket(**record, case=None if number is None else SupportCase(number=number, **case))


def message_of(record: Record) -> Message:
    """The message in a row. The record is used up."""
    record["attachment_ids"] = record["attachment_ids"] or ()
    return Message(**record)


def reply_columns(reply: Reply) -> Record:
    """An answer, the request's key and the answer's parts each in a column of its own."""
    return {
        "caller": reply.request.caller,
        "key": reply.request.key,
        "fingerprint": reply.fingerprint,
        "status": reply.answer.status,
        "headers": dict(reply.answer.headers),
        "body": reply.answer.body,
        "created_at": reply.created_at,
    }


def reply_of(record: Record) -> Reply:
    """The answer in a row."""
    return Reply(
        request=RequestKey(record["caller"], record["key"]),
        fingerprint=record["fingerprint"],
        answer=Answer(status=record["status"], headers=record["headers"], body=record["body"]),
        created_at=record["created_at"],
    )


def with_email_key(value: Person | SignInLink) -> Record:
    """What has an address, and what finds it again by that."""
    return columns_of(value) | {"email_key": fold(value.email)}


def session_of(record: Record) -> tuple[Session, Person]:
    """The session in a row, and its person. The record is used up."""
    person = {
        name: record.pop(f"person_{name}")
        for name in ("name", "email", "created_at", "signed_in_at")
    }
    return Session(**record), Person(id=record["person_id"], **person)


def sign_in_columns(sign_in: SignInUnderWay) -> Record:
    """A sign-in under way, with each part of what is kept in a column of its own."""
    return {
        "digest": sign_in.digest,
        "target": sign_in.target,
        "expires_at": sign_in.expires_at,
        **attrs.asdict(sign_in.kept),
    }


def sign_in_of(record: Record) -> SignInUnderWay:
    """The sign-in under way in a row. The record is used up."""
    kept = {name: record.pop(name) for name in _KEPT}
    return SignInUnderWay(kept=KeptSignIn(**kept), **record)


def audit_record_of(record: Record) -> AuditRecord:
    """The audit record in a row of any chain. The record is used up."""
    return AuditRecord(**with_subject(record))


def with_subject(record: Record) -> Record:
    """The row with what its chain is about; a ticket's chain is found by the ticket's id."""
    held = record["subject"]
    if isinstance(held, UUID):
        return record | {"subject": ticket_subject(held)}
    kind, _, name = held.partition(":")
    return record | {"subject": Subject(kind=SubjectKind(kind), id=name)}


def audit_columns(record: AuditRecord) -> Record:
    """An audit record of anything but a ticket."""
    columns = {name: getattr(record, name) for name in _AUDIT}
    return columns | {"subject": str(record.subject)}
