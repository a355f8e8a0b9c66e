"""Giving out tokens, taking them back, and telling whose one is."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from helpdesk_core.audit import AuditKind, token_subject
from helpdesk_core.directory import Directory
from helpdesk_core.errors import Invalid, NotFound, NotSignedIn, Unavailable
from helpdesk_core.people import OPERATOR, Caller, Role, User
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import read_address
from helpdesk_core.tokens import USE_NOTED_EVERY, Token, digest_of, secret_of
from helpdesk_core.use_cases.recording import record

NO_GOOD: Final = "The token is unknown, expired or revoked"
"""Said of every token that opens nothing, so that nobody learns which."""
_RANKS: Final = {role: rank for rank, role in enumerate(Role)}


def create_token(  # noqa: PLR0913  # one argument a field of the token
    ports: Ports,
    *,
    email: str,
    role: Role,
    random: bytes,
    expires_in: timedelta | None = None,
    caller: Caller = OPERATOR,
) -> str:
    """Make a token for an address in a role, and answer with its secret, which is kept nowhere.

    `random` is 32 bytes or more from a secure source. Raises Invalid for what is no address.
    """
    address = read_address(email)
    if address is None:
        raise Invalid("Email format is invalid", email="not one e-mail address")
    secret = secret_of(random)
    now = ports.now()
    token = Token(
        id=ports.new_id(),
        digest=digest_of(secret),
        email=address,
        role=role,
        created_at=now,
        expires_at=now + expires_in if expires_in else None,
    )
    with ports.begin() as uow:
        uow.save_token(token)
        details = {"email": address, "role": role.value}
        record(ports, uow, caller, AuditKind.TOKEN_CREATED, token_subject(token.id), **details)
        uow.commit()
    return secret


def list_tokens(ports: Ports) -> tuple[Token, ...]:
    """Every token there ever was; oldest first."""
    with ports.begin() as uow:
        return uow.tokens()


def revoke_token(ports: Ports, token_id: UUID, caller: Caller = OPERATOR) -> None:
    """Close the door to a token from now on; again is as good as once. Raises NotFound."""
    with ports.begin() as uow:
        if token_id not in {token.id for token in uow.tokens()}:
            raise NotFound("Token not found")
        uow.revoke_token(token_id, ports.now())
        record(ports, uow, caller, AuditKind.TOKEN_REVOKED, token_subject(token_id))
        uow.commit()


def user_of_token(ports: Ports, secret: str) -> User:
    """The person whose token it is, in the lesser of the token's role and their own.

    An address that is not in the directory is a program's: it is whom the token says. Raises
    NotSignedIn for a token that is not good, and for one whose agent is not active.
    """
    now = ports.now()
    with ports.begin() as uow:
        token = uow.token(digest_of(secret))
        if token is None or not token.is_good(now):
            raise NotSignedIn(NO_GOOD)
        user = _user(token, uow.directory())
        _note_use(uow, token, now)
    return user


def _user(token: Token, directory: Directory) -> User:
    agent = directory.agent_at(token.email)
    if agent is None:
        return User(id=token.id, name=token.email, email=token.email, role=token.role)
    if not agent.is_active:
        raise NotSignedIn(NO_GOOD)
    role = min(token.role, agent.role, key=_RANKS.__getitem__)
    return User(id=agent.id, name=agent.name, email=agent.email, role=role)


def _note_use(uow: UnitOfWork, token: Token, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        uow.touch_token(token.id, now)
        with suppress(Unavailable):  # a full disk closes no door
            uow.commit()
