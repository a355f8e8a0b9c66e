"""When what failed is tried again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.routing import Channel
from helpdesk_core.use_cases.delivering import KEPT_TRYING, LONGEST_WAIT
from helpdesk_server.schedules import JITTER, WAITS, wait_after

CHANNELS = st.sampled_from(list(Channel))


@given(CHANNELS, st.integers(1, 400))
def test_a_wait_is_the_schedule_s_and_a_little_more(channel: Channel, failed: int) -> None:
    waits = WAITS[channel]
    planned = timedelta(seconds=waits[min(failed, len(waits)) - 1])

    assert planned <= wait_after(channel, failed) <= planned * (1 + JITTER)


@pytest.mark.parametrize("channel", Channel)
def test_two_that_failed_together_come_apart(channel: Channel) -> None:
    assert 1 < len({wait_after(channel, 1) for _ in range(20)})


@pytest.mark.parametrize("channel", Channel)
def test_waits_grow_and_none_is_longer_than_anybody_may_ask_for(channel: Channel) -> None:
    waits = WAITS[channel]

    assert list(waits) == sorted(waits)
    assert timedelta(seconds=waits[-1] * (1 + JITTER)) <= LONGEST_WAIT


@pytest.mark.parametrize("channel", Channel)
def test_the_whole_schedule_is_gone_through_before_a_notice_is_given_up(channel: Channel) -> None:
    assert timedelta(seconds=sum(WAITS[channel][:-1])) <= KEPT_TRYING[channel]
