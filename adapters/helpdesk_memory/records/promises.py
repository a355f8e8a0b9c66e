"""Policies, and what is due, in memory."""

from datetime import datetime

from helpdesk_core.ports import DuePlace
from helpdesk_core.sla_policies import Policy
from helpdesk_core.tickets import Ticket
from helpdesk_memory.records.gathering import Gathering, Undo, nothing_to_unmake, put


class MemoryPromises(Gathering):
    """The part of the unit of work that is about what was promised."""

    def policy(self, digest: str) -> Policy | None:
        """The policy of that digest, or None."""
        with self._store.lock:
            return self._store.policies.get(digest)

    def save_policy(self, policy: Policy) -> None:
        """Gather a policy. One of its digest that is there already stands."""
        self._writes.append(lambda: self._put_policy(policy))

    def tickets_due(
        self, before: datetime, *, after: DuePlace | None = None, limit: int
    ) -> tuple[Ticket, ...]:
        """At most so many tickets that are due before that instant; earliest first, ties by id."""
        with self._store.lock:
            tickets = tuple(self._store.tickets.values())
        due = sorted(
            ((it.next_due_at, it.id), it)
            for it in tickets
            if it.next_due_at is not None and it.next_due_at < before
        )
        start = (after.next_due_at, after.id) if after else None
        found = [ticket for place, ticket in due if start is None or place > start]
        return tuple(found[:limit])

    def _put_policy(self, policy: Policy) -> Undo:
        if policy.digest in self._store.policies:
            return nothing_to_unmake
        return put(self._store.policies, policy.digest, policy)
