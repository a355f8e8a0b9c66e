"""A desk in memory."""

from helpdesk_memory.contents import Contents
from helpdesk_memory.unit_of_work import MemoryUnitOfWork


class MemoryStore(Contents):
    """What is stored, and units of work over it."""

    def begin(self) -> MemoryUnitOfWork:
        """A fresh unit of work over this store."""
        return MemoryUnitOfWork(self)
