"""Storing a change, with all that goes with it into the same transaction."""

import attrs

from helpdesk_core.chains import sealed_change
from helpdesk_core.directory import Directory
from helpdesk_core.notices import Notice, notices_of
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.tickets import Change, Event
from helpdesk_core.use_cases.budgets import within_budget
from helpdesk_core.use_cases.counting import count_saved
from helpdesk_core.use_cases.promising import promised


@attrs.frozen(kw_only=True)
class Stored:
    """A change as it was stored, and the notices that it called for."""

    change: Change
    notices: tuple[Notice, ...]


def store(  # noqa: PLR0913  # one argument a part of the transaction
    ports: Ports,
    uow: UnitOfWork,
    change: Change,
    directory: Directory,
    caller: Caller,
    *,
    found: tuple[Event, ...] = (),
) -> Stored:
    """Store the change and the notices that it calls for.

    Its ticket is pinned to a policy, says when something of it is due next, and is counted in the
    monthly figures. `found` are events that go before the change's own, and of which nobody is
    told. `caller` is who the audit trail says did it, and from where; `Caller()` is the desk
    itself. Raises what `UnitOfWork.commit` does.
    """
    held = promised(ports, uow, change, directory, found)
    kept = sealed_change(held.change, caller, now=ports.now(), random=ports.random)
    told = attrs.evolve(change, ticket=kept.ticket)
    called_for = notices_of(told, directory, ports.routing, ports.addressees, ports.new_id)
    notices = within_budget(called_for, kept.ticket, ports.limiter)
    uow.save(kept, notices)
    count_saved(ports, uow, kept.ticket, held.policy, held.kept)
    ports.along_with(uow, kept)
    uow.commit()
    return Stored(change=kept, notices=notices)
