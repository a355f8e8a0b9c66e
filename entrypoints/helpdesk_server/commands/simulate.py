"""`helpdesk simulate`: months of a desk that never was, by the rules of this one."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

import click

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file import merged
from helpdesk_core.kinds import Status
from helpdesk_core.kpi.months import Month
from helpdesk_core.kpi.roll_up import two_decimals
from helpdesk_core.ports import Ports
from helpdesk_core.simulation.loads import Load
from helpdesk_core.simulation.plans import MOST_MONTHS, MOST_TICKETS, Plan
from helpdesk_core.simulation.running import Simulation, simulate
from helpdesk_core.simulation.summary import PromiseSummary, promises, statuses
from helpdesk_core.use_cases.figures import Monthly
from helpdesk_http import monthly_json
from helpdesk_server.command_line import print_json, read_settings, say
from helpdesk_server.commands.directory import read_document
from helpdesk_server.commands.durations import Duration
from helpdesk_server.commands.opening import opened
from helpdesk_server.commands.report import report_lines
from helpdesk_server.sample import directory_document
from helpdesk_server.terminal import printable

_SECOND: Final = timedelta(seconds=1)
AS_IT_IS: Final = "as it is"
SERVICE: Final = "What a ticket takes of an agent's time, in the mean."


class MonthType(click.ParamType[Month]):
    """A month such as 2026-05."""

    name = "month"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Month:
        """The month. Fails for what is none of the years 1970 to 2200."""
        month = value if isinstance(value, Month) else Month.read(value)
        if month is None or not 1970 <= month.year <= 2200:  # noqa: PLR2004  # the desk's years
            self.fail(f"{value!r} is no month such as 2026-05", param, ctx)
        return month


@click.command("simulate")
@click.option("--seed", type=click.IntRange(0, 2**63), default=1, show_default=True)
@click.option("--month", type=MonthType(), help="The first; without it, the present one.")
@click.option("--months", type=click.IntRange(1, MOST_MONTHS), default=1, show_default=True)
@click.option(
    "--tickets",
    type=click.IntRange(0, MOST_TICKETS),
    default=500,
    show_default=True,
    help="That come in each month, besides outages.",
)
@click.option("--service", type=Duration(), default="45m", show_default=True, help=SERVICE)
@click.option(
    "--policy",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A directory file; what it changes is run beside what is.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def simulate_months(  # noqa: PLR0913, PLR0917  # one argument an option
    seed: int,
    month: Month | None,
    months: int,
    tickets: int,
    service: timedelta,
    file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Run months of chance over this desk's directory, and print the report. Nothing is stored.

    The same seed comes to the same months. A desk without departments is lent the sample's.
    """
    first = month or Month.of(datetime.now(UTC), "UTC")
    plan = Plan(seed=seed, month=first, months=months, tickets=tickets, service=service)
    document = read_document(file) if file else None
    with opened(read_settings()) as desk:
        outcomes = {
            name: simulate(plan, each, cases=desk.ports.cases.policy, rules=desk.ports.rules)
            for name, each in _directories(desk.ports, file, document)
        }
    if as_json:
        print_json({"seed": seed, "outcomes": [*map(_record, outcomes, outcomes.values())]})
    else:
        click.echo("\n\n".join("\n".join(_lines(*each)) for each in outcomes.items()))


def _directories(
    ports: Ports, file: Path | None, document: dict[str, object] | None
) -> Iterator[tuple[str, Directory]]:
    """The desk's own, and beside it what the file makes of it."""
    with ports.begin() as uow:
        held = uow.directory()
    if not held.departments:
        say("the desk has no departments; these months are the sample's")
        held = merged(directory_document(), held, ports.rules)
    yield AS_IT_IS, held
    if file is not None and document is not None:
        yield f"with {file.name}", merged(document, held, ports.rules)


def _record(name: str, outcome: Simulation) -> dict[str, object]:
    return {
        "directory": name,
        "tickets": {status.value: n for status, n in statuses(outcome).items()},
        "promises": [_promise(it) for it in promises(outcome)],
        "months": [json.loads(monthly_json(it)) for it in _months(outcome)],
        "agents": [_agent(load) for load in outcome.loads],
    }


def _promise(summary: PromiseSummary) -> dict[str, object]:
    return {
        "metric": summary.metric.value,
        **{verdict.value: n for verdict, n in summary.verdicts.items()},
        "compliance": _percent(summary.compliance),
        "medianSeconds": summary.middle.total_seconds() if summary.middle is not None else None,
    }


def _agent(load: Load) -> dict[str, object]:
    hour = timedelta(hours=1)
    return {
        "name": load.agent.name,
        "busyHours": round(load.busy / hour, 2),
        "workingHours": round(load.worked / hour, 2),
    }


def _lines(name: str, outcome: Simulation) -> Iterator[str]:
    found = statuses(outcome)
    counts = ", ".join(f"{n} {status.value}" for status, n in sorted(found.items(), key=_by_word))
    yield printable(f"{name}: {sum(found.values())} tickets ({counts or 'none'})")
    for summary in promises(outcome):
        share = _shown(summary.compliance)
        yield f"  {summary.metric.value}: {share} met, median {_span(summary.middle)}"
    for load in outcome.loads:
        share = _shown(Fraction(100 * (load.busy // _SECOND), load.worked // _SECOND or 1))
        yield printable(f"  {load.agent.name}: busy {share} of {_span(load.worked)}")
    for month in _months(outcome):
        yield from ("", f"{month.report.month}:")
        yield from map(printable, report_lines(month))


def _months(outcome: Simulation) -> Iterator[Monthly]:
    """Each month's report, as the desk's own is read."""
    for report in outcome.reports:
        yield Monthly(report=report, at=outcome.ends_at, is_whole=True)


def _by_word(pair: tuple[Status, int]) -> str:
    return pair[0].value


def _percent(share: Fraction | None) -> float | None:
    return None if share is None else float(two_decimals(share))


def _shown(share: Fraction | None) -> str:
    return "-" if share is None else f"{two_decimals(share)} %"


def _span(span: timedelta | None) -> str:
    """Hours and minutes."""
    if span is None:
        return "-"
    minutes = span // timedelta(minutes=1)
    return f"{minutes // 60} h {minutes % 60:02} min"
