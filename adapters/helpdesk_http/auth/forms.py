"""What a page of ours sends: a form, under a token that only a page of ours can know."""

import re
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Final
from urllib.parse import parse_qsl

import falcon

from helpdesk_core.errors import Forbidden, Invalid

LONGEST_FORM: Final = 16 * 1024
"""Bytes."""
MOST_FIELDS: Final = 20
FORM: Final = "application/x-www-form-urlencoded"
TOKEN: Final = "token"  # noqa: S105  # a field's name
STALE: Final = "This page is too old. Please go back, load it again and try once more."

_FORM = re.compile(rf"{FORM}[ \t]*(?:;[ \t]*charset=utf-8[ \t]*)?", re.IGNORECASE)


def is_form(req: falcon.Request) -> bool:
    """True for what a page's form sends."""
    return _FORM.fullmatch(req.content_type or "") is not None


def read_form(req: falcon.Request, browser: str | None) -> Mapping[str, str]:
    """The fields of a form that a page of ours showed to the browser of that secret.

    Raises falcon's 415 for what is no form, its 413 for more than `LONGEST_FORM`, Invalid for what
    cannot be read or has a field twice, Forbidden without the token.
    """
    if not is_form(req):
        raise falcon.HTTPUnsupportedMediaType
    fields = _fields(_body(req))
    if not has_token(fields.get(TOKEN), browser):
        raise Forbidden(STALE)
    return fields


def has_token(token: object, browser: str | None) -> bool:
    """True for the token that the pages of the browser of that secret carry."""
    if browser is None or not isinstance(token, str):
        return False
    return compare_digest(token.encode(errors="replace"), token_of(browser).encode())


def token_of(browser: str) -> str:
    """What the pages of a browser carry; nobody learns the browser's secret from it."""
    return sha256(f"form {browser}".encode()).hexdigest()


def _body(req: falcon.Request) -> bytes:
    body = req.bounded_stream.read(LONGEST_FORM + 1)
    if len(body) > LONGEST_FORM:
        raise falcon.HTTPContentTooLarge
    return body


def _fields(body: bytes) -> Mapping[str, str]:
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Invalid("The form cannot be read") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Invalid("The form has a field twice")
    return fields
