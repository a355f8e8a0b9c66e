"""A channel of one's own: notices into the rooms of a chat server that speaks in lines of JSON."""

import json
import socket
from time import monotonic

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult

LONGEST_ANSWER = 1000  # bytes

MEANINGS = {
    "ok": DeliveryResult.SENT,
    "later": DeliveryResult.FAILED,
    "never": DeliveryResult.REFUSED,
}


class RoomNotifier:
    """Says each notice in the room that is its recipient. The server is an IP address and a port.

    `deadline` is the seconds that one attempt may take altogether.
    """

    def __init__(self, server: tuple[str, int], *, deadline: float = 10.0) -> None:
        self._server = server
        self._deadline = deadline

    def deliver(self, notice: Notice) -> Delivery:
        """Try once. Never raises: what goes wrong is a reason, and the notice is tried again."""
        try:
            answer = self._answer(_said(notice), until=monotonic() + self._deadline)
        except (OSError, ValueError) as error:
            return Delivery(result=DeliveryResult.FAILED, reason=f"{type(error).__name__}: {error}")
        word = answer.partition(" ")[0]
        result = MEANINGS.get(word, DeliveryResult.FAILED)
        is_sent = result is DeliveryResult.SENT
        return Delivery(result=result, reason="" if is_sent else f"the server said {answer!r}")

    def _answer(self, line: bytes, *, until: float) -> str:
        with socket.create_connection(self._server, _left(until)) as connection:
            connection.settimeout(_left(until))
            connection.sendall(line)
            answer = b""
            while not answer.endswith(b"\n"):
                # Anew for each read: a server that drips would have all the time in the world.
                connection.settimeout(_left(until))
                more = connection.recv(LONGEST_ANSWER)
                answer += more
                if not more or len(answer) > LONGEST_ANSWER:
                    raise ValueError("the server gave no answer")
            return answer.decode("utf-8", "replace").strip()


def _said(notice: Notice) -> bytes:
    said = {
        "id": str(notice.id),  # the same on each try: the server says nothing twice
        "room": notice.recipient,
        "text": f"{notice.kind.value}: {notice.facts.get('text', '')}",
    }
    return json.dumps(said).encode("ascii") + b"\n"


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return left
