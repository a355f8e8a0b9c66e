"""The room for bodies that are too long for memory."""

from threading import Lock


class Spool:
    """So many bytes for all bodies on their way together; used by every thread."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._lock = Lock()

    def take(self, size: int) -> bool:
        """Take room; False, and nothing is taken, where there is not so much."""
        with self._lock:
            if size > self._room:
                return False
            self._room -= size
            return True

    def give_back(self, size: int) -> None:
        """Give room back that was taken."""
        with self._lock:
            self._room += size
