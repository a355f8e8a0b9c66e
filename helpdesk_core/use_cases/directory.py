"""Changing the directory as a whole, and adding people to it."""

from collections.abc import Callable, Iterable, Mapping

import attrs

from helpdesk_core.calendars import Calendar
from helpdesk_core.directory import Directory
from helpdesk_core.directory_file import differences, merged, written
from helpdesk_core.errors import NotFound
from helpdesk_core.people import OPERATOR, Caller, Role
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.text import fold
from helpdesk_core.use_cases.recording import save_directory


def load_directory(
    ports: Ports, document: Mapping[str, object], caller: Caller = OPERATOR
) -> tuple[str, ...]:
    """Bring what a directory file says into the directory: all of it or nothing.

    Answers with a line for each difference it made, none the second time. What the file does not
    mention stays as it is. Raises InvalidDirectory, StaleDirectory.
    """
    with ports.begin() as uow:
        held = uow.directory()
        return _kept(ports, uow, held, merged(document, held, ports.rules), caller)


def dump_directory(ports: Ports) -> dict[str, object]:
    """The document that loads as the directory now held, as JSON and TOML can carry it."""
    with ports.begin() as uow:
        return written(uow.directory(), ports.rules)


def list_calendars(ports: Ports) -> tuple[Calendar, ...]:
    """Every calendar, by its key."""
    with ports.begin() as uow:
        calendars = uow.directory().calendars.values()
    return tuple(sorted(calendars, key=lambda it: fold(it.key)))


def find_calendar(ports: Ports, key: str) -> Calendar:
    """The calendar of that key. Raises NotFound."""
    with ports.begin() as uow:
        return _calendar(uow.directory(), key)


def change_calendar(
    ports: Ports, key: str, change: Callable[[Calendar], Calendar], caller: Caller = OPERATOR
) -> tuple[str, ...]:
    """Put in the place of the calendar of that key what `change` makes of it.

    Answers as `load_directory`. Raises NotFound, StaleDirectory, and what `change` raises.
    """
    with ports.begin() as uow:
        held = uow.directory()
        calendar = _calendar(held, key)
        calendars = {**held.calendars, calendar.id: change(calendar)}
        return _kept(ports, uow, held, attrs.evolve(held, calendars=calendars), caller)


def add_user(  # noqa: PLR0913  # one argument a field of the agent
    ports: Ports,
    *,
    email: str,
    name: str,
    role: Role = Role.AGENT,
    departments: Iterable[str] = (),
    is_active: bool = True,
    wants_mail: bool = True,
    caller: Caller = OPERATOR,
) -> tuple[str, ...]:
    """Add a member of staff, or bring the one of that address to what is said here.

    `departments` are keys. How somebody is reached besides (phone, text messages, language) stays
    as it is. Answers as `load_directory`. Raises InvalidDirectory, StaleDirectory.
    """
    agent = {
        **_how_reached(ports, email),
        "email": email,
        "name": name,
        "role": role.value,
        "departments": list(departments),
        "active": is_active,
        "mail": wants_mail,
    }
    return load_directory(ports, {"agents": [agent]}, caller)


def _kept(
    ports: Ports, uow: UnitOfWork, held: Directory, wanted: Directory, caller: Caller
) -> tuple[str, ...]:
    """Store what differs, if anything does, and say it."""
    changes = differences(held, wanted)
    if changes:
        save_directory(ports, uow, held, wanted, caller)
        uow.commit()
    return changes


def _calendar(directory: Directory, key: str) -> Calendar:
    for calendar in directory.calendars.values():
        if fold(calendar.key) == fold(key):
            return calendar
    raise NotFound(f"There is no calendar {key!r} in the directory")


def _how_reached(ports: Ports, email: str) -> dict[str, object]:
    with ports.begin() as uow:
        agent = uow.directory().agent_at(email)
    if agent is None:
        return {}
    return {"phone": agent.phone, "sms": agent.wants_sms, "language": agent.language}
