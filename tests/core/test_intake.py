"""A submission is judged in the contract's words and order, whatever was sent."""

from datetime import UTC, datetime
from itertools import combinations
from typing import Any, Final

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk_core.errors import Invalid
from helpdesk_core.intake import RawIntake, submit, validate
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.testing.builders import NOW, a_customer, a_directory, a_raw_intake, an_id
from helpdesk_core.testing.directories import (
    ACCOUNTS,
    ACCURACY,
    ACTIVE_AGENT,
    INACTIVE_AGENT,
    INCIDENT,
    NETWORK,
    OTHER_AGENT,
    REVIEW,
    SUPPORT,
    UPTIME,
)
from helpdesk_core.testing.strategies import JsonValue, json_values

Fault = tuple[str, dict[str, Any]]

DIRECTORY: Final = a_directory()
GOOD: Final = a_raw_intake(DIRECTORY)
FIELDS: Final = tuple(field.name for field in attrs.fields(RawIntake))
BLANK: Final = "\u3000\t \n"

FAULTS: Final[list[Fault]] = [
    ("Department is required", {"dept_id": None}),
    ("Invalid Department", {"dept_id": str(an_id(99))}),
    ("KPI Type is required", {"kpi_type_id": BLANK}),
    ("Invalid KPI Type", {"kpi_type_id": str(an_id(99))}),
    (
        "This KPI Type is not available for the selected department",
        {"kpi_type_id": str(REVIEW)},
    ),
    ("Ticket Date is required", {"ticket_date": "soon"}),
    (
        "Uptime KPI is calculated from other KPI tickets and cannot be entered manually",
        {"kpi_type_id": str(UPTIME)},
    ),
    ("Description is required", {"description": BLANK}),
    ("Your name is required", {"created_by_name": None}),
    ("Your email is required", {"created_by_email": ""}),
    ("Email format is invalid", {"created_by_email": "ana@"}),
    (
        "Selected user is not assigned to that department or is inactive",
        {"user_id": str(INACTIVE_AGENT)},
    ),
    ("isHolidayWork must be true or false", {"is_holiday_work": "false"}),
]
"""Each of the contract's refusals, in its order, with what brings it about."""

PAIRS: Final = [
    (first, later)
    for first, later in combinations(FAULTS, 2)
    if not first[1].keys() & later[1].keys()
]


def refused_with(raw: RawIntake, caller: Caller = STRANGER) -> str | None:
    """The sentence of the refusal; None when the submission is accepted."""
    try:
        _ = validate(raw, DIRECTORY, caller)
    except Invalid as refusal:
        return refusal.message
    return None


@pytest.mark.parametrize(("sentence", "sent"), FAULTS)
def test_a_single_fault_is_named(sentence: str, sent: dict[str, Any]) -> None:
    assert sentence == refused_with(attrs.evolve(GOOD, **sent))


@pytest.mark.parametrize(("first", "later"), PAIRS)
def test_of_two_faults_the_first_in_the_contracts_order_is_named(
    first: Fault, later: Fault
) -> None:
    sentence, sent = first

    assert sentence == refused_with(attrs.evolve(GOOD, **later[1], **sent))


def test_an_empty_submission_asks_for_the_department() -> None:
    assert "Department is required" == refused_with(RawIntake())


def test_a_whole_submission_is_accepted() -> None:
    assert None is refused_with(GOOD)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("dept_id", BLANK, "Department is required"),
        ("dept_id", 31, "Department is required"),
        ("dept_id", [str(SUPPORT)], "Department is required"),
        ("dept_id", "support", "Department is required"),
        ("dept_id", f"{{{SUPPORT}}}", "Department is required"),
        ("dept_id", f" {SUPPORT} ", None),
        ("dept_id", str(NETWORK).upper(), None),
        ("kpi_type_id", None, "KPI Type is required"),
        ("kpi_type_id", "", "KPI Type is required"),
        ("kpi_type_id", "incident", "Invalid KPI Type"),
        ("kpi_type_id", 61, "Invalid KPI Type"),
        ("kpi_type_id", False, "Invalid KPI Type"),
        ("kpi_type_id", {}, "Invalid KPI Type"),
        ("ticket_date", None, "Ticket Date is required"),
        ("ticket_date", BLANK, "Ticket Date is required"),
        ("ticket_date", 1_779_426_300_000, "Ticket Date is required"),
        ("ticket_date", "1969-12-31T23:59:59Z", "Ticket Date is required"),
        ("ticket_date", "2201-01-01", "Ticket Date is required"),
        ("ticket_date", "2026-05-22", None),
        ("description", None, "Description is required"),
        ("description", 7, "Description is required"),
        ("description", ["x"], "Description is required"),
        ("description", "x" * 20_000, None),
        ("description", f" {'x' * 20_000}\n", None),
        ("description", "\U0001f600" * 20_000, None),
        ("description", "x" * 20_001, "Description must be 20000 characters or fewer"),
        ("description", "a\0b", "Description contains characters that cannot be stored"),
        ("description", "a\ud800", "Description contains characters that cannot be stored"),
        ("description", "one\nline\tand more", None),
        ("created_by_name", True, "Your name is required"),
        ("created_by_name", BLANK, "Your name is required"),
        ("created_by_name", "x" * 200, None),
        ("created_by_name", "x" * 201, "Your name must be 200 characters or fewer"),
        ("created_by_name", "A\nBcc: v@x", "Your name must be one line of text"),
        ("created_by_name", "A\x85B", "Your name must be one line of text"),
        ("created_by_name", "A\udfffB", "Your name contains characters that cannot be stored"),
        ("created_by_email", None, "Your email is required"),
        ("created_by_email", 1, "Your email is required"),
        ("created_by_email", BLANK, "Your email is required"),
        ("created_by_email", "ana", "Email format is invalid"),
        ("created_by_email", "a@b.example, v@x.example", "Email format is invalid"),
        ("created_by_email", f"{'a' * 250}@b.example", "Email format is invalid"),
        ("created_by_email", "a@b.example\udc00", "Email format is invalid"),
        ("created_by_email", " ana@example.com ", None),
        ("user_id", None, None),
        ("user_id", BLANK, None),
        ("user_id", str(ACTIVE_AGENT), None),
        (
            "user_id",
            "agent",
            "Selected user is not assigned to that department or is inactive",
        ),
        (
            "user_id",
            0,
            "Selected user is not assigned to that department or is inactive",
        ),
        (
            "user_id",
            str(an_id(99)),
            "Selected user is not assigned to that department or is inactive",
        ),
        ("is_holiday_work", None, None),
        ("is_holiday_work", True, None),
        ("is_holiday_work", 0, "isHolidayWork must be true or false"),
        ("is_holiday_work", "", "isHolidayWork must be true or false"),
    ],
)
def test_a_field_is_judged_in_the_contracts_words(
    field: str, value: JsonValue, sentence: str | None
) -> None:
    assert sentence == refused_with(attrs.evolve(GOOD, **{field: value}))


def test_a_member_of_another_department_cannot_be_chosen() -> None:
    raw = attrs.evolve(GOOD, dept_id=str(NETWORK), user_id=str(ACTIVE_AGENT))

    assert "Selected user is not assigned to that department or is inactive" == refused_with(raw)


def test_a_type_that_is_closed_to_intake_is_not_available() -> None:
    raw = attrs.evolve(GOOD, dept_id=str(ACCOUNTS), kpi_type_id=str(ACCURACY))

    assert "This KPI Type is not available for the selected department" == refused_with(raw)


def test_a_calculated_type_is_named_as_such_though_it_is_mapped_elsewhere() -> None:
    elsewhere = attrs.evolve(GOOD, dept_id=str(SUPPORT), kpi_type_id=str(UPTIME))

    assert (
        "Uptime KPI is calculated from other KPI tickets and cannot be entered manually"
        == refused_with(elsewhere)
    )


def test_a_signed_in_submitter_needs_neither_name_nor_address() -> None:
    raw = attrs.evolve(GOOD, created_by_name=None, created_by_email=None)

    assert None is refused_with(raw, Caller(user=a_customer()))


@given(name=json_values(), email=json_values())
def test_the_profile_of_a_signed_in_submitter_replaces_what_was_sent(
    name: JsonValue, email: JsonValue
) -> None:
    raw = attrs.evolve(GOOD, created_by_name=name, created_by_email=email)
    submitter = validate(raw, DIRECTORY, Caller(user=a_customer(5))).submitter

    assert ("Customer 5", "customer5@example.com", an_id(5)) == (
        submitter.name,
        submitter.email,
        submitter.user_id,
    )


def test_a_stranger_is_who_they_say_they_are_and_nobody_the_desk_knows() -> None:
    submitter = validate(GOOD, DIRECTORY, STRANGER).submitter

    assert ("Ana", "ana@example.com", None) == (
        submitter.name,
        submitter.email,
        submitter.user_id,
    )


@settings(max_examples=300)
@given(
    st.fixed_dictionaries({}, optional={field: json_values() for field in FIELDS}),
    st.sampled_from([STRANGER, Caller(user=a_customer())]),
)
@example({"description": "x" * 1_000_000}, STRANGER)
@example({"created_by_name": "\ud800" * 300}, STRANGER)
@example({"created_by_email": "a@" + "." * 65_536}, STRANGER)
@example({"ticket_date": "9999-12-31T23:59:59-01:00"}, STRANGER)
@example({"dept_id": "\0"}, STRANGER)
def test_whatever_is_sent_is_accepted_or_refused_as_invalid(
    sent: dict[str, JsonValue], caller: Caller
) -> None:
    sentence = refused_with(attrs.evolve(GOOD, **sent), caller)

    assert sentence is None or 0 < len(sentence) <= 100


@given(st.text(st.characters()) | st.text("\0\ud800 \u200b\u3000a"))
def test_a_description_is_accepted_when_it_has_storable_text(description: str) -> None:
    bad = any(character == "\0" or "\ud800" <= character <= "\udfff" for character in description)
    accepted = refused_with(attrs.evolve(GOOD, description=description)) is None

    assert accepted == (bool(description.strip()) and not bad)


padding = st.text(" \t\n\u3000\xa0")
text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)


@given(padding, text, padding)
def test_accepted_text_is_trimmed(before: str, name: str, after: str) -> None:
    padded = attrs.evolve(
        GOOD,
        description=f"{before}{name}{after}",
        created_by_name=f"{before}{name}{after}",
        created_by_email=f"{before}ana@example.com{after}",
    )
    intake = validate(padded, DIRECTORY, STRANGER)

    assert (name, name, "ana@example.com") == (
        intake.description,
        intake.submitter.name,
        intake.submitter.email,
    )


def test_an_accepted_submission_holds_what_its_ids_stand_for() -> None:
    raw = attrs.evolve(
        GOOD,
        dept_id=str(NETWORK),
        kpi_type_id=str(INCIDENT),
        user_id=str(OTHER_AGENT),
        ticket_date="2026-05-22T12:05:00+07:00",
        is_holiday_work=True,
    )
    intake = validate(raw, DIRECTORY, STRANGER)

    assert (
        DIRECTORY.departments[NETWORK],
        DIRECTORY.kpi_types[INCIDENT],
        DIRECTORY.agents[OTHER_AGENT],
        datetime(2026, 5, 22, 5, 5, tzinfo=UTC),
        True,
    ) == (
        intake.department,
        intake.kpi_type,
        intake.assignee,
        intake.ticket_date,
        intake.is_holiday_work,
    )


def test_a_submission_without_an_assignee_is_an_open_ticket_that_was_submitted() -> None:
    change = submit(validate(GOOD, DIRECTORY, STRANGER), ticket_id=an_id(1), now=NOW)

    assert ("OPEN", 1, None, ["submitted"]) == (
        change.ticket.status and change.ticket.status.value,
        change.ticket.version,
        change.ticket.assigned_to,
        [event.kind.value for event in change.events],
    )


def test_a_submission_with_an_assignee_is_assigned_at_the_instant_it_is_submitted() -> None:
    raw = attrs.evolve(GOOD, user_id=str(ACTIVE_AGENT))
    change = submit(validate(raw, DIRECTORY, STRANGER), ticket_id=an_id(1), now=NOW)

    assert ("IN_PROGRESS", 1, ACTIVE_AGENT, NOW, NOW, ["submitted", "assigned"]) == (
        change.ticket.status and change.ticket.status.value,
        change.ticket.version,
        change.ticket.assigned_to,
        change.ticket.assigned_at,
        change.ticket.first_assigned_at,
        [event.kind.value for event in change.events],
    )
