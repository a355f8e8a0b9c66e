"""Tables of the reference that are made from the code, so that they cannot be wrong.

`{generated} NAME` in a page becomes the table of that name in `TABLES`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import zip_longest
from typing import Any, Final, TypeAlias

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpdesk_core import limits
from helpdesk_core.attachments import USUAL_FILES
from helpdesk_core.case_policy import CONTRACT_CASES
from helpdesk_core.errors import HelpdeskError
from helpdesk_core.intake import SHOWN_AS
from helpdesk_core.kinds import Door
from helpdesk_core.limits import Limit
from helpdesk_core.people import Role
from helpdesk_core.permissions import ALLOWED, USE_CASES, may_call
from helpdesk_core.routing import CONTRACT_ROUTING, Audience, Route
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.tickets import TRANSITIONS, Status
from helpdesk_core.use_cases.delivering import KEPT_TRYING
from helpdesk_http.errors import SENTENCES, status_of
from helpdesk_server.commands.all import helpdesk
from helpdesk_server.schedules import WAITS
from helpdesk_server.settings import SETTINGS

Rows: TypeAlias = Iterable[tuple[str, ...]]


def transitions() -> Rows:
    """From each status, where a ticket may go; one column a status."""
    yield ("from \\ to", *(f"`{status.value}`" for status in Status))
    for held in Status:
        marks = ("yes" if to in TRANSITIONS[held] else "" for to in Status)
        yield (f"`{held.value}`", *marks)


def shown_statuses() -> Rows:
    """Contract A's word for each status."""
    yield ("status", "shown by the intake API as")
    for status in Status:
        yield (f"`{status.value}`", f"`{SHOWN_AS[status].value}`")


def limit_table() -> Rows:
    """Every limit the desk knows."""
    yield ("limit", "amount", "in", "when the counters cannot be reached", "sentence")
    for limit in vars(limits).values():
        if isinstance(limit, Limit):
            when_down = "the act passes" if limit.opens_when_down else "the act is refused (503)"
            yield (limit.name, str(limit.amount), _span(limit.period), when_down, limit.sentence)


def use_cases() -> Rows:
    """Who may call what."""
    yield ("use case", "asks", "strangers", *(role.value for role in Role))
    for name, rule in USE_CASES.items():
        callers = (None, *Role)
        yield (
            f"`{name}`",
            rule.value,
            *("yes" if may_call(name, role) else "" for role in callers),
        )


def permissions() -> Rows:
    """Who may do what."""
    yield ("act", *(role.value for role in Role))
    for act, roles in ALLOWED.items():
        yield (act.value, *("yes" if role in roles else "" for role in Role))


def case_scores() -> Rows:
    """The points of a case's properties."""
    yield ("urgency", "points", "customer type", "points", "issue type", "points")
    points = (
        CONTRACT_CASES.urgency_points,
        CONTRACT_CASES.tier_points,
        CONTRACT_CASES.issue_points,
    )
    columns = [[(f"`{it.value}`", str(number)) for it, number in each.items()] for each in points]
    for cells in zip_longest(*columns, fillvalue=("", "")):
        yield tuple(cell for pair in cells for cell in pair)


def case_targets() -> Rows:
    """What is promised for a case, by urgency and customer type."""
    yield (
        "urgency",
        *(f"first response, {it.value}" for it in CustomerType),
        *(f"resolution, {it.value}" for it in CustomerType),
    )
    for urgency in Urgency:
        responses = (CONTRACT_CASES.response_target(urgency, it) for it in CustomerType)
        resolutions = (CONTRACT_CASES.resolution_target(urgency, it) for it in CustomerType)
        yield (f"`{urgency.value}`", *map(_span, responses), *map(_span, resolutions))


def file_kinds() -> Rows:
    """What kinds of files are taken, and what each is served as."""
    yield ("name ends in", "is served as")
    for ending, media_type in USUAL_FILES.media_types.items():
        yield (f"`.{ending}`", f"`{media_type}`")


def notices() -> Rows:
    """Who is told of what at the support door, by the contract's table."""
    yield from _routes(Door.SUPPORT)


def intake_notices() -> Rows:
    """Who is told of what at the intake door."""
    yield from _routes(Door.INTAKE)


def _routes(door: Door) -> Rows:
    yield ("event", *(audience.value for audience in Audience))
    for event, routes in CONTRACT_ROUTING[door].items():
        told = {audience: ", ".join(_channels(routes, audience)) for audience in Audience}
        yield (f"`{event.value}`", *told.values())


def _channels(routes: Iterable[Route], audience: Audience) -> Iterator[str]:
    for route in routes:
        if route.audience is audience:
            only = sorted(urgency.value for urgency in route.urgencies or ())
            yield f"{route.channel.value} ({', '.join(only)})" if only else route.channel.value


def retries() -> Rows:
    """The waits between attempts to deliver a notice."""
    yield ("channel", "waits after the first, second… failure", "given up after")
    for channel, waits in WAITS.items():
        spans = ", ".join(_span(timedelta(seconds=wait)) for wait in waits)
        yield (channel.value, spans, _span(KEPT_TRYING[channel]))


def settings() -> Rows:
    """Every setting: name, purpose, default."""
    yield ("setting", "what it is", "default")
    values: dict[str, Any] = {}
    for name, setting in SETTINGS.items():
        default = setting.default(values, {"HOME": "/home/you"})
        values[name] = default
        twin = f" (or `{name}_FILE`)" if setting.is_secret else ""
        yield (f"`{name}`{twin}", setting.purpose, _default(default))


def commands() -> Rows:
    """Every command of `helpdesk`, groups opened."""
    yield ("command", "what it does")
    for words, command in _leaves(("helpdesk",), helpdesk):
        asked = [
            parameter.make_metavar(click.Context(command))
            for parameter in command.params
            if isinstance(parameter, click.Argument)
        ]
        sentence = re.split(r"\.(?:\s|$)", command.help or "")[0]
        yield (f"`{' '.join((*words, *asked))}`", " ".join(sentence.split()))


def _leaves(
    words: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    for name, kin in sorted(command.commands.items()):
        yield from _leaves((*words, name), kin)


def _default(value: object) -> str:
    if value is None or value == ():
        return "none"
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    return f"`{getattr(value, 'value', value)}`"


def _span(period: timedelta) -> str:
    seconds = int(period.total_seconds())
    for unit, name in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % unit == 0:
            number = seconds // unit
            return f"{number} {name}{'' if number == 1 else 's'}"
    raise ValueError(f"not whole seconds: {period}")


def errors() -> Rows:
    """Every refusal, with the status the HTTP adapter gives it."""
    yield ("refusal", "code", "status", "what it says")
    for refusal in sorted(_family(HelpdeskError), key=lambda it: (status_of(it), it.__name__)):
        meaning = (refusal.__doc__ or "").partition("\n")[0]
        yield (f"`{refusal.__name__}`", f"`{refusal.code}`", str(status_of(refusal)), meaning)


def _family(refusal: type[HelpdeskError]) -> Iterator[type[HelpdeskError]]:
    for kin in refusal.__subclasses__():
        yield kin
        yield from _family(kin)


def misdirected() -> Rows:
    """What is said of a request that no rule of the desk was asked about."""
    yield ("status", "message")
    for status, sentence in SENTENCES.items():
        yield (str(status), f"`{sentence}`")


TABLES: Final[Mapping[str, Callable[[], Rows]]] = {
    "transitions": transitions,
    "shown-statuses": shown_statuses,
    "limits": limit_table,
    "permissions": permissions,
    "use-cases": use_cases,
    "case-scores": case_scores,
    "case-targets": case_targets,
    "file-kinds": file_kinds,
    "notices": notices,
    "intake-notices": intake_notices,
    "retries": retries,
    "settings": settings,
    "errors": errors,
    "misdirected": misdirected,
    "commands": commands,
}


def as_markdown(rows: Rows) -> str:
    """A pipe table; the first row is its head."""
    head, *body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


class Generated(SphinxDirective):
    """`{generated} NAME`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The table's nodes."""
        return self.parse_text_to_nodes(as_markdown(TABLES[self.arguments[0]]()))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("generated", Generated)
    return {"parallel_read_safe": True}
