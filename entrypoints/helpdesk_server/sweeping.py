"""The sweep for warnings and breaches, as `serve` and `worker` run it by themselves."""

from collections.abc import Callable
from threading import Event
from typing import Final
from uuid import UUID

from helpdesk_core.errors import Unavailable
from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.sweeping import sweep_ticket, tickets_to_sweep
from helpdesk_server.delivery import Log
from helpdesk_server.housekeeping import Chore, Housekeeping

EVERY: Final = 10.0
"""Seconds between two sweeps of one process."""
AWAY_AFTER: Final = 3
"""Tickets in a row that could not be reached: then it is the store that does not answer."""
SWEEPING: Final = Chore(
    name="promises",
    unavailable="promises cannot be swept now",
    broken="sweeping promises broke off",
)


def never() -> bool:
    """Nobody asks to stop."""
    return False


class PromiseSweep:
    """Sweeps every ticket that is due, one after another; answers with how many events were found.

    A ticket that cannot be swept is left for the next time, and the log says so: those behind it
    are swept all the same. When `is_stopping`, it breaks off after the ticket in hand.
    """

    def __init__(self, ports: Ports, *, log: Log, is_stopping: Callable[[], bool] = never) -> None:
        self._ports = ports
        self._log = log
        self._is_stopping = is_stopping
        self.failed = 0

    def __call__(self) -> int:
        """Sweep once. Raises Unavailable when the store does not answer."""
        events, in_a_row = 0, 0
        for ticket_id in tickets_to_sweep(self._ports):
            if self._is_stopping():
                break
            try:
                events += self._swept(ticket_id)
                in_a_row = 0
            except Unavailable:
                # A ticket that somebody holds locked for long is unavailable too.
                self.failed += 1
                in_a_row += 1
                if in_a_row == AWAY_AFTER:
                    raise
        return events

    def _swept(self, ticket_id: UUID) -> int:
        try:
            return sweep_ticket(self._ports, ticket_id)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001  # one ticket holds up no other
            self.failed += 1
            self._log.exception(f"the ticket {ticket_id} cannot be swept")
            return 0


def sweeping(ports: Ports, log: Log, *, every: float = EVERY) -> Housekeeping:
    """The thread that sweeps every so many seconds; not started."""
    stopping = Event()
    sweep = PromiseSweep(ports, log=log, is_stopping=stopping.is_set)
    return Housekeeping(sweep, log=log, every=every, chore=SWEEPING, stopping=stopping)
