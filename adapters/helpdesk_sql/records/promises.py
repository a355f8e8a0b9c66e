"""Policies, and what is due, in SQL."""

from datetime import datetime

from helpdesk_core.policy_values import policy_of, policy_values
from helpdesk_core.ports import DuePlace
from helpdesk_core.sla_policies import Policy
from helpdesk_core.tickets import Ticket
from helpdesk_sql.policies import SeenPolicies
from helpdesk_sql.records.gathering import Gathering
from helpdesk_sql.rows import ticket_of


class SqlPromises(Gathering):
    """The part of the unit of work that is about what was promised."""

    _seen: SeenPolicies
    _policies: list[Policy]

    def policy(self, digest: str) -> Policy | None:
        """The policy of that digest, or None."""
        seen = self._seen.get(digest)
        if seen is not None:
            return seen
        found = self._session.read(self._queries.promises.policy, digest=digest)
        if not found:
            return None
        policy = policy_of(found[0]["value"])
        self._seen.add(policy)
        return policy

    def save_policy(self, policy: Policy) -> None:
        """Gather a policy. One of its digest that is there already stands.

        One that this process has seen stored costs nothing.
        """
        if self._seen.get(policy.digest) is None:
            values = {"digest": policy.digest, "value": policy_values(policy)}
            self._write(self._queries.promises.insert_policy, values)
            self._policies.append(policy)

    def tickets_due(
        self, before: datetime, *, after: DuePlace | None = None, limit: int
    ) -> tuple[Ticket, ...]:
        """At most so many tickets that are due before that instant; earliest first, ties by id."""
        queries, bounds = self._queries.promises, {"before": before, "most": limit}
        if after is None:
            found = self._session.read(queries.tickets_due, **bounds)
        else:
            place = {"reached_at": after.next_due_at, "reached_id": after.id}
            found = self._session.read(queries.tickets_due_after, **bounds, **place)
        return tuple(ticket_of(record) for record in found)

    def _policies_are_stored(self) -> None:
        for policy in self._policies:
            self._seen.add(policy)
        self._policies.clear()
