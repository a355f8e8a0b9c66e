"""Contract A's five endpoints: read, ask the use case, write."""

from typing import Final

import falcon

from helpdesk_core.directory import Directory
from helpdesk_core.intake import RawIntake
from helpdesk_core.messages import Message
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer
from helpdesk_core.tickets import message_of
from helpdesk_core.use_cases.chat import post_message
from helpdesk_core.use_cases.intake import (
    Submitted,
    TicketStatus,
    intake_options,
    look_up_tickets,
    poll_status,
    submit_ticket,
    submitted_so_far,
)
from helpdesk_http.answers import answer, send, send_bytes
from helpdesk_http.bodies import LookupBody, OptionsBody, SaidBody, StatusBody, SubmittedBody
from helpdesk_http.callers import Callers
from helpdesk_http.dialects import PLAIN
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.json_reader import read_object
from helpdesk_http.keeping import Kept, is_held, send_held, send_kept, tag_of
from helpdesk_http.keyed import Keyed
from helpdesk_http.wire import read_raw, written


class IntakeResource:
    """Where a ticket is submitted."""

    def __init__(self, keyed: Keyed, callers: Callers) -> None:
        self._keyed = keyed
        self._callers = callers

    def on_post(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Take a submission in."""
        sent, caller = read_object(req), self._callers(req)
        raw = read_raw(sent, RawIntake)

        def told(submitted: Submitted) -> Answer:
            return answer(PLAIN, SubmittedBody.of(submitted), status=201)

        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=lambda ports: told(submit_ticket(ports, raw, caller)),
            write=lambda change: told(submitted_so_far(change)),
        )


class LookupResource:
    """Where a ticket is found again."""

    def __init__(self, ports: Ports, callers: Callers, date_format: str) -> None:
        self._ports = ports
        self._callers = callers
        self._date_format = date_format

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """List what `q` finds; `q` given twice is none, for two readers would choose two."""
        found = look_up_tickets(self._ports, req.params.get("q"), self._callers(req))
        send(req, resp, LookupBody.of(found, self._date_format))

    on_head = on_get


class StatusResource:
    """Where one ticket is followed.

    No cache keeps its answers: a page that follows a ticket holds the tag itself.
    """

    KEPT: Final = "no-store"

    def __init__(self, ports: Ports, callers: Callers, date_format: str) -> None:
        self._ports = ports
        self._callers = callers
        self._date_format = date_format

    def on_get(self, req: DeskRequest, resp: falcon.Response, ticket_id: str | None = None) -> None:
        """Show the ticket, or say that it is as the client holds it."""
        seen = _Seen(req, self._date_format)
        shown = poll_status(
            self._ports,
            ticket_id,
            self._callers(req),
            after=req.params.get("after"),
            is_held=seen.is_held,
        )
        resp.set_header("Vary", "Cookie")
        if shown is None:
            send_held(resp, seen.tag, keep=self.KEPT)
            return
        body = written(StatusBody.of(shown, self._date_format))
        send_bytes(resp, body, status=200, keep=self.KEPT)
        resp.set_header("ETag", seen.tag)

    on_head = on_get


class _Seen:
    """Takes the tag of a status while it is read, before its messages are.

    The tag is made of all that is shown but the messages, and of the ticket's version, which each
    message raises: the same whichever messages were asked for.
    """

    def __init__(self, req: DeskRequest, date_format: str) -> None:
        self._req = req
        self._date_format = date_format
        self.tag = ""

    def is_held(self, status: TicketStatus) -> bool:
        """True when the client holds the status as it is."""
        shown = written(StatusBody.of(status, self._date_format))
        self.tag = tag_of(str(status.ticket.version).encode(), shown)
        return is_held(self._req, self.tag)


class MessagesResource:
    """Where the customer writes."""

    def __init__(self, keyed: Keyed, callers: Callers) -> None:
        self._keyed = keyed
        self._callers = callers

    def on_post(self, req: DeskRequest, resp: falcon.Response, ticket_id: str) -> None:
        """Add a message to the ticket."""
        sent, caller = read_object(req), self._callers(req)

        def told(message: Message) -> Answer:
            return answer(PLAIN, SaidBody.of(message), status=201)

        self._keyed(
            req,
            resp,
            caller,
            asked=sent,
            act=lambda ports: told(post_message(ports, ticket_id, sent.get("body"), caller)),
            write=lambda change: told(message_of(change)),
        )


class OptionsResource:
    """Where the form learns what there is to choose. Written once for each directory."""

    KEPT: Final = "public, max-age=60"

    def __init__(self, ports: Ports, date_format: str) -> None:
        self._ports = ports
        self._date_format = date_format
        self._last: tuple[int, Kept] | None = None

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show the options, or say that they are the ones the client holds."""
        with self._ports.begin() as uow:
            rendered = self._rendered(uow.directory())
        send_kept(req, resp, rendered, keep=self.KEPT)

    on_head = on_get

    def _rendered(self, directory: Directory) -> Kept:
        last = self._last  # read once: another thread may put a newer one in its place
        if last is None or last[0] != directory.version:
            body = written(OptionsBody.of(intake_options(directory), self._date_format))
            self._last = last = directory.version, Kept(body)
        return last[1]
