"""Kept replies and series of numbers in memory."""

from datetime import datetime

from helpdesk_core.errors import DuplicateReply
from helpdesk_core.replies import KEPT, Reply, RequestKey
from helpdesk_memory.records.gathering import Gathering, Undo, put


class MemoryOnce(Gathering):
    """The part of the unit of work that is about kept replies and about numbers."""

    def reply(self, request: RequestKey) -> Reply | None:
        """What was answered to the first request of that key, or None."""
        with self._store.lock:
            return self._store.replies.get(request)

    def save_reply(self, reply: Reply) -> None:
        """Gather an answer, in the place of one that is older than it is kept."""
        self._writes.append(lambda: self._put_reply(reply))

    def replace_reply(self, reply: Reply) -> None:
        """Gather an answer in the place of what was kept under its key, if anything was."""
        self._writes.append(lambda: put(self._store.replies, reply.request, reply))

    def forget_replies(self, before: datetime) -> None:
        """Gather that answers made before that instant are forgotten."""
        self._writes.append(lambda: self._drop_replies(before))

    def next_number(self, series: str) -> int:
        """The next number of a series, taken at once and for good."""
        with self._store.lock:
            number = self._store.series.get(series, 0) + 1
            self._store.series[series] = number
            return number

    def _put_reply(self, reply: Reply) -> Undo:
        held = self._store.replies.get(reply.request)
        if held is not None and held.created_at + KEPT > reply.created_at:
            raise DuplicateReply
        return put(self._store.replies, reply.request, reply)

    def _drop_replies(self, before: datetime) -> Undo:
        held = self._store.replies
        self._store.replies = {
            request: reply for request, reply in held.items() if reply.created_at >= before
        }
        return lambda: setattr(self._store, "replies", held)
