"""The staff's operations on notices: how they stand, and a dead one sent again."""

from typing import Final
from uuid import UUID

from helpdesk_core.case_numbers import LONGEST_NUMBER
from helpdesk_core.errors import Forbidden, Invalid, InvalidTransition, NotFound
from helpdesk_core.fields import SEVERAL_FAULTS
from helpdesk_core.kinds import EventKind
from helpdesk_core.permissions import Act
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.use_cases.finding import NO_SUCH_CASE
from helpdesk_core.use_cases.notifications import SHOWN, NoticeStatus
from helpdesk_http.notification_bodies import (
    ChannelBody,
    NotificationBody,
    NotificationsBody,
    RetriedBody,
)
from helpdesk_http.openapi.fields import choice
from helpdesk_http.openapi.operations import Operation, Parameter, Says
from helpdesk_http.openapi.samples import TICKET
from helpdesk_http.openapi.support import NUMBER, OPENED

TAG: Final = "Staff: notifications"
NOTICE: Final = UUID("01949f6a-2d00-7000-8000-0000000000aa")

_PATH: Final = "/api/internal/notifications"
_ID: Final = Parameter(
    name="id",
    place="path",
    schema={"type": "string"},
    description="The notification's id, a UUID.",
    example=str(NOTICE),
)
_FILTERS: Final = (
    Parameter(
        name="channel",
        place="query",
        schema=choice(Channel, "One way of reaching somebody."),
        description="Only those by this channel.",
    ),
    Parameter(
        name="caseNumber",
        place="query",
        schema={"type": "string", "maxLength": LONGEST_NUMBER},
        description="Only those about this case.",
    ),
    Parameter(
        name="status",
        place="query",
        schema=choice(NoticeStatus, "How a notice stands."),
        description=(
            "Only those that stand like this: `queued` was never tried, `failed` was tried and is "
            "not sent yet, `dead` is given up."
        ),
    ),
)
_HIDDEN: Final = Forbidden("This desk's notifications cannot be looked at from here")
_REASON: Final = "550 no such mailbox"
_OUTBOX: Final = NotificationsBody(
    channels=[
        ChannelBody(
            channel=Channel.MAIL,
            queued=2,
            failed=1,
            sent=154,
            dead=1,
            oldest_waiting_seconds=3,
            last_error=_REASON,
        )
    ],
    notifications=[
        NotificationBody(
            id=NOTICE,
            ticket_id=TICKET,
            case_number=NUMBER,
            event=EventKind.SUBMITTED,
            audience=Audience.CUSTOMER,
            channel=Channel.MAIL,
            recipient="john@example.com",
            status=NoticeStatus.DEAD,
            attempts=1,
            next_attempt=None,
            reason=_REASON,
            created_at=OPENED,
        )
    ],
)

OPERATIONS: Final = (
    Operation(
        method="GET",
        path=f"{_PATH}/status",
        name="readNotifications",
        tag=TAG,
        summary="How notifications stand",
        description=(
            f"Every channel that was ever used, whatever is asked for, and the latest {SHOWN} "
            "notifications that fit; never what they say."
        ),
        parameters=_FILTERS,
        says=(
            Says(
                description="The latest first.",
                kind=NotificationsBody,
                examples={"outbox": _OUTBOX},
            ),
        ),
        refusals=(
            Invalid(SEVERAL_FAULTS, status="Status must be one of queued, failed, sent, dead"),
            _HIDDEN,
            NotFound(NO_SUCH_CASE),
        ),
        act=Act.READ_NOTICES,
    ),
    Operation(
        method="POST",
        path=f"{_PATH}/{{id}}/retry",
        name="retryNotification",
        tag=TAG,
        summary="Send a dead notification again",
        description="Under the same id, and due at once.",
        parameters=(_ID,),
        says=(
            Says(
                description="It is queued.",
                kind=RetriedBody,
                examples={"retried": RetriedBody(id=NOTICE)},
            ),
        ),
        refusals=(
            _HIDDEN,
            NotFound("Notification not found"),
            InvalidTransition("Only a dead notification can be sent again"),
        ),
        act=Act.RETRY_NOTICES,
        keyed=True,
    ),
)
