"""Each adapter beside the port that it fulfils: a type checker reads this, nobody runs it."""

from helpdesk_core.couriers import NoMailServer
from helpdesk_core.ports import (
    Courier,
    FileStore,
    IdentityProvider,
    LinkPost,
    Notifier,
    Outbox,
    RateLimiter,
    UnitOfWork,
)
from helpdesk_core.testing.stores import Store
from helpdesk_files import FolderFiles
from helpdesk_files.bucket import BucketFiles
from helpdesk_limits import StorageLimiter
from helpdesk_memory import (
    MemoryFiles,
    MemoryLimiter,
    MemoryLinkPost,
    MemoryOutbox,
    MemoryProvider,
    MemoryStore,
    MemoryUnitOfWork,
)
from helpdesk_oidc import OpenIdProvider
from helpdesk_server.console import ConsoleNotifier
from helpdesk_server.courier import PromptCourier
from helpdesk_server.link_mail import LinkMailer, SendsLetters
from helpdesk_server.measures import MeasuredLimiter
from helpdesk_sms import SmsNotifier
from helpdesk_smtp import SmtpNotifier
from helpdesk_sql import SqlOutbox, SqlStore, SqlUnitOfWork
from helpdesk_webhook import WebhookNotifier

units_of_work: list[type[UnitOfWork]] = [MemoryUnitOfWork, SqlUnitOfWork]
stores: list[type[Store]] = [MemoryStore, SqlStore]
outboxes: list[type[Outbox]] = [MemoryOutbox, SqlOutbox]
files: list[type[FileStore]] = [BucketFiles, FolderFiles, MemoryFiles]
limiters: list[type[RateLimiter]] = [MeasuredLimiter, MemoryLimiter, StorageLimiter]
couriers: list[type[Courier]] = [NoMailServer, PromptCourier]
notifiers: list[type[Notifier]] = [ConsoleNotifier, SmsNotifier, SmtpNotifier, WebhookNotifier]
providers: list[type[IdentityProvider]] = [MemoryProvider, OpenIdProvider]
link_posts: list[type[LinkPost]] = [LinkMailer, MemoryLinkPost]
letter_senders: list[type[SendsLetters]] = [ConsoleNotifier, SmtpNotifier]
