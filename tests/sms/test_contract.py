"""The channel of text messages keeps the contract of its port."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from helpdesk_core.notices import Notice
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_core.testing.notifier import Conduct, NotifierContract
from helpdesk_core.testing.peers import Act, Drip, Misdeed, ScriptedPeer, is_http
from helpdesk_sms import SmsNotifier, SmsSettings

ACTS: Mapping[Conduct, Act] = {
    Conduct.TAKES: b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}",
    Conduct.FAILS: b"HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n",
    Conduct.REFUSES: b"HTTP/1.1 422 No\r\nContent-Length: 4\r\n\r\n\x00\xffno",
    Conduct.HANGS: Misdeed.HANG,
    Conduct.BREAKS: Misdeed.RESET,
    Conduct.BABBLES: b"\x00\xff\r\n\r\n",
}


class GatewayPeer:
    def __init__(self) -> None:
        self._server = ScriptedPeer(is_http, ACTS[Conduct.TAKES])

    def behave(self, conduct: Conduct) -> None:
        if conduct is Conduct.IS_GONE:
            self.close()
        elif conduct is Conduct.DRIPS:
            self._server.act = Drip(b"HTTP/1.1 202 Accepted\r\nX: ", b"x")
        else:
            self._server.act = ACTS[conduct]

    def notifier(self, deadline: float) -> SmsNotifier:
        url = f"http://127.0.0.1:{self._server.port}/sms"
        settings = SmsSettings.from_url(url, deadline=deadline)
        return SmsNotifier(settings, lambda notice: notice.facts["text"])

    def notice(self, number: int) -> Notice:
        to = {"audience": Audience.STAFF, "channel": Channel.SMS, "recipient": "+62215550100"}
        return a_notice(number, **to)

    def heard(self) -> Sequence[str]:
        return [request.decode("latin-1") for request in self._server.requests]

    def close(self) -> None:
        self._server.close()


class TestSmsNotifier(NotifierContract):
    @pytest.fixture
    def peer(self) -> Iterator[GatewayPeer]:
        peer = GatewayPeer()
        yield peer
        peer.close()
