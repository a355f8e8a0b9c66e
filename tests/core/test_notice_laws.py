"""Laws of the notices: whatever happens, and whatever a desk decides about its table."""

from collections.abc import Mapping
from functools import partial
from itertools import count
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.addressees import NEVER_MAILED, Addressees, may_be_mailed
from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.messages import AuthorType
from helpdesk_core.notices import Notice, notices_of
from helpdesk_core.routing import (
    AMONG_STAFF,
    CONTRACT_ROUTING,
    REACHED_BY,
    Audience,
    Channel,
    NoticeRule,
    routing_with,
)
from helpdesk_core.support import Urgency
from helpdesk_core.testing.builders import (
    NOW,
    a_case,
    a_case_ticket,
    a_change,
    a_directory,
    a_message,
    a_ticket,
    an_event,
    an_id,
)
from helpdesk_core.testing.directories import ACTIVE_AGENT, MUTED_AGENT, OTHER_AGENT
from helpdesk_core.testing.drawn_directories import notice_rules
from helpdesk_core.tickets import Change, Ticket, assign, then, unchanged

CANARY: Final = "c4n4ry"
TYPED: Final[Mapping[str, Any]] = {
    "description": f"{CANARY} description",
    "submitter_name": f"{CANARY} name",
}
TYPED_OF_A_CASE: Final[Mapping[str, Any]] = {
    "subject": f"{CANARY} subject",
    "organization": f"{CANARY} organization",
    "project": f"{CANARY} project",
    "phone": "+99999999999",
}
DESK: Final = Addressees(
    staff_mail="desk@example.com",
    management_mail="boss@example.com",
    systems=("metrics",),
    own=frozenset({"bot@example.com"}),
)
ASSIGNEES: Final = st.sampled_from([None, ACTIVE_AGENT, OTHER_AGENT, MUTED_AGENT])
PHONES: Final = {ACTIVE_AGENT: "+4900001", OTHER_AGENT: "+4900002"}

EVERY_RULE: Final = tuple(
    NoticeRule(door=door, event=kind, audience=audience, channel=channel, is_sent=True)
    for door in Door
    for kind in EventKind
    for audience in Audience
    for channel in sorted(REACHED_BY[audience], key=lambda it: it.value)
    if not (audience is Audience.CUSTOMER and kind in AMONG_STAFF)
)
"""Everybody is told of everything that they may be told of."""


def told_of(change: Change, rules: tuple[NoticeRule, ...] = ()) -> tuple[Notice, ...]:
    """The notices of a change at a desk with those rules, where two agents take text messages."""
    whole = a_directory()
    agents = {
        key: attrs.evolve(agent, phone=PHONES.get(key), wants_sms=key in PHONES)
        for key, agent in whole.agents.items()
    }
    held = attrs.evolve(whole, agents=agents, notice_rules=rules)
    return notices_of(change, held, CONTRACT_ROUTING, DESK, partial(next, map(an_id, count(1))))


@st.composite
def changes(draw: st.DrawFn, *, is_internal: bool | None = None) -> Change:
    """A few events of a ticket by either door, of which a stranger typed all that they may."""
    urgency = draw(st.sampled_from(Urgency))
    signed_in = draw(st.sampled_from([None, an_id(7)]))
    typed = {**TYPED, "assigned_to": draw(ASSIGNEES)}
    case = a_case(urgency=urgency, **TYPED_OF_A_CASE)
    by_support = a_case_ticket(case=case, submitted_by=signed_in, **typed)
    ticket = by_support if draw(st.booleans()) else a_ticket(**typed)
    kinds = draw(st.lists(st.sampled_from(EventKind), min_size=1, max_size=4))
    details = {"previousAgentId": str(OTHER_AGENT), "reason": f"{CANARY} reason"}
    events = (an_event(kind, details=details) for kind in kinds)
    return a_change(ticket, *events, message=draw(_messages(kinds, is_internal=is_internal)))


def _messages(kinds: list[EventKind], *, is_internal: bool | None) -> st.SearchStrategy[Any]:
    """None, a customer's message, or one of staff, as the events have it."""
    if EventKind.CUSTOMER_REPLIED in kinds and not is_internal:
        said = a_message(body=f"{CANARY} reply", author_type=AuthorType.CUSTOMER)
        return st.just(said)
    note = a_message(body=f"{CANARY} note", is_internal=True)
    reply = a_message(body="What staff say")
    return {None: st.sampled_from([None, note, reply]), True: st.just(note)}.get(
        is_internal, st.sampled_from([None, reply])
    )


# Built anew: Hypothesis would otherwise write them all into the strategy's name.
rules = st.builds(lambda: EVERY_RULE) | notice_rules()


@given(changes(), rules)
def test_nobody_is_told_twice_by_one_channel_of_one_change(
    change: Change, decided: tuple[NoticeRule, ...]
) -> None:
    told = [(notice.channel, notice.recipient.casefold()) for notice in told_of(change, decided)]

    assert sorted(set(told), key=str) == sorted(told, key=str)


@given(changes(), rules)
def test_no_mail_to_a_customer_holds_a_word_that_a_stranger_typed(
    change: Change, decided: tuple[NoticeRule, ...]
) -> None:
    facts = [
        text
        for notice in told_of(change, decided)
        if notice.audience is Audience.CUSTOMER
        for text in (*notice.facts, *notice.facts.values())
    ]

    assert not [text for text in facts if CANARY in text or "+9999" in text]


@given(changes(is_internal=True), rules)
def test_an_internal_update_never_reaches_a_customer(
    change: Change, decided: tuple[NoticeRule, ...]
) -> None:
    """Nor does what it moved; a customer is told who has the ticket now, and not the note."""
    told = [it for it in told_of(change, decided) if it.audience is Audience.CUSTOMER]

    assert {"assigned", "reassigned"} >= {notice.kind.value for notice in told}
    assert {""} >= {notice.facts["text"] for notice in told}


@given(changes(), rules)
def test_no_system_is_told_the_text_of_a_note(
    change: Change, decided: tuple[NoticeRule, ...]
) -> None:
    told = [it for it in told_of(change, decided) if it.channel is Channel.WEBHOOK]

    assert not [it for it in told if f"{CANARY} note" in it.facts.values()]


@given(changes(), rules)
def test_text_messages_go_to_numbers_of_the_directory_alone(
    change: Change, decided: tuple[NoticeRule, ...]
) -> None:
    texted = {it.recipient for it in told_of(change, decided) if it.channel is Channel.SMS}

    assert set(PHONES.values()) >= texted


@given(changes(), notice_rules())
def test_what_is_switched_off_is_told_to_nobody(
    change: Change, decided: tuple[NoticeRule, ...]
) -> None:
    off = tuple(attrs.evolve(rule, is_sent=False) for rule in EVERY_RULE)

    assert () == told_of(change, (*decided, *off))


@given(changes())
def test_a_desk_that_decided_nothing_follows_the_contract(change: Change) -> None:
    as_it_is = routing_with(())

    assert CONTRACT_ROUTING == as_it_is
    assert told_of(change) == told_of(change, ())


@given(notice_rules(), notice_rules())
def test_rules_add_up(one: tuple[NoticeRule, ...], other: tuple[NoticeRule, ...]) -> None:
    assert routing_with((*one, *other)) == routing_with(other, routing_with(one))


@given(notice_rules())
def test_rules_said_again_change_nothing(decided: tuple[NoticeRule, ...]) -> None:
    once = routing_with(decided)

    assert once == routing_with(decided, once)


@given(decided=notice_rules().filter(bool), is_sent=st.booleans())
def test_of_two_rules_for_a_cell_the_last_stands(
    decided: tuple[NoticeRule, ...], *, is_sent: bool
) -> None:
    last = attrs.evolve(decided[0], is_sent=is_sent, urgencies=frozenset())

    assert routing_with((*decided[1:], last)) == routing_with((*decided, last))


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind in AMONG_STAFF])
@pytest.mark.parametrize("door", Door)
def test_no_rule_tells_a_customer_what_is_said_among_staff(door: Door, kind: EventKind) -> None:
    with pytest.raises(ValueError, match="never told to a customer"):
        _ = NoticeRule(
            door=door,
            event=kind,
            audience=Audience.CUSTOMER,
            channel=Channel.MAIL,
            is_sent=True,
        )


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("channel", Channel)
def test_no_rule_has_a_channel_that_does_not_reach_its_audience(
    audience: Audience, channel: Channel
) -> None:
    make = partial(
        NoticeRule,
        door=Door.SUPPORT,
        event=EventKind.SUBMITTED,
        audience=audience,
        channel=channel,
        is_sent=True,
    )
    if channel in REACHED_BY[audience]:
        assert make().is_sent
        return
    with pytest.raises(ValueError, match=f"cannot be reached by {channel.value}"):
        _ = make()


@pytest.mark.parametrize("ticket", [a_ticket(), a_case_ticket()])
def test_a_repeat_of_the_same_assignment_tells_nobody(ticket: Ticket) -> None:
    agent = a_directory().agents[ACTIVE_AGENT]
    first = assign(ticket, agent, by=None, now=NOW)
    again = assign(first.ticket, agent, by=None, now=NOW)

    assert () == told_of(again, EVERY_RULE)
    assert () != told_of(first, EVERY_RULE)


def test_a_new_assignee_is_told_and_so_is_the_one_before() -> None:
    directory = a_directory()
    one, two = directory.agents[ACTIVE_AGENT], directory.agents[OTHER_AGENT]
    first = assign(a_case_ticket(), one, by=None, now=NOW)
    second = assign(first.ticket, two, by=None, now=NOW)

    assert [
        ("customer", "ana@example.com"),
        ("assignee", "two@example.com"),
        ("previous assignee", "one@example.com"),
        ("systems", "metrics"),
    ] == [(it.audience.value, it.recipient) for it in told_of(second)]
    assert "Agent Two" == told_of(second)[0].facts["assignedTo"]


def test_nothing_after_nothing_tells_nobody() -> None:
    nothing = then(unchanged(a_ticket()), unchanged)

    assert () == told_of(nothing, EVERY_RULE)


def test_an_intake_submitter_who_signed_in_is_called_by_name() -> None:
    ticket = a_ticket(submitted_by=an_id(7))
    told = told_of(a_change(ticket, an_event(EventKind.CLOSED)))

    assert ["Ana"] == [it.facts["recipientName"] for it in told if it.channel is Channel.MAIL]


@pytest.mark.parametrize(
    "address",
    [
        *(f"{name}@example.org" for name in sorted(NEVER_MAILED)),
        "Mailer-Daemon@example.org",
        "noreply+4711@example.org",
        "owner-dogs@example.org",
        "dogs-request@example.org",
        "dogs-bounces+ana=example.org@example.org",
        "dogs-unsubscribe@example.org",
        "desk@example.com",
        "DESK@EXAMPLE.COM",
        "desk+again@example.com",
        "boss@example.com",
        "bot@example.com",
    ],
)
def test_machines_lists_and_the_desk_itself_are_never_mailed(address: str) -> None:
    change = a_change(a_case_ticket(submitter_email=address))

    assert not may_be_mailed(address, DESK)
    assert not [it for it in told_of(change, EVERY_RULE) if it.audience is Audience.CUSTOMER]


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.com",
        "ana+desk@example.com",
        "noreplyana@example.org",
        "desk@example.org",
        "request@example.org",
        "the-owner-of-dogs@example.org",
    ],
)
def test_people_are_mailed(address: str) -> None:
    assert may_be_mailed(address, DESK)
