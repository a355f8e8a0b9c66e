"""The unit of work over a desk in memory."""

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from helpdesk_memory.records.accounts import MemoryAccounts
from helpdesk_memory.records.audit import MemoryAudit
from helpdesk_memory.records.directory import MemoryDirectory
from helpdesk_memory.records.erasing import MemoryErasure
from helpdesk_memory.records.figures import MemoryFigureRecords
from helpdesk_memory.records.once import MemoryOnce
from helpdesk_memory.records.promises import MemoryPromises
from helpdesk_memory.records.tickets import MemoryTickets
from helpdesk_memory.records.tokens import MemoryTokens


class MemoryUnitOfWork(
    MemoryDirectory,
    MemoryTickets,
    MemoryFigureRecords,
    MemoryTokens,
    MemoryAccounts,
    MemoryOnce,
    MemoryPromises,
    MemoryAudit,
    MemoryErasure,
):
    """Gathers writes; `commit` makes them one by one, under the lock.

    When one of them is refused, those made before it are unmade.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self._writes.clear()

    def commit(self) -> None:
        """Store what was gathered: all of it or nothing."""
        writes, self._writes = self._writes, []
        with self._store.lock, ExitStack() as undos:
            for write in writes:
                undos.callback(write())
            undos.pop_all()
