"""Looking at what may hang: shared, remembered for a moment, and never waited for too long."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest
from structlog.testing import capture_logs

from helpdesk_core.errors import Unavailable
from helpdesk_server.logs import log_named
from helpdesk_server.looking import SharedLook
from tests.server.conftest import comes_true

LONG = 60.0  # seconds; no test waits so long
SHORT = 0.05


class Outside:
    """Something to look at, which answers when the gate is open."""

    def __init__(self) -> None:
        self.looks = 0
        self.gate = Event()
        self.gate.set()
        self.error: Exception | None = None

    def __call__(self) -> int:
        self.looks += 1
        assert self.gate.wait(LONG)
        if self.error:
            raise self.error
        return self.looks


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.gate.set()


def shared(look: Callable[[], int], fresh: float = LONG, patience: float = LONG) -> SharedLook[int]:
    return SharedLook(look, log=log_named("test"), fresh=fresh, patience=patience)


def test_what_was_found_is_told(outside: Outside) -> None:
    assert 1 == shared(outside)()


def test_what_was_found_a_moment_ago_is_told_again(outside: Outside) -> None:
    look = shared(outside)

    assert [1, 1, 1] == [look() for _ in range(3)]


def test_what_is_no_longer_fresh_is_looked_at_again(outside: Outside) -> None:
    look = shared(outside, fresh=0)

    assert [1, 2, 3] == [look() for _ in range(3)]


def test_all_who_ask_at_once_share_one_look(outside: Outside) -> None:
    outside.gate.clear()
    look = shared(outside)
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(look) for _ in range(20)]
        assert comes_true(lambda: outside.looks == 1)
        outside.gate.set()

    assert [1] * 20 == [each.result() for each in asked]


def test_nobody_waits_longer_than_patience_for_what_hangs(outside: Outside) -> None:
    outside.gate.clear()
    look = shared(outside, patience=SHORT)
    began = monotonic()

    assert look() is None
    assert SHORT <= monotonic() - began < LONG / 10


def test_who_asks_when_patience_has_ended_waits_not_at_all(outside: Outside) -> None:
    outside.gate.clear()
    look = shared(outside, patience=SHORT)
    look()
    began = monotonic()

    assert [None] * 100 == [look() for _ in range(100)]
    assert monotonic() - began < SHORT * 10
    assert 1 == outside.looks


def test_what_hung_and_answers_at_last_is_seen(outside: Outside) -> None:
    outside.gate.clear()
    look = shared(outside, patience=SHORT)
    look()
    outside.gate.set()

    assert comes_true(lambda: look() == 1)


def test_what_is_unavailable_is_not_seen_and_makes_no_noise(outside: Outside) -> None:
    outside.error = Unavailable()
    with capture_logs() as lines:
        assert shared(outside)() is None

    assert [] == lines


def test_what_breaks_is_not_seen_and_is_logged(outside: Outside) -> None:
    outside.error = ZeroDivisionError()
    with capture_logs() as lines:
        assert shared(outside)() is None

    assert ["a look broke off"] == [line["event"] for line in lines]
