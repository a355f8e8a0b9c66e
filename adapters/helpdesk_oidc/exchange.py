"""The OAuth side of a sign-in, spoken by Authlib over the desk's own requests."""

import base64
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_plus, urlencode

import attrs
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client

from helpdesk_core.errors import ProviderUnavailable, SignInRefused
from helpdesk_core.identities import KeptSignIn
from helpdesk_core.json_objects import read_json_object
from helpdesk_oidc.line import Call
from helpdesk_oidc.metadata import Metadata
from helpdesk_oidc.registration import Registration
from helpdesk_outward import Answer, Target

SCOPE: Final = "openid email profile"

_READ: Final = ("error", "id_token", "access_token")
"""What is read of the answer to a code, each a text."""

_BEARER: Final = re.compile(r"[!-~]{1,8192}")
_WORD: Final = re.compile(r"[!-~]{1,64}")


@attrs.frozen(kw_only=True)
class Tokens:
    """What a code was exchanged for."""

    id_token: str = attrs.field(repr=False)
    access_token: str | None = attrs.field(repr=False)


def departure_url(registration: Registration, metadata: Metadata, kept: KeptSignIn) -> str:
    """Where the browser goes, with what the provider shall send back and put into the token."""
    url, _ = _client(registration, metadata, None).create_authorization_url(
        metadata.authorization.url,
        state=kept.state,
        nonce=kept.nonce,
        code_verifier=kept.verifier,
    )
    return str(url)


def tokens_for(
    code: str, kept: KeptSignIn, registration: Registration, metadata: Metadata, call: Call
) -> Tokens:
    """What the provider gives for the code and the verifier.

    Raises SignInRefused when it refuses them, and ProviderUnavailable for any other answer.
    """
    session = _Session(call, metadata.token.target)
    try:
        given = _client(registration, metadata, session).fetch_token(
            metadata.token.url,
            grant_type="authorization_code",
            code=code,
            code_verifier=kept.verifier,
        )
    except OAuth2Error as refusal:
        raise SignInRefused(reason=f"the code is refused: {word(refusal.error)}") from None
    except ValueError:
        raise ProviderUnavailable(reason="the answer to the code is not understood") from None
    access_token = given.get("access_token")
    if "id_token" not in given:
        raise ProviderUnavailable(reason="there is no ID token in the answer to the code")
    is_usable = access_token is not None and _BEARER.fullmatch(access_token)
    return Tokens(id_token=given["id_token"], access_token=access_token if is_usable else None)


def word(said: object) -> str:
    """An error's word as a log may have it."""
    return said if isinstance(said, str) and _WORD.fullmatch(said) else "something unreadable"


def _client(registration: Registration, metadata: Metadata, session: object) -> OAuth2Client:
    client = OAuth2Client(
        session,
        registration.client_id,
        registration.client_secret,
        scope=SCOPE,
        redirect_uri=registration.redirect_uri,
        code_challenge_method="S256",
        token_endpoint_auth_method=metadata.authentication,
    )
    client.register_client_auth_method(("client_secret_basic", _basic))
    return client


def _basic(
    client: OAuth2Client, _method: str, uri: str, headers: dict[str, str], body: str
) -> tuple[str, dict[str, str], str]:
    """Basic authentication as RFC 6749, 2.3.1 has it: of id and secret encoded as in a form."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    basic = base64.b64encode(pair.encode()).decode("ascii")
    return uri, {**headers, "Authorization": f"Basic {basic}"}, body


class _Session:
    """What Authlib sends its one request with."""

    def __init__(self, call: Call, target: Target) -> None:
        self._call = call
        self._target = target

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: ClientAuth
    ) -> "_Heard":
        _, prepared, form = auth.prepare("POST", url, dict(headers), urlencode(data))
        return _Heard(self._call.post(self._target, prepared, form.encode()))


class _Heard:
    """An answer as Authlib reads one. Of its object only the texts that are asked for."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self._body = answer.body

    def json(self) -> dict[str, str]:
        found = read_json_object(self._body)
        if found is None:
            raise ValueError
        return {name: said for name in _READ if isinstance(said := found.get(name), str)}

    def raise_for_status(self) -> None:
        raise ProviderUnavailable(reason=f"the code is answered with {self.status_code}")
