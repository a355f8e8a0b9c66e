"""One provider of identities that speaks OpenID Connect."""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from hmac import compare_digest
from threading import BoundedSemaphore
from time import monotonic
from typing import Final

from helpdesk_core.errors import ProviderUnavailable, SignInRefused
from helpdesk_core.identities import Departure, KeptSignIn, VerifiedIdentity
from helpdesk_oidc.claims import Wanted, check_claims
from helpdesk_oidc.exchange import Tokens, departure_url, tokens_for, word
from helpdesk_oidc.keys import ProviderKey, chosen, read_keys
from helpdesk_oidc.line import ALTOGETHER, EACH, PAUSE, Call, Line
from helpdesk_oidc.memory import Remembered
from helpdesk_oidc.metadata import Metadata
from helpdesk_oidc.people import identity_of
from helpdesk_oidc.registration import Registration
from helpdesk_oidc.tokens import Header, read_header, verified
from helpdesk_outward import Circuit, Outward

ENTROPY: Final = 32
"""Bytes of each secret of a departure; PKCE wants as many (RFC 7636, 4.1)."""

TURNED_BACK: Final = "The sign-in was cancelled."

_CODE: Final = re.compile(r"[ -~]{1,4096}")
_OF_THE_MOMENT: Final = frozenset({"server_error", "temporarily_unavailable"})


class OpenIdProvider:
    """An `IdentityProvider` by OpenID Connect: code flow, PKCE, and nothing taken on trust.

    `places` bounds who may wait for providers at once, over all that share it; see `Line`. `tick`
    counts seconds and never goes back. `seconds` is how long one step of a sign-in may take.
    """

    def __init__(
        self,
        registration: Registration,
        *,
        places: BoundedSemaphore,
        now: Callable[[], datetime],
        tick: Callable[[], float] = monotonic,
        seconds: float = ALTOGETHER,
    ) -> None:
        self._registration = registration
        self._now = now
        self._line = Line(
            Outward(registration.reach, deadline=seconds * EACH),
            places,
            circuit=Circuit(pause=PAUSE, now=tick),
            seconds=seconds,
        )
        self._metadata = Remembered[Metadata](tick)
        self._keys = Remembered[tuple[ProviderKey, ...]](tick)

    @property
    def key(self) -> str:
        """The provider's name among the desk's."""
        return self._registration.key

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self._registration.name

    def begin(self) -> Departure:
        """A new departure, never two alike. Raises ProviderUnavailable."""
        state, nonce, verifier = (secrets.token_urlsafe(ENTROPY) for _ in range(3))
        kept = KeptSignIn(provider=self.key, state=state, nonce=nonce, verifier=verifier)
        return Departure(url=departure_url(self._registration, self._described(), kept), kept=kept)

    def finish(self, kept: KeptSignIn, returned: Mapping[str, str]) -> VerifiedIdentity:
        """Whom the provider vouches for. Raises SignInRefused and ProviderUnavailable."""
        self._check_state(kept, returned)
        metadata = self._described()
        code = self._code_of(returned, metadata)
        with self._line.call() as call:
            tokens = tokens_for(code, kept, self._registration, metadata, call)
            claims = self._checked(tokens, kept, metadata, call)
            profile = self._profile(tokens, claims, metadata, call)
        return identity_of(claims, profile, self._registration)

    def look(self) -> str:
        """What the provider publishes now, in words. Raises ProviderUnavailable."""
        with self._line.call() as call:
            metadata = self._fetched_metadata(call)
            keys = self._fetched_keys(metadata, call)
        usable = [key for key in keys if any(map(key.is_for, metadata.algorithms))]
        if not usable:
            raise ProviderUnavailable(reason="the issuer publishes no key that is taken")
        algorithms = ", ".join(sorted(metadata.algorithms))
        return f"{self._registration.issuer} signs with {algorithms}, {len(usable)} keys"

    def _described(self) -> Metadata:
        held = self._metadata.held()
        if held is not None:
            return held
        with self._line.call() as call:
            return self._metadata.get(partial(self._fetched_metadata, call))

    def _fetched_metadata(self, call: Call) -> Metadata:
        document = call.document(self._registration.discovery)
        return Metadata.from_document(document, self._registration)

    def _fetched_keys(self, metadata: Metadata, call: Call) -> tuple[ProviderKey, ...]:
        return read_keys(call.document(metadata.keys.target))

    def _check_state(self, kept: KeptSignIn, returned: Mapping[str, str]) -> None:
        """Raise SignInRefused when what came back does not belong to what was kept."""
        state = returned.get("state", "").encode("utf-8", "replace")
        if kept.provider != self.key or not compare_digest(state, kept.state.encode()):
            raise SignInRefused(reason="the state is another one")

    def _code_of(self, returned: Mapping[str, str], metadata: Metadata) -> str:
        """The code that came back, when it came from this issuer."""
        said = returned.get("iss", None if metadata.names_itself else self._registration.issuer)
        if said != self._registration.issuer:
            raise SignInRefused(reason="the response is not said to be of this issuer")
        if "error" in returned:
            raise _told(returned["error"])
        code = returned.get("code", "")
        if not _CODE.fullmatch(code):
            raise SignInRefused(reason="there is no code in the response")
        return code

    def _checked(
        self, tokens: Tokens, kept: KeptSignIn, metadata: Metadata, call: Call
    ) -> Mapping[str, object]:
        """The claims of the ID token, when it is signed by the provider and is for this sign-in."""
        header = read_header(tokens.id_token, metadata.algorithms)
        claims = verified(tokens.id_token, header, self._key_of(header, metadata, call))
        wanted = Wanted(
            issuer=self._registration.issuer,
            client_id=self._registration.client_id,
            nonce=kept.nonce,
            now=self._now(),
            algorithm=header.algorithm,
            access_token=tokens.access_token,
        )
        check_claims(claims, wanted)
        return claims

    def _key_of(self, header: Header, metadata: Metadata, call: Call) -> ProviderKey:
        """The key that the token names; one that is not known is looked for once more."""
        fetch = partial(self._fetched_keys, metadata, call)
        key = chosen(self._keys.get(fetch), header.kid, header.algorithm)
        if key is None:
            key = chosen(self._keys.anew(fetch) or (), header.kid, header.algorithm)
        if key is None:
            raise SignInRefused(reason="the ID token is signed with a key that is not the issuer's")
        return key

    def _profile(
        self, tokens: Tokens, claims: Mapping[str, object], metadata: Metadata, call: Call
    ) -> Mapping[str, object]:
        """What userinfo says of the same person, where the token leaves out the address."""
        if "email" in claims or metadata.userinfo is None or tokens.access_token is None:
            return {}
        bearer = f"Bearer {tokens.access_token}"
        profile = call.document(metadata.userinfo.target, Authorization=bearer)
        if profile.get("sub") != claims["sub"]:
            raise SignInRefused(reason="userinfo is about somebody else")
        return profile


def _told(error: str) -> SignInRefused | ProviderUnavailable:
    """What the provider's own refusal is to the desk."""
    if error in _OF_THE_MOMENT:
        return ProviderUnavailable(reason=f"the provider says {error}")
    if error == "access_denied":
        return SignInRefused(TURNED_BACK, reason="the provider says access_denied")
    return SignInRefused(reason=f"the provider says {word(error)}")
