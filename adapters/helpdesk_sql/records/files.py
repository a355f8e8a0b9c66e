"""The records of attachments in SQL."""

from datetime import datetime
from uuid import UUID

from helpdesk_core.attachments import Attachment
from helpdesk_sql.queries import AMONG
from helpdesk_sql.records.gathering import Gathering


class SqlAttachments(Gathering):
    """The part of the unit of work that is about files."""

    def attachments(self, ticket_id: UUID) -> tuple[Attachment, ...]:
        """The files of the ticket; oldest first, ties by id."""
        found = self._session.read(self._queries.files.attachments, ticket_id=ticket_id)
        return tuple(Attachment(**record) for record in found)

    def attachment_ids(self, among: tuple[UUID, ...]) -> frozenset[UUID]:
        """Those of the ids under which a ticket has a file that is not removed."""
        found: set[UUID] = set()
        for start in range(0, len(among), AMONG):
            some = among[start : start + AMONG]
            wanted = {f"id_{number}": some[number % len(some)] for number in range(AMONG)}
            records = self._session.read(self._queries.files.attachment_ids, **wanted)
            found |= {record["id"] for record in records}
        return frozenset(found)

    def let_files_go(self, before: datetime, *, at: datetime) -> None:
        """Gather that outlived files are kept no longer, the oldest thousand of them."""
        self._write(self._queries.files.let_files_go, {"before": before, "at": at})
