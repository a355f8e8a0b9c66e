"""When a notice that failed is tried again: a schedule for each channel, as data."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from tenacity import RetryCallState, Retrying, wait_chain, wait_random
from tenacity.wait import wait_base

from helpdesk_core.routing import Channel

JITTER: Final = 0.2
"""The share of a wait by which it may be longer, so that what failed together comes apart."""

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE

WAITS: Final[Mapping[Channel, Sequence[float]]] = {
    Channel.MAIL: (10, _MINUTE, 5 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR),
    Channel.SMS: (5, 15, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE),
    Channel.WEBHOOK: (
        5,
        5 * _MINUTE,
        30 * _MINUTE,
        2 * _HOUR,
        5 * _HOUR,
        10 * _HOUR,
        10 * _HOUR,
    ),
}
"""Seconds after the first failure, the second and so on; the last one stands for all that follow.

For how long it is tried at all, `helpdesk_core.use_cases.delivering.KEPT_TRYING` says.
"""


def _chain(waits: Sequence[float]) -> wait_base:
    return wait_chain(*(wait_random(wait, wait * (1 + JITTER)) for wait in waits))


_SCHEDULES: Final = {channel: _chain(waits) for channel, waits in WAITS.items()}


def wait_after(channel: Channel, failed: int) -> timedelta:
    """How long a notice of the channel waits that failed so many times, from 1 on."""
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = failed
    return timedelta(seconds=_SCHEDULES[channel](state))
