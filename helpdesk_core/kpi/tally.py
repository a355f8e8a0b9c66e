"""MonthSums over tickets, in exact integers: the same whatever was added first.

Tallies add up, have a zero and a negative, so that a total is kept by adding what a ticket counts
for now and taking away what it counted for before.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import zip_longest
from typing import Any, Final

import attrs

POINTS: Final = 7_207_200_000
"""Points in one percent: every number of four decimals is whole in them, and so is every mean of up
to sixteen such numbers. A million tickets' points still fit in 63 bits.
"""

MOST_FIGURES: Final = 6
"""Figures of a rule that are summed up beside the score."""


@attrs.frozen
class Sum:
    """The sum of one figure, in the whole parts that its rule counts it in, and of how many."""

    total: int = 0
    count: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.total + other.total, self.count + other.count)

    def __neg__(self) -> "Sum":
        return Sum(-self.total, -self.count)


_NO_SUM: Final = Sum()


def _trimmed(figures: Iterable[Sum]) -> tuple[Sum, ...]:
    """The same figures without the empty ones at the end, so that equal sums are equal values."""
    kept = tuple(figures)
    while kept and kept[-1] == _NO_SUM:
        kept = kept[:-1]
    return kept


@attrs.frozen(kw_only=True)
class Tally:
    """What tickets come to.

    `tickets` count in the month; `left_out` were dated on a day off, and nothing else of them is
    here. Of those that count, `pending` have no verdict yet, and `scored` have a score: `points` is
    the sum of their scores, 100 percent each at most, and `passed` how many had nothing against
    them. `figures` are the rule's own, at most `MOST_FIGURES`, in its order.
    """

    tickets: int = 0
    left_out: int = 0
    pending: int = 0
    scored: int = 0
    passed: int = 0
    points: int = 0
    figures: tuple[Sum, ...] = attrs.field(default=(), converter=_trimmed)

    def __add__(self, other: "Tally") -> "Tally":
        pairs = zip_longest(self.figures, other.figures, fillvalue=_NO_SUM)
        return Tally(
            tickets=self.tickets + other.tickets,
            left_out=self.left_out + other.left_out,
            pending=self.pending + other.pending,
            scored=self.scored + other.scored,
            passed=self.passed + other.passed,
            points=self.points + other.points,
            figures=tuple(mine + theirs for mine, theirs in pairs),
        )

    def __neg__(self) -> "Tally":
        return Tally(
            tickets=-self.tickets,
            left_out=-self.left_out,
            pending=-self.pending,
            scored=-self.scored,
            passed=-self.passed,
            points=-self.points,
            figures=tuple(-figure for figure in self.figures),
        )

    def __sub__(self, other: "Tally") -> "Tally":
        return self + -other

    def __bool__(self) -> bool:
        return self != NOTHING

    @property
    def score(self) -> Fraction | None:
        """The mean of the scores, in percent, exact; None where nothing was scored."""
        return Fraction(self.points, self.scored * POINTS) if self.scored else None

    def figure(self, place: int) -> Sum:
        """The sum of the rule's figure of that place, from 0."""
        return self.figures[place] if place < len(self.figures) else _NO_SUM


NOTHING: Final = Tally()
"""The zero: what no ticket comes to."""

_COUNTS: Final = ("tickets", "left_out", "pending", "scored", "passed", "points")
_WORDS: Final[Mapping[str, str]] = {name: name for name in _COUNTS} | {"left_out": "leftOut"}


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies, in whatever order they come."""
    return sum(tallies, NOTHING)


def written_tally(tally: Tally) -> dict[str, Any]:
    """The tally as plain JSON values. Zeros are left out; equal tallies are written alike."""
    counts = {word: getattr(tally, name) for name, word in _WORDS.items()}
    written: dict[str, Any] = {word: count for word, count in counts.items() if count}
    if tally.figures:
        written["figures"] = [[figure.total, figure.count] for figure in tally.figures]
    return written


def read_tally(written: Mapping[str, Any]) -> Tally:
    """The tally that is written so."""
    return Tally(
        **{name: written.get(word, 0) for name, word in _WORDS.items()},
        figures=tuple(Sum(*pair) for pair in written.get("figures", ())),
    )
