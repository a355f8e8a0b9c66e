"""Looking at a desk without changing it: is everything there that it needs?"""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

import attrs
import sqlalchemy as sa

from helpdesk_core.case_numbers import Numbering
from helpdesk_core.errors import HelpdeskError, Unavailable
from helpdesk_core.limits import Limit
from helpdesk_core.ports import FileStore
from helpdesk_core.use_cases.intake import intake_options
from helpdesk_core.visibility import Exposure
from helpdesk_files import open_files
from helpdesk_limits import open_limiter
from helpdesk_server.channels import smtp_settings_of, usable
from helpdesk_server.health_of_notices import (
    look_at_mailboxes,
    look_at_templates,
    look_at_text_messages,
    look_at_webhooks,
)
from helpdesk_server.providers import look_at_providers
from helpdesk_server.setting_readers import is_of_this_machine
from helpdesk_server.settings import Settings, WrongSettings, from_environ, unknown_settings
from helpdesk_server.ways_in import keeps_sessions
from helpdesk_server.wiring import new_id, now
from helpdesk_smtp import SmtpSettings, Tls
from helpdesk_sql import StoreError, open_store

Look: TypeAlias = Callable[[Settings], str]
"""Says what was found when all is well; raises what is wrong."""

ON_TRIAL: Final = b"Written by helpdesk doctor"
PATIENCE: Final = 5.0
"""Seconds for each answer of a mail server."""
LOOKING: Final = Limit(
    name="doctor", amount=1000, period=timedelta(seconds=1), sentence="", opens_when_down=False
)


@attrs.frozen
class Finding:
    """What was found about one thing the desk needs."""

    about: str
    is_well: bool
    said: str


def well(about: str, said: str) -> Finding:
    """All is as it must be."""
    return Finding(about, is_well=True, said=said)


def wrong_with(about: str, said: str) -> Finding:
    """Something is not."""
    return Finding(about, is_well=False, said=said)


class Unwell(Exception):
    """Something is not as it must be. The sentence says what, and what to do."""


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """One finding after another; without usable settings no other, without a database only some."""
    try:
        settings = from_environ(environ)
    except WrongSettings as wrong:
        yield from (wrong_with("settings", fault) for fault in wrong.faults)
        return
    yield well("settings", "; ".join(unknown_settings(environ)) or "all can be used")
    database = _finding("database", _database, settings)
    yield database
    if database.is_well:
        yield _finding("directory", _directory, settings)
        yield _finding("outbox", _outbox, settings)
        yield _finding("files", _files, settings)
    yield _finding("case numbers", _case_numbers, settings)
    yield _finding("exposure", _exposure, settings)
    yield _finding("sessions", _sessions, settings)
    yield _finding("mail", _mail, settings)
    yield _finding("mailboxes", look_at_mailboxes, settings)
    yield _finding("templates", look_at_templates, settings)
    yield _finding("text messages", look_at_text_messages, settings)
    yield _finding("webhooks", look_at_webhooks, settings)
    yield _finding("sign-in", partial(look_at_providers, now=now), settings)
    yield _finding("rate limits", _rate_limits, settings)


def _finding(about: str, look: Look, settings: Settings) -> Finding:
    try:
        return well(about, look(settings))
    except (Unwell, StoreError, WrongSettings, HelpdeskError) as wrong:
        return wrong_with(about, str(wrong))


def _database(settings: Settings) -> str:
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise Unwell(f"there is no file {url.database} yet; `helpdesk serve` makes it")
    with closing(open_store(settings.database_url)) as store:
        facts = store.facts()
    held = (f"{name} {value}" for name, value in facts.settings.items())
    about = f"{facts.dialect} {facts.version}, revision {facts.current_revision}, "
    return ". ".join((about + ", ".join(held), *facts.warnings))


def _directory(settings: Settings) -> str:
    with closing(open_store(settings.database_url)) as store, store.begin() as uow:
        departments = intake_options(uow.directory()).departments
    if not departments:
        raise Unwell("nobody can submit anything yet: run `helpdesk directory load FILE`")
    members = {agent.id for option in departments for agent in option.members}
    return f"{len(departments)} departments take tickets, {len(members)} agents work"


def _outbox(settings: Settings) -> str:
    with closing(open_store(settings.database_url)) as store:
        counts = store.outbox.counts()
    return ", ".join(f"{number} {state.value}" for state, number in counts.items())


def _files(settings: Settings) -> str:
    store = usable("FILES_URL", open_files, settings.files_url)
    try:
        _keep_and_let_go(store)
    except Unavailable as error:
        cause = error.__cause__
        why = getattr(cause, "strerror", None) or type(cause).__name__
        raise Unwell(f"nothing can be kept where HELPDESK_FILES_URL says: {why}") from None
    return f"a file was written, read and removed. {_kept_for(settings.files_kept_days)}"


def _kept_for(days: int | None) -> str:
    if days is None:
        return "Files are kept as long as their tickets: HELPDESK_FILES_KEPT_DAYS is not set"
    return f"Files are kept for {days} days after the work on their ticket ended"


def _keep_and_let_go(store: FileStore) -> None:
    file_id = new_id()
    store.put(file_id, [ON_TRIAL])
    try:
        kept = store.open(file_id)
        with kept or BytesIO() as content:
            if content.read() != ON_TRIAL:
                raise Unwell("what is kept where HELPDESK_FILES_URL says is not what was given")
    finally:
        store.remove(file_id)


def _case_numbers(settings: Settings) -> str:
    if settings.case_numbers is Numbering.SEQUENTIAL:
        return (
            "they count, and can be guessed: a customer's own address is asked for besides. "
            "Random ones, which nobody guesses, are the default"
        )
    return "random; nobody guesses one"


def _exposure(settings: Settings) -> str:
    """Never wrong: what the contract says may be shown, may be."""
    if settings.exposure is Exposure.GUARDED:
        return "guarded: addresses and look-ups are for those whom they concern"
    said = "contract: whoever knows an address or a name finds its tickets"
    if is_of_this_machine(settings.public_url):
        return said
    return f"{said}; for a public address HELPDESK_EXPOSURE=guarded is recommended"


def _sessions(settings: Settings) -> str:
    """Never wrong: a desk may be for programs and strangers alone."""
    if keeps_sessions(settings.public_url):
        return f"browsers keep them for {settings.session_days} days at most"
    return "no browser keeps one: HELPDESK_PUBLIC_URL does not begin with https://"


def _mail(settings: Settings) -> str:
    smtp = smtp_settings_of(settings)
    if smtp is None:
        return "no mail is sent: HELPDESK_SMTP_URL is not set"
    try:
        _greet(smtp)
    except (OSError, smtplib.SMTPException) as error:
        raise Unwell(f"{smtp.host}, port {smtp.port}: {error}") from None
    return f"{smtp.host}, port {smtp.port} takes mail from us"


def _greet(smtp: SmtpSettings) -> None:
    """Go as far with the mail server as one may without sending anything."""
    context = ssl.create_default_context()
    if smtp.tls is Tls.IMPLICIT:
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            smtp.host, smtp.port, timeout=PATIENCE, context=context
        )
    else:
        client = smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE)
    with client:
        if smtp.tls is Tls.STARTTLS:
            _ = client.starttls(context=context)
        if smtp.user and smtp.password:
            _ = client.login(smtp.user, smtp.password)
        _ = client.noop()


def _rate_limits(settings: Settings) -> str:
    _ = open_limiter(settings.rate_limit_storage).hit(LOOKING, ("doctor",))
    return "can be counted"
