"""Where admins read who did what."""

import falcon

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.auditing import RawAuditQuery, read_audit
from helpdesk_http.answers import send
from helpdesk_http.audit_bodies import AuditBody, read_place
from helpdesk_http.callers import Callers
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.wire import read_raw


class AuditResource:
    """The audit trail, a page at a time."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show some of it."""
        caller = self._callers(req)
        query = read_raw(req.params, RawAuditQuery)
        after = read_place(req.params.get("cursor"))
        send(req, resp, AuditBody.of(read_audit(self._ports, query, caller, after=after)))

    on_head = on_get
