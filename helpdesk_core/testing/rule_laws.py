"""The laws of KPI rules, to be proved on a rule of your own.

Subclass `RuleLaws` under a name that pytest collects, and give the subclass one fixture, `rule`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from helpdesk_core.calendars import Calendar
from helpdesk_core.directory import FieldKind, MetricField, Scalar
from helpdesk_core.kpi.contributions import contribution_of
from helpdesk_core.kpi.rules import Needed, Rule, Work, rules_of
from helpdesk_core.kpi.scoring import Scoring
from helpdesk_core.kpi.tally import POINTS, Tally, total
from helpdesk_core.sla_clock import Hand, Metric, Standing, Verdict
from helpdesk_core.testing.builders import NOW, a_ticket
from helpdesk_core.tickets import Status, Ticket

laws: Final = settings(
    max_examples=60,
    deadline=None,
    # The rule is a value; each class is inherited by design.
    suppress_health_check=[
        HealthCheck.differing_executors,
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)

_GIVEN: Final[Mapping[Needed, SearchStrategy[Scalar]]] = {
    Needed.NUMBER: st.integers(0, 100) | st.floats(0, 100),
    Needed.TIME: st.times().map(lambda it: it.strftime("%H:%M")),
}
_spans: Final = st.integers(0, 30 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


def a_standing(verdict: Verdict, elapsed: timedelta = timedelta()) -> Standing:
    """How a promise of an hour stands that was made now; what is decided is stopped."""
    is_pending = verdict is Verdict.PENDING
    due_at = NOW + timedelta(hours=1)
    return Standing(
        verdict=verdict,
        hand=Hand.RUNNING if is_pending else Hand.STOPPED,
        started_at=NOW,
        stopped_at=None if is_pending else NOW + elapsed,
        due_at=due_at,
        breached_at=due_at if verdict is Verdict.BREACHED else None,
        elapsed=elapsed,
        remaining=timedelta(hours=1) - elapsed,
    )


def standings() -> SearchStrategy[Mapping[Metric, Standing]]:
    """How some promises of a ticket that was not dropped may stand."""
    verdicts = st.sampled_from((Verdict.PENDING, Verdict.MET, Verdict.BREACHED))
    return st.dictionaries(st.sampled_from(Metric), st.builds(a_standing, verdicts, _spans))


def answers(schema: tuple[MetricField, ...]) -> SearchStrategy[dict[str, Scalar]]:
    """Metric values of the right kinds and within the bounds, for some of the fields."""
    return st.fixed_dictionaries({}, optional={it.key: _answer(it) for it in schema})


def _answer(field: MetricField) -> SearchStrategy[Scalar]:
    lowest, highest = field.minimum, field.maximum
    by_kind: Mapping[FieldKind, SearchStrategy[Any]] = {
        FieldKind.COUNT: st.integers(int(lowest or 0), int(highest or 100_000)),
        FieldKind.PERCENT: st.integers(0, 1_000_000).map(lambda it: it / 10_000),
        FieldKind.SCORE: st.integers(int(lowest or 1), int(highest or 5)),
        FieldKind.TIME: st.times().map(lambda it: it.strftime("%H:%M")),
        FieldKind.INSTANT: _spans.map(lambda it: (NOW + it).isoformat()),
        FieldKind.TEXT: st.text(max_size=5),
    }
    return by_kind[field.kind]


@st.composite
def tickets_of(draw: st.DrawFn, schema: tuple[MetricField, ...]) -> Ticket:
    """A ticket that came in, or work that was logged with answers to a schema."""
    status = draw(st.sampled_from((None, Status.OPEN, Status.WAITING, Status.CLOSED)))
    closed_at = NOW + draw(_spans) if status is Status.CLOSED else None
    metrics = draw(answers(schema)) if status is None else {}
    return a_ticket(status=status, closed_at=closed_at, metrics=metrics)


@st.composite
def works(draw: st.DrawFn, rule: Rule) -> Work:
    """A ticket as the rule may come to see it, with or without parameters."""
    parameters: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {name: st.integers(1, 1000) for name in rule.required},
        optional={name: _GIVEN[needed] for name, needed in rule.optional.items()},
    )
    return Work(
        ticket=draw(tickets_of(rule.schema)),
        scoring=Scoring(
            rule=rule.word,
            parameters=draw(parameters),
            fields=tuple((field.key, field.kind) for field in rule.schema),
        ),
        standings=draw(standings()),
        zone="Asia/Jakarta",
    )


class RuleLaws:
    """What holds of every rule of KPI."""

    @laws
    @given(data=st.data())
    def test_a_score_is_0_to_100(self, rule: Rule, data: DataObject) -> None:
        measure = rule.measure(data.draw(works(rule)))

        assert measure.score is None or 0 <= measure.score <= 100

    @laws
    @given(data=st.data())
    def test_what_is_pending_has_no_score_yet(self, rule: Rule, data: DataObject) -> None:
        measure = rule.measure(data.draw(works(rule)))

        assert not (measure.is_pending and measure.score is not None)

    @laws
    @given(data=st.data())
    def test_no_ticket_has_a_figure_that_the_rule_does_not_name(
        self, rule: Rule, data: DataObject
    ) -> None:
        measure = rule.measure(data.draw(works(rule)))

        assert len(measure.figures) <= len(rule.figures)

    @laws
    @given(data=st.data())
    def test_a_ticket_counts_once(self, rule: Rule, data: DataObject) -> None:
        tally = contributed(data.draw(works(rule)), rule)

        assert (1, True) == (tally.tickets, tally.pending + tally.scored <= 1)

    @laws
    @given(data=st.data())
    def test_a_month_is_judged_0_to_100(self, rule: Rule, data: DataObject) -> None:
        some = data.draw(st.lists(works(rule), min_size=1, max_size=4))
        verdict = rule.judge(
            total(contributed(it, rule) for it in some), some[0].scoring.parameters
        )

        assert verdict.score is None or 0 <= verdict.score <= 100

    @laws
    @given(data=st.data())
    def test_a_month_has_a_score_when_something_in_it_has(
        self, rule: Rule, data: DataObject
    ) -> None:
        tally = contributed(data.draw(works(rule)), rule)
        verdict = rule.judge(tally, {})

        assert (verdict.score is None) == (not tally.scored)

    def test_nothing_is_judged_where_nothing_is_scored(self, rule: Rule) -> None:
        verdict = rule.judge(Tally(tickets=1, pending=1), {})

        assert (None, None) == (verdict.score, verdict.passes)


def contributed(work: Work, rule: Rule, calendar: Calendar | None = None) -> Tally:
    """What the work comes to by the rule."""
    found = contribution_of(work.ticket, work.scoring, work.standings, calendar, rules_of(rule))
    assert found is not None
    assert 0 <= found.tally.points <= 100 * POINTS * found.tally.scored
    return found.tally
