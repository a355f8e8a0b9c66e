"""What was promised for the tickets of the sample, and what seals their events."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

import attrs

from helpdesk_core.chains import sealed_change
from helpdesk_core.people import Caller
from helpdesk_core.ports import UnitOfWork
from helpdesk_core.sla_choice import policy_for
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
    """
    held: dict[UUID, Promised] = {}
    ends: dict[UUID, bytes | None] = {}
    for change in changes:
        ticket = change.ticket
        wanted = partial(policy_for, ticket, scene.directory, scene.policy)
        before = held.get(ticket.id)
        kept = held_to(
            before.policy if before else wanted(),
            change,
            before.history if before else (),
            wanted=wanted,
            now=scene.until,
        )
        uow.save_policy(kept.policy)
        chained = attrs.evolve(kept.change.ticket, seal=ends.get(ticket.id))
        unsealed = attrs.evolve(kept.change, ticket=chained)
        sealed = sealed_change(unsealed, Caller(), now=scene.until, random=random)
        uow.save(sealed)
        held[ticket.id], ends[ticket.id] = kept, sealed.ticket.seal
