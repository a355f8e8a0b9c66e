"""Many assign one ticket at once, on a real database: one consistent history comes of it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from typing import Final
from uuid import UUID

import attrs
import pytest

from helpdesk_core.directory import Agent
from helpdesk_core.testing.builders import a_change, a_ticket, an_id, staff
from helpdesk_core.testing.directories import SUPPORT
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.tickets import EventKind
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawAssignment, assign_ticket
from helpdesk_sql import SqlStore

CROWD: Final = tuple(an_id(700 + number) for number in range(32))
TICKET: Final = an_id(1)


@pytest.fixture(autouse=True)
def crowd(desk: SqlStore) -> None:
    """32 agents of one department, and an open ticket."""
    with desk.begin() as uow:
        held = uow.directory()
        agents = {
            agent_id: Agent(
                id=agent_id,
                name=f"Agent {agent_id.int}",
                email=f"agent{agent_id.int}@example.com",
                department_ids=frozenset({SUPPORT}),
            )
            for agent_id in CROWD
        }
        grown = {**held.agents, **agents}
        uow.save_directory(attrs.evolve(held, version=held.version + 1, agents=grown))
        uow.commit()
    with desk.begin() as uow:
        uow.save(a_change(a_ticket(1)))
        uow.commit()


def test_of_32_assignments_at_once_each_is_recorded_once(desk: SqlStore) -> None:
    ports, start = ports_over(desk), Barrier(len(CROWD))

    def give(agent_id: UUID) -> None:
        start.wait()
        _ = assign_ticket(
            ports, Target(ticket_id=TICKET), RawAssignment(staff_id=agent_id), staff()
        )

    with ThreadPoolExecutor(len(CROWD)) as rivals:
        _ = [*rivals.map(give, CROWD)]
    with desk.begin() as uow:
        ticket, history = uow.ticket(TICKET), uow.history(TICKET)
    given = [
        event.details
        for event in history
        if event.kind in {EventKind.ASSIGNED, EventKind.REASSIGNED}
    ]

    assert sorted(map(str, CROWD)) == sorted(each["agentId"] for each in given)
    assert all(later["previousAgentId"] == each["agentId"] for each, later in pairwise(given))
    assert ticket
    assert (33, given[-1]["agentId"]) == (ticket.version, str(ticket.assigned_to))
