"""What goes with every change: the policy that the ticket is held to, and what is due next."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.directory import Directory
from helpdesk_core.kinds import EventKind
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.sla_choice import policy_as_written, policy_for
from helpdesk_core.sla_marks import NOTHING_DUE, found_late, outlook
from helpdesk_core.sla_policies import Kept, Policy, settled_under, tightened
from helpdesk_core.tickets import Change, Event, Ticket


@attrs.frozen(kw_only=True)
class Promised:
    """A change whose ticket is pinned and watched; its policy, and all that ever happened to it.

    `kept` is how the policy's targets stand after it.
    """

    change: Change
    policy: Policy
    history: tuple[Event, ...]
    kept: tuple[Kept, ...]


def policy_of(ports: Ports, uow: UnitOfWork, ticket: Ticket, directory: Directory) -> Policy:
    """The policy that the ticket is held to; for one that has no pin yet, the one it will get."""
    held = uow.policy(ticket.pin) if ticket.pin is not None else None
    return held or policy_as_written(ticket, directory, ports.cases.policy)


def calendar_held_to(uow: UnitOfWork, ticket: Ticket, directory: Directory) -> Calendar | None:
    """The calendar by which the ticket's working time is counted; None for round the clock.

    It is the one of its policy, so that the directory of another day changes no figure.
    """
    held = uow.policy(ticket.pin) if ticket.pin is not None else None
    return directory.calendar_of(ticket.department_id) if held is None else held.calendar


def promised(
    ports: Ports, uow: UnitOfWork, change: Change, directory: Directory, found: tuple[Event, ...]
) -> Promised:
    """The change, held to its ticket's policy as `held_to` says, which is gathered where it is new.

    A new ticket is pinned to the policy of today, a ticket of before to the one it was promised.
    """
    ticket, cases = change.ticket, ports.cases.policy
    earlier: tuple[Event, ...] = ()
    if ticket.version == 1:
        policy = policy_for(ticket, directory, cases)
    else:
        policy, earlier = policy_of(ports, uow, ticket, directory), uow.history(ticket.id)
    wanted = partial(policy_for, ticket, directory, cases)
    kept = held_to(policy, change, earlier, found, wanted=wanted, now=ports.now())
    if kept.policy.digest != ticket.pin:
        uow.save_policy(kept.policy)
    return kept


def held_to(  # noqa: PLR0913  # one argument a part of the story
    policy: Policy,
    change: Change,
    earlier: tuple[Event, ...],
    found: tuple[Event, ...] = (),
    *,
    wanted: Callable[[], Policy],
    now: datetime,
) -> Promised:
    """The change with its ticket's pin and next due instant, and `found` before its own events.

    An escalation makes targets shorter, never longer: those of the policy that is `wanted` for the
    ticket as it is now; a first response that was given stays judged as it was promised.
    What had become of the longer ones by then goes before it. Re-pinning holds the ticket to the
    policy that is wanted, whatever that is.
    """
    ticket, kinds = change.ticket, {event.kind for event in change.events}
    if EventKind.REPINNED in kinds:
        policy = wanted()
    if EventKind.ESCALATED in kinds:
        found += tuple(mark.event_of(ticket) for mark in found_late(policy, earlier, now))
        settled = settled_under(policy, earlier, now)
        policy = tightened(policy, wanted(), settled=settled)
    history = earlier + found + change.events
    look = NOTHING_DUE if ticket.status is None else outlook(policy, history, now)
    watched = attrs.evolve(ticket, pin=policy.digest, next_due_at=look.next_due_at)
    return Promised(
        change=attrs.evolve(change, ticket=watched, events=found + change.events),
        policy=policy,
        history=history,
        kept=look.kept,
    )
