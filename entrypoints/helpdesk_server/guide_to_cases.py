"""What a visitor may try with the sample desk's cases, as their customer and as staff."""

from collections.abc import Iterator, Mapping
from typing import Final

from helpdesk_core.directory import Agent, Directory
from helpdesk_core.ports import Ports
from helpdesk_core.queue import Door, Order, SortKey, Wanted
from helpdesk_core.tickets import Status, Ticket
from helpdesk_server.trying import Try, curl, curl_file

NEW_CASE: Final[Mapping[str, object]] = {
    "name": "Maya Lestari",
    "email": "maya@bakery.example",
    "organization": "Sample Bakery",
    "customerType": "BUSINESS",
    "issueType": "TECHNICAL",
    "urgency": "HIGH",
    "subject": "The till does not print",
    "message": "Since nine o'clock the till at the door prints no receipts.",
}
LOOKED_THROUGH: Final = 100
"""Cases of a status among which some to show are sought."""


def cases_to_try(ports: Ports, api: str, token: str) -> Iterator[Try]:
    """Commands in the order in which a visitor may go; none for what this desk does not hold."""
    opened = curl(f"{api}/support/case", NEW_CASE)
    yield Try("open a case without an account; its number is its key", opened)
    new, answered = cases_of(ports, Status.OPEN), answered_cases(ports)
    if answered:
        yield Try("follow a case", curl(f"{api}/support/case/status", key_of(answered[0])))
    for ticket in new[:1]:
        urged = {**key_of(ticket), "reason": "Our shop is closed until this works"}
        yield Try("escalate a case", curl(f"{api}/support/case/escalate", urged))
    for ticket in new[1:2]:
        withdrawn = {**key_of(ticket), "reason": "Solved it ourselves"}
        yield Try("cancel a case", curl(f"{api}/support/case/cancel", withdrawn))
    yield from staff_tries(ports, f"{api}/internal/support", new[:1], answered[:1], token)


def staff_tries(
    ports: Ports, desk: str, new: list[Ticket], answered: list[Ticket], token: str
) -> Iterator[Try]:
    """The staff's side: the queue, one case, a reply, a file, an assignment."""
    queue = f"{desk}/cases?status=OPEN&sortBy=priorityScore&limit=5"
    yield Try("the new cases, the most pressing first", curl(queue, token=token))
    for ticket in answered:
        case = f"{desk}/case/{number_of(ticket)}"
        yield Try("everything about a case", curl(case, token=token))
        reply = {"message": "We have found the cause and are testing the repair."}
        yield Try("reply to its customer", curl(f"{case}/update", reply, token=token))
        upload = curl_file(f"{case}/attachments?name=seen.txt", "Seen at 9:40", token=token)
        yield Try("add a file to it", upload)
    for ticket in new:
        with ports.begin() as uow:
            assignment = assignment_in(uow.directory())
        if assignment is not None:
            where = f"{desk}/case/{number_of(ticket)}/assign"
            given = curl(where, assignment, token=token, method="PUT")
            yield Try("give a new case to somebody", given)


def cases_of(ports: Ports, status: Status) -> list[Ticket]:
    """Cases of that status, the latest first."""
    with ports.begin() as uow:
        return list(
            uow.tickets_in_order(
                Wanted(door=Door.SUPPORT, status=status),
                Order(SortKey.CREATED_AT),
                limit=LOOKED_THROUGH,
            )
        )


def answered_cases(ports: Ports) -> list[Ticket]:
    """Cases in progress on which staff have replied, the latest first."""
    return [it for it in cases_of(ports, Status.IN_PROGRESS) if it.first_agent_reply_at]


def number_of(ticket: Ticket) -> str:
    """The number of a case."""
    return ticket.case.number if ticket.case else ""


def key_of(ticket: Ticket) -> Mapping[str, object]:
    """What opens a case to its customer, however the desk numbers its cases."""
    return {"caseNumber": number_of(ticket), "email": ticket.submitter_email}


def assignment_in(directory: Directory) -> Mapping[str, object] | None:
    """An assignment to an agent who is at work, into one of their departments."""
    for agent in sorted(directory.agents.values(), key=lambda it: it.email):
        departments = [
            directory.departments[it].name for it in agent.department_ids if agent.is_active
        ]
        if departments:
            return _assignment(agent, min(departments))
    return None


def _assignment(agent: Agent, department: str) -> Mapping[str, object]:
    notes = "Please call the customer before noon."
    return {"staffId": str(agent.id), "department": department, "notes": notes}
