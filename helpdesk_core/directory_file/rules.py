"""What a desk decides about its notices: a list of the file, a row for a cell of the table.

`{door, event, audience, channel, send, urgencies}`: the first four name the cell, `send` says
whether there is a notice, and `urgencies`, where given, for which cases alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Final, TypeAlias, TypeVar

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file.faults import Place, Reader
from helpdesk_core.directory_file.records import (
    Field,
    always,
    its_value,
    read_fields,
    written_fields,
)
from helpdesk_core.directory_file.values import flag, listed, one_of
from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.routing import Audience, Channel, NoticeRule
from helpdesk_core.support import Urgency

RULES: Final = "notices"

Word = TypeVar("Word", bound=Enum)
Cell: TypeAlias = tuple[Door, EventKind, Audience, Channel]


def merged_rules(value: object, place: Place, held: Iterable[NoticeRule]) -> tuple[NoticeRule, ...]:
    """The rules held, with those of the file in the places of their cells; new ones come last."""
    read = listed(_rule)(value, place) if value is not None else ()
    given: dict[Cell, NoticeRule] = {}
    for number, rule in enumerate(read):
        if rule is None:
            continue
        if _cell(rule) in given:
            place.item(number).wrong("an earlier row decides about the same notice already")
        given[_cell(rule)] = rule
    return tuple(({_cell(rule): rule for rule in held} | given).values())


def written_rules(directory: Directory) -> list[dict[str, object]]:
    """The list that reads back as the directory's rules."""
    return [written_fields(_FIELDS, rule, directory) for rule in directory.notice_rules]


def rule_differences(before: Iterable[NoticeRule], after: Iterable[NoticeRule]) -> Iterator[str]:
    """A line for each cell about which something else is decided, in the order of the rules."""
    old, new = _by_cell(before), _by_cell(after)
    for cell in {**old, **new}:
        if old.get(cell) != new.get(cell):
            door, event, audience, channel = (word.value for word in cell)
            name = f"notice of {event} at the {door} door to {audience} by {channel}"
            yield f"{name}: {_decision(new.get(cell))}"


def _decision(rule: NoticeRule | None) -> str:
    if rule is None:
        return "as in the contract"
    if not rule.is_sent:
        return "not sent"
    return f"sent for {', '.join(_written_urgencies(rule.urgencies))}" if rule.urgencies else "sent"


def _by_cell(rules: Iterable[NoticeRule]) -> Mapping[Cell, NoticeRule]:
    return {_cell(rule): rule for rule in rules}


def _cell(rule: NoticeRule) -> Cell:
    return rule.door, rule.event, rule.audience, rule.channel


def _among(words: type[Word]) -> Reader[Word]:
    return one_of({word.value: word for word in words})


def _urgencies(value: object, place: Place) -> frozenset[Urgency]:
    return frozenset(listed(_among(Urgency))(value, place))


def _written_urgencies(held: frozenset[Urgency], _: Directory | None = None) -> list[str]:
    return [urgency.value for urgency in Urgency if urgency in held]


_FIELDS: Final = (
    Field("door", "door", _among(Door), write=its_value),
    Field("event", "event", _among(EventKind), write=its_value),
    Field("audience", "audience", _among(Audience), write=its_value),
    Field("channel", "channel", _among(Channel), write=its_value),
    Field("send", "is_sent", flag),
    Field("urgencies", "urgencies", _urgencies, always(frozenset()), _written_urgencies),
)


def _rule(value: object, place: Place) -> NoticeRule | None:
    """The rule of a row; None where one word is wrong, or where there may never be such a one."""
    faults = len(place.draft.faults)
    got = read_fields(_FIELDS, value, place)
    if len(place.draft.faults) > faults:
        return None
    if got["urgencies"] and not got["is_sent"]:
        place.field("urgencies").wrong("they go with what is sent")
    if got["urgencies"] and got["door"] is Door.INTAKE:
        place.field("urgencies").wrong("tickets of the intake door have none")
    try:
        return NoticeRule(**got)
    except ValueError as fault:
        place.wrong(str(fault))
        return None
