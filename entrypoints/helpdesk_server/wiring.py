"""The one composition root: from settings to a desk whose parts know one another."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Final
from uuid import UUID
from wsgiref.types import WSGIApplication

import attrs
from structlog.typing import FilteringBoundLogger

from helpdesk_core.attachments import USUAL_FILES, AttachmentRules
from helpdesk_core.ids import uuid7
from helpdesk_core.ports import CaseRules, LinkPost, Notifier, Ports
from helpdesk_core.routing import Channel
from helpdesk_core.sessions import SessionRules
from helpdesk_core.sign_ins import USUAL_LINKS
from helpdesk_core.use_cases.counting import count_uncounted
from helpdesk_core.use_cases.keeping import tidy
from helpdesk_files import open_files
from helpdesk_http import create_app
from helpdesk_letters import Letters
from helpdesk_limits import open_limiter
from helpdesk_server.catching_up import CatchingUp
from helpdesk_server.channels import (
    addressees_of,
    letters_of,
    notifiers_of,
    routing_of,
    usable,
)
from helpdesk_server.delivery import DeliveryThreads
from helpdesk_server.dispatch import dispatch
from helpdesk_server.housekeeping import Housekeeping
from helpdesk_server.link_mail import LinkMailer, SendsLetters
from helpdesk_server.logs import log_named
from helpdesk_server.measures import MeasuredLimiter, Measures
from helpdesk_server.providers import open_providers
from helpdesk_server.settings import Settings, WrongSettings
from helpdesk_server.sheets import sheets
from helpdesk_server.sweeping import sweeping
from helpdesk_server.watch import Watch, watch_over
from helpdesk_sql import SqlStore, open_store

OTHER_CONNECTIONS: Final = 5
"""Connections to a database beyond one for each thread that serves or delivers."""


@attrs.frozen(kw_only=True)
class Desk:
    """Everything that runs. Its threads are not started.

    `delivery` None: nothing is ever delivered. `template_faults` says, from the first time on the
    same, what is wrong with the words of notices.
    """

    store: SqlStore
    ports: Ports
    delivery: DeliveryThreads | None
    housekeeping: Housekeeping
    sweeping: Housekeeping
    catching_up: CatchingUp
    watch: Watch
    template_faults: Callable[[], tuple[str, ...]]
    app: WSGIApplication

    def check_templates(self) -> None:
        """Raise WrongSettings when a notice could not be written, with a line for each fault."""
        if self.template_faults():
            raise WrongSettings(f"HELPDESK_TEMPLATES: {it}" for it in self.template_faults())

    def close(self) -> None:
        """Let go of the database, when no call is under way any more."""
        self.watch.close()
        self.store.close()


def plug(
    settings: Settings,
    *,
    notifiers: Mapping[Channel, Notifier] | None = None,
    systems: Iterable[str] = (),
) -> Desk:
    """The desk of these settings; `notifiers` take the place of those that the settings call for.

    `systems` are names of webhook endpoints that such notifiers know besides. The folder of
    attachments is made when there is none. Raises WrongSettings for an address that its adapter
    cannot use, and StoreError when the database cannot be used or is not up to date. Nothing else
    connects yet.
    """
    letters = letters_of(settings)
    channels = notifiers_of(settings, letters) if notifiers is None else notifiers
    files = usable("FILES_URL", open_files, settings.files_url)
    limiter = usable("RATE_LIMIT_STORAGE", open_limiter, settings.rate_limit_storage)
    connections = settings.threads + settings.delivery_threads + OTHER_CONNECTIONS
    store = open_store(settings.database_url, pool_size=connections)
    measures, faults = Measures(), cache(letters.check)
    leaving = dispatch(settings, store.outbox, channels, measures, now=now)
    ports = Ports(
        begin=store.begin,
        now=now,
        new_id=new_id,
        limiter=MeasuredLimiter(limiter, measures),
        courier=leaving.courier,
        routing=routing_of(channels),
        addressees=addressees_of(settings, systems),
        outbox=store.outbox,
        random=secrets.token_bytes,
        cases=case_rules_of(settings),
        files=files,
        attachments=file_rules_of(settings),
        providers={each.key: each for each in open_providers(settings, now=now)},
        sessions=session_rules_of(settings),
        links=attrs.evolve(USUAL_LINKS, may_be_asked_for=settings.sign_in_links),
        link_post=link_post_of(channels, letters),
        exposure=settings.exposure,
    )
    watch = watch_over(settings, store, measures, leaving.deliveries, lambda: not faults())
    app = create_app(
        ports,
        trusted_proxies=settings.trusted_proxy,
        date_format=settings.date_format,
        log=log_named("http"),
        on_response=partial(tell_of_answer, log_named("access"), measures),
        probes=watch.probes,
        public_url=settings.public_url,
        workbook=sheets(),
    )
    return Desk(
        store=store,
        ports=ports,
        delivery=leaving.threads,
        housekeeping=Housekeeping(partial(tidy, ports), log=log_named("housekeeping")),
        sweeping=sweeping(ports, log_named("promises")),
        catching_up=CatchingUp(partial(count_uncounted, ports), log=log_named("counting")),
        watch=watch,
        template_faults=faults,
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


def session_rules_of(settings: Settings) -> SessionRules:
    """For how long sessions are good."""
    return SessionRules(
        idle=timedelta(hours=settings.session_idle_hours),
        longest=timedelta(days=settings.session_days),
    )


def link_post_of(channels: Mapping[Channel, Notifier], letters: Letters) -> LinkPost | None:
    """What mails sign-in links, where there is a channel for mail that takes letters."""
    mail: object = channels.get(Channel.MAIL)
    if not isinstance(mail, SendsLetters):
        return None
    return LinkMailer(
        mail, letters.write_link, now=now, new_id=new_id, log=log_named("sign-in links")
    )


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
