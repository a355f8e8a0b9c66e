"""What every topic of the unit of work over SQL does alike: read, and gather writes."""

from helpdesk_core.errors import HelpdeskError
from helpdesk_sql.databases import RowWrite, Session, Write
from helpdesk_sql.kept import Kept, Record
from helpdesk_sql.queries import Queries


class Gathering:
    """One call's way to the database, and the writes that were gathered as plain data."""

    def __init__(self, session: Session, queries: Queries) -> None:
        self._session = session
        self._queries = queries
        self._writes: list[Write] = []

    def _insert(self, query: Kept, columns: Record) -> None:
        self._writes.append(RowWrite(query, query.parameters(columns), joins=True))

    def _write(
        self, query: Kept, values: Record, refusal: type[HelpdeskError] | None = None
    ) -> None:
        self._writes.append(RowWrite(query, query.parameters(values), refusal))
