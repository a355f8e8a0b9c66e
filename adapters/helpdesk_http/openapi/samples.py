"""Contract B's example case, as its staff see it: what the examples of the staff's API are made of.

Where the contract writes `staff-123` stand ids as the desk has them.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from helpdesk_core.messages import AuthorType
from helpdesk_core.queue import Door
from helpdesk_core.support import CustomerType, IssueType, Urgency
from helpdesk_core.tickets import EventKind, Status
from helpdesk_http.openapi.support import DUE, NUMBER, OPENED, TOUCHED
from helpdesk_http.staff_bodies import (
    AssignmentBody,
    CaseBody,
    CaseDetailsBody,
    CaseFileBody,
    CustomerInfoBody,
    EscalationBody,
    FileBody,
    PersonBody,
    TimelineBody,
    UpdateBody,
)
from helpdesk_http.staff_lists import CasePageBody, CaseRowBody, PaginationBody
from helpdesk_http.staff_ticket_bodies import (
    EventBody,
    StandBody,
    SupportBody,
    TicketBody,
    TicketFileBody,
)

TICKET: Final = UUID("01949f6a-2d00-7000-8000-000000000001")
JANE: Final = PersonBody(id=UUID("33333333-3333-4333-8333-333333333333"), name="Jane Smith")
DEPARTMENT: Final = "Technical Support"
_ASSIGNED: Final = datetime(2025, 1, 27, 11, tzinfo=UTC)
_ANSWERED: Final = datetime(2025, 1, 27, 11, 30, tzinfo=UTC)

UPDATE: Final = UpdateBody(
    id=UUID("88888888-8888-4888-8888-888888888888"),
    timestamp=TOUCHED,
    message="Investigated the issue, found root cause in authentication module",
    is_internal=False,
    author=JANE,
    attachments=[],
    author_type=AuthorType.AGENT,
)
FILE: Final = FileBody(
    id=UUID("99999999-9999-4999-8999-999999999999"),
    name="screenshot.png",
    media_type="image/png",
    size=48_213,
    uploaded_at=TOUCHED,
    uploaded_by=JANE,
    looks_secret=False,
    removed_at=None,
)
CASE_FILE: Final = CaseFileBody(
    case=CaseBody(
        case_number=NUMBER,
        customer_info=CustomerInfoBody(
            name="John Doe",
            email="john@example.com",
            organization="Acme Corp",
            phone="+1234567890",
            customer_type=CustomerType.BUSINESS,
        ),
        case_details=CaseDetailsBody(
            subject="Unable to access dashboard",
            message="Detailed description...",
            issue_type=IssueType.TECHNICAL,
            urgency=Urgency.HIGH,
            status=Status.IN_PROGRESS,
            priority_score=85,
            client_or_project_name="My Project",
        ),
        assignment=AssignmentBody(
            assigned_to=JANE.id,
            assigned_at=_ASSIGNED,
            department=DEPARTMENT,
            assigned_to_name=JANE.name,
        ),
        timeline=TimelineBody(
            created_at=OPENED,
            first_response=_ANSWERED,
            last_activity=TOUCHED,
            estimated_resolution=DUE,
        ),
        id=TICKET,
    ),
    updates=[UPDATE],
    escalations=[
        EscalationBody(
            timestamp=TOUCHED,
            reason="No response for 24 hours",
            from_urgency=Urgency.MEDIUM.value,
            to_urgency=Urgency.HIGH.value,
            escalated_by=None,
        )
    ],
    attachments=[FILE],
)
PAGINATION: Final = PaginationBody(
    page=1,
    limit=20,
    total=156,
    pages=8,
    total_is_capped=False,
    next_cursor="WyJjcmVhdGVkQXQiLCJkZXNjIiwi…",
)
CASE_PAGE: Final = CasePageBody(
    cases=[
        CaseRowBody(
            case_number=NUMBER,
            customer_name="John Doe",
            customer_email="john@example.com",
            status=Status.IN_PROGRESS,
            urgency=Urgency.HIGH,
            issue_type=IssueType.TECHNICAL,
            assigned_to=JANE,
            created_at=OPENED,
            last_activity=TOUCHED,
        )
    ],
    pagination=PAGINATION,
)
STAND: Final = StandBody(
    id=TICKET,
    case_number=NUMBER,
    status=Status.IN_PROGRESS,
    closed_at=None,
    last_activity=TOUCHED,
)
TICKET_FILE: Final = TicketFileBody(
    ticket=TicketBody(
        id=TICKET,
        case_number=NUMBER,
        door=Door.SUPPORT,
        status=Status.IN_PROGRESS,
        submitted_by="John Doe",
        submitted_by_email="john@example.com",
        submitted_by_user_id=None,
        description="Detailed description...",
        country=None,
        department=DEPARTMENT,
        department_id=UUID("11111111-1111-1111-1111-111111111111"),
        kpi_type=None,
        kpi_type_id=None,
        ticket_date=OPENED,
        is_holiday_work=False,
        metrics={},
        assigned_to=JANE,
        created_at=OPENED,
        assigned_at=_ASSIGNED,
        first_assigned_at=_ASSIGNED,
        first_agent_reply_at=_ANSWERED,
        closed_at=None,
        last_activity=TOUCHED,
        rejection_reason=None,
        support=SupportBody(
            case_number=NUMBER,
            organization="Acme Corp",
            phone="+1234567890",
            customer_type=CustomerType.BUSINESS,
            issue_type=IssueType.TECHNICAL,
            client_or_project_name="My Project",
            subject="Unable to access dashboard",
            urgency=Urgency.HIGH,
            priority_score=85,
            response_due_at=datetime(2025, 1, 27, 14, tzinfo=UTC),
            resolution_due_at=DUE,
        ),
    ),
    messages=[UPDATE],
    history=[
        EventBody(
            kind=EventKind.SUBMITTED, timestamp=OPENED, by=None, status=Status.OPEN, details={}
        )
    ],
    attachments=[FILE],
)
