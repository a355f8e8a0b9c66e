"""Finding what became true by itself: warnings and breaches that nobody has written down yet."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.people import Caller
from helpdesk_core.ports import DuePlace, Ports
from helpdesk_core.sla_marks import found_late
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.promising import policy_of
from helpdesk_core.use_cases.retrying import until_fresh
from helpdesk_core.use_cases.storing import store

PORTION: Final = 200
"""Tickets that are read at a time."""


def tickets_to_sweep(ports: Ports) -> Iterator[UUID]:
    """The tickets of which something became true before now, whatever was due longest first.

    Each once, also those that are still due after they were swept. Raises Unavailable.
    """
    now, place = ports.now(), None
    while True:
        with ports.begin() as uow:
            due = uow.tickets_due(now, after=place, limit=PORTION)
        for ticket in due:
            yield ticket.id
        if len(due) < PORTION:
            return
        place = DuePlace(due[-1].next_due_at or now, due[-1].id)


def sweep_ticket(ports: Ports, ticket_id: UUID) -> int:
    """Write down what became true of a ticket, and tell; answers with how many events.

    However many sweep at once, each event is written once, with the instant at which it became
    true. A ticket that was never pinned is pinned. Raises Unavailable, and what `until_fresh` does.
    """
    return until_fresh(lambda: _swept(ports, ticket_id))


def _swept(ports: Ports, ticket_id: UUID) -> int:
    with ports.begin() as uow:
        ticket, now = uow.ticket(ticket_id), ports.now()
        if ticket is None or ticket.next_due_at is None or ticket.next_due_at >= now:
            return 0
        directory = uow.directory()
        policy = policy_of(ports, uow, ticket, directory)
        late = found_late(policy, uow.history(ticket_id), now)
        news = tuple(mark.event_of(ticket) for mark in late if mark.is_news(now))
        silent = tuple(mark.event_of(ticket) for mark in late if not mark.is_news(now))
        # Nobody was at work on it: it is another version, and no activity.
        swept = attrs.evolve(ticket, version=ticket.version + 1)
        _ = store(ports, uow, Change(ticket=swept, events=news), directory, Caller(), found=silent)
    return len(late)
