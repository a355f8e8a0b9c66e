"""The names that templates may use, and what they stand for in one notice: text on one line."""

from collections.abc import Mapping
from typing import Final

from helpdesk_core.kinds import EventKind
from helpdesk_core.notices import LANGUAGES, Notice
from helpdesk_core.plain_text import one_line, quoted
from helpdesk_core.routing import Audience
from helpdesk_letters.languages import LANGUAGE_OF

LONGEST_FACT: Final = 300
"""Characters of one fact."""
LONGEST_NAME: Final = 60
"""Characters of one name in a title."""

OURS: Final = frozenset(
    {"about", "audience", "digest", "kind", "language", "link", "number", "public_url", "thing"}
)
"""What the letters bring: `thing` is a case or a ticket, `number` the one by which people know it.

`about` says in a few words what it is about. `kind` and `audience` are the core's words.
"""

FOR_ALL: Final = frozenset(
    {
        "assignedTo",
        "caseNumber",
        "customerType",
        "department",
        "dueAt",
        "estimatedResolution",
        "issueType",
        "kpiType",
        "metric",
        "recipientName",
        "status",
        "ticketId",
        "urgency",
    }
)
"""Facts that anybody may be told: no stranger typed them."""

FOR_STAFF: Final = frozenset(
    {"organization", "subject", "submittedBy", "submittedByEmail", "submitterIs"}
)
"""Facts that a stranger may have typed."""

STRANGERS_ACTS: Final = frozenset(
    {
        EventKind.SUBMITTED,
        EventKind.CUSTOMER_REPLIED,
        EventKind.ESCALATED,
        EventKind.CANCELLED,
    }
)
"""What customers do themselves: whatever was said with it, no customer's letter repeats it."""

FOR_SIGN_IN: Final = frozenset({"expiresAt", "language", "link", "public_url"})
"""What the letter with a link to sign in may use; nobody typed any of it."""

FOR_LAYOUTS: Final = frozenset(
    {
        "closing",
        "facts",
        "greeting",
        "language",
        "link",
        "link_label",
        "opening",
        "quoted",
        "quoting",
        "title",
        "width",
    }
)
"""What a layout is made of."""

_ABOUT_CASES: Final = ("urgency", "issueType")
_ABOUT_TICKETS: Final = ("department", "kpiType")


def known_to(audience: Audience) -> frozenset[str]:
    """The names that a letter to that audience may use."""
    return OURS | FOR_ALL | (frozenset() if audience is Audience.CUSTOMER else FOR_STAFF)


def language_of(notice: Notice) -> str:
    """The language of the notice, or the first one when we do not write it."""
    return notice.language if notice.language in LANGUAGE_OF else LANGUAGES[0]


def quoted_in(notice: Notice) -> str:
    """What is quoted, each of its lines marked; nothing where a customer would read a stranger."""
    is_strangers = notice.audience is Audience.CUSTOMER and notice.kind in STRANGERS_ACTS
    return "" if is_strangers else quoted(notice.facts.get("text", ""))


def names_in(notice: Notice, public_url: str) -> Mapping[str, str]:
    """What every name stands for; nothing that the notice does not say is missing, it is blank."""
    facts = {
        name: one_line(notice.facts.get(name, ""), LONGEST_FACT)
        for name in known_to(notice.audience) - OURS
    }
    language = LANGUAGE_OF[language_of(notice)]
    is_case = bool(facts["caseNumber"])
    status_page = f"{public_url}/api/intake/status/{notice.ticket_id}"
    about = [facts[each] for each in (_ABOUT_CASES if is_case else _ABOUT_TICKETS)]
    return {
        **facts,
        "about": ", ".join(language.word(one_line(each, LONGEST_NAME)) for each in about if each),
        "audience": notice.audience.value,
        "digest": "yes" if notice.facts.get("digest") else "",
        "kind": notice.kind.value,
        "language": language_of(notice),
        "link": public_url if is_case else status_page,
        # The last digits: the first ones are the time, and the same for tickets of one minute.
        "number": facts["caseNumber"] or notice.ticket_id.hex[-8:],
        "public_url": public_url,
        "thing": language.word("case" if is_case else "ticket"),
    }
