"""Giving out tokens."""

from datetime import timedelta

from helpdesk_core.errors import Invalid
from helpdesk_core.people import Role
from helpdesk_core.ports import Ports
from helpdesk_core.text import read_address
from helpdesk_core.tokens import Token, digest_of, secret_of


def create_token(
    ports: Ports, *, email: str, role: Role, random: bytes, expires_in: timedelta | None = None
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
        uow.commit()
    return secret
