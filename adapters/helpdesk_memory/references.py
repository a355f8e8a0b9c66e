"""What refers to what: the foreign keys of a store in memory."""

from collections.abc import Iterator
from uuid import UUID

from helpdesk_core.directory import Directory
from helpdesk_core.tickets import Ticket


def is_whole(directory: Directory) -> bool:
    """True when everything that the directory refers to is in it."""
    departments = directory.departments.values()
    return (
        all(it.country_id in directory.countries for it in departments)
        and {it.calendar_id for it in departments} - {None} <= directory.calendars.keys()
        and all(it.group_id in directory.kpi_groups for it in directory.kpi_types.values())
        and directory.departments.keys() >= set(_named_departments(directory))
        and directory.has_whole_policies
    )


def knows(directory: Directory, ticket: Ticket) -> bool:
    """True when the ticket's department, KPI type and assignee are in the directory."""
    return (
        {ticket.department_id} - {None} <= directory.departments.keys()
        and {ticket.kpi_type_id} - {None} <= directory.kpi_types.keys()
        and {ticket.assigned_to} - {None} <= directory.agents.keys()
    )


def _named_departments(directory: Directory) -> Iterator[UUID]:
    for agent in directory.agents.values():
        yield from agent.department_ids
    for kpi_type in directory.kpi_types.values():
        yield from kpi_type.department_ids
