"""Mail for a desk on trial: printed to the terminal."""

from collections.abc import Callable
from email.message import EmailMessage

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult
from helpdesk_server.terminal import printable


class ConsoleNotifier:
    """Hands the text of each mail to `write`, which takes them all.

    `letter` makes the mail; it raises ValueError for a recipient that no mail reaches.
    """

    def __init__(
        self, letter: Callable[[Notice], EmailMessage], write: Callable[[str], object]
    ) -> None:
        self._letter = letter
        self._write = write

    def deliver(self, notice: Notice) -> Delivery:
        """Print the mail."""
        try:
            mail = self._letter(notice)
        except ValueError as fault:
            return Delivery(result=DeliveryResult.REFUSED, reason=str(fault))
        lines = (
            f"To: {mail['To']}",
            f"Subject: {mail['Subject']}",
            "",
            *mail.get_content().rstrip().splitlines(),
        )
        shown = "\n".join(f"  | {printable(line)}" for line in lines)
        _ = self._write(f"Mail:\n{shown}\n")
        return Delivery(result=DeliveryResult.SENT)
