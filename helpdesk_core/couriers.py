"""The courier of a desk that sends no mail."""

from helpdesk_core.notices import Notice
from helpdesk_core.ports import MailOutcome, MailStatus


class NoMailServer:
    """Leaves every notice in the outbox, where it waits for a mail server."""

    def outcome(self, notice: Notice) -> MailOutcome:  # noqa: ARG002  # the port's shape
        """Skipped, always."""
        return MailOutcome(status=MailStatus.SKIPPED, reason="No mail server is configured")
