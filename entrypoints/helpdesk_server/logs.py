"""Log lines on their way to stderr: structured, without personal data, and never in the way.

Whoever logs puts a record into a bounded queue and goes on. One thread makes the lines and writes
them; when it cannot keep up, because nobody reads the pipe or the disk is full, records are dropped
and counted.
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
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from helpdesk_server.setting_readers import LogFormat

MOST_WAITING: Final = 10_000
"""Records in the queue; one more is dropped."""
GATHERING: Final = 0.05
"""Seconds between two writes, so that under load one write carries many lines."""
PLAIN_SPOKEN: Final = {("sqlite3", "OperationalError"), ("psycopg", "OperationalError")}
"""Errors that tell of a database's state and repeat no value."""


class LineWriter(logging.Handler):
    """Writes records through a bounded queue and one thread of its own.

    `write` takes whole lines, UTF-8, and may block for ever or raise OSError: nobody else waits for
    it, not even the end of the process.
    """

    def __init__(self, write: Callable[[bytes], object], *, most_waiting: int) -> None:
        super().__init__()
        self._write = write
        self._waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(most_waiting)
        self._thread = Thread(target=self._work, name="log-writer", daemon=True)
        self._ending = False
        self.dropped = 0

    def createLock(self) -> None:  # noqa: N802  # the standard library's name
        """No lock: the queue has its own."""
        self.lock = None

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Put the record into the queue, or drop and count it."""
        try:
            self._waiting.put_nowait(record)
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
            records = self._gathered()
            dropped = self.dropped
            if dropped > told:
                records.append(_drops(dropped - told))
                told = dropped
            self._put(records)
            if not self._ending:
                time.sleep(GATHERING)

    def _gathered(self) -> list[logging.LogRecord]:
        gathered = [self._waiting.get()]
        while not self._waiting.empty():
            gathered.append(self._waiting.get())
        return [record for record in gathered if record is not None]

    def _put(self, records: list[logging.LogRecord]) -> None:
        lines = "".join(f"{self._line(record)}\n" for record in records)
        try:
            _ = self._write(lines.encode("utf-8", "backslashreplace"))
        except OSError:
            self.dropped += len(records)

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record)
        except Exception:  # noqa: BLE001  # a line that cannot be made must not end the writer
            return f"a log line of {record.name} cannot be written"


def start_logging(
    style: LogFormat, *, write: Callable[[bytes], object] | None = None
) -> LineWriter:
    """Send everything that is logged in this process through one writer, which is then at work.

    Below INFO nothing is kept, of other libraries nothing below WARNING.
    """
    writer = LineWriter(write or write_to_stderr, most_waiting=MOST_WAITING)
    writer.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, _stamp, _exception],
            processors=[ProcessorFormatter.remove_processors_meta, _renderer(style)],
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[writer], force=True)
    logging.getLogger("helpdesk").setLevel(logging.INFO)
    writer.start()
    return writer


def log_named(name: str) -> BoundLogger:
    """The structured logger `helpdesk.NAME`."""
    logger: BoundLogger = structlog.stdlib.get_logger(f"helpdesk.{name}")
    return logger


def write_to_stderr(lines: bytes) -> None:
    """Write all of it, to the descriptor itself.

    The stream has a lock; held while a pipe blocks, it would hang the interpreter's end.
    """
    descriptor = sys.stderr.fileno()
    while lines:
        lines = lines[os.write(descriptor, lines) :]


def _renderer(style: LogFormat) -> Processor:
    if style is LogFormat.JSON:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True, bool_as_flag=False
    )


def _stamp(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    """The time and the logger of a record that came from another library."""
    record: logging.LogRecord = facts["_record"]
    facts["timestamp"] = f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    facts["logger"] = record.name
    return facts


def _exception(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    """Tell of an exception by kinds and places; its words may quote what a stranger typed."""
    given = facts.pop("exc_info", None)
    found = sys.exc_info() if given is True else given
    if isinstance(found, BaseException):
        error: BaseException | None = found
    else:
        error = found[1] if found else None
    if error is not None:
        facts["error"] = " from ".join(_kind(it) for it in _causes(error))
        facts["where"] = _places(error.__traceback__)
    return facts


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


def _drops(number: int) -> logging.LogRecord:
    return logging.makeLogRecord(
        {
            "name": "helpdesk.logs",
            "levelno": logging.WARNING,
            "levelname": "WARNING",
            "msg": "%d log lines were dropped",
            "args": (number,),
        }
    )
