"""The national days of a country, as the package `holidays` knows them.

It calculates them; what a government decides later, and the sighting of a moon, it cannot know.
Days that it estimates are marked, so that they can be asked for again.
"""

import inspect
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import attrs
import holidays
from holidays import HolidayBase

from helpdesk_core.calendars import Holiday

CATEGORIES: Final = ("public", "government")
"""Of these categories days are taken where a country has them: `government` holds days on which
offices are closed besides, such as joint leave."""

YEARS: Final = range(1970, 2101)

_OPTION: Final = "islamic_show_estimated"  # countries that mark no estimate unless they are asked


class UnknownHolidays(ValueError):
    """Nothing is known of the country, its part, the language, the category or the year."""


@attrs.frozen(kw_only=True)
class NationalDay:
    """One day: its plain name, what it is called, and what it is called while it is an estimate."""

    on: date
    name: str
    called: str
    estimates: tuple[str, ...]

    @property
    def is_estimated(self) -> bool:
        """True when nobody knows the date for certain."""
        return self.called in self.estimates

    @property
    def holiday(self) -> Holiday:
        """The day as a calendar keeps it: the name says when the date is an estimate."""
        return Holiday(self.on, self.called)


def national_days(
    country: str,
    year: int,
    *,
    subdivision: str | None = None,
    language: str | None = None,
    categories: Sequence[str] = CATEGORIES,
) -> tuple[NationalDay, ...]:
    """The national days of a year, by date, each name of a day by itself.

    `country` and `subdivision` are ISO 3166 codes, such as ID, or DE and BY; `language` is one that
    the country's names are translated into, else they are in its own.

    Raises:
        UnknownHolidays: With a sentence that says what would be known.
    """
    known = _known(country, year, subdivision, language)
    wanted = [it for it in categories if it in known.supported_categories]
    if not wanted:
        _refuse("category", ", ".join(categories), known.supported_categories)
    found = _entity(country, year, subdivision, language or known.default_language, wanted)
    marks = _marks(found)
    days = (_day(on, name, marks) for on in sorted(found) for name in found.get_list(on))
    return tuple(days)


def _known(country: str, year: int, subdivision: str | None, language: str | None) -> HolidayBase:
    if country not in holidays.list_supported_countries(include_aliases=True):
        _refuse("country", country, holidays.list_supported_countries(include_aliases=False))
    if year not in YEARS:
        raise UnknownHolidays(f"there are holidays of {YEARS[0]} to {YEARS[-1]}, not of {year}")
    known = holidays.country_holidays(country)
    parts = {*known.subdivisions, *known.subdivisions_aliases}
    if subdivision is not None and subdivision not in parts:
        _refuse("subdivision", subdivision, parts)
    if language is not None and language not in known.supported_languages:
        _refuse("language", language, known.supported_languages)
    return known


def _refuse(what: str, given: str, known: Iterable[str]) -> None:
    words = ", ".join(sorted(known)) or "none"
    raise UnknownHolidays(f"no holidays are known of the {what} {given!r}; there are {words}")


def _entity(
    country: str,
    year: int,
    subdivision: str | None,
    language: str | None,
    categories: Iterable[str],
) -> HolidayBase:
    takes = inspect.signature(type(holidays.country_holidays(country))).parameters
    options: dict[str, Any] = {_OPTION: True} if _OPTION in takes else {}
    return holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=year,
        language=language,
        categories=tuple(categories),
        **options,
    )


def _marks(found: HolidayBase) -> tuple[str, ...]:
    """How the names of estimated days are made of their names, the longest pattern first."""
    labels = ("observed_estimated_label", "estimated_label")
    known = (getattr(found, label, None) for label in labels)
    return tuple(found.tr(label) for label in known if label)


def _day(on: date, called: str, marks: Sequence[str]) -> NationalDay:
    name = next(filter(None, (_unmarked(called, mark) for mark in marks)), called)
    estimates = tuple(mark.replace("%s", name) for mark in marks)
    return NationalDay(on=on, name=name, called=called, estimates=estimates)


def _unmarked(called: str, mark: str) -> str:
    """The name in what was made by the pattern, empty where it was not."""
    before, _, after = mark.partition("%s")
    is_marked = called.startswith(before) and called.endswith(after)
    return called[len(before) : len(called) - len(after)] if is_marked else ""
