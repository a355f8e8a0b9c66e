"""Recording that somebody known was refused."""

from contextlib import suppress

from helpdesk_core.audit import AuditKind, person_subject
from helpdesk_core.errors import Forbidden, TooMany, Unavailable
from helpdesk_core.limits import REFUSALS_NOTED
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.limiting import count_person
from helpdesk_core.use_cases.recording import record


def note_refusal(ports: Ports, caller: Caller, refused: Forbidden, where: str) -> None:
    """Record that the caller may not do what they asked for at `where`; of a stranger nothing.

    So many of one person an hour are recorded, since whoever is refused may ask for ever. When that
    cannot be stored the refusal stands all the same.
    """
    if caller.user is None:
        return
    with suppress(TooMany, Unavailable), ports.begin() as uow:
        count_person(ports.limiter, REFUSALS_NOTED, caller, caller.user)
        subject = person_subject(caller.user.id)
        record(
            ports,
            uow,
            caller,
            AuditKind.FORBIDDEN,
            subject,
            at=where,
            words=refused.message,
        )
        uow.commit()
