"""What contract A answers, as records: their fields are its names, `wire` makes camelCase of them.

Each is made from what a use case answered, by a function that decides nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

import attrs

from helpdesk_core.directory import (
    Agent,
    Country,
    Directory,
    KpiGroup,
    KpiType,
    MetricField,
    Scalar,
)
from helpdesk_core.intake import SHOWN_AS, PublicStatus
from helpdesk_core.messages import AuthorType, Message
from helpdesk_core.ports import MailOutcome
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.intake import (
    DepartmentOption,
    FoundTicket,
    IntakeOptions,
    Submitted,
    TicketStatus,
)


@attrs.frozen(kw_only=True)
class SubmittedBody:
    """The answer to a submission."""

    id: UUID
    status: PublicStatus | None
    assignment_email: MailOutcome | None

    @classmethod
    def of(cls, submitted: Submitted) -> Self:
        """What the submitter is told."""
        ticket = submitted.ticket
        return cls(id=ticket.id, status=_shown(ticket.status), assignment_email=submitted.mail)


@attrs.frozen(kw_only=True)
class CountryBody:
    """A country to choose."""

    id: UUID
    name: str
    abbreviation: str

    @classmethod
    def of(cls, country: Country) -> Self:
        """The country as the form shows it."""
        return cls(id=country.id, name=country.name, abbreviation=country.abbreviation)


@attrs.frozen(kw_only=True)
class UserBody:
    """A member of a department, to pre-assign."""

    id: UUID
    name: str
    email: str

    @classmethod
    def of(cls, agent: Agent) -> Self:
        """The agent as the form shows them."""
        return cls(id=agent.id, name=agent.name, email=agent.email)


@attrs.frozen(kw_only=True)
class DepartmentBody:
    """A department to choose."""

    id: UUID
    name: str
    abbreviation: str
    country_id: UUID
    country: CountryBody
    users: Sequence[UserBody]

    @classmethod
    def of(cls, option: DepartmentOption) -> Self:
        """The department as the form shows it."""
        department = option.department
        return cls(
            id=department.id,
            name=department.name,
            abbreviation=department.abbreviation,
            country_id=department.country_id,
            country=CountryBody.of(option.country),
            users=[UserBody.of(agent) for agent in option.members],
        )


@attrs.frozen(kw_only=True)
class KpiGroupBody:
    """The group a KPI type belongs to."""

    id: UUID
    name: str

    @classmethod
    def of(cls, group: KpiGroup) -> Self:
        """The group as the form shows it."""
        return cls(id=group.id, name=group.name)


@attrs.frozen(kw_only=True)
class KpiTypeBody:
    """A KPI type to choose."""

    id: UUID
    name: str
    kg_id: UUID
    rule_type: str
    formula_type: str
    metric_schema: Sequence[MetricField]
    parameters: Mapping[str, Scalar]
    sub_group: str | None
    display_order: int
    kpi_group: KpiGroupBody

    @classmethod
    def of(cls, kpi_type: KpiType, directory: Directory) -> Self:
        """The KPI type as the form shows it."""
        return cls(
            id=kpi_type.id,
            name=kpi_type.name,
            kg_id=kpi_type.group_id,
            rule_type=kpi_type.rule,
            formula_type=kpi_type.formula,
            metric_schema=kpi_type.metric_schema,
            parameters=kpi_type.parameters,
            sub_group=kpi_type.sub_group,
            display_order=kpi_type.display_order,
            kpi_group=KpiGroupBody.of(directory.kpi_groups[kpi_type.group_id]),
        )


@attrs.frozen(kw_only=True)
class OptionsBody:
    """Everything the form needs."""

    countries: Sequence[CountryBody]
    departments: Sequence[DepartmentBody]
    kpi_types_by_dept: Mapping[str, Sequence[KpiTypeBody]]
    date_format: str

    @classmethod
    def of(cls, options: IntakeOptions, date_format: str) -> Self:
        """The options, in the order in which the use case has them."""
        return cls(
            countries=[CountryBody.of(country) for country in options.countries],
            departments=[DepartmentBody.of(option) for option in options.departments],
            kpi_types_by_dept={
                str(option.department.id): [
                    KpiTypeBody.of(kpi_type, options.directory) for kpi_type in option.kpi_types
                ]
                for option in options.departments
            },
            date_format=date_format,
        )


@attrs.frozen(kw_only=True)
class FoundBody:
    """One ticket among those that a look-up found; logged work has no status here."""

    id: UUID
    status: PublicStatus | None
    submitted_at: datetime
    submitted_by: str | None
    country: str | None
    department: str | None
    kpi_type: str | None

    @classmethod
    def of(cls, found: FoundTicket) -> Self:
        """The ticket as the list shows it."""
        ticket, place = found.ticket, found.place
        return cls(
            id=ticket.id,
            status=_shown(ticket.status),
            submitted_at=ticket.submitted_at,
            submitted_by=ticket.submitter_name,
            country=place.country,
            department=place.department,
            kpi_type=place.kpi_type,
        )


@attrs.frozen(kw_only=True)
class LookupBody:
    """What a look-up found, newest first."""

    date_format: str
    tickets: Sequence[FoundBody]

    @classmethod
    def of(cls, found: Sequence[FoundTicket], date_format: str) -> Self:
        """The list, in the order of the use case."""
        return cls(date_format=date_format, tickets=[FoundBody.of(each) for each in found])


@attrs.frozen(kw_only=True)
class MessageBody:
    """A message of the chat."""

    id: UUID
    author_type: AuthorType
    author_name: str | None
    author_email: str | None
    body: str
    created_at: datetime

    @classmethod
    def of(cls, message: Message) -> Self:
        """The message as the chat shows it."""
        return cls(
            id=message.id,
            author_type=message.author_type,
            author_name=message.author_name,
            author_email=message.author_email,
            body=message.body,
            created_at=message.created_at,
        )


@attrs.frozen(kw_only=True)
class SaidBody:
    """The answer to a message."""

    message: MessageBody

    @classmethod
    def of(cls, message: Message) -> Self:
        """The message as it was stored."""
        return cls(message=MessageBody.of(message))


@attrs.frozen(kw_only=True)
class StatusBody:
    """One ticket as the public may see it; logged work is shown as new."""

    id: UUID
    status: PublicStatus
    submitted_at: datetime
    assigned_at: datetime | None
    first_agent_reply_at: datetime | None
    closed_at: datetime | None
    first_response_time_min: int | None
    resolution_time_min: int | None
    description: str
    rejection_reason: str | None
    submitted_by: str | None
    submitted_by_email: str | None
    country: str | None
    department: str | None
    kpi_type: str | None
    assigned_to: str | None
    can_message: bool
    message_disabled_reason: str | None
    date_format: str
    messages: Sequence[MessageBody]

    @classmethod
    def of(cls, shown: TicketStatus, date_format: str) -> Self:
        """The ticket, as far as its viewer may see it."""
        ticket, place, closed = shown.ticket, shown.place, shown.chat_closed
        return cls(
            id=ticket.id,
            status=_shown(ticket.status) or PublicStatus.NEW,
            submitted_at=ticket.submitted_at,
            assigned_at=ticket.assigned_at,
            first_agent_reply_at=ticket.first_agent_reply_at,
            closed_at=ticket.closed_at,
            first_response_time_min=shown.first_response_minutes,
            resolution_time_min=shown.resolution_minutes,
            description=ticket.description,
            rejection_reason=ticket.rejection_reason,
            submitted_by=ticket.submitter_name,
            submitted_by_email=shown.submitter_email,
            country=place.country,
            department=place.department,
            kpi_type=place.kpi_type,
            assigned_to=place.assigned_to,
            can_message=closed is None,
            message_disabled_reason=closed.value if closed else None,
            date_format=date_format,
            messages=[MessageBody.of(message) for message in shown.messages],
        )


def _shown(status: Status | None) -> PublicStatus | None:
    return SHOWN_AS[status] if status else None
