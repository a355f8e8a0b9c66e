"""What came back."""

from collections.abc import Iterable
from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class Answer:
    """What a server said: its status, its Retry-After as it stands, and how its body begins.

    `body` is the whole of it where a request asked for it; see `Request.longest_body`.
    """

    status: int
    retry_after: str | None = None
    excerpt: str = ""
    body: bytes = attrs.field(default=b"", repr=False)


@attrs.frozen
class Silence:
    """Nothing that counts came back; `why` is for operators and names no secret."""

    why: str


NO_ANSWER_YET: Final = Silence("no answer")


def without(outcome: Answer | Silence, secrets: Iterable[str]) -> Answer | Silence:
    """The same, but for what an answer repeats of them: servers echo what they are asked."""
    if isinstance(outcome, Silence):
        return outcome
    excerpt = outcome.excerpt
    for secret in sorted(secrets, key=len, reverse=True):
        excerpt = excerpt.replace(secret, "***")
    return attrs.evolve(outcome, excerpt=excerpt)
