"""The channels that the settings open, and whom they reach."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final, TypeVar
from urllib.parse import urlsplit

from helpdesk_core.notices import Addressees
from helpdesk_core.ports import Notifier
from helpdesk_core.routing import CONTRACT_ROUTING, Channel, Routing
from helpdesk_letters import Letters
from helpdesk_server.settings import Settings, WrongSettings
from helpdesk_sms import Media, SmsNotifier, SmsSettings
from helpdesk_smtp import SmtpNotifier, SmtpSettings
from helpdesk_webhook import Endpoint, WebhookNotifier

Made = TypeVar("Made")

QUEUES: Final = frozenset({Channel.MAIL, Channel.SMS})
"""Channels that are one destination each; of webhooks every endpoint is one."""


def notifiers_of(settings: Settings, letters: Letters) -> Mapping[Channel, Notifier]:
    """The channels that the settings open. Raises WrongSettings."""
    smtp, sms = smtp_settings_of(settings), sms_settings_of(settings)
    opened: dict[Channel, Notifier] = {}
    if smtp is not None:
        opened[Channel.MAIL] = SmtpNotifier(smtp, letters.write)
    if sms is not None:
        opened[Channel.SMS] = SmsNotifier(sms, letters.text_message)
    if settings.webhook_urls:
        opened[Channel.WEBHOOK] = webhooks_of(settings)
    return opened


def letters_of(settings: Settings) -> Letters:
    """The words of notices."""
    return Letters(public_url=settings.public_url, folder=settings.templates)


def sms_settings_of(settings: Settings) -> SmsSettings | None:
    """How to reach the gateway of text messages; None when there is none. Raises WrongSettings."""
    if settings.sms_url is None:
        return None
    read = partial(
        SmsSettings.from_url,
        method=settings.sms_method,
        headers=settings.sms_headers,
        body=settings.sms_body,
        media=Media[settings.sms_media.upper()],
    )
    return usable("SMS_URL", read, settings.sms_url)


def webhooks_of(settings: Settings) -> WebhookNotifier:
    """What tells the endpoints of the settings. Raises WrongSettings."""
    public_host = urlsplit(settings.public_url).hostname or ""
    is_private = settings.webhook_allow_private
    try:
        endpoints = {
            name: Endpoint(url, settings.webhook_secret)
            for name, url in settings.webhook_urls.items()
        }
    except ValueError as fault:
        raise WrongSettings([f"HELPDESK_WEBHOOK_SECRET: {fault}"]) from None
    try:
        # Within one's own networks the desk and others may well share a host.
        own_hosts = frozenset[str]() if is_private else frozenset({public_host})
        return WebhookNotifier(endpoints, allow_private=is_private, own_hosts=own_hosts)
    except ValueError as fault:
        raise WrongSettings([f"HELPDESK_WEBHOOK_URLS: {fault}"]) from None


def smtp_settings_of(settings: Settings) -> SmtpSettings | None:
    """How to reach the mail server; None when there is none. Raises WrongSettings."""
    if settings.smtp_url is None:
        return None
    read = partial(SmtpSettings.from_url, sender=settings.mail_from, public_url=settings.public_url)
    return usable("SMTP_URL", read, settings.smtp_url)


def addressees_of(settings: Settings, systems: Iterable[str]) -> Addressees:
    """The desk's own addresses, and the endpoints of its webhooks by name."""
    return Addressees(
        staff_mail=settings.staff_mail,
        management_mail=settings.management_mail,
        systems=(*settings.webhook_urls, *systems),
        own=frozenset({settings.mail_from}),
        language=settings.language,
    )


def routing_of(served: Iterable[Channel]) -> Routing:
    """The contract's table; no text message is kept for a gateway that may never come.

    Mails are: a desk may get its mail server later, or leave it to its workers.
    """
    if Channel.SMS in served:
        return CONTRACT_ROUTING
    return {
        door: {
            kind: tuple(route for route in told if route.channel is not Channel.SMS)
            for kind, told in routes.items()
        }
        for door, routes in CONTRACT_ROUTING.items()
    }


def not_served(served: Iterable[Channel]) -> frozenset[str]:
    """The destinations whose notices wait for another process."""
    return frozenset(channel.value for channel in QUEUES.difference(served))


def usable(name: str, read: Callable[[str], Made], url: str) -> Made:
    """What an adapter makes of an address. Raises WrongSettings, which names the setting."""
    try:
        return read(url)
    except ValueError as fault:
        raise WrongSettings([f"HELPDESK_{name}: {fault}"]) from None
