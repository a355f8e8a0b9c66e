"""How a store follows a directory that changes as a whole."""

from collections.abc import Mapping

import attrs

from helpdesk_core.directory import Agent, Department, Directory
from helpdesk_core.testing.builders import a_change, a_directory, a_full_ticket, a_ticket, an_id
from helpdesk_core.testing.directories import (
    ACTIVE_AGENT,
    GERMANY,
    NETWORK,
    OFFICE_HOURS,
    OTHER_AGENT,
    SUPPORT,
)
from helpdesk_core.testing.stores import OverADesk, Store, put, read


class DirectoryChanges(OverADesk):
    """Directories after directories. Part of `UnitOfWorkContract`, which says what to provide."""

    def test_what_a_directory_no_longer_holds_is_taken_away(self, desk: Store) -> None:
        """Whatever referred to it: a country goes with its departments, their agents stay."""
        held = a_directory()
        smaller = attrs.evolve(
            held,
            version=2,
            calendars={},
            countries={GERMANY: held.countries[GERMANY]},
            departments={
                key: department
                for key, department in held.departments.items()
                if department.country_id == GERMANY
            },
            agents={key: _without_departments(agent) for key, agent in held.agents.items()},
            kpi_groups={},
            kpi_types={},
        )
        _replace(desk, smaller)

        assert smaller == read(desk, lambda uow: uow.directory())

    def test_a_directory_may_become_empty_and_be_filled_again(self, desk: Store) -> None:
        _replace(desk, Directory(version=2))
        emptied = read(desk, lambda uow: uow.directory())
        _replace(desk, a_directory(version=3))

        assert [Directory(version=2), a_directory(version=3)] == [
            emptied,
            read(desk, lambda uow: uow.directory()),
        ]

    def test_two_agents_may_swap_their_addresses(self, desk: Store) -> None:
        agents = a_directory().agents
        one, two = agents[ACTIVE_AGENT], agents[OTHER_AGENT]
        swapped = a_directory(
            version=2,
            agents={
                **agents,
                one.id: attrs.evolve(one, email=two.email),
                two.id: attrs.evolve(two, email=one.email),
            },
        )
        _replace(desk, swapped)

        assert swapped == read(desk, lambda uow: uow.directory())

    def test_two_departments_may_swap_their_keys(self, desk: Store) -> None:
        departments = a_directory().departments
        one, two = departments[SUPPORT], departments[NETWORK]
        swapped = a_directory(version=2, departments={**departments, **_swapped(one, two)})
        _replace(desk, swapped)

        assert swapped == read(desk, lambda uow: uow.directory())

    def test_a_key_may_pass_to_another_in_one_change(self, desk: Store) -> None:
        calendars = a_directory().calendars
        heir = attrs.evolve(calendars[OFFICE_HOURS], id=an_id(12))
        departments = a_directory().departments
        support = attrs.evolve(departments[SUPPORT], calendar_id=heir.id)
        changed = a_directory(
            version=2, calendars={heir.id: heir}, departments={**departments, SUPPORT: support}
        )
        _replace(desk, changed)

        assert changed == read(desk, lambda uow: uow.directory())

    def test_tickets_outlive_what_they_refer_to(self, desk: Store) -> None:
        """Their department, their KPI type and their agent are gone; they are not."""
        ticket = a_full_ticket()
        put(desk, a_change(ticket))
        _replace(desk, Directory(version=2))

        assert ticket == read(desk, lambda uow: uow.ticket(ticket.id))

    def test_tickets_can_be_changed_when_their_department_is_gone(self, desk: Store) -> None:
        put(desk, a_change(a_full_ticket()))
        _replace(desk, Directory(version=2))
        changed = a_full_ticket(version=2, description="It was the toaster.")
        put(desk, a_change(changed))

        assert changed == read(desk, lambda uow: uow.ticket(changed.id))

    def test_a_directory_and_the_first_ticket_for_it_fit_in_one_commit(self, store: Store) -> None:
        with store.begin() as uow:
            uow.save_directory(a_directory())
            uow.save(a_change())
            uow.commit()

        assert a_ticket() == read(store, lambda uow: uow.ticket(an_id(1000)))

    def test_a_directory_that_somebody_read_does_not_change_under_them(self, desk: Store) -> None:
        held = read(desk, lambda uow: uow.directory())
        _replace(desk, Directory(version=2))

        assert a_directory() == held


def _replace(store: Store, directory: Directory) -> None:
    with store.begin() as uow:
        uow.save_directory(directory)
        uow.commit()


def _without_departments(agent: Agent) -> Agent:
    return attrs.evolve(agent, department_ids=frozenset())


def _swapped(one: Department, two: Department) -> Mapping[object, Department]:
    return {
        one.id: attrs.evolve(one, key=two.key),
        two.id: attrs.evolve(two, key=one.key),
    }
