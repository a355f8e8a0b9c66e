"""The directory as it was last read, for as long as its version is the stored one."""

from helpdesk_core.directory import Directory
from helpdesk_sql.databases import Database
from helpdesk_sql.directories import read_directory


class DirectorySnapshots:
    """Keeps the latest directory. Threads may share it: what is kept is one frozen value."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._latest = Directory()

    def is_at(self, version: int) -> bool:
        """True when the latest is of that version, so that nothing need be read."""
        return self._latest.version == version

    def at(self, version: int) -> Directory:
        """The directory of that version, or a later one where it has changed since."""
        latest = self._latest
        if latest.version != version:
            with self._database.snapshot() as connection:
                latest = read_directory(connection)
            self._latest = latest
        return latest
