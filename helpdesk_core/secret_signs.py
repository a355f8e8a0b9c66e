"""Signs of secrets in text: what lets whoever reads a log or a HAR file sign in as another.

It is a warning and no proof. What is encoded or compressed is not seen through.
"""

import re
from typing import Final

import attrs

REACH: Final = 512
"""Bytes: no sign is longer, with the little that is looked at before it."""
BEFORE: Final = 32
"""Bytes that are looked at before a sign, at most."""
PIECE: Final = 64 * 1024
"""Bytes that are looked through at once."""

_SPACE: Final = rb"\s{0,60}+"
_IS: Final = rb"[\"']?" + _SPACE + rb"[:=]" + _SPACE + rb"[\"']?"
"""Between a name and its value: in a header, in JSON, in an assignment."""
_IS_IN_HAR: Final = (
    rb"\"" + _SPACE + rb"," + _SPACE + rb"\"value\"" + _SPACE + rb":" + _SPACE + rb"\""
)
"""Between the name of a header and its value in a HAR file."""
_IN_CLEAR: Final = rb"(?!redact|remove|censor|hidden|mask|xxxx|[\[<({*$])"
"""Not what a program writes in the place of a secret."""
_VALUE: Final = _IN_CLEAR + rb"[a-z0-9._~+/=%-]{8}"
_LONG_VALUE: Final = _VALUE + rb"[a-z0-9._~+/=%-]{12}"
_SCHEME: Final = rb"(?:bearer|basic|token|digest|negotiate|apikey)\s{1,4}"
_COOKIE: Final = rb"[^\r\n\"]{1,100}?=\"?" + _IN_CLEAR + rb"[^\s\";,]{8}"
"""One of the first of several whose value is no mere choice."""


@attrs.frozen
class _Sign:
    """A pattern that begins with a literal, which is found fast, and never goes far behind it.

    Where case does not matter all of it is written small.
    """

    literal: bytes
    pattern: re.Pattern[bytes]
    in_any_case: bool


def _exactly(literal: bytes, behind: bytes, *, before: bytes = rb"(?<![A-Za-z0-9_]%s)") -> _Sign:
    """The literal, no part of a longer word unless `before` says otherwise, and what follows it."""
    plain = re.escape(literal)
    pattern = plain + before.replace(rb"%s", plain) + behind
    return _Sign(literal, re.compile(pattern), in_any_case=False)


def _in_any_case(literal: bytes, behind: bytes) -> _Sign:
    return attrs.evolve(_exactly(literal, behind), in_any_case=True)


_SIGNS: Final = (
    # Headers: in logs, in requests that somebody copied, in HAR files.
    _in_any_case(b"cookie", rb"(?:" + _IS + rb"|" + _IS_IN_HAR + rb")" + _COOKIE),
    _in_any_case(b"cookies", rb"\"" + _SPACE + rb":" + _SPACE + rb"\[" + _SPACE + rb"\{"),
    _in_any_case(b"authorization", _IS + rb"(?:" + _SCHEME + _VALUE + rb"|" + _LONG_VALUE + rb")"),
    _in_any_case(b"authorization", _IS_IN_HAR + rb"(?:[a-z]{1,20}\s{1,4})?" + _VALUE),
    _in_any_case(b"bearer", rb"\s{1,4}" + _LONG_VALUE),
    # JSON Web Tokens: with a usual head, or of two parts that are JSON.
    _exactly(b"eyJhbGciOi", rb"[A-Za-z0-9_-]{8}"),
    _exactly(b"eyJ0eXAiOi", rb"[A-Za-z0-9_-]{8}"),
    _exactly(b".eyJ", rb"[A-Za-z0-9_-]{8}", before=rb"(?<=[A-Za-z0-9_-]{8}%s)"),
    # Tokens that say whose they are, ours first.
    _exactly(b"hd_", rb"[A-Za-z0-9_-]{43}"),
    *(_exactly(b"gh%c_" % kind, rb"[A-Za-z0-9]{36}") for kind in b"oprsu"),
    _exactly(b"github_pat_", rb"[A-Za-z0-9_]{22}"),
    _exactly(b"glpat-", rb"[A-Za-z0-9_-]{20}"),
    *(_exactly(b"xox%c-" % kind, rb"[A-Za-z0-9-]{10}") for kind in b"abprs"),
    _exactly(b"AKIA", rb"[A-Z0-9]{16}"),
    _exactly(b"ASIA", rb"[A-Z0-9]{16}"),
    _exactly(b"AIza", rb"[A-Za-z0-9_-]{35}"),
    _exactly(b"sk_live_", rb"[A-Za-z0-9]{16}"),
    # Keys.
    _exactly(b"-----BEGIN ", rb"(?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----", before=b""),
)


class SecretWatch:
    """Looks through text that comes in chunks, in little memory, once through.

    Where it was cut into chunks makes no difference. Text in UTF-16 is read too.
    """

    def __init__(self) -> None:
        self._found = False
        self._seen = b""
        self._waiting = bytearray()

    def look(self, chunk: bytes) -> None:
        """Look through what comes next."""
        for start in range(0, len(chunk), PIECE):
            if self._found:
                return
            self._waiting += chunk[start : start + PIECE]
            if len(self._waiting) >= PIECE:
                self._look_through_what_waits()

    def has_found(self) -> bool:
        """True when what came so far looks as if a secret were in it."""
        if not self._found:
            self._look_through_what_waits()
        return self._found

    def _look_through_what_waits(self) -> None:
        # Without NUL, what is ASCII in UTF-16 is ASCII.
        text = self._seen + self._waiting.translate(None, b"\0")
        self._waiting.clear()
        # What begins with it was looked at whole before, when what stands before it was there too.
        start = BEFORE if len(self._seen) == REACH else 0
        self._found = _is_sign_in(text, start)
        self._seen = text[-REACH:]


def _is_sign_in(text: bytes, start: int) -> bool:
    small = text.lower()
    for sign in _SIGNS:
        searched = small if sign.in_any_case else text
        # Looking for the literal alone is many times as fast, and most texts have none.
        if sign.literal in searched and sign.pattern.search(searched, start):
            return True
    return False
