"""Contract B's four endpoints for customers: read, ask the use case, write."""

import falcon

from helpdesk_core.cases import RawCase
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.cases import (
    RawKey,
    cancel_case,
    escalate_case,
    read_case_status,
    submit_case,
)
from helpdesk_http.answers import answer
from helpdesk_http.callers import Callers
from helpdesk_http.dialects import ENVELOPE
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.json_reader import read_object
from helpdesk_http.keyed import Keyed
from helpdesk_http.support_bodies import CancelledBody, EscalatedBody, FollowedBody, OpenedBody
from helpdesk_http.wire import read_raw


class _CaseDoor:
    """Where customers knock, each under the key that they give their request."""

    def __init__(self, keyed: Keyed, callers: Callers) -> None:
        self._keyed = keyed
        self._callers = callers


class CasesResource(_CaseDoor):
    """Where a case is opened."""

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Take a case in."""
        sent, caller = read_object(req), self._callers(req)
        raw = read_raw(sent, RawCase)
        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=lambda ports: _opened(submit_case(ports, raw, caller)),
            write=lambda change: _opened(change.ticket),
        )


class CaseStatusResource(_CaseDoor):
    """Where a case is followed, by whoever holds its number."""

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show the case."""
        sent, caller = read_object(req), self._callers(req)
        key = read_raw(sent, RawKey)

        def followed(ports: Ports) -> Answer:
            return answer(ENVELOPE, FollowedBody.of(read_case_status(ports, key, caller)))

        self._keyed(req, resp, caller, asked=sent, act=followed)


class CaseEscalationResource(_CaseDoor):
    """Where the holder of its number asks for more urgency."""

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Escalate the case."""
        sent, caller = read_object(req), self._callers(req)
        key = read_raw(sent, RawKey)
        reason, urgency = sent.get("reason"), sent.get("newUrgency")
        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=lambda ports: _escalated(escalate_case(ports, key, reason, urgency, caller)),
            write=lambda change: _escalated(change.ticket),
        )


class CaseCancellationResource(_CaseDoor):
    """Where the holder of its number gives a case up."""

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Cancel the case."""
        sent, caller = read_object(req), self._callers(req)
        key, reason = read_raw(sent, RawKey), sent.get("reason")
        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=lambda ports: _cancelled(cancel_case(ports, key, reason, caller)),
            write=lambda change: _cancelled(change.ticket),
        )


def _opened(ticket: Ticket) -> Answer:
    return answer(ENVELOPE, OpenedBody.of(ticket))


def _escalated(ticket: Ticket) -> Answer:
    return answer(ENVELOPE, EscalatedBody.of(ticket))


def _cancelled(ticket: Ticket) -> Answer:
    return answer(ENVELOPE, CancelledBody.of(ticket))
