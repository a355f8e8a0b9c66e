"""What the words of a notice may be made of: all that its reader may know, and nothing else."""

from collections.abc import Mapping

from helpdesk_core.directory import Directory
from helpdesk_core.messages import AuthorType
from helpdesk_core.places import place_of
from helpdesk_core.recipients import is_verified
from helpdesk_core.routing import Audience
from helpdesk_core.sla_clock import FOUND_LATER
from helpdesk_core.tickets import Change, Event, EventKind


def facts_of(
    change: Change, event: Event, audience: Audience, directory: Directory
) -> Mapping[str, str]:
    """The facts of an event for an audience: plain text, one line each but for `text`.

    Customers are told what staff said to them. Staff and systems are told what was said or asked
    for, by whom; no system is told a note's text.
    """
    facts = _for_all(change, event, directory)
    if audience is not Audience.CUSTOMER:
        facts |= _for_staff(change, event, audience)
    return facts


def _for_all(change: Change, event: Event, directory: Directory) -> dict[str, str]:
    """What may be told to anybody: no word in it was typed by a stranger."""
    ticket, place, case = change.ticket, place_of(change.ticket, directory), change.ticket.case
    facts = {
        "ticketId": str(ticket.id),
        "status": ticket.status.value if ticket.status else "",
        "department": place.department or "",
        "kpiType": place.kpi_type or "",
        "assignedTo": place.assigned_to or "",
        "text": _staff_words(change, event),
    }
    if event.kind in FOUND_LATER:
        facts |= {name: event.details.get(name, "") for name in ("metric", "dueAt")}
    if case is not None:
        facts |= {
            "caseNumber": case.number,
            "urgency": case.urgency.value,
            "customerType": case.customer_type.value,
            "issueType": case.issue_type.value,
            "estimatedResolution": case.resolution_due_at.isoformat(),
        }
    return facts


def _staff_words(change: Change, event: Event) -> str:
    """What staff said to the customer in this change."""
    message = change.message
    if event.kind is EventKind.REJECTED:
        return change.ticket.rejection_reason or ""
    if message is None or message.is_internal or message.author_type is not AuthorType.AGENT:
        return ""
    return message.body


def _for_staff(change: Change, event: Event, audience: Audience) -> Mapping[str, str]:
    ticket, case = change.ticket, change.ticket.case
    return {
        "submittedBy": ticket.submitter_name,
        "submittedByEmail": ticket.submitter_email,
        "submitterIs": "signed in" if is_verified(ticket) else "not verified",
        "subject": case.subject if case else "",
        "organization": (case.organization or "") if case else "",
        "text": _said(change, event, audience),
    }


def _said(change: Change, event: Event, audience: Audience) -> str:
    """What was said, else why, else what the ticket is about.

    A note that went along with something else is not taken for the submitter's word.
    """
    message = change.message
    if message is not None and event.kind is EventKind.NOTED:
        return "" if audience is Audience.SYSTEMS else message.body
    if message is not None and not message.is_internal:
        return message.body
    return event.details.get("reason", change.ticket.description)
