"""The directory: the countries, departments, people and KPI types that tickets refer to.

It is one value. Whoever decides something about a ticket decides it against one `Directory`, and
whoever changes it makes a new one.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.people import Role, User
from helpdesk_core.routing import NoticeRule
from helpdesk_core.sla_rules import SlaPolicy
from helpdesk_core.text import fold

Scalar: TypeAlias = str | int | float | bool


UPTIME: Final = "uptime"
"""The word of the one rule that is calculated from other tickets: nobody enters one of its work."""


class FieldKind(Enum):
    """What kind of value a metric field takes."""

    COUNT = "count"
    PERCENT = "percent"
    SCORE = "score"
    TIME = "time"
    INSTANT = "instant"
    TEXT = "text"


@attrs.frozen(kw_only=True)
class MetricField:
    """One field that a KPI type asks for when work is logged. Bounds are inclusive."""

    key: str
    label: str
    kind: FieldKind
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None


@attrs.frozen(kw_only=True)
class Country:
    """A country; `abbreviation` is what lists show."""

    id: UUID
    key: str
    name: str
    abbreviation: str


@attrs.frozen(kw_only=True)
class Department:
    """A department of one country, working by one calendar (None: round the clock)."""

    id: UUID
    key: str
    name: str
    abbreviation: str
    country_id: UUID
    calendar_id: UUID | None = None


@attrs.frozen(kw_only=True)
class Agent:
    """A member of staff. One who is not active is given no work and may do nothing.

    `phone` is E.164-like, `+` and digits. `language` is one of `notices.LANGUAGES`; None: the
    desk's own.
    """

    id: UUID
    name: str
    email: str
    role: Role = Role.AGENT
    department_ids: frozenset[UUID] = frozenset()
    is_active: bool = True
    wants_mail: bool = True
    phone: str | None = None
    wants_sms: bool = False
    language: str | None = None

    def as_user(self) -> User:
        """The agent as somebody who is signed in."""
        return User(id=self.id, name=self.name, email=self.email, role=self.role)

    def works_in(self, department_id: UUID) -> bool:
        """True when the agent is active and a member of the department."""
        return self.is_active and department_id in self.department_ids


@attrs.frozen(kw_only=True)
class KpiGroup:
    """A group of KPI types whose scores are averaged together."""

    id: UUID
    key: str
    name: str
    contributes_to_uptime: bool = False


@attrs.frozen(kw_only=True)
class KpiType:
    """A kind of work: its rule, what it asks for, its thresholds, and who may choose it.

    `rule` is the word of a rule that the desk's registry has (`kpi.rules`). `is_open_to_intake`
    lets the public choose it; `department_ids` are the departments it is mapped to. `parameters`
    are the rule's own (`responseSlaMin`, `resolutionSlaMin` in minutes…).
    """

    id: UUID
    key: str
    name: str
    group_id: UUID
    rule: str
    formula: str
    metric_schema: tuple[MetricField, ...] = ()
    parameters: Mapping[str, Scalar] = attrs.field(factory=dict)
    sub_group: str | None = None
    display_order: int = 0
    is_open_to_intake: bool = True
    department_ids: frozenset[UUID] = frozenset()

    @property
    def is_calculated(self) -> bool:
        """True when its figures come from other tickets, so that nobody enters one."""
        return self.rule == UPTIME

    def is_available_to(self, department_id: UUID) -> bool:
        """True when the public may choose it for that department."""
        return self.is_open_to_intake and department_id in self.department_ids


Named = TypeVar("Named", Country, Department, KpiType)


@attrs.frozen(kw_only=True)
class Directory:
    """Everything in it, by id. `version` counts its changes; 0 is a directory never stored.

    References are not checked here: `directory_file` reads no other than whole directories, and the
    SQL stores hold them by foreign keys.
    """

    version: int = 0
    calendars: Mapping[UUID, Calendar] = attrs.field(factory=dict)
    countries: Mapping[UUID, Country] = attrs.field(factory=dict)
    departments: Mapping[UUID, Department] = attrs.field(factory=dict)
    agents: Mapping[UUID, Agent] = attrs.field(factory=dict)
    kpi_groups: Mapping[UUID, KpiGroup] = attrs.field(factory=dict)
    kpi_types: Mapping[UUID, KpiType] = attrs.field(factory=dict)
    notice_rules: tuple[NoticeRule, ...] = ()
    sla_policies: Mapping[UUID, SlaPolicy] = attrs.field(factory=dict)

    @property
    def has_whole_policies(self) -> bool:
        """True when every department and every calendar that a policy refers to is in it."""
        policies = self.sla_policies.values()
        calendars = {target.calendar_id for it in policies for target in it.targets} - {None}
        departments = {department_id for it in policies for department_id in it.department_ids}
        return calendars <= self.calendars.keys() and departments <= self.departments.keys()

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """Room for what others work out of this directory again and again; theirs to fill."""
        return {}

    @cached_property
    def agents_by_address(self) -> Mapping[str, Agent]:
        """Agents by their folded address."""
        return {fold(agent.email): agent for agent in self.agents.values()}

    def agent_at(self, email: str) -> Agent | None:
        """The agent of an address, without regard to case."""
        return self.agents_by_address.get(fold(email))

    def department_named(self, text: str) -> Department | None:
        """The department that a text names: by its id, its key, or its name whatever the case.

        Of several of one name none is meant.
        """
        return _named(self.departments, text)

    def country_named(self, text: str) -> Country | None:
        """The country that a text names, as `department_named` reads it."""
        return _named(self.countries, text)

    def kpi_type_named(self, text: str) -> KpiType | None:
        """The KPI type that a text names, as `department_named` reads it."""
        return _named(self.kpi_types, text)

    def calendar_of(self, department_id: UUID | None) -> Calendar | None:
        """The calendar a department works by; None when it works round the clock.

        Where no department was chosen yet, every hour counts too.
        """
        department = self.departments.get(department_id) if department_id else None
        if department is None or department.calendar_id is None:
            return None
        return self.calendars[department.calendar_id]

    def country_of(self, department: Department) -> Country:
        """The country of a department."""
        return self.countries[department.country_id]

    def members_of(self, department_id: UUID) -> tuple[Agent, ...]:
        """The active members of a department, by name, then id."""
        members = (agent for agent in self.agents.values() if agent.works_in(department_id))
        return tuple(sorted(members, key=lambda agent: (fold(agent.name), agent.id)))

    def kpi_types_for(self, department_id: UUID) -> tuple[KpiType, ...]:
        """What the public may choose for a department, by display order, name, id.

        Calculated types are left out: nobody enters them.
        """
        return in_order(
            kpi
            for kpi in self.kpi_types.values()
            if kpi.is_available_to(department_id) and not kpi.is_calculated
        )


def _named(among: Mapping[UUID, Named], text: str) -> Named | None:
    wanted = fold(text)
    by_id = (it for it in among.values() if str(it.id) == wanted)
    by_key = (it for it in among.values() if fold(it.key) == wanted)
    named = [it for it in among.values() if fold(it.name) == wanted]
    found = next(by_id, None) or next(by_key, None)
    return found or (named[0] if len(named) == 1 else None)


def in_order(kpi_types: Iterable[KpiType]) -> tuple[KpiType, ...]:
    """KPI types as they are listed: by display order, name, id."""
    return tuple(sorted(kpi_types, key=lambda kpi: (kpi.display_order, fold(kpi.name), kpi.id)))
