"""Chance, from a seed: a stream of numbers for each purpose, so that no purpose disturbs another.

Only `random.random` is drawn from, the one generator whose numbers Python promises to keep, and
every call draws exactly one: what is asked for never depends on what was answered before.
"""

from datetime import timedelta
from math import log
from random import Random
from typing import Final

LEAST: Final = timedelta(minutes=1)
_LONGEST: Final = 20
"""Times the mean: what is longer by chance is cut, so that one draw in a billion ruins no month."""


class Stream:
    """The numbers of one purpose: the same for the same seed and words."""

    def __init__(self, seed: int, *purpose: object) -> None:
        self._random = Random("/".join(map(str, (seed, *purpose))))  # noqa: S311  # no secret

    def share(self) -> float:
        """A number from 0 to below 1, each as likely as any other."""
        return self._random.random()

    def below(self, number: int) -> int:
        """A whole number from 0 to below `number`, which is above 0."""
        return min(int(self.share() * number), number - 1)

    def chance(self, share: float) -> bool:
        """True in so many of the cases; never of 0, always of 1."""
        return self.share() < share

    def span(self, mean: timedelta) -> timedelta:
        """A span of that mean, in whole seconds and at least a minute; short ones are likelier."""
        factor = min(-log(1 - self.share()), _LONGEST)
        return max(LEAST, timedelta(seconds=round(factor * mean.total_seconds())))
