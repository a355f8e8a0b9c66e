"""Log lines on their way to stderr: structured, without personal data, and never in the way.

Whoever logs puts the facts into a bounded queue and goes on. One thread makes lines of them and
writes those; when it cannot keep up, because nobody reads the pipe or the disk is full, facts are
dropped and counted.
"""

import logging
import os
import queue
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread
from types import TracebackType
from typing import Final

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from helpdesk_server.setting_readers import LogFormat
from helpdesk_server.terminal import printable

MOST_WAITING: Final = 10_000
"""Lines in the queue; one more is dropped."""
GATHERING: Final = 0.05
"""Seconds between two writes, so that under load one write carries many lines."""
PLAIN_SPOKEN: Final = {("sqlite3", "OperationalError"), ("psycopg", "OperationalError")}
"""Errors that tell of a database's state and repeat no value."""


class LineWriter:
    """Makes lines of facts and writes them, through a bounded queue and one thread of its own.

    `write` takes whole lines, UTF-8, and may block for ever or raise OSError: nobody else waits for
    it, not even the end of the process. `dropped` counts the lines that were not written.
    """

    def __init__(
        self,
        write: Callable[[bytes], object],
        *,
        render: Callable[[EventDict], str],
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._write = write
        self._render = render
        self._waiting: queue.Queue[EventDict | None] = queue.Queue(most_waiting)
        self._thread = Thread(target=self._work, name="log-writer", daemon=True)
        self._ending = False
        self.dropped = 0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, facts: EventDict) -> None:
        """Let the facts be written, or drop and count them. Never blocks, never raises."""
        try:
            self._waiting.put_nowait(facts)
        except queue.Full:
            self.dropped += 1

    def finish(self, *, within: float) -> None:
        """Write what waits and end, as far as that takes no longer than so many seconds."""
        deadline = time.monotonic() + within
        self._ending = True
        with suppress(queue.Full):  # who writes is stuck, and is left behind
            self._waiting.put(None, timeout=within)
        self._thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        told = 0
        while not self._ending or not self._waiting.empty():
            lines = self._gathered()
            dropped = self.dropped
            if dropped > told:
                lines.append(stamped("warning", f"{dropped - told} log lines were dropped", "logs"))
                told = dropped
            self._put_down(lines)
            if not self._ending:
                time.sleep(GATHERING)

    def _gathered(self) -> list[EventDict]:
        gathered = [self._waiting.get()]
        while not self._waiting.empty():
            gathered.append(self._waiting.get())
        return [facts for facts in gathered if facts is not None]

    def _put_down(self, lines: list[EventDict]) -> None:
        text = "".join(f"{self._line(facts)}\n" for facts in lines)
        try:
            _ = self._write(text.encode("utf-8", "backslashreplace"))
        except OSError:
            self.dropped += len(lines)

    def _line(self, facts: EventDict) -> str:
        try:
            return self._render(facts)
        except Exception:  # noqa: BLE001  # a line that cannot be made must not end the writer
            return self._render(stamped("error", "a log line cannot be written", "logs"))


class OtherLibraries(logging.Handler):
    """Brings what is logged by the standard library's means to the same writer."""

    def __init__(self, put: Callable[[EventDict], None]) -> None:
        super().__init__()
        self._put = put

    def createLock(self) -> None:  # noqa: N802  # the standard library's name
        """No lock: the queue has its own."""
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        """Put the record's facts into the queue."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001  # as the standard library has it: logging never raises
            message = "a message that does not fit its arguments"
        facts = stamped(record.levelname.lower(), message, record.name)
        facts["exc_info"] = record.exc_info
        self._put(told_plainly(None, "", facts))


def start_logging(
    style: LogFormat, *, write: Callable[[bytes], object] | None = None
) -> LineWriter:
    """Send everything that is logged in this process through one writer, which is then at work.

    Below INFO nothing is kept, of other libraries nothing below WARNING.
    """
    writer = LineWriter(write or write_to_stderr, render=renderer(style))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            told_plainly,
            _whole,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Putting(writer.put),
        cache_logger_on_first_use=False,
    )
    handlers: list[logging.Handler] = [OtherLibraries(writer.put)]
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    writer.start()
    return writer


def log_nothing() -> None:
    """Until `start_logging`, drop what is logged: a command says on its streams what it did."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def log_named(name: str) -> FilteringBoundLogger:
    """A structured logger for a part of the desk. It may be made before `start_logging`."""
    logger: FilteringBoundLogger = structlog.get_logger(part=name)
    return logger


def write_to_stderr(lines: bytes) -> None:
    """Write all of it, to the descriptor itself.

    The stream has a lock; held while a pipe blocks, it would hang the interpreter's end.
    """
    descriptor = sys.stderr.fileno()
    while lines:
        lines = lines[os.write(descriptor, lines) :]


def renderer(style: LogFormat) -> Callable[[EventDict], str]:
    """What makes one line of facts, whatever is in them."""
    if style is LogFormat.JSON:
        as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
        return lambda facts: str(as_json(None, "", facts))
    as_text = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
    )
    return lambda facts: printable(as_text(None, "", facts))


def stamped(level: str, event: str, part: str) -> EventDict:
    """The facts of a line of now."""
    stamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {"timestamp": stamp, "level": level, "event": event, "part": part}


def told_plainly(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    """Tell of an exception by kinds and places; its words may quote what a stranger typed."""
    given = facts.pop("exc_info", None)
    found = sys.exc_info() if given is True else given
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        facts["error"] = " from ".join(_kind(it) for it in _causes(error))
        facts["where"] = _places(error.__traceback__)
    return facts


class _Putting:
    """Takes what structlog has made of a call; every level goes the same way."""

    def __init__(self, put: Callable[[EventDict], None]) -> None:
        self.info = self.warning = self.error = self.critical = put


def _whole(
    _logger: WrappedLogger, _method: str, facts: EventDict
) -> tuple[tuple[EventDict], EventDict]:
    """Hand the facts over as one argument."""
    return (facts,), {}


def _kind(error: BaseException) -> str:
    """The name of the error; of what the system or a database complains of, its words too."""
    words = error.strerror if isinstance(error, OSError) else None
    if {(it.__module__, it.__name__) for it in type(error).__mro__} & PLAIN_SPOKEN:
        words = str(error).partition("\n")[0]
    return f"{type(error).__qualname__} ({words})" if words else type(error).__qualname__


def _causes(error: BaseException) -> list[BaseException]:
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    return causes


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
