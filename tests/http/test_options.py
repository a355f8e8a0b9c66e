"""GET /api/intake/options: what the form needs, written once and kept by clients."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import attrs
import pytest

if TYPE_CHECKING:
    from tests.http.conftest import House

PATH = "/api/intake/options"
DEPARTMENT = "33333333-3333-4333-8333-333333333333"
INDONESIA = {
    "id": "11111111-1111-4111-8111-111111111111",
    "name": "Indonesia",
    "abbreviation": "ID",
}


def renamed(house: House, name: str) -> None:
    """The department gets another name, and the directory its next version."""
    with house.desk.ports.begin() as uow:
        held = uow.directory()
        department = attrs.evolve(held.departments[UUID(DEPARTMENT)], name=name)
        departments = {**held.departments, department.id: department}
        uow.save_directory(attrs.evolve(held, version=held.version + 1, departments=departments))
        uow.commit()


def test_the_options_are_those_of_the_contract(house: House) -> None:
    assert {
        "countries": [
            {"id": "22222222-2222-4222-8222-222222222222", "name": "Germany", "abbreviation": "DE"},
            INDONESIA,
        ],
        "departments": [
            {
                "id": DEPARTMENT,
                "name": "Information Technology",
                "abbreviation": "IT",
                "countryId": "11111111-1111-4111-8111-111111111111",
                "country": INDONESIA,
                "users": [
                    {
                        "id": "77777777-7777-4777-8777-777777777777",
                        "name": "Quiet",
                        "email": "quiet@example.com",
                    },
                    {
                        "id": "55555555-5555-4555-8555-555555555555",
                        "name": "Sandy Rachman",
                        "email": "sandy.rachman@example.com",
                    },
                ],
            }
        ],
        "kpiTypesByDept": {
            DEPARTMENT: [
                {
                    "id": "88888888-8888-4888-8888-888888888888",
                    "name": "Ad Hoc",
                    "kgId": "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb",
                    "ruleType": "rr",
                    "formulaType": "rr",
                    "metricSchema": [
                        {
                            "key": "units",
                            "label": "Units",
                            "kind": "count",
                            "required": True,
                            "minimum": 0,
                            "maximum": None,
                        }
                    ],
                    "parameters": {"responseSlaMin": 30, "resolutionSlaMin": 480},
                    "subGroup": None,
                    "displayOrder": 1,
                    "kpiGroup": {"id": "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb", "name": "Request"},
                }
            ]
        },
        "dateFormat": "dd/MM/yyyy",
    } == house.get(PATH).json


def test_the_date_format_is_the_operators(house: House) -> None:
    house.open(date_format="yyyy-MM-dd")

    assert "yyyy-MM-dd" == house.get(PATH).json["dateFormat"]


def test_they_may_be_kept_for_a_minute_by_anybody(house: House) -> None:
    assert "public, max-age=60" == house.get(PATH).headers["Cache-Control"]


@pytest.mark.parametrize("tags", ["{}", "W/{}", '"x", {}', '"x" , W/{}', "*"])
def test_a_client_that_holds_them_is_sent_nothing(house: House, tags: str) -> None:
    etag = house.get(PATH).headers["ETag"]
    answer = house.get(PATH, if_none_match=tags.format(etag))

    assert ("304 Not Modified", b"", etag, "public, max-age=60") == (
        answer.status,
        answer.content,
        answer.headers["ETag"],
        answer.headers["Cache-Control"],
    )


@pytest.mark.parametrize("tags", ['"x"', "W/", ",,,", '"', "é", "x" * 5000])
def test_any_other_tag_is_answered_in_full(house: House, tags: str) -> None:
    assert 200 == house.get(PATH, if_none_match=tags).status_code


def test_the_tag_is_a_strong_one(house: House) -> None:
    etag = house.get(PATH).headers["ETag"]

    assert etag.startswith('"')


def test_a_change_of_the_directory_shows_at_once(house: House) -> None:
    house.get(PATH)
    renamed(house, "Computers")

    assert "Computers" == house.get(PATH).json["departments"][0]["name"]


def test_a_change_of_the_directory_makes_an_old_tag_useless(house: House) -> None:
    etag = house.get(PATH).headers["ETag"]
    renamed(house, "Computers")

    assert 200 == house.get(PATH, if_none_match=etag).status_code


def test_another_date_format_is_another_tag(house: House) -> None:
    etag = house.get(PATH).headers["ETag"]
    house.open(date_format="yyyy-MM-dd")

    assert etag != house.get(PATH).headers["ETag"]


def test_they_are_written_once_for_each_version_of_the_directory(house: House) -> None:
    first = house.get(PATH).content
    house.desk.store.directory = attrs.evolve(house.desk.store.directory, departments={})

    assert first == house.get(PATH).content


def test_a_desk_without_a_directory_offers_nothing(house: House) -> None:
    house.desk.store.directory = attrs.evolve(
        house.desk.store.directory, version=2, countries={}, departments={}
    )

    assert {
        "countries": [],
        "departments": [],
        "kpiTypesByDept": {},
        "dateFormat": "dd/MM/yyyy",
    } == house.get(PATH).json
