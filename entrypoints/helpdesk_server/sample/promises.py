"""What was promised for the tickets of the sample, what had become of it, and what seals it."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

import attrs

from helpdesk_core.chains import sealed_change
from helpdesk_core.people import Caller
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.sla_choice import policy_for
from helpdesk_core.sla_marks import found_late
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.promising import Promised, held_to
from helpdesk_server.sample.scene import Scene


def save_watched(
    uow: UnitOfWork,
    scene: Scene,
    changes: Iterable[Change],
    *,
    random: Callable[[int], bytes],
) -> None:
    """Gather the changes, each ticket's in their order, held to what was promised for it.

    They are sealed to the ticket's chain as if noted when the past ends; `random` salts them.
    Warnings and breaches of the past are written down, so that the desk does not begin by telling
    of all of them at once.
    """
    save = partial(_save, uow, scene, random)
    held: dict[UUID, Promised] = {}
    for change in changes:
        held[change.ticket.id] = save(change, held.get(change.ticket.id))
    for told in held.values():
        marks = _marks(told, scene)
        if marks.events:
            _ = save(marks, told)


def _save(
    uow: UnitOfWork,
    scene: Scene,
    random: Callable[[int], bytes],
    change: Change,
    before: Promised | None,
) -> Promised:
    """Gather a change after what was kept `before`; answer with what is kept now, sealed."""
    wanted = partial(policy_for, change.ticket, scene.directory, scene.policy)
    policy, history = (before.policy, before.history) if before else (wanted(), ())
    kept = held_to(policy, change, history, wanted=wanted, now=scene.until)
    end = before.change.ticket.seal if before else None
    chained = attrs.evolve(kept.change, ticket=attrs.evolve(kept.change.ticket, seal=end))
    sealed = sealed_change(chained, Caller(), now=scene.until, random=random)
    if before is None or kept.policy.digest != policy.digest:
        uow.save_policy(kept.policy)
    uow.save(sealed)
    return attrs.evolve(kept, change=sealed)


def _marks(told: Promised, scene: Scene) -> Change:
    """What became true by itself by the end of the past, though nobody looked."""
    ticket = told.change.ticket
    marks = found_late(told.policy, told.history, scene.until)
    return Change(
        ticket=attrs.evolve(ticket, version=ticket.version + 1),
        events=tuple(mark.event_of(ticket) for mark in marks),
    )
