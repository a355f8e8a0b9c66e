"""For how long a session is good, and what is kept of a browser."""

from datetime import timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.sessions import (
    LONGEST_DEVICE,
    SEEN_EVERY,
    USUAL_SESSIONS,
    SessionRules,
    read_device,
)
from helpdesk_core.testing.account_builders import a_session
from helpdesk_core.testing.builders import NOW
from helpdesk_core.text import is_one_line, is_storable

A_MOMENT: Final = timedelta(microseconds=1)
SPANS: Final = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=30))


def test_a_session_that_nobody_uses_ends_after_half_a_day() -> None:
    end = NOW + timedelta(hours=12)

    assert a_session().is_good(end - A_MOMENT, USUAL_SESSIONS)
    assert not a_session().is_good(end, USUAL_SESSIONS)


def test_a_session_that_is_used_ends_after_a_week() -> None:
    end = NOW + timedelta(days=7)
    session = a_session(last_seen_at=end - A_MOMENT)

    assert session.is_good(end - A_MOMENT, USUAL_SESSIONS)
    assert not session.is_good(end, USUAL_SESSIONS)


@given(SPANS, SPANS, SPANS, SPANS)
def test_a_session_is_good_until_its_end_and_not_from_then_on(
    idle: timedelta, longest: timedelta, seen: timedelta, asked: timedelta
) -> None:
    rules = SessionRules(idle=idle, longest=longest)
    session = a_session(last_seen_at=NOW + seen)

    assert session.is_good(NOW + asked, rules) == (NOW + asked < session.ends_at(rules))


@given(SPANS, SPANS)
def test_using_a_session_never_ends_it_sooner(seen: timedelta, later: timedelta) -> None:
    sooner = a_session(last_seen_at=NOW + seen).ends_at(USUAL_SESSIONS)

    assert sooner <= a_session(last_seen_at=NOW + seen + later).ends_at(USUAL_SESSIONS)


def test_being_seen_is_noted_once_a_minute() -> None:
    assert not a_session().is_to_note(NOW + SEEN_EVERY - A_MOMENT)
    assert a_session().is_to_note(NOW + SEEN_EVERY)


@given(st.text())
def test_what_a_browser_says_it_is_fits_on_a_line(text: str) -> None:
    device = read_device(text)

    assert len(device) <= LONGEST_DEVICE
    assert is_one_line(device)
    assert is_storable(device)
