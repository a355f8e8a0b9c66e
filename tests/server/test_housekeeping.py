"""Housekeeping: round after round, whatever becomes of one."""

from threading import Event

import pytest
from structlog.testing import capture_logs

from helpdesk_core.errors import Unavailable
from helpdesk_server.housekeeping import Housekeeping
from helpdesk_server.logs import log_named
from tests.server.conftest import comes_true

LONG = 3600.0  # seconds; no test waits so long
SHORT = 0.001


class Broom:
    """Sweeps, or fails in turn with each of the errors."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.rounds = 0
        self.swept = Event()

    def __call__(self) -> int:
        self.rounds += 1
        if self.errors:
            raise self.errors.pop(0)
        self.swept.set()
        return 1


def at_work(broom: Broom, every: float) -> Housekeeping:
    housekeeping = Housekeeping(broom, log=log_named("test"), every=every)
    housekeeping.start()
    return housekeeping


@pytest.fixture
def broom() -> Broom:
    return Broom()


def test_there_is_a_round_after_every_pause(broom: Broom) -> None:
    housekeeping = at_work(broom, SHORT)

    assert comes_true(lambda: broom.rounds >= 3)
    housekeeping.stop()


def test_there_is_no_round_at_the_start(broom: Broom) -> None:
    housekeeping = at_work(broom, LONG)

    assert not broom.swept.wait(0.05)
    housekeeping.stop()


def test_after_a_stop_there_is_no_other_round(broom: Broom) -> None:
    housekeeping = at_work(broom, SHORT)
    assert broom.swept.wait(LONG)
    housekeeping.stop()
    housekeeping.stop()
    assert comes_true(lambda: not housekeeping.is_at_work())
    rounds = broom.rounds

    assert not comes_true(lambda: broom.rounds > rounds, 0.05)


def test_what_fails_is_logged_and_tried_again() -> None:
    broom = Broom(Unavailable(), ZeroDivisionError())
    with capture_logs() as lines:
        housekeeping = at_work(broom, SHORT)
        assert broom.swept.wait(LONG)
        housekeeping.stop()

    assert ["the desk cannot be tidied now", "tidying broke off"] == [
        line["event"] for line in lines
    ]
