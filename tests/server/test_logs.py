"""Log lines: whole, without personal data, and never in anybody's way."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Lock
from time import monotonic, sleep
from typing import Any

import pytest
import structlog
from structlog.typing import EventDict

from helpdesk_server.logs import LineWriter, log_named, start_logging
from helpdesk_server.setting_readers import LogFormat

PATIENCE = 10.0  # seconds until a test has failed


class Sink:
    """Keeps what is written; blocks while the gate is closed, or fails."""

    def __init__(self) -> None:
        self.gate = Event()
        self.gate.set()
        self.reached = Event()
        self.fails = False
        self._lines = b""
        self._lock = Lock()

    def write(self, lines: bytes) -> None:
        self.reached.set()
        assert self.gate.wait(PATIENCE)
        if self.fails:
            raise BrokenPipeError
        with self._lock:
            self._lines += lines

    @property
    def text(self) -> str:
        with self._lock:
            return self._lines.decode()

    def json(self, number: int = 0) -> dict[str, Any]:
        """A line of those written, once it is there."""
        deadline = monotonic() + PATIENCE
        while self.text.count("\n") <= number and monotonic() < deadline:
            sleep(0.002)
        line: dict[str, Any] = json.loads(self.text.splitlines()[number])
        return line


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Logging belongs to the whole process: give it back."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before[0], before[1]
    structlog.reset_defaults()


def word(facts: EventDict) -> str:
    """A line that is the event alone."""
    return str(facts["event"])


def break_down(words: str) -> None:
    raise LookupError(words)


def test_a_line_tells_when_how_grave_what_and_its_facts(sink: Sink) -> None:
    start_logging(LogFormat.JSON, write=sink.write)

    log_named("access").info("request", method="GET", status=200)
    line = sink.json()
    stamp = line.pop("timestamp")

    assert {
        "level": "info",
        "event": "request",
        "part": "access",
        "method": "GET",
        "status": 200,
    } == line
    assert stamp.endswith("Z")


def test_a_text_line_is_one_line_whatever_is_in_it(sink: Sink) -> None:
    writer = start_logging(LogFormat.TEXT, write=sink.write)

    log_named("access").info("request", route="/a\nlevel=error\x1b[31m")
    writer.finish(within=PATIENCE)

    assert 1 == sink.text.count("\n")
    assert sink.text.endswith('event=request part=access route="/a\\nlevel=error�[31m"\n')


def test_an_exception_is_told_by_kind_and_place_without_its_words(sink: Sink) -> None:
    start_logging(LogFormat.JSON, write=sink.write)

    try:
        try:
            break_down("ann@example.com")
        except LookupError as error:
            raise RuntimeError("ann@example.com again") from error
    except RuntimeError:
        log_named("http").exception("a request broke off")
    line = sink.json()

    assert "RuntimeError from LookupError" == line["error"]
    assert __file__ in line["where"]
    assert "ann@example.com" not in sink.text


def test_what_the_system_or_a_database_complains_of_is_said(sink: Sink) -> None:
    start_logging(LogFormat.JSON, write=sink.write)

    log_named("http").warning(
        "unavailable", exc_info=sqlite3.OperationalError("database is locked")
    )
    try:
        Path("/no/such/file").read_text(encoding="utf-8")
    except OSError as error:
        log_named("http").error("failed", exc_info=error)

    assert [
        "OperationalError (database is locked)",
        "FileNotFoundError (No such file or directory)",
    ] == [sink.json(0)["error"], sink.json(1)["error"]]


def test_an_exception_of_another_library_keeps_its_words_to_itself_too(sink: Sink) -> None:
    start_logging(LogFormat.JSON, write=sink.write)

    try:
        break_down("ann@example.com")
    except LookupError:
        logging.getLogger("waitress").exception("broken")
    line = sink.json()

    assert ("error", "broken", "LookupError", "waitress") == (
        line["level"],
        line["event"],
        line["error"],
        line["part"],
    )
    assert "ann@example.com" not in sink.text


def test_other_libraries_are_heard_from_warnings_on(sink: Sink) -> None:
    writer = start_logging(LogFormat.JSON, write=sink.write)

    logging.getLogger("alembic").info("quiet")
    logging.getLogger("alembic").warning("loud %d", 1)
    writer.finish(within=PATIENCE)

    assert ["loud 1"] == [json.loads(line)["event"] for line in sink.text.splitlines()]


def test_lines_come_in_their_order(sink: Sink) -> None:
    writer = start_logging(LogFormat.JSON, write=sink.write)

    for number in range(500):
        log_named("access").info("request", number=number)
    writer.finish(within=PATIENCE)

    assert list(range(500)) == [json.loads(line)["number"] for line in sink.text.splitlines()]


def test_a_sink_that_blocks_holds_nobody_up_and_what_is_dropped_is_counted(sink: Sink) -> None:
    writer = LineWriter(sink.write, render=word, most_waiting=10)
    writer.start()
    sink.gate.clear()
    writer.put({"event": "the first"})
    assert sink.reached.wait(PATIENCE)

    for number in range(1000):
        writer.put({"event": f"line {number}"})
    dropped = writer.dropped
    sink.gate.set()
    writer.finish(within=PATIENCE)

    assert 990 == dropped
    assert ["the first", *(f"line {number}" for number in range(10))] == sink.text.splitlines()[:11]
    assert "990 log lines were dropped" in sink.text


def test_the_end_does_not_wait_for_a_sink_that_blocks(sink: Sink) -> None:
    writer = LineWriter(sink.write, render=word, most_waiting=1)
    writer.start()
    sink.gate.clear()
    writer.put({"event": "stuck"})
    assert sink.reached.wait(PATIENCE)

    before = monotonic()
    writer.finish(within=0.01)

    assert monotonic() - before < PATIENCE / 2
    sink.gate.set()


def test_a_sink_that_fails_costs_its_lines_only(sink: Sink) -> None:
    writer = LineWriter(sink.write, render=word, most_waiting=10)
    writer.start()
    sink.fails = True
    writer.put({"event": "lost"})
    assert sink.reached.wait(PATIENCE)
    while not writer.dropped:
        sleep(0.002)
    sink.fails = False

    writer.put({"event": "kept"})
    writer.finish(within=PATIENCE)

    assert sink.text.startswith("kept\n1 log lines were dropped\n")


def test_facts_that_cannot_be_made_a_line_cost_their_line_only(sink: Sink) -> None:
    writer = start_logging(LogFormat.TEXT, write=sink.write)

    log_named("odd").info("lost", **{"a key": "with a space"})
    log_named("even").info("kept")
    writer.finish(within=PATIENCE)

    first, second = sink.text.splitlines()
    assert "a log line cannot be written" in first
    assert "event=kept" in second


def test_a_message_that_does_not_fit_its_arguments_raises_nowhere(sink: Sink) -> None:
    writer = start_logging(LogFormat.JSON, write=sink.write)

    logging.getLogger("odd").warning("%d", "x")
    writer.finish(within=PATIENCE)

    assert "a message that does not fit its arguments" == sink.json()["event"]
