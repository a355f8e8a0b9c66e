"""Making any text harmless where a mail, a text message or a log takes only plain words."""

import re
from typing import Final

_UNFIT: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls, separators of lines, marks that turn the direction of text, lone surrogates."""

_SPACES: Final = re.compile(r"\s+")
_CUT: Final = "..."
_UNSHOWN: Final = "\N{REPLACEMENT CHARACTER}"


def one_line(text: str, longest: int) -> str:
    """The text on one line of at most so many characters, blanks where something unfit was."""
    line = _SPACES.sub(" ", _UNFIT.sub(" ", text)).strip()
    return line if len(line) <= longest else line[: longest - len(_CUT)] + _CUT


def quoted(text: str) -> str:
    """The text with each of its lines marked, so that none of them passes for one of ours."""
    return "\n".join(f"> {_shown(line)}".rstrip() for line in text.splitlines())


def _shown(line: str) -> str:
    return _UNFIT.sub(_UNSHOWN, line.expandtabs(4))
