"""The unit of work over a SQL database."""

from types import TracebackType
from typing import Self

from helpdesk_sql.databases import Session
from helpdesk_sql.listing import Lists
from helpdesk_sql.policies import SeenPolicies
from helpdesk_sql.queries import Queries
from helpdesk_sql.records.accounts import SqlAccounts
from helpdesk_sql.records.audit import SqlAudit
from helpdesk_sql.records.directory import SqlDirectory
from helpdesk_sql.records.erasing import SqlErasure
from helpdesk_sql.records.figures import SqlFigureRecords
from helpdesk_sql.records.files import SqlAttachments
from helpdesk_sql.records.once import SqlOnce
from helpdesk_sql.records.promises import SqlPromises
from helpdesk_sql.records.ticket_write import TicketWrite
from helpdesk_sql.records.tickets import SqlTickets
from helpdesk_sql.records.tokens import SqlTokens
from helpdesk_sql.snapshots import DirectorySnapshots


class SqlUnitOfWork(
    SqlDirectory,
    SqlTickets,
    SqlFigureRecords,
    SqlAttachments,
    SqlTokens,
    SqlAccounts,
    SqlOnce,
    SqlPromises,
    SqlAudit,
    SqlErasure,
):
    """Reads as it is asked; gathers what is saved as plain data and stores it at `commit`."""

    def __init__(
        self,
        session: Session,
        queries: Queries,
        lists: Lists,
        snapshots: DirectorySnapshots,
        seen: SeenPolicies,
    ) -> None:
        super().__init__(session, queries)
        self._lists = lists
        self._snapshots = snapshots
        self._seen = seen
        self._policies = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self._forget()
        self._policies.clear()
        self._session.close()

    def commit(self) -> None:
        """Store what was gathered: durably, all of it or nothing.

        Raises StaleDirectory also for a ticket whose department, KPI type or assignee was taken out
        of the directory meanwhile.
        """
        made = (it.made() if isinstance(it, TicketWrite) else it for it in self._writes)
        writes = (*made, *self._sum_writes())
        self._forget()
        if writes:
            self._session.store(writes)
        self._policies_are_stored()

    def _forget(self) -> None:
        self._writes.clear()
        self._saved.clear()
        self._sums.clear()
