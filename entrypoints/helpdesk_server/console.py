"""Channels for a desk on trial: what would be sent is printed to the terminal."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from helpdesk_core.notices import Notice
from helpdesk_core.ports import Delivery, DeliveryResult, Letter
from helpdesk_core.routing import Channel
from helpdesk_core.text import read_address
from helpdesk_letters import Letters
from helpdesk_server.terminal import printable
from helpdesk_webhook import payload

SYSTEM: Final = "terminal"
"""The one endpoint of the webhooks that are printed."""


class ConsoleNotifier:
    """Hands the text of each notice to `write`, which takes them all.

    `shown` makes the text; it raises ValueError for a recipient that the channel does not reach.
    """

    def __init__(self, shown: Callable[[Notice], str], write: Callable[[str], object]) -> None:
        self._shown = shown
        self._write = write

    def deliver(self, notice: Notice) -> Delivery:
        """Print the notice."""
        return self._printed(lambda: self._shown(notice))

    def send(
        self,
        write: Callable[[], Letter],
        *,
        to: str,
        letter_id: UUID,  # noqa: ARG002  # the channel's shape
        at: datetime,  # noqa: ARG002  # as above
    ) -> Delivery:
        """Print a letter that belongs to no ticket."""
        return self._printed(lambda: shown_letter(to, write()))

    def _printed(self, show: Callable[[], str]) -> Delivery:
        try:
            shown = show()
        except ValueError as fault:
            return Delivery(result=DeliveryResult.REFUSED, reason=str(fault))
        heading, *lines = shown.rstrip().splitlines()
        body = "\n".join(f"  | {printable(line)}".rstrip() for line in lines)
        _ = self._write(f"{heading}\n{body}\n")
        return Delivery(result=DeliveryResult.SENT)


def console_of(
    letters: Letters, write: Callable[[str], object]
) -> Mapping[Channel, ConsoleNotifier]:
    """Every channel, printed."""
    return {channel: ConsoleNotifier(shown, write) for channel, shown in shown_by(letters).items()}


def shown_by(letters: Letters) -> Mapping[Channel, Callable[[Notice], str]]:
    """How a notice of each channel is shown: what it is, then what is sent."""

    def mail(notice: Notice) -> str:
        return shown_letter(notice.recipient, letters.write(notice))

    def text_message(notice: Notice) -> str:
        return f"Text message:\nTo: {notice.recipient}\n{letters.text_message(notice)}"

    def webhook(notice: Notice) -> str:
        return f"Webhook:\nTo: {notice.recipient}\n{payload(notice).decode('ascii')}"

    return {Channel.MAIL: mail, Channel.SMS: text_message, Channel.WEBHOOK: webhook}


def shown_letter(to: str, letter: Letter) -> str:
    """A mail as it is printed. Raises ValueError for what is no address."""
    if read_address(to) is None:
        raise ValueError("the recipient is not an e-mail address")
    return f"Mail:\nTo: {to}\nSubject: {letter.subject}\n\n{letter.text}"
