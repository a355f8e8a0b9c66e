"""What is left of a limit goes to exactly one, whoever asks at the same moment."""

import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from time import sleep

from helpdesk_core.limits import SUBMISSIONS, Limit
from helpdesk_core.ports import RateLimiter
from helpdesk_core.testing.races import at_once
from helpdesk_limits import StorageLimiter, open_limiter

NOW = timedelta(0)
KEY = ("192.0.2.1",)
NEXT_LEAVES = 1800.0
RACING_PROCESS = Path(__file__).with_name("racing_process.py")


class NaiveLimiter:
    """Looks whether there is room, and then counts: the mistake that the race must find."""

    def __init__(self) -> None:
        self._acts: Counter[tuple[str, ...]] = Counter()

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        if self._acts[key] >= limit.amount:
            return limit.period
        sleep(0.001)  # a storage that is elsewhere
        self._acts[key] += 1
        return NOW

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        return limit.period if self._acts[key] >= limit.amount else NOW


class OpeningWindows:
    """A full window, of which the oldest act leaves between two questions, `openings` times.

    Each time somebody else is faster, but the last time.
    """

    def __init__(self, openings: int) -> None:
        self._openings = openings

    def acquire_entry(self, key: str, limit: int, expiry: int) -> bool:
        return self._openings == 0

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        self._openings -= 1
        return NEXT_LEAVES, limit - 1


class FullWindows:
    """A full window whose oldest act was at 0."""

    def acquire_entry(self, key: str, limit: int, expiry: int) -> bool:
        return False

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        return 0.0, limit


def winners(limiter: RateLimiter, racers: int) -> int:
    """How many of so many threads pass where there is room for one."""
    for _ in range(SUBMISSIONS.amount - 1):
        limiter.hit(SUBMISSIONS, KEY)
    return at_once([lambda: limiter.hit(SUBMISSIONS, KEY)] * racers).count(NOW)


def test_an_act_passes_in_a_window_that_opened_after_its_refusal() -> None:
    limiter = StorageLimiter(OpeningWindows(1), now=lambda: 3600.0)

    assert NOW == limiter.hit(SUBMISSIONS, KEY)


def test_a_refused_act_waits_for_more_than_nothing_however_others_race() -> None:
    limiter = StorageLimiter(OpeningWindows(1000), now=lambda: 3600.0)

    assert NOW < limiter.hit(SUBMISSIONS, KEY) < timedelta(seconds=1)


def test_a_window_that_is_about_to_open_is_waited_for_more_than_nothing() -> None:
    """The shortest wait that a duration can say is longer than what is left."""
    limiter = StorageLimiter(FullWindows(), now=lambda: 3600.0 - 1e-7)

    assert timedelta.resolution == limiter.hit(SUBMISSIONS, KEY)


def test_one_of_two_hundred_threads_passes_in_memory() -> None:
    assert 1 == winners(open_limiter("memory://"), 200)


def test_one_of_two_hundred_threads_passes_over_redis(redis_url: str, prefix: str) -> None:
    assert 1 == winners(open_limiter(redis_url, prefix=prefix), 200)


def test_a_limiter_that_checks_and_then_counts_lets_more_than_one_pass() -> None:
    """The control: the race is one that can be lost."""
    assert winners(NaiveLimiter(), 200) > 1


def test_one_of_two_processes_full_of_threads_passes_over_redis(
    redis_url: str, prefix: str
) -> None:
    limiter = open_limiter(redis_url, prefix=prefix)
    for _ in range(SUBMISSIONS.amount - 1):
        limiter.hit(SUBMISSIONS, KEY)
    command = [sys.executable, str(RACING_PROCESS), redis_url, prefix, "20"]
    processes = [Popen(command, stdin=PIPE, stdout=PIPE, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout
        process.stdout.readline()
    passed = [process.communicate("go\n", timeout=30)[0] for process in processes]

    assert ["0", "1"] == sorted(passed)
