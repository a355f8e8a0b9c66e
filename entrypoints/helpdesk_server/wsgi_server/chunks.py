"""A chunked body (RFC 9112, 7.1) to the letter."""

import re

from waitress.buffers import OverflowableBuffer
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, RequestEntityTooLarge

SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;[\t -~]*)?\r\n")
LINE_END = re.compile(rb"\r\n")
LONGEST_SIZE_LINE = 256  # bytes; extensions are allowed, and nobody here reads them


class StrictChunks(ChunkedReceiver):
    """Decodes chunks into `buf`, at most `limit` bytes.

    Stricter than waitress: no line may end in a bare LF or stand empty, trailer fields are
    refused, and a chunk that would pass the limit is refused by its size line alone.
    """

    def __init__(self, buf: OverflowableBuffer, limit: int) -> None:
        super().__init__(buf)
        self.limit = limit

    def received(self, s: bytes) -> int:
        """Take the next bytes; return how many of them belong to this body."""
        data, at = self.control_line + s, 0
        while at < len(data) and not self.completed and self.error is None:
            step = self._read_data(data, at) if self.chunk_remainder else self._read_line(data, at)
            if not step:
                break
            at += step
        if self.completed:
            return len(s) - (len(data) - at)
        self.control_line = data[at:]
        return len(s)

    def _read_data(self, data: bytes, at: int) -> int:
        part = data[at : at + self.chunk_remainder]
        self.buf.append(part)
        self.chunk_remainder -= len(part)
        self.validate_chunk_end = not self.chunk_remainder
        return len(part)

    def _read_line(self, data: bytes, at: int) -> int:
        """Read one whole line and return its length, or 0 when more of it has to come."""
        bare = self.validate_chunk_end or self.all_chunks_received
        line = (LINE_END if bare else SIZE_LINE).match(data, at)
        if line is None:
            self._refuse_hopeless(data[at : at + LONGEST_SIZE_LINE + 1], 1 if bare else None)
            return 0
        if self.validate_chunk_end:
            self.validate_chunk_end = False
        elif self.all_chunks_received:
            self.completed = True
        else:
            self._begin_chunk(int(line[1], 16))
        return line.end() - at

    def _refuse_hopeless(self, start: bytes, longest: int | None) -> None:
        if b"\n" in start or len(start) > (longest or LONGEST_SIZE_LINE):
            self.error = BadRequest("malformed chunk")

    def _begin_chunk(self, size: int) -> None:
        if len(self.buf) + size > self.limit:
            self.error = RequestEntityTooLarge("chunk beyond the limit")
        self.chunk_remainder = size
        self.all_chunks_received = not size
