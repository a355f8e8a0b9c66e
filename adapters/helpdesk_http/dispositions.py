"""What a browser is told to do with a file: to keep it, under a name that misleads nobody."""

import re
from typing import Final
from urllib.parse import quote

_PLAIN = re.compile(r"[^0-9A-Za-z !#$&'()+,.;=@\[\]^_`{}~-]")
_PLACEHOLDER: Final = "_"
_ATTR_CHARS: Final = "!#$&+-.^_`|~"
"""What RFC 8187 leaves as it is, besides letters and digits."""


def attachment_header(name: str) -> str:
    """The Content-Disposition (RFC 6266) of a download of that name, for any text at all.

    The name comes twice: plain, for readers who know no better, and whole in UTF-8 (RFC 8187).
    What is not printable, or separates folders, is replaced in both.
    """
    shown = "".join(each if _is_shown(each) else _PLACEHOLDER for each in name)
    plain = _PLAIN.sub(_PLACEHOLDER, shown)
    whole = quote(shown, safe=_ATTR_CHARS, errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"


def _is_shown(character: str) -> bool:
    return character.isprintable() and character not in "/\\"
