"""Days off out of iCalendar files: what is taken, what is refused, and what hostile ones cost."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Holiday
from helpdesk_holidays import UnreadableIcal, days_off_of


def a_file(*events: str) -> bytes:
    """A file with these events, whose lines have | between."""
    bodies = (event.replace("|", "\r\n") for event in events)
    parts = "".join(f"BEGIN:VEVENT\r\n{body}\r\nEND:VEVENT\r\n" for body in bodies)
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n"
    return f"{head}{parts}END:VCALENDAR\r\n".encode()


def days_of(*events: str, zone: str = "Asia/Jakarta") -> list[Holiday]:
    return list(days_off_of(a_file(*events), zone=zone, last_year=2028))


def test_a_day_is_closed_from_midnight_to_midnight() -> None:
    assert days_of("SUMMARY:New Year|DTSTART;VALUE=DATE:20260101") == [
        Holiday(date(2026, 1, 1), "New Year")
    ]


def test_the_end_of_several_days_is_the_day_after_them() -> None:
    found = days_of("SUMMARY:Eid|DTSTART;VALUE=DATE:20260320|DTEND;VALUE=DATE:20260323")

    assert [day.on.day for day in found] == [20, 21, 22]


def test_a_day_of_every_year_is_kept_as_such() -> None:
    found = days_of("SUMMARY:New Year|DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY")

    assert found == [Holiday(date(2020, 1, 1), "New Year", yearly=True)]


@pytest.mark.parametrize(
    "rule", ["BYMONTH=1", "BYMONTH=1;BYMONTHDAY=1", "BYMONTHDAY=1;BYMONTH=1;INTERVAL=1"]
)
def test_a_rule_that_only_says_the_day_again_is_the_plain_one(rule: str) -> None:
    found = days_of(f"SUMMARY:New Year|DTSTART;VALUE=DATE:20200101|RRULE:FREQ=YEARLY;{rule}")

    assert found == [Holiday(date(2020, 1, 1), "New Year", yearly=True)]


@pytest.mark.parametrize(
    ("start", "rule", "days"),
    [
        (
            "20251127",
            "BYMONTH=11;BYDAY=4TH",
            ["2025-11-27", "2026-11-26", "2027-11-25", "2028-11-23"],
        ),
        ("20260525", "BYMONTH=5;BYDAY=-1MO", ["2026-05-25", "2027-05-31", "2028-05-29"]),
        ("20260227", "BYMONTH=2;BYMONTHDAY=-1", ["2026-02-28", "2027-02-28", "2028-02-29"]),
        ("20240229", "COUNT=2", ["2024-02-29", "2028-02-29"]),
        ("20260101", "INTERVAL=2", ["2026-01-01", "2028-01-01"]),
        ("20260101", "UNTIL=20270101", ["2026-01-01", "2027-01-01"]),
        ("20260313", "BYMONTH=3,11;BYDAY=FR;BYMONTHDAY=13", ["2026-03-13", "2026-11-13"]),
        ("20261228", "BYDAY=-1MO", ["2026-12-28", "2027-12-27", "2028-12-25"]),
    ],
)
def test_what_comes_every_year_on_another_date_is_written_out(
    start: str, rule: str, days: list[str]
) -> None:
    found = days_of(f"SUMMARY:Day|DTSTART;VALUE=DATE:{start}|RRULE:FREQ=YEARLY;{rule}")

    assert [str(day.on) for day in found] == days
    assert not any(day.yearly for day in found)


def test_a_year_that_is_taken_out_is_left_out() -> None:
    found = days_of(
        "SUMMARY:Day|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY|EXDATE;VALUE=DATE:20270101"
    )

    assert [day.on.year for day in found] == [2026, 2028]


@pytest.mark.parametrize(
    ("when", "parts"),
    [
        ("DTSTART:20260522T130000|DTEND:20260522T170000", [("2026-05-22", 780, 1020)]),
        ("DTSTART:20260522T130000|DURATION:PT90M", [("2026-05-22", 780, 870)]),
        (
            "DTSTART:20260522T050000Z|DTEND:20260522T200000Z",
            [("2026-05-22", 720, 1440), ("2026-05-23", 0, 180)],
        ),
        (
            "DTSTART;TZID=Europe/Berlin:20260522T120000|DURATION:PT2H",
            [("2026-05-22", 1020, 1140)],
        ),
        (
            "DTSTART;TZID=SE Asia Standard Time:20260522T120000|DURATION:PT2H",
            [("2026-05-22", 720, 840)],
        ),
        ("DTSTART:20260522T130010|DTEND:20260522T130020", [("2026-05-22", 780, 781)]),
    ],
)
def test_hours_are_parts_of_the_calendars_own_days(
    when: str, parts: list[tuple[str, int, int]]
) -> None:
    found = days_of(f"SUMMARY:Drill|{when}")

    assert [(str(day.on), day.begins, day.ends) for day in found] == parts


def test_hours_of_every_year_keep_to_the_clock_of_their_zone() -> None:
    """In Jakarta Berlin's noon is at 18:00 in winter and at 17:00 in summer."""
    found = days_of(
        "SUMMARY:x|DTSTART;TZID=Europe/Berlin:20260301T120000|DURATION:PT1H|"
        "RRULE:FREQ=YEARLY;BYMONTH=3,4;BYMONTHDAY=1;UNTIL=20261231"
    )

    assert [day.begins for day in found] == [18 * 60, 17 * 60]


def test_cancelled_events_are_no_days_off() -> None:
    found = days_of(
        "SUMMARY:Day|DTSTART;VALUE=DATE:20260101",
        "SUMMARY:Off|DTSTART;VALUE=DATE:20260102|STATUS:CANCELLED",
    )

    assert [day.name for day in found] == ["Day"]


def test_names_are_unfolded_and_of_one_line() -> None:
    found = days_of("SUMMARY:New\r\n  Year\\, and\\n the day|DTSTART;VALUE=DATE:20260101")

    assert [day.name for day in found] == ["New Year, and the day"]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("DTSTART;VALUE=DATE:20260101", "its SUMMARY must be"),
        (f"SUMMARY:{'x' * 201}|DTSTART;VALUE=DATE:20260101", "its SUMMARY must be"),
        ("SUMMARY:x\0|DTSTART;VALUE=DATE:20260101", "its SUMMARY must be"),
        ("SUMMARY:x", "DTSTART"),
        ("SUMMARY:x|DTSTART;VALUE=DATE:20260230", "its DTSTART cannot be read"),
        (
            "SUMMARY:x|DTSTART;TZID=Mars/Base:20260101T090000|DURATION:PT1H",
            "'Mars/Base' is unknown",
        ),
        ("SUMMARY:x|DTSTART:20260101T090000", "it must end after it begins"),
        ("SUMMARY:x|DTSTART;VALUE=DATE:20260101|DTEND;VALUE=DATE:20280101", "within 400 days"),
        ("SUMMARY:x|DTSTART;VALUE=DATE:19691231", "not in the years 1970 to 2200"),
        ("SUMMARY:x|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=WEEKLY", "it repeats by its FREQ"),
        (
            "SUMMARY:x|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYWEEKNO=3",
            "it repeats by BYWEEKNO",
        ),
        ("SUMMARY:x|DTSTART;VALUE=DATE:20260101|RDATE;VALUE=DATE:20260301", "RDATE is not taken"),
        (
            "SUMMARY:x|DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY|RRULE:FREQ=YEARLY;INTERVAL=2",
            "more than one rule",
        ),
    ],
)
def test_what_would_not_be_understood_in_full_is_refused_with_its_event(
    event: str, words: str
) -> None:
    with pytest.raises(UnreadableIcal) as refusal:
        days_of("SUMMARY:Day|DTSTART;VALUE=DATE:20260101", event)

    assert "event 2 of the file" in str(refusal.value)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no iCalendar file"),
        (b"\xff", "not UTF-8"),
        (b"New Year: 1 January", "no iCalendar file"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "holds no event"),
        (b"x" * 1_000_001, "longer than 1000000 bytes"),
        (a_file(*["SUMMARY:x|DTSTART;VALUE=DATE:20260101"] * 1001), "more than 1000 events"),
        (
            a_file(
                *(
                    f"SUMMARY:{n}|DTSTART;VALUE=DATE:20000101|RRULE:FREQ=YEARLY;BYDAY=MO,TU"
                    for n in range(9)
                )
            ),
            "more than 10000 days off",
        ),
    ],
)
def test_what_is_no_such_file_or_too_much_of_one_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableIcal, match=words):
        days_off_of(content, zone="UTC", last_year=2028)


def test_a_files_own_time_zones_are_left_out() -> None:
    """A zone may be defined by a rule that takes for ever to work out."""
    zone = (
        b"BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:19000101T000000\r\n"
        b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
        b"END:VTIMEZONE\r\n"
    )
    event = a_file("SUMMARY:x|DTSTART;TZID=Mine:20260101T090000|DURATION:PT1H")
    content = event.replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT")

    with pytest.raises(UnreadableIcal, match="time zone 'Mine' is unknown"):
        days_off_of(content, zone="UTC", last_year=2028)


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\n" * 55_000,
        b"BEGIN:VTIMEZONE\r\n" * 55_000,
        b"BEGIN:VEVENT\r\n" * 1000,
        b"BEGIN:VCALENDAR\r\nX;" + b"a=b;" * 240_000 + b":1\r\nEND:VCALENDAR",
        a_file("SUMMARY:" + "\\\\" * 400_000),
        b"BEGIN:VCALENDAR\r\n" + b" x\r\n" * 240_000,
    ],
)
def test_a_hostile_file_is_refused_within_seconds(content: bytes) -> None:
    begun = process_time()

    with pytest.raises(UnreadableIcal):
        days_off_of(content[:1_000_000], zone="UTC", last_year=2028)

    assert process_time() - begun < 30


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda it: a_file(it.replace("\n", "|")))
)
def test_whatever_a_file_holds_it_is_taken_or_refused(content: bytes) -> None:
    try:
        found = days_off_of(content, zone="UTC", last_year=2028)
    except UnreadableIcal:
        return
    assert list(found) == sorted(set(found))
