"""The channel of the how-to fulfils the contract."""

from collections.abc import Iterator, Sequence

import pytest
from own_channel import RoomNotifier

from helpdesk_core.notices import Notice
from helpdesk_core.routing import Audience, Channel
from helpdesk_core.testing.builders import a_notice
from helpdesk_core.testing.notifier import Conduct, NotifierContract
from helpdesk_core.testing.peers import Act, Drip, Misdeed, ScriptedPeer, is_line

ACTS: dict[Conduct, Act] = {
    Conduct.TAKES: b"ok\n",
    Conduct.FAILS: b"later I am busy\n",
    Conduct.REFUSES: b"never there is no such room\x00\n",
    Conduct.HANGS: Misdeed.HANG,
    Conduct.BREAKS: Misdeed.RESET,
    Conduct.BABBLES: b"\x00\xff\n",
}


class ChatServer:
    """The other side, on loopback."""

    def __init__(self) -> None:
        self._server = ScriptedPeer(is_line, ACTS[Conduct.TAKES])

    def behave(self, conduct: Conduct) -> None:
        if conduct is Conduct.IS_GONE:
            self.close()
        else:
            self._server.act = ACTS.get(conduct, Drip(b"o", b"k"))

    def notifier(self, deadline: float) -> RoomNotifier:
        return RoomNotifier(("127.0.0.1", self._server.port), deadline=deadline)

    def notice(self, number: int) -> Notice:
        to = {"audience": Audience.SYSTEMS, "channel": Channel.WEBHOOK, "recipient": "#support"}
        return a_notice(number, **to)

    def heard(self) -> Sequence[str]:
        return [request.decode() for request in self._server.requests]

    def close(self) -> None:
        self._server.close()


class TestRoomNotifier(NotifierContract):
    @pytest.fixture
    def peer(self) -> Iterator[ChatServer]:
        server = ChatServer()
        yield server
        server.close()
