"""What happens to accounts, as it is told to whoever keeps watch."""

from datetime import datetime
from enum import Enum
from uuid import UUID

import attrs


class AccountEventKind(Enum):
    """What happened."""

    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    LINK_ASKED_FOR = "sign-in link asked for"
    LINK_MADE = "sign-in link made"
    SESSIONS_ENDED = "sessions ended"
    DEACTIVATED = "deactivated"
    ACCOUNT_FORGOTTEN = "account forgotten"


@attrs.frozen(kw_only=True)
class AccountEvent:
    """One thing that happened to an account; what is not known is None.

    `about` is the person whose account it is, `by` who did it, `origin` from where. `email` is the
    address that it was about, `issuer` who vouched. `reason` is our own words, and names no secret.
    """

    kind: AccountEventKind
    at: datetime
    about: UUID | None = None
    by: UUID | None = None
    origin: str | None = None
    email: str | None = None
    issuer: str | None = None
    reason: str = ""


def nobody_watches(event: AccountEvent) -> None:
    """Nobody is told what happens to accounts."""
