"""POST /api/intake, as the contract words it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from helpdesk_core.ports import MailOutcome, MailStatus

if TYPE_CHECKING:
    from helpdesk_core.notices import Notice
    from tests.http.conftest import House

AD_HOC = "88888888-8888-4888-8888-888888888888"
UPTIME = "99999999-9999-4999-8999-999999999999"
UNMAPPED = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
AGENT = "55555555-5555-4555-8555-555555555555"
GONE = "66666666-6666-4666-8666-666666666666"
QUIET = "77777777-7777-4777-8777-777777777777"
DEPARTMENT = "33333333-3333-4333-8333-333333333333"
NOWHERE = "ffffffff-ffff-4fff-8fff-ffffffffffff"

NO_DEPARTMENT = "Department is required"
BAD_DEPARTMENT = "Invalid Department"
NO_KPI = "KPI Type is required"
BAD_KPI = "Invalid KPI Type"
OTHER_KPI = "This KPI Type is not available for the selected department"
NO_DATE = "Ticket Date is required"
CALCULATED = "Uptime KPI is calculated from other KPI tickets and cannot be entered manually"
NO_DESCRIPTION = "Description is required"
NO_NAME = "Your name is required"
NO_EMAIL = "Your email is required"
BAD_EMAIL = "Email format is invalid"
BAD_USER = "Selected user is not assigned to that department or is inactive"

LOOSE_UUIDS = (
    "{33333333-3333-4333-8333-333333333333}",
    "urn:uuid:33333333-3333-4333-8333-333333333333",
    "3" * 32,
    "3-3333333-3333-3333-3333-333333333333-",
    "\uff13" * 8 + "-3333-4333-8333-333333333333",
    "..%2f",
    "\x00",
    "3" * 5000,
)
WRONG_KINDS: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    1.5,
    "",
    " ",
    [],
    {},
    [""],
    {"$ne": 1},
    "\ud800",
)

NO_UUID_AT_ALL: tuple[object, ...] = (True, 0, 1.5, [], {}, NOWHERE, *LOOSE_UUIDS)
NO_TEXT: tuple[object, ...] = (..., None, "", " \n", 0, True, [], {})
NO_MEMBER: tuple[object, ...] = (True, 0, 1.5, [], {}, NOWHERE, GONE, "x")
NO_BOOLEAN: tuple[object, ...] = (0, 1, "true", "", [], {})

MESSAGES = [
    *(({"deptId": value}, NO_DEPARTMENT) for value in (..., *WRONG_KINDS, *LOOSE_UUIDS)),
    ({"deptId": NOWHERE}, BAD_DEPARTMENT),
    *(({"kpiTypeId": value}, NO_KPI) for value in (..., None, "", " ", "\t\n")),
    *(({"kpiTypeId": value}, BAD_KPI) for value in NO_UUID_AT_ALL),
    ({"kpiTypeId": UNMAPPED}, OTHER_KPI),
    *(({"ticketDate": value}, NO_DATE) for value in (..., *WRONG_KINDS)),
    ({"kpiTypeId": UPTIME}, CALCULATED),
    *(({"description": value}, NO_DESCRIPTION) for value in NO_TEXT),
    ({"description": "x" * 20_001}, "Description must be 20000 characters or fewer"),
    ({"description": "😀" * 20_001}, "Description must be 20000 characters or fewer"),
    ({"description": "a\x00b"}, "Description contains characters that cannot be stored"),
    ({"description": "a\ud800b"}, "Description contains characters that cannot be stored"),
    *(({"createdByName": value}, NO_NAME) for value in NO_TEXT),
    ({"createdByName": "x" * 201}, "Your name must be 200 characters or fewer"),
    ({"createdByName": "a\x00b"}, "Your name contains characters that cannot be stored"),
    ({"createdByName": "\udc00\ud800"}, "Your name contains characters that cannot be stored"),
    ({"createdByName": "a\nb"}, "Your name must be one line of text"),
    *(({"createdByEmail": value}, NO_EMAIL) for value in NO_TEXT),
    *(
        ({"createdByEmail": value}, BAD_EMAIL)
        for value in (
            "sandy",
            "a@b",
            "a@b.c, v@x.y",
            "a b@example.com",
            "a@example.com\nBcc: v@x.y",
            "a@\x00.example",
            "\ud800@example.com",
            "a" * 250 + "@example.com",
            "a@" + "." * 20_000 + " ",
            "a" * 30 + "!",
        )
    ),
    *(({"userId": value}, BAD_USER) for value in NO_MEMBER),
    *(({"isHolidayWork": value}, "isHolidayWork must be true or false") for value in NO_BOOLEAN),
]


@pytest.mark.parametrize(("changes", "sentence"), MESSAGES)
def test_what_is_wrong_is_said_in_the_contracts_words(
    house: House, changes: dict[str, Any], sentence: str
) -> None:
    answer = house.submit(**changes)

    assert (400, {"error": sentence}, 0) == (answer.status_code, answer.json, house.tickets)


IN_ORDER: tuple[tuple[dict[str, object], str], ...] = (
    ({"deptId": ...}, NO_DEPARTMENT),
    ({"deptId": NOWHERE}, BAD_DEPARTMENT),
    ({"kpiTypeId": ...}, NO_KPI),
    ({"kpiTypeId": NOWHERE}, BAD_KPI),
    ({"kpiTypeId": UNMAPPED}, OTHER_KPI),
    ({"ticketDate": ...}, NO_DATE),
    ({"kpiTypeId": UPTIME}, CALCULATED),
    ({"description": ...}, NO_DESCRIPTION),
    ({"createdByName": ...}, NO_NAME),
    ({"createdByEmail": ...}, NO_EMAIL),
    ({"createdByEmail": "x"}, BAD_EMAIL),
    ({"userId": NOWHERE}, BAD_USER),
)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({**later, **first}, sentence)
        for place, (first, sentence) in enumerate(IN_ORDER)
        for later, _ in IN_ORDER[place + 1 :]
    ],
)
def test_of_two_faults_the_first_in_the_contracts_order_is_told(
    house: House, changes: dict[str, Any], sentence: str
) -> None:
    assert {"error": sentence} == house.submit(**changes).json


def test_a_strangers_ticket_is_new(house: House) -> None:
    answer = house.submit()

    assert (
        "201 Created",
        b'{"id":"00000000-0000-0000-0000-000000000001","status":"NEW","assignmentEmail":null}',
    ) == (answer.status, answer.content)


def test_a_preassigned_ticket_is_in_progress_and_says_that_no_mail_went_out(house: House) -> None:
    answer = house.submit(userId=AGENT)

    assert {
        "id": "00000000-0000-0000-0000-000000000001",
        "status": "ONPROGRESS",
        "assignmentEmail": {"status": "skipped", "reason": "No mail server is configured"},
    } == answer.json


def test_an_agent_who_switched_mail_off_is_sent_none(house: House) -> None:
    answer = house.submit(userId=QUIET)

    assert {
        "status": "skipped",
        "reason": "The agent has switched mail off",
    } == answer.json["assignmentEmail"]


class Post:
    """The mail server's side of the courier, with one fate for every notice."""

    def __init__(self, fate: MailOutcome) -> None:
        self._fate = fate

    def outcome(self, notice: Notice) -> MailOutcome:
        return self._fate


@pytest.mark.parametrize(
    ("fate", "told"),
    [
        (MailOutcome(status=MailStatus.SENT), {"status": "sent"}),
        (
            MailOutcome(status=MailStatus.ERROR, reason="The mail could not be sent yet"),
            {"status": "error", "reason": "The mail could not be sent yet"},
        ),
    ],
)
def test_the_mails_fate_is_told_with_a_reason_only_when_there_is_one(
    house: House, fate: MailOutcome, told: dict[str, str]
) -> None:
    house.rebuild(courier=Post(fate))

    assert told == house.submit(userId=AGENT).json["assignmentEmail"]


@pytest.mark.parametrize("user_id", [None, "", " "])
def test_an_empty_user_assigns_nobody(house: House, user_id: str | None) -> None:
    assert "NEW" == house.submit(userId=user_id).json["status"]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-05-22T05:05:00.000Z", datetime(2026, 5, 22, 5, 5, tzinfo=UTC)),
        ("2026-05-22T12:05:00+07:00", datetime(2026, 5, 22, 5, 5, tzinfo=UTC)),
        ("2026-05-22T05:05:00", datetime(2026, 5, 22, 5, 5, tzinfo=UTC)),
        ("2026-05-22", datetime(2026, 5, 22, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2200-12-31T23:59:59.999Z", datetime(2200, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
    ],
)
def test_a_ticket_date_is_kept_in_utc(house: House, written: str, instant: datetime) -> None:
    ticket_id = house.submitted(ticketDate=written)

    assert instant == house.desk.store.tickets[UUID(ticket_id)].ticket_date


@pytest.mark.parametrize(
    "written",
    [
        "9999-12-31T23:59:59.999Z",
        "9999-12-31T23:59:59-01:00",
        "0001-01-01T00:00:00+01:00",
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
        "2016-12-31T23:59:60Z",
        "2026-05-22T24:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-W21-5",
        "20260522T050500Z",
        "2026-05-22T05:05:00+99:99",
        "2026-05-22T05:05:00.1234567891Z",
        "\uff12\uff10\uff12\uff16-05-22",
        "infinity",
        "now",
        1779426300000,
        "2" * 100_000,
    ],
)
def test_what_is_no_date_of_our_time_is_no_date(house: House, written: object) -> None:
    assert {"error": NO_DATE} == house.submit(ticketDate=written).json


def test_text_is_trimmed_and_else_kept_as_it_was_sent(house: House) -> None:
    ticket_id = house.submitted(description="  \ud83d\ude00\uffff\tx\n\u202e ")

    assert "😀\uffff\tx\n\u202e" == house.get(f"/api/intake/status/{ticket_id}").json["description"]


@pytest.mark.parametrize("text", ["x" * 20_000, "😀" * 20_000, "e\u0301" * 10_000])
def test_length_is_counted_in_code_points(house: House, text: str) -> None:
    assert 201 == house.submit(description=text).status_code


def test_unknown_fields_have_no_effect(house: House) -> None:
    unknown: dict[str, Any] = {
        "id": NOWHERE,
        "status": "CLOSED",
        "submittedByUserId": AGENT,
        "submittedAt": "1999-01-01T00:00:00Z",
        "assignedTo": AGENT,
        "version": 7,
        "role": "admin",
        "__proto__": {"isAdmin": True},
    }
    with_them = house.submitted(**unknown)
    without = house.submitted()
    first, second = (house.get(f"/api/intake/status/{each}").json for each in (with_them, without))

    assert {**first, "id": None} == {**second, "id": None}


def test_a_signed_in_submitter_is_who_they_are_whatever_the_body_says(house: House) -> None:
    ticket_id = house.submitted(person="customer", createdByName="Boss", createdByEmail="x")
    shown = house.get(f"/api/intake/status/{ticket_id}").json

    assert ("Cora Customer", "cora@example.com") == (
        shown["submittedBy"],
        shown["submittedByEmail"],
    )


def test_a_signed_in_submitter_need_not_name_themselves(house: House) -> None:
    answer = house.submit(person="customer", createdByName=..., createdByEmail=...)
    ticket = house.desk.store.tickets[UUID(answer.json["id"])]

    assert UUID("dddddddd-dddd-4ddd-8ddd-dddddddddddd") == ticket.submitted_by


def test_a_strangers_ticket_belongs_to_no_user(house: House) -> None:
    ticket_id = house.submitted(submittedByUserId=AGENT)

    assert house.desk.store.tickets[UUID(ticket_id)].submitted_by is None


def test_the_sixth_ticket_within_an_hour_is_refused_and_told_when_to_come_back(
    house: House,
) -> None:
    for _ in range(5):
        house.submit()
        house.desk.clock.advance(minutes=1)
    answer = house.submit()

    assert (429, "3300", {"error": "Too many submissions. Try again in 3300 seconds."}) == (
        answer.status_code,
        answer.headers["Retry-After"],
        answer.json,
    )


def test_a_refused_ticket_is_not_stored(house: House) -> None:
    for _ in range(7):
        house.submit()

    assert 5 == house.tickets


def test_when_the_time_that_was_told_has_passed_the_next_ticket_is_taken(house: House) -> None:
    for _ in range(5):
        house.submit()
    wait = int(house.submit().headers["Retry-After"])
    house.desk.clock.advance(minutes=wait / 60)

    assert 201 == house.submit().status_code


def test_a_typo_costs_nothing(house: House) -> None:
    for _ in range(20):
        house.submit(deptId="")

    assert 201 == house.submit().status_code
