"""Calendar months, as the clocks of a zone show them."""

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import attrs

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_MONTHS: Final = 12
_YEARS: Final = range(1969, 2202)  # of UTC's 1970 to 2200, as any zone has them


@attrs.frozen(order=True)
class Month:
    """A month of a year, written `2026-05`.

    Raises:
        ValueError: There is no such month, in the years 1 to 9998.
    """

    year: int
    month: int

    def __attrs_post_init__(self) -> None:
        if not (1 <= self.year <= 9998 and 1 <= self.month <= _MONTHS):  # noqa: PLR2004  # bounds
            raise ValueError(f"no month: {self.year}-{self.month}")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, instant: datetime, zone: str) -> "Month":
        """The month that the clocks of an IANA zone show at an aware instant."""
        local = instant.astimezone(ZoneInfo(zone))
        return cls(local.year, local.month)

    @classmethod
    def read(cls, text: object) -> "Month | None":
        """The month of a text of the form `2026-05`, of the years in which tickets are dated.

        None for anything else.
        """
        found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
        if found is None or int(found[1]) not in _YEARS:
            return None
        return cls(int(found[1]), int(found[2]))

    def plus(self, months: int) -> "Month":
        """So many months later; earlier where negative."""
        count = self.year * _MONTHS + self.month - 1 + months
        return Month(count // _MONTHS, count % _MONTHS + 1)

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """From its first instant on the clocks of a zone to the first of the next month, in UTC."""
        return _start(self, zone), _start(self.plus(1), zone)


def _start(month: Month, zone: str) -> datetime:
    # A midnight that the clocks skip is the instant at which they jump over it (fold 0).
    return datetime(month.year, month.month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
