"""GET /api/intake/lookup: finding a ticket again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

import pytest

from helpdesk_core.directory import Scalar
from helpdesk_core.logged_work import LoggedWork, log_work

if TYPE_CHECKING:
    from tests.http.conftest import House


def path_of(query: str) -> str:
    return f"/api/intake/lookup?q={quote(query, safe='')}"


def found(house: House, query: str) -> list[str]:
    """The ids that a query finds, in order."""
    return [ticket["id"] for ticket in house.get(path_of(query)).json["tickets"]]


def test_a_ticket_is_listed_as_the_contract_has_it(house: House) -> None:
    ticket_id = house.submitted()

    assert {
        "dateFormat": "dd/MM/yyyy",
        "tickets": [
            {
                "id": ticket_id,
                "status": "NEW",
                "submittedAt": "2026-05-22T05:05:00.000Z",
                "submittedBy": "Sandy",
                "country": "Indonesia",
                "department": "Information Technology",
                "kpiType": "Ad Hoc",
            }
        ],
    } == house.get(path_of(ticket_id)).json


@pytest.mark.parametrize("query", ["sandy@example.com", " SANDY@Example.COM ", "sandy", " SANDY\t"])
def test_an_address_or_a_whole_name_finds_it_in_any_case(house: House, query: str) -> None:
    ticket_id = house.submitted()

    assert [ticket_id] == found(house, query)


@pytest.mark.parametrize(
    "query",
    ["sand", "andy", "sandy@example", "%", "_andy", "s*", "example.com", "\x00", "sandy\x00"],
)
def test_a_part_of_a_name_finds_nothing(house: House, query: str) -> None:
    house.submit()

    assert [] == found(house, query)


@pytest.mark.parametrize(
    "query",
    [
        "{00000000-0000-0000-0000-000000000001}",
        "urn:uuid:00000000-0000-0000-0000-000000000001",
        "00000000000000000000000000000001",
        "0" * 5000,
    ],
)
def test_an_id_in_another_form_finds_nothing(house: House, query: str) -> None:
    house.submit()

    assert [] == found(house, query)


def test_the_ten_latest_are_listed_newest_first(house: House) -> None:
    submitted = []
    for hour in range(12):
        submitted.append(house.submitted(peer=f"198.51.100.{hour}"))
        house.desk.clock.advance(hours=1)

    assert submitted[:1:-1] == found(house, "sandy")


def test_logged_work_has_no_status(house: House) -> None:
    directory = house.desk.store.directory
    metrics: dict[str, Scalar] = {"units": 1}
    change = log_work(
        LoggedWork(
            department=directory.departments[UUID("33333333-3333-4333-8333-333333333333")],
            kpi_type=next(iter(directory.kpi_types.values())),
            ticket_date=house.desk.clock(),
            description="Logged",
            metrics=metrics,
        ),
        next(iter(directory.agents.values())),
        ticket_id=UUID(int=99),
        now=house.desk.clock(),
    )
    with house.desk.ports.begin() as uow:
        uow.save(change)
        uow.commit()

    assert None is house.get(path_of(str(UUID(int=99)))).json["tickets"][0]["status"]


@pytest.mark.parametrize("query", ["", "?q", "?q=", "?q=%20", "?q=+%09", "?Q=sandy", "?q=a&q=b"])
def test_without_one_query_nothing_is_searched(house: House, query: str) -> None:
    """A query given twice is none: two readers would choose two different ones."""
    answer = house.get(f"/api/intake/lookup{query}")

    assert (400, {"error": "Search query is required"}) == (answer.status_code, answer.json)


@pytest.mark.parametrize("query", ["q=%", "q=%zz", "q=%f", "q=%ff", "q=%c0%80", "q=%ed%a0%80"])
def test_a_query_that_two_readers_could_decode_differently_is_refused(
    house: House, query: str
) -> None:
    answer = house.get(f"/api/intake/lookup?{query}")

    assert (400, {"error": "The request cannot be understood"}) == (
        answer.status_code,
        answer.json,
    )


@pytest.mark.parametrize(("pairs", "status"), [(1000, 200), (1001, 400)])
def test_a_query_has_a_thousand_pairs_at_most(house: House, pairs: int, status: int) -> None:
    others = "&".join("a" for _ in range(pairs - 1))

    assert status == house.get(f"/api/intake/lookup?q=x&{others}").status_code


def test_the_twenty_first_lookup_within_an_hour_is_refused(house: House) -> None:
    for _ in range(20):
        house.get(path_of("sandy"))
    answer = house.get(path_of("sandy"))

    assert (429, "3600", {"error": "Too many lookups. Try again in 3600 seconds."}) == (
        answer.status_code,
        answer.headers["Retry-After"],
        answer.json,
    )


def test_a_lookup_without_a_query_is_not_counted(house: House) -> None:
    for _ in range(30):
        house.get("/api/intake/lookup")

    assert 200 == house.get(path_of("sandy")).status_code
