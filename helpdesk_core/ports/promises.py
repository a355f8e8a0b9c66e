"""How policies are kept, and how tickets are found of which something becomes true by itself."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import attrs

from helpdesk_core.sla_policies import Policy
from helpdesk_core.tickets import Ticket


@attrs.frozen
class DuePlace:
    """Where a ticket stands among those that are due: by its `next_due_at`, then its id."""

    next_due_at: datetime
    id: UUID


class PromiseRecords(Protocol):
    """The part of a unit of work that is about what was promised."""

    def policy(self, digest: str) -> Policy | None:
        """The policy of that digest, or None."""
        ...

    def save_policy(self, policy: Policy) -> None:
        """Gather a policy. One of its digest that is there already stands."""
        ...

    def tickets_due(
        self, before: datetime, *, after: DuePlace | None = None, limit: int
    ) -> tuple[Ticket, ...]:
        """At most `limit` tickets whose `next_due_at` is before that instant; earliest first.

        Ties by id. Those up to and with the place `after` are left out.
        """
        ...
