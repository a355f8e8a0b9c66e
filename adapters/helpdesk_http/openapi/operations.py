"""What an operation of the API is: where it is, what it takes, and everything it answers."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from helpdesk_core.errors import HelpdeskError
from helpdesk_core.permissions import Act
from helpdesk_http.dialects import Dialect
from helpdesk_http.openapi.schemas import Schema

JSON: Final = "application/json"
HTML: Final = "text/html"


@attrs.frozen(kw_only=True)
class Parameter:
    """A value in the path (always there), in the query or in a header."""

    name: str
    place: str
    schema: Schema
    description: str
    required: bool = False
    example: object = None


@attrs.frozen(kw_only=True)
class Form:
    """The JSON object that a request carries; it may have other fields, which mean nothing.

    `fields` are by the names of `raw`, the record that it is read into, and of those the `required`
    ones must be there. `examples` are whole ones, by name.
    """

    name: str
    description: str
    fields: Mapping[str, Schema]
    required: frozenset[str]
    examples: Mapping[str, Mapping[str, object]]


@attrs.frozen(kw_only=True)
class Upload:
    """A request that carries bytes as they are, of any of these types."""

    description: str
    media_types: tuple[str, ...]


@attrs.frozen(kw_only=True)
class PageForm:
    """What a page of the desk sends; every field is required and text.

    Its token is known to pages of the desk alone.
    """

    description: str
    fields: Mapping[str, Schema]


@attrs.frozen(kw_only=True)
class Says:
    """An answer when all is well. `examples` are records of `kind`, by name.

    Without a `kind` there is no body, or with `schema` one that no record describes. `headers`
    names those that come with it. `dialect` writes it where the path's does not.
    """

    status: int = 200
    description: str
    kind: type[Any] | None = None
    examples: Mapping[str, object] = attrs.field(factory=dict)
    media_type: str = JSON
    schema: Schema | None = None
    headers: tuple[str, ...] = ()
    dialect: Dialect | None = None


@attrs.frozen(kw_only=True)
class Operation:
    """One method of one path.

    `refusals` are what the desk may answer instead, each in its own words. `act` is what only some
    roles may do; None: anybody may ask. `keyed` takes an `Idempotency-Key`, `conditional` an
    `If-Match`. `stores` is false where nothing can be unavailable. What `is_page` is for a person's
    browser: whoever takes HTML is refused in a page.
    """

    method: str
    path: str
    name: str
    tag: str
    summary: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: Form | Upload | PageForm | None = None
    says: tuple[Says, ...] = ()
    refusals: tuple[HelpdeskError, ...] = ()
    act: Act | None = None
    keyed: bool = False
    conditional: bool = False
    stores: bool = True
    is_page: bool = False
