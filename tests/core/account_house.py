"""What tests of accounts do with a desk in memory."""

from typing import Final

from helpdesk_core.audit import AuditRecord
from helpdesk_core.audit_lists import AuditWanted
from helpdesk_core.identities import VerifiedIdentity
from helpdesk_core.people import OPERATOR, Caller
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import a_directory
from helpdesk_core.testing.directories import ACTIVE_AGENT
from helpdesk_core.use_cases.entering import SignedIn, Visit
from helpdesk_core.use_cases.sign_in import begin_sign_in, finish_sign_in
from helpdesk_core.use_cases.sign_in_links import make_link, take_link
from helpdesk_memory import MemoryDesk

FROM: Final = Caller(origin="192.0.2.7")
AGENT: Final = a_directory().agents[ACTIVE_AGENT]


def sign_in(
    desk: MemoryDesk, identity: VerifiedIdentity, visit: Visit | None = None, target: str = "/"
) -> SignedIn:
    """Go to the provider and come back, vouched for."""
    set_out = begin_sign_in(desk.ports, desk.provider.key, target=target)
    state = set_out.url.rpartition("=")[2]
    returned = desk.provider.vouch_for(identity, state)
    return finish_sign_in(desk.ports, set_out.browser, returned, visit or Visit(caller=FROM))


def signed_in_at(desk: MemoryDesk, email: str) -> SignedIn:
    """A session of that address, by a link of the operator's."""
    return take_link(desk.ports, make_link(desk.ports, email, OPERATOR), None, Visit(caller=FROM))


def caller_of(signed_in: SignedIn) -> Caller:
    """Who is signed in, as a caller."""
    return Caller(user=signed_in.user, origin=FROM.origin)


def records(ports: Ports) -> list[AuditRecord]:
    """What was recorded, first things first."""
    with ports.begin() as uow:
        return list(uow.audit_records(AuditWanted(), limit=99))[::-1]
