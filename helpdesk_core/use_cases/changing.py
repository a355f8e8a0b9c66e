"""The way every change of a stored ticket goes: find, decide, notify, store."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from helpdesk_core.directory import Directory
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.tickets import Change, Ticket
from helpdesk_core.use_cases.finding import Target, found_target
from helpdesk_core.use_cases.retrying import until_fresh
from helpdesk_core.use_cases.storing import store

Find: TypeAlias = Callable[[UnitOfWork], Ticket]
"""Finds the ticket; raises NotFound."""

Decide: TypeAlias = Callable[[Ticket, Directory, UnitOfWork], Change]
"""Decides about the ticket as it is now, and only reads; raises what it refuses."""


def change_target(ports: Ports, target: Target, decide: Decide, caller: Caller) -> Change:
    """Change the ticket that staff mean, as `change_ticket` does.

    Raises NotAsExpected besides, when it is not in the version that they saw.
    """
    return change_ticket(ports, partial(found_target, target=target), decide, caller)


def change_ticket(ports: Ports, find: Find, decide: Decide, caller: Caller) -> Change:
    """Store what is decided about a ticket as it is now, with the notices that it calls for.

    `caller` is whoever does it, to the audit trail. When somebody else was faster `decide` is asked
    again about what they left. Where nothing happened nothing is stored. Raises what `find` and
    `until_fresh` do, and whatever `decide` raises.
    """
    return until_fresh(lambda: _changed(ports, find, decide, caller))


def _changed(ports: Ports, find: Find, decide: Decide, caller: Caller) -> Change:
    with ports.begin() as uow:
        directory = uow.directory()
        change = decide(find(uow), directory, uow)
        if change.events:
            return store(ports, uow, change, directory, caller).change
    return change
