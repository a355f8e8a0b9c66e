"""What a desk promises, in a file: `{ metric = "resolution", amount = "8h", clock = "wall" }`.

Spans are hours, minutes and seconds, such as `1h30m`. A warning is due after a percentage of the
time, such as `80%`, or when so much of it is left.
"""

import re
from datetime import timedelta
from enum import Enum
from itertools import combinations
from typing import Final, TypeVar
from uuid import UUID

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file.faults import Place, Reader, quoted
from helpdesk_core.directory_file.records import (
    Field,
    Got,
    always,
    its_value,
    read_fields,
    written_fields,
)
from helpdesk_core.directory_file.values import key_among, listed, one_of
from helpdesk_core.kinds import EventKind, Metric, Status
from helpdesk_core.sla_rules import (
    LONGEST_PROMISE,
    METRIC_WORDS,
    Clock,
    SlaPolicy,
    SlaTarget,
    WarnAt,
)

Word = TypeVar("Word", bound=Enum)

_SPAN = re.compile(r"(?:([0-9]{1,6})h)?(?:([0-9]{1,7})m)?(?:([0-9]{1,8})s)?")
_PERCENT = re.compile(r"([0-9]{1,2})%")
_SECOND: Final = timedelta(seconds=1)
_STAND_IN: Final = SlaTarget(metric=Metric.RESOLUTION, amount=timedelta(hours=1))


def span(value: object, place: Place) -> timedelta:
    """Hours, minutes and seconds."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) and value else None
    if found is None:
        place.wrong('it must be a span such as "8h", "1h30m" or "45s"')
        return _STAND_IN.amount
    hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def written_span(held: timedelta) -> str:
    """A span of whole seconds as it is read."""
    minutes, seconds = divmod(held // _SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


def target(value: object, place: Place) -> SlaTarget:
    """So much time for something."""
    faults = len(place.draft.faults)
    got = read_fields(_TARGET, value, place)
    if len(place.draft.faults) > faults:
        return _STAND_IN
    if got["amount"] > LONGEST_PROMISE:
        place.field("amount").wrong("it must be a century at most")
        return _STAND_IN
    try:
        return SlaTarget(**got)
    except ValueError as fault:
        place.wrong(str(fault))
        return _STAND_IN


def written_targets(held: tuple[SlaTarget, ...], directory: Directory) -> object:
    """Targets in their order."""
    return [written_fields(_TARGET, each, directory) for each in held]


def check_policy(got: Got, place: Place) -> Got:
    """Note targets of which no policy can be made."""
    metrics = [each.metric for each in got["targets"]]
    if metrics and len(set(metrics)) == len(metrics):
        return got
    place.field("targets").wrong("there must be one at least, and one of a metric at most")
    return {**got, "targets": (_STAND_IN,)}


def refuse_rivals(policies: tuple[SlaPolicy, ...], place: Place) -> None:
    """Note two policies of which nobody could say which stands first."""
    for one, other in combinations(sorted(policies, key=lambda it: it.key), 2):
        if one.rivals(other) and any(other.target(each.metric) for each in one.targets):
            place.wrong(
                f"{quoted(one.key)} and {quoted(other.key)} may fit the same ticket, "
                "and neither stands before the other"
            )


def words_of(words: type[Word]) -> Reader[frozenset[Word]]:
    """Some words of a kind, in any order."""
    read = listed(one_of({str(word.value): word for word in words}))

    def read_all(value: object, place: Place) -> frozenset[Word]:
        return frozenset(read(value, place))

    return read_all


def written_words(held: frozenset[Enum], _: Directory) -> object:
    """Words in the order of the alphabet."""
    return sorted(word.value for word in held)


def _warning(value: object, place: Place) -> WarnAt:
    percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    try:
        return WarnAt(percent=int(percent[1])) if percent else WarnAt(left=span(value, place))
    except ValueError as fault:
        place.wrong(str(fault))
        return WarnAt(percent=1)


def _written_warnings(held: tuple[WarnAt, ...], _: Directory) -> object:
    return [f"{it.percent}%" if it.left is None else written_span(it.left) for it in held]


def _written_amount(held: timedelta, _: Directory) -> object:
    return written_span(held)


def _written_metric(held: Metric, _: Directory) -> object:
    return METRIC_WORDS[held]


def _calendar_key(held: UUID | None, directory: Directory) -> object:
    return directory.calendars[held].key if held else None


def _usual_clock(got: Got) -> Clock:
    return Clock.CALENDAR if got["calendar_id"] else Clock.WALL


def _kinds(word: str, attribute: str) -> Field:
    return Field(word, attribute, words_of(EventKind), always(frozenset()), written_words)


_TARGET: Final[tuple[Field, ...]] = (
    Field(
        "metric",
        "metric",
        one_of({word: metric for metric, word in METRIC_WORDS.items()}),
        write=_written_metric,
    ),
    Field("amount", "amount", span, write=_written_amount),
    Field(
        "calendar",
        "calendar_id",
        key_among("calendars", "calendar"),
        always(None),
        _calendar_key,
    ),
    Field("clock", "clock", one_of({it.value: it for it in Clock}), _usual_clock, its_value),
    _kinds("starts", "starts"),
    _kinds("stops", "stops"),
    Field(
        "pauses",
        "pauses",
        words_of(Status),
        always(frozenset({Status.WAITING})),
        written_words,
    ),
    Field("warnAt", "warn_at", listed(_warning), always(()), _written_warnings),
)
