"""The directory in memory."""

from helpdesk_core.directory import Directory
from helpdesk_core.errors import InvalidDirectory, StaleDirectory
from helpdesk_memory.records.gathering import Gathering, Undo
from helpdesk_memory.references import is_whole, knows


class MemoryDirectory(Gathering):
    """The directory's part of the unit of work."""

    def directory(self) -> Directory:
        """The directory as it is now."""
        with self._store.lock:
            return self._store.directory

    def save_directory(self, directory: Directory) -> None:
        """Gather a directory whose version is one more than the stored one's."""
        self._writes.append(lambda: self._put_directory(directory))

    def _put_directory(self, directory: Directory) -> Undo:
        held = self._store.directory
        if directory.version != held.version + 1:
            raise StaleDirectory
        tickets = self._store.tickets.values()
        if not is_whole(directory) or not all(knows(directory, ticket) for ticket in tickets):
            raise InvalidDirectory(
                "The directory refers to something that is not in it, "
                "or lacks something that tickets refer to"
            )
        self._store.directory = directory
        return lambda: setattr(self._store, "directory", held)
