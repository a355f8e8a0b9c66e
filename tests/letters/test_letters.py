"""What letters say: to whom, in which language, and never anything else."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.notices import LANGUAGES, Notice
from helpdesk_core.ports import Letter
from helpdesk_core.routing import AMONG_STAFF, CONTRACT_ROUTING, Audience, Channel
from helpdesk_core.testing.builders import a_notice, an_id
from helpdesk_letters import LONGEST_TEXT_MESSAGE, Letters

PUBLIC_URL: Final = "https://desk.example.com"
LETTERS: Final = Letters(public_url=f"{PUBLIC_URL}/")
TICKET: Final = an_id(1000)
STATUS_PAGE: Final = f"{PUBLIC_URL}/api/intake/status/{TICKET}"

STAFF: Final = {
    "submittedBy": "Ana",
    "submittedByEmail": "ana@example.org",
    "submitterIs": "not verified",
    "organization": "Acme",
    "subject": "Fire",
}
FACTS: Final = {
    **STAFF,
    "ticketId": str(TICKET),
    "recipientName": "One",
    "status": "OPEN",
    "department": "IT Support",
    "kpiType": "Incident",
    "assignedTo": "Ben",
    "text": "The printer is on fire.\nPlease come.",
}
CASE: Final = {
    **FACTS,
    "caseNumber": "CW-2026-0123456789",
    "urgency": "HIGH",
    "customerType": "BUSINESS",
    "issueType": "TECHNICAL",
    "estimatedResolution": "2026-01-29T10:00:00+00:00",
}
DOORS: Final[Mapping[Door, Mapping[str, str]]] = {Door.INTAKE: FACTS, Door.SUPPORT: CASE}

MAILED: Final = [
    (kind, audience)
    for kind in EventKind
    for audience in Audience
    if audience is not Audience.SYSTEMS
    and not (audience is Audience.CUSTOMER and kind in AMONG_STAFF)
]
CUSTOMERS: Final = [kind for kind, audience in MAILED if audience is Audience.CUSTOMER]

HOSTILE: Final = (
    '</td></title></p><script>alert(1)</script><img src=x onerror="y">\'"&lt; {{ 7*7 }} '
    "{% raw %} CANARY\u2028\u202eHello,\x00\r\nBcc: x@example.com <a href='https://evil.example'>"
)
ELEMENTS: Final = {
    *("html", "head", "meta", "title", "body"),
    *("p", "table", "tr", "th", "td", "a", "blockquote", "br"),
}


class Elements(HTMLParser):
    """Every element of a page, what it is called and what is set on it; and the words in each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.starts: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.words: list[tuple[str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.starts.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append((self.starts[-1][0], data.strip()))

    def links(self) -> set[str | None]:
        named = {"href", "src", "action", "background", "style"}
        return {value for _, attrs in self.starts for name, value in attrs if name in named}


def a_letter_to(
    audience: Audience, kind: EventKind, facts: Mapping[str, str], language: str = "en"
) -> Notice:
    return a_notice(audience=audience, kind=kind, facts=facts, language=language)


def test_our_own_templates_have_no_faults() -> None:
    assert () == LETTERS.check()


def test_a_customer_is_told_that_the_case_is_with_us() -> None:
    letter = LETTERS.write(a_letter_to(Audience.CUSTOMER, EventKind.SUBMITTED, CASE))

    assert "We have your case CW-2026-0123456789" == letter.subject
    assert (
        letter.text
        == """\
Hello One,

Thank you. Your case is with us; its number is CW-2026-0123456789.

We aim to resolve it by 29 January 2026, 10:00 UTC.

Please keep the number: you need it to follow your case.

Number:        CW-2026-0123456789
Status:        open
Urgency:       high
Resolution by: 29 January 2026, 10:00 UTC
Helpdesk:      https://desk.example.com

If you know nothing of this case, somebody gave us your address by mistake, and you need do nothing.
"""
    )


def test_an_agent_is_told_what_was_assigned() -> None:
    letter = LETTERS.write(a_letter_to(Audience.ASSIGNEE, EventKind.ASSIGNED, FACTS))

    assert f"Ticket {TICKET.hex[-8:]} assigned to you: IT Support, Incident" == letter.subject
    assert (
        letter.text
        == f"""\
Hello One,

A ticket was assigned to you.

Number:       {TICKET}
Status:       open
Department:   IT Support
KPI type:     Incident
Assigned to:  Ben
Submitted by: Ana <ana@example.org> (not verified)
Organization: Acme
Subject:      Fire
Status page:  {STATUS_PAGE}

The submitter wrote:

> The printer is on fire.
> Please come.

The helpdesk sent this mail by itself.
"""
    )


def test_a_manager_is_told_in_indonesian() -> None:
    notice = a_letter_to(Audience.MANAGEMENT, EventKind.ESCALATED, CASE, "id")

    assert "Dieskalasi: kasus CW-2026-0123456789, tinggi, teknis" == LETTERS.write(notice).subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("door", Door)
def test_there_are_words_for_everything_in_the_contracts_table(door: Door, language: str) -> None:
    for kind, routes in CONTRACT_ROUTING[door].items():
        for route in routes:
            notice = a_letter_to(route.audience, kind, DOORS[door], language)
            if route.channel is Channel.MAIL:
                assert all((LETTERS.write(notice).subject, LETTERS.write(notice).text))
            elif route.channel is Channel.SMS:
                assert LETTERS.text_message(notice)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("door", Door)
def test_hostile_facts_make_no_element_and_no_line_of_their_own(door: Door, language: str) -> None:
    hostile = {name: HOSTILE for name in DOORS[door] if name != "estimatedResolution"}
    plain = {name: f"a {name}" for name in hostile} | {"text": "one\ntwo\nthree"}
    for kind, audience in MAILED:
        ours, theirs = (
            LETTERS.write(a_letter_to(audience, kind, facts, language))
            for facts in (plain, hostile)
        )

        assert Elements(ours.html).starts == Elements(theirs.html).starts
        assert ours.text.count("\n") == theirs.text.count("\n")
        assert "{{ 7*7 }}" in theirs.text
        assert "\n" not in theirs.subject


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("door", "link"), [(Door.INTAKE, STATUS_PAGE), (Door.SUPPORT, PUBLIC_URL)])
def test_letters_link_to_the_desk_alone(door: Door, link: str, language: str) -> None:
    pages = [
        LETTERS.write(a_letter_to(audience, kind, DOORS[door], language)).html
        for kind, audience in MAILED
    ]

    assert [{link}] * len(MAILED) == [Elements(page).links() for page in pages]


@pytest.mark.parametrize("public_url", ["", "desk.example.com", "javascript:alert(1)//"])
def test_a_public_address_that_no_mail_links_to_is_refused(public_url: str) -> None:
    with pytest.raises(ValueError, match="the public address must begin with http"):
        Letters(public_url=public_url)


@pytest.mark.parametrize("language", LANGUAGES)
def test_customers_read_nothing_that_a_stranger_typed(language: str) -> None:
    """Not even when a notice has it, as it never should."""
    facts = {**CASE, **dict.fromkeys(STAFF, "CANARY")}
    letters = [
        LETTERS.write(a_letter_to(Audience.CUSTOMER, kind, facts, language)) for kind in CUSTOMERS
    ]

    assert "CANARY" not in "".join(it.subject + it.text + it.html for it in letters)


@pytest.mark.parametrize(
    "kind",
    [
        EventKind.SUBMITTED,
        EventKind.CUSTOMER_REPLIED,
        EventKind.ESCALATED,
        EventKind.CANCELLED,
    ],
)
def test_customers_are_not_told_what_customers_said(kind: EventKind) -> None:
    facts = {**CASE, "text": "CANARY"}
    letter = LETTERS.write(a_letter_to(Audience.CUSTOMER, kind, facts))

    assert "CANARY" not in letter.text + letter.html


def test_customers_read_what_staff_told_them() -> None:
    letter = LETTERS.write(a_letter_to(Audience.CUSTOMER, EventKind.AGENT_REPLIED, CASE))

    assert "\nWe wrote:\n\n> The printer is on fire.\n> Please come.\n" in letter.text
    assert ("br", "Please come.") in Elements(letter.html).words


@pytest.mark.parametrize("field", [*STAFF, "text", "ticketId", "recipientName"])
@pytest.mark.parametrize("door", Door)
def test_no_subject_holds_what_a_stranger_typed(door: Door, field: str) -> None:
    facts = {**DOORS[door], field: "CANARY"}
    subjects = [
        LETTERS.write(a_letter_to(audience, kind, facts)).subject for kind, audience in MAILED
    ]

    assert "CANARY" not in "".join(subjects)


@pytest.mark.parametrize("door", Door)
def test_indonesian_is_another_language_in_every_word_of_ours(door: Door) -> None:
    for kind, audience in MAILED:
        english, indonesian = (
            LETTERS.write(a_letter_to(audience, kind, DOORS[door], language))
            for language in LANGUAGES
        )

        assert english.subject != indonesian.subject
        assert len(our_words(english)) == len(our_words(indonesian))
        assert set() == set(our_words(english)) & set(our_words(indonesian))


def our_words(letter: Letter) -> list[str]:
    """What stands where no fact stands alone."""
    return [words for tag, words in Elements(letter.html).words if tag in {"p", "th", "title"}]


def test_who_reads_no_language_of_ours_reads_the_first() -> None:
    strange, english = (
        LETTERS.write(a_letter_to(Audience.STAFF, EventKind.CLOSED, FACTS, language))
        for language in ("tlh", "en")
    )

    assert english == strange


def test_a_notice_that_says_nothing_has_a_letter_all_the_same() -> None:
    letter = LETTERS.write(a_letter_to(Audience.STAFF, EventKind.SUBMITTED, {}))

    assert f"New ticket {TICKET.hex[-8:]}" == letter.subject
    assert letter.text.startswith("Hello,\n\nThere is a new ticket.\n\n")


awkward = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from('\r\n\0\v\f\x1c\x85\u2028\u2029\u202e\t .>:{}%#<&"\\'),
    )
)
UNFIT = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@given(
    facts=st.fixed_dictionaries({}, optional=dict.fromkeys(CASE, awkward)),
    told=st.sampled_from(MAILED),
    language=st.sampled_from(LANGUAGES),
)
def test_any_facts_make_a_letter_of_plain_characters(
    facts: dict[str, str], told: tuple[EventKind, Audience], language: str
) -> None:
    letter = LETTERS.write(a_letter_to(told[1], told[0], facts, language))
    tags = {tag for tag, _ in Elements(letter.html).starts}

    assert UNFIT.search(letter.subject + letter.text + letter.html) is None
    assert "\n" not in letter.subject
    assert tags <= ELEMENTS
    assert {PUBLIC_URL, STATUS_PAGE} >= Elements(letter.html).links()


@given(text=awkward)
def test_no_line_of_a_stranger_passes_for_one_of_ours(text: str) -> None:
    said = LETTERS.write(
        a_letter_to(Audience.STAFF, EventKind.SUBMITTED, {**FACTS, "text": text})
    ).text
    theirs = said.partition("The submitter wrote:\n\n")[2].rpartition("\n\n")[0].split("\n")

    assert {True} == {line[:1] in {">", ""} for line in theirs}


GSM = set(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@given(
    facts=st.fixed_dictionaries({}, optional=dict.fromkeys([*CASE, "digest"], awkward)),
    told=st.sampled_from([each for each in MAILED if each[1] is not Audience.CUSTOMER]),
    language=st.sampled_from(LANGUAGES),
)
def test_any_text_message_goes_in_one_piece(
    facts: dict[str, str], told: tuple[EventKind, Audience], language: str
) -> None:
    said = LETTERS.text_message(a_letter_to(told[1], told[0], facts, language))

    assert 0 < len(said) <= LONGEST_TEXT_MESSAGE == 160
    assert set(said) <= GSM


def test_a_text_message_says_which_case_and_how_urgent_it_is() -> None:
    notice = a_letter_to(Audience.STAFF, EventKind.ESCALATED, CASE)

    assert "Helpdesk: Escalated: case CW-2026-0123456789, high, technical" == (
        LETTERS.text_message(notice)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_says_that_there_is_more_than_is_sent(language: str) -> None:
    facts = {**CASE, "digest": "yes"}
    said = LETTERS.text_message(a_letter_to(Audience.STAFF, EventKind.SUBMITTED, facts, language))
    more = {"en": "there is more news than is sent", "id": "lebih banyak kabar daripada"}

    assert more[language] in said
    assert "CW-2026-0123456789" in said
    assert not said.endswith("...")


@pytest.mark.parametrize("field", [*STAFF, "text", "recipientName"])
def test_no_text_message_holds_what_a_stranger_typed(field: str) -> None:
    for kind, audience in MAILED:
        notice = a_letter_to(audience, kind, {**CASE, field: "CANARY"})

        assert "CANARY" not in LETTERS.text_message(notice)


def test_letters_that_do_not_fit_the_alphabet_lose_their_accents() -> None:
    facts = {**FACTS, "department": "Çağ [€] 東京"}
    notice = a_letter_to(Audience.STAFF, EventKind.SUBMITTED, facts)

    assert "Çag (?) ??, Incident" in LETTERS.text_message(notice)
