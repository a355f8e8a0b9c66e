"""The app, and the only list of URLs."""

import secrets
from collections.abc import Callable, Sequence
from functools import partial

import falcon

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.refusing import note_refusal
from helpdesk_http import errors
from helpdesk_http.attachments import (
    CustomerUploadResource,
    DownloadResource,
    UploadResource,
)
from helpdesk_http.audit import AuditResource
from helpdesk_http.auth.cookies import cookies_at
from helpdesk_http.auth.entrance import (
    AskForLinkResource,
    CallbackResource,
    DepartureResource,
    Entrance,
    HomeResource,
    LinkResource,
    SignInResource,
    SignOutResource,
)
from helpdesk_http.auth.identity import BrowserSessions
from helpdesk_http.auth.pages import style_sheet
from helpdesk_http.auth.same_origin import SameOriginWrites
from helpdesk_http.auth.sessions import (
    OwnSessionResource,
    OwnSessionsResource,
    SessionOfAnybodyResource,
    SessionResource,
    SessionsResource,
)
from helpdesk_http.bearer import BearerTokens, StaffDoor
from helpdesk_http.callers import Callers, Identify, nobody
from helpdesk_http.client_address import Network
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.figures import (
    DashboardResource,
    MonthlyFileResource,
    MonthlyResource,
    TicketsBehindResource,
    Workbook,
    csv_form,
    xlsx_form,
)
from helpdesk_http.health import Probes, route_probes
from helpdesk_http.intake import (
    IntakeResource,
    LookupResource,
    MessagesResource,
    OptionsResource,
    StatusResource,
)
from helpdesk_http.keyed import Keyed
from helpdesk_http.log import Log, StandardLog
from helpdesk_http.middleware import EveryAnswer, ResponseHook
from helpdesk_http.notifications import NotificationsResource, RetryResource
from helpdesk_http.openapi.page import resources as described
from helpdesk_http.staff_cases import (
    CaseAssignmentResource,
    CaseFileResource,
    CaseQueueResource,
    CaseUpdateResource,
)
from helpdesk_http.staff_promises import PromisesResource
from helpdesk_http.staff_tickets import (
    STEPS,
    AnswerResource,
    AssignmentResource,
    QueueResource,
    StepResource,
    TicketResource,
)
from helpdesk_http.support import (
    CaseCancellationResource,
    CaseEscalationResource,
    CasesResource,
    CaseStatusResource,
)
from helpdesk_http.work import (
    LoggedWorkResource,
    WithdrawalResource,
    WorkOptionsResource,
    WorkResource,
)

App = falcon.App[DeskRequest, falcon.Response]


def new_request_id() -> str:
    """Sixteen hexadecimal digits that no other request has."""
    return secrets.token_hex(8)


def create_app(  # noqa: PLR0913  # one argument a thing that an operator may choose
    ports: Ports,
    *,
    identify: Identify = nobody,
    trusted_proxies: Sequence[Network] = (),
    date_format: str = "dd/MM/yyyy",
    new_request_id: Callable[[], str] = new_request_id,
    log: Log | None = None,
    on_response: ResponseHook | None = None,
    probes: Probes | None = None,
    public_url: str | None = None,
    workbook: Workbook | None = None,
) -> App:
    """The WSGI app of a desk; it keeps nothing but what `ports` keep, and serves all threads.

    `identify` says whom a request proves to be that has neither a session of the desk nor, where
    staff work, a bearer token; both are understood as they are. `trusted_proxies` are those whose
    X-Forwarded-For is believed. `date_format` is a date-fns pattern for whoever shows times. `log`
    (the standard library's logger `helpdesk_http` unless given) hears of failures; `on_response` of
    each answer. `probes` answer `/health` and its like, which are unknown without them.
    `public_url` is where people reach the desk: cookies are for TLS alone unless it is http on this
    machine. `workbook` writes reports as sheets, which are unknown without it.
    """
    told = log or StandardLog()
    cookies = cookies_at(public_url)
    sessions = BrowserSessions(ports, cookies, identify)
    called = Callers(BearerTokens(ports, sessions), trusted_proxies, told)
    app: App = falcon.App(
        request_type=DeskRequest,
        middleware=[
            EveryAnswer(new_request_id, on_response),
            SameOriginWrites(public_url),
            StaffDoor(called),
        ],
    )
    errors.install(app, told, partial(note_refusal, ports))
    keyed = Keyed(ports)
    _route_intake(app, ports, keyed, called, date_format)
    _route_support(app, keyed, called)
    _route_staff(app, ports, keyed, called)
    _route_attachments(app, ports, keyed, called)
    _route_notifications(app, ports, keyed, called)
    app.add_route("/api/internal/audit", AuditResource(ports, called))
    _route_work(app, ports, keyed, called)
    _route_figures(app, ports, called, workbook)
    _route_auth(app, Entrance(ports=ports, callers=called, cookies=cookies))
    if probes is not None:
        route_probes(app, probes, called)
    for path, resource in described().items():
        app.add_route(path, resource)
    return app


def _route_intake(app: App, ports: Ports, keyed: Keyed, callers: Callers, date_format: str) -> None:
    status = StatusResource(ports, callers, date_format)
    app.add_route("/api/intake", IntakeResource(keyed, callers))
    app.add_route("/api/intake/options", OptionsResource(ports, date_format))
    app.add_route("/api/intake/lookup", LookupResource(ports, callers, date_format))
    app.add_route("/api/intake/status", status)
    app.add_route("/api/intake/status/{ticket_id}", status)
    app.add_route("/api/intake/status/{ticket_id}/messages", MessagesResource(keyed, callers))


def _route_support(app: App, keyed: Keyed, callers: Callers) -> None:
    app.add_route("/api/support/case", CasesResource(keyed, callers))
    app.add_route("/api/support/case/status", CaseStatusResource(keyed, callers))
    app.add_route("/api/support/case/escalate", CaseEscalationResource(keyed, callers))
    app.add_route("/api/support/case/cancel", CaseCancellationResource(keyed, callers))


def _route_attachments(app: App, ports: Ports, keyed: Keyed, callers: Callers) -> None:
    upload, download = UploadResource(ports, keyed, callers), DownloadResource(ports, callers)
    for room in ("support/case/{case_number}", "tickets/{ticket_id}"):
        app.add_route(f"/api/internal/{room}/attachments", upload)
        app.add_route(f"/api/internal/{room}/attachments/{{attachment_id}}", download)
    app.add_route(
        "/api/support/case/{case_number}/attachments", CustomerUploadResource(ports, keyed, callers)
    )


def _route_staff(app: App, ports: Ports, keyed: Keyed, callers: Callers) -> None:
    case = "/api/internal/support/case/{case_number}"
    app.add_route("/api/internal/support/cases", CaseQueueResource(ports, callers))
    app.add_route(case, CaseFileResource(ports, callers))
    app.add_route(f"{case}/sla", PromisesResource(ports, callers))
    app.add_route(f"{case}/update", CaseUpdateResource(keyed, callers))
    app.add_route(f"{case}/assign", CaseAssignmentResource(ports, callers))
    ticket = "/api/internal/tickets/{ticket_id}"
    app.add_route("/api/internal/tickets", QueueResource(ports, callers))
    app.add_route(ticket, TicketResource(ports, callers))
    app.add_route(f"{ticket}/sla", PromisesResource(ports, callers))
    app.add_route(f"{ticket}/reply", AnswerResource(keyed, callers, is_internal=False))
    app.add_route(f"{ticket}/note", AnswerResource(keyed, callers, is_internal=True))
    app.add_route(f"{ticket}/assign", AssignmentResource(ports, callers))
    for name, step in STEPS.items():
        app.add_route(f"{ticket}/{name}", StepResource(keyed, callers, step))


def _route_auth(app: App, entrance: Entrance) -> None:
    app.add_route("/", HomeResource())
    app.add_route("/auth/sign-in", SignInResource(entrance))
    app.add_route("/auth/sign-in/{provider}", DepartureResource(entrance))
    app.add_route("/auth/callback", CallbackResource(entrance))
    app.add_route("/auth/links", AskForLinkResource(entrance))
    app.add_route("/auth/link", LinkResource(entrance))
    app.add_route("/auth/sign-out", SignOutResource(entrance))
    app.add_route("/auth/session", SessionResource(entrance))
    app.add_route("/auth/sessions", OwnSessionsResource(entrance))
    app.add_route("/auth/sessions/{session_id}", OwnSessionResource(entrance))
    app.add_route("/auth/page.css", style_sheet())
    sessions = "/api/internal/sessions"
    app.add_route(sessions, SessionsResource(entrance.ports, entrance.callers))
    app.add_route(
        f"{sessions}/{{session_id}}", SessionOfAnybodyResource(entrance.ports, entrance.callers)
    )


def _route_work(app: App, ports: Ports, keyed: Keyed, callers: Callers) -> None:
    work = "/api/internal/work"
    app.add_route(work, WorkResource(keyed, callers))
    app.add_route(f"{work}/options", WorkOptionsResource(ports, callers))
    app.add_route(f"{work}/{{ticket_id}}", LoggedWorkResource(ports, callers))
    app.add_route(f"{work}/{{ticket_id}}/withdraw", WithdrawalResource(keyed, callers))


def _route_figures(app: App, ports: Ports, callers: Callers, workbook: Workbook | None) -> None:
    performance = "/api/internal/performance"
    app.add_route(f"{performance}/dashboard", DashboardResource(ports, callers))
    app.add_route(f"{performance}/monthly", MonthlyResource(ports, callers))
    app.add_route(f"{performance}/tickets", TicketsBehindResource(ports, callers))
    forms = (csv_form(), *([xlsx_form(workbook)] if workbook else ()))
    for form in forms:
        resource = MonthlyFileResource(ports, callers, form)
        app.add_route(f"{performance}/monthly.{form.ending}", resource)


def _route_notifications(app: App, ports: Ports, keyed: Keyed, callers: Callers) -> None:
    notifications = "/api/internal/notifications"
    app.add_route(f"{notifications}/status", NotificationsResource(ports, callers))
    app.add_route(f"{notifications}/{{notification_id}}/retry", RetryResource(keyed, callers))
