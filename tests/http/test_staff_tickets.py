"""One queue for everything: the staff's API for all tickets, whichever door they came by."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from helpdesk_core.logged_work import LoggedWork, log_work
from helpdesk_core.tickets import Status
from tests.http.conftest import uuid_of
from tests.http.staff_house import CASE, IT, JANE, SANDY, TECHNICAL, TICKETS, StaffHouse

if TYPE_CHECKING:
    from falcon.testing import Result

LONG = "x" * 201


@pytest.fixture
def staffed() -> StaffHouse:
    """The desk on contract A's day, without a ticket."""
    house = StaffHouse()
    house.at("2026-05-22T05:05:00+00:00")
    house.token = house.token_of("sandy.rachman@example.com")
    return house


def do(  # noqa: PLR0913  # a request's worth
    staffed: StaffHouse,
    ticket_id: str,
    act: str,
    document: dict[str, object] | None = None,
    *,
    method: str = "POST",
    at: str = "",
) -> Result:
    """Sandy does something to the ticket, at an instant of contract A's day."""
    if at:
        staffed.at(f"2026-05-22T{at}:00+00:00")
    return staffed.call(method, f"{TICKETS}/{ticket_id}/{act}", document or {})


def assigned(staffed: StaffHouse, ticket_id: str, **more: object) -> Result:
    given = {"staffId": str(SANDY), **more}
    return do(staffed, ticket_id, "assign", given, method="PUT")


def public(staffed: StaffHouse, ticket_id: str) -> dict[str, object]:
    """The ticket as contract A shows it to anybody."""
    shown: dict[str, object] = staffed.get(f"/api/intake/status/{ticket_id}").json
    return shown


def test_contract_as_own_example_is_worked_by_the_staffs_api(staffed: StaffHouse) -> None:
    """Assigned 05:10, first reply 06:11, closed 08:00: five minutes, and 120 of working time."""
    ticket_id = staffed.submitted(person="customer")
    do(staffed, ticket_id, "assign", {"staffId": str(SANDY)}, method="PUT", at="05:10")
    do(staffed, ticket_id, "reply", {"message": "Licence have been renew"}, at="06:11")
    do(staffed, ticket_id, "close", at="08:00")
    shown = public(staffed, ticket_id)

    assert {
        "status": "CLOSED",
        "assignedAt": "2026-05-22T05:10:00.000Z",
        "firstAgentReplyAt": "2026-05-22T06:11:00.000Z",
        "closedAt": "2026-05-22T08:00:00.000Z",
        "firstResponseTimeMin": 5,
        "resolutionTimeMin": 120,
        "assignedTo": "Sandy Rachman",
        "rejectionReason": None,
    }.items() <= shown.items()
    assert [("AGENT", "Licence have been renew")] == [
        (message["authorType"], message["body"])
        for message in shown["messages"]  # type: ignore[attr-defined]
    ]


def test_a_rejection_and_its_reason_appear_in_contract_a(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted()
    do(staffed, ticket_id, "reject", {"reason": "  Duplicate request "}, at="06:00")

    assert {
        "status": "REJECTED",
        "rejectionReason": "Duplicate request",
        "closedAt": "2026-05-22T06:00:00.000Z",
        "firstAgentReplyAt": None,
    }.items() <= public(staffed, ticket_id).items()


def test_a_reopened_ticket_is_at_work_again_in_contract_a(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted()
    do(staffed, ticket_id, "close")
    do(staffed, ticket_id, "reopen")

    assert {"status": "ONPROGRESS", "closedAt": None}.items() <= public(staffed, ticket_id).items()


def test_no_note_is_ever_public(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted(person="customer")
    assigned(staffed, ticket_id, notes="canary-notes")
    do(staffed, ticket_id, "note", {"message": "canary-note"})
    do(staffed, ticket_id, "close", {"reason": "canary-reason"})
    texts = [
        staffed.get(path, person=person).text
        for path in (f"/api/intake/status/{ticket_id}", f"/api/intake/lookup?q={ticket_id}")
        for person in ("", "customer", "agent")
    ]

    assert not [text for text in texts if "canary" in text]
    assert [None] * 2 == [public(staffed, ticket_id)[name] for name in FIRST_WORDS]


FIRST_WORDS = ("firstAgentReplyAt", "rejectionReason")


def test_a_row_tells_what_the_queue_needs(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted(description=LONG)
    assigned(staffed, ticket_id)

    assert (
        f'{{"success":true,"tickets":[{{"id":"{ticket_id}","caseNumber":null,"door":"intake",'
        '"status":"IN_PROGRESS","submittedBy":"Sandy","submittedByEmail":"sandy@example.com",'
        f'"subject":null,"description":"{"x" * 199}\\u2026",'
        '"department":"Information Technology","kpiType":"Ad Hoc","urgency":null,'
        f'"priorityScore":null,"assignedTo":{{"id":"{SANDY}","name":"Sandy Rachman"}},'
        '"createdAt":"2026-05-22T05:05:00Z","lastActivity":"2026-05-22T05:05:00Z"}],'
        '"pagination":{"page":1,"limit":20,"total":1,"pages":1,"totalIsCapped":false,'
        '"nextCursor":null}}'
    ) == staffed.call("GET", TICKETS).text


def test_a_case_is_a_row_of_the_same_queue(staffed: StaffHouse) -> None:
    number = staffed.opened()
    (row,) = staffed.read(TICKETS)["tickets"]

    assert {
        "caseNumber": number,
        "door": "support",
        "status": "OPEN",
        "subject": "Unable to access dashboard",
        "description": "Detailed description of the issue...",
        "department": None,
        "kpiType": None,
        "urgency": "HIGH",
        "priorityScore": 85,
        "assignedTo": None,
    }.items() <= row.items()


def logged(staffed: StaffHouse) -> str:
    """The id of work that an agent logged."""
    directory = staffed.desk.store.directory
    change = log_work(
        LoggedWork(
            department=directory.departments[IT],
            kpi_type=directory.kpi_types[uuid_of("8")],
            ticket_date=staffed.desk.clock(),
            description="Logged",
            metrics={"units": 1},
        ),
        directory.agents[SANDY],
        ticket_id=UUID(int=0x99),
        now=staffed.desk.clock(),
    )
    with staffed.desk.ports.begin() as uow:
        uow.save(change)
        uow.commit()
    return str(change.ticket.id)


def test_logged_work_is_in_the_queue_without_a_status(staffed: StaffHouse) -> None:
    ticket_id = logged(staffed)
    (row,) = staffed.read(TICKETS)["tickets"]
    file = staffed.read(f"{TICKETS}/{ticket_id}")

    assert (ticket_id, "intake", None) == (row["id"], row["door"], row["status"])
    assert ({"units": 1}, None) == (file["ticket"]["metrics"], file["ticket"]["status"])


@pytest.mark.parametrize("act", ["close", "reopen", "resume", "cancel", "wait", "resolve"])
def test_logged_work_has_no_life_cycle(staffed: StaffHouse, act: str) -> None:
    answer = do(staffed, logged(staffed), act)

    assert (409, "INVALID_TRANSITION") == (answer.status_code, answer.json["code"])


def test_everything_about_an_intake_ticket_comes_out_to_the_letter(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted(person="customer")
    assigned(staffed, ticket_id)
    do(staffed, ticket_id, "note", {"message": "Careful"}, at="06:00")
    staffed.post(
        f"/api/intake/status/{ticket_id}/messages", {"body": "Any news?"}, person="customer"
    )
    note, word = staffed.desk.store.messages[UUID(ticket_id)]
    answer = staffed.call("GET", f"{TICKETS}/{ticket_id}")
    sandy = f'{{"id":"{SANDY}","name":"Sandy Rachman"}}'
    cora = f'{{"id":"{uuid_of("d")}","name":"Cora Customer"}}'

    assert '"4"' == answer.headers["ETag"]
    assert (
        f'{{"success":true,"ticket":{{"id":"{ticket_id}","caseNumber":null,"door":"intake",'
        '"status":"IN_PROGRESS","submittedBy":"Cora Customer",'
        f'"submittedByEmail":"cora@example.com","submittedByUserId":"{uuid_of("d")}",'
        '"description":"Cannot access shared drive","country":"Indonesia",'
        f'"department":"Information Technology","departmentId":"{IT}","kpiType":"Ad Hoc",'
        f'"kpiTypeId":"{uuid_of("8")}","ticketDate":"2026-05-22T05:05:00Z",'
        f'"isHolidayWork":false,"metrics":{{}},"assignedTo":{sandy},'
        '"createdAt":"2026-05-22T05:05:00Z","assignedAt":"2026-05-22T05:05:00Z",'
        '"firstAssignedAt":"2026-05-22T05:05:00Z","firstAgentReplyAt":null,"closedAt":null,'
        '"lastActivity":"2026-05-22T06:00:00Z","rejectionReason":null,"support":null},'
        f'"messages":[{{"id":"{note.id}","timestamp":"2026-05-22T06:00:00Z",'
        f'"message":"Careful","isInternal":true,"author":{sandy},"attachments":[],'
        f'"authorType":"AGENT"}},{{"id":"{word.id}","timestamp":"2026-05-22T06:00:00Z",'
        f'"message":"Any news?","isInternal":false,"author":{cora},"attachments":[],'
        '"authorType":"CUSTOMER"}],"history":['
        f'{{"kind":"submitted","timestamp":"2026-05-22T05:05:00Z","by":{cora},'
        '"status":"OPEN","details":{}},'
        f'{{"kind":"assigned","timestamp":"2026-05-22T05:05:00Z","by":{sandy},'
        f'"status":"IN_PROGRESS","details":{{"agentId":"{SANDY}"}}}},'
        f'{{"kind":"noted","timestamp":"2026-05-22T06:00:00Z","by":{sandy},'
        f'"status":"IN_PROGRESS","details":{{"messageId":"{note.id}"}}}},'
        f'{{"kind":"customer_replied","timestamp":"2026-05-22T06:00:00Z","by":{cora},'
        f'"status":"IN_PROGRESS","details":{{"messageId":"{word.id}"}}}}],"attachments":[]}}'
    ) == answer.text


def test_a_case_may_be_read_and_worked_by_its_id(staffed: StaffHouse) -> None:
    staffed.opened()
    ticket_id = str(staffed.held("CW-2026-001").id)
    do(staffed, ticket_id, "reply", {"message": "Hello"})
    do(staffed, ticket_id, "resolve")
    case_file = staffed.read(CASE.replace("2025", "2026"))
    support = staffed.read(f"{TICKETS}/{ticket_id}")["ticket"]["support"]

    assert ("RESOLVED", ["Hello"]) == (
        case_file["case"]["caseDetails"]["status"],
        [update["message"] for update in case_file["updates"]],
    )
    assert [
        ("caseNumber", "CW-2026-001"),
        ("organization", "Acme Corp"),
        ("phone", "+1234567890"),
        ("customerType", "BUSINESS"),
        ("issueType", "TECHNICAL"),
        ("clientOrProjectName", "My Project"),
        ("subject", "Unable to access dashboard"),
        ("urgency", "HIGH"),
        ("priorityScore", 85),
        ("responseDueAt", "2026-05-22T09:05:00Z"),
        ("resolutionDueAt", "2026-05-24T05:05:00Z"),
    ] == list(support.items())


def test_an_intake_ticket_has_no_case_number(staffed: StaffHouse) -> None:
    path = f"/api/internal/support/case/{staffed.submitted()}"

    assert 404 == staffed.call("GET", path).status_code


def test_a_reply_is_answered_with_how_the_ticket_stands(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted()
    answer = do(staffed, ticket_id, "reply", {"message": " Hello ", "isInternal": True})
    (said,) = staffed.desk.store.messages[UUID(ticket_id)]

    assert (200, '"2"') == (answer.status_code, answer.headers["ETag"])
    assert (
        f'{{"success":true,"ticket":{{"id":"{ticket_id}","caseNumber":null,"status":"OPEN",'
        '"closedAt":null,"lastActivity":"2026-05-22T05:05:00Z"},'
        f'"message":{{"id":"{said.id}","timestamp":"2026-05-22T05:05:00Z","message":"Hello",'
        f'"isInternal":false,"author":{{"id":"{SANDY}","name":"Sandy Rachman"}},'
        '"attachments":[],"authorType":"AGENT"}}'
    ) == answer.text


def test_a_note_is_a_note_whatever_its_body_says(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted()
    said = {"message": "Careful", "isInternal": False, "statusChange": "CLOSED"}
    answer = do(staffed, ticket_id, "note", said)

    assert (True, "OPEN") == (
        answer.json["message"]["isInternal"],
        answer.json["ticket"]["status"],
    )


def test_a_move_is_answered_to_the_letter(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted()
    answer = do(staffed, ticket_id, "close", at="08:00")

    assert (200, '"2"') == (answer.status_code, answer.headers["ETag"])
    assert (
        f'{{"success":true,"ticket":{{"id":"{ticket_id}","caseNumber":null,"status":"CLOSED",'
        '"closedAt":"2026-05-22T08:00:00Z","lastActivity":"2026-05-22T08:00:00Z"}}'
    ) == answer.text


def test_an_assignment_is_answered_to_the_letter(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted()

    assert (
        f'{{"success":true,"ticket":{{"id":"{ticket_id}","caseNumber":null,'
        '"status":"IN_PROGRESS","closedAt":null,"lastActivity":"2026-05-22T05:05:00Z"},'
        f'"assignedTo":{{"id":"{SANDY}","name":"Sandy Rachman"}},'
        '"department":"Information Technology"}'
    ) == assigned(staffed, ticket_id).text


WAYS = {
    "OPEN": "",
    "IN_PROGRESS": "assign",
    "WAITING": "assign wait",
    "RESOLVED": "resolve",
    "CLOSED": "close",
    "REJECTED": "reject",
    "CANCELLED": "cancel",
}
ENDS = {"resolve": "RESOLVED", "close": "CLOSED", "reject": "REJECTED", "cancel": "CANCELLED"}
ALLOWED = {
    "OPEN": ENDS,
    "IN_PROGRESS": {**ENDS, "wait": "WAITING"},
    "WAITING": {**ENDS, "resume": "IN_PROGRESS"},
    "RESOLVED": {"close": "CLOSED", "reopen": "IN_PROGRESS"},
    "CLOSED": {"reopen": "IN_PROGRESS"},
    "REJECTED": {},
    "CANCELLED": {},
}


def brought(staffed: StaffHouse, status: str) -> str:
    """The id of a ticket that was brought to a status."""
    ticket_id = staffed.submitted()
    for act in WAYS[status].split():
        done = (
            assigned(staffed, ticket_id)
            if act == "assign"
            else do(staffed, ticket_id, act, {"reason": "So"})
        )
        assert 200 == done.status_code, done.text
    return ticket_id


@pytest.mark.parametrize("act", [*ENDS, "wait", "resume", "reopen"])
@pytest.mark.parametrize("status", WAYS)
def test_every_move_obeys_the_one_table(staffed: StaffHouse, status: str, act: str) -> None:
    ticket_id = brought(staffed, status)
    answer = do(staffed, ticket_id, act, {"reason": "Because"})
    to = ALLOWED[status].get(act)

    assert (200 if to else 409, to or status) == (
        answer.status_code,
        staffed.read(f"{TICKETS}/{ticket_id}")["ticket"]["status"],
    )


def test_a_ticket_that_waits_is_resumed_and_not_reopened(staffed: StaffHouse) -> None:
    answer = do(staffed, brought(staffed, "WAITING"), "reopen")

    assert (
        b'{"success":false,"error":"This takes a ticket that is RESOLVED or CLOSED; it is '
        b'WAITING","code":"INVALID_TRANSITION","details":{}}'
    ) == answer.content


@pytest.mark.parametrize("reason", [None, "", "  ", 7, [], "x" * 2001, "a\x00b"])
def test_a_rejection_wants_a_reason(staffed: StaffHouse, reason: object) -> None:
    answer = do(staffed, staffed.submitted(), "reject", {"reason": reason})

    assert (400, {"reason"}) == (answer.status_code, set(answer.json["details"]))


@pytest.mark.parametrize("act", ["close", "resolve", "cancel"])
def test_the_reason_of_another_move_is_kept_in_the_history(staffed: StaffHouse, act: str) -> None:
    ticket_id = staffed.submitted()
    do(staffed, ticket_id, act, {"reason": "Done by phone"})
    happened = staffed.read(f"{TICKETS}/{ticket_id}")["history"][-1]

    assert {"reason": "Done by phone"} == happened["details"]


@pytest.mark.parametrize("act", ["close", "cancel", "reopen"])
def test_a_reason_that_is_no_text_is_refused(staffed: StaffHouse, act: str) -> None:
    answer = do(staffed, staffed.submitted(), act, {"reason": 7})

    assert (400, {"reason"}) == (answer.status_code, set(answer.json["details"]))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"staffId": str(JANE)}, "staffId"),
        ({"staffId": str(JANE), "department": "it"}, "staffId"),
        ({"staffId": str(SANDY), "department": "Technical Support"}, "department"),
        ({"staffId": str(SANDY), "department": str(TECHNICAL)}, "department"),
        ({"staffId": str(uuid_of("6"))}, "staffId"),
        ({}, "staffId"),
    ],
)
def test_an_intake_ticket_stays_where_its_kpi_type_is_taken(
    staffed: StaffHouse, given: dict[str, object], field: str
) -> None:
    answer = do(staffed, staffed.submitted(), "assign", given, method="PUT")

    assert (400, {field}) == (answer.status_code, set(answer.json["details"]))


@pytest.mark.parametrize(
    "ticket_id",
    [
        "00000000-0000-4000-8000-00000000ffff",
        "x",
        "%00",
        "{00000000-0000-0000-0000-000000000001}",
        "00000000000000000000000000000001",
        "CW-2026-001",
        "A" * 4096,
        "%F0%9F%98%80",
    ],
)
@pytest.mark.parametrize("act", ["GET", "POST reply", "POST close", "PUT assign", "POST reject"])
def test_an_unknown_id_is_a_404(staffed: StaffHouse, ticket_id: str, act: str) -> None:
    method, _, rest = act.partition(" ")
    document = {"message": "x", "staffId": str(SANDY), "reason": "x"} if rest else None
    path = f"{TICKETS}/{ticket_id}/{rest}".rstrip("/")

    assert (
        b'{"success":false,"error":"Ticket not found","code":"NOT_FOUND","details":{}}'
    ) == staffed.call(method, path, document).content


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("rest", ["", "/reply", "/close"])
def test_another_method_is_a_405(staffed: StaffHouse, method: str, rest: str) -> None:
    answer = staffed.call(method, f"{TICKETS}/{staffed.submitted()}{rest}")

    assert (405, "METHOD_NOT_ALLOWED") == (answer.status_code, answer.json["code"])


def test_a_customers_message_on_a_closed_ticket_does_not_reopen_it(staffed: StaffHouse) -> None:
    ticket_id = staffed.submitted(person="customer")
    do(staffed, ticket_id, "close")
    staffed.post(f"/api/intake/status/{ticket_id}/messages", {"body": "Still"}, person="customer")
    file = staffed.read(f"{TICKETS}/{ticket_id}")

    assert (Status.CLOSED.value, ["Still"]) == (
        file["ticket"]["status"],
        [message["message"] for message in file["messages"]],
    )
