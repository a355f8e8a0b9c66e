"""What came back."""

from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class Answer:
    """What a server said: its status, its Retry-After as it stands, and how its body begins."""

    status: int
    retry_after: str | None = None
    excerpt: str = ""


@attrs.frozen
class Silence:
    """Nothing that counts came back; `why` is for operators and names no secret."""

    why: str


NO_ANSWER_YET: Final = Silence("no answer")
