"""A simulated ticket, and how it stands."""

import attrs

from helpdesk_core.sla_policies import Kept, Policy
from helpdesk_core.tickets import Change, Event, Ticket


@attrs.frozen(kw_only=True)
class Simulated:
    """A ticket as it is at the end, how it came to that, and how it stands under its policy."""

    changes: tuple[Change, ...]
    policy: Policy
    kept: tuple[Kept, ...]

    @property
    def ticket(self) -> Ticket:
        """As the last change left it."""
        return self.changes[-1].ticket

    @property
    def history(self) -> tuple[Event, ...]:
        """Everything that happened, in order."""
        return tuple(happened for change in self.changes for happened in change.events)
