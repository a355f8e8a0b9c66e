"""The notices, as the desk's staff look after them."""

from uuid import UUID

import attrs

from helpdesk_core.errors import Forbidden, InvalidTransition, NotFound
from helpdesk_core.fields import all_of, choice, is_blank
from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import ChannelStanding, NoticeStanding, NoticeState, Outbox, Ports
from helpdesk_core.routing import Channel
from helpdesk_core.text import read_uuid
from helpdesk_core.use_cases.finding import found_case

SHOWN = 50
"""Notices that are shown at once, the latest ones."""


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
        state=lambda: choice(raw.status, NoticeState, field="status", label="Status"),
    )
    ticket_id = None if is_blank(raw.case_number) else _case_id(ports, raw.case_number)
    return Notifications(
        channels=outbox.by_channel(),
        notices=outbox.recent(limit=SHOWN, ticket_id=ticket_id, **read),
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
