"""A desk over any store, and what it answers, as it can be compared with another's."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import TypeAlias, TypeVar
from uuid import UUID

import attrs

from helpdesk_core.couriers import NoMailServer
from helpdesk_core.errors import HelpdeskError
from helpdesk_core.ports import Outbox, Ports, RateLimiter
from helpdesk_core.testing.stores import Store

Clock: TypeAlias = Callable[[], datetime]
Answer = TypeVar("Answer")


@attrs.frozen(kw_only=True)
class Side:
    """What a desk is built on: an empty store, its outbox by a running clock, and a limiter."""

    store: Store
    outbox: Outbox
    limiter: RateLimiter


@attrs.frozen(kw_only=True)
class Desk:
    """A desk whose clock is given and whose ids count."""

    side: Side
    ports: Ports

    @classmethod
    def over(cls, side: Side, now: Clock) -> "Desk":
        """A desk over the side."""
        numbers = count(0x10000)
        ports = Ports(
            begin=side.store.begin,
            now=now,
            new_id=lambda: UUID(int=next(numbers)),
            limiter=side.limiter,
            courier=NoMailServer(),
        )
        return cls(side=side, ports=ports)


@attrs.frozen
class Refusal:
    """A refusal, as it can be compared."""

    kind: type[HelpdeskError]
    message: str
    details: dict[str, str]


def answer_of(act: Callable[[Desk], Answer], desk: Desk) -> Answer | Refusal:
    """What the desk answers, or how it refuses."""
    try:
        return act(desk)
    except HelpdeskError as refused:
        return Refusal(type(refused), refused.message, refused.details)
