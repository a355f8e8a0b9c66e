"""Every way out hangs: who comes in is answered all the same."""

from time import monotonic
from urllib.parse import urlsplit

import pytest

from helpdesk_core.ports import NoticeState
from helpdesk_sql import open_store
from tests.server.conftest import PATIENCE, Start
from tests.server.test_support_processes import open_case

AT_ONCE = 4.0  # seconds for one answer, on a busy machine
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MOST = 5
"""Cases that one client may open in an hour."""


@pytest.mark.parametrize("databases", ["database", "fresh_postgres_url"])
def test_cases_are_taken_while_mail_and_gateway_and_endpoint_hang(
    start: Start, hanging_mail_server: str, databases: str, request: pytest.FixtureRequest
) -> None:
    url: str = request.getfixturevalue(databases)
    silent = urlsplit(hanging_mail_server).netloc
    server = start(
        "serve",
        "--migrate",
        DATABASE_URL=url,
        SMTP_URL=hanging_mail_server,
        SMS_URL=f"http://{silent}/send",
        WEBHOOK_URLS=f"crm=http://{silent}/crm,erp=http://{silent}/erp",
        WEBHOOK_SECRET=SECRET,
        WEBHOOK_ALLOW_PRIVATE="yes",
        STAFF_MAIL="staff@example.com",
    )

    waits = []
    for _ in range(MOST):
        began = monotonic()
        open_case(server)
        waits.append(monotonic() - began)
    ready = server.ask("GET", "/ready")
    code = server.terminate()

    assert max(waits) < AT_ONCE < PATIENCE
    assert (200, 0) == (ready.status, code)
    store = open_store(url)
    counts = store.outbox.counts()
    store.close()
    # Of each: the customer (three in an hour at most), the staff, and two systems.
    assert 3 + 3 * MOST == counts[NoticeState.QUEUED]
