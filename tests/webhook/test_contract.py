"""The channel of webhooks keeps the contract of its port."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_core.testing.notifier import Conduct, NotifierContract
from helpdesk_core.testing.peers import Act, Drip, Misdeed, ScriptedPeer, is_http
from helpdesk_webhook import Endpoint, WebhookNotifier

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

ACTS: Mapping[Conduct, Act] = {
    Conduct.TAKES: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    Conduct.FAILS: b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
    Conduct.REFUSES: b"HTTP/1.1 410 Gone\r\nContent-Length: 4\r\n\r\n\x00\xffno",
    Conduct.HANGS: Misdeed.HANG,
    Conduct.BREAKS: Misdeed.RESET,
    Conduct.BABBLES: b"\x00\xff\r\n\r\n",
}


class EndpointPeer:
    def __init__(self) -> None:
        self._server = ScriptedPeer(is_http, ACTS[Conduct.TAKES])

    def behave(self, conduct: Conduct) -> None:
        if conduct is Conduct.IS_GONE:
            self.close()
        elif conduct is Conduct.DRIPS:
            self._server.act = Drip(b"HTTP/1.1 200 OK\r\nX: ", b"x")
        else:
            self._server.act = ACTS[conduct]

    def notifier(self, deadline: float) -> WebhookNotifier:
        endpoint = Endpoint(f"http://127.0.0.1:{self._server.port}/", (SECRET,))
        return WebhookNotifier({"crm": endpoint}, allow_private=True, deadline=deadline)

    def notice(self, number: int) -> Notice:
        to = {"audience": Audience.SYSTEMS, "channel": Channel.WEBHOOK, "recipient": "crm"}
        return a_notice(number, **to)

    def heard(self) -> Sequence[str]:
        return [request.decode("latin-1") for request in self._server.requests]

    def close(self) -> None:
        self._server.close()


class TestWebhookNotifier(NotifierContract):
    @pytest.fixture
    def peer(self) -> Iterator[EndpointPeer]:
        peer = EndpointPeer()
        yield peer
        peer.close()
