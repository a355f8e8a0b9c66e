"""The staff's API for all tickets, whichever door they came by: one queue shows everything."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs
import falcon

from helpdesk_core.messages import Message
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer
from helpdesk_core.tickets import Status, Ticket, message_of
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import (
    RawAssignment,
    RawUpdate,
    assign_ticket,
    move_ticket,
    update_ticket,
)
from helpdesk_core.use_cases.listing import list_tickets, read_ticket
from helpdesk_http.answers import answer, send, send_answer
from helpdesk_http.callers import Callers
from helpdesk_http.conditions import expected_versions
from helpdesk_http.dialects import ENVELOPE
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.json_reader import read_object
from helpdesk_http.keyed import Keyed
from helpdesk_http.staff_lists import TicketPageBody, asked_of
from helpdesk_http.staff_ticket_bodies import (
    AnsweredTicketBody,
    AssignedTicketBody,
    MovedTicketBody,
    TicketFileBody,
)
from helpdesk_http.wire import read_raw


@attrs.frozen
class Step:
    """What a move is: the status that it leads to, and those that it may leave."""

    to: Status
    leaving: frozenset[Status] = frozenset(Status)


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "close": Step(Status.CLOSED),
        "resolve": Step(Status.RESOLVED),
        "wait": Step(Status.WAITING),
        "resume": Step(Status.IN_PROGRESS, frozenset({Status.WAITING})),
        "reject": Step(Status.REJECTED),
        "reopen": Step(Status.IN_PROGRESS, frozenset({Status.RESOLVED, Status.CLOSED})),
        "cancel": Step(Status.CANCELLED),
    }
)
"""The moves, by the last part of their URLs. Which of them a status allows, the core says."""


@attrs.frozen(kw_only=True)
class RawMove:
    """Why a ticket is moved, as it came."""

    reason: object = None


@attrs.frozen(kw_only=True)
class RawAnswer:
    """What is said on a ticket, as it came; who may read it, the URL says."""

    message: object = None
    attachments: object = None


class QueueResource:
    """Where staff see which tickets there are."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """List one page of all tickets."""
        page = list_tickets(self._ports, asked_of(req), self._callers(req))
        send(req, resp, TicketPageBody.of(page))

    on_head = on_get


class TicketResource:
    """Where staff read one ticket."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response, ticket_id: str) -> None:
        """Show everything about the ticket."""
        file = read_ticket(self._ports, Target(ticket_id=ticket_id), self._callers(req))
        send_answer(resp, answer(ENVELOPE, TicketFileBody.of(file), version=file.ticket.version))

    on_head = on_get


class AnswerResource:
    """Where staff write on a ticket: to its submitter, or a note among themselves."""

    def __init__(self, keyed: Keyed, callers: Callers, *, is_internal: bool) -> None:
        self._keyed = keyed
        self._callers = callers
        self._is_internal = is_internal

    def on_post(self, req: DeskRequest, resp: falcon.Response, ticket_id: str) -> None:
        """Add what was said to the ticket."""
        sent, caller = read_object(req), self._callers(req)
        given, target = read_raw(sent, RawAnswer), _target(req, ticket_id)
        raw = RawUpdate(
            message=given.message, attachments=given.attachments, is_internal=self._is_internal
        )

        def act(ports: Ports) -> Answer:
            updated = update_ticket(ports, target, raw, caller)
            return _answered(updated.ticket, updated.message)

        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=act,
            write=lambda change: _answered(change.ticket, message_of(change)),
        )


class AssignmentResource:
    """Where staff give a ticket to one of them."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_put(self, req: DeskRequest, resp: falcon.Response, ticket_id: str) -> None:
        """Assign the ticket."""
        raw = read_raw(read_object(req), RawAssignment)
        assigned = assign_ticket(self._ports, _target(req, ticket_id), raw, self._callers(req))
        body = AssignedTicketBody.of(assigned)
        send_answer(resp, answer(ENVELOPE, body, version=assigned.ticket.version))


class StepResource:
    """Where staff bring a ticket to another status by one of the `STEPS`."""

    def __init__(self, keyed: Keyed, callers: Callers, step: Step) -> None:
        self._keyed = keyed
        self._callers = callers
        self._step = step

    def on_post(self, req: DeskRequest, resp: falcon.Response, ticket_id: str) -> None:
        """Move the ticket."""
        sent, caller = read_object(req), self._callers(req)
        reason, target, step = read_raw(sent, RawMove).reason, _target(req, ticket_id), self._step

        def act(ports: Ports) -> Answer:
            return _moved(
                move_ticket(ports, target, step.to, caller, reason=reason, leaving=step.leaving)
            )

        self._keyed(
            req, resp, caller, asked=sent, act=act, write=lambda change: _moved(change.ticket)
        )


def _target(req: DeskRequest, ticket_id: str) -> Target:
    return Target(ticket_id=ticket_id, version=expected_versions(req))


def _answered(ticket: Ticket, message: Message) -> Answer:
    return answer(ENVELOPE, AnsweredTicketBody.of(ticket, message), version=ticket.version)


def _moved(ticket: Ticket) -> Answer:
    return answer(ENVELOPE, MovedTicketBody.of(ticket), version=ticket.version)
