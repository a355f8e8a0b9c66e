"""Which gateway, and how it wants to be asked."""

import base64
import re
from collections.abc import Mapping
from enum import Enum
from typing import Final, Self
from urllib.parse import unquote, urlsplit

import attrs

from helpdesk_outward import LONGEST_DEADLINE, PRIVATE_TOO, USUAL_DEADLINE, Target
from helpdesk_sms.templates import PLACEHOLDERS, FormTemplate, JsonTemplate, Template

USUAL_BODY: Final = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
"""What is sent when nothing else is said."""

USUAL_ID_HEADER: Final = "Idempotency-Key"

METHODS: Final = ("POST", "PUT", "GET")

OURS: Final = frozenset({"host", "connection", "content-length", "transfer-encoding"})
"""Headers that no setting says: the request itself does."""

_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"[!-~]([ -~]*[!-~])?")


class Media(Enum):
    """How the body is written."""

    JSON = "application/json"
    FORM = "application/x-www-form-urlencoded"


@attrs.frozen(kw_only=True)
class SmsSettings:
    """One gateway that takes an HTTP request for a message. See `from_url`."""

    target: Target
    query: FormTemplate = attrs.field(repr=False)
    method: str
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: Template | None = attrs.field(repr=False)
    media: Media
    id_header: str | None
    deadline: float

    @classmethod
    def from_url(  # noqa: PLR0913  # one argument a thing that gateways differ in
        cls,
        url: str,
        *,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
        media: Media = Media.JSON,
        id_header: str | None = USUAL_ID_HEADER,
        deadline: float = USUAL_DEADLINE,
    ) -> Self:
        """The settings of `http[s]://[user:password@]host[:port]/path[?query]`.

        User and password, percent-encoded, are sent as Basic authorization. `{to}`, `{digits}` (the
        number without its plus sign), `{text}` and `{id}` may stand in the strings of a JSON
        `body`, in the values of a form, and in the values of the query; the number and the text
        have to stand somewhere. A GET has no body. Gateways within one's own networks are allowed:
        only whoever runs the desk names one.

        `id_header` names the header with the notice's id, by which a gateway tells a repetition;
        None for a gateway that minds. Raises ValueError, which repeats nothing secret.
        """
        bare, user = _without_user(url)
        path, has_query, query = bare.partition("?")
        settings = cls(
            target=Target.from_url(path, PRIVATE_TOO),
            query=FormTemplate.from_text(query if has_query else ""),
            method=method,
            headers={**user, **(headers or {})},
            body=_body(method, body, media),
            media=media,
            id_header=id_header,
            deadline=deadline,
        )
        _check(settings)
        return settings


def _without_user(url: str) -> tuple[str, Mapping[str, str]]:
    """The URL without user and password, and the header that says them."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("the gateway's URL cannot be understood") from None
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    name, _, password = user.partition(":")
    known = f"{unquote(name)}:{unquote(password)}".encode()
    header = {"Authorization": "Basic " + base64.b64encode(known).decode("ascii")}
    return url.replace(parts.netloc, host, 1), header


def _body(method: str, body: str | None, media: Media) -> Template | None:
    if method == "GET":
        if body is not None:
            raise ValueError("a GET has no body")
        return None
    if media is Media.FORM:
        return FormTemplate.from_text(body or "to={to}&text={text}&id={id}")
    return JsonTemplate.from_text(body or USUAL_BODY)


def _check(settings: SmsSettings) -> None:
    if settings.method not in METHODS:
        raise ValueError("the method is none of " + ", ".join(METHODS))
    if not 0 < settings.deadline <= LONGEST_DEADLINE:
        raise ValueError(f"the deadline must be above 0 and at most {LONGEST_DEADLINE:g} seconds")
    names = settings.query.names | (settings.body.names if settings.body else frozenset())
    for name in sorted(names - PLACEHOLDERS):
        raise ValueError(f"{{{name}}} is none of {{to}}, {{digits}}, {{text}} and {{id}}")
    if not names & {"to", "digits"}:
        raise ValueError("{to} stands neither in the body nor in the query")
    if "text" not in names:
        raise ValueError("{text} stands neither in the body nor in the query")
    ids = {} if settings.id_header is None else {settings.id_header: "id"}
    for name, value in {**settings.headers, **ids}.items():
        _check_header(name, value)


def _check_header(name: str, value: str) -> None:
    if not _HEADER_NAME.fullmatch(name) or name.lower() in OURS:
        raise ValueError("a header has a name that it cannot have")
    if not _HEADER_VALUE.fullmatch(value):
        raise ValueError(f"the header {name} is not printable ASCII")
