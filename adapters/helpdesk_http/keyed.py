"""POST with an `Idempotency-Key`: done once, answered alike each time it comes."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import falcon

from helpdesk_core.errors import Invalid
from helpdesk_core.limits import KEPT_READS
from helpdesk_core.people import Caller
from helpdesk_core.ports import Ports
from helpdesk_core.replies import LONGEST_KEY, Answer, RequestKey, is_key
from helpdesk_core.use_cases.limiting import count
from helpdesk_core.use_cases.once import Act, KeyedRequest, OnceOnly, Write
from helpdesk_http.answers import send_answer

HEADER: Final = "Idempotency-Key"


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
        write: Write | None = None,
    ) -> None:
        """Do it, once for each key of the caller. `asked` is the body, as plain JSON values.

        Without `write` nothing is changed by `act`, and what it finds is kept as it was then.
        Raises Invalid for a key that is none, KeyReused, and whatever `act` raises.
        """
        key = _key_of(req)
        if key is None:
            said = act(self._ports)
        else:
            first = act if write else _counted(act, caller)
            said = self._once(_request(req, caller, key, asked), first, write)
        send_answer(resp, said)


def _key_of(req: falcon.Request) -> str | None:
    given = req.get_header(HEADER)
    key = None if given is None else given.strip(" \t")
    if key is not None and not is_key(key):
        raise Invalid(
            f"{HEADER} must be 1 to {LONGEST_KEY} printable ASCII characters",
            **{HEADER: "not a key"},
        )
    return key


def _counted(act: Act, caller: Caller) -> Act:
    """What only reads, limited: what it finds is kept, and its room is not the caller's to fill."""

    def counted(ports: Ports) -> Answer:
        count(ports.limiter, KEPT_READS, caller)
        return act(ports)

    return counted


def _request(
    req: falcon.Request, caller: Caller, key: str, asked: Mapping[str, object]
) -> KeyedRequest:
    whole = json.dumps([req.method, req.path, asked], sort_keys=True)
    return KeyedRequest(
        key=RequestKey(_whose(caller), key), fingerprint=sha256(whole.encode()).digest()
    )


def _whose(caller: Caller) -> str:
    return f"user {caller.user.id}" if caller.user else f"origin {caller.origin}"
