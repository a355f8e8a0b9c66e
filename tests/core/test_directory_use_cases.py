"""Changing the directory of a desk: by a file, and a person at a time."""

from collections import UserDict
from collections.abc import ItemsView
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_core.directory import Directory
from helpdesk_core.errors import InvalidDirectory, StaleDirectory
from helpdesk_core.people import Role
from helpdesk_core.use_cases.directory import add_user, dump_directory, load_directory
from helpdesk_memory import MemoryDesk

DOCUMENT: dict[str, Any] = {
    "countries": [{"key": "id", "name": "Indonesia", "abbreviation": "ID"}],
    "departments": [
        {"key": "it", "name": "Information Technology", "abbreviation": "IT", "country": "id"}
    ],
    "agents": [{"email": "ani@example.com", "name": "Ani", "departments": ["it"]}],
}


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk(datetime(2026, 5, 22, 5, 5, tzinfo=UTC))


@pytest.fixture
def loaded(desk: MemoryDesk) -> MemoryDesk:
    load_directory(desk.ports, DOCUMENT)
    return desk


def held(desk: MemoryDesk) -> Directory:
    return desk.store.directory


def test_loading_tells_what_it_added(desk: MemoryDesk) -> None:
    assert (
        "country id: added",
        "department it: added",
        "agent ani@example.com: added",
    ) == load_directory(desk.ports, DOCUMENT)


def test_loading_again_tells_of_nothing(loaded: MemoryDesk) -> None:
    assert () == load_directory(loaded.ports, DOCUMENT)


def test_loading_again_stores_nothing(loaded: MemoryDesk) -> None:
    load_directory(loaded.ports, DOCUMENT)

    assert 1 == held(loaded).version


def test_each_change_is_the_next_version(loaded: MemoryDesk) -> None:
    load_directory(loaded.ports, {"countries": [{**DOCUMENT["countries"][0], "name": "Nusantara"}]})

    assert 2 == held(loaded).version


def test_a_file_with_a_fault_changes_nothing(loaded: MemoryDesk) -> None:
    before = held(loaded)
    with pytest.raises(InvalidDirectory):
        load_directory(
            loaded.ports,
            {"countries": [{"key": "sg", "name": "Singapore", "abbreviation": "SG"}], "agents": 1},
        )

    assert before == held(loaded)


def test_what_was_dumped_loads_on_another_desk(loaded: MemoryDesk) -> None:
    other = MemoryDesk(datetime(2026, 5, 22, 5, 5, tzinfo=UTC))
    load_directory(other.ports, dump_directory(loaded.ports))

    assert held(loaded) == held(other)


def test_an_empty_desk_dumps_empty_lists(desk: MemoryDesk) -> None:
    assert {
        "countries": [],
        "calendars": [],
        "departments": [],
        "agents": [],
        "kpiGroups": [],
        "kpiTypes": [],
        "notices": [],
        "policies": [],
    } == dump_directory(desk.ports)


def test_a_user_is_added_to_departments_by_their_keys(loaded: MemoryDesk) -> None:
    add_user(loaded.ports, email="budi@example.com", name="Budi", departments=["it"])
    budi = held(loaded).agent_at("budi@example.com")

    assert (frozenset(held(loaded).departments), Role.AGENT, True, True) == (
        budi and budi.department_ids,
        budi and budi.role,
        budi and budi.is_active,
        budi and budi.wants_mail,
    )


def test_adding_a_user_leaves_the_others_alone(loaded: MemoryDesk) -> None:
    ani = held(loaded).agent_at("ani@example.com")
    add_user(loaded.ports, email="budi@example.com", name="Budi")

    assert ani == held(loaded).agent_at("ani@example.com")


def test_adding_a_known_address_changes_that_user(loaded: MemoryDesk) -> None:
    assert ("agent ANI@example.com: changed email, role, departments, active, mail",) == add_user(
        loaded.ports,
        email="ANI@example.com",
        name="Ani",
        role=Role.ADMIN,
        is_active=False,
        wants_mail=False,
    )


def test_a_user_in_no_known_department_is_refused(loaded: MemoryDesk) -> None:
    with pytest.raises(InvalidDirectory) as refused:
        add_user(loaded.ports, email="budi@example.com", name="Budi", departments=["hr"])

    assert {"agents[0].departments[0]": "no department has the key 'hr'"} == refused.value.details


def test_a_customer_is_no_member_of_staff(loaded: MemoryDesk) -> None:
    with pytest.raises(InvalidDirectory) as refused:
        add_user(loaded.ports, email="budi@example.com", name="Budi", role=Role.CUSTOMER)

    assert {"agents[0].role": "it must be one of agent, management, admin"} == refused.value.details


class Overtaken(UserDict[str, Any]):
    """A document during whose reading somebody else changes the directory."""

    def __init__(self, desk: MemoryDesk) -> None:
        super().__init__(countries=[{"key": "sg", "name": "Singapore", "abbreviation": "SG"}])
        self._desk = desk

    def items(self) -> ItemsView[str, Any]:
        add_user(self._desk.ports, email="first@example.com", name="First")
        return super().items()


def test_who_comes_second_is_told(loaded: MemoryDesk) -> None:
    with pytest.raises(StaleDirectory):
        load_directory(loaded.ports, Overtaken(loaded))


def test_who_comes_second_changes_nothing(loaded: MemoryDesk) -> None:
    with pytest.raises(StaleDirectory):
        load_directory(loaded.ports, Overtaken(loaded))

    assert (1, 2) == (len(held(loaded).countries), held(loaded).version)


def test_adding_somebody_again_leaves_how_they_are_reached_as_it_is(loaded: MemoryDesk) -> None:
    reached = {"phone": "+6281234567", "sms": True, "language": "id"}
    load_directory(loaded.ports, {"agents": [{**DOCUMENT["agents"][0], **reached}]})
    add_user(loaded.ports, email="ani@example.com", name="Ani", role=Role.ADMIN)

    ani = held(loaded).agent_at("ani@example.com")
    assert ani is not None
    assert ("+6281234567", True, "id") == (ani.phone, ani.wants_sms, ani.language)
