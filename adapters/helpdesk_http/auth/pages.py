"""The pages: written on our side, without a script, and with everything escaped that was typed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Final

import falcon
from jinja2 import Environment, PackageLoader, StrictUndefined

from helpdesk_http.dialects import Problem
from helpdesk_http.keeping import Kept, KeptResource

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""No script at all; a page's forms are sent to the desk, and nobody frames it."""
REFERRER_POLICY: Final = "same-origin"
"""Other sites learn no address of ours. Without any referrer a browser would not say either, in
`Origin`, that a form comes from a page of ours."""
HTML: Final = "text/html; charset=utf-8"
ROOMS: Final = "/auth/"
"""Everything below it may be asked for by a person in a browser."""


def send_page(
    resp: falcon.Response, name: str, facts: Mapping[str, object], *, status: int = 200
) -> None:
    """Answer with the page of that name, made of these facts; nobody keeps it."""
    resp.status = status
    resp.data = page(name, facts)
    resp.content_type = HTML
    resp.set_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    resp.set_header("Referrer-Policy", REFERRER_POLICY)
    resp.set_header("Cache-Control", "no-store")


def send_problem_page(resp: falcon.Response, problem: Problem) -> None:
    """Say in a page what went wrong, and show the way back."""
    send_page(resp, "problem", {"message": problem.message}, status=problem.status)
    resp.set_headers(dict(problem.headers))


def wants_page(req: falcon.Request) -> bool:
    """True for a person's browser at a door where people sign in."""
    return req.path.startswith(ROOMS) and "text/html" in req.env.get("HTTP_ACCEPT", "")


def page(name: str, facts: Mapping[str, object]) -> bytes:
    """The page of that name; what it names and is not among the facts raises."""
    # Nothing is lost: what has no UTF-8 was refused before it could be stored.
    return _room().get_template(f"{name}.html").render(facts).encode(errors="replace")


def style_sheet() -> KeptResource:
    """What answers where the pages' style sheet is."""
    return KeptResource(_style_sheet, keep="public, max-age=3600")


@cache
def _style_sheet() -> Kept:
    source, _, _ = _loader().get_source(_room(), "page.css")
    return Kept(source.encode(), "text/css; charset=utf-8")


@cache
def _room() -> Environment:
    room = Environment(
        loader=_loader(), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    room.filters["minute"] = _minute
    return room


@cache
def _loader() -> PackageLoader:
    return PackageLoader("helpdesk_http.auth", "templates")


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
