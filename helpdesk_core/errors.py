"""Every refusal of the desk: one closed family, in the contract's words.

A refusal carries a user-safe sentence, a machine code and, where a field is at fault, what is wrong
with it. Numbers of any protocol stay with the adapter that speaks it.
"""

from datetime import timedelta
from math import ceil
from typing import ClassVar


class HelpdeskError(Exception):
    """The desk refuses. `message` may be shown to anybody; `details` maps a field to its fault."""

    code: ClassVar[str] = "HELPDESK_ERROR"

    def __init__(self, message: str, /, **details: str) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class Invalid(HelpdeskError):
    """What was sent is missing, of the wrong kind or out of bounds."""

    code = "VALIDATION_ERROR"


class NotSignedIn(HelpdeskError):
    """The act wants a signed-in person, and nobody is."""

    code = "UNAUTHORIZED"


class Forbidden(HelpdeskError):
    """The person is known, and may not."""

    code = "FORBIDDEN"


class NotFound(HelpdeskError):
    """There is no such thing, or none that this caller may know of."""

    code = "NOT_FOUND"


class InvalidTransition(HelpdeskError):
    """The ticket's status does not allow the move."""

    code = "INVALID_TRANSITION"


class StaleTicket(HelpdeskError):
    """Somebody else changed the ticket first; nothing was stored."""

    code = "STALE_TICKET"

    def __init__(self) -> None:
        super().__init__("The ticket was changed by somebody else; read it again")


class NotAsExpected(HelpdeskError):
    """The thing is not in the version that the caller made a condition; nothing was stored."""

    code = "PRECONDITION_FAILED"

    def __init__(self) -> None:
        super().__init__("The ticket was changed by somebody else; read it again")


class TooLarge(HelpdeskError):
    """What was sent is more than is taken."""

    code = "TOO_LARGE"


class KeyReused(HelpdeskError):
    """The idempotency key came before, with another request."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request")


class KeyInUse(HelpdeskError):
    """Another request of that idempotency key is not answered yet; nothing was done."""

    code = "IDEMPOTENCY_KEY_IN_USE"

    def __init__(self) -> None:
        super().__init__(
            "A request with this Idempotency-Key is being answered. Please try again in a moment."
        )


class StaleDirectory(HelpdeskError):
    """Somebody else changed the directory first; nothing was stored."""

    code = "STALE_DIRECTORY"

    def __init__(self) -> None:
        super().__init__("The directory was changed by somebody else; read it again")


class InvalidDirectory(Invalid):
    """A directory file says something impossible. `details` maps a place in it to its fault."""

    code = "INVALID_DIRECTORY"


class DuplicateId(HelpdeskError):
    """The id is taken; nothing was stored."""

    code = "DUPLICATE_ID"

    def __init__(self) -> None:
        super().__init__("That id is already in use")


class DuplicateReply(DuplicateId):
    """A request of that key was answered meanwhile; nothing was stored."""

    code = "DUPLICATE_REPLY"


class TooMany(HelpdeskError):
    """A limit is reached. `retry_after` is whole seconds, rounded up, never 0."""

    code = "RATE_LIMITED"

    def __init__(self, sentence: str, wait: timedelta) -> None:
        self.retry_after = max(1, ceil(wait.total_seconds()))
        super().__init__(sentence.format(seconds=self.retry_after))


class Unavailable(HelpdeskError):
    """Something the desk needs does not answer now; the same request may succeed later."""

    code = "UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("The service is busy right now. Please try again in a moment.")


class SignInRefused(HelpdeskError):
    """A sign-in came to nothing. `reason` is for the log and the audit, and names no secret."""

    code = "SIGN_IN_REFUSED"

    def __init__(
        self, message: str = "The sign-in did not succeed. Please try again.", /, *, reason: str
    ) -> None:
        super().__init__(message)
        self.reason = reason


class SignInSpent(SignInRefused):
    """What signs in once did so before, or was taken back; nothing was stored."""

    code = "SIGN_IN_SPENT"

    def __init__(self) -> None:
        super().__init__(reason="used before")


class ProviderUnavailable(Unavailable):
    """Who vouches for people does not answer now, or not sensibly. `reason` is for the log."""

    code = "PROVIDER_UNAVAILABLE"

    def __init__(self, *, reason: str) -> None:
        HelpdeskError.__init__(
            self, "The sign-in service does not answer right now. Please try again in a moment."
        )
        self.reason = reason
