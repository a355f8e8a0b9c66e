"""What every way in has in common: who it is, a new session, what is counted and recorded."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import attrs

from helpdesk_core.audit import AuditKind, door_subject, person_subject
from helpdesk_core.directory import Agent, Directory
from helpdesk_core.errors import SignInRefused, Unavailable
from helpdesk_core.identities import LONGEST_NAME, VerifiedIdentity
from helpdesk_core.limits import SIGN_INS_REFUSED
from helpdesk_core.opaque import SECRET_BYTES, digest_of, opaque
from helpdesk_core.people import STRANGER, Caller, User
from helpdesk_core.persons import (
    NOT_LET_IN,
    THE_DESK,
    Identity,
    Person,
    agent_meant,
    user_now,
    verified_address,
)
from helpdesk_core.plain_text import one_line
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.sessions import Session, read_device
from helpdesk_core.use_cases.limiting import misses_counted
from helpdesk_core.use_cases.recording import record


@attrs.frozen(kw_only=True)
class Visit:
    """A browser that signs in: from where, what it says it is, and the secret it came with, if any.

    That one's session ends when the new one begins.
    """

    caller: Caller = STRANGER
    device: str = ""
    former: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class SignedIn:
    """A new session. `secret` is shown this once; `target` is where the browser wanted to go."""

    secret: str = attrs.field(repr=False)
    session: Session
    user: User
    target: str


@contextmanager
def watched_door(ports: Ports, caller: Caller) -> Iterator[None]:
    """Count and record sign-ins that are refused within the block.

    Past the limit the block is not entered at all, and nothing recorded: TooMany.
    """
    with misses_counted(ports.limiter, SIGN_INS_REFUSED, caller, SignInRefused):
        try:
            yield
        except SignInRefused as refused:
            _record_refusal(ports, caller, refused)
            raise


def enter(
    ports: Ports, uow: UnitOfWork, vouched: VerifiedIdentity, visit: Visit, target: str
) -> SignedIn:
    """Let in whom an issuer vouches for: store the person, and a new session in one transaction.

    What `uow` gathered before goes with it. Raises SignInRefused for whoever is not let in, and
    DuplicateId when the same identity signed in for the first time meanwhile.
    """
    directory = uow.directory()
    person = _person(ports, uow, vouched, directory)
    user = user_now(person, directory)
    if user is None:
        raise SignInRefused(NOT_LET_IN, reason="the address is one of an agent who is not active")
    secret = opaque(ports.random(SECRET_BYTES))
    session = _session(ports, person, vouched, visit, secret)
    _end_former(uow, visit.former)
    uow.save_session(session)
    record(
        ports,
        uow,
        attrs.evolve(visit.caller, user=user),
        AuditKind.SIGNED_IN,
        person_subject(person.id),
        issuer=vouched.issuer,
        device=session.device,
    )
    uow.commit()
    return SignedIn(secret=secret, session=session, user=user, target=target)


def _record_refusal(ports: Ports, caller: Caller, refused: SignInRefused) -> None:
    with suppress(Unavailable), ports.begin() as uow:  # the refusal stands either way
        record(
            ports,
            uow,
            caller,
            AuditKind.SIGN_IN_REFUSED,
            door_subject(caller.origin),
            reason=refused.reason,
        )
        uow.commit()


def _person(
    ports: Ports, uow: UnitOfWork, vouched: VerifiedIdentity, directory: Directory
) -> Person:
    """The person, gathered as they are from now on, and so is the identity where it is new."""
    held = uow.person_of(vouched.issuer, vouched.subject)
    namesake = directory.agent_at(verified_address(vouched))
    bound = uow.identity_of(namesake.id) if namesake else None
    agent = agent_meant(vouched, directory, held=held, bound=bound)
    person = _as_agent(ports, uow, agent) if agent else _as_customer(ports, vouched, held)
    uow.save_person(person)
    if agent is None or vouched.issuer != THE_DESK:
        _bind(ports, uow, vouched, held, person)
    return person


def _as_agent(ports: Ports, uow: UnitOfWork, agent: Agent) -> Person:
    now, held = ports.now(), uow.person(agent.id)
    begun = held.created_at if held else now
    return Person(
        id=agent.id, name=agent.name, email=agent.email, created_at=begun, signed_in_at=now
    )


def _as_customer(ports: Ports, vouched: VerifiedIdentity, held: Person | None) -> Person:
    now, email = ports.now(), verified_address(vouched)
    name = one_line(vouched.name, LONGEST_NAME)
    if held is None:
        return Person(
            id=ports.new_id(), name=name or email, email=email, created_at=now, signed_in_at=now
        )
    return attrs.evolve(held, name=name or held.name, email=email, signed_in_at=now)


def _bind(
    ports: Ports,
    uow: UnitOfWork,
    vouched: VerifiedIdentity,
    held: Person | None,
    person: Person,
) -> None:
    """From now on the identity is this person's, whosever it was."""
    if held is not None and held.id == person.id:
        return
    if held is not None:
        uow.forget_identity(vouched.issuer, vouched.subject)
    uow.save_identity(
        Identity(
            issuer=vouched.issuer,
            subject=vouched.subject,
            person_id=person.id,
            created_at=ports.now(),
        )
    )


def _session(
    ports: Ports, person: Person, vouched: VerifiedIdentity, visit: Visit, secret: str
) -> Session:
    now = ports.now()
    return Session(
        id=ports.new_id(),
        digest=digest_of(secret),
        person_id=person.id,
        issuer=vouched.issuer,
        origin=visit.caller.origin or "",
        device=read_device(visit.device),
        created_at=now,
        last_seen_at=now,
    )


def _end_former(uow: UnitOfWork, secret: str | None) -> None:
    former = uow.session(digest_of(secret)) if secret else None
    if former is not None:
        uow.end_session(former[0].id)
