"""The app, and the only list of URLs."""

import secrets
from collections.abc import Callable, Sequence

import falcon

from helpdesk_core.ports import Ports
from helpdesk_http import errors
from helpdesk_http.callers import Callers, Identify, nobody
from helpdesk_http.client_address import Network
from helpdesk_http.exchange import DeskRequest
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
from helpdesk_http.openapi.page import resources as described
from helpdesk_http.support import (
    CaseCancellationResource,
    CaseEscalationResource,
    CasesResource,
    CaseStatusResource,
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
) -> App:
    """The WSGI app of a desk; it keeps nothing but what `ports` keep, and serves all threads.

    `identify` says whom a request proves to be. `trusted_proxies` are those whose X-Forwarded-For
    is believed. `date_format` is a date-fns pattern for whoever shows times. `log` (the standard
    library's logger `helpdesk_http` unless given) hears of failures; `on_response` of each answer.
    `probes` answer `/health` and its like, which are unknown without them.
    """
    told = log or StandardLog()
    app: App = falcon.App(
        request_type=DeskRequest, middleware=[EveryAnswer(new_request_id, on_response)]
    )
    errors.install(app, told)
    called, keyed = Callers(identify, trusted_proxies, told), Keyed(ports)
    _route_intake(app, ports, keyed, called, date_format)
    _route_support(app, keyed, called)
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
