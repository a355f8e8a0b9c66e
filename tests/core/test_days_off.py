"""Days off brought into a calendar: beside those it has, and in the place of what was a guess."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from helpdesk_core.calendars import Calendar, Holiday, Window, with_days_off
from helpdesk_core.errors import NotFound
from helpdesk_core.use_cases.directory import (
    change_calendar,
    find_calendar,
    list_calendars,
    load_directory,
)
from helpdesk_memory import MemoryDesk

LEAVE = Holiday(date(2026, 12, 24), "Joint leave")
GUESS = Holiday(date(2026, 3, 19), "Eid (estimated)")
EID = Holiday(date(2026, 3, 21), "Eid")
OFFICE = Calendar(
    id=UUID(int=1),
    key="office",
    name="Office",
    zone="Asia/Jakarta",
    windows=(Window(0, 480, 1020),),
    holidays=(LEAVE, GUESS),
)


@pytest.fixture
def desk() -> MemoryDesk:
    desk = MemoryDesk(datetime(2026, 5, 22, tzinfo=UTC))
    calendars = [
        {"key": key, "name": key, "zone": "UTC", "windows": {"monday": ["08:00-17:00"]}}
        for key in ("office", "annex")
    ]
    _ = load_directory(desk.ports, {"calendars": calendars})
    return desk


def test_days_off_come_beside_those_that_are_there() -> None:
    assert with_days_off(OFFICE, [EID]).holidays == (GUESS, EID, LEAVE)


def test_the_same_day_off_is_kept_once() -> None:
    assert with_days_off(OFFICE, [LEAVE, LEAVE]) == OFFICE


def test_a_guess_makes_room() -> None:
    found = with_days_off(OFFICE, [EID], year=2026, instead_of=frozenset({GUESS.name}))

    assert found.holidays == (EID, LEAVE)


@pytest.mark.parametrize("year", [2025, None])
def test_a_guess_of_another_year_stays(year: int | None) -> None:
    found = with_days_off(OFFICE, [EID], year=year, instead_of=frozenset({GUESS.name}))

    assert GUESS in found.holidays


def test_a_yearly_day_off_is_no_guess() -> None:
    yearly = Holiday(date(2026, 3, 19), GUESS.name, yearly=True)

    found = with_days_off(OFFICE, [yearly], year=2026, instead_of=frozenset({GUESS.name}))

    again = with_days_off(found, [], year=2026, instead_of=frozenset({GUESS.name}))
    assert yearly in again.holidays


def test_days_off_that_leave_no_day_are_refused() -> None:
    every_day = (
        Holiday(date(2000, 1, 1) + timedelta(days=n), "Closed", yearly=True) for n in range(366)
    )

    with pytest.raises(ValueError, match="closed every day of every year"):
        with_days_off(OFFICE, every_day)


def test_a_calendar_is_changed_by_its_key_whatever_the_case(desk: MemoryDesk) -> None:
    changes = change_calendar(desk.ports, "OFFICE", partial(with_days_off, found=[EID]))

    assert changes == ("calendar office: changed holidays",)
    assert find_calendar(desk.ports, "office").holidays == (EID,)


def test_a_change_that_is_none_is_not_stored(desk: MemoryDesk) -> None:
    version = desk.store.directory.version

    assert change_calendar(desk.ports, "office", lambda held: held) == ()
    assert desk.store.directory.version == version


def test_calendars_are_listed_by_key(desk: MemoryDesk) -> None:
    assert [it.key for it in list_calendars(desk.ports)] == ["annex", "office"]


def test_an_unknown_calendar_is_refused(desk: MemoryDesk) -> None:
    with pytest.raises(NotFound, match="no calendar 'nowhere'"):
        find_calendar(desk.ports, "nowhere")
