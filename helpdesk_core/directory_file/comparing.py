"""What differs between two directories, in words."""

from collections.abc import Iterator

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file.kinds import Entry, Kind, kinds_of
from helpdesk_core.directory_file.rules import rule_differences
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.text import fold


def differences(before: Directory, after: Directory) -> tuple[str, ...]:
    """A line for each object that was added, changed (with the fields' words) or removed.

    By kind as in a file, then by key; then a line for each cell of the notices' table about which
    something else is decided. Empty when nothing but the version differs.
    """
    kinds = kinds_of(CONTRACT_RULES)  # which rules there are changes no field's word
    entries = (line for kind in kinds for line in _differences(kind, before, after))
    return (*entries, *rule_differences(before.notice_rules, after.notice_rules))


def _differences(kind: Kind, before: Directory, after: Directory) -> Iterator[str]:
    old, new = kind.entries(before), kind.entries(after)
    for entry in sorted({**old, **new}.values(), key=lambda it: (fold(kind.key_of(it)), it.id)):
        name = f"{kind.noun} {kind.key_of(entry)}"
        if entry.id not in old:
            yield f"{name}: added"
        elif entry.id not in new:
            yield f"{name}: removed"
        elif old[entry.id] != new[entry.id]:
            words = _changed(kind, old[entry.id], new[entry.id])
            yield f"{name}: changed {', '.join(words)}"


def _changed(kind: Kind, old: Entry, new: Entry) -> tuple[str, ...]:
    words = {kind.key: kind.key} | {field.attribute: field.word for field in kind.fields}
    return tuple(
        word
        for attribute, word in words.items()
        if getattr(old, attribute) != getattr(new, attribute)
    )
