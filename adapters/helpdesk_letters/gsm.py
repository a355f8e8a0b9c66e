"""The alphabet of text messages (3GPP TS 23.038): what is in it costs one of 160 characters."""

import unicodedata
from typing import Final

PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic set. Brackets, braces and the euro take two places each, so we do without them."""

_INSTEAD: Final = str.maketrans(
    "[]{}~^|\\`\u2018\u2019\u201c\u201d\u2013\u2014", "()()--//'''\"\"--"
)
_UNSHOWN: Final = "?"


def in_gsm(text: str) -> str:
    """The text in the basic set: accents go where they must, and what is left is a `?`."""
    return "".join(map(_plain, text.translate(_INSTEAD)))


def _plain(character: str) -> str:
    if character in PLAIN:
        return character
    bare = "".join(each for each in unicodedata.normalize("NFKD", character) if each in PLAIN)
    return bare or (" " if character.isspace() else _UNSHOWN)
