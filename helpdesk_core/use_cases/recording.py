"""Writing what happened into the audit trail, in the transaction in which it happens."""

from typing import Final

import attrs

from helpdesk_core.audit import SALT_BYTES, AuditKind, Entry, Subject
from helpdesk_core.chains import in_words
from helpdesk_core.directory import Directory
from helpdesk_core.directory_entries import entries_between
from helpdesk_core.people import Caller
from helpdesk_core.plain_text import one_line
from helpdesk_core.ports import Ports, UnitOfWork

LONGEST_DETAIL: Final = 500
"""Characters of a detail; what is longer is cut."""


def record(
    ports: Ports,
    uow: UnitOfWork,
    caller: Caller,
    kind: AuditKind,
    subject: Subject,
    /,
    **details: str,
) -> None:
    """Gather a record of what the caller does to the subject now; it is stored by the commit.

    Details are words by name, `audit.PERSONAL` ones apart from the others; any text may be in them.
    A caller without user and origin is the desk itself or whoever commands it. Use the subjects
    that `helpdesk_core.audit` makes; what is refused to nobody known goes to `door_subject`.
    """
    uow.record(
        Entry(
            subject=subject,
            kind=kind.value,
            at=ports.now(),
            actor_id=caller.user.id if caller.user else None,
            who=in_words(caller.user),
            origin=caller.origin,
            details={name: one_line(text, LONGEST_DETAIL) for name, text in details.items()},
            salt=ports.random(SALT_BYTES),
        )
    )


def save_directory(
    ports: Ports, uow: UnitOfWork, held: Directory, wanted: Directory, caller: Caller
) -> None:
    """Gather the directory that is wanted in the place of the one held, and a record an object."""
    uow.save_directory(attrs.evolve(wanted, version=held.version + 1))
    for kind, subject, details in entries_between(held, wanted):
        record(ports, uow, caller, kind, subject, **details)
