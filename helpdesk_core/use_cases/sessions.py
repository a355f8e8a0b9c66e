"""Sessions: whose one is, and how it is looked at and ended."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.audit import AuditKind, person_subject
from helpdesk_core.errors import NotFound, Unavailable
from helpdesk_core.fields import is_blank, required_address
from helpdesk_core.opaque import digest_of
from helpdesk_core.people import Caller, User
from helpdesk_core.permissions import ALLOWED, Act, allow
from helpdesk_core.persons import Person, user_now
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.sessions import Session
from helpdesk_core.text import read_uuid
from helpdesk_core.use_cases.recording import record

MOST_SHOWN: Final = 200
"""Sessions that are shown at once, the latest ones."""


@attrs.frozen(kw_only=True)
class Current:
    """The session of a request, and who the person is to the desk now."""

    session: Session
    user: User


@attrs.frozen(kw_only=True)
class ShownSession:
    """A session as it is shown; of the secret nothing is. `ends_at` is when, if it is not used."""

    session: Session
    person: Person
    ends_at: datetime


def current_session(ports: Ports, secret: str) -> Current | None:
    """Whose session it is, by the directory as it is now; None for one that opens nothing.

    A session of an agent who is not active any more opens nothing. That it was seen is written down
    at most once a minute. Raises Unavailable.
    """
    now = ports.now()
    with ports.begin() as uow:
        found = uow.session(digest_of(secret))
        if found is None or not found[0].is_good(now, ports.sessions):
            return None
        session, person = found
        user = user_now(person, uow.directory())
        if user is None:
            return None
        _note_use(uow, session, now)
    return Current(session=session, user=user)


def sign_out(ports: Ports, secret: str, caller: Caller) -> None:
    """End the session of that secret; one that is none is as good."""
    with ports.begin() as uow:
        found = uow.session(digest_of(secret))
        if found is None:
            return
        uow.end_session(found[0].id)
        record(ports, uow, caller, AuditKind.SIGNED_OUT, person_subject(found[1].id))
        uow.commit()


def list_own_sessions(ports: Ports, caller: Caller) -> tuple[ShownSession, ...]:
    """The caller's sessions that are good; latest first. Raises NotSignedIn."""
    user = allow(caller, Act.MANAGE_OWN_SESSIONS)
    with ports.begin() as uow:
        return tuple(_shown(ports, uow, user.id))


def list_sessions(
    ports: Ports, caller: Caller, *, email: object = None
) -> tuple[ShownSession, ...]:
    """Everybody's sessions that are good, or those of an address; latest first.

    At most two hundred of everybody's. Raises NotSignedIn, Forbidden, Invalid for what is no
    address.
    """
    _ = allow(caller, Act.MANAGE_ACCOUNTS)
    address = None if is_blank(email) else required_address(email, field="email", label="Email")
    with ports.begin() as uow:
        if address is None:
            return tuple(_shown(ports, uow, None))
        people = uow.people_at(address)
        return tuple(shown for each in people for shown in _shown(ports, uow, each.id))


def end_session(ports: Ports, session_id: object, caller: Caller) -> None:
    """End a session of the caller's own; who manages accounts ends anybody's.

    Raises NotSignedIn, and NotFound for no session that the caller may know of.
    """
    user = allow(caller, Act.MANAGE_OWN_SESSIONS)
    wanted = read_uuid(str(session_id))
    with ports.begin() as uow:
        found = uow.session_of_id(wanted) if wanted else None
        if found is None or not _may_end(user, found[1]):
            raise NotFound("Session not found")
        uow.end_session(found[0].id)
        _record_end(ports, uow, caller, found[1].id, ended="one")
        uow.commit()


def end_other_sessions(ports: Ports, current: Session | None, caller: Caller) -> None:
    """End every session of the caller's but the one they use, if any. Raises NotSignedIn."""
    user = allow(caller, Act.MANAGE_OWN_SESSIONS)
    with ports.begin() as uow:
        uow.end_sessions_of(user.id, but=current.id if current else None)
        _record_end(ports, uow, caller, user.id, ended="all others")
        uow.commit()


def end_sessions(ports: Ports, email: object, caller: Caller) -> None:
    """End every session of everybody of that address.

    Raises NotSignedIn, Forbidden, Invalid for what is no address, NotFound where nobody of it ever
    signed in.
    """
    _ = allow(caller, Act.MANAGE_ACCOUNTS)
    address = required_address(email, field="email", label="Email")
    with ports.begin() as uow:
        people = uow.people_at(address)
        if not people:
            raise NotFound("Nobody of that address ever signed in")
        for each in people:
            uow.end_sessions_of(each.id)
            _record_end(ports, uow, caller, each.id, ended="all")
        uow.commit()


def _shown(ports: Ports, uow: UnitOfWork, person_id: UUID | None) -> Iterator[ShownSession]:
    now = ports.now()
    for session, person in uow.sessions(person_id, limit=MOST_SHOWN):
        if session.is_good(now, ports.sessions):
            ends_at = session.ends_at(ports.sessions)
            yield ShownSession(session=session, person=person, ends_at=ends_at)


def _record_end(
    ports: Ports, uow: UnitOfWork, caller: Caller, person_id: UUID, *, ended: str
) -> None:
    record(ports, uow, caller, AuditKind.SESSION_ENDED, person_subject(person_id), ended=ended)


def _may_end(user: User, person: Person) -> bool:
    return user.id == person.id or user.role in ALLOWED[Act.MANAGE_ACCOUNTS]


def _note_use(uow: UnitOfWork, session: Session, now: datetime) -> None:
    if session.is_to_note(now):
        uow.touch_session(session.id, now)
        with suppress(Unavailable):  # a full disk closes no door
            uow.commit()
