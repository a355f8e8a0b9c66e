"""Bringing what a file says into a directory."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

import attrs

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file.faults import Draft, Place, quoted
from helpdesk_core.directory_file.kinds import POLICIES, Entry, Kind, kinds_of
from helpdesk_core.directory_file.promises import refuse_rivals
from helpdesk_core.directory_file.records import read_fields
from helpdesk_core.directory_file.rules import RULES, merged_rules
from helpdesk_core.directory_file.values import NO_ID, listed, table, uuid
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.text import fold

NAMESPACE: Final = UUID("6d31edbf-9f54-5a1e-bf15-e6776d95972a")
"""Ids are made of it, the list and the key, so that a file makes the same objects on every desk.

It must never change. It is itself `uuid5(NAMESPACE_DNS, "directory.helpdesk-core")`.
"""


def merged(
    document: Mapping[str, object], held: Directory, rules: Rules = CONTRACT_RULES
) -> Directory:
    """The directory held, with what the document says; its version stays.

    What the document does not mention stays as it is. In an object that it mentions every field is
    the document's: a field that it leaves out gets its default. Objects are found by their key, or
    by `id` where that is given; a key found by its id may thus be changed, an id never. A rule of
    the notices takes the place of the one for the same cell of the table.

    Raises InvalidDirectory with every fault by its place, and nothing else on any document.
    """
    draft = Draft()
    root = Place("document", draft)
    kinds = kinds_of(rules)
    rows = _rows(document, root, kinds)
    given = document.get(RULES) if isinstance(document, Mapping) else None
    for kind in kinds:
        draft.known[kind.section] = _identified(kind, rows[kind.section], kind.entries(held))
    changed: dict[str, Any] = {
        kind.attribute: {**kind.entries(held), **_entries(kind, rows[kind.section])}
        for kind in kinds
    }
    refuse_rivals(tuple(changed[POLICIES.attribute].values()), root.field(POLICIES.section))
    notice_rules = merged_rules(given, root.field(RULES), held.notice_rules)
    draft.refuse_faults()
    return attrs.evolve(held, notice_rules=notice_rules, **changed)


@attrs.define
class _Row:
    """One object of the file; its key and id are known once all rows of its kind are."""

    values: Mapping[object, object]
    place: Place
    key: str = ""
    id: UUID = NO_ID


def _rows(document: object, root: Place, kinds: tuple[Kind, ...]) -> dict[str, tuple[_Row, ...]]:
    sections = table(document, root)
    rows: dict[str, tuple[_Row, ...]] = {kind.section: () for kind in kinds}
    for name, given in sections.items():
        if name in rows and given is not None:
            rows[str(name)] = listed(_row)(given, root.field(name))
        elif name not in rows and name != RULES:
            parts = ", ".join((*rows, RULES))
            root.field(name).wrong(f"the file has no such part; it has {parts}")
    return rows


def _row(value: object, place: Place) -> _Row:
    return _Row(table(value, place), place)


def _identified(
    kind: Kind, rows: tuple[_Row, ...], held: Mapping[UUID, Entry]
) -> Mapping[str, UUID]:
    """The id of every key there will be. Each row learns its own."""
    ids = {fold(kind.key_of(entry)): entry_id for entry_id, entry in held.items()}
    for row in rows:
        _identify(kind, row, ids, held)
    _refuse_doubles(kind, rows)
    taken = {row.id for row in rows}
    left = {key: entry_id for key, entry_id in ids.items() if entry_id not in taken}
    return left | {fold(row.key): row.id for row in rows}


def _identify(kind: Kind, row: _Row, ids: Mapping[str, UUID], held: Mapping[UUID, Entry]) -> None:
    """Give the row its key and its id: the one it states, the one its key has, or a new one."""
    given, here = row.values.get("id"), row.place.field("id")
    key_place = row.place.field(kind.key)
    if row.values.get(kind.key) is None:
        key_place.wrong("it is missing")
    row.key = kind.read_key(row.values.get(kind.key), key_place)
    known = ids.get(fold(row.key))
    if given is not None:
        row.id = uuid(given, here)
        if known not in (None, row.id):
            here.wrong(f"the {kind.noun} {quoted(row.key)} has the id {known}, which never changes")
        return
    row.id = known or uuid5(NAMESPACE, f"{kind.section}:{fold(row.key)}")
    if known is None and row.id in held:
        key = kind.key_of(held[row.id])
        key_place.wrong(f"it was once the key of the {kind.noun} {quoted(key)}; give an id as well")


def _refuse_doubles(kind: Kind, rows: tuple[_Row, ...]) -> None:
    """Note each key and each id that an earlier row has too."""
    keys: dict[str, str] = {}
    ids: dict[UUID, str] = {}
    for row in rows:
        if not row.key:
            continue
        first = keys.setdefault(fold(row.key), row.place.path)
        if first != row.place.path:
            row.place.field(kind.key).wrong(f"it is the key of {first} already")
        elif ids.setdefault(row.id, row.place.path) != row.place.path:
            row.place.field("id").wrong(f"it is the id of {ids[row.id]} already")


def _entries(kind: Kind, rows: tuple[_Row, ...]) -> Mapping[UUID, Entry]:
    return {row.id: _entry(kind, row) for row in rows}


def _entry(kind: Kind, row: _Row) -> Entry:
    read = read_fields(kind.fields, row.values, row.place, besides=frozenset({kind.key, "id"}))
    got = kind.check(read, row.place)
    return kind.make(id=row.id, **{kind.key: row.key}, **got)
