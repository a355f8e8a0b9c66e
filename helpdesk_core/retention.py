"""For how long files are kept."""

from datetime import datetime

from helpdesk_core.attachments import Attachment
from helpdesk_core.tickets import Ticket


def is_outlived(attachment: Attachment, ticket: Ticket, before: datetime) -> bool:
    """True for a kept file that came before the instant, as did the end of work on its ticket.

    Work that goes on again, and work that an agent logged, has no end.
    """
    ended = ticket.closed_at is not None and ticket.closed_at < before
    return ended and attachment.removed_at is None and attachment.created_at < before
