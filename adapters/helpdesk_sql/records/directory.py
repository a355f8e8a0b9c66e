"""The directory in SQL."""

from helpdesk_core.directory import Directory
from helpdesk_sql.directories import DirectoryWrite
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.snapshots import DirectorySnapshots


class SqlDirectory(Gathering):
    """The directory's part of the unit of work."""

    _snapshots: DirectorySnapshots

    def directory(self) -> Directory:
        """The directory as it is now."""
        [state] = self._session.read(self._queries.directory_version)
        if not self._snapshots.is_at(state["version"]):
            # Whoever kept one connection while taking another could wait for itself.
            self._session.close()
        return self._snapshots.at(state["version"])

    def save_directory(self, directory: Directory) -> None:
        """Gather a directory whose version is one more than the stored one's.

        Besides what the port says, `commit` raises InvalidDirectory when the directory refers to
        something that is not in it, or lacks something that a ticket refers to.
        """
        self._writes.append(DirectoryWrite(directory))
