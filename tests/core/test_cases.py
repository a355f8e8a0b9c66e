"""What the support door takes, and every fault of what it does not."""

from collections import ChainMap
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.case_policy import CONTRACT_CASES
from helpdesk_core.cases import (
    NewCase,
    RawCase,
    case_reason,
    open_case,
    validate_case,
    validate_escalation,
)
from helpdesk_core.errors import Invalid
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.testing.builders import NOW, a_customer, a_raw_case, an_id
from helpdesk_core.testing.desk_inputs import any_cases, valid_cases
from helpdesk_core.testing.strategies import JsonValue, json_values, storable_text
from helpdesk_core.tickets import Status

FIELDS: Final = {
    "name": "name",
    "email": "email",
    "organization": "organization",
    "phone": "phone",
    "customer_type": "customerType",
    "issue_type": "issueType",
    "urgency": "urgency",
    "client_or_project_name": "clientOrProjectName",
    "subject": "subject",
    "message": "message",
}
"""Each field of a raw case, and its name over the wire."""
REQUIRED: Final = ("name", "email", "subject", "message")
LINES: Final = ("name", "organization", "client_or_project_name", "subject")
CHOICES: Final = ("customer_type", "issue_type", "urgency")
LABELS: Final = {
    "name": "Name",
    "email": "Email",
    "organization": "Organization",
    "client_or_project_name": "Client or project name",
    "customer_type": "Customer type",
    "issue_type": "Issue type",
    "urgency": "Urgency",
    "subject": "Subject",
    "message": "Message",
}
NO_TEXT: Final[tuple[JsonValue, ...]] = (True, False, 0, 1.5, [], {}, [""], {"$ne": 1})
BLANK: Final = (None, "", " ", "\t\n\u3000")


def faults(raw: RawCase) -> dict[str, str]:
    """What is said of each field of a case that is refused."""
    with pytest.raises(Invalid) as refused:
        _ = validate_case(raw)
    return refused.value.details


def told(raw: RawCase) -> dict[str, str]:
    """What is said of each field; nothing of a case that is taken."""
    try:
        _ = validate_case(raw)
    except Invalid as refused:
        return refused.details
    return {}


def test_a_case_with_no_more_than_is_needed_gets_the_defaults() -> None:
    assert NewCase(
        name="Ana",
        email="ana@example.com",
        organization=None,
        phone=None,
        customer_type=CustomerType.FREE,
        issue_type=IssueType.GENERAL,
        urgency=Urgency.MEDIUM,
        project=None,
        subject="The printer is on fire",
        message="It burns since this morning.",
    ) == validate_case(a_raw_case())


def test_everything_that_is_sent_is_taken_trimmed() -> None:
    raw = RawCase(
        name=" Ana ",
        email="\tAna@Example.com ",
        organization=" Fire & Co. ",
        phone=" +1234567890\n",
        customer_type="ENTERPRISE",
        issue_type="BILLING",
        urgency="CRITICAL",
        client_or_project_name=" Printer ",
        subject=" On fire ",
        message="\n two\nlines\t ",
    )

    assert NewCase(
        name="Ana",
        email="Ana@Example.com",
        organization="Fire & Co.",
        phone="+1234567890",
        customer_type=CustomerType.ENTERPRISE,
        issue_type=IssueType.BILLING,
        urgency=Urgency.CRITICAL,
        project="Printer",
        subject="On fire",
        message="two\nlines",
    ) == validate_case(raw)


def test_all_faults_are_told_at_once_each_in_its_own_sentence() -> None:
    raw = RawCase(
        name="two\nlines",
        email="ana",
        organization=7,
        phone="12345",
        customer_type="GOLD",
        issue_type="technical",
        urgency=[],
        client_or_project_name="x" * 201,
        subject=" ",
        message="a\0",
    )
    with pytest.raises(Invalid) as refused:
        _ = validate_case(raw)

    assert (
        "Validation failed",
        {
            "name": "Name must be one line of text",
            "email": "Email format is invalid",
            "organization": "Organization must be text",
            "phone": "Phone must be + and 7 to 15 digits",
            "customerType": "Customer type must be one of FREE, BUSINESS, ENTERPRISE",
            "issueType": "Issue type must be one of TECHNICAL, BILLING, GENERAL",
            "urgency": "Urgency must be one of LOW, MEDIUM, HIGH, CRITICAL",
            "clientOrProjectName": "Client or project name must be 200 characters or fewer",
            "subject": "Subject is required",
            "message": "Message contains characters that cannot be stored",
        },
    ) == (refused.value.message, refused.value.details)


BAD: Final[dict[str, JsonValue]] = {
    "name": None,
    "email": "a@b",
    "organization": 7,
    "phone": "+1",
    "customer_type": "free",
    "issue_type": "OTHER",
    "urgency": "NOW",
    "client_or_project_name": [],
    "subject": "",
    "message": {},
}


@given(st.sets(st.sampled_from(sorted(FIELDS))))
def test_exactly_the_fields_that_are_wrong_are_told(wrong: set[str]) -> None:
    raw = attrs.evolve(a_raw_case(), **{field: BAD[field] for field in wrong})

    assert {FIELDS[field] for field in wrong} == told(raw).keys()


@given(any_cases())
def test_what_is_said_of_a_field_does_not_depend_on_the_others(raw: RawCase) -> None:
    alone = [attrs.evolve(a_raw_case(), **{field: getattr(raw, field)}) for field in FIELDS]

    assert dict(ChainMap(*map(told, alone))) == told(raw)


@given(any_cases())
def test_only_fields_of_the_contract_are_ever_at_fault(raw: RawCase) -> None:
    assert told(raw).keys() <= set(FIELDS.values())


@given(valid_cases())
def test_a_valid_case_is_taken(raw: RawCase) -> None:
    assert validate_case(raw).name == raw.name.strip()


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("value", [*BLANK, *NO_TEXT])
def test_what_is_required_is_missing_unless_it_is_text(field: str, value: JsonValue) -> None:
    raw = attrs.evolve(a_raw_case(), **{field: value})

    assert {field: f"{LABELS[field]} is required"} == faults(raw)


@pytest.mark.parametrize("field", sorted(FIELDS.keys() - set(REQUIRED)))
@pytest.mark.parametrize("value", BLANK)
def test_what_is_not_required_may_be_left_blank(field: str, value: JsonValue) -> None:
    raw = attrs.evolve(a_raw_case(), **{field: value})

    assert validate_case(a_raw_case()) == validate_case(raw)


@pytest.mark.parametrize("field", ["organization", "phone", "client_or_project_name", *CHOICES])
@pytest.mark.parametrize("value", NO_TEXT)
def test_what_is_not_required_is_refused_when_it_is_no_text(field: str, value: JsonValue) -> None:
    raw = attrs.evolve(a_raw_case(), **{field: value})

    assert {FIELDS[field]} == faults(raw).keys()


@pytest.mark.parametrize("field", LINES)
@pytest.mark.parametrize("end", ["\n", "\r", "\t", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])
def test_a_line_holds_no_control_character(field: str, end: str) -> None:
    raw = attrs.evolve(a_raw_case(), **{field: f"one{end}two"})

    assert {FIELDS[field]: f"{LABELS[field]} must be one line of text"} == faults(raw)


@pytest.mark.parametrize("field", [*LINES, "message"])
@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\udc00\ud800"])
def test_text_that_cannot_be_stored_is_refused(field: str, text: str) -> None:
    raw = attrs.evolve(a_raw_case(), **{field: text})

    sentence = f"{LABELS[field]} contains characters that cannot be stored"
    assert {FIELDS[field]: sentence} == faults(raw)


@pytest.mark.parametrize("letter", ["x", "\U0001f600", "e\u0301"])
@pytest.mark.parametrize(
    ("field", "longest"), [*((line, 200) for line in LINES), ("message", 20_000)]
)
def test_lengths_are_counted_in_characters(field: str, longest: int, letter: str) -> None:
    """Code points: letters outside the basic plane are one, combining marks another one."""
    text = letter * (longest // len(letter))
    taken = validate_case(attrs.evolve(a_raw_case(), **{field: text}))
    refused = faults(attrs.evolve(a_raw_case(), **{field: f"{text}x"}))

    assert (text, {FIELDS[field]: f"{LABELS[field]} must be {longest} characters or fewer"}) == (
        getattr(taken, "project" if field == "client_or_project_name" else field),
        refused,
    )


@pytest.mark.parametrize("phone", ["+1234567", "+1234567890", "+123456789012345"])
def test_a_phone_number_is_a_plus_and_7_to_15_digits(phone: str) -> None:
    assert phone == validate_case(a_raw_case(phone=phone)).phone


@pytest.mark.parametrize(
    "phone",
    [
        "+123456",
        "+1234567890123456",
        "1234567890",
        "+1 234 567 890",
        "+1234567a",
        "++1234567",
        "+\uff11\uff12\uff13\uff14\uff15\uff16\uff17",
        "+\u0663\u0663\u0663\u0663\u0663\u0663\u0663",
        "+1234567\0",
        "+1234567\n8",
        "tel:+1234567",
        "+" + "1" * 1_000_000,
        "\ud800",
        1234567890,
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_anything_else_is_no_phone_number(phone: JsonValue) -> None:
    assert {"phone": "Phone must be + and 7 to 15 digits"} == faults(a_raw_case(phone=phone))


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("urgency", "high"),
        ("urgency", "High"),
        ("urgency", "HIGH "),
        ("urgency", " HIGH"),
        ("urgency", "HIG\u041d"),
        ("urgency", "\uff28\uff29\uff27\uff28"),
        ("urgency", ["HIGH"]),
        ("urgency", 3),
        ("customer_type", "business"),
        ("customer_type", "BUSINESS,FREE"),
        ("customer_type", {"value": "FREE"}),
        ("issue_type", "TECHNICAL\0"),
        ("issue_type", True),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_choice_is_taken_letter_by_letter(field: str, word: JsonValue) -> None:
    assert {FIELDS[field]} == faults(a_raw_case(**{field: word})).keys()


@pytest.mark.parametrize(
    "address",
    ["ana@example.com, eve@example.com", "ana@localhost", "<ana@example.com>", "a" * 300, "@", 7],
)
def test_an_address_is_exactly_one(address: JsonValue) -> None:
    assert {"email"} == faults(a_raw_case(email=address)).keys()


@given(st.sampled_from(sorted(FIELDS)), json_values())
def test_whatever_is_sent_is_taken_or_refused_as_invalid(field: str, value: JsonValue) -> None:
    try:
        said = validate_case(attrs.evolve(a_raw_case(), **{field: value})).message
    except Invalid as refused:
        said = refused.details[FIELDS[field]]

    assert said


@given(storable_text(max_size=2000).filter(str.strip))
def test_a_reason_is_any_text_that_can_be_stored(text: str) -> None:
    assert text.strip() == case_reason(text)


@pytest.mark.parametrize(
    ("reason", "urgency", "details"),
    [
        (None, None, {"reason": "Reason is required"}),
        ("x" * 2001, None, {"reason": "Reason must be 2000 characters or fewer"}),
        (
            "Why",
            "HIGHER",
            {"newUrgency": "New urgency must be one of LOW, MEDIUM, HIGH, CRITICAL"},
        ),
        (
            7,
            7,
            {
                "reason": "Reason is required",
                "newUrgency": "New urgency must be one of LOW, MEDIUM, HIGH, CRITICAL",
            },
        ),
    ],
)
def test_every_fault_of_an_escalation_is_told(
    reason: JsonValue, urgency: JsonValue, details: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        _ = validate_escalation(reason, urgency)

    assert details == refused.value.details


def test_urgencies_rise_one_by_one_and_the_highest_stays() -> None:
    assert [Urgency.MEDIUM, Urgency.HIGH, Urgency.CRITICAL, Urgency.CRITICAL] == [
        urgency.one_higher() for urgency in Urgency
    ]


@pytest.mark.parametrize("by", [None, a_customer(5)])
def test_a_new_case_is_open_unrouted_and_its_customers_when_they_are_signed_in(by: object) -> None:
    customer = a_customer(5) if by else None
    change = open_case(
        validate_case(a_raw_case()),
        ticket_id=an_id(1),
        number="CW-2026-001",
        policy=CONTRACT_CASES,
        by=customer,
        now=NOW,
    )

    ticket = change.ticket
    assert (Status.OPEN, None, None, None, customer and customer.id, 1, ["submitted"]) == (
        ticket.status,
        ticket.department_id,
        ticket.kpi_type_id,
        ticket.assigned_to,
        ticket.submitted_by,
        ticket.version,
        [event.kind.value for event in change.events],
    )
