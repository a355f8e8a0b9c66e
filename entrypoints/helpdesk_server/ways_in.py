"""Whether anybody can sign in at all, as far as settings tell."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.sign_in import ways_in
from helpdesk_server.setting_readers import is_of_this_machine
from helpdesk_server.settings import Settings


def missing_for_sign_in(ports: Ports, settings: Settings) -> Iterator[str]:
    """What keeps people from signing in, a line each."""
    ways = ways_in(ports)
    if not ways.providers and not ways.by_link:
        yield (
            "nobody can sign in by themselves: set HELPDESK_OIDC_ISSUER, or HELPDESK_SMTP_URL for "
            "links by mail; `helpdesk sign-in-link EMAIL` makes a link meanwhile"
        )
    if not keeps_sessions(settings.public_url):
        yield (
            "no browser keeps a session without TLS: HELPDESK_PUBLIC_URL must begin with https://"
        )


def keeps_sessions(public_url: str) -> bool:
    """True where browsers take the desk's cookies: over TLS, and on this machine."""
    return urlsplit(public_url).scheme == "https" or is_of_this_machine(public_url)
