"""Catching up: a few at a time until nothing is left, whatever becomes of one attempt."""

import pytest
from structlog.testing import capture_logs

from helpdesk_core.errors import Unavailable
from helpdesk_server import catching_up
from helpdesk_server.catching_up import CatchingUp
from helpdesk_server.logs import log_named
from tests.server.conftest import comes_true


class Backlog:
    """So many to count, of which each call counts one; or it fails in turn with each error."""

    def __init__(self, left: int, *errors: Exception) -> None:
        self.left = left
        self.errors = list(errors)

    def __call__(self) -> int:
        if self.errors:
            raise self.errors.pop(0)
        counted = min(1, self.left)
        self.left -= counted
        return counted


def started(backlog: Backlog, latest_start: float = 0) -> CatchingUp:
    catching = CatchingUp(backlog, log=log_named("test"), latest_start=latest_start)
    catching.start()
    return catching


def test_everything_is_counted_and_then_nothing_is_done() -> None:
    backlog = Backlog(5)
    catching = started(backlog)

    assert comes_true(lambda: not catching.is_at_work())
    assert 0 == backlog.left


@pytest.mark.parametrize("error", [Unavailable(), ValueError("broken")])
def test_what_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(catching_up, "AGAIN", 0.001)
    backlog = Backlog(2, error)
    with capture_logs() as logs:
        catching = started(backlog)
        assert comes_true(lambda: not catching.is_at_work())

    assert (0, 1) == (backlog.left, len(logs))


def test_after_a_stop_nothing_is_counted() -> None:
    backlog = Backlog(5)
    catching = CatchingUp(backlog, log=log_named("test"), latest_start=3600)
    catching.start()
    catching.stop()

    assert comes_true(lambda: not catching.is_at_work())
    assert 5 == backlog.left
