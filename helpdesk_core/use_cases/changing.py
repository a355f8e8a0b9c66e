"""The way every change of a stored ticket goes: read, decide, notify, store."""

from collections.abc import Callable

from helpdesk_core.directory import Directory
from helpdesk_core.notices import notices_of
from helpdesk_core.ports import Ports
from helpdesk_core.tickets import Change, Ticket
from helpdesk_core.use_cases.finding import found_ticket
from helpdesk_core.use_cases.retrying import decided_again_when_stale


@decided_again_when_stale
def change_ticket(
    ports: Ports, ticket_id: object, decide: Callable[[Ticket, Directory], Change]
) -> Change:
    """Store what is decided about a ticket as it is now, with the notices that it calls for.

    `decide` is pure: when somebody else was faster it is asked again about what they left. Where
    nothing happened nothing is stored. Raises NotFound, StaleTicket after many rivals, and
    whatever `decide` raises.
    """
    with ports.begin() as uow:
        directory = uow.directory()
        change = decide(found_ticket(uow, ticket_id), directory)
        if change.events:
            uow.save(change, notices_of(change, directory, ports.routes, ports.new_id))
            uow.commit()
    return change
