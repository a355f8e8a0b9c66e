"""The monthly report: rows, what they roll up to, and who sees which of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.directory import Directory
from helpdesk_core.kpi.dashboard import Dashboard, dashboard, months_until
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.outages import Outage
from helpdesk_core.kpi.report import MonthlyReport, monthly_report, narrowed, seen_by
from helpdesk_core.kpi.rows import Row
from helpdesk_core.kpi.tally import POINTS, Tally
from helpdesk_core.kpi.units import MonthSums, Unit
from helpdesk_core.people import Role, User
from helpdesk_core.testing.builders import NOW, a_directory
from helpdesk_core.testing.directories import (
    ACCOUNTS,
    ACCURACY,
    ACTIVE_AGENT,
    GERMANY,
    INCIDENT,
    INDONESIA,
    NETWORK,
    REPORT,
    REVIEW,
    SUPPORT,
    UPTIME,
)

MAY = Month(2026, 5)
DIRECTORY = a_directory()
LATER = datetime(2026, 7, 1, tzinfo=UTC)
BEGIN = datetime(2026, 5, 1, tzinfo=UTC)


def scored(*scores: int) -> Tally:
    """Tickets of these scores."""
    return Tally(tickets=len(scores), scored=len(scores), points=POINTS * sum(scores))


SCORES: Mapping[Unit, Tally] = {
    Unit(SUPPORT, INCIDENT): scored(90, 100),
    Unit(SUPPORT, REPORT): scored(50),
    Unit(NETWORK, INCIDENT): scored(100, 100, 100, 100),
    Unit(ACCOUNTS, REPORT): scored(80),
}


def report(
    tallies: Mapping[Unit, Tally] = SCORES,
    outages: Mapping[Unit, Sequence[Outage]] | None = None,
    now: datetime = LATER,
    month: Month = MAY,
    directory: Directory = DIRECTORY,
) -> MonthlyReport:
    return monthly_report(
        month, MonthSums(tallies=tallies, outages=outages or {}), directory, now=now
    )


def row(found: MonthlyReport, unit: Unit) -> Row:
    (only,) = [it for it in found.rows if (it.department.id, it.kpi_type.id) == tuple(unit)]
    return only


def out(begins: timedelta, lasts: timedelta) -> Mapping[Unit, Sequence[Outage]]:
    return {Unit(NETWORK, INCIDENT): [Outage(BEGIN + begins, BEGIN + begins + lasts)]}


def test_there_is_a_row_for_each_kpi_type_of_each_department() -> None:
    mapped = {
        (department_id, kpi_type.id)
        for kpi_type in DIRECTORY.kpi_types.values()
        for department_id in kpi_type.department_ids
    }

    assert mapped == {(it.department.id, it.kpi_type.id) for it in report({}).rows}


def test_what_is_no_longer_mapped_keeps_the_row_of_its_figures() -> None:
    found = report({Unit(SUPPORT, ACCURACY): scored(70)})

    assert 70 == row(found, Unit(SUPPORT, ACCURACY)).score


def test_a_rows_score_is_the_mean_of_its_tickets() -> None:
    assert 95 == row(report(), Unit(SUPPORT, INCIDENT)).score


def test_a_department_is_the_average_of_its_groups_not_of_its_tickets() -> None:
    support = next(
        it
        for country in report().countries
        for it in country.departments
        if it.department.id == SUPPORT
    )

    assert Fraction(95 + 50, 2) == support.score


def test_a_country_is_the_average_of_its_departments() -> None:
    scores = {it.country.id: it.score for it in report().countries}
    network = (Fraction(100) + 100) / 2  # its incidents, and its uptime without an outage

    assert {INDONESIA: (Fraction(145, 2) + network) / 2, GERMANY: Fraction(80)} == scores


def test_the_desk_is_the_average_of_its_countries() -> None:
    found = report()

    assert found.score == sum(it.score or 0 for it in found.countries) / Fraction(2)


def test_a_month_without_anything_has_no_score() -> None:
    assert report({}, now=BEGIN - timedelta(days=9)).score is None


def test_a_rows_verdict_comes_from_the_parameters_of_today() -> None:
    incident = attrs.evolve(DIRECTORY.kpi_types[INCIDENT], parameters={"target": 96})
    strict = attrs.evolve(DIRECTORY, kpi_types={**DIRECTORY.kpi_types, INCIDENT: incident})
    unit = Unit(SUPPORT, INCIDENT)

    assert (True, False) == tuple(
        row(report(directory=it), unit).verdict.passes for it in (DIRECTORY, strict)
    )


@pytest.mark.parametrize(("minutes", "score"), [(223, 100), (224, 0)])
def test_a_unit_may_be_down_for_a_two_hundredth_of_the_month(minutes: int, score: int) -> None:
    down = out(timedelta(days=3), timedelta(minutes=minutes))  # 31 days have 44,640 minutes

    assert score == row(report({}, down), Unit(NETWORK, UPTIME)).score


def test_of_a_month_that_runs_only_what_has_passed_is_looked_at() -> None:
    down = out(timedelta(), timedelta(minutes=9))
    found = row(report({}, down, BEGIN + timedelta(minutes=1000)), Unit(NETWORK, UPTIME))

    assert [Fraction("99.1")] == [unit.uptime for unit in found.units]


def test_a_month_that_has_not_begun_has_no_uptime() -> None:
    found = row(report({}, now=BEGIN), Unit(NETWORK, UPTIME))

    assert (None, [None]) == (found.score, [unit.uptime for unit in found.units])


def test_behind_a_calculated_row_are_the_tickets_of_its_units() -> None:
    assert (INCIDENT,) == row(report(), Unit(NETWORK, UPTIME)).kpi_type_ids


def test_behind_any_other_row_are_its_own() -> None:
    assert (REVIEW,) == row(report(), Unit(ACCOUNTS, REVIEW)).kpi_type_ids


def departments(found: MonthlyReport) -> set[object]:
    return {it.department.id for country in found.countries for it in country.departments}


def test_a_country_is_picked_out() -> None:
    assert {SUPPORT, NETWORK} == departments(narrowed(report(), country_id=INDONESIA))


def test_a_department_is_picked_out() -> None:
    assert {NETWORK} == departments(narrowed(report(), department_id=NETWORK))


def test_what_is_picked_out_keeps_its_scores() -> None:
    whole, part = report(), narrowed(report(), department_id=NETWORK)

    assert [whole.score, whole.countries[1].score] == [part.score, part.countries[0].score]


@pytest.mark.parametrize("role", [Role.MANAGEMENT, Role.ADMIN])
def test_management_and_admins_see_all_of_it(role: Role) -> None:
    viewer = User(id=ACTIVE_AGENT, name="Ana", email="ana@example.com", role=role)

    assert report() == seen_by(report(), viewer, DIRECTORY)


def test_an_agent_sees_the_departments_they_work_in() -> None:
    agent = DIRECTORY.agents[ACTIVE_AGENT].as_user()

    assert {SUPPORT} == departments(seen_by(report(), agent, DIRECTORY))


def test_an_agent_sees_no_score_of_a_country() -> None:
    found = seen_by(report(), DIRECTORY.agents[ACTIVE_AGENT].as_user(), DIRECTORY)

    assert (None, [None]) == (found.score, [it.score for it in found.countries])


def test_a_customer_sees_nothing() -> None:
    customer = User(id=ACTIVE_AGENT, name="Ana", email="ana@example.com")

    assert set() == departments(seen_by(report(), customer, DIRECTORY))


def a_dashboard() -> Dashboard:
    months = months_until(MAY)
    early = {Unit(SUPPORT, INCIDENT): scored(60)}
    reports = [report(early if it < MAY else SCORES, month=it) for it in months]
    return dashboard(reports)


def test_six_months_end_with_this_one() -> None:
    assert [Month(2025, 12), MAY] == [months_until(MAY)[0], months_until(MAY)[-1]]


def test_a_country_stands_beside_itself_last_month() -> None:
    tile = next(it for it in a_dashboard().countries if it.country.id == INDONESIA)

    assert (Fraction(60 + 100, 2), Fraction(345, 4)) == (tile.previous, tile.score)


def test_there_is_a_trend_of_the_desk_and_of_each_country() -> None:
    shown = [(it.country.id if it.country else None, len(it.points)) for it in a_dashboard().trends]

    assert [(None, 6), (GERMANY, 6), (INDONESIA, 6)] == shown


def test_uptime_is_shown_month_by_month() -> None:
    assert [Fraction(100)] * 6 == [point.score for point in a_dashboard().uptime]


def test_the_worst_unit_comes_first() -> None:
    down = out(timedelta(), timedelta(days=1))
    (line,) = dashboard([report({}, down)]).units

    assert Fraction(3000, 31) == line.unit.uptime


def test_the_watch_list_has_the_rows_that_fail_the_worst_first() -> None:
    shown = [(it.department.id, it.kpi_type.id) for it in a_dashboard().watch_list]

    assert [(SUPPORT, REPORT), (ACCOUNTS, REPORT)] == shown


def test_a_row_that_waits_is_not_on_the_watch_list() -> None:
    waiting = {Unit(SUPPORT, INCIDENT): Tally(tickets=1, pending=1)}

    assert () == dashboard([report(waiting, now=NOW)]).watch_list


scores = st.dictionaries(st.sampled_from(sorted(SCORES)), st.integers(0, 100))


@given(scores, st.sampled_from(sorted(SCORES)), st.integers(0, 100))
def test_a_better_row_never_makes_the_desk_worse(
    held: dict[Unit, int], unit: Unit, score: int
) -> None:
    better = {**held, unit: max(score, held.get(unit, 0))}
    before, after = (
        report({it: scored(points) for it, points in some.items()})
        for some in ({unit: 0, **held}, better)
    )

    assert before.score is not None
    assert after.score is not None
    assert 0 <= before.score <= after.score <= 100
