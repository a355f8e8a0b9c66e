"""What was promised for the tickets of the sample."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from helpdesk_core.ports import UnitOfWork
from helpdesk_core.sla_choice import policy_for
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.promising import Promised, held_to
from helpdesk_server.sample.scene import Scene


def save_watched(uow: UnitOfWork, scene: Scene, changes: Iterable[Change]) -> None:
    """Gather the changes, each ticket's in their order, held to what was promised for it."""
    held: dict[UUID, Promised] = {}
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
        uow.save(kept.change)
        held[ticket.id] = kept
