"""The one letter that belongs to no ticket: a link to sign in."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from helpdesk_core.notices import LANGUAGES
from helpdesk_core.sign_ins import LinkMail
from helpdesk_letters.languages import LANGUAGE_OF

PATH: Final = "/auth/link?key="
"""Where a link leads, below the public address; the secret follows."""


def link_to(public_url: str, secret: str) -> str:
    """The link of a secret."""
    return f"{public_url.rstrip('/')}{PATH}{secret}"


def sign_in_names(mail: LinkMail, public_url: str) -> Mapping[str, str]:
    """What every name stands for in the letter."""
    return {
        "expiresAt": mail.expires_at.isoformat(),
        "language": mail.language if mail.language in LANGUAGE_OF else LANGUAGES[0],
        "link": link_to(public_url, mail.secret),
        "public_url": public_url,
    }


def sample_mail(language: str) -> LinkMail:
    """One to try the words on."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return LinkMail(
        email="somebody@example.com",
        secret="sample",  # noqa: S106  # it opens nothing
        language=language,
        asked_at=at,
        expires_at=at,
    )
