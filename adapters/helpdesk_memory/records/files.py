"""The records of attachments in memory."""

from datetime import datetime
from uuid import UUID

import attrs

from helpdesk_core.attachments import Attachment
from helpdesk_core.errors import DuplicateId
from helpdesk_core.retention import is_outlived
from helpdesk_memory.records.gathering import Gathering, Undo, put


class MemoryAttachments(Gathering):
    """The part of the unit of work that is about files."""

    def attachments(self, ticket_id: UUID) -> tuple[Attachment, ...]:
        """The files of the ticket; oldest first, ties by id."""
        with self._store.lock:
            held = self._store.attachments.get(ticket_id, ())
        return tuple(sorted(held, key=lambda attachment: (attachment.created_at, attachment.id)))

    def attachment_ids(self, among: tuple[UUID, ...]) -> frozenset[UUID]:
        """Those of the ids under which a ticket has a file that is not removed."""
        wanted = frozenset(among)
        with self._store.lock:
            owners = {self._store.attachment_ids.get(it) for it in wanted}
            held = [file for owner in owners if owner for file in self._store.attachments[owner]]
        return wanted & {file.id for file in held if file.removed_at is None}

    def let_files_go(self, before: datetime, *, at: datetime) -> None:
        """Gather that outlived files are kept no longer."""
        self._writes.append(lambda: self._mark_outlived(before, at))

    def _put_attachment_id(self, attachment_id: UUID, ticket_id: UUID) -> Undo:
        if attachment_id in self._store.attachment_ids:
            raise DuplicateId
        return put(self._store.attachment_ids, attachment_id, ticket_id)

    def _put_attachment(self, ticket_id: UUID, attachment: Attachment) -> Undo:
        held = self._store.attachments
        return put(held, ticket_id, (*held.get(ticket_id, ()), attachment))

    def _mark_outlived(self, before: datetime, at: datetime) -> Undo:
        held = self._store.attachments
        self._store.attachments = {
            ticket_id: tuple(
                attrs.evolve(it, removed_at=at)
                if is_outlived(it, self._store.tickets[ticket_id], before)
                else it
                for it in files
            )
            for ticket_id, files in held.items()
        }
        return lambda: setattr(self._store, "attachments", held)
