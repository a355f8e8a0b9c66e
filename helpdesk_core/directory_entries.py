"""What a change of the directory is to the audit trail: a record an object, in its own chain."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.audit import AuditKind, Subject, SubjectKind
from helpdesk_core.directory import Agent, Directory

DirectoryEntry: TypeAlias = tuple[AuditKind, Subject, Mapping[str, str]]
"""What happened to what, and its details."""

_PARTS: Final = {
    "calendars": SubjectKind.CALENDAR,
    "countries": SubjectKind.COUNTRY,
    "departments": SubjectKind.DEPARTMENT,
    "agents": SubjectKind.AGENT,
    "kpi_groups": SubjectKind.KPI_GROUP,
    "kpi_types": SubjectKind.KPI_TYPE,
    "sla_policies": SubjectKind.POLICY,
}
_RULES: Final = Subject(kind=SubjectKind.NOTICE_RULES, id="all")


def entries_between(held: Directory, wanted: Directory) -> Iterator[DirectoryEntry]:
    """What is added, changed and taken away, by kind and id; nothing between equal directories.

    A changed object says which of its fields are not as they were, not what is in them.
    """
    for part, kind in _PARTS.items():
        before: Mapping[UUID, attrs.AttrsInstance] = getattr(held, part)
        after: Mapping[UUID, attrs.AttrsInstance] = getattr(wanted, part)
        for key in sorted(before.keys() | after.keys()):
            subject = Subject(kind=kind, id=str(key))
            yield from _entries(subject, before.get(key), after.get(key))
    if held.notice_rules != wanted.notice_rules:
        yield AuditKind.CHANGED, _RULES, {}


def _entries(
    subject: Subject, before: attrs.AttrsInstance | None, after: attrs.AttrsInstance | None
) -> Iterator[DirectoryEntry]:
    if after is None:
        yield AuditKind.REMOVED, subject, _named(before)
    elif before is None:
        role = {"role": after.role.value} if isinstance(after, Agent) else {}
        yield AuditKind.ADDED, subject, _named(after) | role
    elif before != after:
        changed = _changed(before, after)
        if isinstance(before, Agent) and isinstance(after, Agent) and before.role != after.role:
            changed.remove("role")
            roles = {"from": before.role.value, "to": after.role.value}
            yield AuditKind.ROLE_CHANGED, subject, _named(after) | roles
        if changed:
            yield AuditKind.CHANGED, subject, _named(after) | {"changed": " ".join(changed)}


def _changed(before: attrs.AttrsInstance, after: attrs.AttrsInstance) -> list[str]:
    names = (field.name for field in attrs.fields(type(after)))
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _named(value: object) -> dict[str, str]:
    name = getattr(value, "name", None)
    return {"name": name} if isinstance(name, str) else {}
