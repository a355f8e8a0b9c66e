"""What a ticket counts for at an instant, by its history and the policy that it is held to."""

from collections.abc import Iterable
from datetime import datetime

from helpdesk_core.kpi.cells import Counted
from helpdesk_core.kpi.contributions import contribution_of
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.sla_policies import Kept, Policy, standings_under
from helpdesk_core.tickets import Event, Ticket


def counted_at(
    now: datetime, ticket: Ticket, policy: Policy, history: Iterable[Event], rules: Rules
) -> Counted:
    """What a ticket of that history counts for, as its promises stand at an instant.

    It stays so until the ticket changes or one of its promises is breached.
    """
    if policy.scoring is None:
        return Counted(contribution=None)
    return counted_by(standings_under(policy, history, now), ticket, policy, rules)


def counted_by(kept: Iterable[Kept], ticket: Ticket, policy: Policy, rules: Rules) -> Counted:
    """What a ticket counts for whose policy's targets stand so."""
    if policy.scoring is None:
        return Counted(contribution=None)
    standings = {it.target.promise.metric: it.standings[0] for it in kept if it.standings}
    return Counted(
        contribution=contribution_of(ticket, policy.scoring, standings, policy.calendar, rules)
    )
