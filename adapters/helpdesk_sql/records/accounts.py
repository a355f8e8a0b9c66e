"""People, their sessions and the ways in, in SQL."""

from datetime import datetime
from uuid import UUID

from helpdesk_core.errors import SignInSpent
from helpdesk_core.persons import Identity, Person
from helpdesk_core.sessions import Session
from helpdesk_core.sign_ins import SignInLink, SignInUnderWay
from helpdesk_core.text import fold
from helpdesk_sql.kept import Kept
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.rows import columns_of, session_of, sign_in_columns, sign_in_of, with_email_key


class SqlAccounts(Gathering):
    """The part of the unit of work that knows people and lets them in."""

    def person(self, person_id: UUID) -> Person | None:
        """The person of that id, or None."""
        return self._person(self._queries.accounts.person, id=person_id)

    def person_of(self, issuer: str, subject: str) -> Person | None:
        """The person whose identity that is, or None."""
        return self._person(self._queries.accounts.person_of, issuer=issuer, subject=subject)

    def people_at(self, email: str) -> tuple[Person, ...]:
        """Everybody of an address; oldest first, ties by id."""
        found = self._session.read(self._queries.accounts.people_at, email_key=fold(email))
        return tuple(Person(**record) for record in found)

    def identity_of(self, person_id: UUID) -> Identity | None:
        """By which identity the person is known, or None."""
        found = self._session.read(self._queries.accounts.identity_of, person_id=person_id)
        return Identity(**found[0]) if found else None

    def session(self, digest: bytes) -> tuple[Session, Person] | None:
        """The session whose secret has that digest, and whose it is; or None."""
        found = self._session.read(self._queries.accounts.session, digest=digest)
        return session_of(found[0]) if found else None

    def session_of_id(self, session_id: UUID) -> tuple[Session, Person] | None:
        """The session of that id, and whose it is; or None."""
        found = self._session.read(self._queries.accounts.session_of_id, id=session_id)
        return session_of(found[0]) if found else None

    def sessions(
        self, person_id: UUID | None = None, *, limit: int
    ) -> tuple[tuple[Session, Person], ...]:
        """At most so many sessions; latest first, of equal ones the greater id first."""
        queries = self._queries.accounts
        if person_id is None:
            found = self._session.read(queries.sessions, most=limit)
        else:
            found = self._session.read(queries.sessions_of, person_id=person_id, most=limit)
        return tuple(session_of(record) for record in found)

    def sign_in_under_way(self, digest: bytes) -> SignInUnderWay | None:
        """The sign-in of the browser whose secret has that digest, or None."""
        found = self._session.read(self._queries.accounts.sign_in, digest=digest)
        return sign_in_of(found[0]) if found else None

    def sign_in_link(self, digest: bytes) -> SignInLink | None:
        """The link whose secret has that digest, or None."""
        found = self._session.read(self._queries.accounts.link, digest=digest)
        return SignInLink(**found[0]) if found else None

    def save_person(self, person: Person) -> None:
        """Gather a person, in the place of the one of that id if there is one."""
        self._write(self._queries.accounts.save_person, with_email_key(person))

    def save_identity(self, identity: Identity) -> None:
        """Gather a new identity of a person."""
        self._insert(self._queries.accounts.insert_identity, columns_of(identity))

    def forget_identity(self, issuer: str, subject: str) -> None:
        """Gather that this is nobody's identity."""
        whose = {"issuer": issuer, "subject": subject}
        self._write(self._queries.accounts.forget_identity, whose)

    def save_session(self, session: Session) -> None:
        """Gather a new session."""
        self._insert(self._queries.accounts.insert_session, columns_of(session))

    def touch_session(self, session_id: UUID, at: datetime) -> None:
        """Gather that the session was seen."""
        self._write(self._queries.accounts.touch_session, {"held_id": session_id, "at": at})

    def end_session(self, session_id: UUID) -> None:
        """Gather that the session is no more."""
        self._write(self._queries.accounts.end_session, {"id": session_id})

    def end_sessions_of(self, person_id: UUID, *, but: UUID | None = None) -> None:
        """Gather that none of the person's sessions is any more, one of them left out."""
        queries = self._queries.accounts
        query = queries.end_sessions_of if but is None else queries.end_others_of
        self._write(query, {"person_id": person_id, "but": but})

    def forget_person(self, person_id: UUID) -> None:
        """Gather that person, identity and sessions are no more."""
        self.end_sessions_of(person_id)
        self._write(self._queries.accounts.forget_identity_of, {"person_id": person_id})
        self._write(self._queries.accounts.forget_person, {"id": person_id})

    def save_sign_in(self, sign_in: SignInUnderWay) -> None:
        """Gather a sign-in under way."""
        self._insert(self._queries.accounts.insert_sign_in, sign_in_columns(sign_in))

    def spend_sign_in(self, digest: bytes) -> None:
        """Gather that the browser is back."""
        self._write(self._queries.accounts.spend_sign_in, {"digest": digest}, SignInSpent)

    def save_sign_in_link(self, link: SignInLink) -> None:
        """Gather a link."""
        self._insert(self._queries.accounts.insert_link, with_email_key(link))

    def spend_sign_in_link(self, digest: bytes) -> None:
        """Gather that the link was taken."""
        self._write(self._queries.accounts.spend_link, {"digest": digest}, SignInSpent)

    def forget_links_to(self, email: str) -> None:
        """Gather that no link to that address is good any more."""
        self._write(self._queries.accounts.forget_links_to, {"email_key": fold(email)})

    def forget_sign_ins(self, before: datetime) -> None:
        """Gather that sign-ins and links which ended before that instant are forgotten.

        The oldest thousand of each.
        """
        self._write(self._queries.accounts.forget_sign_ins, {"before": before})
        self._write(self._queries.accounts.forget_links, {"before": before})

    def forget_sessions(self, begun_before: datetime) -> None:
        """Gather that the oldest thousand sessions from before that instant are forgotten."""
        self._write(self._queries.accounts.forget_sessions, {"before": begun_before})

    def _person(self, query: Kept, **values: object) -> Person | None:
        found = self._session.read(query, **values)
        return Person(**found[0]) if found else None
