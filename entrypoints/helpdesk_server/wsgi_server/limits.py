"""What one client may ask of the server, and for how long."""

import attrs
from attrs.validators import gt

KIB = 1024
MIB = 1024 * KIB


@attrs.frozen(kw_only=True)
class ServerLimits:
    """The bounds of one server. Every one is greater than zero; durations are wall seconds.

    Attributes:
        threads: requests answered at once.
        connections: open connections at once; more wait in the kernel's backlog.
        header_bytes: request line and headers with their last blank line; one more is a 431.
        body_bytes: decoded body; exactly this many are taken, one more is a 413. Where the
            server is told of longer ones, those.
        spool_bytes: of one body kept in memory; a longer one goes to a temporary file.
        spool_room: of all temporary files together; a body for which there is none is a 503.
        header_deadline: from a request's first byte (or from the connection, before any
            reply) to the end of its headers, however many bytes trickle in.
        body_deadline: from the end of the headers to the end of the body, likewise.
        long_body_rate: bytes a second. For those that arrive of a body that may be longer than
            `body_bytes`, the deadline is put off as long as they take at this rate.
        stalled_reader: a reply of which the client takes no byte for this long is cut.
        keep_alive: a connection may rest this long between two requests.
        linger: after the last reply, how long the client may take to read it and hang up
            before the connection is closed under it.
        drain: from `stop()` to the end of `run()`, for the requests in flight.
    """

    threads: int = attrs.field(default=8, validator=gt(0))
    connections: int = attrs.field(default=1000, validator=gt(0))
    header_bytes: int = attrs.field(default=16 * KIB, validator=gt(0))
    body_bytes: int = attrs.field(default=1 * MIB, validator=gt(0))
    spool_bytes: int = attrs.field(default=64 * KIB, validator=gt(0))
    spool_room: int = attrs.field(default=512 * MIB, validator=gt(0))
    header_deadline: float = attrs.field(default=10.0, validator=gt(0))
    body_deadline: float = attrs.field(default=30.0, validator=gt(0))
    long_body_rate: int = attrs.field(default=32 * KIB, validator=gt(0))
    stalled_reader: float = attrs.field(default=30.0, validator=gt(0))
    keep_alive: float = attrs.field(default=30.0, validator=gt(0))
    linger: float = attrs.field(default=2.0, validator=gt(0))
    drain: float = attrs.field(default=10.0, validator=gt(0))

    @property
    def tick(self) -> float:
        """Seconds between two looks at the clocks: a fifth of the shortest, 0.5 at most."""
        clocks = (self.header_deadline, self.body_deadline, self.stalled_reader)
        return min(0.5, min(*clocks, self.keep_alive, self.linger, self.drain) / 5)
