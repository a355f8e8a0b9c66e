"""POST /api/support/case, as the contract words it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.tickets import Status

if TYPE_CHECKING:
    from tests.http.conftest import SupportHouse

EXAMPLE = b"""{
  "name": "John Doe",
  "email": "john@example.com",
  "organization": "Acme Corp",
  "phone": "+1234567890",
  "customerType": "BUSINESS",
  "issueType": "TECHNICAL",
  "urgency": "HIGH",
  "clientOrProjectName": "My Project",
  "subject": "Unable to access dashboard",
  "message": "Detailed description of the issue..."
}"""
ANSWER = (
    b'{"success":true,"caseNumber":"CW-2025-001",'
    b'"message":"Support case created successfully",'
    b'"estimatedResolution":"2025-01-29T10:00:00Z"}'
)
TYPES = "Customer type must be one of FREE, BUSINESS, ENTERPRISE"
ISSUES = "Issue type must be one of TECHNICAL, BILLING, GENERAL"
URGENCIES = "Urgency must be one of LOW, MEDIUM, HIGH, CRITICAL"
PHONE = "Phone must be + and 7 to 15 digits"

NO_TEXT: tuple[object, ...] = (..., None, "", " \n", 0, True, [], {})
NEVER_TEXT: tuple[object, ...] = (0, True, [], {})
NEVER_A_CHOICE: tuple[object, ...] = (True, 0, 1.5, [], {}, ["HIGH"], {"$ne": 1}, "x", "\ud800")
NO_PHONE: tuple[object, ...] = (
    12345678,
    *NEVER_TEXT,
    "1234567890",
    "+123456",
    "+1234567890123456",
    "+12 34567890",
    "+\uff11\uff12\uff13\uff14\uff15\uff16\uff17",
    "+" + "1" * 100_000,
)
FAULTS: list[tuple[str, object, str]] = [
    *(("name", value, "Name is required") for value in NO_TEXT),
    ("name", "x" * 201, "Name must be 200 characters or fewer"),
    ("name", "😀" * 201, "Name must be 200 characters or fewer"),
    ("name", "a\x00b", "Name contains characters that cannot be stored"),
    ("name", "a\ud800", "Name contains characters that cannot be stored"),
    ("name", "a\nb", "Name must be one line of text"),
    *(("email", value, "Email is required") for value in NO_TEXT),
    *(
        ("email", value, "Email format is invalid")
        for value in ("john", "a@b", "a@b.c, v@x.y", "a@b.c\nBcc: v@x.y", "a" * 250 + "@b.co")
    ),
    *(("organization", value, "Organization must be text") for value in NEVER_TEXT),
    ("organization", "x" * 201, "Organization must be 200 characters or fewer"),
    ("organization", "a\nb", "Organization must be one line of text"),
    *(("phone", value, PHONE) for value in NO_PHONE),
    *(("customerType", value, TYPES) for value in (*NEVER_A_CHOICE, "free", " FREE", "FREE ")),
    *(("issueType", value, ISSUES) for value in (*NEVER_A_CHOICE, "technical", "TECHNICAL\n")),
    *(("urgency", value, URGENCIES) for value in (*NEVER_A_CHOICE, "high", "HIG\u041d")),
    *(
        ("clientOrProjectName", value, "Client or project name must be text")
        for value in NEVER_TEXT
    ),
    ("clientOrProjectName", "x" * 201, "Client or project name must be 200 characters or fewer"),
    *(("subject", value, "Subject is required") for value in NO_TEXT),
    ("subject", "x" * 201, "Subject must be 200 characters or fewer"),
    ("subject", "a\u2028b", "Subject must be one line of text"),
    *(("message", value, "Message is required") for value in NO_TEXT),
    ("message", "x" * 20_001, "Message must be 20000 characters or fewer"),
    ("message", "a\x00b", "Message contains characters that cannot be stored"),
]


def test_the_contracts_own_example_is_answered_byte_for_byte(support: SupportHouse) -> None:
    answer = support.ask(
        "POST", "/api/support/case", body=EXAMPLE, headers={"Content-Type": "application/json"}
    )

    assert ("200 OK", "application/json", ANSWER) == (
        answer.status,
        answer.headers["Content-Type"],
        answer.content,
    )


def test_what_was_sent_is_what_is_kept(support: SupportHouse) -> None:
    ticket = support.held(support.opened())
    case = ticket.case
    assert case is not None

    assert (
        "John Doe",
        "john@example.com",
        "Acme Corp",
        "+1234567890",
        CustomerType.BUSINESS,
        IssueType.TECHNICAL,
        Urgency.HIGH,
        "My Project",
        "Unable to access dashboard",
        "Detailed description of the issue...",
        85,
        Status.OPEN,
    ) == (
        ticket.submitter_name,
        ticket.submitter_email,
        case.organization,
        case.phone,
        case.customer_type,
        case.issue_type,
        case.urgency,
        case.project,
        case.subject,
        ticket.description,
        case.priority_score,
        ticket.status,
    )


def test_numbers_are_random_by_default(random_support: SupportHouse) -> None:
    """The desk's bytes count from 1, its ids too; the case took the second."""
    assert "CW-2025-0000000002" == random_support.opened()


@pytest.mark.parametrize("nothing", [..., None, "", " \t"])
@pytest.mark.parametrize(
    ("field", "name", "default"),
    [
        ("customerType", "customer_type", CustomerType.FREE),
        ("issueType", "issue_type", IssueType.GENERAL),
        ("urgency", "urgency", Urgency.MEDIUM),
        ("organization", "organization", None),
        ("phone", "phone", None),
        ("clientOrProjectName", "project", None),
    ],
)
def test_every_optional_field_has_its_default(
    support: SupportHouse, field: str, name: str, default: object, nothing: object
) -> None:
    ticket = support.held(support.opened(**{field: nothing}))

    assert default == getattr(ticket.case, name)


def test_a_case_of_nothing_but_what_is_required_is_promised_by_the_defaults(
    support: SupportHouse,
) -> None:
    optional = ("organization", "phone", "customerType", "issueType", "urgency")
    nothing: dict[str, Any] = dict.fromkeys((*optional, "clientOrProjectName"), ...)
    answer = support.open_case(**nothing)

    assert "2025-02-02T10:00:00Z" == answer.json["estimatedResolution"]


@pytest.mark.parametrize(
    ("customer_type", "days"), [("FREE", (10, 6, 4, 2)), ("BUSINESS", (5, 3, 2, 1))]
)
def test_a_resolution_is_promised_by_urgency_and_customer_type(
    support: SupportHouse, customer_type: str, days: tuple[int, ...]
) -> None:
    promised = [
        datetime.fromisoformat(
            support.open_case(customerType=customer_type, urgency=urgency).json[
                "estimatedResolution"
            ]
        )
        for urgency in ("LOW", "MEDIUM", "HIGH", "CRITICAL")
    ]

    assert days == tuple((instant - support.desk.clock()).days for instant in promised)


@pytest.mark.parametrize(("field", "value", "sentence"), FAULTS)
def test_what_is_wrong_is_said_of_its_field(
    support: SupportHouse, field: str, value: object, sentence: str
) -> None:
    changes: dict[str, Any] = {field: value}
    answer = support.open_case(**changes)

    assert (
        400,
        {
            "success": False,
            "error": "Validation failed",
            "code": "VALIDATION_ERROR",
            "details": {field: sentence},
        },
        0,
    ) == (answer.status_code, answer.json, support.tickets)


def test_everything_that_is_wrong_is_said_at_once(support: SupportHouse) -> None:
    answer = support.post(
        "/api/support/case",
        {
            "email": "x",
            "organization": 1,
            "phone": "1",
            "customerType": "x",
            "issueType": "x",
            "urgency": "x",
            "clientOrProjectName": 1,
        },
    )

    assert (
        b'{"success":false,"error":"Validation failed","code":"VALIDATION_ERROR","details":{'
        b'"name":"Name is required",'
        b'"email":"Email format is invalid",'
        b'"organization":"Organization must be text",'
        b'"phone":"Phone must be + and 7 to 15 digits",'
        b'"customerType":"Customer type must be one of FREE, BUSINESS, ENTERPRISE",'
        b'"issueType":"Issue type must be one of TECHNICAL, BILLING, GENERAL",'
        b'"urgency":"Urgency must be one of LOW, MEDIUM, HIGH, CRITICAL",'
        b'"clientOrProjectName":"Client or project name must be text",'
        b'"subject":"Subject is required",'
        b'"message":"Message is required"}}'
    ) == answer.content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "+1234567"),
        ("phone", "+123456789012345"),
        ("phone", " +1234567 "),
        ("name", "😀" * 200),
        ("subject", "e\u0301" * 100),
        ("message", "x" * 20_000),
        ("message", "😀" * 20_000),
        ("message", "a\tb\nc\u202e"),
        ("organization", "\ud83d\ude00"),
    ],
)
def test_what_is_at_its_bound_is_taken(support: SupportHouse, field: str, value: str) -> None:
    assert 200 == support.open_case(**{field: value}).status_code


UNKNOWN: dict[str, Any] = {
    "id": "ffffffff-ffff-4fff-8fff-ffffffffffff",
    "status": "CLOSED",
    "caseNumber": "CW-2025-999",
    "priorityScore": 100,
    "assignedTo": "55555555-5555-4555-8555-555555555555",
    "submittedBy": "55555555-5555-4555-8555-555555555555",
    "submittedByUserId": "55555555-5555-4555-8555-555555555555",
    "createdAt": "1999-01-01T00:00:00Z",
    "estimatedResolution": "1999-01-01T00:00:00Z",
    "isInternal": True,
    "version": 7,
    "role": "admin",
    "kpiTypeId": "88888888-8888-4888-8888-888888888888",
    "deptId": "33333333-3333-4333-8333-333333333333",
    "customer_type": "ENTERPRISE",
    "client_or_project_name": "Other",
    "__proto__": {"isAdmin": True},
}


def test_unknown_fields_have_no_effect(support: SupportHouse) -> None:
    with_them, without = (support.held(support.opened(**more)) for more in (UNKNOWN, {}))
    assert with_them.case is not None

    same = attrs.evolve(with_them.case, number="CW-2025-002")
    assert without == attrs.evolve(with_them, id=without.id, case=same)


def test_numbers_count_within_a_year_and_begin_anew_with_the_next(support: SupportHouse) -> None:
    first = [support.opened(), support.opened()]
    support.desk.clock.set(datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC))
    first.append(support.opened())
    support.desk.clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    first.append(support.opened())

    assert ["CW-2025-001", "CW-2025-002", "CW-2025-003", "CW-2026-001"] == first


def test_the_sixth_case_within_an_hour_is_refused_and_told_when_to_come_back(
    support: SupportHouse,
) -> None:
    for _ in range(5):
        support.open_case()
        support.desk.clock.advance(minutes=1)
    answer = support.open_case()

    assert (
        429,
        "3300",
        (
            b'{"success":false,"error":"Too many cases. Try again in 3300 seconds.",'
            b'"code":"RATE_LIMITED","details":{}}'
        ),
        5,
    ) == (answer.status_code, answer.headers["Retry-After"], answer.content, support.tickets)


def test_when_the_time_that_was_told_has_passed_the_next_case_is_taken(
    support: SupportHouse,
) -> None:
    for _ in range(5):
        support.open_case()
    wait = int(support.open_case().headers["Retry-After"])
    support.desk.clock.advance(minutes=wait / 60)

    assert 200 == support.open_case().status_code


def test_each_address_is_counted_apart(support: SupportHouse) -> None:
    for _ in range(6):
        support.open_case()

    assert 200 == support.open_case(peer="203.0.113.8").status_code


@pytest.mark.parametrize(
    "header",
    ["X_Forwarded_For", "X_Real_IP", "Forwarded", "True_Client_IP", "CF_Connecting_IP"],
)
def test_nobody_becomes_another_address_by_saying_so(support: SupportHouse, header: str) -> None:
    for _ in range(5):
        support.open_case()
    answer = support.post("/api/support/case", {}, **{header: "198.51.100.1"})
    good = support.open_case()

    assert (400, 429) == (answer.status_code, good.status_code)


def test_a_typo_costs_nothing(support: SupportHouse) -> None:
    for _ in range(20):
        support.open_case(name="")

    assert 200 == support.open_case().status_code


def test_typos_without_end_are_too_many_cases(support: SupportHouse) -> None:
    answers = [support.open_case(name="").status_code for _ in range(121)]

    assert [400] * 120 + [429] == answers


def test_a_case_is_not_to_be_found_at_the_intake_door(support: SupportHouse) -> None:
    ticket = support.held(support.opened())
    found = support.get("/api/intake/lookup?q=john@example.com").json["tickets"]
    answer = support.get(f"/api/intake/status/{ticket.id}")

    assert ([], 404) == (found, answer.status_code)
