"""Who vouches for people, as the settings have it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import BoundedSemaphore
from typing import Final
from urllib.parse import urlsplit

from helpdesk_core.errors import ProviderUnavailable
from helpdesk_oidc import GOOGLE, OpenIdProvider, Registration
from helpdesk_server.channel_readers import read_list
from helpdesk_server.setting_readers import read_named
from helpdesk_server.settings import Settings, WrongSettings

CALLBACK: Final = "/auth/callback"
"""Where a provider sends browsers back to, below the public address."""

SHARE_OF_THREADS: Final = 2
"""Of the threads that answer requests one in so many may wait for providers."""


def open_providers(
    settings: Settings, *, now: Callable[[], datetime]
) -> tuple[OpenIdProvider, ...]:
    """The providers of the settings, in their order; none connects yet. Raises WrongSettings."""
    places = BoundedSemaphore(max(1, settings.threads // SHARE_OF_THREADS))
    return tuple(
        OpenIdProvider(registration, places=places, now=now)
        for registration in registrations_of(settings)
    )


def look_at_providers(settings: Settings, *, now: Callable[[], datetime]) -> str:
    """What each issuer publishes at this moment. Raises WrongSettings."""
    providers = open_providers(settings, now=now)
    if not providers:
        return "nobody signs in through a provider: HELPDESK_OIDC_ISSUER is not set"
    return "; ".join(map(_seen, providers))


def registrations_of(settings: Settings) -> tuple[Registration, ...]:
    """The desk as each issuer knows it. Raises WrongSettings."""
    issuers = settings.oidc_issuer
    ids = _each("CLIENT_ID", settings.oidc_client_id, issuers)
    secrets = _each("CLIENT_SECRET", settings.oidc_client_secret, issuers)
    names = _each("NAME", settings.oidc_name, issuers)
    domains = _each("DOMAINS", settings.oidc_domains, issuers)
    missing = [issuer for key, issuer in issuers.items() if key not in ids]
    if missing:
        raise WrongSettings(
            f"HELPDESK_OIDC_CLIENT_ID: there is none for {each}" for each in missing
        )
    return tuple(
        _registration(
            settings,
            key=key,
            name=names.get(key) or _usual_name(issuer),
            client_id=ids[key],
            client_secret=secrets.get(key),
            domains=read_list(domains.get(key, "")),
        )
        for key, issuer in issuers.items()
    )


def _registration(  # noqa: PLR0913  # one a setting
    settings: Settings,
    *,
    key: str,
    name: str,
    client_id: str,
    client_secret: str | None,
    domains: Iterable[str],
) -> Registration:
    issuer = settings.oidc_issuer[key]
    try:
        return Registration(
            key=key,
            name=name,
            issuer=issuer,
            client_id=client_id,
            client_secret=client_secret,
            redirect_uri=settings.public_url + CALLBACK,
            domains=domains,
            may_be_private=settings.oidc_allow_private,
        )
    except ValueError as fault:
        raise WrongSettings([f"HELPDESK_OIDC_ISSUER: {issuer}: {fault}"]) from None


def _each(setting: str, text: str | None, issuers: Mapping[str, str]) -> Mapping[str, str]:
    """What a setting says for each issuer."""
    try:
        return read_named(text or "", tuple(issuers))
    except ValueError as fault:
        raise WrongSettings([f"HELPDESK_OIDC_{setting} {fault}"]) from None


def _usual_name(issuer: str) -> str:
    return "Google" if issuer == GOOGLE else urlsplit(issuer).hostname or issuer


def _seen(provider: OpenIdProvider) -> str:
    try:
        return provider.look()
    except ProviderUnavailable as fault:
        raise WrongSettings([f"HELPDESK_OIDC_ISSUER: {provider.name}: {fault.reason}"]) from None
