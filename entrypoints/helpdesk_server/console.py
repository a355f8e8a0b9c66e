"""Mail for a desk on trial: printed to the terminal."""

from collections.abc import Callable

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_core.text import is_one_line


class ConsoleNotifier:
    """Hands each notice, as a few lines of text, to `write`; it is always taken."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def deliver(self, notice: Notice) -> Delivery:
        """Print the notice."""
        facts = notice.facts
        about = f"{notice.kind.value}: {facts.get('kpiType', '')}, {facts.get('department', '')}"
        lines = (
            f"── mail to {notice.recipient}",
            f"   {about} (ticket {notice.ticket_id})",
            *(f"   {line}" for line in facts.get("text", "").splitlines()),
        )
        _ = self._write("\n".join(printable(line) for line in lines))
        return Delivery(result=DeliveryResult.SENT)


def printable(line: str) -> str:
    """The line without what could command a terminal."""
    if is_one_line(line):
        return line
    return "".join(letter if is_one_line(letter) else "�" for letter in line)
