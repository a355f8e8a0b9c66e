"""How a store follows a directory that changes as a whole."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import attrs
import pytest

from helpdesk_core.directory import Agent, Country, Department, Directory, KpiGroup, KpiType
from helpdesk_core.errors import InvalidDirectory, StaleDirectory
from helpdesk_core.kinds import Metric
from helpdesk_core.sla_rules import Clock, SlaPolicy, SlaTarget
from helpdesk_core.testing.builders import a_change, a_directory, a_full_ticket, a_ticket, an_id
from helpdesk_core.testing.directories import (
    ACTIVE_AGENT,
    GERMANY,
    INCIDENT,
    NETWORK,
    OFFICE_HOURS,
    OTHER_AGENT,
    QUALITY,
    SUPPORT,
)
from helpdesk_core.testing.stores import OverADesk, Store, put, read

Member = TypeVar("Member", Agent, KpiType)
Record = TypeVar("Record", Agent, Country, Department, KpiGroup, KpiType)


def _without(records: Mapping[UUID, Record], gone: UUID) -> dict[UUID, Record]:
    return {key: record for key, record in records.items() if key != gone}


def _outside(records: Mapping[UUID, Member], gone: UUID) -> dict[UUID, Member]:
    return {
        key: attrs.evolve(record, department_ids=record.department_ids - {gone})
        for key, record in records.items()
    }


def _a_policy(**fields: Any) -> dict[UUID, SlaPolicy]:  # noqa: ANN401  # any field
    policy = SlaPolicy(
        id=an_id(70),
        key="all",
        name="All",
        targets=(SlaTarget(metric=Metric.RESOLUTION, amount=timedelta(hours=1)),),
    )
    return {policy.id: attrs.evolve(policy, **fields)}


_WHOLE: Final = a_directory(version=2)

DANGLING: Final[Mapping[str, Directory]] = {
    "a department's country": attrs.evolve(_WHOLE, countries=_without(_WHOLE.countries, GERMANY)),
    "a department's calendar": attrs.evolve(_WHOLE, calendars={}),
    "an agent's department": attrs.evolve(
        _WHOLE,
        departments=_without(_WHOLE.departments, SUPPORT),
        kpi_types=_outside(_WHOLE.kpi_types, SUPPORT),
    ),
    "a KPI type's department": attrs.evolve(
        _WHOLE,
        departments=_without(_WHOLE.departments, SUPPORT),
        agents=_outside(_WHOLE.agents, SUPPORT),
    ),
    "a policy's department": attrs.evolve(
        _WHOLE, sla_policies=_a_policy(department_ids=frozenset({an_id(9)}))
    ),
    "a policy's calendar": attrs.evolve(
        _WHOLE,
        sla_policies=_a_policy(
            targets=(
                SlaTarget(
                    metric=Metric.RESOLUTION,
                    amount=timedelta(hours=1),
                    clock=Clock.CALENDAR,
                    calendar_id=an_id(9),
                ),
            )
        ),
    ),
    "a KPI type's group": attrs.evolve(_WHOLE, kpi_groups=_without(_WHOLE.kpi_groups, QUALITY)),
}
"""Directories that refer to what is not in them."""

LACKING: Final[Mapping[str, Directory]] = {
    "a department": attrs.evolve(
        _WHOLE,
        departments=_without(_WHOLE.departments, SUPPORT),
        agents=_outside(_WHOLE.agents, SUPPORT),
        kpi_types=_outside(_WHOLE.kpi_types, SUPPORT),
    ),
    "a KPI type": attrs.evolve(_WHOLE, kpi_types=_without(_WHOLE.kpi_types, INCIDENT)),
    "an agent": attrs.evolve(_WHOLE, agents=_without(_WHOLE.agents, ACTIVE_AGENT)),
}
"""Whole directories without something that `a_full_ticket()` refers to."""


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

    @pytest.mark.parametrize("name", DANGLING)
    def test_a_directory_that_refers_to_what_is_not_in_it_is_refused(
        self, desk: Store, name: str
    ) -> None:
        with pytest.raises(InvalidDirectory):
            _replace(desk, DANGLING[name])
        assert a_directory() == read(desk, lambda uow: uow.directory())

    @pytest.mark.parametrize("name", LACKING)
    def test_a_directory_that_lacks_what_a_ticket_refers_to_is_refused(
        self, desk: Store, name: str
    ) -> None:
        put(desk, a_change(a_full_ticket()))

        with pytest.raises(InvalidDirectory) as refused:
            _replace(desk, LACKING[name])
        assert a_directory() == read(desk, lambda uow: uow.directory())
        assert refused.value.message == (
            "The directory refers to something that is not in it, "
            "or lacks something that tickets refer to"
        )

    @pytest.mark.parametrize("field", ["department_id", "kpi_type_id", "assigned_to"])
    def test_a_ticket_of_what_the_directory_lacks_is_refused(self, desk: Store, field: str) -> None:
        """It was decided against a directory that has changed since."""
        ticket = a_full_ticket(1000, **{field: an_id(999)})

        with pytest.raises(StaleDirectory):
            put(desk, a_change(ticket))
        assert read(desk, lambda uow: uow.ticket(ticket.id)) is None

    @pytest.mark.parametrize("field", ["department_id", "kpi_type_id", "assigned_to"])
    def test_a_change_to_what_the_directory_lacks_is_refused(self, desk: Store, field: str) -> None:
        put(desk, a_change(a_full_ticket()))
        changed = a_full_ticket(1000, version=2, **{field: an_id(999)})

        with pytest.raises(StaleDirectory):
            put(desk, a_change(changed))
        assert a_full_ticket() == read(desk, lambda uow: uow.ticket(changed.id))

    def test_what_no_ticket_refers_to_any_more_may_go(self, desk: Store) -> None:
        put(desk, a_change(a_full_ticket()))
        put(desk, a_change(a_full_ticket(version=2, assigned_to=OTHER_AGENT)))
        _replace(desk, LACKING["an agent"])

        assert LACKING["an agent"] == read(desk, lambda uow: uow.directory())

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
