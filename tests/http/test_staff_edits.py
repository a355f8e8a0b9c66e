"""Safe edits and safe retries: If-Match, Idempotency-Key, and many at once on one case."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from typing import TYPE_CHECKING
from uuid import UUID

import attrs
import pytest

from helpdesk_core.directory import Agent
from helpdesk_core.people import Role
from helpdesk_core.tickets import EventKind, Status
from tests.http.staff_house import CASE, JANE, JOE, TECHNICAL, TICKETS, StaffHouse

if TYPE_CHECKING:
    from falcon.testing import Result

STALE = (
    b'{"success":false,"error":"The ticket was changed by somebody else; read it again",'
    b'"code":"PRECONDITION_FAILED","details":{}}'
)
KEY = {"Idempotency-Key": "6f6a0c5e"}

WRITES: list[tuple[str, str, dict[str, object]]] = [
    ("POST", f"{CASE}/update", {"message": "Hello", "statusChange": "IN_PROGRESS"}),
    ("PUT", f"{CASE}/assign", {"staffId": str(JANE)}),
    ("POST", "{ticket}/reply", {"message": "Hello"}),
    ("POST", "{ticket}/note", {"message": "Hello"}),
    ("PUT", "{ticket}/assign", {"staffId": str(JANE)}),
    ("POST", "{ticket}/close", {}),
    ("POST", "{ticket}/resolve", {"reason": "Done"}),
    ("POST", "{ticket}/reject", {"reason": "Spam"}),
    ("POST", "{ticket}/cancel", {}),
]
POSTS = [write for write in WRITES if write[0] == "POST"]


@pytest.fixture
def staffed() -> StaffHouse:
    """One open case, in version 3."""
    house = StaffHouse()
    house.opened()
    house.update()
    house.update()
    return house


def path_of(staffed: StaffHouse, template: str) -> str:
    return template.replace("{ticket}", f"{TICKETS}/{staffed.held().id}")


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        (None, 200),
        ("*", 200),
        (" * ", 200),
        ('"3"', 200),
        ('"2", "3"', 200),
        ('"3","x"', 200),
        ('  "9"  ,\t"3" ', 200),
        ('W/"2", "3"', 200),
        ('"2"', 412),
        ('"4"', 412),
        ('"1", "2", "4"', 412),
        ('W/"3"', 412),
        ('W/"3", W/"2"', 412),
        ("3", 412),
        ("'3'", 412),
        ('"3', 412),
        ('3"', 412),
        ('"3" "2"', 412),
        ('"3",', 412),
        (',"3"', 412),
        ('"3";"2"', 412),
        ('*, "3"', 412),
        ('"*"', 412),
        ('"03"', 412),
        ('" 3"', 412),
        ('"3 "', 412),
        ('"-3"', 412),
        ('"3.0"', 412),
        ('"٣"', 412),
        ('"\xb3"', 412),
        ('w/"3"', 412),
        ('W/ "3"', 412),
        ("", 412),
        ('""', 412),
        ('"' + "3" * 5000 + '"', 412),
        (", ".join(['"2"'] * 400 + ['"3"']), 412),
        ("\x00", 412),
    ],
)
@pytest.mark.parametrize(("method", "rest"), [("POST", "/update"), ("PUT", "/assign")])
def test_a_write_is_made_on_the_version_that_was_seen(
    staffed: StaffHouse, method: str, rest: str, tags: str | None, status: int
) -> None:
    known = {} if tags is None else {"HTTP_IF_MATCH": tags}
    body = b'{"message":"x"}' if method == "POST" else f'{{"staffId":"{JANE}"}}'.encode()
    said, answer = given(staffed, method, CASE + rest, body, known)

    assert (status, 4 if status == 200 else 3) == (int(said[:3]), staffed.held().version)
    assert (status == 412) == (answer == STALE)


def given(
    staffed: StaffHouse, method: str, path: str, body: bytes, environ: dict[str, str]
) -> tuple[str, bytes]:
    """Ask with headers that no client library would send."""
    authorization = f"Bearer {staffed.token}"
    return staffed.hand_over(method, path, body, HTTP_AUTHORIZATION=authorization, **environ)


@pytest.mark.parametrize(("method", "template", "document"), WRITES)
def test_every_write_answers_its_tag_and_refuses_a_stale_one(
    staffed: StaffHouse, method: str, template: str, document: dict[str, object]
) -> None:
    path = path_of(staffed, template)
    stale = staffed.call(method, path, document, headers={"If-Match": '"2"'})
    fresh = staffed.call(method, path, document, headers={"If-Match": '"3"'})

    assert (412, STALE, None) == (stale.status_code, stale.content, stale.headers.get("ETag"))
    assert (200, '"4"') == (fresh.status_code, fresh.headers["ETag"])
    assert '"4"' == staffed.call("GET", CASE).headers["ETag"]


def test_both_doors_of_the_staff_know_a_case_by_the_same_tag(staffed: StaffHouse) -> None:
    path = path_of(staffed, "{ticket}")

    assert '"3"' == staffed.call("GET", path).headers["ETag"]
    assert '"3"' == staffed.call("GET", CASE).headers["ETag"]


def test_what_is_wrong_with_a_body_is_told_before_what_is_stale(staffed: StaffHouse) -> None:
    answer = staffed.update(headers={"If-Match": '"2"'}, isInternal=1)

    assert (400, {"isInternal"}) == (answer.status_code, set(answer.json["details"]))


def test_an_unknown_case_is_unknown_in_every_version(staffed: StaffHouse) -> None:
    path = CASE.replace("001", "999") + "/update"

    assert (
        404 == staffed.call("POST", path, {"message": "x"}, headers={"If-Match": '"1"'}).status_code
    )


def same(first: Result, again: Result) -> bool:
    """True when the answers are alike, headers included, but for their request ids."""
    heads = [
        {name: value for name, value in each.headers.items() if name.lower() != "x-request-id"}
        for each in (first, again)
    ]
    return (first.status_code, first.content, heads[0]) == (
        again.status_code,
        again.content,
        heads[1],
    )


@pytest.mark.parametrize(("method", "template", "document"), POSTS)
def test_a_request_of_a_key_is_done_once_and_answered_alike(
    staffed: StaffHouse, method: str, template: str, document: dict[str, object]
) -> None:
    path = path_of(staffed, template)
    first = staffed.call(method, path, document, headers=KEY)
    staffed.at("2025-01-28T09:59:59+00:00")
    again = staffed.call(method, path, document, headers=KEY)

    assert same(first, again)
    assert (200, '"4"', 4) == (
        again.status_code,
        again.headers["ETag"],
        staffed.held().version,
    )


def test_a_retry_with_the_condition_of_the_first_time_is_answered_alike(
    staffed: StaffHouse,
) -> None:
    """The condition is met no more, for the first time met it."""
    headers = {**KEY, "If-Match": '"3"'}

    assert same(staffed.update(headers=headers), staffed.update(headers=headers))


@pytest.mark.parametrize("other", [{}, {"If-Match": '"4"'}, {"If-Match": "*"}])
def test_a_condition_is_no_part_of_what_a_key_stands_for(
    staffed: StaffHouse, other: dict[str, str]
) -> None:
    """Who lost the answer may have read the case since, and know its newer tag."""
    first = staffed.update(headers={**KEY, "If-Match": '"3"'})

    assert same(first, staffed.update(headers={**KEY, **other}))
    assert 4 == staffed.held().version


def test_a_stale_request_is_not_kept_and_may_be_sent_again(staffed: StaffHouse) -> None:
    stale = staffed.update(headers={**KEY, "If-Match": '"2"'})
    fresh = staffed.update(headers={**KEY, "If-Match": '"3"'})

    assert (412, 200) == (stale.status_code, fresh.status_code)


def test_a_key_of_another_request_is_a_422(staffed: StaffHouse) -> None:
    staffed.update(headers=KEY)
    answer = staffed.update("Something else", headers=KEY)

    assert (422, "IDEMPOTENCY_KEY_REUSED", 4) == (
        answer.status_code,
        answer.json["code"],
        staffed.held().version,
    )


def test_a_key_is_its_holders_own(staffed: StaffHouse) -> None:
    joes = staffed.token_of("joe@example.com")
    staffed.update(headers=KEY)
    staffed.call("POST", f"{CASE}/update", {"message": "Looked at it"}, token=joes, headers=KEY)

    assert 5 == staffed.held().version


def test_many_of_one_key_at_once_are_one(staffed: StaffHouse) -> None:
    start = Barrier(8)

    def update(_: int) -> tuple[int, bytes, str]:
        start.wait()
        answer = staffed.update(headers=KEY)
        return answer.status_code, answer.content, answer.headers["ETag"]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(update, range(8)))

    assert (1, 4) == (len(answers), staffed.held().version)


def crowd(staffed: StaffHouse, size: int) -> list[UUID]:
    """So many more agents."""
    agents = [
        Agent(
            id=UUID(int=0xC0DE + number),
            name=f"Agent {number}",
            email=f"agent{number}@example.com",
            department_ids=frozenset({TECHNICAL}),
        )
        for number in range(size)
    ]
    held = staffed.desk.store.directory
    with staffed.desk.ports.begin() as uow:
        grown = {**held.agents, **{agent.id: agent for agent in agents}}
        uow.save_directory(attrs.evolve(held, version=held.version + 1, agents=grown))
        uow.commit()
    return [agent.id for agent in agents]


def test_32_assignments_of_one_case_at_once_leave_one_history(staffed: StaffHouse) -> None:
    """Each real change is recorded once, and each follows the one before it."""
    agents = crowd(staffed, 32)
    start = Barrier(32)

    def assign(agent: UUID) -> int:
        start.wait()
        return staffed.assign(agent, department="tech").status_code

    with ThreadPoolExecutor(32) as pool:
        statuses = list(pool.map(assign, agents))
    given_to = [
        event.details
        for event in staffed.history(staffed.held())
        if event.kind in {EventKind.ASSIGNED, EventKind.REASSIGNED}
    ]

    assert [200] * 32 == statuses
    assert Counter(map(str, agents)) == Counter(each["agentId"] for each in given_to)
    assert all(
        after["previousAgentId"] == before["agentId"] for before, after in pairwise(given_to)
    )
    assert (35, given_to[-1]["agentId"], Status.IN_PROGRESS) == (
        staffed.held().version,
        str(staffed.held().assigned_to),
        staffed.held().status,
    )


def test_32_assignments_to_one_agent_at_once_are_one_change(staffed: StaffHouse) -> None:
    start = Barrier(32)

    def assign(_: int) -> tuple[int, bytes, str]:
        start.wait()
        answer = staffed.assign(JOE, department="tech")
        return answer.status_code, answer.content, answer.headers["ETag"]

    with ThreadPoolExecutor(32) as pool:
        answers = set(pool.map(assign, range(32)))

    assert [(200, '"4"')] == [(status, tag) for status, _, tag in answers]
    assert 4 == staffed.held().version


def test_of_32_writes_on_one_seen_version_one_is_made(staffed: StaffHouse) -> None:
    agents = crowd(staffed, 32)
    start = Barrier(32)

    def assign(agent: UUID) -> int:
        start.wait()
        return staffed.assign(agent, headers={"If-Match": '"3"'}).status_code

    with ThreadPoolExecutor(32) as pool:
        statuses = Counter(pool.map(assign, agents))

    assert ({200: 1, 412: 31}, 4) == (statuses, staffed.held().version)


def test_a_token_of_management_edits_as_an_agents(staffed: StaffHouse) -> None:
    token = staffed.token_of("maya@example.com", Role.MANAGEMENT)
    answer = staffed.call("PUT", f"{CASE}/assign", {"staffId": str(JOE)}, token=token)

    assert (200, '"4"') == (answer.status_code, answer.headers["ETag"])
