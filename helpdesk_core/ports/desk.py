"""Everything that a use case is given, in one record."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

import attrs

from helpdesk_core.attachments import USUAL_FILES, AttachmentRules
from helpdesk_core.case_numbers import Numbering
from helpdesk_core.case_policy import CONTRACT_CASES, CasePolicy
from helpdesk_core.kpi.contract_rules import CONTRACT_RULES
from helpdesk_core.kpi.rules import Rules
from helpdesk_core.notices import Addressees
from helpdesk_core.ports.accounts import LinkPost
from helpdesk_core.ports.channels import Courier
from helpdesk_core.ports.files import FileStore
from helpdesk_core.ports.limiter import RateLimiter
from helpdesk_core.ports.outbox import Outbox
from helpdesk_core.ports.providers import IdentityProvider
from helpdesk_core.ports.unit_of_work import UnitOfWork
from helpdesk_core.routing import CONTRACT_ROUTING, Routing
from helpdesk_core.sessions import USUAL_SESSIONS, SessionRules
from helpdesk_core.sign_ins import USUAL_LINKS, LinkRules
from helpdesk_core.tickets import Change
from helpdesk_core.visibility import Exposure


def nothing_else(uow: UnitOfWork, change: Change) -> None:
    """Nothing goes along with a change."""


@attrs.frozen(kw_only=True)
class CaseRules:
    """How the support door is set: its numbers, its promises, and what customers may add.

    `prefix` fulfils `case_numbers.is_prefix`.
    """

    prefix: str = "CW"
    numbering: Numbering = Numbering.RANDOM
    policy: CasePolicy = CONTRACT_CASES
    customers_may_attach: bool = False


NO_ADDRESSEES: Final = Addressees()
"""No mailboxes and no endpoints: only customers and agents are told."""

NO_PROVIDERS: Final[Mapping[str, IdentityProvider]] = MappingProxyType({})
"""Nobody vouches for anybody; who signs in has a link."""

CONTRACT_CASE_RULES: Final = CaseRules()
"""As contract B has it, and with numbers that nobody guesses."""


@attrs.frozen(kw_only=True)
class Ports:
    """Everything a use case is given. One record serves all threads.

    `begin` makes a fresh unit of work for each call; `now` is the present instant, aware, UTC;
    `new_id` makes ids that nobody can guess, later ones greater; `random` makes so many bytes from
    a secure source. Without `files` nothing can be attached, and without `outbox` nobody can look
    at the notices. `along_with` is told of each change before its commit, and may save what belongs
    into the same transaction; what it raises undoes the change. `providers` vouch for people, each
    under its key; without `link_post` nobody is mailed a sign-in link. `exposure` is how much the
    intake door shows, and `rules` are the KPI rules by their words.
    """

    begin: Callable[[], UnitOfWork]
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    limiter: RateLimiter
    courier: Courier
    routing: Routing = CONTRACT_ROUTING
    addressees: Addressees = NO_ADDRESSEES
    random: Callable[[int], bytes] = secrets.token_bytes
    cases: CaseRules = CONTRACT_CASE_RULES
    files: FileStore | None = None
    outbox: Outbox | None = None
    attachments: AttachmentRules = USUAL_FILES
    along_with: Callable[[UnitOfWork, Change], None] = nothing_else
    exposure: Exposure = Exposure.CONTRACT
    rules: Rules = CONTRACT_RULES
    providers: Mapping[str, IdentityProvider] = NO_PROVIDERS
    sessions: SessionRules = USUAL_SESSIONS
    links: LinkRules = USUAL_LINKS
    link_post: LinkPost | None = None
