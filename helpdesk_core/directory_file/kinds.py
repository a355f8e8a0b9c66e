"""The kinds of objects in a directory, each with its list in the file and its fields."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias
from uuid import UUID

import attrs

from helpdesk_core.addressees import LANGUAGES
from helpdesk_core.calendars import Calendar
from helpdesk_core.directory import (
    UPTIME,
    Agent,
    Country,
    Department,
    Directory,
    FieldKind,
    KpiGroup,
    KpiType,
    MetricField,
    Scalar,
)
from helpdesk_core.directory_file.faults import Place, Reader
from helpdesk_core.directory_file.hours import (
    holiday,
    opening,
    windows,
    written_holidays,
    written_openings,
    written_windows,
    zone,
)
from helpdesk_core.directory_file.promises import (
    check_policy,
    target,
    words_of,
    written_targets,
    written_words,
)
from helpdesk_core.directory_file.records import (
    Field,
    Got,
    always,
    its_value,
    read_fields,
    written_fields,
)
from helpdesk_core.directory_file.values import (
    NO_ID,
    address,
    flag,
    identifier,
    is_number,
    key_among,
    line,
    listed,
    number,
    one_of,
    parameters,
    phone,
    slug,
    whole_number,
)
from helpdesk_core.kinds import Door
from helpdesk_core.kpi.rules import Needed, Rule, Rules
from helpdesk_core.kpi.submit import minutes_of
from helpdesk_core.people import Role
from helpdesk_core.sla_rules import SlaPolicy
from helpdesk_core.support import CustomerType, Urgency

Entry: TypeAlias = Calendar | Country | Department | Agent | KpiGroup | KpiType | SlaPolicy

STAFF_ROLES: Final = {role.value: role for role in Role if role is not Role.CUSTOMER}
_NAME: Final = line(200)
_SHORT: Final = line(20)


def _as_they_are(got: Got, _: Place) -> Got:
    """Fields that are right one by one are right together."""
    return got


@attrs.frozen(kw_only=True)
class Kind:
    """A kind of object: `section` is its list in the file, `attribute` its place in the directory.

    `check` notes what is wrong between the fields of one object, and answers with fields of which
    one can be made.
    """

    noun: str
    section: str
    attribute: str
    make: Callable[..., Entry]
    fields: tuple[Field, ...]
    key: str = "key"
    read_key: Reader[str] = slug
    check: Callable[[Got, Place], Got] = _as_they_are

    def entries(self, directory: Directory) -> Mapping[UUID, Entry]:
        """Those of a directory, by id."""
        entries: Mapping[UUID, Entry] = getattr(directory, self.attribute)
        return entries

    def key_of(self, entry: Entry) -> str:
        """The key of one of them, as it is spelled."""
        key: str = getattr(entry, self.key)
        return key


def _reference(word: str, attribute: str, target: Kind, **more: Any) -> Field:  # noqa: ANN401
    def write(entry_id: UUID | None, directory: Directory) -> object:
        return target.key_of(target.entries(directory)[entry_id]) if entry_id else None

    return Field(word, attribute, key_among(target.section, target.noun), write=write, **more)


def _departments() -> Field:
    read_all = listed(key_among(DEPARTMENTS.section, DEPARTMENTS.noun))

    def read(value: object, place: Place) -> frozenset[UUID]:
        return frozenset(read_all(value, place))

    def write(ids: frozenset[UUID], directory: Directory) -> object:
        return sorted(directory.departments[entry_id].key for entry_id in ids)

    return Field("departments", "department_ids", read, always(frozenset()), write)


_METRIC: Final = (
    Field("key", "key", identifier),
    Field("label", "label", _NAME),
    Field("kind", "kind", one_of({kind.value: kind for kind in FieldKind}), write=its_value),
    Field("required", "required", flag, always(value=True)),
    Field("minimum", "minimum", number, always(None)),
    Field("maximum", "maximum", number, always(None)),
)


def _metric(value: object, place: Place) -> MetricField:
    metric = MetricField(**read_fields(_METRIC, value, place))
    if (
        metric.minimum is not None
        and metric.maximum is not None
        and metric.minimum > metric.maximum
    ):
        place.field("maximum").wrong("it must not be below the minimum")
    return metric


def _metric_schema(value: object, place: Place) -> tuple[MetricField, ...]:
    schema = listed(_metric)(value, place)
    seen: set[str] = set()
    for n, metric in enumerate(schema):
        if metric.key in seen:
            place.item(n).field("key").wrong("another field of the schema has this key")
        seen.add(metric.key)
    return schema


def _written_metric_schema(schema: tuple[MetricField, ...], directory: Directory) -> object:
    return [written_fields(_METRIC, metric, directory) for metric in schema]


def _written_table(held: Mapping[str, object], _: Directory) -> object:
    return dict(held)


def _check_calendar(got: Got, place: Place) -> Got:
    try:
        _ = Calendar(id=NO_ID, key="", **got)
    except ValueError:
        place.field("holidays").wrong("they must not close every day of every year")
        return {**got, "holidays": ()}
    return got


def _check_agent(got: Got, place: Place) -> Got:
    if got["wants_sms"] and got["phone"] is None:
        place.field("sms").wrong("it needs a phone")
    return got


COUNTRIES: Final = Kind(
    noun="country",
    section="countries",
    attribute="countries",
    make=Country,
    fields=(Field("name", "name", _NAME), Field("abbreviation", "abbreviation", _SHORT)),
)
CALENDARS: Final = Kind(
    noun="calendar",
    section="calendars",
    attribute="calendars",
    make=Calendar,
    fields=(
        Field("name", "name", _NAME),
        Field("zone", "zone", zone),
        Field("windows", "windows", windows, write=written_windows),
        Field("holidays", "holidays", listed(holiday), always(()), written_holidays),
        Field("openings", "openings", listed(opening), always(()), written_openings),
    ),
    check=_check_calendar,
)
DEPARTMENTS: Final = Kind(
    noun="department",
    section="departments",
    attribute="departments",
    make=Department,
    fields=(
        Field("name", "name", _NAME),
        Field("abbreviation", "abbreviation", _SHORT),
        _reference("country", "country_id", COUNTRIES),
        _reference("calendar", "calendar_id", CALENDARS, default=always(None)),
    ),
)
AGENTS: Final = Kind(
    noun="agent",
    section="agents",
    attribute="agents",
    make=Agent,
    key="email",
    read_key=address,
    fields=(
        Field("name", "name", _NAME),
        Field("role", "role", one_of(STAFF_ROLES), always(Role.AGENT), its_value),
        _departments(),
        Field("active", "is_active", flag, always(value=True)),
        Field("mail", "wants_mail", flag, always(value=True)),
        Field("phone", "phone", phone, always(None)),
        Field("sms", "wants_sms", flag, always(value=False)),
        Field("language", "language", one_of({it: it for it in LANGUAGES}), always(None)),
    ),
    check=_check_agent,
)
KPI_GROUPS: Final = Kind(
    noun="KPI group",
    section="kpiGroups",
    attribute="kpi_groups",
    make=KpiGroup,
    fields=(
        Field("name", "name", _NAME),
        Field("contributesToUptime", "contributes_to_uptime", flag, always(value=False)),
    ),
)

POLICIES: Final = Kind(
    noun="policy",
    section="policies",
    attribute="sla_policies",
    make=SlaPolicy,
    fields=(
        Field("name", "name", _NAME),
        Field("door", "door", one_of({it.value: it for it in Door}), always(None), its_value),
        _departments(),
        Field("urgencies", "urgencies", words_of(Urgency), always(frozenset()), written_words),
        Field(
            "customerTypes",
            "customer_types",
            words_of(CustomerType),
            always(frozenset()),
            written_words,
        ),
        Field("targets", "targets", listed(target), write=written_targets),
    ),
    check=check_policy,
)


def kinds_of(rules: Rules) -> tuple[Kind, ...]:
    """In the order in which a file has them: what others refer to comes first.

    A KPI type's rule is one of the registry's.
    """
    kpi_types = _kpi_types(rules)
    return (COUNTRIES, CALENDARS, DEPARTMENTS, AGENTS, KPI_GROUPS, kpi_types, POLICIES)


def _check_parameters(rule: Rule, given: Mapping[str, Scalar], place: Place) -> None:
    for name in rule.required:
        value = given.get(name)
        if not is_number(value) or value <= 0:
            place.field(name).wrong(f"the rule {rule.word} needs a number above 0 here")
    for name, needed in rule.optional.items():
        if name in given and not _IS[needed](given[name]):
            place.field(name).wrong(f"the rule {rule.word} needs {needed.value} here")


_IS: Final[Mapping[Needed, Callable[[Scalar], bool]]] = {
    Needed.NUMBER: is_number,
    Needed.TIME: lambda value: minutes_of(value) is not None,
}


def _kpi_types(rules: Rules) -> Kind:
    def usual_schema(got: Got) -> object:
        return rules[got["rule"]].schema if got["rule"] in rules else ()

    def check(got: Got, place: Place) -> Got:
        if got["rule"] == UPTIME and got["is_open_to_intake"]:
            place.field("intake").wrong("a calculated KPI type cannot be open to intake")
        _check_parameters(rules[got["rule"]], got["parameters"], place.field("parameters"))
        return got

    return Kind(
        noun="KPI type",
        section="kpiTypes",
        attribute="kpi_types",
        make=KpiType,
        fields=(
            Field("name", "name", _NAME),
            _reference("group", "group_id", KPI_GROUPS),
            Field("rule", "rule", one_of({rule.word: rule.word for rule in rules})),
            Field("formula", "formula", _NAME, lambda got: got["rule"]),
            Field(
                "metricSchema",
                "metric_schema",
                _metric_schema,
                usual_schema,
                _written_metric_schema,
            ),
            Field("parameters", "parameters", parameters, always({}), _written_table),
            Field("subGroup", "sub_group", _NAME, always(None)),
            Field("displayOrder", "display_order", whole_number, always(0)),
            Field("intake", "is_open_to_intake", flag, lambda got: got["rule"] != UPTIME),
            _departments(),
        ),
        check=check,
    )
