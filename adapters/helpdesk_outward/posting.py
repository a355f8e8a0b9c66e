"""Sending a request within a deadline that the other side cannot stretch."""

import socket
import ssl
from threading import Thread
from typing import Final

import attrs

from helpdesk_outward.addresses import Reach, Resolve, by_the_system
from helpdesk_outward.answers import Answer, Silence
from helpdesk_outward.exchange import Dial, Exchange, Means, Request

__all__ = ["LONGEST_DEADLINE", "USUAL_DEADLINE", "Dial", "Outward", "Request"]

USUAL_DEADLINE: Final = 10.0
"""Seconds for one attempt altogether."""

LONGEST_DEADLINE: Final = 45.0
"""Seconds: shorter than a claim on a notice holds."""


def dialled(address: str, port: int, within: float) -> socket.socket:
    """A connection to that very address."""
    return socket.create_connection((address, port), within)


class Outward:
    """Sends requests, each over a connection of its own, from any thread.

    `deadline` is the seconds that one may take altogether, the resolver's included. `trust` says
    whom TLS trusts; the system's own authorities unless told. Raises ValueError for a deadline
    that is none.
    """

    def __init__(
        self,
        reach: Reach,
        *,
        deadline: float = USUAL_DEADLINE,
        trust: ssl.SSLContext | None = None,
        resolve: Resolve = by_the_system,
        dial: Dial = dialled,
    ) -> None:
        if not 0 < deadline <= LONGEST_DEADLINE:
            limit = f"{LONGEST_DEADLINE:g}"
            raise ValueError(f"the deadline must be above 0 and at most {limit} seconds")
        self._means = Means(
            reach=reach,
            deadline=deadline,
            trust=trust,
            resolve=resolve,
            dial=dial,
        )

    def send(self, request: Request, *, within: float = LONGEST_DEADLINE) -> Answer | Silence:
        """Send the request once, and say what came back. Never raises.

        `within` is the seconds that are left for it, where those are fewer than the deadline.
        It runs on a thread of its own, which is left behind when it is late: its connection is
        cut, so it sends nothing more, and it ends as soon as the resolver does.
        """
        deadline = min(self._means.deadline, within)
        exchange = Exchange(request, attrs.evolve(self._means, deadline=deadline))
        thread = Thread(target=exchange.run, name="outward", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            return Silence("there is no room for another thread")
        thread.join(deadline)
        return exchange.cut()
