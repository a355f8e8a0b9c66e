"""The directory as a file: what reads back, what is refused and where, what changed."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_core.calendars import Calendar, Holiday, Opening, Window
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
from helpdesk_core.directory_file import differences, merged, written
from helpdesk_core.errors import InvalidDirectory
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.people import Role
from helpdesk_core.testing.drawn_directories import notice_rules
from helpdesk_core.text import fold

Json: TypeAlias = Any
"""Any value that a file can hold."""
Document = dict[str, Any]

OTHER = "99999999-9999-4999-8999-999999999999"
OFFICE = {"key": "office", "name": "Office", "zone": "Asia/Jakarta"}
OFFICE_DAYS = {"windows": {"monday": ["08:00-12:00", "13:00-17:00"]}}


def a_document() -> Document:
    """One object of each kind, nothing wrong with any."""
    return {
        "countries": [{"key": "id", "name": "Indonesia", "abbreviation": "ID"}],
        "calendars": [{**OFFICE, **OFFICE_DAYS}],
        "departments": [
            {
                "key": "it",
                "name": "Information Technology",
                "abbreviation": "IT",
                "country": "id",
                "calendar": "office",
            }
        ],
        "agents": [{"email": "ani@example.com", "name": "Ani", "departments": ["it"]}],
        "kpiGroups": [{"key": "request", "name": "Request"}],
        "kpiTypes": [
            {
                "key": "ad-hoc",
                "name": "Ad Hoc",
                "group": "request",
                "rule": "rr",
                "parameters": {"responseSlaMin": 30, "resolutionSlaMin": 480},
                "departments": ["it"],
            }
        ],
    }


def a_directory() -> Directory:
    return merged(a_document(), Directory())


Thing = TypeVar("Thing")


def only(things: Mapping[UUID, Thing]) -> Thing:
    (thing,) = things.values()
    return thing


def outcome(document: Json, held: Directory) -> Directory | InvalidDirectory:
    """What comes of reading a document: a directory, or the refusal."""
    try:
        return merged(document, held)
    except InvalidDirectory as refusal:
        return refusal


def faults_of(document: Json, held: Directory | None = None) -> Mapping[str, str]:
    with pytest.raises(InvalidDirectory) as refused:
        merged(document, held or Directory())
    return refused.value.details


# Directories of any content

keys = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}", fullmatch=True)
lines = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=200)
emails = st.from_regex(r"[A-Za-z0-9ÄßİΣ]{1,8}@[a-z]{1,5}\.example", fullmatch=True)
numbers = st.integers(-(2**31) + 1, 2**31 - 1) | st.floats(-1e9, 1e9)
scalars = lines | st.booleans() | numbers
windows = st.builds(Window, st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440))
parts = st.just((0, 1440)) | st.tuples(st.integers(0, 719), st.integers(720, 1440))
holidays = st.builds(
    lambda on, name, yearly, part: Holiday(on, name, yearly, *part),
    st.dates(),
    lines,
    st.booleans(),
    parts,
)
openings = st.builds(lambda on, name, part: Opening(on, name, *part), st.dates(), lines, parts)


@st.composite
def metric_fields(draw: st.DrawFn) -> MetricField:
    low, high = sorted((draw(numbers), draw(numbers)))
    return MetricField(
        key=draw(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,9}", fullmatch=True)),
        label=draw(lines),
        kind=draw(st.sampled_from(FieldKind)),
        required=draw(st.booleans()),
        minimum=draw(st.sampled_from([None, low])),
        maximum=draw(st.sampled_from([None, high])),
    )


PHONES: list[dict[str, Any]] = [
    {},
    {"phone": "+1234567"},
    {"phone": "+123456789012345", "wants_sms": True},
]
Make = Callable[..., Any]


def some(draw: st.DrawFn, make: Make, named: st.SearchStrategy[str], key: str) -> dict[UUID, Any]:
    """Up to three objects that `make` makes, each with an id and a key of its own."""
    chosen = draw(st.dictionaries(st.uuids(), named, max_size=3))
    made = {it: make(id=it, **{key: name}) for it, name in chosen.items()}
    firsts = {fold(name): it for it, name in chosen.items()}
    return {it: made[it] for it in firsts.values()}


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    def among(things: Mapping[UUID, Any]) -> frozenset[UUID]:
        return frozenset(
            draw(st.sets(st.sampled_from(sorted(things)), max_size=2)) if things else ()
        )

    def calendar(**of: Json) -> Calendar:
        return Calendar(
            **of,
            name=draw(lines),
            zone=draw(st.sampled_from(["UTC", "Asia/Jakarta", "Europe/Berlin"])),
            windows=draw(st.lists(windows, min_size=1, max_size=4).map(tuple)),
            holidays=draw(st.lists(holidays, max_size=2).map(tuple)),
            openings=draw(st.lists(openings, max_size=2).map(tuple)),
        )

    def country(**of: Json) -> Country:
        return Country(**of, name=draw(lines), abbreviation=draw(lines)[:20])

    def department(**of: Json) -> Department:
        return Department(
            **of,
            name=draw(lines),
            abbreviation="D",
            country_id=draw(st.sampled_from(sorted(countries))),
            calendar_id=draw(st.sampled_from([None, *sorted(calendars)])),
        )

    def agent(**of: Json) -> Agent:
        return Agent(
            **of,
            name=draw(lines),
            role=draw(st.sampled_from([Role.AGENT, Role.MANAGEMENT, Role.ADMIN])),
            department_ids=among(departments),
            is_active=draw(st.booleans()),
            wants_mail=draw(st.booleans()),
            language=draw(st.sampled_from([None, "en", "id"])),
            **draw(st.sampled_from(PHONES)),
        )

    def group(**of: Json) -> KpiGroup:
        return KpiGroup(**of, name=draw(lines), contributes_to_uptime=draw(st.booleans()))

    def kpi_type(**of: Json) -> KpiType:
        rule = draw(st.sampled_from([rule.word for rule in CONTRACT_RULES]))
        needed = {"responseSlaMin": 0.5, "resolutionSlaMin": 480} if rule == "rr" else {}
        more = draw(st.dictionaries(st.sampled_from(["note", "limit"]), scalars))
        more |= draw(st.fixed_dictionaries({}, optional={"target": st.sampled_from([0, 99.5])}))
        more |= draw(st.fixed_dictionaries({}, optional={"cutOff": st.just("17:00")}))
        schema = draw(st.lists(metric_fields(), max_size=2, unique_by=lambda it: it.key))
        return KpiType(
            **of,
            name=draw(lines),
            group_id=draw(st.sampled_from(sorted(groups))),
            rule=rule,
            formula=draw(st.sampled_from([rule, "median"])),
            metric_schema=tuple(schema),
            parameters={**needed, **more},
            sub_group=draw(st.none() | lines),
            display_order=draw(st.integers(-5, 5)),
            is_open_to_intake=draw(st.booleans()) and rule != "uptime",
            department_ids=among(departments),
        )

    countries = some(draw, country, keys, "key")
    calendars = some(draw, calendar, keys, "key")
    departments = some(draw, department, keys, "key") if countries else {}
    groups = some(draw, group, keys, "key")
    return Directory(
        version=draw(st.integers(0, 9)),
        countries=countries,
        calendars=calendars,
        departments=departments,
        agents=some(draw, agent, emails, "email"),
        kpi_groups=groups,
        kpi_types=some(draw, kpi_type, keys, "key") if groups else {},
        notice_rules=draw(notice_rules()),
    )


laws = settings(max_examples=30, deadline=None)


@laws
@given(directories())
def test_what_is_written_reads_back_as_the_same_directory(directory: Directory) -> None:
    assert directory == attrs.evolve(
        merged(written(directory), Directory()), version=directory.version
    )


@laws
@given(directories())
def test_loading_what_was_dumped_changes_nothing(directory: Directory) -> None:
    assert directory == merged(written(directory), directory)


@laws
@given(directories())
def test_what_is_written_is_json(directory: Directory) -> None:
    document = written(directory)

    assert document == json.loads(json.dumps(document, allow_nan=False))


@settings(max_examples=10, deadline=None)
@given(directories(), directories())
def test_there_is_a_difference_exactly_where_the_contents_differ(
    one: Directory, other: Directory
) -> None:
    differ = one != attrs.evolve(other, version=one.version)

    assert differ == bool(differences(one, other))


@laws
@given(directories())
def test_a_directory_does_not_differ_from_itself(directory: Directory) -> None:
    assert () == differences(directory, attrs.evolve(directory, version=directory.version + 1))


# Anything at all

letters = st.text(st.characters(codec=None), max_size=8)
json_like: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.builds(lambda: 10**5000)
    | st.floats()
    | letters
    | st.dates()
    | st.datetimes()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(letters, inner, max_size=3),
    max_leaves=8,
)


@laws
@given(json_like)
def test_no_document_raises_anything_but_its_own_refusal(document: Json) -> None:
    assert isinstance(outcome(document, Directory()), Directory | InvalidDirectory)


Path = tuple[Any, ...]


def paths(document: Json) -> list[Path]:
    """The way to every value within a document."""
    if isinstance(document, dict):
        steps = list(document.items())
    elif isinstance(document, list):
        steps = list(enumerate(document))
    else:
        steps = []
    return [
        way for step, value in steps for way in [(step,), *((step, *on) for on in paths(value))]
    ]


def with_value(document: Document, path: Path, value: Json) -> Document:
    """A copy with another value at the end of a path."""
    changed = deepcopy(document)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


@laws
@given(st.sampled_from(paths(a_document())), json_like)
def test_no_value_in_any_place_raises_anything_but_a_refusal_that_names_places(
    path: Path, value: Json
) -> None:
    document = with_value(a_document(), path, value)
    read = outcome(document, a_directory())
    places = read.details if isinstance(read, InvalidDirectory) else {}

    assert {place.partition(".")[0].partition("[")[0] for place in places} <= {*document}


# What is refused, and where

DUPLICATE = "it is the key of countries[0] already"
NO_SUCH_PART = (
    "the file has no such part; it has countries, calendars, departments, agents, "
    "kpiGroups, kpiTypes, policies, notices"
)
NOT_A_SLUG = "it must be 1 to 64 of a-z, 0-9, '-', '_', '.', and begin with a letter or digit"
NOT_HOURS = "it must be hours such as 08:00-12:00; 24:00 is midnight at the end of the day"
WEEKDAYS = "it must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday"
KPI = ("kpiTypes", 0)


@pytest.mark.parametrize(
    ("path", "value", "place", "fault"),
    [
        (("agents",), {}, "agents", "it must be a list"),
        (("agents", 0), "ani", "agents[0]", "it must be a table"),
        (("kpiTypes", 0, "key"), None, "kpiTypes[0].key", "it is missing"),
        (("kpiTypes", 0, "key"), "ID", "kpiTypes[0].key", NOT_A_SLUG),
        (("kpiTypes", 0, "key"), "x" * 65, "kpiTypes[0].key", NOT_A_SLUG),
        (("countries", 0, "id"), "7", "countries[0].id", "it must be a UUID"),
        (("countries", 0, "name"), None, "countries[0].name", "it is missing"),
        (("countries", 0, "name"), 5, "countries[0].name", "it must be text"),
        (("countries", 0, "name"), " ", "countries[0].name", "it is required"),
        (
            ("countries", 0, "name"),
            "x" * 201,
            "countries[0].name",
            "it must be 200 characters or fewer",
        ),
        (("countries", 0, "name"), "a\nb", "countries[0].name", "it must be one line of text"),
        (
            ("countries", 0, "name"),
            "a\ud800",
            "countries[0].name",
            "it contains characters that cannot be stored",
        ),
        (("countries", 0, "nmae"), "X", "countries[0].nmae", "there is no such field"),
        (("countries", 0, "a.b"), "X", 'countries[0]."a.b"', "there is no such field"),
        (
            ("slaPolicies",),
            [],
            "slaPolicies",
            NO_SUCH_PART,
        ),
        (
            ("departments", 0, "country"),
            "xx",
            "departments[0].country",
            "no country has the key 'xx'",
        ),
        (
            ("departments", 0, "country"),
            1,
            "departments[0].country",
            "it must be the key of a country",
        ),
        (
            ("departments", 0, "calendar"),
            "xx",
            "departments[0].calendar",
            "no calendar has the key 'xx'",
        ),
        (
            ("calendars", 0, "holidays"),
            ["2026-01-01"],
            "calendars[0].holidays[0]",
            "it must be a table",
        ),
        (
            ("calendars", 0, "holidays"),
            [{"on": "2026-01-01", "name": "Eve", "hours": "22:00-06:00"}],
            "calendars[0].holidays[0].hours",
            "it must end later than it begins, on the same day",
        ),
        (
            ("calendars", 0, "openings"),
            [{"on": "2026-01-03", "name": "Stock-taking"}],
            "calendars[0].openings[0].hours",
            "it is missing",
        ),
        (("agents", 0, "email"), None, "agents[0].email", "it is missing"),
        (("agents", 0, "email"), "ani", "agents[0].email", "it must be an e-mail address"),
        (
            ("agents", 0, "role"),
            "customer",
            "agents[0].role",
            "it must be one of agent, management, admin",
        ),
        (("agents", 0, "active"), "false", "agents[0].active", "it must be true or false"),
        (("agents", 0, "mail"), 1, "agents[0].mail", "it must be true or false"),
        (
            ("agents", 0, "departments"),
            ["it", "xx"],
            "agents[0].departments[1]",
            "no department has the key 'xx'",
        ),
        (("kpiTypes", 0, "group"), "xx", "kpiTypes[0].group", "no KPI group has the key 'xx'"),
        (
            ("kpiTypes", 0, "rule"),
            "RR",
            "kpiTypes[0].rule",
            "it must be one of rr, submit, project, accuracy, acr, ic, uptime",
        ),
        (
            ("kpiTypes", 0, "displayOrder"),
            1.5,
            "kpiTypes[0].displayOrder",
            "it must be a whole number between -2147483647 and 2147483647",
        ),
        (
            ("kpiTypes", 0, "parameters", "target"),
            float("nan"),
            "kpiTypes[0].parameters.target",
            "it must be a number between -2147483647 and 2147483647",
        ),
        (
            ("kpiTypes", 0, "parameters", "target"),
            [],
            "kpiTypes[0].parameters.target",
            "it must be text, a number, true or false",
        ),
        (
            ("kpiTypes", 0, "parameters", "2nd target"),
            1,
            'kpiTypes[0].parameters."2nd target"',
            "it must be 1 to 64 of a-z, A-Z, 0-9, '_', and begin with a letter",
        ),
        (
            ("kpiTypes", 0, "parameters", "responseSlaMin"),
            0,
            "kpiTypes[0].parameters.responseSlaMin",
            "the rule rr needs a number above 0 here",
        ),
        (
            ("kpiTypes", 0, "parameters"),
            {"responseSlaMin": 30},
            "kpiTypes[0].parameters.resolutionSlaMin",
            "the rule rr needs a number above 0 here",
        ),
        (
            ("kpiTypes", 0, "parameters", "responseSlaMin"),
            True,
            "kpiTypes[0].parameters.responseSlaMin",
            "the rule rr needs a number above 0 here",
        ),
        (
            ("kpiTypes", 0, "parameters", "target"),
            "98",
            "kpiTypes[0].parameters.target",
            "the rule rr needs a number here",
        ),
        (
            ("kpiTypes", 0),
            {
                "key": "daily",
                "name": "Daily",
                "group": "request",
                "rule": "submit",
                "parameters": {"cutOff": "5 pm"},
            },
            "kpiTypes[0].parameters.cutOff",
            "the rule submit needs a time of day such as 17:00 here",
        ),
        (
            ("kpiTypes", 0, "metricSchema"),
            [{"key": "a", "label": "A", "kind": "percent", "minimum": 2, "maximum": 1}],
            "kpiTypes[0].metricSchema[0].maximum",
            "it must not be below the minimum",
        ),
        (
            ("kpiTypes", 0, "metricSchema"),
            [
                {"key": "a", "label": "A", "kind": "text"},
                {"key": "a", "label": "B", "kind": "text"},
            ],
            "kpiTypes[0].metricSchema[1].key",
            "another field of the schema has this key",
        ),
        (
            ("calendars", 0, "zone"),
            "Asia/Atlantis",
            "calendars[0].zone",
            "there is no time zone 'Asia/Atlantis'",
        ),
        (
            ("calendars", 0, "windows"),
            {},
            "calendars[0].windows",
            "it must have hours on some day, else nobody would ever work",
        ),
        (("calendars", 0, "windows", "mon"), [], "calendars[0].windows.mon", WEEKDAYS),
        (
            ("calendars", 0, "windows", "monday"),
            ["08:00-12:00", "8-12"],
            "calendars[0].windows.monday[1]",
            NOT_HOURS,
        ),
        (
            ("calendars", 0, "windows", "monday"),
            ["24:00-08:00"],
            "calendars[0].windows.monday[0]",
            NOT_HOURS,
        ),
        (
            ("calendars", 0, "windows"),
            [{"days": ["monday", "freitag"], "hours": ["08:00-12:00"]}],
            "calendars[0].windows[0].days[1]",
            WEEKDAYS,
        ),
        (
            ("calendars", 0, "holidays"),
            [{"on": "2026-02-30", "name": "No day"}],
            "calendars[0].holidays[0].on",
            "it must be a date such as 2026-12-31",
        ),
        (
            ("calendars", 0, "holidays"),
            [{"on": datetime(2026, 1, 1), "name": "An instant"}],  # noqa: DTZ001  # as TOML gives it
            "calendars[0].holidays[0].on",
            "it must be a date such as 2026-12-31",
        ),
    ],
)
def test_a_fault_is_told_at_its_place_alone(
    path: Path, value: Json, place: str, fault: str
) -> None:
    assert {place: fault} == faults_of(with_value(a_document(), path, value))


def test_what_is_no_table_is_no_document() -> None:
    assert {"document": "it must be a table"} == faults_of([])


def test_a_name_that_is_no_text_is_refused_by_its_type() -> None:
    assert {"countries[0].int": "there is no such field"} == faults_of(
        with_value(a_document(), ("countries", 0, 7), "seven")
    )


def test_a_part_may_have_any_name_and_is_still_refused_by_it() -> None:
    assert ["message"] == list(faults_of({"message": []}))


def test_a_calculated_kpi_type_cannot_be_open_to_intake() -> None:
    document = a_document()
    document["kpiTypes"][0] |= {"rule": "uptime", "intake": True}

    assert {"kpiTypes[0].intake": "a calculated KPI type cannot be open to intake"} == faults_of(
        document
    )


def test_all_faults_are_told_and_the_first_is_in_the_sentence() -> None:
    document = a_document()
    document["departments"][0]["country"] = "xx"
    document["agents"][0]["name"] = ""
    with pytest.raises(InvalidDirectory) as refused:
        merged(document, Directory())

    assert (
        "The directory file is wrong at departments[0].country: no country has the key 'xx'",
        ["departments[0].country", "agents[0].name"],
    ) == (refused.value.message, list(refused.value.details))


def test_a_reference_to_an_object_with_a_fault_of_its_own_is_no_second_fault() -> None:
    document = with_value(a_document(), ("countries", 0, "name"), "")

    assert ["countries[0].name"] == list(faults_of(document))


@pytest.mark.parametrize(
    ("part", "more", "place", "fault"),
    [
        ("countries", {"key": "id"}, "countries[1].key", DUPLICATE),
        (
            "agents",
            {"email": "ANI@example.com"},
            "agents[1].email",
            "it is the key of agents[0] already",
        ),
    ],
)
def test_a_key_is_used_once(part: str, more: Document, place: str, fault: str) -> None:
    document = a_document()
    document[part].append({**document[part][0], **more})

    assert {place: fault} == faults_of(document)


def test_an_id_is_used_once() -> None:
    document = a_document()
    document["countries"][0]["id"] = OTHER
    document["countries"].append({**document["countries"][0], "key": "sg"})

    assert {"countries[1].id": "it is the id of countries[0] already"} == faults_of(document)


# What a good file does


def test_the_same_file_makes_the_same_ids_on_every_desk() -> None:
    assert UUID("5a290b78-99a3-5282-9dc1-1fbdc2b840fd") == only(a_directory().countries).id


def test_an_id_may_be_given() -> None:
    document = with_value(a_document(), ("countries", 0, "id"), OTHER)
    directory = merged(document, Directory())

    assert UUID(OTHER) == only(directory.departments).country_id


def test_a_key_that_is_held_keeps_its_id_unsaid() -> None:
    held = merged(with_value(a_document(), ("countries", 0, "id"), OTHER), Directory())

    assert held == merged(a_document(), held)


def test_a_key_that_is_held_cannot_get_another_id() -> None:
    document = with_value(a_document(), ("countries", 0, "id"), OTHER)
    fault = "the country 'id' has the id 5a290b78-99a3-5282-9dc1-1fbdc2b840fd, which never changes"

    assert {"countries[0].id": fault} == faults_of(document, a_directory())


def test_an_agent_found_by_id_may_change_the_address() -> None:
    held = a_directory()
    document = {
        "agents": [{"id": str(only(held.agents).id), "email": "ani.w@example.com", "name": "Ani W"}]
    }

    assert "ani.w@example.com" == only(merged(document, held).agents).email


def test_a_key_that_was_changed_is_known_no_longer() -> None:
    held = a_directory()
    document = a_document()
    document["countries"][0] |= {"id": str(only(held.countries).id), "key": "indonesia"}

    assert {"departments[0].country": "no country has the key 'id'"} == faults_of(document, held)


def test_a_key_that_was_changed_is_free_for_an_object_with_an_id_of_its_own() -> None:
    held = a_directory()
    country = {
        "id": str(only(held.countries).id),
        "key": "indonesia",
        "name": "I",
        "abbreviation": "I",
    }
    renamed = merged({"countries": [country]}, held)

    assert {
        "countries[0].key": "it was once the key of the country 'indonesia'; give an id as well"
    } == faults_of({"countries": a_document()["countries"]}, renamed)


def test_references_reach_what_is_held_already() -> None:
    held = a_directory()
    document = {"agents": [{"email": "budi@example.com", "name": "Budi", "departments": ["it"]}]}
    agent = merged(document, held).agent_at("budi@example.com")
    assert agent is not None

    assert frozenset(held.departments) == agent.department_ids


def test_what_a_file_does_not_mention_stays() -> None:
    held = a_directory()

    assert held == merged({}, held)


def test_a_field_that_is_left_out_gets_its_default() -> None:
    held = a_directory()
    document = {"agents": [{"email": "ani@example.com", "name": "Ani"}]}

    assert frozenset() == only(merged(document, held).agents).department_ids


def test_a_null_is_a_field_left_out() -> None:
    assert a_directory() == merged(
        with_value(a_document(), ("kpiTypes", 0, "subGroup"), None), Directory()
    )


def test_loading_keeps_the_version() -> None:
    assert 7 == merged(a_document(), Directory(version=7)).version


def test_the_defaults_of_a_kpi_type_come_from_its_rule() -> None:
    kpi_type = only(a_directory().kpi_types)

    assert ("rr", ["responseMin", "resolutionMin"], True) == (
        kpi_type.formula,
        [field.key for field in kpi_type.metric_schema],
        kpi_type.is_open_to_intake,
    )


@pytest.mark.parametrize(
    "windows",
    [
        {"monday": ["08:00-12:00", "22:00-06:00"], "sunday": ["00:00-24:00"]},
        [
            {"days": ["monday"], "hours": ["08:00-12:00", "22:00-06:00"]},
            {"days": ["sunday"], "hours": ["00:00-24:00"]},
        ],
    ],
)
def test_hours_are_given_by_weekday_or_by_lists_of_days(windows: Json) -> None:
    document = {"calendars": [{**OFFICE, "windows": windows}]}

    assert (Window(0, 480, 720), Window(0, 1320, 360), Window(6, 0, 1440)) == only(
        merged(document, Directory()).calendars
    ).windows


@pytest.mark.parametrize("on", ["2026-01-01", date(2026, 1, 1)])
def test_a_holiday_is_a_date_of_toml_or_text_of_json(on: Json) -> None:
    document = with_value(
        a_document(), ("calendars", 0, "holidays"), [{"on": on, "name": "New Year"}]
    )

    assert (Holiday(date(2026, 1, 1), "New Year"),) == only(
        merged(document, Directory()).calendars
    ).holidays


def test_a_holiday_may_be_yearly_and_a_part_of_the_day() -> None:
    eve = {"on": "2020-12-24", "name": "Christmas Eve", "yearly": True, "hours": "12:00-24:00"}
    document = with_value(a_document(), ("calendars", 0, "holidays"), [eve])

    assert (Holiday(date(2020, 12, 24), "Christmas Eve", True, 720, 1440),) == only(  # noqa: FBT003
        merged(document, Directory()).calendars
    ).holidays


def test_a_day_may_be_worked_after_all() -> None:
    saturday = {"on": "2026-01-03", "name": "Stock-taking", "hours": "09:00-12:30"}
    document = with_value(a_document(), ("calendars", 0, "openings"), [saturday])

    assert (Opening(date(2026, 1, 3), "Stock-taking", 540, 750),) == only(
        merged(document, Directory()).calendars
    ).openings


def test_holidays_that_leave_no_day_of_any_year_are_told() -> None:
    days = (date(2020, 1, 1) + timedelta(day) for day in range(366))
    closed = [{"on": str(on), "name": "Closed", "yearly": True} for on in days]

    with pytest.raises(InvalidDirectory) as refused:
        _ = merged(with_value(a_document(), ("calendars", 0, "holidays"), closed), Directory())
    assert refused.value.details == {
        "calendars[0].holidays": "they must not close every day of every year"
    }


def test_the_directory_shares_nothing_with_the_document() -> None:
    document = a_document()
    directory = merged(document, Directory())
    document["kpiTypes"][0]["parameters"]["responseSlaMin"] = 1

    assert 30 == only(directory.kpi_types).parameters["responseSlaMin"]


# What changed, in words


def test_what_a_first_file_adds_is_told_by_kind() -> None:
    assert (
        "country id: added",
        "calendar office: added",
        "department it: added",
        "agent ani@example.com: added",
        "KPI group request: added",
        "KPI type ad-hoc: added",
    ) == differences(Directory(), a_directory())


def test_what_was_taken_away_is_told() -> None:
    assert "agent ani@example.com: removed" in differences(a_directory(), Directory())


def test_a_change_names_the_fields_by_their_words_in_the_file() -> None:
    document = {"agents": [{"email": "Ani@example.com", "name": "Ani", "mail": False}]}
    held = a_directory()

    assert ("agent Ani@example.com: changed email, departments, mail",) == differences(
        held, merged(document, held)
    )


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("countries", "country id: changed name"),
        ("calendars", "calendar office: changed name"),
        ("departments", "department it: changed name"),
        ("agents", "agent ani@example.com: changed name"),
        ("kpiGroups", "KPI group request: changed name"),
        ("kpiTypes", "KPI type ad-hoc: changed name"),
    ],
)
def test_one_change_is_one_line(part: str, line: str) -> None:
    renamed = with_value(a_document(), (part, 0, "name"), "Another")

    assert (line,) == differences(a_directory(), merged(renamed, a_directory()))
