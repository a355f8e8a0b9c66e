"""Whole directories, drawn with Hypothesis."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from helpdesk_core.addressees import LANGUAGES
from helpdesk_core.calendars import Calendar, Holiday, Opening, Window
from helpdesk_core.directory import (
    Agent,
    Country,
    Department,
    Directory,
    KpiGroup,
    KpiType,
    MetricField,
)
from helpdesk_core.kinds import Door, EventKind, Metric, Status
from helpdesk_core.routing import AMONG_STAFF, REACHED_BY, Audience, Channel, NoticeRule
from helpdesk_core.sla_rules import Clock, SlaPolicy, SlaTarget, WarnAt
from helpdesk_core.support import Urgency
from helpdesk_core.testing.directories import an_id
from helpdesk_core.testing.strategies import scalars, storable_text

Record = TypeVar("Record", Calendar, Country, Department, Agent, KpiGroup, KpiType)

_ZONES: Final = ("UTC", "Asia/Jakarta", "Europe/Berlin", "America/St_Johns")


@st.composite
def directories(draw: DrawFn) -> Directory:
    """Directories whose references hold and whose keys and addresses differ; version 1."""
    calendars = draw(_some(_calendars, first=100))
    countries = draw(_some(_countries, first=200))
    departments = (
        draw(_some(lambda number: _departments(number, countries, calendars), first=300))
        if countries
        else {}
    )
    groups = draw(_some(_kpi_groups, first=500))
    return Directory(
        version=1,
        calendars=calendars,
        countries=countries,
        departments=departments,
        agents=draw(_some(lambda number: _agents(number, departments), first=400)),
        kpi_groups=groups,
        kpi_types=draw(_some(lambda number: _kpi_types(number, departments, groups), first=600))
        if groups
        else {},
        notice_rules=draw(notice_rules()),
        sla_policies=draw(_at_most_one(sla_policies(700, departments, calendars))),
    )


def sla_policies(
    number: int, departments: dict[UUID, Department], calendars: dict[UUID, Calendar]
) -> SearchStrategy[SlaPolicy]:
    """Policies of that number, which may be each other's rivals."""
    return st.builds(
        SlaPolicy,
        id=st.just(an_id(number)),
        key=st.just(f"key-{number}"),
        name=storable_text(),
        targets=st.lists(
            _sla_targets(calendars), min_size=1, max_size=2, unique_by=lambda it: it.metric
        ).map(tuple),
        door=st.none() | st.sampled_from(Door),
        department_ids=_subsets(departments),
        urgencies=...,
        customer_types=...,
    )


def _sla_targets(calendars: dict[UUID, Calendar]) -> SearchStrategy[SlaTarget]:
    """Targets of whole seconds, on any clock."""
    named = [(Clock.CALENDAR, calendar_id) for calendar_id in calendars]
    percents = st.integers(50, 99).map(lambda percent: WarnAt(percent=percent))
    left = st.just(WarnAt(left=timedelta(seconds=1)))
    kinds = st.frozensets(st.sampled_from(EventKind), max_size=2)
    return st.builds(
        lambda clock, **fields: SlaTarget(clock=clock[0], calendar_id=clock[1], **fields),
        clock=st.sampled_from([(Clock.WALL, None), (Clock.DEPARTMENT, None), *named]),
        metric=st.sampled_from([it for it in Metric if it is not Metric.RESOLUTION]),
        amount=st.integers(2, 10**7).map(lambda seconds: timedelta(seconds=seconds)),
        starts=kinds,
        stops=kinds,
        pauses=st.frozensets(st.sampled_from((Status.OPEN, Status.IN_PROGRESS, Status.WAITING))),
        warn_at=st.lists(percents | left, max_size=2).map(tuple),
    )


def _at_most_one(drawn: SearchStrategy[SlaPolicy]) -> SearchStrategy[dict[UUID, SlaPolicy]]:
    return st.just({}) | drawn.map(lambda policy: {policy.id: policy})


def notice_rules() -> SearchStrategy[tuple[NoticeRule, ...]]:
    """A few rules for different cells of the notices' table, in the order of these."""
    rules = st.lists(_notice_rules(), max_size=3, unique_by=_cell)
    return rules.map(lambda drawn: tuple(sorted(drawn, key=lambda rule: str(_cell(rule)))))


@st.composite
def _notice_rules(draw: DrawFn) -> NoticeRule:
    door, audience = draw(st.sampled_from(Door)), draw(st.sampled_from(Audience))
    internal = AMONG_STAFF if audience is Audience.CUSTOMER else frozenset()
    is_sent = draw(st.booleans())
    may_choose = is_sent and door is Door.SUPPORT
    return NoticeRule(
        door=door,
        event=draw(st.sampled_from([kind for kind in EventKind if kind not in internal])),
        audience=audience,
        channel=draw(st.sampled_from(sorted(REACHED_BY[audience], key=lambda it: it.value))),
        is_sent=is_sent,
        urgencies=draw(st.frozensets(st.sampled_from(Urgency))) if may_choose else frozenset(),
    )


def _cell(rule: NoticeRule) -> tuple[Door, EventKind, Audience, Channel]:
    return rule.door, rule.event, rule.audience, rule.channel


@st.composite
def _some(
    draw: DrawFn, numbered: Callable[[int], SearchStrategy[Record]], *, first: int
) -> dict[UUID, Record]:
    """A few records, each with an id, a key and an address of its own number."""
    numbers = range(first, first + draw(st.integers(0, 3)))
    return {an_id(number): draw(numbered(number)) for number in numbers}


def _calendars(number: int) -> SearchStrategy[Calendar]:
    minutes = st.integers(0, 1439)
    windows = st.builds(Window, st.integers(0, 6), minutes, minutes | st.just(1440))
    days = st.dates(date(1970, 1, 1), date(2199, 12, 31))
    names = storable_text(max_size=50)
    holidays = _parts(days).flatmap(
        lambda part: st.builds(
            Holiday,
            on=st.just(part[0]),
            name=names,
            yearly=st.booleans(),
            begins=st.just(part[1]),
            ends=st.just(part[2]),
        )
    )
    openings = _parts(days).flatmap(
        lambda part: st.builds(Opening, st.just(part[0]), names, st.just(part[1]), st.just(part[2]))
    )
    return st.builds(
        Calendar,
        id=st.just(an_id(number)),
        key=st.just(f"key-{number}"),
        name=storable_text(),
        zone=st.sampled_from(_ZONES),
        windows=st.lists(windows, min_size=1, max_size=8),
        holidays=st.lists(holidays, max_size=3, unique_by=lambda holiday: holiday.on),
        openings=st.lists(openings, max_size=2, unique_by=lambda opening: opening.on),
    )


def _parts(days: SearchStrategy[date]) -> SearchStrategy[tuple[date, int, int]]:
    """A day, and minutes of it: the whole day as often as any part."""
    part = st.tuples(st.integers(0, 719), st.integers(720, 1440))
    return st.tuples(days, st.just((0, 1440)) | part).map(lambda it: (it[0], *it[1]))


def _countries(number: int) -> SearchStrategy[Country]:
    return st.builds(
        Country,
        id=st.just(an_id(number)),
        key=st.just(f"key-{number}"),
        name=storable_text(),
        abbreviation=storable_text(max_size=20),
    )


def _departments(
    number: int, countries: dict[UUID, Country], calendars: dict[UUID, Calendar]
) -> SearchStrategy[Department]:
    return st.builds(
        Department,
        id=st.just(an_id(number)),
        key=st.just(f"key-{number}"),
        name=storable_text(),
        abbreviation=storable_text(max_size=20),
        country_id=st.sampled_from(sorted(countries)),
        calendar_id=st.sampled_from([None, *calendars]),
    )


def _agents(number: int, departments: dict[UUID, Department]) -> SearchStrategy[Agent]:
    return st.builds(
        Agent,
        id=st.just(an_id(number)),
        name=storable_text(),
        email=st.just(f"agent{number}@example.com"),
        role=...,
        department_ids=_subsets(departments),
        is_active=...,
        wants_mail=...,
        phone=st.none() | st.just(f"+49{number:07}"),
        wants_sms=...,
        language=st.none() | st.sampled_from(LANGUAGES),
    )


def _kpi_groups(number: int) -> SearchStrategy[KpiGroup]:
    return st.builds(
        KpiGroup,
        id=st.just(an_id(number)),
        key=st.just(f"key-{number}"),
        name=storable_text(),
        contributes_to_uptime=...,
    )


def _kpi_types(
    number: int, departments: dict[UUID, Department], groups: dict[UUID, KpiGroup]
) -> SearchStrategy[KpiType]:
    return st.builds(
        KpiType,
        id=st.just(an_id(number)),
        key=st.just(f"key-{number}"),
        name=storable_text(),
        group_id=st.sampled_from(sorted(groups)),
        rule=storable_text(max_size=50),
        formula=storable_text(max_size=50),
        metric_schema=st.lists(_metric_fields(), max_size=3, unique_by=lambda field: field.key).map(
            tuple
        ),
        parameters=st.dictionaries(storable_text(max_size=30), scalars(), max_size=3),
        sub_group=st.none() | storable_text(max_size=50),
        display_order=st.integers(-1000, 1000),
        is_open_to_intake=...,
        department_ids=_subsets(departments),
    )


def _metric_fields() -> SearchStrategy[MetricField]:
    bounds = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    return st.builds(
        MetricField,
        key=storable_text(max_size=30),
        label=storable_text(max_size=50),
        required=...,
        minimum=bounds,
        maximum=bounds,
    )


def _subsets(departments: dict[UUID, Department]) -> SearchStrategy[frozenset[UUID]]:
    return (
        st.frozensets(st.sampled_from(sorted(departments))) if departments else st.just(frozenset())
    )
