"""The channel of mails keeps the contract of its port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from helpdesk_core.testing.builders import a_notice
from helpdesk_core.testing.notifier import Conduct, NotifierContract

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helpdesk_core.notices import Notice
    from helpdesk_smtp import SmtpNotifier
    from tests.smtp.conftest import MakeNotifier, MakeSettings, Script, Serve

SCRIPTS: Final[dict[Conduct, Script]] = {
    Conduct.TAKES: {".": b"250 taken\r\n"},
    Conduct.FAILS: {".": b"451 not now\r\n"},
    Conduct.REFUSES: {".": b"554 never \x00\xff\r\n"},
    Conduct.HANGS: {".": "hang"},
    Conduct.DRIPS: {".": "drip"},
    Conduct.BREAKS: {".": "reset"},
    Conduct.BABBLES: {".": b"\x00\xff\r\n"},
}


class MailServer:
    """The other side, on loopback."""

    def __init__(self, serve: Serve, settings_for: MakeSettings, make: MakeNotifier) -> None:
        self._server = serve(SCRIPTS[Conduct.TAKES])
        self._settings_for = settings_for
        self._make = make

    def behave(self, conduct: Conduct) -> None:
        if conduct is Conduct.IS_GONE:
            self._server.close()
        else:
            self._server.from_now_on(SCRIPTS[conduct])

    def notifier(self, deadline: float) -> SmtpNotifier:
        return self._make(self._settings_for(self._server.port, deadline=deadline))

    def notice(self, number: int) -> Notice:
        return a_notice(number)

    def heard(self) -> Sequence[str]:
        lines = [line.decode("latin-1") for line in self._server.heard]
        return [line for line in lines if line.lower().startswith("message-id:")]


class TestSmtpNotifier(NotifierContract):
    @pytest.fixture
    def peer(
        self, serve: Serve, settings_for: MakeSettings, notifier_for: MakeNotifier
    ) -> MailServer:
        return MailServer(serve, settings_for, notifier_for)
