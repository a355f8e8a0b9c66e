"""Contract B's four endpoints for staff: read, ask the use case, write."""

import falcon

from helpdesk_core.messages import Message
from helpdesk_core.ports import Ports
from helpdesk_core.queue import Door
from helpdesk_core.replies import Answer
from helpdesk_core.tickets import Ticket, message_of
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import RawAssignment, RawUpdate, assign_ticket, update_ticket
from helpdesk_core.use_cases.listing import list_tickets, read_ticket
from helpdesk_http.answers import answer, send, send_answer
from helpdesk_http.callers import Callers
from helpdesk_http.conditions import expected_versions
from helpdesk_http.dialects import ENVELOPE
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.json_reader import read_object
from helpdesk_http.keyed import Keyed
from helpdesk_http.staff_bodies import AssignedCaseBody, CaseFileBody, UpdatedCaseBody
from helpdesk_http.staff_lists import CasePageBody, asked_of
from helpdesk_http.wire import read_raw


class CaseQueueResource:
    """Where staff see which cases there are."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """List one page of the cases."""
        query = asked_of(req, door=Door.SUPPORT)
        page = list_tickets(self._ports, query, self._callers(req))
        send(req, resp, CasePageBody.of(page))

    on_head = on_get


class CaseFileResource:
    """Where staff read one case."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response, case_number: str) -> None:
        """Show everything about the case."""
        file = read_ticket(self._ports, Target(number=case_number), self._callers(req))
        send_answer(resp, answer(ENVELOPE, CaseFileBody.of(file), version=file.ticket.version))

    on_head = on_get


class CaseUpdateResource:
    """Where staff say something on a case, to the customer or among themselves."""

    def __init__(self, keyed: Keyed, callers: Callers) -> None:
        self._keyed = keyed
        self._callers = callers

    def on_post(self, req: DeskRequest, resp: falcon.Response, case_number: str) -> None:
        """Add an update to the case."""
        sent, caller = read_object(req), self._callers(req)
        raw, target = read_raw(sent, RawUpdate), _target(req, case_number)

        def act(ports: Ports) -> Answer:
            updated = update_ticket(ports, target, raw, caller)
            return _updated(updated.ticket, updated.message)

        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=act,
            write=lambda change: _updated(change.ticket, message_of(change)),
        )


class CaseAssignmentResource:
    """Where staff give a case to one of them."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_put(self, req: DeskRequest, resp: falcon.Response, case_number: str) -> None:
        """Assign the case."""
        raw = read_raw(read_object(req), RawAssignment)
        assigned = assign_ticket(self._ports, _target(req, case_number), raw, self._callers(req))
        body = AssignedCaseBody.of(assigned)
        send_answer(resp, answer(ENVELOPE, body, version=assigned.ticket.version))


def _target(req: DeskRequest, case_number: str) -> Target:
    return Target(number=case_number, version=expected_versions(req))


def _updated(ticket: Ticket, message: Message) -> Answer:
    return answer(ENVELOPE, UpdatedCaseBody.of(ticket, message), version=ticket.version)
