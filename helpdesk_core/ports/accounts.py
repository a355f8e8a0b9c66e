"""How people, their sessions and the ways in are read and stored."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from helpdesk_core.persons import Identity, Person
from helpdesk_core.sessions import Session
from helpdesk_core.sign_ins import LinkMail, SignInLink, SignInUnderWay


class AccountRecords(Protocol):
    """The part of a unit of work that knows people and lets them in."""

    def person(self, person_id: UUID) -> Person | None:
        """The person of that id, or None."""
        ...

    def person_of(self, issuer: str, subject: str) -> Person | None:
        """The person whose identity that is, or None."""
        ...

    def people_at(self, email: str) -> tuple[Person, ...]:
        """Everybody of an address, compared by `text.fold`; oldest first, ties by id."""
        ...

    def identity_of(self, person_id: UUID) -> Identity | None:
        """By which identity the person is known, or None."""
        ...

    def session(self, digest: bytes) -> tuple[Session, Person] | None:
        """The session whose secret has that SHA-256 digest, and whose it is; or None."""
        ...

    def sessions(
        self, person_id: UUID | None = None, *, limit: int
    ) -> tuple[tuple[Session, Person], ...]:
        """At most so many sessions, a person's or anybody's, those too that are good no more.

        Latest first, of equal ones the greater id first.
        """
        ...

    def session_of_id(self, session_id: UUID) -> tuple[Session, Person] | None:
        """The session of that id, and whose it is; or None."""
        ...

    def sign_in_under_way(self, digest: bytes) -> SignInUnderWay | None:
        """The sign-in of the browser whose secret has that digest, or None."""
        ...

    def sign_in_link(self, digest: bytes) -> SignInLink | None:
        """The link whose secret has that digest, or None."""
        ...

    def save_person(self, person: Person) -> None:
        """Gather a person, in the place of the one of that id if there is one."""
        ...

    def save_identity(self, identity: Identity) -> None:
        """Gather a new identity of a person who is stored, or gathered before.

        `commit` raises DuplicateId when it is somebody's, or when the person has another.
        """
        ...

    def forget_identity(self, issuer: str, subject: str) -> None:
        """Gather that this is nobody's identity; an unknown one is passed over."""
        ...

    def save_session(self, session: Session) -> None:
        """Gather a new session of a person who is stored, or gathered before.

        `commit` raises DuplicateId when its id or digest is taken.
        """
        ...

    def touch_session(self, session_id: UUID, at: datetime) -> None:
        """Gather that the session was seen; an unknown id and an earlier instant change nothing."""
        ...

    def end_session(self, session_id: UUID) -> None:
        """Gather that the session is no more; an unknown id is passed over."""
        ...

    def end_sessions_of(self, person_id: UUID, *, but: UUID | None = None) -> None:
        """Gather that none of the person's sessions is any more, one of them left out."""
        ...

    def forget_person(self, person_id: UUID) -> None:
        """Gather that person, identity and sessions are no more; an unknown id is passed over."""
        ...

    def save_sign_in(self, sign_in: SignInUnderWay) -> None:
        """Gather a sign-in under way. `commit` raises DuplicateId when its digest is taken."""
        ...

    def spend_sign_in(self, digest: bytes) -> None:
        """Gather that the browser is back. `commit` raises SignInSpent when it was before."""
        ...

    def save_sign_in_link(self, link: SignInLink) -> None:
        """Gather a link. `commit` raises DuplicateId when its digest is taken."""
        ...

    def spend_sign_in_link(self, digest: bytes) -> None:
        """Gather that the link was taken. `commit` raises SignInSpent when it was before."""
        ...

    def forget_links_to(self, email: str) -> None:
        """Gather that no link to that address is good any more, compared by `text.fold`."""
        ...

    def forget_sign_ins(self, before: datetime) -> None:
        """Gather that sign-ins and links which ended before that instant are forgotten.

        A store may leave what is more than a thousand of each for the next time.
        """
        ...

    def forget_sessions(self, begun_before: datetime) -> None:
        """Gather that sessions which began before that instant are forgotten, the oldest first.

        A store may leave what is more than a thousand of them for the next time.
        """
        ...


class LinkPost(Protocol):
    """Whoever mails sign-in links. It never raises, and comes back at once.

    A link is good for minutes and its secret is kept nowhere: a mail that cannot be sent within
    that time is lost, and so is one that waits when the process ends. Whoever asked asks again.
    """

    def send(self, mail: LinkMail) -> None:
        """See to it that the mail goes out."""
        ...
