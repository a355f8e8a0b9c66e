"""Where the description is read: by programs at `/openapi.json`, by people at `/docs`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import attrs

from helpdesk_http.keeping import Kept, KeptResource
from helpdesk_http.openapi.document import document_bytes

MINUTE: Final = "public, max-age=60"
DAY: Final = "public, max-age=86400"

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page runs the desk's own scripts, none that is written into it, and asks nobody else.

The arrows of the style sheet are pictures within it (`data:`).
"""


@attrs.frozen(kw_only=True)
class _File:
    """A file of the package's `vendored` or `static` folder, and how it is served."""

    path: str
    media_type: str
    keep: str


_FILES: Final[Mapping[str, _File]] = {
    "/docs": _File(path="static/index.html", media_type="text/html; charset=utf-8", keep=MINUTE),
    "/docs/page.css": _File(
        path="static/page.css", media_type="text/css; charset=utf-8", keep=MINUTE
    ),
    "/docs/page.js": _File(
        path="static/page.js", media_type="text/javascript; charset=utf-8", keep=MINUTE
    ),
    "/docs/swagger-ui.css": _File(
        path="vendored/swagger-ui.css", media_type="text/css; charset=utf-8", keep=DAY
    ),
    "/docs/swagger-ui-bundle.js": _File(
        path="vendored/swagger-ui-bundle.js",
        media_type="text/javascript; charset=utf-8",
        keep=DAY,
    ),
}

DOCUMENT_PATH: Final = "/openapi.json"
PATHS: Final = (DOCUMENT_PATH, *_FILES)
"""What is served here, and is no operation of the API."""


def resources() -> Mapping[str, KeptResource]:
    """What answers at each of `PATHS`."""
    pages = {path: _resource(path, file) for path, file in _FILES.items()}
    return {DOCUMENT_PATH: KeptResource(_document, keep=MINUTE), **pages}


def _resource(path: str, file: _File) -> KeptResource:
    return KeptResource(lambda: _content(path), keep=file.keep, policy=CONTENT_SECURITY_POLICY)


@cache
def _document() -> Kept:
    return Kept(document_bytes())


@cache
def _content(path: str) -> Kept:
    file = _FILES[path]
    return Kept(files(__package__).joinpath(file.path).read_bytes(), file.media_type)
