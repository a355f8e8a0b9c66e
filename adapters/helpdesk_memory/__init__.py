"""A whole desk in memory: stores, files, a limiter, a clock that moves when told, counted ids."""

from helpdesk_memory.clock import MovableClock
from helpdesk_memory.desk import MemoryDesk
from helpdesk_memory.files import MemoryFiles
from helpdesk_memory.limiter import MemoryLimiter
from helpdesk_memory.outbox import MemoryOutbox
from helpdesk_memory.store import MemoryStore
from helpdesk_memory.unit_of_work import MemoryUnitOfWork
from helpdesk_memory.ways_in import MemoryLinkPost, MemoryProvider

__all__ = [
    "MemoryDesk",
    "MemoryFiles",
    "MemoryLimiter",
    "MemoryLinkPost",
    "MemoryOutbox",
    "MemoryProvider",
    "MemoryStore",
    "MemoryUnitOfWork",
    "MovableClock",
]
