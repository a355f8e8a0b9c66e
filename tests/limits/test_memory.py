"""What is remembered in memory, and for how long."""

from collections.abc import Callable
from datetime import timedelta

from helpdesk_core.limits import SUBMISSIONS
from helpdesk_limits import open_limiter
from helpdesk_limits.memory import MemoryWindows
from helpdesk_memory import MovableClock

HOUR = 3600


def test_a_key_is_forgotten_once_its_acts_have_left_the_window(
    memory_windows: MemoryWindows, clock: MovableClock
) -> None:
    for number in range(100):
        memory_windows.acquire_entry(f"key {number}", 5, HOUR)
    clock.advance(hours=1)
    for _ in range(20):
        memory_windows.acquire_entry("another", 20, HOUR)

    assert 1 == len(memory_windows)


def test_a_key_whose_last_act_is_in_the_window_is_remembered(
    memory_windows: MemoryWindows, clock: MovableClock
) -> None:
    memory_windows.acquire_entry("early and late", 2, HOUR)
    memory_windows.acquire_entry("early", 2, HOUR)
    clock.advance(minutes=40)
    memory_windows.acquire_entry("early and late", 2, HOUR)
    clock.advance(minutes=40)
    memory_windows.acquire_entry("another", 2, HOUR)

    assert 2 == len(memory_windows)
    assert 1 == memory_windows.get_moving_window("early and late", 2, HOUR)[1]


def test_a_short_window_is_swept_while_a_long_one_is_kept(
    memory_windows: MemoryWindows, clock: MovableClock
) -> None:
    memory_windows.acquire_entry("long", 1, 2 * HOUR)
    memory_windows.acquire_entry("short", 1, HOUR)
    clock.advance(hours=1)
    memory_windows.acquire_entry("another", 1, HOUR)

    assert 2 == len(memory_windows)
    assert not memory_windows.acquire_entry("long", 1, 2 * HOUR)


def test_no_more_keys_are_remembered_than_allowed(seconds: Callable[[], float]) -> None:
    windows = MemoryWindows(seconds, most_keys=100)
    for number in range(10_000):
        windows.acquire_entry(f"key {number}", 5, HOUR)

    assert 100 == len(windows)


def test_the_keys_that_acted_last_are_the_ones_remembered(seconds: Callable[[], float]) -> None:
    windows = MemoryWindows(seconds, most_keys=100)
    for number in range(300):
        windows.acquire_entry("faithful", 1000, HOUR)
        windows.acquire_entry(f"key {number}", 1, HOUR)

    assert 300 == windows.get_moving_window("faithful", 1000, HOUR)[1]


def test_asking_about_a_key_remembers_nothing(memory_windows: MemoryWindows) -> None:
    memory_windows.get_moving_window("stranger", 5, HOUR)

    assert 0 == len(memory_windows)


def test_each_opened_memory_counts_for_itself() -> None:
    one, other = open_limiter("memory://"), open_limiter("memory://")
    for _ in range(SUBMISSIONS.amount):
        one.hit(SUBMISSIONS, ("a",))

    assert timedelta(0) == other.hit(SUBMISSIONS, ("a",))
