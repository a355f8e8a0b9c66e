"""Many who change the figures of one row at once, from several processes: none is lost or stuck."""

import subprocess
import sys
from contextlib import closing
from datetime import timedelta

from helpdesk_core.people import OPERATOR
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import NOW
from helpdesk_core.testing.stores import stocked
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.use_cases.figures import RawFigures, read_monthly
from helpdesk_core.use_cases.recounting import check_figures
from helpdesk_sql import open_store, upgrade

PROCESSES = 4
THREADS = 2
ROUNDS = 8
HAMMER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from helpdesk_core.ids import uuid7
from helpdesk_core.people import STRANGER, Caller
from helpdesk_core.testing.builders import NOW, a_directory, a_raw_intake, staff
from helpdesk_core.testing.unlimited import ports_over
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.finding import Target
from helpdesk_core.use_cases.handling import move_ticket
from helpdesk_core.use_cases.intake import submit_ticket
from helpdesk_sql import open_store
from secrets import randbits

url, threads, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = open_store(url)
ports = ports_over(store, new_id=lambda: uuid7(NOW, randbits(74)))

def hammer(_):
    for number in range(rounds):
        submitted = submit_ticket(ports, a_raw_intake(a_directory()), STRANGER)
        target = Target(ticket_id=str(submitted.ticket.id))
        to = Status.CLOSED if number % 2 else Status.REJECTED
        move_ticket(ports, target, to, staff(), reason="Done")

with ThreadPoolExecutor(threads) as pool:
    list(pool.map(hammer, range(threads)))
store.close()
"""


def test_a_row_that_all_write_at_once_is_exact_afterwards(empty_url: str) -> None:
    upgrade(empty_url)
    with closing(open_store(empty_url)) as store:
        stocked(store)
        started = [_hammer(empty_url) for _ in range(PROCESSES)]
        assert [0] * PROCESSES == [process.wait(120) for process in started]

        ports = ports_over(store, now=lambda: NOW + timedelta(minutes=1))
        report = read_monthly(ports, RawFigures(month="2026-05"), OPERATOR).report
        total = PROCESSES * THREADS * ROUNDS
        closed = PROCESSES * THREADS * (ROUNDS // 2)
        assert (total, True) == _checked(ports)
        assert [closed] == [row.tally.tickets for row in report.rows if row.tally.tickets > 1]


def _hammer(url: str) -> subprocess.Popen[bytes]:
    arguments = (url, str(THREADS), str(ROUNDS))
    return subprocess.Popen([sys.executable, "-c", HAMMER, *arguments])


def _checked(ports: Ports) -> tuple[int, bool]:
    recount = check_figures(ports)
    return recount.tickets, recount.is_right
