"""Who is asking."""

from enum import Enum
from typing import Final
from uuid import UUID

import attrs


class Role(Enum):
    """What a person is to the desk; the value is what goes over the wire and into a file."""

    CUSTOMER = "customer"
    AGENT = "agent"
    MANAGEMENT = "management"
    ADMIN = "admin"


@attrs.frozen(kw_only=True)
class User:
    """A person whose identity was verified. The address is one that the person is known to own."""

    id: UUID
    name: str
    email: str
    role: Role = Role.CUSTOMER

    @property
    def is_staff(self) -> bool:
        """True for agents, management and admins."""
        return self.role is not Role.CUSTOMER


@attrs.frozen(kw_only=True)
class Caller:
    """Whoever makes a call: a signed-in user or a stranger, and where the call comes from.

    `origin` is the key by which limits count: an address, or a network where one subscriber owns
    a whole network. None means that the call comes from inside the program; it is never limited.
    """

    user: User | None = None
    origin: str | None = None


STRANGER = Caller()

OPERATOR: Final = Caller(user=User(id=UUID(int=0), name="operator", email="", role=Role.ADMIN))
"""Whoever gives commands on the desk's own machine. They may do everything, and nobody counts."""
