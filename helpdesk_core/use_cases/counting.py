"""What tickets count for in the monthly figures: told at every change, and caught up on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Directory
from helpdesk_core.kpi.cells import Counted
from helpdesk_core.kpi.counting import counted_at, counted_by
from helpdesk_core.ports import CountedTicket, Ports, UnitOfWork
from helpdesk_core.sla_policies import Kept, Policy
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.promising import policy_of
from helpdesk_core.use_cases.retrying import until_fresh

AT_ONCE: Final = 100
"""Tickets that are caught up on in one transaction."""


def recounted(
    ports: Ports, uow: UnitOfWork, directory: Directory, held: CountedTicket, now: datetime
) -> Counted:
    """What a ticket counts for at an instant, from its history."""
    policy = policy_of(ports, uow, held.ticket, directory)
    return counted_at(now, held.ticket, policy, held.history, ports.rules)


def count_saved(
    ports: Ports, uow: UnitOfWork, ticket: Ticket, policy: Policy, kept: Iterable[Kept]
) -> None:
    """Gather what a ticket counts for that was saved in this unit of work and stands so."""
    before = None if ticket.version == 1 else uow.counted(ticket.id)
    uow.count(ticket, before, counted_by(kept, ticket, policy, ports.rules))


def count_uncounted(ports: Ports) -> int:
    """Count some of the tickets that were not counted yet: those of before there were figures.

    At most `AT_ONCE`, in a transaction of their own; zero when none is left. Each is pinned to what
    it was promised, so that figures stay what they are when the directory changes.
    """
    return until_fresh(lambda: _count_some(ports))


def _count_some(ports: Ports) -> int:
    with ports.begin() as uow:
        directory, some = uow.directory(), uow.uncounted(limit=AT_ONCE)
        for ticket_id in some:
            _catch_up(ports, uow, ticket_id, directory)
        uow.commit()
    return len(some)


def _catch_up(ports: Ports, uow: UnitOfWork, ticket_id: UUID, directory: Directory) -> None:
    ticket, before = uow.ticket(ticket_id), uow.counted(ticket_id)
    if ticket is None or before is not None:
        return
    policy = policy_of(ports, uow, ticket, directory)
    if ticket.pin is None:
        uow.save_policy(policy)
    pinned = attrs.evolve(ticket, pin=policy.digest)
    after = counted_at(ports.now(), ticket, policy, uow.history(ticket_id), ports.rules)
    uow.count(pinned, before, after)
