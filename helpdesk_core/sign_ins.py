"""Sign-ins under way: who went to a provider and is not back, and links that wait to be taken."""

import re
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

import attrs

from helpdesk_core.errors import Invalid
from helpdesk_core.identities import KeptSignIn
from helpdesk_core.opaque import digest_of

UNDER_WAY: Final = timedelta(minutes=15)
"""For how long a browser may stay with a provider."""
LONGEST_TARGET: Final = 2000
"""Characters of the path to which a browser goes after it signed in."""

_OWN_PATH: Final = re.compile(r"/(?!(?:%0[9AaDd])*(?:[/\\]|%2[Ff]|%5[Cc]))[!-\[\]-~]*")
"""Browsers pass over tabs and ends of lines, so that a slash behind them follows the first."""


def read_target(value: str) -> str:
    """The path when it is one of our own, as it is sent in a header. Raises Invalid.

    It begins with one slash, which neither another nor a backslash follows, and is of printable
    ASCII without blanks and backslashes: no browser reads another place, or another header, out of
    it, and neither does who decodes it once too often.
    """
    if len(value) > LONGEST_TARGET or _OWN_PATH.fullmatch(value) is None:
        raise Invalid("next must be a path of this desk", next="not a path of this desk")
    return value


@attrs.frozen(kw_only=True)
class SignInUnderWay:
    """A browser that went to a provider; good once. `digest` is the one of the browser's secret.

    `target` is where the browser goes afterwards: a path of our own; see
    `read_target`.
    """

    digest: bytes = attrs.field(repr=False)
    kept: KeptSignIn = attrs.field(repr=False)
    target: str
    expires_at: datetime

    def is_good(self, now: datetime) -> bool:
        """True while the browser may come back."""
        return now < self.expires_at


@attrs.frozen(kw_only=True)
class LinkRules:
    """For how long a link is good that somebody asked for, and whether anybody may ask."""

    lifetime: timedelta = timedelta(minutes=15)
    may_be_asked_for: bool = True


USUAL_LINKS: Final = LinkRules()
"""A quarter of an hour."""


@attrs.frozen(kw_only=True)
class SignInLink:
    """A link that signs in whoever has the mailbox of an address; good once.

    `digest` is the one of the link's secret, `binding` the one of the secret of the browser that
    asked; None for a link that the operator made, which any browser may take. `target` is as in
    `SignInUnderWay`.
    """

    digest: bytes = attrs.field(repr=False)
    binding: bytes | None = attrs.field(repr=False)
    email: str
    target: str
    created_at: datetime
    expires_at: datetime

    def is_good(self, now: datetime, browser: str | None) -> bool:
        """True while it may be taken by the browser of that secret."""
        return now < self.expires_at and self._is_bound_to(browser)

    def _is_bound_to(self, browser: str | None) -> bool:
        if self.binding is None:
            return True
        return browser is not None and compare_digest(self.binding, digest_of(browser))


@attrs.frozen(kw_only=True)
class LinkMail:
    """What somebody who asked for a link is mailed. Nothing in it was typed by a stranger."""

    email: str
    secret: str = attrs.field(repr=False)
    language: str
    asked_at: datetime
    expires_at: datetime
