"""The queue over HTTP: filters, orders, pages and cursors, each of a closed list."""

from __future__ import annotations

import base64
import json
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.errors import Invalid
from helpdesk_core.queue import Order, Place, SortKey, SortOrder
from helpdesk_http import cursors
from helpdesk_http.cursors import Cursor, cursor_text, read_cursor
from tests.http.conftest import MONDAY
from tests.http.staff_house import CASES, JANE, JOE, TICKETS, StaffHouse

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

KEYS = [key.value for key in SortKey]
ORDERS = ["asc", "desc"]


@pytest.fixture(scope="module")
def busy() -> StaffHouse:
    """Twelve cases and three tickets, of two instants, all urgencies, tiers and some statuses."""
    house = StaffHouse()
    for number in range(12):
        house.desk.clock.set(MONDAY + timedelta(hours=number % 2))
        house.opened(
            peer=f"203.0.113.{number}",
            urgency=["LOW", "MEDIUM", "HIGH", "CRITICAL"][number % 4],
            customerType=["FREE", "BUSINESS", "ENTERPRISE"][number % 3],
        )
    for _ in range(3):
        house.submitted()
    for number, staff in ((1, JANE), (2, JANE), (3, JOE)):
        path = f"/api/internal/support/case/CW-2025-00{number}/assign"
        assert 200 == house.call("PUT", path, {"staffId": str(staff)}).status_code
    house.call("POST", "/api/internal/support/case/CW-2025-004/update", closing("CLOSED"))
    house.call("POST", "/api/internal/support/case/CW-2025-005/update", closing("REJECTED"))
    return house


def closing(status: str) -> dict[str, str]:
    return {"message": "Done", "statusChange": status}


@pytest.fixture
def staffed() -> StaffHouse:
    return StaffHouse()


def numbers(house: StaffHouse, query: str) -> list[str]:
    return [case["caseNumber"] for case in house.read(f"{CASES}?{query}")["cases"]]


def ids(house: StaffHouse, query: str) -> list[str]:
    return [ticket["id"] for ticket in house.read(f"{TICKETS}?{query}")["tickets"]]


def faults(house: StaffHouse, query: str, path: str = CASES) -> set[str]:
    """What is wrong with the query, which must be refused."""
    answer = house.call("GET", f"{path}?{query}")
    assert (400, "VALIDATION_ERROR") == (answer.status_code, answer.json["code"])
    return set(answer.json["details"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=IN_PROGRESS", {1, 2, 3}),
        ("status=CLOSED", {4}),
        ("status=WAITING", set()),
        ("urgency=LOW", {1, 5, 9}),
        ("urgency=CRITICAL", {4, 8, 12}),
        ("customerType=ENTERPRISE", {3, 6, 9, 12}),
        (f"assignedTo={JANE}", {1, 2}),
        (f"assignedTo={str(JOE).upper()}", {3}),
        ("assignedTo=none", set(range(4, 13))),
        ("assignedTo=00000000-0000-4000-8000-00000000ffff", set()),
        (f"urgency=LOW&customerType=FREE&assignedTo={JANE}&status=IN_PROGRESS", {1}),
        (
            "status=&urgency=&customerType=&assignedTo=&page=&limit=&sortBy=&cursor=",
            set(range(1, 13)),
        ),
        ("unknown=1&offset=3&door=intake", set(range(1, 13))),
    ],
)
def test_a_filter_lists_what_fits_and_nothing_else(
    busy: StaffHouse, query: str, expected: set[int]
) -> None:
    assert {f"CW-2025-{number:03}" for number in expected} == set(numbers(busy, query))


@pytest.mark.parametrize(
    ("query", "expected"), [("door=support", 12), ("door=intake", 3), ("", 15), ("door=", 15)]
)
def test_all_tickets_are_listed_by_door(busy: StaffHouse, query: str, expected: int) -> None:
    assert expected == len(ids(busy, query))


def test_the_newest_come_first_twenty_on_a_page(busy: StaffHouse) -> None:
    asked = busy.read(CASES)
    by_default = numbers(busy, "page=1&limit=20&sortBy=createdAt&sortOrder=desc")

    assert by_default == [case["caseNumber"] for case in asked["cases"]]
    assert (1, 20, 12, 1) == tuple(asked["pagination"].values())[:4]


RANKS = ["LOW", "MEDIUM", "HIGH", "CRITICAL"]
STATUSES = ["OPEN", "IN_PROGRESS", "WAITING", "RESOLVED", "CLOSED", "REJECTED", "CANCELLED"]


def sorted_by(house: StaffHouse, key: str, order: str) -> list[str]:
    """The numbers as they should be listed, by what is stored."""
    shown: dict[str, Callable[[Any], Any]] = {
        "createdAt": lambda ticket: ticket.submitted_at,
        "lastActivity": lambda ticket: ticket.last_activity_at,
        "urgency": lambda ticket: RANKS.index(ticket.case.urgency.value),
        "status": lambda ticket: STATUSES.index(ticket.status.value),
        "priorityScore": lambda ticket: ticket.case.priority_score,
        "caseNumber": lambda ticket: ticket.case.number,
    }
    value = shown[key]
    cases: list[Any] = [ticket for ticket in house.desk.store.tickets.values() if ticket.case]
    cases.sort(key=lambda ticket: (value(ticket), ticket.id.bytes), reverse=order == "desc")
    return [ticket.case.number for ticket in cases]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("key", KEYS)
def test_every_sort_key_sorts_both_ways_and_ties_break_by_id(
    busy: StaffHouse, key: str, order: str
) -> None:
    assert sorted_by(busy, key, order) == numbers(busy, f"sortBy={key}&sortOrder={order}")


@pytest.mark.parametrize("limit", [1, 5, 12, 13])
@pytest.mark.parametrize("key", KEYS)
def test_pages_visit_each_case_once(busy: StaffHouse, key: str, limit: int) -> None:
    pages = -(-12 // limit)
    visited = [
        number
        for page in range(1, pages + 1)
        for number in numbers(busy, f"sortBy={key}&limit={limit}&page={page}")
    ]

    assert sorted_by(busy, key, "desc") == visited


def walked(house: StaffHouse, query: str) -> list[dict[str, Any]]:
    """Every page from the first on, by its cursor."""
    pages = [house.read(f"{TICKETS}?{query}")]
    while cursor := pages[-1]["pagination"]["nextCursor"]:
        pages.append(house.read(f"{TICKETS}?{query}&cursor={cursor}"))
    return pages


@pytest.mark.parametrize("limit", [1, 4, 15])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("key", KEYS)
def test_a_cursor_visits_each_ticket_once(
    busy: StaffHouse, key: str, order: str, limit: int
) -> None:
    query = f"sortBy={key}&sortOrder={order}"
    pages = walked(busy, f"{query}&limit={limit}")

    assert ids(busy, query) == [row["id"] for page in pages for row in page["tickets"]]
    assert list(range(1, -(-15 // limit) + 1)) == [page["pagination"]["page"] for page in pages]
    assert {15} == {page["pagination"]["total"] for page in pages}


def test_a_cursor_keeps_its_place_while_others_come_in(staffed: StaffHouse) -> None:
    for number in range(4):
        staffed.opened(peer=f"203.0.113.{number}")
    first = staffed.read(f"{CASES}?limit=2")
    staffed.at("2025-01-27T12:00:00+00:00")
    staffed.opened(peer="203.0.113.9")
    cursor = first["pagination"]["nextCursor"]

    assert ["CW-2025-002", "CW-2025-001"] == numbers(staffed, f"limit=2&cursor={cursor}")


@pytest.mark.parametrize("page", [2, 100, 500])
def test_a_page_beyond_the_end_is_an_empty_list(busy: StaffHouse, page: int) -> None:
    asked = busy.read(f"{CASES}?page={page}")

    assert ([], page, 12, 1, None) == (
        asked["cases"],
        asked["pagination"]["page"],
        asked["pagination"]["total"],
        asked["pagination"]["pages"],
        asked["pagination"]["nextCursor"],
    )


def test_an_empty_desk_has_no_pages(staffed: StaffHouse) -> None:
    assert (
        b'{"success":true,"cases":[],"pagination":{"page":1,"limit":20,"total":0,"pages":0,'
        b'"totalIsCapped":false,"nextCursor":null}}'
    ) == staffed.call("GET", CASES).content


def test_pages_are_counted_only_so_deep(busy: StaffHouse) -> None:
    assert [] == numbers(busy, "limit=100&page=101")
    assert {"page"} == faults(busy, "limit=100&page=102")


def test_a_total_beyond_ten_thousand_says_that_it_is_capped(
    staffed: StaffHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk_core.use_cases.listing.COUNTED", 2)
    totals = []
    for number in range(3):
        staffed.opened(peer=f"203.0.113.{number}")
        pagination = staffed.read(f"{CASES}?limit=1")["pagination"]
        totals.append((pagination["total"], pagination["pages"], pagination["totalIsCapped"]))

    assert [(1, 1, False), (2, 2, False), (2, 2, True)] == totals


HOSTILE = [
    "createdAt;select",
    "(select%20pg_sleep(5))",
    "1",
    '"id"',
    "createdAt%20desc,",
    "created_at",
    "submitter_email",
    "__class__",
    "createdat",
    "CREATEDAT",
    "%27;DROP%20TABLE%20tickets;--",
    "createdAt%00",
    "createdAt%20%20x",
    "%F0%9F%98%80",
    "x" * 4000,
]


@pytest.mark.parametrize("name", ["sortBy", "sortOrder"])
@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_but_the_closed_list_sorts(busy: StaffHouse, name: str, value: str) -> None:
    assert {name} == faults(busy, f"{name}={value}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("page", value) for value in ("0", "-1", "1.5", "1e3", "x", "2147483648000", "1;drop")),
        *(("page", value) for value in ("%EF%BC%91", "%2B1", "0x1", "1_0", "9" * 400)),
        *(("limit", value) for value in ("0", "-1", "101", "1.5", "x", "1000000000", "%D9%A1")),
        *(("status", value) for value in ("open", "NEW", "OPEN'", "null", "OPEN,CLOSED")),
        *(("urgency", value) for value in ("high", "HIG%D0%9D", "4", "%25", "_")),
        *(("customerType", value) for value in ("VIP", "free", "FREE\\")),
        *(("assignedTo", value) for value in ("staff-123", "None", "null", "%25", "0")),
        *(("cursor", value) for value in ("x", "AAAA", "%00", "%F0%9F%98%80", "x" * 5000)),
    ],
)
def test_a_bad_value_is_told_by_its_name(busy: StaffHouse, name: str, value: str) -> None:
    assert {name} == faults(busy, f"{name}={value}", TICKETS)


@pytest.mark.parametrize(
    "pair",
    [
        *("status=OPEN", "urgency=LOW", "customerType=FREE", "assignedTo=none", "page=1"),
        *("limit=20", "sortBy=createdAt", "sortOrder=desc", "door=intake", "cursor=x"),
    ],
)
def test_a_name_that_comes_twice_is_refused(busy: StaffHouse, pair: str) -> None:
    name, _, _ = pair.partition("=")

    assert {name} == faults(busy, f"{pair}&{pair}", TICKETS)


def test_every_fault_is_told_at_once(busy: StaffHouse) -> None:
    names = ("status", "urgency", "customerType", "assignedTo", "page", "limit", "sortBy")
    query = "&".join(f"{name}=x" for name in (*names, "sortOrder", "cursor", "door"))

    assert {*names, "sortOrder", "cursor", "door"} == faults(busy, query, TICKETS)


def test_the_refusal_is_written_to_the_letter(busy: StaffHouse) -> None:
    assert (
        b'{"success":false,"error":"Validation failed","code":"VALIDATION_ERROR","details":{'
        b'"limit":"Limit must be a whole number from 1 to 100",'
        b'"sortOrder":"Sort order must be one of asc, desc",'
        b'"cursor":"Cursor must be a nextCursor of a page before"}}'
    ) == busy.call("GET", f"{CASES}?limit=101&sortOrder=up&cursor=x").content


@pytest.mark.parametrize(
    "other", ["sortBy=lastActivity", "sortOrder=asc", "sortBy=caseNumber&sortOrder=desc"]
)
def test_a_cursor_of_another_order_is_refused(busy: StaffHouse, other: str) -> None:
    cursor = busy.read(f"{CASES}?limit=1")["pagination"]["nextCursor"]

    assert {"cursor"} == faults(busy, f"{other}&cursor={cursor}")


def encoded(parts: object) -> str:
    plain = json.dumps(parts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


INSTANT = "2025-01-27T10:00:00.000000Z"
GOOD = ["createdAt", "desc", INSTANT, str(JANE), 2]


def altered(place: int, value: object) -> list[object]:
    return [*GOOD[:place], value, *GOOD[place + 1 :]]


FORGED = [
    encoded([]),
    encoded({}),
    encoded(None),
    encoded(GOOD[:4]),
    encoded([*GOOD, 1]),
    encoded(altered(0, "created_at")),
    encoded(altered(0, ["createdAt"])),
    encoded(altered(0, {})),
    encoded(altered(0, "urgency")),
    encoded(altered(0, "caseNumber")) + "A",
    encoded(altered(1, "DESC")),
    encoded(altered(2, None)),
    encoded(altered(2, 1)),
    encoded(altered(2, "2025-01-27")),
    encoded(altered(2, "2025-01-27T10:00:00Z")),
    encoded(altered(2, "2025-01-27T17:00:00.000000+07:00")),
    encoded(altered(2, "9999-12-31T23:59:59.999999Z")),
    encoded(altered(2, "' OR 1=1 --")),
    encoded(altered(3, str(JANE).upper() + " ")),
    encoded(altered(3, 1)),
    encoded(altered(3, "")),
    encoded(altered(4, 0)),
    encoded(altered(4, True)),  # noqa: FBT003  # a value that is no page
    encoded(altered(4, 2.0)),
    encoded(altered(4, "2")),
    encoded(altered(4, 10**30)),
    encoded(GOOD) + "=",
    encoded(GOOD) + " ",
    base64.urlsafe_b64encode(json.dumps(GOOD).encode()).rstrip(b"=").decode(),
    base64.urlsafe_b64encode(b"[" * 300).decode(),
    base64.urlsafe_b64encode(b'["createdAt","desc",NaN,1,1]').decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    encoded(["urgency", "desc", 101, str(JANE), 2]),
    encoded(["urgency", "desc", True, str(JANE), 2]),
    encoded(["priorityScore", "asc", -2, str(JANE), 2]),
    encoded(["caseNumber", "asc", "x" * 65, str(JANE), 2]),
    encoded(["caseNumber", "asc", "a\x00", str(JANE), 2]),
    encoded(["caseNumber", "asc", "\ud800", str(JANE), 2]),
]


@pytest.mark.parametrize("cursor", FORGED)
def test_what_is_no_cursor_of_ours_is_refused(busy: StaffHouse, cursor: str) -> None:
    assert {"cursor"} == faults(busy, f"cursor={quote(cursor)}")


def test_a_cursor_says_what_it_was_made_of() -> None:
    assert Cursor(order=Order(), place=Place(MONDAY, JANE), page=2) == read_cursor(encoded(GOOD))


VALUES = {
    SortKey.CREATED_AT: st.datetimes(
        min_value=MONDAY.replace(year=1971, tzinfo=None),
        max_value=MONDAY.replace(year=2199, tzinfo=None),
        timezones=st.just(UTC),
    ),
    SortKey.URGENCY: st.integers(0, 4),
    SortKey.STATUS: st.integers(0, 7),
    SortKey.PRIORITY_SCORE: st.integers(-1, 100),
    SortKey.CASE_NUMBER: st.text("ABCW0123456789-", max_size=64),
}
PLACES = st.sampled_from(SortKey).flatmap(
    lambda key: st.tuples(st.just(key), VALUES.get(key, VALUES[SortKey.CREATED_AT]))
)


@given(
    place=PLACES,
    order=st.sampled_from(SortOrder),
    ticket_id=st.uuids(),
    page=st.integers(1, cursors.LAST_PAGE),
)
def test_every_cursor_is_read_back(
    place: tuple[SortKey, Any],
    order: SortOrder,
    ticket_id: UUID,
    page: int,
) -> None:
    key, value = place
    cursor = Cursor(order=Order(key, order), place=Place(value, ticket_id), page=page)

    assert cursor == read_cursor(cursor_text(cursor))


@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True))
def test_any_other_text_is_refused_and_never_fails(text: str) -> None:
    if not text.strip():
        assert read_cursor(text) is None
        return
    with pytest.raises(Invalid) as refused:
        _ = read_cursor(text)

    assert {"cursor"} == set(refused.value.details)
