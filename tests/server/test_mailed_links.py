"""A desk without a provider lets people in by mail, over a real mail server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.server.conftest import comes_true, free_port
from tests.server.visitor import FIELD, Visitor

if TYPE_CHECKING:
    from tests.server.conftest import MailServer, Running, Start

LINK = re.compile(r"http://\S+/auth/link\?key=[\w-]+")
SOMEBODY = "somebody@example.org"


@pytest.fixture
def server(start: Start, mail_server: MailServer) -> Running:
    port = str(free_port())
    address = f"http://127.0.0.1:{port}"
    return start("serve", SMTP_URL=mail_server.url, PORT=port, PUBLIC_URL=address)


def mailed_link(server: Running, visitor: Visitor, mail_server: MailServer) -> str:
    """Ask for a link, and read the mail."""
    fields = [*FIELD.findall(visitor.open(f"{server.address}/auth/sign-in")), ("email", SOMEBODY)]
    _ = visitor.open(f"{server.address}/auth/links", urlencode(fields).encode())
    assert comes_true(lambda: bool(mail_server.sink.mails))
    mail = mail_server.sink.mails[-1]
    text = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    [link] = LINK.findall(bytes(text.get_payload(decode=True)).decode())
    assert SOMEBODY == mail["To"]
    return str(link)


def test_who_asks_for_a_link_signs_in_with_it(server: Running, mail_server: MailServer) -> None:
    visitor = Visitor(server)
    link = mailed_link(server, visitor, mail_server)
    _ = visitor.press(visitor.open(link), "/auth/link")

    assert SOMEBODY == visitor.ask("/auth/session")["user"]["email"]


def test_who_only_saw_the_mail_does_not_sign_in_with_it(
    server: Running, mail_server: MailServer
) -> None:
    visitor, thief = Visitor(server), Visitor(server)
    link = mailed_link(server, visitor, mail_server)
    with pytest.raises(OSError, match="403"):
        _ = thief.press(thief.open(link), "/auth/link")

    assert "You are signed in" in visitor.press(visitor.open(link), "/auth/link")
