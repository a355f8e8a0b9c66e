"""What a visitor of the sample desk may try: commands that work when they are pasted."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.intake import MOST_FOUND, DepartmentOption, list_intake_options
from helpdesk_server.guide_to_cases import cases_to_try
from helpdesk_server.sample import customer_addresses
from helpdesk_server.trying import Try, curl

VISITOR = {"createdByName": "Budi Santoso", "createdByEmail": "budi.santoso@example.com"}


def guide(ports: Ports, address: str, token: str, links: Mapping[str, str]) -> str:
    """What to read on the terminal when the sample desk is ready at the address.

    `token` is an admin's; the commands of the staff carry it. `links` sign in, by whom.
    """
    tries = (f"# {each.shows}\n{each.command}\n" for each in things_to_try(ports, address, token))
    return "\n".join(
        (
            f"The sample desk is ready at {address}\n",
            f"To read and try the whole API, open {address}/docs",
            "To sign in with a browser, each link once, within a day:",
            *(f"  {who}: {link}" for who, link in links.items()),
            "",
            f"An admin's token, good for a day: {token}\n",
            *tries,
            "Ctrl-C ends it.",
        )
    )


def things_to_try(ports: Ports, address: str, token: str) -> Iterator[Try]:
    """Commands in the order in which a visitor may go; none for what this desk does not hold."""
    yield from tickets_to_try(ports, f"{address}/api/intake")
    yield from cases_to_try(ports, f"{address}/api", token)
    yield from staff_lines(ports, f"{address}/api/internal", token)
    yield Try("how the desk is", curl(f"{address}/health"))
    yield Try("whether it takes requests", curl(f"{address}/ready"))
    yield Try("what it has counted", curl(f"{address}/metrics", token=token))
    yield Try("all of this for programs", curl(f"{address}/openapi.json"))


def staff_lines(ports: Ports, desk: str, token: str) -> Iterator[Try]:
    """The staff's side: the queue, a promise explained, the month's figures, the audit trail."""
    yield Try("every ticket in one queue", curl(f"{desk}/tickets", token=token))
    ticket_id = sample_ticket(ports)
    if ticket_id is not None:
        promises = f"{desk}/tickets/{ticket_id}/sla"
        yield Try("what was promised for a ticket, step by step", curl(promises, token=token))
    figures = f"{desk}/performance"
    yield Try("this month beside the last", curl(f"{figures}/dashboard", token=token))
    yield Try("the month's report as a table", curl(f"{figures}/monthly.csv", token=token))
    yield Try("who did what last", curl(f"{desk}/audit?limit=5", token=token))


def tickets_to_try(ports: Ports, desk: str) -> Iterator[Try]:
    """The door for colleagues: submit a ticket, find it again, follow one."""
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
