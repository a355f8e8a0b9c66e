"""What a visitor of the sample desk may try: commands that work when they are pasted."""

import json
import shlex
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

import attrs

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.intake import MOST_FOUND, DepartmentOption, list_intake_options
from helpdesk_server.sample import customer_addresses

VISITOR = {"createdByName": "Budi Santoso", "createdByEmail": "budi.santoso@example.com"}


@attrs.frozen
class Try:
    """Something to try: what it shows, and the command."""

    shows: str
    command: str


def guide(ports: Ports, address: str) -> str:
    """What to read on the terminal when the sample desk is ready at the address."""
    tries = (f"# {each.shows}\n{each.command}\n" for each in things_to_try(ports, address))
    return "\n".join((f"The sample desk is ready at {address}\n", *tries, "Ctrl-C ends it."))


def things_to_try(ports: Ports, address: str) -> Iterator[Try]:
    """Commands in the order in which a visitor may go; none for what this desk does not hold."""
    desk = f"{address}/api/intake"
    yield Try("what a submitter may choose from", curl(f"{desk}/options"))
    departments = list_intake_options(ports).departments
    if departments:
        sent = curl(desk, submission(departments[0]))
        yield Try("submit a ticket; its agent's mail shows below", sent)
        yield Try("find it again", curl(f"{desk}/lookup?q={VISITOR['createdByEmail']}"))
    ticket_id = sample_ticket(ports)
    if ticket_id is not None:
        status = f"{desk}/status/{ticket_id}"
        yield Try("follow a ticket of the last months", curl(status))
        said = curl(f"{status}/messages", {"body": "Any news?"})
        yield Try("write on it: refused, as only its signed-in submitter may", said)


def sample_ticket(ports: Ports) -> UUID | None:
    """A ticket of the sample's history, an answered one if there is any."""
    with ports.begin() as uow:
        tickets = [
            ticket
            for address in customer_addresses()
            for ticket in uow.tickets_by_email(address, limit=MOST_FOUND)
        ]
    tickets.sort(key=lambda ticket: ticket.first_agent_reply_at is None)
    return tickets[0].id if tickets else None


def submission(option: DepartmentOption) -> Mapping[str, object]:
    """A ticket for a department, given to its first member."""
    return {
        "deptId": str(option.department.id),
        "kpiTypeId": str(option.kpi_types[0].id),
        "userId": str(option.members[0].id),
        "ticketDate": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "description": "The printer on the second floor hums",
        **VISITOR,
    }


def curl(url: str, body: Mapping[str, object] | None = None) -> str:
    """The command that gets the address, or posts the body to it, quoted for a shell."""
    words = ["curl", "-s", url]
    if body is not None:
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
    return shlex.join(words)
