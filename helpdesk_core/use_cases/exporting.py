"""Everything that is known of a person, as plain values for JSON."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.audit import AuditKind, AuditRecord, person_subject
from helpdesk_core.erasing import Traces
from helpdesk_core.errors import NotFound
from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import fold
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.erasing import (
    AT_ONCE,
    BEHIND_TICKETS,
    named_tickets,
    records_of_ticket,
    traces_of,
)
from helpdesk_core.use_cases.recording import record

SESSIONS_SHOWN: Final = 1000
"""Sessions of one person that are given out at most; nobody has so many browsers."""


def export_person(ports: Ports, email: str, caller: Caller) -> dict[str, Any]:
    """What is kept of somebody: accounts, tickets, words, notices and records, without secrets.

    Of a ticket that is another's there is what the person said and did. It is recorded that it was
    given out. Raises NotSignedIn, Forbidden, Invalid, NotFound where nobody of that address is
    known, Unavailable.
    """
    _ = allow(caller, Act.ERASE_PEOPLE)
    traces = traces_of(ports, email)
    tickets = [_ticket(ports, it, traces) for it in named_tickets(ports, traces)]
    known = {
        **_accounts(ports, email, traces),
        "tickets": [it for it in tickets if it],
        "records": [_record(it) for it in _other_records(ports, traces)],
    }
    if not any(known.values()):
        raise NotFound("Nobody of that address is known")
    with ports.begin() as uow:
        record(ports, uow, caller, AuditKind.PERSON_EXPORTED, person_subject(traces.pseudonym))
        uow.commit()
    return {"email": email.strip(), "exportedAt": _plain(ports.now()), **known}


def _accounts(ports: Ports, email: str, traces: Traces) -> dict[str, Any]:
    with ports.begin() as uow:
        people = uow.people_at(email)
        agent = uow.directory().agent_at(email)
        identities = [it for it in (uow.identity_of(each) for each in sorted(traces.ids)) if it]
        sessions = [
            session
            for each in sorted(traces.ids)
            for session, _ in uow.sessions(each, limit=SESSIONS_SHOWN)
        ]
        tokens = [it for it in uow.tokens() if fold(it.email) in traces.words]
    return {
        "agent": _fields(agent) if agent else None,
        "people": [_fields(it) for it in people],
        "identities": [_fields(it) for it in identities],
        "sessions": [_fields(it) for it in sessions],
        "tokens": [_fields(it) for it in tokens],
    }


def _ticket(ports: Ports, ticket_id: UUID, traces: Traces) -> dict[str, Any] | None:
    with ports.begin() as uow:
        ticket = uow.ticket(ticket_id)
        if ticket is None:
            return None
        is_own = traces.submitted(ticket)
        own = _own(uow, ticket) if is_own else {"id": str(ticket.id), "isOwn": False}
        said = [it for it in uow.messages(ticket_id) if is_own or traces.wrote(it)]
        told = [it for it in uow.notices_of(ticket_id) if fold(it.recipient) in traces.words]
        done = [it for it in records_of_ticket(uow, ticket_id) if is_own or traces.is_in(it)]
    return {
        **own,
        "messages": [_fields(it) for it in said if is_own is False or not it.is_internal],
        "notices": [_fields(it) for it in told],
        "records": [_record(it) for it in done],
    }


def _own(uow: UnitOfWork, ticket: Ticket) -> dict[str, Any]:
    files = [_fields(it) for it in uow.attachments(ticket.id)]
    return {"isOwn": True, **_fields(ticket), "attachments": files}


def _other_records(ports: Ports, traces: Traces) -> Iterator[AuditRecord]:
    after = BEHIND_TICKETS
    while True:
        with ports.begin() as uow:
            page = uow.chain_records(after, limit=AT_ONCE)
        if not page:
            return
        ids = {str(it) for it in traces.ids}
        yield from (it for it in page if traces.is_in(it) or it.subject.id in ids)
        after = (page[-1].subject, page[-1].number, page[-1].position)


def _record(it: AuditRecord) -> dict[str, Any]:
    fields = _fields(it)
    return {**fields, "subject": str(it.subject)}


_SECRETS: Final = frozenset({"digest", "salt", "commitment", "hash", "seal"})
"""What is no one's business, and says nothing of a person."""


def _fields(value: attrs.AttrsInstance) -> dict[str, Any]:
    return {
        _camel(field.name): _plain(getattr(value, field.name))
        for field in attrs.fields(type(value))
        if field.name not in _SECRETS
    }


def _plain(value: object) -> Any:  # noqa: ANN401  # what JSON takes
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(it) for name, it in value.items()}
    if isinstance(value, tuple | frozenset):
        return [_plain(it) for it in value]
    return _fields(value) if attrs.has(type(value)) else value  # type: ignore[arg-type]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
