"""How the directory is read and stored."""

from typing import Protocol

from helpdesk_core.directory import Directory


class DirectoryRecords(Protocol):
    """The directory's part of a unit of work."""

    def directory(self) -> Directory:
        """The directory as it is now; an empty one of version 0 before the first is stored."""
        ...

    def save_directory(self, directory: Directory) -> None:
        """Gather a directory whose `version` is one more than the stored one's.

        What is stored but not in it is taken away. `commit` raises StaleDirectory when its version
        is another, and InvalidDirectory when it refers to what is not in it or lacks what a stored
        ticket refers to: its department, its KPI type, its assignee.
        """
        ...
