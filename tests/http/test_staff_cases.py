"""Contract B's staff endpoints for one case: its details, updates and assignments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from helpdesk_core.attachments import Attachment
from helpdesk_core.tickets import EventKind, Status, attach
from helpdesk_memory import MemoryFiles
from tests.http.staff_house import CASE, CASES, GONE, IT, JANE, JOE, SANDY, TECHNICAL, StaffHouse

if TYPE_CHECKING:
    from falcon.testing import Result


@pytest.fixture
def staffed() -> StaffHouse:
    """The contract's example is open."""
    house = StaffHouse()
    house.opened()
    return house


def a_file(staffed: StaffHouse, number: int = 77, case: str = "CW-2025-001") -> UUID:
    """The id of a file of the case, which Jane added."""
    held = Attachment(
        id=UUID(int=number),
        name="log.txt",
        media_type="text/plain",
        size=3,
        digest=b"",
        added_by=JANE,
        created_at=staffed.desk.clock(),
    )
    with staffed.desk.ports.begin() as uow:
        uow.save(attach(staffed.held(case), held, by=None))
        uow.commit()
    return held.id


def code(answer: Result) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def test_the_contracts_own_details_come_out_to_the_letter(staffed: StaffHouse) -> None:
    staffed.at("2025-01-27T11:00:00+00:00")
    staffed.assign(JANE, department="Technical Support")
    staffed.at("2025-01-27T11:30:00+00:00")
    staffed.update("Case assigned to technical team")
    staffed.at("2025-01-27T14:30:00.999+00:00")
    staffed.update("Careful with this one", isInternal=True)
    public, internal = staffed.desk.store.messages[staffed.held().id]
    answer = staffed.call("GET", CASE)

    assert (
        '{"success":true,"case":{"caseNumber":"CW-2025-001","customerInfo":{"name":"John Doe",'
        '"email":"john@example.com","organization":"Acme Corp","phone":"+1234567890",'
        '"customerType":"BUSINESS"},"caseDetails":{"subject":"Unable to access dashboard",'
        '"message":"Detailed description of the issue...","issueType":"TECHNICAL",'
        '"urgency":"HIGH","status":"IN_PROGRESS","priorityScore":85,'
        '"clientOrProjectName":"My Project"},"assignment":{'
        f'"assignedTo":"{JANE}","assignedAt":"2025-01-27T11:00:00Z",'
        '"department":"Technical Support","assignedToName":"Jane Smith"},"timeline":{'
        '"createdAt":"2025-01-27T10:00:00Z","firstResponse":"2025-01-27T11:30:00Z",'
        '"lastActivity":"2025-01-27T14:30:00Z","estimatedResolution":"2025-01-29T10:00:00Z"},'
        f'"id":"{staffed.held().id}"}},"updates":[{{"id":"{public.id}",'
        '"timestamp":"2025-01-27T11:30:00Z","message":"Case assigned to technical team",'
        f'"isInternal":false,"author":{{"id":"{JANE}","name":"Jane Smith"}},"attachments":[],'
        f'"authorType":"AGENT"}},{{"id":"{internal.id}","timestamp":"2025-01-27T14:30:00Z",'
        f'"message":"Careful with this one","isInternal":true,"author":{{"id":"{JANE}",'
        '"name":"Jane Smith"},"attachments":[],"authorType":"AGENT"}],"escalations":[],'
        '"attachments":[]}'
    ) == answer.text
    assert ('"4"', "no-store", "application/json") == (
        answer.headers["ETag"],
        answer.headers["Cache-Control"],
        answer.headers["Content-Type"],
    )


def test_a_case_that_was_just_opened_has_nothing_else(staffed: StaffHouse) -> None:
    file = staffed.read(CASE)

    assert {
        "assignedTo": None,
        "assignedAt": None,
        "department": None,
        "assignedToName": None,
    } == file["case"]["assignment"]
    assert (None, [], [], []) == (
        file["case"]["timeline"]["firstResponse"],
        file["updates"],
        file["escalations"],
        file["attachments"],
    )


def test_an_escalation_tells_why_from_where_to_where_and_by_whom(staffed: StaffHouse) -> None:
    staffed.at("2025-01-28T10:00:00+00:00")
    staffed.knock("escalate", reason="No response for 24 hours", newUrgency="CRITICAL")

    assert [
        [
            ("timestamp", "2025-01-28T10:00:00Z"),
            ("reason", "No response for 24 hours"),
            ("fromUrgency", "HIGH"),
            ("toUrgency", "CRITICAL"),
            ("escalatedBy", None),
        ]
    ] == [list(each.items()) for each in staffed.read(CASE)["escalations"]]


def test_a_file_is_told_of_by_its_name_kind_size_and_uploader(staffed: StaffHouse) -> None:
    file_id = a_file(staffed)

    assert [
        [
            ("id", str(file_id)),
            ("name", "log.txt"),
            ("mediaType", "text/plain"),
            ("size", 3),
            ("uploadedAt", "2025-01-27T10:00:00Z"),
            ("uploadedBy", {"id": str(JANE), "name": "Jane Smith"}),
            ("looksSecret", False),
            ("removedAt", None),
        ]
    ] == [list(each.items()) for each in staffed.read(CASE)["attachments"]]


@pytest.mark.parametrize("number", ["CW-2025-001", "cw-2025-001", "CW-2025-OO1", "cw-2025-0o1"])
def test_a_number_is_read_without_regard_to_case_and_look_alikes(
    staffed: StaffHouse, number: str
) -> None:
    path = f"/api/internal/support/case/{number}"

    assert "CW-2025-001" == staffed.read(path)["case"]["caseNumber"]


@pytest.mark.parametrize(
    "number", ["CW-2025-002", "CW-2025-1", "x", "%00", "%F0%9F%98%80", "A" * 4096, "..%2f", "{id}"]
)
@pytest.mark.parametrize(
    ("method", "rest", "document"),
    [
        ("GET", "", None),
        ("POST", "/update", {"message": "Hello"}),
        ("PUT", "/assign", {"staffId": str(JOE)}),
    ],
)
def test_an_unknown_number_is_a_404(
    staffed: StaffHouse, number: str, method: str, rest: str, document: object
) -> None:
    written = number.replace("{id}", str(staffed.held().id))
    answer = staffed.call(method, f"/api/internal/support/case/{written}{rest}", document)

    assert (404, "NOT_FOUND") == code(answer)


def test_head_answers_as_get_without_a_body(staffed: StaffHouse) -> None:
    got, headed = staffed.call("GET", CASE), staffed.call("HEAD", CASE)

    assert (got.headers["ETag"], got.headers["Content-Length"], b"") == (
        headed.headers["ETag"],
        headed.headers["Content-Length"],
        headed.content,
    )


def test_an_update_is_answered_to_the_letter(staffed: StaffHouse) -> None:
    staffed.at("2025-01-27T14:30:00+00:00")
    staffed.assign(JANE)
    answer = staffed.update(
        "Investigated the issue, found root cause in authentication module",
        isInternal=False,
        statusChange="IN_PROGRESS",
        attachments=[],
    )
    (said,) = staffed.desk.store.messages[staffed.held().id]

    assert (200, '"3"') == (answer.status_code, answer.headers["ETag"])
    assert (
        '{"success":true,"message":"Case updated successfully","caseNumber":"CW-2025-001",'
        f'"status":"IN_PROGRESS","update":{{"id":"{said.id}",'
        '"timestamp":"2025-01-27T14:30:00Z",'
        '"message":"Investigated the issue, found root cause in authentication module",'
        f'"isInternal":false,"author":{{"id":"{JANE}","name":"Jane Smith"}},"attachments":[],'
        '"authorType":"AGENT"}}'
    ) == answer.text


def test_an_update_and_its_change_of_status_are_one_version(staffed: StaffHouse) -> None:
    answer = staffed.update("On it", statusChange="IN_PROGRESS")
    kinds = [event.kind for event in staffed.history(staffed.held())]

    assert ('"2"', 2, Status.IN_PROGRESS) == (
        answer.headers["ETag"],
        staffed.held().version,
        staffed.held().status,
    )
    assert [EventKind.SUBMITTED, EventKind.AGENT_REPLIED, EventKind.STARTED] == kinds


def test_the_status_that_a_case_has_is_no_change_of_it(staffed: StaffHouse) -> None:
    staffed.update("Seen", statusChange="OPEN")
    kinds = [event.kind for event in staffed.history(staffed.held())]

    assert [EventKind.SUBMITTED, EventKind.AGENT_REPLIED] == kinds


def test_a_move_that_the_table_forbids_says_and_stores_nothing(staffed: StaffHouse) -> None:
    answer = staffed.update("Waiting for you", statusChange="WAITING")

    assert (
        b'{"success":false,"error":"A ticket that is OPEN cannot become WAITING",'
        b'"code":"INVALID_TRANSITION","details":{}}'
    ) == answer.content
    assert (409, 1, {}) == (
        answer.status_code,
        staffed.held().version,
        staffed.desk.store.messages,
    )


def test_the_first_public_update_is_the_first_response(staffed: StaffHouse) -> None:
    staffed.at("2025-01-27T11:00:00+00:00")
    staffed.update("Careful", isInternal=True)
    before = staffed.read(CASE)["case"]["timeline"]["firstResponse"]
    staffed.at("2025-01-27T12:00:00+00:00")
    staffed.update("Hello")
    staffed.at("2025-01-27T13:00:00+00:00")
    staffed.update("Hello again")

    assert (None, "2025-01-27T12:00:00Z") == (
        before,
        staffed.read(CASE)["case"]["timeline"]["firstResponse"],
    )


def test_an_update_refers_to_files_of_its_case(staffed: StaffHouse) -> None:
    file_id = a_file(staffed)
    answer = staffed.update(attachments=[str(file_id)])

    assert [str(file_id)] == answer.json["update"]["attachments"]
    assert [str(file_id)] == staffed.read(CASE)["updates"][0]["attachments"]


def test_a_file_of_another_case_is_no_file_of_this_one(staffed: StaffHouse) -> None:
    staffed.opened()
    other = a_file(staffed, case="CW-2025-002")

    assert (400, "VALIDATION_ERROR") == code(staffed.update(attachments=[str(other)]))


FAULTS = [
    ({"message": ...}, {"message"}),
    ({"message": None}, {"message"}),
    ({"message": "  \n"}, {"message"}),
    ({"message": 7}, {"message"}),
    ({"message": "a\x00b"}, {"message"}),
    ({"message": "\ud800"}, {"message"}),
    ({"message": "x" * 20_001}, {"message"}),
    ({"isInternal": "false"}, {"isInternal"}),
    ({"isInternal": 0}, {"isInternal"}),
    ({"isInternal": []}, {"isInternal"}),
    ({"statusChange": "open"}, {"statusChange"}),
    ({"statusChange": "NEW"}, {"statusChange"}),
    ({"statusChange": ["OPEN"]}, {"statusChange"}),
    ({"statusChange": 1}, {"statusChange"}),
    ({"attachments": "x"}, {"attachments"}),
    ({"attachments": ["https://example.com/x.png"]}, {"attachments"}),
    ({"attachments": ["data:text/plain;base64,AAAA"]}, {"attachments"}),
    ({"attachments": [{"name": "x", "content": "AAAA"}]}, {"attachments"}),
    ({"attachments": [str(JOE), str(JOE)]}, {"attachments"}),
    ({"attachments": [str(UUID(int=n)) for n in range(21)]}, {"attachments"}),
    (
        {"message": "", "isInternal": 1, "statusChange": "X", "attachments": {}},
        {"message", "isInternal", "statusChange", "attachments"},
    ),
]


@pytest.mark.parametrize(("changes", "fields"), FAULTS)
def test_every_fault_of_an_update_is_told_at_once(
    staffed: StaffHouse, changes: dict[str, object], fields: set[str]
) -> None:
    document = {
        key: value for key, value in {"message": "Hello", **changes}.items() if value is not ...
    }
    answer = staffed.call("POST", f"{CASE}/update", document)

    assert ((400, "VALIDATION_ERROR"), fields) == (code(answer), set(answer.json["details"]))
    assert 1 == staffed.held().version


def test_what_nobody_asked_for_has_no_effect(staffed: StaffHouse) -> None:
    staffed.update(
        id=str(JOE), status="CLOSED", role="admin", assignedTo=str(JOE), author={"id": str(JOE)}
    )
    (update,) = staffed.read(CASE)["updates"]

    assert (Status.OPEN, None, str(JANE)) == (
        staffed.held().status,
        staffed.held().assigned_to,
        update["author"]["id"],
    )


def test_an_assignment_is_answered_to_the_letter(staffed: StaffHouse) -> None:
    answer = staffed.assign(JOE, department="Technical Support", notes="Reassigning to senior")

    assert (200, '"2"') == (answer.status_code, answer.headers["ETag"])
    assert (
        '{"success":true,"message":"Case assigned successfully","caseNumber":"CW-2025-001",'
        f'"assignedTo":{{"id":"{JOE}","name":"Joe Senior"}},"department":"Technical Support"}}'
    ) == answer.text


@pytest.mark.parametrize(
    "named", ["Technical Support", "  technical SUPPORT ", "tech", "TECH", str(TECHNICAL)]
)
def test_a_department_is_named_by_its_name_key_or_id(staffed: StaffHouse, named: str) -> None:
    assert "Technical Support" == staffed.assign(department=named).json["department"]


def test_without_a_department_a_case_stays_where_it_is(staffed: StaffHouse) -> None:
    before = staffed.assign(JANE).json["department"]
    staffed.assign(JANE, department="tech")

    assert (None, "Technical Support") == (before, staffed.assign(JOE).json["department"])


def test_a_reassignment_moves_the_time_and_keeps_the_old_name(staffed: StaffHouse) -> None:
    staffed.assign(JANE)
    staffed.at("2025-01-27T12:00:00+00:00")
    staffed.assign(JOE)
    happened = staffed.history(staffed.held())[-1]

    assert {
        "assignedTo": str(JOE),
        "assignedAt": "2025-01-27T12:00:00Z",
        "department": None,
        "assignedToName": "Joe Senior",
    } == staffed.read(CASE)["case"]["assignment"]
    assert (EventKind.REASSIGNED, {"agentId": str(JOE), "previousAgentId": str(JANE)}) == (
        happened.kind,
        happened.details,
    )


def test_giving_a_case_to_whoever_has_it_changes_nothing(staffed: StaffHouse) -> None:
    first = staffed.assign(JANE, department="tech")
    staffed.at("2025-01-27T12:00:00+00:00")
    again = staffed.assign(JANE, department="tech")

    assert (first.content, '"2"', '"2"') == (
        again.content,
        first.headers["ETag"],
        again.headers["ETag"],
    )
    assert 2 == staffed.held().version


def test_notes_of_an_assignment_stay_among_staff(staffed: StaffHouse) -> None:
    staffed.assign(JOE, notes="Reassigning to senior engineer")
    (update,) = staffed.read(CASE)["updates"]

    assert ("Reassigning to senior engineer", True) == (update["message"], update["isInternal"])
    assert [] == staffed.knock("status").json["updates"]


WRONG = [
    ({"staffId": ...}, {"staffId"}),
    ({"staffId": "staff-456"}, {"staffId"}),
    ({"staffId": 7}, {"staffId"}),
    ({"staffId": str(UUID(int=1))}, {"staffId"}),
    ({"staffId": str(GONE)}, {"staffId"}),
    ({"staffId": str(SANDY), "department": "tech"}, {"staffId"}),
    ({"department": "Unknown"}, {"department"}),
    ({"department": 7}, {"department"}),
    ({"department": str(UUID(int=1))}, {"department"}),
    ({"department": "Information\nTechnology"}, {"department"}),
    ({"notes": 7}, {"notes"}),
    ({"notes": "a\x00"}, {"notes"}),
    ({"notes": "x" * 2001}, {"notes"}),
    ({"staffId": "", "department": [], "notes": {}}, {"staffId", "department", "notes"}),
]


@pytest.mark.parametrize(("changes", "fields"), WRONG)
def test_an_assignment_that_cannot_be_is_a_400(
    staffed: StaffHouse, changes: dict[str, object], fields: set[str]
) -> None:
    document = {
        key: value for key, value in {"staffId": str(JANE), **changes}.items() if value is not ...
    }
    answer = staffed.call("PUT", f"{CASE}/assign", document)

    assert ((400, "VALIDATION_ERROR"), fields) == (code(answer), set(answer.json["details"]))
    assert 1 == staffed.held().version


def test_a_case_may_go_to_any_department_that_the_agent_works_in(staffed: StaffHouse) -> None:
    assert "Information Technology" == staffed.assign(SANDY, department=str(IT)).json["department"]


@pytest.mark.parametrize("status", ["RESOLVED", "CLOSED", "REJECTED", "CANCELLED"])
def test_a_finished_case_is_given_to_nobody(staffed: StaffHouse, status: str) -> None:
    staffed.update("Done", statusChange=status)

    assert (409, "INVALID_TRANSITION") == code(staffed.assign())


@pytest.mark.parametrize("write", ["POST /update", "PUT /assign"])
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"[]", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"message":"a","message":"b"}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b" " * (1024 * 1024) + b"{}", "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_the_envelope(
    staffed: StaffHouse, write: str, body: bytes, kind: str, status: int
) -> None:
    method, rest = write.split()
    headers = {"Content-Type": kind, "Authorization": f"Bearer {staffed.token}"}
    answer = staffed.ask(method, CASE + rest, body=body, headers=headers)

    assert (status, ["success", "error", "code", "details"]) == (
        answer.status_code,
        list(answer.json),
    )


def test_no_note_and_no_personal_field_is_public(staffed: StaffHouse) -> None:
    """Canaries: whatever staff keep to themselves is in no answer to a customer."""
    staffed.rebuild(files=MemoryFiles(staffed.desk.clock))
    staffed.assign(JOE, department="tech", notes="canary-notes")
    staffed.update("canary-note", isInternal=True)
    staffed.update("Public words")
    answers = [staffed.knock(what).text for what in ("status", "escalate", "cancel", "status")]
    told = json.dumps(answers)

    assert "Public words" in told
    assert not [
        word
        for word in ("canary", "Jane", "Joe", str(JOE), str(JANE), "John", "example.com", "Acme")
        if word in told
    ]


def test_the_list_shows_the_contracts_own_example(staffed: StaffHouse) -> None:
    staffed.at("2025-01-27T14:30:00+00:00")
    staffed.assign(JANE)

    assert (
        '{"success":true,"cases":[{"caseNumber":"CW-2025-001","customerName":"John Doe",'
        '"customerEmail":"john@example.com","status":"IN_PROGRESS","urgency":"HIGH",'
        f'"issueType":"TECHNICAL","assignedTo":{{"id":"{JANE}","name":"Jane Smith"}},'
        '"createdAt":"2025-01-27T10:00:00Z","lastActivity":"2025-01-27T14:30:00Z"}],'
        '"pagination":{"page":1,"limit":20,"total":1,"pages":1,"totalIsCapped":false,'
        '"nextCursor":null}}'
    ) == staffed.call("GET", CASES).text
