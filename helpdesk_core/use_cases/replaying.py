"""What if: history under another policy, and tickets that are held to another one from now on."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.directory import Directory
from helpdesk_core.directory_file import merged
from helpdesk_core.errors import Invalid
from helpdesk_core.kinds import EventKind, Metric
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.queue import Order, Place, SortKey, SortOrder, Wanted
from helpdesk_core.sla_choice import fits, policy_for, sort_of
from helpdesk_core.sla_marks import found_late
from helpdesk_core.sla_policies import Policy
from helpdesk_core.sla_replay import Replayed, replay
from helpdesk_core.sla_rules import SlaPolicy
from helpdesk_core.support import SupportCase
from helpdesk_core.text import fold
from helpdesk_core.tickets import FINISHED, Change, Ticket, event
from helpdesk_core.use_cases.promising import policy_of
from helpdesk_core.use_cases.retrying import until_fresh
from helpdesk_core.use_cases.storing import store

PORTION: Final = 200
"""Tickets that are read at a time."""

_OLDEST_FIRST: Final = Order(SortKey.CREATED_AT, SortOrder.ASCENDING)


@attrs.frozen(kw_only=True)
class Span:
    """Which tickets are meant: those submitted from `since` on and before `until`.

    None leaves that end open.
    """

    since: datetime | None = None
    until: datetime | None = None


ALL_OF_TIME: Final = Span()


def replay_under(
    ports: Ports,
    document: Mapping[str, object],
    span: Span = ALL_OF_TIME,
) -> Iterator[Replayed]:
    """Each ticket of the span as it stands, and as it would under the directory with this file.

    Oldest first, a portion in memory at a time. Nothing is written. Raises InvalidDirectory at
    once, and Unavailable.
    """
    with ports.begin() as uow:
        directory = uow.directory()
    other = merged(document, directory, ports.rules)
    return _replayed(ports, span, lambda _: other)


def repinnable(
    ports: Ports,
    span: Span = ALL_OF_TIME,
    *,
    key: str | None = None,
    with_finished: bool = False,
) -> Iterator[Replayed]:
    """The tickets that are held to another policy than the directory would give them now.

    Oldest first, each with what would become of its verdicts; with a `key` only those for which the
    desk's policy of that key holds. Work that was logged is left out, and so are finished tickets,
    unless `with_finished`. Nothing is written. Raises Unavailable, and Invalid for a key of none.
    """
    rule = None if key is None else _rule(ports, key)
    for found in _replayed(ports, span, lambda directory: directory):
        ticket = found.ticket
        is_open = ticket.status not in {None, *FINISHED}
        is_meant = is_open or (with_finished and ticket.status is not None)
        is_held_so = rule is None or fits(rule, sort_of(ticket))
        if is_meant and is_held_so and ticket.pin != found.other.digest:
            yield found


def repin_ticket(ports: Ports, ticket_id: UUID, caller: Caller) -> bool:
    """Hold the ticket to the policy that the directory gives it now; False when it is already.

    An event says from which version to which. What had become true under the old one is written
    down before it, and a case's promised instants are those of the new one. Nobody is told. Raises
    Unavailable, and what `until_fresh` does.
    """
    return until_fresh(lambda: _repinned(ports, ticket_id, caller))


def _rule(ports: Ports, key: str) -> SlaPolicy:
    with ports.begin() as uow:
        policies = uow.directory().sla_policies.values()
    found = next((it for it in policies if fold(it.key) == fold(key)), None)
    if found is None:
        raise Invalid("The directory has no policy of that key", policy="unknown")
    return found


def _repinned(ports: Ports, ticket_id: UUID, caller: Caller) -> bool:
    with ports.begin() as uow:
        ticket, directory, now = uow.ticket(ticket_id), uow.directory(), ports.now()
        if ticket is None:
            return False
        wanted = policy_for(ticket, directory, ports.cases.policy)
        if ticket.pin == wanted.digest:
            return False
        held = policy_of(ports, uow, ticket, directory)
        late = found_late(held, uow.history(ticket_id), now)
        change = _repinning(ticket, held, wanted, caller, now)
        found = tuple(mark.event_of(change.ticket) for mark in late)
        _ = store(ports, uow, change, directory, caller, found=found)
    return True


def _repinning(
    ticket: Ticket, held: Policy, wanted: Policy, caller: Caller, now: datetime
) -> Change:
    # Nobody was at work on it: it is another version, and no activity.
    repinned = attrs.evolve(
        ticket,
        version=ticket.version + 1,
        case=ticket.case and _promised(ticket.case, wanted, ticket.submitted_at),
    )
    versions = {"from": held.digest, "to": wanted.digest, "policy": wanted.name}
    happened = event(EventKind.REPINNED, repinned, by=caller.user, now=now, **versions)
    return Change(ticket=repinned, events=(happened,))


def _promised(case: SupportCase, policy: Policy, start: datetime) -> SupportCase:
    return attrs.evolve(
        case,
        response_due_at=policy.due(Metric.FIRST_RESPONSE, start) or case.response_due_at,
        resolution_due_at=policy.due(Metric.RESOLUTION, start) or case.resolution_due_at,
    )


def _replayed(
    ports: Ports, span: Span, other: Callable[[Directory], Directory]
) -> Iterator[Replayed]:
    place = Place(span.since, UUID(int=0)) if span.since else None
    while True:
        with ports.begin() as uow:
            directory = uow.directory()
            tickets = uow.tickets_in_order(Wanted(), _OLDEST_FIRST, after=place, limit=PORTION)
            under = partial(_one, ports, uow, directory, other(directory))
            found = [under(it) for it in tickets if not span.until or it.submitted_at < span.until]
        yield from found
        if len(found) < PORTION:
            return
        place = Place(tickets[-1].submitted_at, tickets[-1].id)


def _one(
    ports: Ports, uow: UnitOfWork, directory: Directory, other: Directory, ticket: Ticket
) -> Replayed:
    held = policy_of(ports, uow, ticket, directory)
    wanted = policy_for(ticket, other, ports.cases.policy)
    return replay(ticket, uow.history(ticket.id), held, wanted, ports.now())
