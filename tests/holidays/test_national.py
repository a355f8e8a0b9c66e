"""National days, by the package's own knowledge."""

from datetime import date

import pytest

from helpdesk_core.calendars import Holiday
from helpdesk_holidays import UnknownHolidays, national_days


def test_indonesia_has_its_public_holidays_and_its_joint_leave() -> None:
    names = {day.on: day.name for day in national_days("ID", 2026, language="en_US")}

    assert names[date(2026, 8, 17)] == "Independence Day"
    assert names[date(2026, 12, 24)] == "Christmas Joint Holiday"


def test_names_are_in_the_countrys_own_language_unless_another_is_asked_for() -> None:
    own = {day.on: day.name for day in national_days("ID", 2026)}

    assert own[date(2026, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"


def test_days_come_in_order_as_a_calendar_keeps_them() -> None:
    days = [day.holiday for day in national_days("DE", 2026, subdivision="BY")]

    assert days == sorted(days)
    assert Holiday(date(2026, 1, 6), "Heilige Drei Könige") in days


def test_a_part_of_a_country_has_days_of_its_own() -> None:
    bavaria = {day.on for day in national_days("DE", 2026, subdivision="BY")}

    assert date(2026, 1, 6) not in {day.on for day in national_days("DE", 2026)}
    assert date(2026, 1, 6) in bavaria


@pytest.mark.parametrize(
    ("country", "language", "name", "shown"),
    [
        ("ID", "en_US", "Eid al-Fitr", "Eid al-Fitr (estimated)"),
        ("ID", None, "Hari Raya Idul Fitri", "Hari Raya Idul Fitri (perkiraan)"),
        (
            "SA",
            "en_US",
            "Eid al-Fitr Holiday",
            "Eid al-Fitr Holiday (observed, estimated)",
        ),
        ("SA", "en_US", "Eid al-Fitr Holiday", "Eid al-Fitr Holiday (estimated)"),
    ],
)
def test_a_date_that_is_an_estimate_says_so(
    country: str, language: str | None, name: str, shown: str
) -> None:
    days = national_days(country, 2031, language=language)

    assert (name, shown) in {(day.name, day.holiday.name) for day in days if day.is_estimated}


def test_a_date_that_is_certain_knows_what_its_estimate_would_be_called() -> None:
    eid = next(day for day in national_days("ID", 2026) if day.name == "Hari Raya Idul Fitri")

    assert (eid.is_estimated, eid.holiday.name) == (False, "Hari Raya Idul Fitri")
    assert "Hari Raya Idul Fitri (perkiraan)" in eid.estimates


@pytest.mark.parametrize(
    ("country", "year", "more", "words"),
    [
        ("XX", 2026, {}, "country 'XX'; there are AD"),
        ("id", 2026, {}, "country 'id'"),
        ("ID", 1969, {}, "of 1970 to 2100, not of 1969"),
        ("ID", 2026, {"subdivision": "JB"}, "subdivision 'JB'; there are none"),
        ("ID", 2026, {"language": "de"}, "language 'de'; there are en_US, id, th, uk"),
        (
            "ID",
            2026,
            {"categories": ("school",)},
            "category 'school'; there are government, public",
        ),
    ],
)
def test_what_nobody_knows_is_refused_with_what_is_known(
    country: str, year: int, more: dict[str, str], words: str
) -> None:
    with pytest.raises(UnknownHolidays) as refusal:
        national_days(country, year, **more)

    assert words in str(refusal.value)
