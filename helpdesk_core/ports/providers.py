"""Who vouches for people."""

from collections.abc import Mapping
from typing import Protocol

from helpdesk_core.identities import Departure, KeptSignIn, VerifiedIdentity


class IdentityProvider(Protocol):
    """Somebody who knows people and vouches for them. Every method may be called from any thread.

    `key` is the provider's name among the desk's providers, of small letters and digits, and stays
    over restarts; `name` is what a person reads on the door.
    """

    @property
    def key(self) -> str:
        """The provider's name among the desk's."""
        ...

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    def begin(self) -> Departure:
        """A new departure, never two alike.

        Raises ProviderUnavailable, within a bounded time, when the provider cannot be asked.
        """
        ...

    def finish(self, kept: KeptSignIn, returned: Mapping[str, str]) -> VerifiedIdentity:
        """Whom the provider vouches for, when `returned` belongs to what was kept.

        `returned` is what the browser brought back; see `identities.read_return`. The caller has
        made sure that the browser is the one that left, and never gives the same `kept` twice.
        Raises SignInRefused when the person turned back or anything does not fit, and
        ProviderUnavailable, within a bounded time, when the provider does not answer sensibly.
        """
        ...
