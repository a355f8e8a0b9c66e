"""How attachments are read and stored: their records, and their bytes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from helpdesk_core.attachments import Attachment


class FileRecords(Protocol):
    """The part of a unit of work that is about files; new ones go with a ticket's change."""

    def attachments(self, ticket_id: UUID) -> tuple[Attachment, ...]:
        """The files of the ticket, removed ones too; oldest first, ties by id."""
        ...

    def attachment_ids(self, among: tuple[UUID, ...]) -> frozenset[UUID]:
        """Those of the ids under which a ticket has a file that is not removed."""
        ...

    def let_files_go(self, before: datetime, *, at: datetime) -> None:
        """Gather that files which are outlived by that instant (see `retention`) are removed `at`.

        The oldest go first; a store may leave what is more than a thousand of them for the next
        time. Only the records say so: the bytes are another's to remove.
        """
        ...


class FileStore(Protocol):
    """Keeps the bytes of attachments, each under an id of our own. Never overwrites.

    Every method may raise Unavailable.
    """

    def put(self, file_id: UUID, chunks: Iterable[bytes]) -> None:
        """Keep the chunks, one after another, as one file.

        When it returns, the whole file is kept durably; when it raises, or `chunks` does, nothing
        is there under the id. Raises DuplicateId when the id is taken.
        """
        ...

    def open(self, file_id: UUID) -> BinaryIO | None:
        """The file, to be read once from its start and closed; None where there is none."""
        ...

    def remove(self, file_id: UUID) -> None:
        """Let go of the file; none under that id is as good."""
        ...

    def kept_before(self, instant: datetime) -> Iterator[UUID]:
        """The ids of files that were kept before that instant by the store's clock, in any order.

        What is not of our making is passed over.
        """
        ...
