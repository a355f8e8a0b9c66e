"""The signatures of Standard Webhooks.

By hand, for they are one HMAC each: the library signs with one key alone, and takes an instant of
another zone for one of Greenwich. The tests let it verify what is made here.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable


def signatures(keys: Iterable[bytes], *, message_id: str, timestamp: int, body: bytes) -> str:
    """A signature for each key, over the id, the seconds since 1970 and the very bytes of the body.

    A receiver takes the message when one of them is right, so that keys can be rotated.
    """
    signed = b".".join((message_id.encode("ascii"), str(timestamp).encode("ascii"), body))
    return " ".join(f"v1,{_signature(key, signed)}" for key in keys)


def _signature(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
