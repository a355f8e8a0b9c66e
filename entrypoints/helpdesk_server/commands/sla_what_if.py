"""`helpdesk sla replay` and `repin`: what would have become of promises, and what is to.

Both go through the tickets one portion at a time, and print as they go.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Final

import attrs
import click

from helpdesk_core.kinds import Metric
from helpdesk_core.kpi.roll_up import two_decimals
from helpdesk_core.people import Caller
from helpdesk_core.sla_clock import Standing, Verdict
from helpdesk_core.sla_replay import NOTHING_YET, Compliance, Replayed, Turn
from helpdesk_core.sla_rules import METRIC_WORDS
from helpdesk_core.use_cases.replaying import Span, repin_ticket, repinnable, replay_under
from helpdesk_http.wire import instant_text
from helpdesk_server.command_line import Refused, read_settings
from helpdesk_server.commands.directory import read_document
from helpdesk_server.commands.opening import opened
from helpdesk_server.terminal import printable

_DAY: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"])
_NONE: Final = "none"


@click.command()
@click.option(
    "--policy",
    "file",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A directory file with other policies, calendars or KPI types.",
)
@click.option("--from", "since", type=_DAY, help="Tickets submitted from this day on (UTC).")
@click.option("--to", "until", type=_DAY, help="Tickets submitted before this day (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def replay(file: Path, since: datetime | None, until: datetime | None, *, as_json: bool) -> None:
    """Print what the past would have come to under other policies. Nothing is written."""
    document = read_document(file)
    with opened(read_settings()) as desk:
        found = replay_under(desk.ports, document, _span(since, until))
        _tell(found, as_json=as_json, every=False)


@click.command()
@click.option("--from", "since", type=_DAY, help="Tickets submitted from this day on (UTC).")
@click.option("--to", "until", type=_DAY, help="Tickets submitted before this day (UTC).")
@click.option("--policy", "key", help="Those alone for which the directory's policy KEY holds.")
@click.option("--finished", is_flag=True, help="Finished tickets as well.")
@click.option("--preview", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def repin(  # noqa: PLR0913  # one argument an option
    since: datetime | None,
    until: datetime | None,
    key: str | None,
    *,
    finished: bool,
    preview: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Hold tickets to what the directory promises now, in the place of what was promised to them.

    Each ticket remembers from which version to which. Look first: --preview; then do it: --yes.
    """
    if preview == yes:
        raise Refused("say either --preview, to see what would be done, or --yes, to do it")
    with opened(read_settings()) as desk:
        found = repinnable(desk.ports, _span(since, until), key=key, with_finished=finished)
        if yes:
            found = (it for it in found if repin_ticket(desk.ports, it.ticket.id, Caller()))
        _tell(found, as_json=as_json, every=True)


def _span(since: datetime | None, until: datetime | None) -> Span:
    begins, ends = (it and it.replace(tzinfo=UTC) for it in (since, until))
    return Span(since=begins, until=ends)


@attrs.define
class _Sums:
    """What was seen so far."""

    tickets: int = 0
    changed: int = 0
    real: Compliance = NOTHING_YET
    replayed: Compliance = NOTHING_YET

    def add(self, found: Replayed) -> None:
        self.tickets += 1
        self.changed += bool(found.turns)
        self.real = self.real.plus(found.real)
        self.replayed = self.replayed.plus(found.replayed)


def _tell(found: Iterable[Replayed], *, as_json: bool, every: bool) -> None:
    """Print the tickets that differ, or `every` one, and then the sums."""
    lines = _in_json(found, every=every) if as_json else _in_words(found, every=every)
    for line in lines:
        click.echo(line)


def _in_words(found: Iterable[Replayed], *, every: bool) -> Iterator[str]:
    sums = _Sums()
    for each in _summed(found, sums, every=every):
        versions = f"{(each.ticket.pin or _NONE)[:8]} -> {each.other.digest[:8]}"
        yield f"{_name(each)}  {versions}  {printable(each.other.name)}"
        yield from (f"  {_turned(turn)}" for turn in each.turns)
    yield f"{sums.tickets} tickets, {sums.changed} with another verdict"
    for metric in Metric:
        shares = [_percent(it.share(metric)) for it in (sums.real, sums.replayed)]
        if metric in {*sums.real.counts, *sums.replayed.counts}:
            yield f"{metric.value}: {shares[0]} met, would be {shares[1]}"


def _in_json(found: Iterable[Replayed], *, every: bool) -> Iterator[str]:
    sums, separator = _Sums(), ""
    yield '{"tickets": ['
    for each in _summed(found, sums, every=every):
        yield separator + json.dumps(_ticket_values(each))
        separator = ","
    totals = {
        "seen": sums.tickets,
        "changed": sums.changed,
        "real": _compliance_values(sums.real),
        "replayed": _compliance_values(sums.replayed),
    }
    yield "], " + json.dumps(totals)[1:]


def _summed(found: Iterable[Replayed], sums: _Sums, *, every: bool) -> Iterator[Replayed]:
    for each in found:
        sums.add(each)
        if every or each.turns:
            yield each


def _name(found: Replayed) -> str:
    return found.ticket.case.number if found.ticket.case else str(found.ticket.id)


def _turned(turn: Turn) -> str:
    return f"{turn.metric.value}: {_stands(turn.before)} -> {_stands(turn.after)}"


def _stands(standing: Standing | None) -> str:
    if standing is None:
        return "not promised"
    return f"{standing.verdict.value} (due {instant_text(standing.due_at)})"


def _percent(share: Fraction | None) -> str:
    return "-" if share is None else f"{two_decimals(share * 100)} %"


def _ticket_values(found: Replayed) -> Mapping[str, object]:
    return {
        "ticketId": str(found.ticket.id),
        "caseNumber": found.ticket.case.number if found.ticket.case else None,
        "pin": found.ticket.pin,
        "policy": {"name": found.other.name, "digest": found.other.digest},
        "turns": [
            {
                "metric": METRIC_WORDS[turn.metric],
                "startedAt": instant_text(turn.started_at),
                "before": _standing_values(turn.before),
                "after": _standing_values(turn.after),
            }
            for turn in found.turns
        ],
    }


def _standing_values(standing: Standing | None) -> Mapping[str, str] | None:
    if standing is None:
        return None
    return {"verdict": standing.verdict.value, "dueAt": instant_text(standing.due_at)}


def _compliance_values(compliance: Compliance) -> Mapping[str, object]:
    return {
        METRIC_WORDS[metric]: {
            **{verdict.value: counts.get(verdict, 0) for verdict in Verdict},
            "percent": _share_values(compliance.share(metric)),
        }
        for metric, counts in compliance.counts.items()
    }


def _share_values(share: Fraction | None) -> float | None:
    return None if share is None else float(two_decimals(share * 100))
