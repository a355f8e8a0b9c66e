"""The notices, as the desk's staff look after them."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final
from uuid import UUID

import attrs

from helpdesk_core.case_numbers import LONGEST_NUMBER
from helpdesk_core.errors import Forbidden, InvalidTransition, NotFound
from helpdesk_core.fields import all_of, choice, optional_line
from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import ChannelStanding, NoticeStanding, NoticeState, Outbox, Ports
from helpdesk_core.routing import Channel
from helpdesk_core.text import read_uuid
from helpdesk_core.use_cases.finding import found_case

SHOWN = 50
"""Notices that are shown at once, the latest ones."""


class NoticeStatus(Enum):
    """How a notice stands, to the staff: of what is not yet sent, `failed` was tried before."""

    QUEUED = "queued"
    FAILED = "failed"
    SENT = "sent"
    DEAD = "dead"


_WANTED: Final[Mapping[NoticeStatus | None, Mapping[str, Any]]] = {
    None: {},
    NoticeStatus.QUEUED: {"state": NoticeState.QUEUED, "is_tried": False},
    NoticeStatus.FAILED: {"state": NoticeState.QUEUED, "is_tried": True},
    NoticeStatus.SENT: {"state": NoticeState.SENT},
    NoticeStatus.DEAD: {"state": NoticeState.DEAD},
}


def notice_status(standing: NoticeStanding) -> NoticeStatus:
    """The one word for how the notice stands."""
    if standing.state is NoticeState.QUEUED and standing.attempts:
        return NoticeStatus.FAILED
    return NoticeStatus(standing.state.value)


@attrs.frozen(kw_only=True)
class RawNoticeQuery:
    """Which notices somebody wants to see, as it came."""

    channel: object = None
    case_number: object = None
    status: object = None


@attrs.frozen(kw_only=True)
class Notifications:
    """How every channel stands, and the latest notices that were asked for; latest first."""

    channels: tuple[ChannelStanding, ...]
    notices: tuple[NoticeStanding, ...]


def read_notifications(ports: Ports, raw: RawNoticeQuery, caller: Caller) -> Notifications:
    """Look at the outbox.

    Raises NotSignedIn, Forbidden, Invalid with every fault in its details, NotFound for a case that
    there is none of.
    """
    _ = allow(caller, Act.READ_NOTICES)
    outbox = _outbox(ports)
    read = all_of(
        channel=lambda: choice(raw.channel, Channel, field="channel", label="Channel"),
        status=lambda: choice(raw.status, NoticeStatus, field="status", label="Status"),
        number=lambda: optional_line(
            raw.case_number, field="caseNumber", label="Case number", longest=LONGEST_NUMBER
        ),
    )
    ticket_id = None if read["number"] is None else _case_id(ports, read["number"])
    return Notifications(
        channels=outbox.by_channel(),
        notices=outbox.recent(
            limit=SHOWN, channel=read["channel"], ticket_id=ticket_id, **_WANTED[read["status"]]
        ),
    )


def retry_notification(ports: Ports, notice_id: object, caller: Caller) -> UUID:
    """Send a dead notice again. Raises NotSignedIn, Forbidden, NotFound, InvalidTransition."""
    _ = allow(caller, Act.RETRY_NOTICES)
    outbox = _outbox(ports)
    wanted = read_uuid(notice_id)
    if wanted is None or outbox.standing(wanted) is None:
        raise NotFound("Notification not found")
    if not outbox.revive(wanted):
        raise InvalidTransition("Only a dead notification can be sent again")
    return wanted


def _case_id(ports: Ports, number: object) -> UUID:
    with ports.begin() as uow:
        return found_case(uow, number).id


def _outbox(ports: Ports) -> Outbox:
    if ports.outbox is None:
        raise Forbidden("This desk's notifications cannot be looked at from here")
    return ports.outbox
