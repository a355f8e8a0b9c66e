"""A desk in one object: everything in memory, time and ids under control."""

from datetime import datetime
from itertools import count
from uuid import UUID

from helpdesk_core.couriers import NoMailServer
from helpdesk_core.notices import Addressees
from helpdesk_core.ports import NO_ADDRESSEES, Ports
from helpdesk_core.routing import CONTRACT_ROUTING, Routing
from helpdesk_memory.clock import MovableClock
from helpdesk_memory.files import MemoryFiles
from helpdesk_memory.limiter import MemoryLimiter
from helpdesk_memory.outbox import MemoryOutbox
from helpdesk_memory.store import MemoryStore
from helpdesk_memory.ways_in import MemoryLinkPost, MemoryProvider


class MemoryDesk:
    """A desk whose clock stands at `start` until it is moved; its ids and secrets count from 1.

    The same calls on two of them give the same answers, ids and instants included.
    """

    def __init__(
        self,
        start: datetime,
        *,
        routing: Routing = CONTRACT_ROUTING,
        addressees: Addressees = NO_ADDRESSEES,
    ) -> None:
        self._numbers = count(1)
        self.clock = MovableClock(start)
        self.store = MemoryStore(self.clock)
        self.outbox = MemoryOutbox(self.store, new_id=self._next_id)
        self.files = MemoryFiles(self.clock)
        self.provider = MemoryProvider()
        self.link_post = MemoryLinkPost()
        self.ports = Ports(
            begin=self.store.begin,
            now=self.clock,
            new_id=self._next_id,
            limiter=MemoryLimiter(self.clock),
            courier=NoMailServer(),
            routing=routing,
            addressees=addressees,
            outbox=self.outbox,
            random=self._next_bytes,
            files=self.files,
            providers={self.provider.key: self.provider},
            link_post=self.link_post,
        )

    def _next_bytes(self, amount: int) -> bytes:
        return next(self._numbers).to_bytes(amount, "big")

    def _next_id(self) -> UUID:
        return UUID(int=next(self._numbers))
