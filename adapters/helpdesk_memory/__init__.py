"""A whole desk in memory: the stores, a limiter, a clock that moves when told, ids that count."""

from helpdesk_memory.clock import MovableClock
from helpdesk_memory.desk import MemoryDesk
from helpdesk_memory.limiter import MemoryLimiter
from helpdesk_memory.outbox import MemoryOutbox
from helpdesk_memory.store import MemoryStore, MemoryUnitOfWork

__all__ = [
    "MemoryDesk",
    "MemoryLimiter",
    "MemoryOutbox",
    "MemoryStore",
    "MemoryUnitOfWork",
    "MovableClock",
]
