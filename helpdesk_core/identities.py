"""Signing in with somebody else's word: whom a provider vouches for, and the way there and back."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

import attrs

from helpdesk_core.errors import SignInRefused

LONGEST_RETURN: Final = 8192
"""Characters of the query with which a browser comes back."""

LONGEST_SUBJECT: Final = 255
"""Characters; a provider gives no longer one (OpenID Connect Core, 2)."""

LONGEST_NAME: Final = 200
"""Characters of a person's name; a longer one is cut."""


@attrs.frozen(kw_only=True)
class VerifiedIdentity:
    """Somebody whom a provider vouches for.

    `issuer` and `subject` together are who it is, for ever; everything else may change hands.
    `email` is an address that the provider says it has verified, as `text.read_address` takes it;
    None when it does not. `name` is one storable line of at most `LONGEST_NAME` characters; empty
    when the provider tells none.
    """

    issuer: str
    subject: str
    name: str
    email: str | None


@attrs.frozen(kw_only=True)
class KeptSignIn:
    """What the desk keeps of a sign-in under way, from going to coming back.

    It is bound to the browser that left, used once and forgotten soon; never shown to anybody.
    `provider` is the key of the provider that the browser was sent to.
    """

    provider: str
    state: str = attrs.field(repr=False)
    nonce: str = attrs.field(repr=False)
    verifier: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Departure:
    """Where to send a browser that signs in, and what to keep until it is back."""

    url: str = attrs.field(repr=False)
    kept: KeptSignIn


def read_return(query: str) -> Mapping[str, str]:
    """The parameters with which a browser comes back, of the query as it was sent, without `?`.

    Raises SignInRefused when it is too long, cannot be read, or names something twice.
    """
    if len(query) > LONGEST_RETURN:
        raise SignInRefused(reason="the query is too long")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=32)
    except ValueError:
        raise SignInRefused(reason="the query cannot be read") from None
    returned = dict(pairs)
    if len(returned) != len(pairs):
        raise SignInRefused(reason="a parameter comes twice")
    return returned
