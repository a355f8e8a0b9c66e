"""Files of tickets: the bare body of a request in, a download out, never a page."""

from contextlib import closing
from datetime import datetime
from typing import Final, Self
from uuid import UUID

import attrs
import falcon

from helpdesk_core.attachments import Attachment
from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.attaching import (
    Attached,
    OpenFile,
    attach_file,
    attach_file_as_customer,
    open_attachment,
)
from helpdesk_core.use_cases.cases import RawKey
from helpdesk_core.use_cases.finding import Target
from helpdesk_http.answers import answer
from helpdesk_http.callers import Callers
from helpdesk_http.conditions import expected_versions
from helpdesk_http.dialects import ENVELOPE
from helpdesk_http.dispositions import attachment_header
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.file_bodies import sent_file
from helpdesk_http.keyed import HEADER, Keyed

DOWNLOAD_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Accept-Ranges": "none",
    "Cache-Control": "no-store",
}
"""A file is never opened in the desk's own name, whatever is in it."""


@attrs.frozen(kw_only=True)
class UploadedBody:
    """A file as whoever sent it is told of it.

    `looksSecret` warns of cookies, tokens or keys in it.
    """

    id: UUID
    name: str
    media_type: str
    size: int
    uploaded_at: datetime
    looks_secret: bool

    @classmethod
    def of(cls, attachment: Attachment) -> Self:
        """What is told of the file."""
        return cls(
            id=attachment.id,
            name=attachment.name,
            media_type=attachment.media_type,
            size=attachment.size,
            uploaded_at=attachment.created_at,
            looks_secret=attachment.looks_secret,
        )


@attrs.frozen(kw_only=True)
class AttachedBody:
    """The answer to an upload."""

    success: bool = True
    message: str = "File attached successfully"
    attachment: UploadedBody


class UploadResource:
    """Where staff add a file to a case, or to any ticket."""

    def __init__(self, ports: Ports, keyed: Keyed, callers: Callers) -> None:
        self._rules = ports.attachments
        self._keyed = keyed
        self._callers = callers

    def on_post(
        self,
        req: DeskRequest,
        resp: falcon.Response,
        case_number: str | None = None,
        ticket_id: str | None = None,
    ) -> None:
        """Add the body to the ticket, under the name in the query."""
        caller, name = self._callers(req), req.params.get("name")
        target = Target(number=case_number, ticket_id=ticket_id, version=expected_versions(req))
        with sent_file(req, self._rules, twice=_has_key(req)) as file:
            self._keyed(
                req,
                resp,
                caller,
                asked={"name": name, **file.asked},
                act=lambda ports: _told(attach_file(ports, target, name, file.chunks, caller)),
                write=_told,
            )


class CustomerUploadResource:
    """Where the holder of a case's number adds a file, when the desk allows it."""

    def __init__(self, ports: Ports, keyed: Keyed, callers: Callers) -> None:
        self._rules = ports.attachments
        self._keyed = keyed
        self._callers = callers

    def on_post(self, req: DeskRequest, resp: falcon.Response, case_number: str) -> None:
        """Add the body to the case, under the name in the query."""
        caller = self._callers(req)
        name, email = req.params.get("name"), req.params.get("email")
        key = RawKey(case_number=case_number, email=email)

        def attached(ports: Ports) -> Answer:
            return _told_customer(attach_file_as_customer(ports, key, name, file.chunks, caller))

        with sent_file(req, self._rules, twice=_has_key(req)) as file:
            self._keyed(
                req,
                resp,
                caller,
                asked={"name": name, "email": email, **file.asked},
                act=attached,
                write=_told_customer,
            )


class DownloadResource:
    """Where staff fetch a file of a case, or of any ticket."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(
        self, req: DeskRequest, resp: falcon.Response, attachment_id: str, **ticket: str
    ) -> None:
        """Send the file whole, whatever range is asked for. Its content is the server's to close.

        It is a file object: a server takes it off the thread, so that a slow reader holds none.
        """
        found = self._opened(req, attachment_id, **ticket)
        _describe(resp, found.attachment)
        resp.stream = found.content

    def on_head(
        self, req: DeskRequest, resp: falcon.Response, attachment_id: str, **ticket: str
    ) -> None:
        """Tell what the file is."""
        found = self._opened(req, attachment_id, **ticket)
        with closing(found.content):
            _describe(resp, found.attachment)

    def _opened(
        self,
        req: DeskRequest,
        attachment_id: str,
        case_number: str | None = None,
        ticket_id: str | None = None,
    ) -> OpenFile:
        target = Target(number=case_number, ticket_id=ticket_id)
        return open_attachment(self._ports, target, attachment_id, self._callers(req))


def _describe(resp: falcon.Response, attachment: Attachment) -> None:
    resp.set_headers(DOWNLOAD_HEADERS)
    resp.set_header("Content-Disposition", attachment_header(attachment.name))
    resp.content_type = attachment.media_type
    resp.content_length = attachment.size


def _has_key(req: falcon.Request) -> bool:
    return req.get_header(HEADER) is not None


def _told(attached: Attached | Change) -> Answer:
    return answer(ENVELOPE, _body(attached.attachment), version=attached.ticket.version)


def _told_customer(attached: Attached | Change) -> Answer:
    """Without the version: it counts what happens among staff too."""
    return answer(ENVELOPE, _body(attached.attachment))


def _body(attachment: Attachment | None) -> AttachedBody:
    if attachment is None:
        raise ValueError("the change adds no file")
    return AttachedBody(attachment=UploadedBody.of(attachment))
