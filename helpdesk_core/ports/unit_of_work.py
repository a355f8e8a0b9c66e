"""One call's view of the store."""

from types import TracebackType
from typing import Protocol, Self

from helpdesk_core.ports.accounts import AccountRecords
from helpdesk_core.ports.audit import AuditTrail
from helpdesk_core.ports.directory import DirectoryRecords
from helpdesk_core.ports.erasing import ErasureRecords
from helpdesk_core.ports.figures import FigureRecords
from helpdesk_core.ports.files import FileRecords
from helpdesk_core.ports.once import OnceRecords
from helpdesk_core.ports.promises import PromiseRecords
from helpdesk_core.ports.tickets import TicketRecords
from helpdesk_core.ports.tokens import TokenRecords


class UnitOfWork(
    DirectoryRecords,
    TicketRecords,
    FigureRecords,
    FileRecords,
    TokenRecords,
    AccountRecords,
    OnceRecords,
    PromiseRecords,
    AuditTrail,
    ErasureRecords,
    Protocol,
):
    """One call's view of the store: reads answer at once, writes wait for `commit`.

    Reads see what was committed when they are asked. What is saved is gathered and stored together
    at `commit`, all of it or nothing; leaving the block without `commit` stores nothing. A unit of
    work belongs to one call and one thread, and is not used again after its block.

    Every method may raise Unavailable when the store does not answer.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...

    def commit(self) -> None:
        """Store what was gathered: durably, all of it or nothing. Errors: see the `save` methods.

        When it returns, a power cut loses none of it (a store in memory promises less).
        """
        ...
