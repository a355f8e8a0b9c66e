"""Storing a change, with all that goes with it into the same transaction."""

from helpdesk_core.chains import sealed_change
from helpdesk_core.directory import Directory
from helpdesk_core.notices import Notice, notices_of
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.budgets import within_budget


def store(
    ports: Ports, uow: UnitOfWork, change: Change, directory: Directory, caller: Caller
) -> tuple[Notice, ...]:
    """Store the change and the notices that it calls for, and answer with those.

    `caller` is who the audit trail says did it, and from where; `Caller()` is the desk itself.
    Raises what `UnitOfWork.commit` does.
    """
    called_for = notices_of(change, directory, ports.routing, ports.addressees, ports.new_id)
    notices = within_budget(called_for, change.ticket, ports.limiter)
    uow.save(sealed_change(change, caller, now=ports.now(), random=ports.random), notices)
    ports.along_with(uow, change)
    uow.commit()
    return notices
