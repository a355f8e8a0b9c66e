"""Durations on the command line."""

import re
from datetime import timedelta
from typing import Final

import click

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LONGEST: Final = timedelta(days=3653)
"""Ten years."""


class Duration(click.ParamType[timedelta]):
    """A whole number and a unit: 90s, 45m, 12h, 30d, 2w."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """The duration. Fails for what is none, or is not from 1 s to ten years."""
        found = re.fullmatch(r"([0-9]{1,9})([smhdw])", str(value))
        length = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta()
        if not timedelta() < length <= LONGEST:
            self.fail(
                f"{value!r} is not like 90s, 45m, 12h, 30d or 2w, up to ten years", param, ctx
            )
        return length
