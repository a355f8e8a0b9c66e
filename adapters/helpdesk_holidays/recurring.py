"""On which dates something is kept that comes every year (RFC 5545, `FREQ=YEARLY`).

Of a rule are taken: `INTERVAL`, `BYMONTH`, `BYMONTHDAY`, `BYDAY`, `COUNT` and `UNTIL`. What it
would mean with other parts is refused and not guessed.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final

import attrs

_TAKEN: Final = frozenset(
    {"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "COUNT", "UNTIL", "WKST"}
)
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")


@attrs.frozen(kw_only=True)
class YearlyRule:
    """When it is kept in a year, from the year of `start` on.

    `weekdays` are (which one of the month or year, counted from its end when negative, 0: each; and
    the weekday). Without days of a month and weekdays it is the day of `start`.
    """

    start: date
    interval: int = 1
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    count: int | None = None
    until: date | None = None

    @property
    def is_plain(self) -> bool:
        """True when it is kept on the day of `start` in every year, for ever."""
        return self == YearlyRule(start=self.start)

    def dates(self, last_year: int) -> Iterator[date]:
        """The dates up to a year, in order; the first is that of `start` or later."""
        years = range(self.start.year, last_year + 1, self.interval)
        kept = (on for year in years for on in self._of(year) if on >= self.start)
        counted = islice(kept, self.count)
        return (on for on in counted if self.until is None or on <= self.until)

    def _of(self, year: int) -> list[date]:
        months = self.months or self._usual_months()
        days = (on for month in months for on in _days(year, month) if self._fits(on))
        return sorted(set(days))

    def _usual_months(self) -> Sequence[int]:
        return range(1, 13) if self.month_days or self.weekdays else (self.start.month,)

    def _fits(self, on: date) -> bool:
        if not self.month_days and not self.weekdays:
            return on.day == self.start.day
        length = monthrange(on.year, on.month)[1]
        fits_day = not self.month_days or {on.day, on.day - length - 1} & set(self.month_days)
        return bool(fits_day) and (not self.weekdays or self._fits_weekday(on))

    def _fits_weekday(self, on: date) -> bool:
        """By its number among those of the month, or of the year where no months are named."""
        if self.months:
            first, length = on.replace(day=1), monthrange(on.year, on.month)[1]
        else:
            first, length = date(on.year, 1, 1), date(on.year, 12, 31).timetuple().tm_yday
        passed = (on - first).days
        numbers = {0, passed // 7 + 1, -((length - 1 - passed) // 7) - 1}
        return any(on.weekday() == weekday and n in numbers for n, weekday in self.weekdays)


def read_rule(parts: Mapping[str, Sequence[object]], start: date) -> YearlyRule:
    """The rule of a parsed `RRULE`. Raises ValueError for one that is not taken."""
    unknown = {name.upper() for name in parts} - _TAKEN
    if unknown or [str(it).upper() for it in parts.get("FREQ", ())] != ["YEARLY"]:
        words = ", ".join(sorted(unknown)) or "its FREQ"
        raise ValueError(f"it repeats by {words}; what comes every year (FREQ=YEARLY) is taken")
    rule = YearlyRule(
        start=start,
        interval=next(iter(_numbers(parts, "INTERVAL", range(1, 1000))), 1),
        months=_numbers(parts, "BYMONTH", range(1, 13)),
        month_days=_numbers(parts, "BYMONTHDAY", range(-31, 32)),
        weekdays=tuple(_weekday(str(it)) for it in parts.get("BYDAY", ())),
        count=next(iter(_numbers(parts, "COUNT", range(1, 10_000))), None),
        until=_date(parts.get("UNTIL", (None,))[0]),
    )
    return _plain(rule)


def _plain(rule: YearlyRule) -> YearlyRule:
    """The same rule without what only says its start's day again."""
    same = (rule.start.month,), (rule.start.day,)
    if (rule.months, rule.month_days) in (same, (same[0], ())) and not rule.weekdays:
        return attrs.evolve(rule, months=(), month_days=())
    return rule


def _days(year: int, month: int) -> Iterator[date]:
    return (date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1))


def _numbers(parts: Mapping[str, Sequence[object]], name: str, allowed: range) -> tuple[int, ...]:
    numbers = tuple(_number(it, name) for it in parts.get(name, ()))
    for number in numbers:
        if number not in allowed or number == 0:
            raise ValueError(f"its {name} holds {number}")
    return numbers


def _number(value: object, name: str) -> int:
    if not _NUMBER.fullmatch(str(value)):
        raise ValueError(f"its {name} is no number")
    return int(str(value))


def _weekday(value: str) -> tuple[int, int]:
    found = _BYDAY.fullmatch(value.upper())
    if found is None:
        raise ValueError("its BYDAY names no weekday")
    return int(found[1] or 0), _WEEKDAYS.index(found[2])


def _date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
