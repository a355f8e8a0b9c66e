"""How a provider describes itself (OpenID Connect Discovery, 3; RFC 8414; RFC 9207)."""

from collections.abc import Mapping
from typing import Final, Self

import attrs

from helpdesk_core.errors import ProviderUnavailable
from helpdesk_oidc.algorithms import ALGORITHMS
from helpdesk_oidc.registration import Registration
from helpdesk_outward import Target

USUAL_ALGORITHMS: Final = ["RS256"]
USUAL_AUTHENTICATION: Final = ["client_secret_basic"]


@attrs.frozen(kw_only=True)
class Endpoint:
    """An address of the provider's, as it is written and as it is asked."""

    url: str
    target: Target


@attrs.frozen(kw_only=True)
class Metadata:
    """What the desk goes by.

    `algorithms` are those of the provider's that the desk takes. `authentication` is how the desk
    shows its secret. `names_itself` tells whether the provider says who it is in every response.
    """

    authorization: Endpoint
    token: Endpoint
    keys: Endpoint
    userinfo: Endpoint | None
    algorithms: frozenset[str]
    authentication: str
    names_itself: bool

    @classmethod
    def from_document(cls, document: Mapping[str, object], registration: Registration) -> Self:
        """What the document says. Raises ProviderUnavailable, whose reason names what is wrong.

        The issuer has to be the registered one to the letter: nobody describes somebody else.
        """
        if document.get("issuer") != registration.issuer:
            said = str(document.get("issuer"))[:200]
            raise ProviderUnavailable(reason=f"the issuer calls itself {said!r}")
        _check_abilities(document)
        has_userinfo = document.get("userinfo_endpoint") is not None
        return cls(
            authorization=_endpoint(document, "authorization_endpoint", registration),
            token=_endpoint(document, "token_endpoint", registration),
            keys=_endpoint(document, "jwks_uri", registration),
            userinfo=_endpoint(document, "userinfo_endpoint", registration)
            if has_userinfo
            else None,
            algorithms=_algorithms(document),
            authentication=_authentication(document, registration),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )


def _check_abilities(document: Mapping[str, object]) -> None:
    if "code" not in _texts(document, "response_types_supported", ["code"]):
        raise ProviderUnavailable(reason="the issuer has no code flow")
    if "S256" not in _texts(document, "code_challenge_methods_supported", ["S256"]):
        raise ProviderUnavailable(reason="the issuer takes no PKCE with S256")


def _algorithms(document: Mapping[str, object]) -> frozenset[str]:
    said = _texts(document, "id_token_signing_alg_values_supported", USUAL_ALGORITHMS)
    taken = frozenset(ALGORITHMS).intersection(said)
    if not taken:
        raise ProviderUnavailable(reason="the issuer signs with no algorithm that is taken")
    return taken


def _authentication(document: Mapping[str, object], registration: Registration) -> str:
    """In the form where that may be, since there no reader disagrees about odd characters."""
    if registration.client_secret is None:
        return "none"
    said = _texts(document, "token_endpoint_auth_methods_supported", USUAL_AUTHENTICATION)
    return "client_secret_post" if "client_secret_post" in said else "client_secret_basic"


def _texts(document: Mapping[str, object], name: str, usual: list[str]) -> list[str]:
    said = document.get(name, usual)
    if not isinstance(said, list):
        raise ProviderUnavailable(reason=f"the issuer's {name} is no list")
    return [each for each in said if isinstance(each, str)]


def _endpoint(document: Mapping[str, object], name: str, registration: Registration) -> Endpoint:
    url = document.get(name)
    if not isinstance(url, str):
        raise ProviderUnavailable(reason=f"the issuer has no {name}")
    try:
        return Endpoint(url=url, target=registration.target(url))
    except ValueError as fault:
        raise ProviderUnavailable(reason=f"the issuer's {name} is not asked: {fault}") from None
