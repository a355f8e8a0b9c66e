"""How an error is worded on the wire. A room of the house speaks one dialect throughout."""

from collections.abc import Callable, Mapping

import attrs


@attrs.frozen(kw_only=True)
class Problem:
    """An error on its way out. `message` may be shown to anybody; `headers` go with the answer."""

    status: int
    code: str
    message: str
    details: Mapping[str, str] = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen
class Dialect:
    """A way of writing a problem as plain JSON values. Each resource class names its `dialect`."""

    body: Callable[[Problem], Mapping[str, object]]


def _plain(problem: Problem) -> Mapping[str, object]:
    return {"error": problem.message}


PLAIN = Dialect(_plain)
"""Contract A: one sentence."""

UNROUTED = PLAIN
"""What a path without a resource speaks."""
