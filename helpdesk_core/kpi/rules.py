"""What a KPI rule is, and the registry by which rules are found by their words.

A desk has the rules of the contract; an embedder adds some of their own with `Rules.with_rule` and
gives the registry to the ports.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

import attrs

from helpdesk_core.directory import FieldKind, MetricField, Scalar
from helpdesk_core.kpi.scoring import Scoring
from helpdesk_core.kpi.tally import MOST_FIGURES, Tally
from helpdesk_core.sla_clock import Metric, Standing
from helpdesk_core.tickets import Ticket

_WORD = re.compile(r"[a-z][a-z0-9-]{0,31}")


@attrs.frozen(kw_only=True)
class Work:
    """A ticket as a rule sees it: with what is pinned to it, and how its promises stand.

    `zone` is the IANA name of the zone whose clocks its department works by.
    """

    ticket: Ticket
    scoring: Scoring
    standings: Mapping[Metric, Standing] = attrs.field(factory=dict)
    zone: str = "UTC"

    def values_of(self, kind: FieldKind) -> Iterator[Scalar]:
        """What was logged in the fields of a kind, in their order; unanswered ones are left out."""
        for key, its_kind in self.scoring.fields:
            if its_kind is kind and key in self.ticket.metrics:
                yield self.ticket.metrics[key]


@attrs.frozen(kw_only=True)
class Measure:
    """What a rule makes of one ticket.

    `score` is in percent, 0 to 100; None where there is nothing to score, and a pending ticket has
    none yet. `passed`: nothing is against it. `figures` are the rule's, None where unknown.
    """

    score: Fraction | None = None
    passed: bool = False
    is_pending: bool = False
    figures: tuple[Fraction | None, ...] = ()


MINUTES_OF_DAY: Final = "minutes after midnight"
"""The unit of a time of day."""


@attrs.frozen(kw_only=True)
class Figure:
    """A figure that a rule sums up beside the score.

    Each ticket's is rounded to whole `parts` of the unit (half to even) before it is added.
    """

    key: str
    label: str
    unit: str
    parts: int = 1


class Needed(Enum):
    """What a parameter has to be; the value says it in a fault."""

    NUMBER = "a number"
    TIME = "a time of day such as 17:00"


@attrs.frozen(kw_only=True)
class Judgement:
    """A month's row by its rule: a score in percent, 0 to 100, and whether the row passes.

    Both are None where there is nothing to judge. `value` is what is held against `threshold`, both
    in the rule's own unit.
    """

    score: Fraction | None = None
    passes: bool | None = None
    value: Fraction | None = None
    threshold: Fraction | None = None


Parameters: TypeAlias = Mapping[str, Scalar]

_TARGETED: Final[Mapping[str, Needed]] = MappingProxyType({"target": Needed.NUMBER})


@attrs.frozen(kw_only=True)
class Rule:
    """A way of scoring work. The word is what the directory file and the wire call it.

    `schema` is asked for when work is logged, unless a KPI type says otherwise. `required` names
    the parameters without which nothing could be scored, numbers above zero; `optional` what others
    have to be where they are given. `measure` scores one ticket by what is pinned to it; `judge` a
    month's sums by the KPI type's parameters now.

    Raises:
        ValueError: The word is not 1 to 32 of a-z, 0-9 and `-`, beginning with a letter, or there
            are too many figures.
    """

    word: str
    schema: tuple[MetricField, ...] = ()
    required: tuple[str, ...] = ()
    optional: Mapping[str, Needed] = _TARGETED
    figures: tuple[Figure, ...] = ()
    measure: Callable[[Work], Measure]
    judge: Callable[[Tally, Parameters], Judgement]

    def __attrs_post_init__(self) -> None:
        if _WORD.fullmatch(self.word) is None:
            raise ValueError(f"no word for a rule: {self.word!r}")
        if len(self.figures) > MOST_FIGURES:
            raise ValueError(f"rule {self.word} has more than {MOST_FIGURES} figures")


@attrs.frozen
class Rules:
    """Rules by their words, in their order."""

    by_word: Mapping[str, Rule]

    def with_rule(self, rule: Rule) -> "Rules":
        """These and one more, or another in the place of the one of that word."""
        return Rules({**self.by_word, rule.word: rule})

    def get(self, word: str) -> Rule | None:
        """The rule of a word; None where it is not registered."""
        return self.by_word.get(word)

    def __getitem__(self, word: str) -> Rule:
        return self.by_word[word]

    def __contains__(self, word: str) -> bool:
        return word in self.by_word

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.by_word.values())


def rules_of(*rules: Rule) -> Rules:
    """A registry of these rules. Raises ValueError when two have one word."""
    by_word = {rule.word: rule for rule in rules}
    if len(by_word) != len(rules):
        raise ValueError("two rules have one word")
    return Rules(by_word)


NO_MEASURE: Final = Measure()
"""Nothing to score."""
