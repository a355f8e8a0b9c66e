"""What is told of who is signed in, and where: records, from which JSON and pages are made."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import attrs

from helpdesk_core.people import Role, User
from helpdesk_core.use_cases.sessions import Current, ShownSession


@attrs.frozen(kw_only=True)
class SignedInBody:
    """Who somebody is to the desk."""

    id: UUID
    name: str
    email: str
    role: Role

    @classmethod
    def of(cls, user: User) -> Self:
        """The person, as the desk knows them."""
        return cls(id=user.id, name=user.name, email=user.email, role=user.role)


@attrs.frozen(kw_only=True)
class SessionBody:
    """One browser that somebody signed in with. `endsAt` is when, if it is not used until then."""

    id: UUID
    issuer: str
    origin: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    is_current: bool

    @classmethod
    def of(cls, shown: ShownSession, current: Current | None) -> Self:
        """The session; of its secret nothing is told."""
        session = shown.session
        return cls(
            id=session.id,
            issuer=session.issuer,
            origin=session.origin,
            device=session.device,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            ends_at=shown.ends_at,
            is_current=current is not None and current.session.id == session.id,
        )


@attrs.frozen(kw_only=True)
class WhoBody:
    """Who the desk takes the sender of a request for; nobody is null."""

    signed_in: bool
    user: SignedInBody | None
    ends_at: datetime | None


@attrs.frozen(kw_only=True)
class SessionsBody:
    """The sessions of the person who asks; latest first."""

    sessions: Sequence[SessionBody]


@attrs.frozen(kw_only=True)
class OwnerBody:
    """Whose a session is, as they were vouched for last."""

    id: UUID
    name: str
    email: str


@attrs.frozen(kw_only=True)
class OwnedSessionBody:
    """A session, and whose it is."""

    person: OwnerBody
    session: SessionBody

    @classmethod
    def of(cls, shown: ShownSession, current: Current | None) -> Self:
        """The session as an admin sees it."""
        person = shown.person
        return cls(
            person=OwnerBody(id=person.id, name=person.name, email=person.email),
            session=SessionBody.of(shown, current),
        )


@attrs.frozen(kw_only=True)
class OwnedSessionsBody:
    """Sessions of anybody; latest first."""

    success: bool = True
    sessions: Sequence[OwnedSessionBody]
