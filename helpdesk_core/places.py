"""The names around a ticket, as people read them."""

from collections.abc import Mapping
from uuid import UUID

import attrs

from helpdesk_core.directory import Agent, Directory, KpiType
from helpdesk_core.tickets import Ticket


@attrs.frozen(kw_only=True)
class TicketPlace:
    """Where a ticket belongs; None for what the directory no longer knows, or never did."""

    country: str | None
    department: str | None
    kpi_type: str | None
    assigned_to: str | None


def place_of(ticket: Ticket, directory: Directory) -> TicketPlace:
    """The names around a ticket, as the directory has them."""
    key = ticket.department_id
    department = directory.departments.get(key) if key else None
    return TicketPlace(
        country=directory.country_of(department).name if department else None,
        department=department.name if department else None,
        kpi_type=_name(directory.kpi_types, ticket.kpi_type_id),
        assigned_to=_name(directory.agents, ticket.assigned_to),
    )


def _name(named: Mapping[UUID, Agent] | Mapping[UUID, KpiType], key: UUID | None) -> str | None:
    found = named.get(key) if key else None
    return found.name if found else None
