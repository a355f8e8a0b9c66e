"""What each rule makes of a ticket and of a month, by example; the laws hold of all of them."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

import pytest

from helpdesk_core.directory import FieldKind, Scalar
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.rules import Measure, Rule, Work, rules_of
from helpdesk_core.kpi.scoring import Scoring
from helpdesk_core.kpi.tally import POINTS, Sum, Tally, total
from helpdesk_core.kpi.uptime import tally_of_units
from helpdesk_core.sla_clock import Metric, Verdict
from helpdesk_core.testing.builders import NOW, a_ticket
from helpdesk_core.testing.rule_laws import RuleLaws, a_standing, contributed
from helpdesk_core.tickets import Status

LIMITS: Mapping[str, Scalar] = {"responseSlaMin": 30, "resolutionSlaMin": 480}
MET, BREACHED, PENDING = Verdict.MET, Verdict.BREACHED, Verdict.PENDING


@pytest.fixture(params=CONTRACT_RULES, ids=lambda rule: rule.word)
def rule(request: pytest.FixtureRequest) -> Rule:
    found: Rule = request.param
    return found


class TestTheLawsOfEveryRule(RuleLaws):
    """Of the contract's seven."""


def logged(word: str, parameters: Mapping[str, Scalar] | None = None, **metrics: Scalar) -> Work:
    """Work that an agent logged, by the rule's own schema."""
    return Work(
        ticket=a_ticket(status=None, metrics=metrics),
        scoring=Scoring(
            rule=word,
            parameters=parameters or {},
            fields=tuple((field.key, field.kind) for field in CONTRACT_RULES[word].schema),
        ),
    )


def came_in(word: str = "rr", *, zone: str = "UTC", **verdicts: Verdict) -> Work:
    """A ticket that came in, whose promises stand so."""
    metrics = {"response": Metric.FIRST_RESPONSE, "resolution": Metric.RESOLUTION}
    return Work(
        ticket=a_ticket(),
        scoring=Scoring(rule=word, parameters={"cutOff": "12:05"}),
        standings={
            metrics[name]: a_standing(it, timedelta(minutes=5)) for name, it in verdicts.items()
        },
        zone=zone,
    )


def measured(work: Work) -> Measure:
    return CONTRACT_RULES[work.scoring.rule].measure(work)


def months(*works: Work) -> Tally:
    return total(contributed(work, CONTRACT_RULES[work.scoring.rule]) for work in works)


@pytest.mark.parametrize(
    ("response", "resolution", "score"),
    [(MET, MET, 100), (MET, BREACHED, 50), (BREACHED, MET, 50), (BREACHED, BREACHED, 0)],
)
def test_rr_scores_the_share_of_promises_that_were_kept(
    response: Verdict, resolution: Verdict, score: int
) -> None:
    assert score == measured(came_in(response=response, resolution=resolution)).score


@pytest.mark.parametrize("response", [MET, PENDING])
def test_rr_waits_for_what_is_pending(response: Verdict) -> None:
    assert measured(came_in(response=response, resolution=PENDING)).is_pending


def test_rr_counts_an_open_ticket_that_has_breached() -> None:
    assert Fraction(0) == measured(came_in(response=BREACHED, resolution=PENDING)).score


def test_rr_tells_the_minutes_of_what_is_over() -> None:
    assert (Fraction(5), None) == measured(came_in(response=MET, resolution=PENDING)).figures


@pytest.mark.parametrize(
    ("response", "resolution", "score"),
    [(30, 480, 100), (31, 480, 50), (30, 481, 50), (31, 481, 0)],
)
def test_rr_holds_logged_minutes_against_their_bounds(
    response: int, resolution: int, score: int
) -> None:
    work = logged("rr", LIMITS, responseMin=response, resolutionMin=resolution)

    assert score == measured(work).score


@pytest.mark.parametrize(("time", "score"), [("16:59", 100), ("17:00", 100), ("17:01", 0)])
def test_submit_holds_a_time_of_day_against_the_cut_off(time: str, score: int) -> None:
    work = logged("submit", {"cutOff": "17:00"}, submittedTime=time)

    assert score == measured(work).score


def test_submit_scores_nothing_without_a_cut_off() -> None:
    assert measured(logged("submit", {}, submittedTime="23:59")).score is None


@pytest.mark.parametrize(("zone", "score"), [("Asia/Jakarta", 100), ("Asia/Tokyo", 0)])
def test_submit_takes_the_local_time_of_what_came_in(zone: str, score: int) -> None:
    assert score == measured(came_in("submit", zone=zone)).score  # 12:05 in Jakarta


@pytest.mark.parametrize(
    ("counts", "score", "passes"), [((1,), 50, False), ((1, 1), 100, True), ((3, 2), 100, True)]
)
def test_project_holds_the_sum_against_the_target(
    counts: tuple[int, ...], score: int, *, passes: bool
) -> None:
    tally = months(*(logged("project", projectCount=count) for count in counts))
    verdict = CONTRACT_RULES["project"].judge(tally, {"target": 2})

    assert (Fraction(score), passes) == (verdict.score, verdict.passes)


def test_project_counts_one_for_a_ticket_that_is_done() -> None:
    done = Work(
        ticket=a_ticket(status=Status.CLOSED, closed_at=NOW), scoring=Scoring(rule="project")
    )

    assert (Fraction(1),) == measured(done).figures


def test_project_waits_for_a_ticket_that_is_open() -> None:
    assert measured(came_in("project")).is_pending


def test_accuracy_is_the_mean_of_the_percentages() -> None:
    work = logged("accuracy", responseAccuracy=99.1, dataAccuracy=98)

    assert Fraction("98.55") == measured(work).score


def test_accuracy_that_is_exactly_the_target_passes() -> None:
    tally = months(*(logged("accuracy", responseAccuracy=it) for it in (99.4, 99.5, 99.6)))
    verdict = CONTRACT_RULES["accuracy"].judge(tally, {"target": 99.5})

    assert (Fraction("99.5"), True) == (verdict.value, verdict.passes)


def test_acr_is_the_mean_of_the_scores() -> None:
    work = logged("acr", frt=5, attendance=4, finding=3, backlog=4, teamwork=5, obedience=4)

    assert Fraction(25, 6) * 20 == measured(work).score


def test_acr_is_held_against_a_target_of_1_to_5() -> None:
    thirds = [logged("acr", frt=a, attendance=b, finding=c) for a, b, c in ((4, 4, 3), (4, 4, 5))]
    verdict = CONTRACT_RULES["acr"].judge(months(*thirds), {"target": 4})

    assert (Fraction(4), True) == (verdict.value, verdict.passes)


def test_ic_is_the_completion() -> None:
    assert Fraction("87.5") == measured(logged("ic", completion=87.5)).score


def test_ic_tells_the_hours_from_finding_to_closing() -> None:
    work = logged(
        "ic", completion=100, foundAt="2026-05-22T05:00:00Z", closedAt="2026-05-22T06:30:00Z"
    )

    assert (Fraction(100), Fraction(3, 2)) == measured(work).figures


@pytest.mark.parametrize(
    ("uptime", "is_reached"), [("99.5", True), ("99.49999999", False), ("100", True)]
)
def test_uptime_is_reached_at_the_target_exactly(uptime: str, *, is_reached: bool) -> None:
    assert int(is_reached) == tally_of_units([Fraction(uptime)], {"target": 99.5}).passed


def test_uptime_is_the_share_of_units_that_reached_it() -> None:
    tally = tally_of_units([Fraction(it) for it in ("99.5", "99", "100", "100")], {})
    verdict = CONTRACT_RULES["uptime"].judge(tally, {})

    assert (Fraction(75), False) == (verdict.score, verdict.passes)


@pytest.mark.parametrize("word", ["accuracy", "acr", "ic"])
def test_a_ticket_that_came_in_has_nothing_to_score_there(word: str) -> None:
    assert measured(came_in(word)).score is None


def halves(_: Work) -> Measure:
    return Measure(score=Fraction(50), figures=(Fraction(1, 2),))


def test_a_rule_of_ones_own_is_found_by_its_word() -> None:
    rule = Rule(word="half", measure=halves, judge=CONTRACT_RULES["rr"].judge)

    assert rule is CONTRACT_RULES.with_rule(rule)["half"]


def test_a_registry_does_not_change() -> None:
    _ = CONTRACT_RULES.with_rule(
        Rule(word="half", measure=halves, judge=CONTRACT_RULES["rr"].judge)
    )

    assert "half" not in CONTRACT_RULES


def test_no_two_rules_have_one_word() -> None:
    rule = Rule(word="half", measure=halves, judge=CONTRACT_RULES["rr"].judge)

    with pytest.raises(ValueError, match="one word"):
        rules_of(rule, rule)


@pytest.mark.parametrize("word", ["", "RR", "1st", "a b", "a" * 33])
def test_a_word_is_short_and_plain(word: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        Rule(word=word, measure=halves, judge=CONTRACT_RULES["rr"].judge)


def test_points_are_whole_where_scores_are_means_of_six() -> None:
    work = logged("acr", frt=5, attendance=4, finding=3, backlog=4, teamwork=5, obedience=4)

    assert POINTS * 20 * 25 == 6 * months(work).points


def test_a_figure_is_rounded_to_its_parts() -> None:
    work = logged("accuracy", responseAccuracy=99.9999)

    assert Sum(int(Fraction("99.9999") * POINTS), 1) == months(work).figure(0)


def test_what_is_no_number_is_not_scored() -> None:
    work = logged("accuracy", responseAccuracy="99", dataAccuracy=True)

    assert measured(work).score is None


def test_fields_of_ones_own_are_scored_by_their_kind() -> None:
    work = Work(
        ticket=a_ticket(status=None, metrics={"mine": 80}),
        scoring=Scoring(rule="accuracy", fields=(("mine", FieldKind.PERCENT),)),
    )

    assert Fraction(80) == measured(work).score
