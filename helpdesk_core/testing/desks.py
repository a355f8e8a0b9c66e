"""A desk over any store, and what it answers, as it can be compared with another's."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

import attrs

from helpdesk_core.attachments import AttachmentRules
from helpdesk_core.case_numbers import Numbering
from helpdesk_core.couriers import NoMailServer
from helpdesk_core.errors import HelpdeskError
from helpdesk_core.ports import CaseRules, FileStore, Outbox, Ports, RateLimiter
from helpdesk_core.testing.stores import Store
from helpdesk_core.use_cases.once import OnceOnly

Clock: TypeAlias = Callable[[], datetime]
Answer = TypeVar("Answer")

SMALL_FILES: Final = AttachmentRules(largest_file=2, largest_ticket=5, most_files=4)
"""So little that every limit is soon reached."""


@attrs.frozen(kw_only=True)
class Side:
    """What a desk is built on: an empty store, its outbox by a running clock, and a limiter.

    Without `files` nothing is attached.
    """

    store: Store
    outbox: Outbox
    limiter: RateLimiter
    files: FileStore | None = None


@attrs.frozen(kw_only=True)
class Desk:
    """A desk whose clock is given, whose ids and secrets count, and what answers keyed requests."""

    side: Side
    ports: Ports
    once_only: OnceOnly

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
            random=lambda amount: next(numbers).to_bytes(amount, "big"),
            files=side.files,
            attachments=SMALL_FILES,
        )
        return cls(side=side, ports=ports, once_only=OnceOnly(ports))

    def set_up(self, numbering: Numbering, *, customers_may_attach: bool) -> "Desk":
        """The same desk with its support door set otherwise."""
        rules = CaseRules(numbering=numbering, customers_may_attach=customers_may_attach)
        ports = attrs.evolve(self.ports, cases=rules)
        return attrs.evolve(self, ports=ports, once_only=OnceOnly(ports))


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
