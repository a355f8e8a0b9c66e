"""Erasing a person: many small transactions, each whole, in an order that may be broken off.

Whoever begins again after a crash goes the same way and finds less to do. By whom the person is
recognised goes last.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.audit import (
    ERASED_RECORDS,
    AuditKind,
    AuditRecord,
    Subject,
    SubjectKind,
    person_subject,
    ticket_subject,
    token_subject,
    without_person,
)
from helpdesk_core.erasing import (
    NAMELESS,
    Traces,
    attachment_without,
    is_to_erase,
    message_without,
    notice_without,
    ticket_without,
)
from helpdesk_core.errors import Invalid, NotFound
from helpdesk_core.kinds import EventKind
from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import fold, read_address
from helpdesk_core.tickets import Change, Ticket, event, touched
from helpdesk_core.use_cases.recording import record, save_directory
from helpdesk_core.use_cases.retrying import until_fresh
from helpdesk_core.use_cases.storing import store
from helpdesk_core.verifying import written_places

AT_ONCE: Final = 500
"""Tickets, or records, that are looked at together."""
NAMED_AT_ONCE: Final = 40
"""Records of one chain that one record of an erasure names."""
PEOPLE: Final = frozenset({SubjectKind.PERSON, SubjectKind.AGENT})
BEHIND_TICKETS: Final = (Subject(kind=SubjectKind.TICKET, id=str(UUID(int=2**128 - 1))), 0, 0)
"""The place behind every ticket's chain: all others follow."""


@attrs.frozen(kw_only=True)
class Erased:
    """How much was changed: tickets, chains of other objects, tokens, and people who signed in."""

    tickets: int
    chains: int
    tokens: int
    people: int


def traces_of(ports: Ports, email: str) -> Traces:
    """By what somebody of that address is recognised. Raises Invalid for what is no address."""
    address = read_address(email)
    if address is None:
        raise Invalid("Email format is invalid", email="not one e-mail address")
    with ports.begin() as uow:
        agent = uow.directory().agent_at(address)
        people = uow.people_at(address)
    ids = [*([agent.id] if agent else []), *(it.id for it in people)]
    numbers = [agent.phone] if agent and agent.phone else []
    names = [*([agent.name] if agent else []), *(it.name for it in people)]
    return Traces(
        ids=frozenset(ids),
        words=frozenset(fold(it) for it in (address, *numbers)),
        names=frozenset(it for it in names if it),
        pseudonym=ids[0] if ids else ports.new_id(),
    )


def erase_person(ports: Ports, email: str, caller: Caller) -> Erased:
    """Take a person out of everything that is kept, for good, and say how much was changed.

    Sessions and tokens are dead first. Chains, counts and figures stay as they are. Raises
    NotSignedIn, Forbidden, Invalid, NotFound where nobody of that address is known, StaleTicket
    and Unavailable; after these it may be begun again.
    """
    _ = allow(caller, Act.ERASE_PEOPLE)
    traces = traces_of(ports, email)
    caller = _nameless(caller, traces)
    _shut_out(ports, traces)
    tickets = sum(_erase_ticket(ports, it, traces, caller) for it in named_tickets(ports, traces))
    tokens = _erase_tokens(ports, traces, caller)
    chains = sum(_erase_chain(ports, it, traces, caller) for it in _other_chains(ports, traces))
    changed = bool(tickets or tokens or chains)
    people = until_fresh(lambda: _forget(ports, email, traces, caller, changed=changed))
    if not changed and not people:
        raise NotFound("Nobody of that address is known")
    return Erased(tickets=tickets, chains=chains, tokens=tokens, people=people)


def named_tickets(ports: Ports, traces: Traces) -> Iterator[UUID]:
    """The tickets around which the person is named, by their ids."""
    after: UUID | None = None
    while True:
        with ports.begin() as uow:
            page = uow.mentions(after, limit=AT_ONCE)
        if not page:
            return
        yield from (it.ticket_id for it in page if traces.is_named(it))
        after = page[-1].ticket_id


def records_of_ticket(uow: UnitOfWork, ticket_id: UUID) -> list[AuditRecord]:
    """The whole chain of a ticket."""
    return list(_chain(uow, ticket_subject(ticket_id)))


def _nameless(caller: Caller, traces: Traces) -> Caller:
    """The caller; without words where they erase themselves."""
    is_self = caller.user is not None and caller.user.id in traces.ids
    return Caller() if is_self else caller


def _shut_out(ports: Ports, traces: Traces) -> None:
    with ports.begin() as uow:
        for each in traces.ids:
            uow.end_sessions_of(each)
        for word in traces.words:
            uow.forget_links_to(word)
        uow.commit()


def _erase_ticket(ports: Ports, ticket_id: UUID, traces: Traces, caller: Caller) -> bool:
    return until_fresh(partial(_erased_ticket, ports, ticket_id, traces, caller))


def _erased_ticket(ports: Ports, ticket_id: UUID, traces: Traces, caller: Caller) -> bool:
    """Erase the person around one ticket, in one transaction; False where nothing was left."""
    with ports.begin() as uow:
        directory, ticket = uow.directory(), uow.ticket(ticket_id)
        if ticket is None:
            return False
        is_own = traces.submitted(ticket)
        kept = ticket_without(ticket, traces) if is_own else ticket
        records = [
            it for it in records_of_ticket(uow, ticket_id) if is_to_erase(it, traces, is_own=is_own)
        ]
        is_said = _gather_words(ports, uow, ticket, traces, is_own=is_own)
        if kept == ticket and not records and not is_said:
            return False
        for each in records:
            uow.replace_record(without_person(each))
        change = _change(ports, attrs.evolve(kept, version=ticket.version), records, caller)
        _ = store(ports, uow, change, directory, caller)
    return True


def _change(ports: Ports, kept: Ticket, records: list[AuditRecord], caller: Caller) -> Change:
    """The event that says whose words went; the ticket is otherwise as active as it was."""
    now = ports.now()
    moved = attrs.evolve(touched(kept, now), last_activity_at=kept.last_activity_at)
    details = {ERASED_RECORDS: written_places(records)}
    return Change(
        ticket=moved,
        events=(event(EventKind.ERASED, moved, by=caller.user, now=now, **details),),
    )


def _gather_words(
    ports: Ports, uow: UnitOfWork, ticket: Ticket, traces: Traces, *, is_own: bool
) -> bool:
    """Gather what is to be changed of messages, files, notices and kept answers."""
    changed = False
    for message in uow.messages(ticket.id):
        without = message_without(message, traces, is_own=is_own)
        if without != message:
            uow.replace_message(ticket.id, without)
            uow.forget_replies_saying(str(message.id))  # as the customer's chat answered
            changed = True
    if is_own:
        for attachment in uow.attachments(ticket.id):
            kept = attachment_without(attachment, ports.now())
            if kept != attachment:
                uow.replace_attachment(ticket.id, kept)
                changed = True
    return _gather_notices(uow, ticket, traces, is_own=is_own) or changed


def _gather_notices(uow: UnitOfWork, ticket: Ticket, traces: Traces, *, is_own: bool) -> bool:
    heard = [it for it in uow.notices_of(ticket.id) if it.recipient]
    theirs = {it.recipient for it in heard if is_own or fold(it.recipient) in traces.words}
    for recipient in theirs:
        uow.hush_notices(ticket.id, recipient)
    naming = [it for it in heard if notice_without(it, traces) != it]
    for notice in naming:
        if notice.recipient not in theirs:
            uow.replace_facts(notice_without(notice, traces))
    uow.forget_replies_saying(str(ticket.id))
    if ticket.case is not None:
        uow.forget_replies_saying(ticket.case.number)
    return bool(theirs or naming)


def _erase_tokens(ports: Ports, traces: Traces, caller: Caller) -> int:
    """Revoke the person's tokens, and let them be nobody's."""
    with ports.begin() as uow:
        theirs = [it for it in uow.tokens() if fold(it.email) in traces.words]
        for token in theirs:
            revoked_at = token.revoked_at or ports.now()
            uow.replace_token(attrs.evolve(token, email=traces.address, revoked_at=revoked_at))
            if token.revoked_at is None:
                subject = token_subject(token.id)
                record(ports, uow, caller, AuditKind.TOKEN_REVOKED, subject)
        uow.commit()
    return len(theirs)


def _other_chains(ports: Ports, traces: Traces) -> list[Subject]:
    """The chains of other objects than tickets in whose words the person is."""
    found: list[Subject] = []
    after = BEHIND_TICKETS
    while True:
        with ports.begin() as uow:
            page = uow.chain_records(after, limit=AT_ONCE)
        if not page:
            return found
        for subject, records in groupby(page, key=lambda it: it.subject):
            is_in = any(_is_to_erase(it, traces) for it in records)
            if is_in and subject not in found[-1:]:
                found.append(subject)
        after = (page[-1].subject, page[-1].number, page[-1].position)


def _erase_chain(ports: Ports, subject: Subject, traces: Traces, caller: Caller) -> bool:
    """Erase the person in one chain, some records in each transaction."""
    with ports.begin() as uow:
        theirs = [it for it in _chain(uow, subject) if _is_to_erase(it, traces)]
    for start in range(0, len(theirs), NAMED_AT_ONCE):
        some = theirs[start : start + NAMED_AT_ONCE]
        with ports.begin() as uow:
            for each in some:
                uow.replace_record(without_person(each))
            places = {ERASED_RECORDS: written_places(some)}
            record(ports, uow, caller, AuditKind.PERSON_ERASED, subject, **places)
            uow.commit()
    return bool(theirs)


def _is_to_erase(it: AuditRecord, traces: Traces) -> bool:
    is_theirs = it.subject.kind in PEOPLE and it.subject.id in {str(each) for each in traces.ids}
    return is_to_erase(it, traces, is_own=is_theirs)


def _forget(ports: Ports, email: str, traces: Traces, caller: Caller, *, changed: bool) -> int:
    """Forget by whom the person was known: accounts, and who they are in the directory."""
    with ports.begin() as uow:
        people, directory = uow.people_at(email), uow.directory()
        for each in people:
            uow.forget_person(each.id)
        agent = directory.agent_at(email)
        if agent is not None:
            nobody = attrs.evolve(
                agent,
                name=NAMELESS,
                email=traces.address,
                phone=None,
                wants_mail=False,
                wants_sms=False,
                is_active=False,
            )
            wanted = attrs.evolve(directory, agents={**directory.agents, agent.id: nobody})
            save_directory(ports, uow, directory, wanted, caller)
        if people or agent or changed:
            subject = person_subject(traces.pseudonym)
            record(ports, uow, caller, AuditKind.PERSON_ERASED, subject)
        uow.commit()
    return len({*(it.id for it in people), *([agent.id] if agent else [])})


def _chain(uow: UnitOfWork, subject: Subject) -> Iterator[AuditRecord]:
    after = (subject, 0, 0)
    while page := uow.chain_records(after, limit=AT_ONCE):
        theirs = [it for it in page if it.subject == subject]
        yield from theirs
        if len(theirs) < len(page):
            return
        after = (subject, theirs[-1].number, theirs[-1].position)
