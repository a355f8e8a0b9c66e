"""People, their sessions and the ways in, in memory."""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

import attrs

from helpdesk_core.errors import DuplicateId, SignInSpent
from helpdesk_core.persons import Identity, Person
from helpdesk_core.sessions import Session
from helpdesk_core.sign_ins import SignInLink, SignInUnderWay
from helpdesk_core.text import fold
from helpdesk_memory.records.gathering import Gathering, Undo, nothing_to_unmake, put, taken_out

Kept = TypeVar("Kept", SignInUnderWay, SignInLink)


class MemoryAccounts(Gathering):
    """The part of the unit of work that knows people and lets them in."""

    def person(self, person_id: UUID) -> Person | None:
        """The person of that id, or None."""
        with self._store.lock:
            return self._store.persons.get(person_id)

    def person_of(self, issuer: str, subject: str) -> Person | None:
        """The person whose identity that is, or None."""
        with self._store.lock:
            identity = self._store.identities.get((issuer, subject))
            return self._store.persons[identity.person_id] if identity else None

    def people_at(self, email: str) -> tuple[Person, ...]:
        """Everybody of an address; oldest first, ties by id."""
        wanted = fold(email)
        with self._store.lock:
            found = [it for it in self._store.persons.values() if fold(it.email) == wanted]
        return tuple(sorted(found, key=attrgetter("created_at", "id")))

    def identity_of(self, person_id: UUID) -> Identity | None:
        """By which identity the person is known, or None."""
        with self._store.lock:
            held = self._store.identities.values()
            return next((it for it in held if it.person_id == person_id), None)

    def session(self, digest: bytes) -> tuple[Session, Person] | None:
        """The session whose secret has that digest, and whose it is; or None."""
        with self._store.lock:
            return self._whose(it for it in self._sessions() if it.digest == digest)

    def session_of_id(self, session_id: UUID) -> tuple[Session, Person] | None:
        """The session of that id, and whose it is; or None."""
        with self._store.lock:
            return self._whose(it for it in self._sessions() if it.id == session_id)

    def sessions(
        self, person_id: UUID | None = None, *, limit: int
    ) -> tuple[tuple[Session, Person], ...]:
        """At most so many sessions; latest first, of equal ones the greater id first."""
        with self._store.lock:
            wanted = [it for it in self._sessions() if person_id in (None, it.person_id)]
            wanted.sort(key=attrgetter("created_at", "id"), reverse=True)
            return tuple((it, self._store.persons[it.person_id]) for it in wanted[:limit])

    def sign_in_under_way(self, digest: bytes) -> SignInUnderWay | None:
        """The sign-in of the browser whose secret has that digest, or None."""
        with self._store.lock:
            return self._store.sign_ins.get(digest)

    def sign_in_link(self, digest: bytes) -> SignInLink | None:
        """The link whose secret has that digest, or None."""
        with self._store.lock:
            return self._store.sign_in_links.get(digest)

    def save_person(self, person: Person) -> None:
        """Gather a person, in the place of the one of that id if there is one."""
        self._writes.append(lambda: put(self._store.persons, person.id, person))

    def save_identity(self, identity: Identity) -> None:
        """Gather a new identity of a person."""
        self._writes.append(lambda: self._put_identity(identity))

    def forget_identity(self, issuer: str, subject: str) -> None:
        """Gather that this is nobody's identity."""
        self._writes.append(lambda: taken_out(self._store.identities, [(issuer, subject)]))

    def save_session(self, session: Session) -> None:
        """Gather a new session."""
        self._writes.append(lambda: self._put_session(session))

    def touch_session(self, session_id: UUID, at: datetime) -> None:
        """Gather that the session was seen."""
        self._writes.append(lambda: self._touch_session(session_id, at))

    def end_session(self, session_id: UUID) -> None:
        """Gather that the session is no more."""
        self._writes.append(lambda: taken_out(self._store.sessions, [session_id]))

    def end_sessions_of(self, person_id: UUID, *, but: UUID | None = None) -> None:
        """Gather that none of the person's sessions is any more, one of them left out."""
        self._writes.append(
            lambda: self._drop_sessions(lambda it: it.person_id == person_id and it.id != but)
        )

    def forget_person(self, person_id: UUID) -> None:
        """Gather that person, identity and sessions are no more."""
        self.end_sessions_of(person_id)
        self._writes.append(lambda: self._drop_identities(person_id))
        self._writes.append(lambda: taken_out(self._store.persons, [person_id]))

    def save_sign_in(self, sign_in: SignInUnderWay) -> None:
        """Gather a sign-in under way."""
        self._writes.append(lambda: _put_new(self._store.sign_ins, sign_in))

    def spend_sign_in(self, digest: bytes) -> None:
        """Gather that the browser is back."""
        self._writes.append(lambda: _spent(self._store.sign_ins, digest))

    def save_sign_in_link(self, link: SignInLink) -> None:
        """Gather a link."""
        self._writes.append(lambda: _put_new(self._store.sign_in_links, link))

    def spend_sign_in_link(self, digest: bytes) -> None:
        """Gather that the link was taken."""
        self._writes.append(lambda: _spent(self._store.sign_in_links, digest))

    def forget_links_to(self, email: str) -> None:
        """Gather that no link to that address is good any more."""
        wanted = fold(email)
        self._writes.append(
            lambda: _dropped(self._store.sign_in_links, lambda it: fold(it.email) == wanted)
        )

    def forget_sign_ins(self, before: datetime) -> None:
        """Gather that sign-ins and links which ended before that instant are forgotten."""
        sign_ins, links = self._store.sign_ins, self._store.sign_in_links
        self._writes.append(lambda: _dropped(sign_ins, lambda it: it.expires_at < before))
        self._writes.append(lambda: _dropped(links, lambda it: it.expires_at < before))

    def forget_sessions(self, begun_before: datetime) -> None:
        """Gather that sessions which began before that instant are forgotten."""
        self._writes.append(lambda: self._drop_sessions(lambda it: it.created_at < begun_before))

    def _sessions(self) -> Iterable[Session]:
        return self._store.sessions.values()

    def _whose(self, found: Iterable[Session]) -> tuple[Session, Person] | None:
        return next(((it, self._store.persons[it.person_id]) for it in found), None)

    def _put_identity(self, identity: Identity) -> Undo:
        held, key = self._store.identities, (identity.issuer, identity.subject)
        if key in held or any(it.person_id == identity.person_id for it in held.values()):
            raise DuplicateId
        return put(held, key, identity)

    def _put_session(self, session: Session) -> Undo:
        is_known = any(it.digest == session.digest for it in self._sessions())
        if is_known or session.id in self._store.sessions:
            raise DuplicateId
        return put(self._store.sessions, session.id, session)

    def _touch_session(self, session_id: UUID, at: datetime) -> Undo:
        held = self._store.sessions.get(session_id)
        if held is None or at < held.last_seen_at:
            return nothing_to_unmake
        return put(self._store.sessions, session_id, attrs.evolve(held, last_seen_at=at))

    def _drop_sessions(self, is_wanted: Callable[[Session], bool]) -> Undo:
        held = self._store.sessions
        return taken_out(held, [it.id for it in held.values() if is_wanted(it)])

    def _drop_identities(self, person_id: UUID) -> Undo:
        held = self._store.identities
        return taken_out(held, [key for key, it in held.items() if it.person_id == person_id])


def _put_new(held: dict[bytes, Kept], value: Kept) -> Undo:
    if value.digest in held:
        raise DuplicateId
    return put(held, value.digest, value)


def _spent(held: dict[bytes, Kept], digest: bytes) -> Undo:
    if digest not in held:
        raise SignInSpent
    return taken_out(held, [digest])


def _dropped(held: dict[bytes, Kept], is_wanted: Callable[[Kept], bool]) -> Undo:
    return taken_out(held, [key for key, value in held.items() if is_wanted(value)])
