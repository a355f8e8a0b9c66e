"""The audit trail over HTTP: for admins, filtered, a page at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpdesk_core.people import Role
from tests.http.staff_house import StaffHouse

AUDIT = "/api/internal/audit"


class Archive(StaffHouse):
    """The contract's desk; `admin` is Ada's token."""

    def __init__(self) -> None:
        super().__init__()
        _ = self.opened()
        self.admin = self.token_of("ada@example.com", Role.ADMIN)

    def records(self, query: str = "") -> Any:  # noqa: ANN401  # any JSON
        """What Ada is shown."""
        answer = self.call("GET", f"{AUDIT}{query}", token=self.admin)
        assert 200 == answer.status_code, answer.text
        return answer.json


@pytest.fixture
def archive() -> Archive:
    return Archive()


def test_a_record_says_everything_in_these_words(archive: Archive) -> None:
    assert 200 == archive.update("Seen").status_code
    answer = archive.call("GET", f"{AUDIT}?kind=agent_replied", token=archive.admin)
    [record] = json.loads(answer.content)["records"]

    wanted = {
        "success": True,
        "records": [
            {
                "object": record["object"],
                "number": 2,
                "position": 0,
                "kind": "agent_replied",
                "at": record["at"],
                "notedAt": record["at"],
                "actorId": record["actorId"],
                "who": "Jane Smith <jane@example.com>, agent",
                "origin": record["origin"],
                "status": "OPEN",
                "details": {"messageId": record["details"]["messageId"]},
                "erased": False,
                "hash": record["hash"],
            }
        ],
        "nextCursor": None,
    }
    assert json.dumps(wanted, separators=(",", ":")).encode() == answer.content


def test_pages_hold_every_record_once(archive: Archive) -> None:
    for number in range(5):
        assert 200 == archive.update(f"Seen {number}").status_code
    whole = archive.records("?limit=200")["records"]
    paged, cursor = [], ""
    while True:
        page = archive.records(f"?limit=2{cursor}")
        paged.extend(page["records"])
        if page["nextCursor"] is None:
            break
        cursor = f"&cursor={page['nextCursor']}"

    assert whole == paged
    assert len(whole) > 5


def test_an_address_finds_what_somebody_did(archive: Archive) -> None:
    assert 200 == archive.update().status_code

    assert {"agent_replied"} == {
        it["kind"] for it in archive.records("?actor=jane@example.com")["records"]
    }


def test_times_bound_what_is_found(archive: Archive) -> None:
    archive.at("2026-06-01T00:00:00+00:00")
    assert 200 == archive.update().status_code

    later = archive.records("?from=2026-06-01T00:00:00Z")["records"]
    before = archive.records("?to=2026-06-01T00:00:00Z")["records"]
    assert ["agent_replied"] == [it["kind"] for it in later]
    assert "agent_replied" not in {it["kind"] for it in before}


@pytest.mark.parametrize(
    "query",
    [
        "object=nonsense",
        "object=ticket:1",
        "object=secret:1",
        "object=agent:%00",
        "actor=nobody@example.com",
        "actor=1",
        "kind=nonsense",
        "from=yesterday",
        "to=2026-13-01",
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=x",
        "cursor=W10",
        "kind=noted&kind=closed",
    ],
)
def test_what_cannot_be_meant_is_refused(archive: Archive, query: str) -> None:
    answer = archive.call("GET", f"{AUDIT}?{query}", token=archive.admin)

    assert 400 == answer.status_code, answer.text


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGEMENT])
def test_only_admins_read_it(archive: Archive, role: Role) -> None:
    person = {Role.AGENT: "jane@example.com", Role.MANAGEMENT: "maya@example.com"}[role]
    token = archive.token_of(person, role)

    assert 403 == archive.call("GET", AUDIT, token=token).status_code
    assert 401 == archive.call("GET", AUDIT, token="").status_code


def test_everything_about_one_object_is_found_by_its_name(archive: Archive) -> None:
    assert 200 == archive.update().status_code
    ticket = archive.records("?kind=submitted")["records"][0]["object"]

    assert ["agent_replied", "submitted"] == [
        it["kind"] for it in archive.records(f"?object={ticket}")["records"]
    ]


def test_who_is_refused_is_recorded(archive: Archive) -> None:
    assert 403 == archive.call("GET", AUDIT).status_code

    [refused] = archive.records("?kind=forbidden")["records"]
    assert ("Jane Smith <jane@example.com>, agent", "GET /api/internal/audit") == (
        refused["who"],
        refused["details"]["at"],
    )


def test_refusals_of_one_person_are_recorded_within_bounds(archive: Archive) -> None:
    for _ in range(70):
        assert 403 == archive.call("GET", AUDIT).status_code

    assert 60 == len(archive.records("?kind=forbidden&limit=200")["records"])


def test_a_customer_at_the_staffs_door_is_recorded_with_where_they_stood(archive: Archive) -> None:
    token = archive.token_of("ben@example.org", Role.CUSTOMER)
    assert 403 == archive.call("GET", "/api/internal/tickets", token=token).status_code

    [refused] = archive.records("?kind=forbidden")["records"]
    assert "GET /api/internal/" == refused["details"]["at"]
