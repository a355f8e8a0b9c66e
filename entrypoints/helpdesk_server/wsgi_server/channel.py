"""One connection: its tasks, its clocks, and a close that lets the last reply arrive."""

from collections.abc import Mapping
from socket import SHUT_WR, socket
from time import monotonic
from typing import cast

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error as ErrorReply

from helpdesk_server.wsgi_server.parser import StrictParser
from helpdesk_server.wsgi_server.tuning import Tuning

QUIET = 0.1
"""Seconds of silence after which a connection counts as idle while the server drains.

A client that has just connected, or has just read a reply, may be sending this very moment.
"""


class RequestTask(WSGITask):
    """Runs the app; while the server drains, tells the client that this reply is the last."""

    channel: "Channel"

    def service(self) -> None:
        """Answer, and let every error of the app be seen.

        Waitress takes an `OSError` for a lost client and answers nothing at all; it knows a
        lost client by another exception.
        """
        self.start()
        self.execute()
        self.finish()

    def build_response_header(self) -> bytes:
        """Return status line and headers."""
        if self.channel.draining:
            self.channel.requests[0].close_after_reply()
        return super().build_response_header()


class JsonErrorTask(ErrorTask):
    """Answers in the caller's shape what the app never saw, or failed at, and closes."""

    channel: "Channel"

    def execute(self) -> None:
        """Write the whole reply; to HEAD all but its body."""
        error = cast("ErrorReply", cast("StrictParser", self.request).error)
        asked = self.channel.requests[0]  # where the app failed, `request` is one made for this
        body = self.channel.adj.error_body(error.code, error.reason, asked.path)
        self.version = "1.1"
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [("Content-Type", "application/json"), ("Connection", "close")]
        self.content_length = len(body)
        self.close_on_finish = True
        self.write(b"" if asked.method == b"HEAD" else body)


class Channel(HTTPChannel):
    """A connection whose every phase has an end. All but `send` run on the loop's thread."""

    task_class = RequestTask
    error_task_class = JsonErrorTask
    parser_class = StrictParser

    adj: Tuning
    request: StrictParser | None
    requests: list[StrictParser]

    moved = 0.0  # monotonic time when it opened, or a byte last left
    flushed = 0.0  # monotonic time when nothing was last seen waiting to leave
    answered = False
    draining = False
    lingering = False
    discarded = 0

    def add_channel(self, map: Mapping[int, socket] | None = None) -> None:  # noqa: A002 - theirs
        """Enter the loop; from here the clocks run."""
        self.moved = monotonic()
        super().add_channel(map)

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002 - theirs
        """Send what the socket takes, and note that it took something."""
        sent = super().send(data, do_close)
        if sent:
            self.moved = monotonic()
            self.answered = True
        return sent

    def received(self, data: bytes) -> bool:
        """Read requests; once the last reply is out, drop what still comes, to a body's worth."""
        if not self.lingering:
            return super().received(data)
        self.discarded += len(data)
        if self.discarded > self.adj.limits.body_bytes:
            self.handle_close()
        return False

    def handle_write(self) -> None:
        """Flush; when that was the last reply, close our half first.

        A socket closed over unread bytes is reset, and the reset destroys the reply on its
        way: nobody would ever see why his upload was refused.
        """
        if not self.close_when_flushed:
            super().handle_write()
            return
        self.close_when_flushed = False  # or waitress closes the whole socket
        super().handle_write()
        if self.total_outbufs_len:
            self.close_when_flushed = True
        elif self.connected:
            self._close_our_half()

    def _close_our_half(self) -> None:
        self.lingering = True
        self.moved = monotonic()
        try:
            cast("socket", self.socket).shutdown(SHUT_WR)
        except OSError:  # the client was faster
            self.handle_close()

    def handle_expt(self) -> None:
        """Hang up on urgent data: unread it would wake the loop for ever."""
        self.handle_close()

    def handle_close(self) -> None:
        """Close at once, with the spool of a body that never came whole."""
        super().handle_close()
        if self.request is not None:
            self.request.close()

    def overdue(self, now: float) -> bool:
        """Whether the client has used up its time, `now` being monotonic."""
        limits = self.adj.limits
        if self.lingering:
            return now - self.moved > limits.linger
        if self.total_outbufs_len:
            # What waits here may have come a moment ago, after a long silence of the app.
            return now - max(self.moved, self.flushed) > limits.stalled_reader
        self.flushed = now
        if self.requests:
            return False
        if self.request is not None:
            # A pipelined request's clock stands still while the one before is answered.
            return now - max(self.request.since, self.moved) > self.request.allowance
        return now - self.moved > (limits.keep_alive if self.answered else limits.header_deadline)

    def idle(self, now: float) -> bool:
        """Whether nobody would miss this connection, `now` being monotonic."""
        busy = self.requests or self.request is not None or self.total_outbufs_len
        return now - self.moved > QUIET and not busy
