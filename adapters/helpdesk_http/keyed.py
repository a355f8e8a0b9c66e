"""POST with an `Idempotency-Key`: done once, answered alike each time it comes."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final, TypeAlias

import falcon

from helpdesk_core.errors import Invalid
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports
from helpdesk_core.replies import LONGEST_KEY, Answer, RequestKey, is_key
from helpdesk_core.tickets import Change
from helpdesk_core.use_cases.once import KeyedRequest, OnceOnly
from helpdesk_http.answers import send_answer

HEADER: Final = "Idempotency-Key"

Act: TypeAlias = Callable[[Ports], Answer]
"""Does what is asked with the ports that it is given, and answers."""
Write: TypeAlias = Callable[[Change], Answer]
"""The answer to the change that is about to be stored, as far as it is known then."""


class Keyed:
    """Answers what changes something; one object serves all threads."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._once = OnceOnly(ports)

    def __call__(  # noqa: PLR0913  # a request, its answer, and what makes it
        self,
        req: falcon.Request,
        resp: falcon.Response,
        caller: Caller,
        *,
        asked: Mapping[str, object],
        act: Act,
        write: Write,
    ) -> None:
        """Do it, once for each key of the caller. `asked` is the body, as plain JSON values.

        Raises Invalid for a key that is none, KeyReused, and whatever `act` raises.
        """
        key = req.get_header(HEADER)
        if key is None:
            said = act(self._ports)
        elif not is_key(key):
            raise Invalid(f"{HEADER} must be 1 to {LONGEST_KEY} printable ASCII characters")
        else:
            said = self._once(_request(req, caller, key, asked), act, write)
        send_answer(resp, said)


def _request(
    req: falcon.Request, caller: Caller, key: str, asked: Mapping[str, object]
) -> KeyedRequest:
    whole = json.dumps([req.method, req.path, asked], sort_keys=True)
    return KeyedRequest(
        key=RequestKey(_whose(caller), key), fingerprint=sha256(whole.encode()).digest()
    )


def _whose(caller: Caller) -> str:
    return f"user {caller.user.id}" if caller.user else f"origin {caller.origin}"
