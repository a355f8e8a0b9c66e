"""What to draw with Hypothesis: text that breaks stores, names that differ by case, any record.

What is drawn is what a store must keep: text without NUL and lone surrogates, instants from 1970 up
to 2200 to the microsecond. `json_values` draws what a stranger may send instead.
"""

# ruff: noqa: RUF001  # letters that look like others are what this is about

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from helpdesk_core.attachments import Attachment
from helpdesk_core.case_policy import CasePolicy
from helpdesk_core.directory import Scalar
from helpdesk_core.messages import Message
from helpdesk_core.notices import LANGUAGES, Notice
from helpdesk_core.routing import Channel
from helpdesk_core.support import CustomerType, IssueType, SupportCase, Urgency
from helpdesk_core.testing.directories import a_directory
from helpdesk_core.tickets import Event, Ticket

Choice = TypeVar("Choice", bound=Enum)
JsonValue: TypeAlias = bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None

AWKWARD_TEXTS: Final = (
    "",
    " ",
    "  two leading, two trailing  ",
    "tab\tand\nnew\r\nlines",
    'O\'Hara said "no" -- and `left`; DROP TABLE tickets',
    r"C:\new\table \' \\ \0 \u0000 \x00",
    "100 % of _ and [a-z]* ?",
    "{name} %(name)s %s :name $1 ${name}",
    "<b>&amp;</b>",
    "null",
    "NaN",
    "true",
    "12",
    "٣ ３ ③",
    "e\u0301 is é, and ộ is o\u0323\u0302",
    "الدعم \u202eالفني\u202c \u200f שלום",
    "👩🏽\u200d🚒 🇮🇩 ✈\ufe0f",
    "\u200bzero\u200bwidth\ufeff",
    "\x01\x1b[31m\x7f\x85\u2028\u2029",
    "\uffff\U0010ffff\ue000",
    "long " * 4000,
    "𝕏" * 5000,
)
"""Texts that some store, driver, escape or sort has been known to change."""

CASE_TWINS: Final = (
    ("ana", "Ana", "ANA", "aNa"),
    ("jörg äöü", "JÖRG ÄÖÜ", "Jo\u0308rg a\u0308o\u0308u\u0308"),
    ("straße", "STRASSE", "STRAẞE", "straſſe"),
    ("σίσυφος", "ΣΊΣΥΦΟΣ", "Σίσυφοσ"),
    ("i\u0307zmir", "İzmir", "İZMIR"),
    ("kelvin å", "\u212aelvin \u212b", "KELVIN Å"),
    ("ольга", "ОЛЬГА", "Ольга"),
    ("արմեն և", "ԱՐՄԵՆ ԵՒ"),
    ("ꮳꮃꭹ", "ᏣᎳᎩ"),
    ("𐐨𐐩", "𐐀𐐁"),
    ("ﬁn", "FIN", "fin"),
    ("ǆ", "Ǆ", "ǅ"),
    ("ΐ" * 50, "Ϊ́" * 50),
)
"""Names that are one, whatever their case: each row holds spellings of the same name."""

NEAR_TWINS: Final = (
    ("Ana", "Anna"),
    ("Ana", "Aná"),
    ("Ana", "Ana B"),
    ("Izmir", "İzmir"),
    ("ızmir", "izmir"),
    ("A", "\uff21"),
    ("A", "А"),
    ("a%", "ab"),
    ("a_", "ab"),
    (r"a\_", "a_"),
)
"""Pairs of names that are two, however alike they look to a person or a pattern."""

_CHARACTERS: Final = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_LONGEST: Final = 2**63 - 1


def storable_text(*, max_size: int = 200) -> SearchStrategy[str]:
    """Any text that can be stored, at most so many characters, awkward ones among it."""
    awkward = [text for text in AWKWARD_TEXTS if len(text) <= max_size]
    # By their places: Hypothesis would otherwise write them all into the strategy's name.
    some_awkward = st.sampled_from(range(len(awkward))).map(lambda place: awkward[place])
    return some_awkward | st.text(_CHARACTERS, max_size=max_size)


def names() -> SearchStrategy[str]:
    """Names of at most 200 characters, often ones that differ from another by case alone."""
    twins = [name for row in CASE_TWINS for name in row]
    near = [name for pair in NEAR_TWINS for name in pair]
    return st.sampled_from(twins) | st.sampled_from(near) | storable_text(max_size=200)


def instants() -> SearchStrategy[datetime]:
    """Instants from 1970 up to, not including, 2200; aware, UTC, to the microsecond."""
    earliest, latest = datetime(1970, 1, 1), datetime(2199, 12, 31, 23, 59, 59, 999_999)  # noqa: DTZ001  # Hypothesis adds the zone
    return st.datetimes(earliest, latest, timezones=st.just(UTC))


def scalars() -> SearchStrategy[Scalar]:
    """Metrics and parameters: text, whole and broken numbers, truth values."""
    return (
        storable_text(max_size=50)
        | st.integers(-_LONGEST, _LONGEST)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.booleans()
    )


def json_values() -> SearchStrategy[JsonValue]:
    """Any value that JSON can bring: NUL and lone surrogates, huge numbers, nesting and all."""
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters(), max_size=50)
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=10,
    )


def tickets(ticket_id: UUID) -> SearchStrategy[Ticket]:
    """New tickets of that id for `a_directory()`, with any value in any other field.

    They came by either door; the number of a case is made of the id.
    """
    directory = a_directory()
    departments = st.sampled_from(sorted(directory.departments))
    kpi_types = st.sampled_from(sorted(directory.kpi_types))
    by_intake = st.tuples(departments, kpi_types, st.none())
    by_support = st.tuples(st.none() | departments, st.none(), cases(f"CW-2026-{ticket_id.int}"))
    return (by_intake | by_support).flatmap(lambda origin: _tickets_of(ticket_id, *origin))


def cases(number: str) -> SearchStrategy[SupportCase]:
    """What a case of that number has besides, with any value in any other field."""
    return st.builds(
        SupportCase,
        number=st.just(number),
        subject=storable_text(),
        organization=st.none() | storable_text(),
        phone=st.none() | storable_text(max_size=16),
        project=st.none() | storable_text(),
        priority_score=st.integers(0, 100),
        response_due_at=instants(),
        resolution_due_at=instants(),
    )


def case_policies() -> SearchStrategy[CasePolicy]:
    """Any policy that keeps its laws: urgencies and tiers rise, promises never do."""
    urgencies = _rising(Urgency, at_most=60)
    tiers = _rising(CustomerType, at_most=30)
    issues = st.fixed_dictionaries({issue: st.integers(0, 10) for issue in IssueType})
    return st.builds(
        CasePolicy,
        urgency_points=urgencies,
        tier_points=tiers,
        issue_points=issues,
        response_hours=_falling(Urgency),
        resolution_hours=_falling(Urgency),
        tier_factor=_falling(CustomerType),
    )


def attachments(attachment_id: UUID) -> SearchStrategy[Attachment]:
    """Any file of that id."""
    return st.builds(
        Attachment,
        id=st.just(attachment_id),
        name=storable_text(),
        media_type=storable_text(max_size=100),
        size=st.integers(0, _LONGEST),
        digest=st.binary(min_size=32, max_size=32),
        added_by=...,
        created_at=instants(),
        looks_secret=...,
        removed_at=st.none() | instants(),
    )


def _rising(choices: type[Choice], *, at_most: int) -> SearchStrategy[dict[Choice, int]]:
    points = st.sets(st.integers(0, at_most), min_size=len(choices), max_size=len(choices))
    return points.map(lambda drawn: dict(zip(choices, sorted(drawn), strict=True)))


def _falling(choices: type[Choice]) -> SearchStrategy[dict[Choice, float]]:
    hours = st.floats(0.01, 500)
    several = st.lists(hours, min_size=len(choices), max_size=len(choices))
    return several.map(lambda drawn: dict(zip(choices, sorted(drawn, reverse=True), strict=True)))


def _tickets_of(
    ticket_id: UUID, department_id: UUID | None, kpi_type_id: UUID | None, case: SupportCase | None
) -> SearchStrategy[Ticket]:
    return st.builds(
        Ticket,
        id=st.just(ticket_id),
        version=st.just(1),
        status=...,
        department_id=st.just(department_id),
        kpi_type_id=st.just(kpi_type_id),
        case=st.just(case),
        ticket_date=instants(),
        description=storable_text(max_size=20_000),
        submitter_name=names(),
        submitter_email=names(),
        submitted_by=...,
        submitted_at=instants(),
        is_holiday_work=...,
        metrics=st.dictionaries(storable_text(max_size=30), scalars(), max_size=4),
        assigned_to=st.none() | st.sampled_from(sorted(a_directory().agents)),
        assigned_at=st.none() | instants(),
        first_assigned_at=st.none() | instants(),
        first_agent_reply_at=st.none() | instants(),
        closed_at=st.none() | instants(),
        rejection_reason=st.none() | storable_text(max_size=2000),
        last_activity_at=instants(),
        pin=st.none() | st.text("0123456789abcdef", min_size=32, max_size=32),
        next_due_at=st.none() | instants(),
    )


def events() -> SearchStrategy[Event]:
    """Any event."""
    return st.builds(
        Event,
        at=instants(),
        actor_id=...,
        details=_facts(),
    )


def messages(message_id: UUID) -> SearchStrategy[Message]:
    """Any message of that id."""
    return st.builds(
        Message,
        id=st.just(message_id),
        author_name=st.none() | names(),
        author_email=st.none() | names(),
        body=storable_text(max_size=2000),
        is_internal=...,
        attachment_ids=st.lists(st.uuids(), max_size=3, unique=True).map(tuple),
        created_at=instants(),
    )


def notices(notice_id: UUID, ticket_id: UUID) -> SearchStrategy[Notice]:
    """Any notice of those ids."""
    return st.builds(
        Notice,
        id=st.just(notice_id),
        ticket_id=st.just(ticket_id),
        channel=st.sampled_from(Channel),
        recipient=names(),
        language=st.sampled_from(LANGUAGES),
        facts=_facts(),
        created_at=instants(),
    )


def _facts() -> SearchStrategy[Mapping[str, str]]:
    short = partial(storable_text, max_size=60)
    return st.dictionaries(short(), short(), max_size=4)
