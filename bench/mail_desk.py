"""The desk under test with its way out for mail, wired and delivering as `helpdesk serve` does.

Its limits count every few requests as another client's, so that none is ever refused.
"""

import argparse
import os
import sys
from unittest.mock import patch

from desk import Crowd
from desk_data import directory_document

from helpdesk_core.use_cases.directory import load_directory
from helpdesk_limits import open_limiter
from helpdesk_server import wiring
from helpdesk_server.logs import start_logging
from helpdesk_server.serving import listen
from helpdesk_server.settings import from_environ
from helpdesk_sql import upgrade


def crowd(url: str) -> Crowd:
    """The limiter of the settings, as if many asked."""
    return Crowd(open_limiter(url))


def main() -> None:
    """Serve until killed; print the port first."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--database", required=True)
    asked.add_argument("--smtp-port", required=True)
    given = asked.parse_args()
    os.sched_setaffinity(0, {0})
    upgrade(given.database)
    environ = {
        "HELPDESK_DATABASE_URL": given.database,
        "HELPDESK_PORT": "0",
        "HELPDESK_SMTP_URL": f"smtp://127.0.0.1:{given.smtp_port}",
        "HELPDESK_STAFF_MAIL": "staff@example.com",
    }
    settings = from_environ(environ)
    with patch.object(wiring, "open_limiter", crowd):
        desk = wiring.plug(settings)
    _ = load_directory(desk.ports, directory_document())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    _ = start_logging(settings.log_format)  # to nobody, but written all the same
    assert desk.delivery
    desk.delivery.start()
    _ = listen(desk, settings).run(lambda _, port: print(port, flush=True))


if __name__ == "__main__":
    main()
