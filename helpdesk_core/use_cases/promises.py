"""What was promised for a ticket, and what became of it."""

import attrs

from helpdesk_core.people import Caller
from helpdesk_core.permissions import Act, allow
from helpdesk_core.ports import Ports
from helpdesk_core.sla_explained import Explanation, explain
from helpdesk_core.sla_policies import Policy
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.finding import Target, found_target
from helpdesk_core.use_cases.promising import policy_of


@attrs.frozen(kw_only=True)
class TicketPromises:
    """A ticket, what it is held to, and each promise made on it, explained; see `Metric`'s order.

    The policy of a ticket without a pin is the one that its next change will pin it to.
    """

    ticket: Ticket
    policy: Policy
    explanations: tuple[Explanation, ...]


def read_promises(ports: Ports, target: Target, caller: Caller) -> TicketPromises:
    """How the promises of one ticket stand now. Raises NotSignedIn, Forbidden, NotFound."""
    _ = allow(caller, Act.READ_TICKETS)
    return promises_of(ports, target)


def promises_of(ports: Ports, target: Target) -> TicketPromises:
    """As `read_promises`, for whoever runs the desk. Raises NotFound."""
    with ports.begin() as uow:
        ticket = found_target(uow, target)
        directory = uow.directory()
        history = uow.history(ticket.id)
        policy = policy_of(ports, uow, ticket, directory)
    now = ports.now()
    return TicketPromises(
        ticket=ticket,
        policy=policy,
        explanations=tuple(
            explanation
            for kept in policy.targets
            for explanation in explain(kept.promise, history, now)
        ),
    )
