"""Where staff see what was promised on a ticket, and why it is due when it is due."""

import falcon

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.promises import read_promises
from helpdesk_http.answers import send
from helpdesk_http.callers import Callers
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.promise_bodies import TicketPromisesBody


class PromisesResource:
    """The promises of one ticket, named by its id or by the number of its case."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(
        self,
        req: DeskRequest,
        resp: falcon.Response,
        ticket_id: str | None = None,
        case_number: str | None = None,
    ) -> None:
        """Explain every promise made on the ticket, as it stands now."""
        target = Target(ticket_id=ticket_id, number=case_number)
        found = read_promises(self._ports, target, self._callers(req))
        send(req, resp, TicketPromisesBody.of(found))

    on_head = on_get
