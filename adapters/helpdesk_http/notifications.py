"""Where staff look after what the desk tells: how the notices stand, and a dead one sent again."""

import falcon

from helpdesk_core.ports import Ports
from helpdesk_core.replies import Answer
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.notifications import (
    RawNoticeQuery,
    read_notifications,
    retry_notification,
)
from helpdesk_http.answers import answer, send
from helpdesk_http.callers import Callers
from helpdesk_http.dialects import ENVELOPE
from helpdesk_http.exchange import DeskRequest
from helpdesk_http.keyed import Keyed
from helpdesk_http.notification_bodies import NotificationsBody, RetriedBody
from helpdesk_http.wire import read_raw


class NotificationsResource:
    """Where staff see how every channel stands, and the latest notices."""

    def __init__(self, ports: Ports, callers: Callers) -> None:
        self._ports = ports
        self._callers = callers

    def on_get(self, req: DeskRequest, resp: falcon.Response) -> None:
        """Show the outbox."""
        # A name that comes twice has a list for its value, which is a fault of it.
        query = read_raw(req.params, RawNoticeQuery)
        found = read_notifications(self._ports, query, self._callers(req))
        send(req, resp, NotificationsBody.of(found))

    on_head = on_get


class RetryResource:
    """Where managers send a dead notice again.

    What is done and what is answered are stored one after the other. Whoever crashed between them
    may ask again under the same key, and is told by a 409 that the notice is dead no more.
    """

    def __init__(self, keyed: Keyed, callers: Callers) -> None:
        self._keyed = keyed
        self._callers = callers

    def on_post(self, req: DeskRequest, resp: falcon.Response, notification_id: str) -> None:
        """Queue the notice again. There is nothing to say in a body, and none is read."""
        caller = self._callers(req)

        def act(ports: Ports) -> Answer:
            retried = retry_notification(ports, notification_id, caller)
            return answer(ENVELOPE, RetriedBody(id=retried))

        self._keyed(req, resp, caller, asked={}, act=act, write=_of_no_change)


def _of_no_change(change: Change) -> Answer:
    """Never asked: a notice is sent again without a change to its ticket.

    It is there since what is answered is kept as of any deed, and not counted as reading is.
    """
    raise ValueError(f"sending a notice again changed ticket {change.ticket.id}")
