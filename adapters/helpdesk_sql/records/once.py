"""Kept replies and series of numbers in SQL."""

from datetime import datetime

from helpdesk_core.errors import DuplicateReply
from helpdesk_core.replies import KEPT, Reply, RequestKey
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.rows import reply_columns, reply_of


class SqlOnce(Gathering):
    """The part of the unit of work that is about kept replies and about numbers."""

    def reply(self, request: RequestKey) -> Reply | None:
        """What was answered to the first request of that key, or None."""
        found = self._session.read(self._queries.once.reply, caller=request.caller, key=request.key)
        return reply_of(found[0]) if found else None

    def save_reply(self, reply: Reply) -> None:
        """Gather an answer, in the place of one that is older than it is kept."""
        outlived = {"outlived_at": reply.created_at - KEPT}
        self._write(self._queries.once.save_reply, reply_columns(reply) | outlived, DuplicateReply)

    def replace_reply(self, reply: Reply) -> None:
        """Gather an answer in the place of what was kept under its key, if anything was."""
        self._write(self._queries.once.replace_reply, reply_columns(reply))

    def forget_replies(self, before: datetime) -> None:
        """Gather that answers made before that instant are forgotten, the oldest thousand of them.

        Whoever came back after a long rest would else wait for all the others' to be deleted.
        """
        self._write(self._queries.once.forget_replies, {"before": before})

    def next_number(self, series: str) -> int:
        """The next number of a series, taken at once and for good.

        When the connection is lost meanwhile the number may be taken, and nobody has it.
        """
        [taken] = self._session.change(self._queries.once.next_number, name=series)
        number: int = taken["last"]
        return number
