"""The one composition root: from settings to a desk whose parts know one another."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from uuid import UUID
from wsgiref.types import WSGIApplication

import attrs
from structlog.typing import FilteringBoundLogger

from helpdesk_core.attachments import USUAL_FILES, AttachmentRules
from helpdesk_core.couriers import NoMailServer
from helpdesk_core.ids import uuid7
from helpdesk_core.notices import Channel, Notice
from helpdesk_core.ports import (
    CaseRules,
    Courier,
    Delivery,
    DeliveryResult,
    Notifier,
    Ports,
)
from helpdesk_core.use_cases.delivering import deliver_next
from helpdesk_core.use_cases.keeping import tidy_files
from helpdesk_files import open_files
from helpdesk_http import create_app
from helpdesk_limits import open_limiter
from helpdesk_server.courier import PromptCourier
from helpdesk_server.delivery import DeliveryThreads
from helpdesk_server.housekeeping import Housekeeping
from helpdesk_server.logs import log_named
from helpdesk_server.measures import MeasuredLimiter, Measures
from helpdesk_server.settings import Settings, WrongSettings
from helpdesk_server.vitals import Deliveries, DeliveryRecord
from helpdesk_server.watch import Watch, watch_over
from helpdesk_smtp import SmtpNotifier, SmtpSettings
from helpdesk_sql import SqlStore, open_store

Made = TypeVar("Made")

OTHER_CONNECTIONS: Final = 8
"""Connections to a database beyond one for each thread that serves: for those that deliver."""


@attrs.frozen(kw_only=True)
class Desk:
    """Everything that runs. Its threads are not started.

    `delivery` None: nothing is ever delivered.
    """

    store: SqlStore
    ports: Ports
    delivery: DeliveryThreads | None
    housekeeping: Housekeeping
    watch: Watch
    app: WSGIApplication

    def close(self) -> None:
        """Let go of the database, when no call is under way any more."""
        self.watch.close()
        self.store.close()


def plug(settings: Settings, *, notifiers: Mapping[Channel, Notifier] | None = None) -> Desk:
    """The desk of these settings; `notifiers` take the place of those that the settings call for.

    The folder of attachments is made when there is none. Raises WrongSettings for an address that
    its adapter cannot use, and StoreError when the database cannot be used or is not up to date.
    Nothing else connects yet.
    """
    channels = notifiers_of(settings) if notifiers is None else notifiers
    files = usable("FILES_URL", open_files, settings.files_url)
    limiter = usable("RATE_LIMIT_STORAGE", open_limiter, settings.rate_limit_storage)
    store = open_store(settings.database_url, pool_size=settings.threads + OTHER_CONNECTIONS)
    measures = Measures()
    mail = _mail(settings, store, channels, measures)
    ports = Ports(
        begin=store.begin,
        now=now,
        new_id=new_id,
        limiter=MeasuredLimiter(limiter, measures),
        courier=mail.courier,
        random=secrets.token_bytes,
        cases=case_rules_of(settings),
        files=files,
        attachments=file_rules_of(settings),
    )
    watch = watch_over(settings, store, measures, mail.deliveries, ports.routes)
    app = create_app(
        ports,
        trusted_proxies=settings.trusted_proxy,
        date_format=settings.date_format,
        log=log_named("http"),
        on_response=partial(tell_of_answer, log_named("access"), measures),
        probes=watch.probes,
    )
    return Desk(
        store=store,
        ports=ports,
        delivery=mail.threads,
        housekeeping=Housekeeping(partial(tidy_files, ports), log=log_named("housekeeping")),
        watch=watch,
        app=app,
    )


def case_rules_of(settings: Settings) -> CaseRules:
    """How the support door is set."""
    return CaseRules(
        prefix=settings.case_prefix,
        numbering=settings.case_numbers,
        customers_may_attach=settings.customers_may_attach,
    )


def file_rules_of(settings: Settings) -> AttachmentRules:
    """What files are taken, and for how long they are kept."""
    days = settings.files_kept_days
    return attrs.evolve(USUAL_FILES, kept=None if days is None else timedelta(days=days))


def notifiers_of(settings: Settings) -> Mapping[Channel, Notifier]:
    """The channels that the settings open. Raises WrongSettings."""
    smtp = smtp_settings_of(settings)
    return {} if smtp is None else {Channel.MAIL: SmtpNotifier(smtp)}


def smtp_settings_of(settings: Settings) -> SmtpSettings | None:
    """How to reach the mail server; None when there is none. Raises WrongSettings."""
    if settings.smtp_url is None:
        return None
    read = partial(SmtpSettings.from_url, sender=settings.mail_from, public_url=settings.public_url)
    return usable("SMTP_URL", read, settings.smtp_url)


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """An id of this moment that nobody can guess."""
    return uuid7(now(), secrets.randbits(74))


def tell_of_answer(  # noqa: PLR0913  # the hook's shape
    log: FilteringBoundLogger,
    measures: Measures,
    *,
    method: str,
    route: str | None,
    status: int,
    duration: float,
    request_id: str,
) -> None:
    """Count an answer, and log a line. The route is a template: no id, no query, no address."""
    measures.answered(method=method, route=route, status=status, duration=duration)
    log.info(
        "request",
        method=method,
        route=route or "-",
        status=status,
        ms=round(duration * 1000, 1),
        request_id=request_id,
    )


@attrs.frozen(kw_only=True)
class _Mail:
    """How mail leaves; with a courier alone, it does not."""

    courier: Courier
    threads: DeliveryThreads | None = None
    deliveries: Deliveries | None = None


def _mail(
    settings: Settings,
    store: SqlStore,
    channels: Mapping[Channel, Notifier],
    measures: Measures,
) -> _Mail:
    """The threads that deliver and the courier that knows what they did, or one that knows none."""
    if not channels:
        return _Mail(courier=NoMailServer())
    log, record = log_named("delivery"), DeliveryRecord(now)

    def nudge() -> None:  # the courier and the threads need each other
        delivery.nudge()

    def tell(notice: Notice, told: Delivery) -> None:
        if told.result is not DeliveryResult.SENT:  # why, the outbox keeps: it may name people
            log.warning("not delivered", notice_id=str(notice.id), result=told.result.value)
        measures.delivered(notice, told)
        record.tell(told)
        courier.tell(notice, told)

    courier = PromptCourier(nudge=nudge, wait=settings.mail_wait, waiters=settings.threads // 2)
    deliver_one = partial(deliver_next, store.outbox, channels, now=now, tell=tell)
    delivery = DeliveryThreads(deliver_one, log=log)
    deliveries = Deliveries(are_at_work=delivery.is_at_work, record=record)
    return _Mail(courier=courier, threads=delivery, deliveries=deliveries)


def usable(name: str, read: Callable[[str], Made], url: str) -> Made:
    """What an adapter makes of an address. Raises WrongSettings, which names the setting."""
    try:
        return read(url)
    except ValueError as fault:
        raise WrongSettings([f"HELPDESK_{name}: {fault}"]) from None
