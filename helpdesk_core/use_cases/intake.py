"""The intake desk, as the public uses it: what to choose from, submit, find again, follow."""

from collections.abc import Callable
from typing import Final, TypeAlias

import attrs

from helpdesk_core.chat import Closed, later_than, read_after, why_closed
from helpdesk_core.directory import Agent, Country, Department, Directory, KpiType
from helpdesk_core.errors import Invalid
from helpdesk_core.intake import Intake, RawIntake, submit, validate
from helpdesk_core.limits import LOOKUPS, REFUSED_SUBMISSIONS, SUBMISSIONS
from helpdesk_core.messages import Message
from helpdesk_core.notices import Notice
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.places import TicketPlace, place_of
from helpdesk_core.ports import MailOutcome, MailStatus, Ports, UnitOfWork
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.sla import first_response_time, resolution_time, whole_minutes
from helpdesk_core.text import fold, is_storable, read_address, read_uuid
from helpdesk_core.tickets import Change, EventKind, Ticket
from helpdesk_core.use_cases.finding import found_at_intake_door, intake_door, named_id
from helpdesk_core.use_cases.limiting import count, refusals_counted
from helpdesk_core.use_cases.promising import calendar_held_to
from helpdesk_core.use_cases.retrying import until_fresh
from helpdesk_core.use_cases.storing import store
from helpdesk_core.visibility import Exposure, IntakeDoor

MOST_FOUND: Final = 10
"""Tickets in the answer to one look-up."""
MOST_OWN: Final = 100
"""Of a person's own tickets so many, the newest, are searched for a name at a guarded door."""
MAIL_QUEUED: Final = "The mail is queued and will be sent shortly"
"""Said of a mail that was not tried yet."""


@attrs.frozen(kw_only=True)
class Submitted:
    """A stored ticket. `mail` tells of the assignee's mail; None when nobody was to be mailed."""

    ticket: Ticket
    mail: MailOutcome | None


@attrs.frozen(kw_only=True)
class DepartmentOption:
    """A department that takes tickets, with its active members, by name."""

    department: Department
    country: Country
    members: tuple[Agent, ...]
    kpi_types: tuple[KpiType, ...]


@attrs.frozen(kw_only=True)
class IntakeOptions:
    """What the form needs: countries and departments by name, KPI groups by id.

    A department is among them when the public may choose a KPI type for it and it has an active
    member.
    """

    countries: tuple[Country, ...]
    departments: tuple[DepartmentOption, ...]
    directory: Directory


@attrs.frozen(kw_only=True)
class FoundTicket:
    """A ticket that a look-up found."""

    ticket: Ticket
    place: TicketPlace


@attrs.frozen(kw_only=True)
class TicketStatus:
    """One ticket as its viewer may see it. Minutes are whole, rounded down.

    Notes among staff are not in `messages`, whoever is looking. `chat_closed` is why the viewer may
    not write; None: they may. `submitter_email`, and the addresses of authors, are None where the
    viewer may not read them.
    """

    ticket: Ticket
    submitter_email: str | None
    place: TicketPlace
    first_response_minutes: int | None
    resolution_minutes: int | None
    chat_closed: Closed | None
    messages: tuple[Message, ...]


IsHeld: TypeAlias = Callable[[TicketStatus], bool]
"""Told of a status without its messages, True when whoever asks has seen it as it is."""


def submit_ticket(ports: Ports, raw: RawIntake, caller: Caller = STRANGER) -> Submitted:
    """Take a submission in, durably, and see how the assignee's mail fares for a short moment.

    Raises Invalid in the contract's words, TooMany, Unavailable.
    """
    intake, change, notices = until_fresh(lambda: _taken_in(ports, raw, caller))
    return Submitted(ticket=change.ticket, mail=_assignment_mail(ports, intake, notices))


def submitted_so_far(change: Change) -> Submitted:
    """What is known of a submission before its mail was tried; whoever repeats it is told this."""
    is_assigned = any(event.kind is EventKind.ASSIGNED for event in change.events)
    mail = MailOutcome(status=MailStatus.SKIPPED, reason=MAIL_QUEUED) if is_assigned else None
    return Submitted(ticket=change.ticket, mail=mail)


def list_intake_options(ports: Ports) -> IntakeOptions:
    """What somebody may choose from when submitting a ticket."""
    with ports.begin() as uow:
        return intake_options(uow.directory())


def intake_options(directory: Directory) -> IntakeOptions:
    """What a directory offers to the public."""
    options = (_option(directory, department) for department in directory.departments.values())
    return IntakeOptions(
        countries=tuple(
            sorted(directory.countries.values(), key=lambda it: (fold(it.name), it.id))
        ),
        departments=tuple(
            sorted(
                (option for option in options if option.kpi_types and option.members),
                key=lambda it: (fold(it.department.name), it.department.id),
            )
        ),
        directory=directory,
    )


def look_up_tickets(
    ports: Ports, query: object, caller: Caller = STRANGER
) -> tuple[FoundTicket, ...]:
    """At most ten tickets of an id, a submitter's address or whole name; newest first.

    A guarded door finds by address and by name only what was submitted from the caller's own
    address, and looks for nothing else, so that neither its answer nor its haste tells anything.
    Raises Invalid without a query, TooMany, Unavailable.
    """
    if not isinstance(query, str) or not query.strip():
        raise Invalid("Search query is required", q="missing")
    count(ports.limiter, LOOKUPS, caller)
    door = intake_door(ports, caller)
    with ports.begin() as uow:
        directory = uow.directory()
        return tuple(
            FoundTicket(ticket=ticket, place=place_of(ticket, directory))
            for ticket in _matches(uow, query.strip(), door)
            if door.shows(ticket)
        )


def read_status(ports: Ports, ticket_id: object, caller: Caller = STRANGER) -> TicketStatus:
    """One ticket as the caller may see it at the intake door.

    Raises Invalid without an id, NotFound (for a malformed id too), Unavailable.
    """
    named = named_id(ticket_id)
    door = intake_door(ports, caller)
    with ports.begin() as uow:
        status = _status(uow, found_at_intake_door(uow, named, door), door)
        messages = uow.messages(status.ticket.id)
    return attrs.evolve(status, messages=door.shown(messages, status.ticket))


def poll_status(
    ports: Ports,
    ticket_id: object,
    caller: Caller = STRANGER,
    *,
    after: object = None,
    is_held: IsHeld,
) -> TicketStatus | None:
    """The status as `read_status` has it, with the messages behind `after`; None when it is held.

    Of what is held no message is read. An `after` that is no message of the ticket leaves nothing
    out. Raises Invalid for what is no id of a message besides.
    """
    named, behind = named_id(ticket_id), read_after(after)
    door = intake_door(ports, caller)
    with ports.begin() as uow:
        status = _status(uow, found_at_intake_door(uow, named, door), door)
        if is_held(status):
            return None
        messages = uow.messages(status.ticket.id)
    said = door.shown(messages, status.ticket)
    return attrs.evolve(status, messages=later_than(said, behind))


def _taken_in(
    ports: Ports, raw: RawIntake, caller: Caller
) -> tuple[Intake, Change, tuple[Notice, ...]]:
    with ports.begin() as uow:
        directory = uow.directory()
        with refusals_counted(ports.limiter, REFUSED_SUBMISSIONS, caller):
            intake = validate(raw, directory, caller)
        count(ports.limiter, SUBMISSIONS, caller)
        change = submit(intake, ticket_id=ports.new_id(), now=ports.now())
        stored = store(ports, uow, change, directory, caller)
    return intake, stored.change, stored.notices


def _assignment_mail(
    ports: Ports, intake: Intake, notices: tuple[Notice, ...]
) -> MailOutcome | None:
    if intake.assignee is None:
        return None
    for notice in notices:
        if notice.channel is Channel.MAIL and _tells(notice, intake.assignee):
            return ports.courier.outcome(notice)
    if not intake.assignee.wants_mail:
        return MailOutcome(status=MailStatus.SKIPPED, reason="The agent has switched mail off")
    return None


def _tells(notice: Notice, agent: Agent) -> bool:
    return notice.audience is not Audience.CUSTOMER and notice.recipient == agent.email


def _status(uow: UnitOfWork, ticket: Ticket, door: IntakeDoor) -> TicketStatus:
    directory = uow.directory()
    calendar = calendar_held_to(uow, ticket, directory)
    return TicketStatus(
        ticket=ticket,
        submitter_email=ticket.submitter_email if door.shows_addresses(ticket) else None,
        place=place_of(ticket, directory),
        first_response_minutes=whole_minutes(first_response_time(ticket)),
        resolution_minutes=whole_minutes(resolution_time(ticket, calendar)),
        chat_closed=why_closed(ticket, door.viewer),
        messages=(),
    )


def _option(directory: Directory, department: Department) -> DepartmentOption:
    return DepartmentOption(
        department=department,
        country=directory.country_of(department),
        members=directory.members_of(department.id),
        kpi_types=directory.kpi_types_for(department.id),
    )


def _matches(uow: UnitOfWork, query: str, door: IntakeDoor) -> tuple[Ticket, ...]:
    ticket_id = read_uuid(query)
    if ticket_id is not None:
        ticket = uow.ticket(ticket_id)
        return (ticket,) if ticket else ()
    if read_address(query) is not None:
        is_open = door.finds_by_address(query)
        return uow.tickets_by_email(query, limit=MOST_FOUND) if is_open else ()
    if not is_storable(query):
        return ()
    if door.exposure is Exposure.CONTRACT:
        return uow.tickets_by_name(query, limit=MOST_FOUND)
    return _own_of_name(uow, query, door)


def _own_of_name(uow: UnitOfWork, name: str, door: IntakeDoor) -> tuple[Ticket, ...]:
    """Those from the viewer's own address: whoever else has the name is not even looked for."""
    if door.viewer is None:
        return ()
    own = uow.tickets_by_email(door.viewer.email, limit=MOST_OWN)
    return tuple(it for it in own if fold(it.submitter_name) == fold(name))[:MOST_FOUND]
