"""Ways in for a desk in memory: a provider that vouches for whom it is told, and kept mails."""

from collections.abc import Mapping
from threading import Lock

from helpdesk_core.errors import SignInRefused
from helpdesk_core.identities import Departure, KeptSignIn, VerifiedIdentity
from helpdesk_core.sign_ins import LinkMail


class MemoryProvider:
    """Vouches for whom it was told to, when a browser brings back the `code` for it.

    Its codes are good once, as a provider's are.
    """

    def __init__(self, key: str = "memory", name: str = "Memory") -> None:
        self.key = key
        self.name = name
        self._lock = Lock()
        self._departures = 0
        self._vouched: dict[str, VerifiedIdentity] = {}

    def begin(self) -> Departure:
        """A new departure; its state is its number."""
        with self._lock:
            self._departures += 1
            state = str(self._departures)
        kept = KeptSignIn(provider=self.key, state=state, nonce=state, verifier=state)
        return Departure(url=f"https://{self.key}.example.com/?state={state}", kept=kept)

    def vouch_for(self, identity: VerifiedIdentity, state: str) -> Mapping[str, str]:
        """What a browser brings back that left with that state, once the person signed in."""
        with self._lock:
            self._vouched[state] = identity
        return {"code": state, "state": state}

    def finish(self, kept: KeptSignIn, returned: Mapping[str, str]) -> VerifiedIdentity:
        """Whom it was told to vouch for. Raises SignInRefused when anything does not fit."""
        if returned.get("state") != kept.state:
            raise SignInRefused(reason="the state is another")
        with self._lock:
            identity = self._vouched.pop(returned.get("code", ""), None)
        if identity is None:
            raise SignInRefused(reason="the code is not good")
        return identity


class MemoryLinkPost:
    """Keeps the mails with sign-in links, the latest last; nothing is sent."""

    def __init__(self) -> None:
        self.mails: list[LinkMail] = []

    def send(self, mail: LinkMail) -> None:
        """Keep the mail."""
        self.mails.append(mail)
