"""The way to one provider: so many at once, so long, and not when it has just failed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from time import monotonic
from typing import Final

from helpdesk_core.errors import ProviderUnavailable
from helpdesk_core.json_objects import read_json_object
from helpdesk_outward import Answer, Circuit, Outward, Request, Silence, Target

ALTOGETHER: Final = 10.0
"""Seconds for all requests of one step of a sign-in."""

EACH: Final = 1 / 2
"""Of those, for one request."""

PAUSE: Final = 20.0
"""Seconds for which a provider that failed is left alone."""

LONGEST_DOCUMENT: Final = 512 * 1024
"""Bytes of one answer."""

_FINE: Final = 200


class Call:
    """Requests of one step, within one span of time. Raises ProviderUnavailable."""

    def __init__(self, outward: Outward, seconds: float) -> None:
        self._outward = outward
        self._ends = monotonic() + seconds

    def post(self, target: Target, headers: Mapping[str, str], form: bytes) -> Answer:
        """What a form is answered with."""
        return self._asked(
            Request(target=target, headers=headers, body=form, longest_body=LONGEST_DOCUMENT)
        )

    def document(self, target: Target, **headers: str) -> dict[str, object]:
        """The JSON object at an address."""
        answer = self._asked(
            Request(
                target=target,
                method="GET",
                headers={"Accept": "application/json", **headers},
                body=None,
                longest_body=LONGEST_DOCUMENT,
            )
        )
        document = read_json_object(answer.body) if answer.status == _FINE else None
        if document is None:
            what = "no JSON object" if answer.status == _FINE else str(answer.status)
            raise ProviderUnavailable(reason=f"{target.host} answers {what}")
        return document

    def _asked(self, request: Request) -> Answer:
        left = self._ends - monotonic()
        answer = (
            self._outward.send(request, within=left) if left > 0 else Silence("no time is left")
        )
        if isinstance(answer, Silence):
            raise ProviderUnavailable(reason=f"{request.target.host}: {answer.why}")
        return answer


class Line:
    """Calls to one provider, from any thread.

    `places` are those who may be on the way at once, to this provider and to others that share
    them, so that no number of slow providers takes every thread. Nobody waits for a place.
    """

    def __init__(
        self, outward: Outward, places: BoundedSemaphore, *, circuit: Circuit, seconds: float
    ) -> None:
        self._outward = outward
        self._places = places
        self._circuit = circuit
        self._seconds = seconds

    @contextmanager
    def call(self) -> Iterator[Call]:
        """A call. Raises ProviderUnavailable at once when there is no place, or no point."""
        if not self._places.acquire(blocking=False):
            raise ProviderUnavailable(reason="as many sign-ins as may wait for providers do")
        try:
            with self._spared():
                yield Call(self._outward, self._seconds)
        finally:
            self._places.release()

    @contextmanager
    def _spared(self) -> Iterator[None]:
        """Leaves a provider alone that has failed. A sign-in that is refused is no failure."""
        if not self._circuit.lets_through():
            raise ProviderUnavailable(reason="it failed a moment ago, and is left alone")
        try:
            yield
        except ProviderUnavailable:
            _ = self._circuit.failed()
            raise
        except BaseException:
            _ = self._circuit.succeeded()
            raise
        else:
            _ = self._circuit.succeeded()
