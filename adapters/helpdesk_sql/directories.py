"""The directory's tables, read and written as a whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import count
from operator import itemgetter
from typing import Final, TypeAlias
from uuid import UUID

import attrs
import sqlalchemy as sa

from helpdesk_core.calendar_values import calendar_of, calendar_values
from helpdesk_core.calendars import Calendar
from helpdesk_core.directory import (
    Agent,
    Country,
    Department,
    Directory,
    FieldKind,
    KpiGroup,
    KpiType,
    MetricField,
)
from helpdesk_core.errors import InvalidDirectory, StaleDirectory
from helpdesk_core.routing import NoticeRule
from helpdesk_core.support import Urgency
from helpdesk_sql.directory_policies import sla_policy_of, sla_policy_row
from helpdesk_sql.failures import is_dangling
from helpdesk_sql.kept import Driver, Record
from helpdesk_sql.tables import (
    agent_departments,
    agents,
    calendars,
    countries,
    department_kpi_types,
    departments,
    directory_state,
    kpi_groups,
    kpi_types,
    notice_rules,
    sla_policies,
)

_TABLES: Final = (
    calendars,
    countries,
    departments,
    agents,
    agent_departments,
    kpi_groups,
    kpi_types,
    department_kpi_types,
    notice_rules,
    sla_policies,
)
"""Each after those it refers to."""

_Key: TypeAlias = tuple[object, ...]
_Rows: TypeAlias = Mapping[_Key, Record]


_DANGLING: Final = (
    "The directory refers to something that is not in it, or lacks something that tickets refer to"
)


@attrs.frozen
class DirectoryWrite:
    """A directory to put in the place of the one before it."""

    directory: Directory

    def apply(self, connection: sa.Connection, driver: Driver) -> None:  # noqa: ARG002
        """Insert what is new, update what differs, delete what is gone.

        Raises StaleDirectory when the stored version is not the one before, and InvalidDirectory
        when the directory refers to what is not in it, or lacks what a ticket refers to.
        """
        _raise_version(connection, self.directory.version)
        if not self.directory.has_whole_policies:
            raise InvalidDirectory(_DANGLING)
        wanted = _rows_of(self.directory)
        held = {table: _held_rows(connection, table) for table in _TABLES}
        try:
            for table in _TABLES:
                _insert(connection, table, held[table], wanted[table])
                _update(connection, table, held[table], wanted[table])
            for table in reversed(_TABLES):
                _delete(connection, table, held[table], wanted[table])
        except sa.exc.IntegrityError as error:
            if not is_dangling(error):
                raise
            raise InvalidDirectory(_DANGLING) from error


def read_directory(connection: sa.Connection) -> Directory:
    """The stored directory; the connection sees one moment of the database."""
    version = connection.execute(sa.select(directory_state.c.version)).scalar_one()
    rows = {table: list(_held_rows(connection, table).values()) for table in _TABLES}
    worked_in = _departments_by(agent_departments.c.agent_id, rows)
    mapped_to = _departments_by(department_kpi_types.c.kpi_type_id, rows)
    return Directory(
        version=version,
        calendars={row["id"]: calendar_of(row) for row in rows[calendars]},
        countries={row["id"]: Country(**row) for row in rows[countries]},
        departments={row["id"]: Department(**row) for row in rows[departments]},
        agents={
            row["id"]: Agent(**row, department_ids=worked_in[row["id"]]) for row in rows[agents]
        },
        kpi_groups={row["id"]: KpiGroup(**row) for row in rows[kpi_groups]},
        kpi_types={row["id"]: _kpi_type(row, mapped_to[row["id"]]) for row in rows[kpi_types]},
        sla_policies={row["id"]: sla_policy_of(row) for row in rows[sla_policies]},
        notice_rules=tuple(map(_rule, sorted(rows[notice_rules], key=itemgetter("position")))),
    )


def _departments_by(
    owner: sa.Column[UUID], rows: Mapping[sa.Table, list[Record]]
) -> Mapping[UUID, frozenset[UUID]]:
    departments_by: defaultdict[UUID, frozenset[UUID]] = defaultdict(frozenset)
    for row in rows[owner.table]:
        departments_by[row[owner.key]] |= {row["department_id"]}
    return departments_by


def _kpi_type(row: Record, department_ids: frozenset[UUID]) -> KpiType:
    schema = tuple(
        MetricField(**field | {"kind": FieldKind(field["kind"])}) for field in row["metric_schema"]
    )
    return KpiType(**row | {"metric_schema": schema}, department_ids=department_ids)


def _rule(row: Record) -> NoticeRule:
    own = {name: row[name] for name in row if name != "position"}
    return NoticeRule(**own | {"urgencies": frozenset(map(Urgency, row["urgencies"]))})


def _rows_of(directory: Directory) -> Mapping[sa.Table, _Rows]:
    rows: Mapping[sa.Table, Iterable[Record]] = {
        calendars: map(_calendar_row, directory.calendars.values()),
        countries: map(_row, directory.countries.values()),
        departments: map(_row, directory.departments.values()),
        agents: map(_row, directory.agents.values()),
        agent_departments: _links("agent_id", directory.agents.values()),
        kpi_groups: map(_row, directory.kpi_groups.values()),
        kpi_types: map(_kpi_type_row, directory.kpi_types.values()),
        department_kpi_types: _links("kpi_type_id", directory.kpi_types.values()),
        sla_policies: map(sla_policy_row, directory.sla_policies.values()),
        notice_rules: map(_rule_row, directory.notice_rules, count()),
    }
    return {table: _by_key(table, rows[table]) for table in _TABLES}


def _row(value: attrs.AttrsInstance) -> Record:
    row = attrs.asdict(value, recurse=False)
    row.pop("department_ids", None)
    return row


def _calendar_row(calendar: Calendar) -> Record:
    return calendar_values(calendar) | {"id": calendar.id}


def _kpi_type_row(kpi_type: KpiType) -> Record:
    schema = [attrs.asdict(it) | {"kind": it.kind.value} for it in kpi_type.metric_schema]
    return _row(kpi_type) | {"metric_schema": schema, "parameters": dict(kpi_type.parameters)}


def _rule_row(rule: NoticeRule, position: int) -> Record:
    urgencies = sorted(it.value for it in rule.urgencies)
    return _row(rule) | {"urgencies": urgencies, "position": position}


def _links(owner: str, values: Iterable[Agent | KpiType]) -> Iterable[Record]:
    return (
        {owner: value.id, "department_id": department_id}
        for value in values
        for department_id in value.department_ids
    )


def _by_key(table: sa.Table, rows: Iterable[Record]) -> _Rows:
    keys = table.primary_key.columns.keys()
    return {tuple(row[key] for key in keys): row for row in rows}


def _held_rows(connection: sa.Connection, table: sa.Table) -> _Rows:
    found = connection.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings()
    return _by_key(table, (dict(row) for row in found))


def _raise_version(connection: sa.Connection, version: int) -> None:
    raised = connection.execute(
        sa.update(directory_state)
        .where(directory_state.c.version == version - 1)
        .values(version=version)
    )
    if raised.rowcount != 1:
        raise StaleDirectory


def _insert(connection: sa.Connection, table: sa.Table, held: _Rows, wanted: _Rows) -> None:
    new = [row for key, row in wanted.items() if key not in held]
    if new:
        connection.execute(sa.insert(table), new)


def _update(connection: sa.Connection, table: sa.Table, held: _Rows, wanted: _Rows) -> None:
    for key, row in wanted.items():
        if key in held and row != held[key]:
            connection.execute(sa.update(table).where(*_matches(table, key)).values(row))


def _delete(connection: sa.Connection, table: sa.Table, held: _Rows, wanted: _Rows) -> None:
    for gone in held.keys() - wanted.keys():
        connection.execute(sa.delete(table).where(*_matches(table, gone)))


def _matches(table: sa.Table, key: _Key) -> Iterable[sa.ColumnElement[bool]]:
    columns = table.primary_key.columns
    return (column == value for column, value in zip(columns, key, strict=True))
