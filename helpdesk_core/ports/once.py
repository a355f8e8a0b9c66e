"""What is answered or given out only once: replies to keyed requests, numbers of a series."""

from datetime import datetime
from typing import Protocol

from helpdesk_core.replies import Reply, RequestKey


class OnceRecords(Protocol):
    """The part of a unit of work that is about kept replies and about numbers."""

    def reply(self, request: RequestKey) -> Reply | None:
        """What was answered to the first request of that key, however long ago, or None."""
        ...

    def save_reply(self, reply: Reply) -> None:
        """Gather an answer, in the place of one that is older than `replies.KEPT`.

        `commit` raises DuplicateReply when its key has a younger one.
        """
        ...

    def replace_reply(self, reply: Reply) -> None:
        """Gather an answer in the place of what was kept under its key, if anything was."""
        ...

    def forget_replies(self, before: datetime) -> None:
        """Gather that answers made before that instant are forgotten, the oldest first.

        A store may leave what is more than a thousand of them for the next time.
        """
        ...

    def next_number(self, series: str) -> int:
        """The next number of a series, from 1. It is taken at once, durably and for good.

        Nobody else gets it, whether or not the caller commits, and no crash gives it out again.
        """
        ...
