"""How the staff's lists are asked: the filters, the orders, the pages."""

from collections.abc import Iterable
from typing import Final

from helpdesk_core.errors import Invalid
from helpdesk_core.fields import LONGEST_COUNT, SEVERAL_FAULTS
from helpdesk_core.queue import DEEPEST, LARGEST_PAGE, Door, SortKey, SortOrder
from helpdesk_core.support import CustomerType, Urgency
from helpdesk_core.tickets import Status
from helpdesk_core.use_cases.listing import NOBODY, PAGE
from helpdesk_http.cursors import LONGEST_CURSOR, NO_CURSOR, OTHER_ORDER
from helpdesk_http.openapi.fields import choice, whole
from helpdesk_http.openapi.operations import Parameter
from helpdesk_http.openapi.schemas import Schema

_FIRST_PAGE: Final = 1

_FIELDS: Final[dict[str, Schema]] = {
    "status": choice(Status, "Only those in this status."),
    "urgency": choice(Urgency, "Only cases of this urgency."),
    "customerType": choice(CustomerType, "Only cases of customers of this tier."),
    "assignedTo": {
        "description": f"Only those of this member of staff; `{NOBODY}`: those that nobody has.",
        "anyOf": [{"type": "string", "format": "uuid"}, {"const": NOBODY}],
    },
    "page": whole(
        _FIRST_PAGE,
        10**LONGEST_COUNT - 1,
        _FIRST_PAGE,
        f"The page, as far as {DEEPEST} entries deep; beyond, and faster, a cursor leads.",
    ),
    "limit": whole(1, LARGEST_PAGE, PAGE, "Entries on a page."),
    "sortBy": choice(SortKey, "What it is sorted by; ties by id.", SortKey.CREATED_AT),
    "sortOrder": choice(SortOrder, "Which end comes first.", SortOrder.DESCENDING),
    "cursor": {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_CURSOR,
        "description": "The `nextCursor` of the page before, asked for in the same order.",
    },
}
_DOOR: Final[dict[str, Schema]] = {"door": choice(Door, "Only those that came by this door.")}

REFUSALS: Final = (
    Invalid(SEVERAL_FAULTS, limit=f"Limit must be a whole number from 1 to {LARGEST_PAGE}"),
    Invalid(f"Use the cursor beyond {DEEPEST} entries", page="too deep"),
    Invalid(SEVERAL_FAULTS, cursor=f"{NO_CURSOR}. {OTHER_ORDER}"),
)


def filters(*, doors: bool) -> tuple[Parameter, ...]:
    """The parameters of a list; with `doors` of one that shows both."""
    return tuple(_parameters({**(_DOOR if doors else {}), **_FIELDS}))


def _parameters(fields: dict[str, Schema]) -> Iterable[Parameter]:
    for name, schema in fields.items():
        said = dict(schema)
        description = str(said.pop("description"))
        yield Parameter(name=name, place="query", schema=said, description=description)
