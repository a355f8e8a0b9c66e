"""Changing the directory as a whole, and adding people to it."""

from collections.abc import Mapping

import attrs

from helpdesk_core.directory import Agent, Directory
from helpdesk_core.directory_file import differences, merged
from helpdesk_core.people import Role
from helpdesk_core.ports import Ports
from helpdesk_core.text import fold


def load_directory(ports: Ports, document: Mapping[str, object]) -> tuple[str, ...]:
    """Bring what a directory file says into the directory: all of it or nothing.

    Answers with a line for each difference it made, none the second time. What the file does not
    mention stays as it is. Raises InvalidDirectory, StaleDirectory.
    """
    with ports.begin() as uow:
        held = uow.directory()
        wanted = merged(document, held)
        changes = differences(held, wanted)
        if changes:
            uow.save_directory(attrs.evolve(wanted, version=held.version + 1))
            uow.commit()
    return changes
