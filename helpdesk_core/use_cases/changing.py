"""The way every change of a stored ticket goes: read, decide, notify, store."""

from collections.abc import Callable

from helpdesk_core.directory import Directory
from helpdesk_core.notices import notices_of
from helpdesk_core.ports import Ports
from helpdesk_core.tickets import Change, Ticket
from helpdesk_core.use_cases.finding import found_ticket
from helpdesk_core.use_cases.retrying import until_fresh


def change_ticket(
    ports: Ports, ticket_id: object, decide: Callable[[Ticket, Directory], Change]
) -> Change:
    """Store what is decided about a ticket as it is now, with the notices that it calls for.

    `decide` is pure: when somebody else was faster it is asked again about what they left. Where
    nothing happened nothing is stored. Raises NotFound, what `until_fresh` does, and whatever
    `decide` raises.
    """
    return until_fresh(lambda: _changed(ports, ticket_id, decide))


def _changed(
    ports: Ports, ticket_id: object, decide: Callable[[Ticket, Directory], Change]
) -> Change:
    with ports.begin() as uow:
        directory = uow.directory()
        change = decide(found_ticket(uow, ticket_id), directory)
        if change.events:
            uow.save(change, notices_of(change, directory, ports.routes, ports.new_id))
            uow.commit()
    return change
