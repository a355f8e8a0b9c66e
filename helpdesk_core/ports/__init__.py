"""What the rules need from the outside, at the height of the rules.

Adapters fulfil these Protocols by shape; the suites in `helpdesk_core.testing` prove that they do.
Each module is one topic. What a unit of work can do is the sum of its topics: a new one is a
Protocol of its own, named in `unit_of_work`.
"""

from helpdesk_core.ports.accounts import AccountRecords, LinkPost
from helpdesk_core.ports.audit import AuditTrail
from helpdesk_core.ports.channels import (
    Courier,
    Delivery,
    DeliveryResult,
    Letter,
    MailOutcome,
    MailStatus,
    Notifier,
    Write,
)
from helpdesk_core.ports.desk import (
    CONTRACT_CASE_RULES,
    NO_ADDRESSEES,
    CaseRules,
    Ports,
    nothing_else,
)
from helpdesk_core.ports.directory import DirectoryRecords
from helpdesk_core.ports.erasing import ErasureRecords
from helpdesk_core.ports.figures import CountedTicket, FigureRecords, Figures
from helpdesk_core.ports.files import FileRecords, FileStore
from helpdesk_core.ports.limiter import RateLimiter
from helpdesk_core.ports.once import OnceRecords
from helpdesk_core.ports.outbox import (
    ChannelStanding,
    Claim,
    NoticeStanding,
    NoticeState,
    Outbox,
)
from helpdesk_core.ports.promises import DuePlace, PromiseRecords
from helpdesk_core.ports.providers import IdentityProvider
from helpdesk_core.ports.tickets import TicketRecords
from helpdesk_core.ports.tokens import TokenRecords
from helpdesk_core.ports.unit_of_work import UnitOfWork

__all__ = [
    "CONTRACT_CASE_RULES",
    "NO_ADDRESSEES",
    "AccountRecords",
    "AuditTrail",
    "CaseRules",
    "ChannelStanding",
    "Claim",
    "CountedTicket",
    "Courier",
    "Delivery",
    "DeliveryResult",
    "DirectoryRecords",
    "DuePlace",
    "ErasureRecords",
    "FigureRecords",
    "Figures",
    "FileRecords",
    "FileStore",
    "IdentityProvider",
    "Letter",
    "LinkPost",
    "MailOutcome",
    "MailStatus",
    "NoticeStanding",
    "NoticeState",
    "Notifier",
    "OnceRecords",
    "Outbox",
    "Ports",
    "PromiseRecords",
    "RateLimiter",
    "TicketRecords",
    "TokenRecords",
    "UnitOfWork",
    "Write",
    "nothing_else",
]
