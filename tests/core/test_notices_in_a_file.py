"""What a directory file may decide about the notices, and about how staff are reached."""

from typing import Any, Final

import pytest

from helpdesk_core.directory import Agent, Directory
from helpdesk_core.directory_file import differences, merged, written
from helpdesk_core.errors import InvalidDirectory
from helpdesk_core.kinds import Door, EventKind
from helpdesk_core.routing import Audience, Channel, NoticeRule
from helpdesk_core.support import Urgency

NO_MAIL: Final = {
    "door": "support",
    "event": "cancelled",
    "audience": "customer",
    "channel": "mail",
    "send": False,
}
TEXTED: Final = {
    "door": "support",
    "event": "submitted",
    "audience": "staff",
    "channel": "sms",
    "send": True,
    "urgencies": ["CRITICAL", "HIGH"],
}
ANI: Final = {"email": "ani@example.com", "name": "Ani"}


def loaded(*rows: object, held: Directory | None = None) -> Directory:
    """The directory after a file with those rows."""
    return merged({"notices": list(rows)}, held or Directory())


def faults_of(document: dict[str, object]) -> dict[str, str]:
    """What is wrong with a document, by its place."""
    with pytest.raises(InvalidDirectory) as refused:
        _ = merged(document, Directory())
    return refused.value.details


def test_a_row_is_a_rule_for_a_cell_of_the_table() -> None:
    assert (
        NoticeRule(
            door=Door.SUPPORT,
            event=EventKind.CANCELLED,
            audience=Audience.CUSTOMER,
            channel=Channel.MAIL,
            is_sent=False,
        ),
        NoticeRule(
            door=Door.SUPPORT,
            event=EventKind.SUBMITTED,
            audience=Audience.STAFF,
            channel=Channel.SMS,
            is_sent=True,
            urgencies=frozenset({Urgency.HIGH, Urgency.CRITICAL}),
        ),
    ) == loaded(NO_MAIL, TEXTED).notice_rules


def test_rules_are_written_as_they_were_read_and_urgencies_from_the_lowest_on() -> None:
    ordered = {**TEXTED, "urgencies": ["HIGH", "CRITICAL"]}

    assert [NO_MAIL, ordered] == written(loaded(NO_MAIL, TEXTED))["notices"]


def test_what_a_file_does_not_decide_about_stays_decided() -> None:
    held = loaded(NO_MAIL)

    both = loaded(NO_MAIL, TEXTED)

    assert both == loaded(TEXTED, held=held)


def test_a_row_takes_the_place_of_the_rule_for_its_cell() -> None:
    again = loaded({**NO_MAIL, "send": True}, held=loaded(NO_MAIL, TEXTED))

    assert [True, True] == [rule.is_sent for rule in again.notice_rules]
    assert [EventKind.CANCELLED, EventKind.SUBMITTED] == [rule.event for rule in again.notice_rules]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ([], [NO_MAIL], "notice of cancelled at the support door to customer by mail: not sent"),
        (
            [NO_MAIL],
            [{**NO_MAIL, "send": True}],
            "notice of cancelled at the support door to customer by mail: sent",
        ),
        (
            [],
            [TEXTED],
            "notice of submitted at the support door to staff by sms: sent for HIGH, CRITICAL",
        ),
        (
            [NO_MAIL],
            [],
            "notice of cancelled at the support door to customer by mail: as in the contract",
        ),
    ],
)
def test_a_difference_is_told_in_words(
    before: list[object], after: list[object], line: str
) -> None:
    assert (line,) == differences(loaded(*before), loaded(*after))


@pytest.mark.parametrize(
    ("fields", "place", "fault"),
    [
        ({"door": "back"}, "notices[0].door", "it must be one of intake, support"),
        ({"door": None}, "notices[0].door", "it is missing"),
        ({"event": "vanished"}, "notices[0].event", "it must be one of submitted, logged,"),
        ({"audience": "press"}, "notices[0].audience", "it must be one of customer, assignee,"),
        ({"channel": "fax"}, "notices[0].channel", "it must be one of mail, sms, webhook"),
        ({"send": "no"}, "notices[0].send", "it must be true or false"),
        ({"send": None}, "notices[0].send", "it is missing"),
        ({"urgencies": "HIGH"}, "notices[0].urgencies", "it must be a list"),
        ({"urgencies": ["TINY"]}, "notices[0].urgencies[0]", "it must be one of LOW, MEDIUM,"),
        ({"urgencies": ["LOW"]}, "notices[0].urgencies", "they go with what is sent"),
        (
            {"send": True, "door": "intake", "urgencies": ["LOW"]},
            "notices[0].urgencies",
            "tickets of the intake door have none",
        ),
        ({"loud": True}, "notices[0].loud", "there is no such field"),
        (
            {"send": True, "channel": "sms"},
            "notices[0]",
            "customer cannot be reached by sms",
        ),
        (
            {"send": True, "event": "noted"},
            "notices[0]",
            "what is said among staff is never told to a customer",
        ),
        (
            {"send": True, "audience": "systems"},
            "notices[0]",
            "systems cannot be reached by mail",
        ),
    ],
)
def test_a_row_that_is_wrong_is_refused_at_its_place(
    fields: dict[str, Any], place: str, fault: str
) -> None:
    faults = faults_of({"notices": [{**NO_MAIL, **fields}]})

    assert [place] == list(faults)
    assert faults[place].startswith(fault)


def test_two_rows_for_one_cell_are_refused() -> None:
    twin = {**NO_MAIL, "send": True}

    assert {"notices[2]": "an earlier row decides about the same notice already"} == faults_of(
        {"notices": [NO_MAIL, TEXTED, twin]}
    )


@pytest.mark.parametrize("rows", [{}, "all", 3])
def test_what_is_no_list_is_refused(rows: object) -> None:
    assert {"notices": "it must be a list"} == faults_of({"notices": rows})


def agent(**fields: object) -> Agent:
    """The agent that a file with those fields makes."""
    (made,) = merged({"agents": [{**ANI, **fields}]}, Directory()).agents.values()
    return made


def test_an_agent_is_reached_by_phone_and_in_a_language() -> None:
    made = agent(phone="+6281234567", sms=True, language="id")

    assert ("+6281234567", True, "id") == (made.phone, made.wants_sms, made.language)


def test_an_agent_takes_no_text_messages_and_the_desks_language_unless_told() -> None:
    assert (None, False, None) == (agent().phone, agent().wants_sms, agent().language)


@pytest.mark.parametrize(
    ("fields", "place", "fault"),
    [
        ({"phone": "081234567"}, "phone", "it must be + and 7 to 15 digits, such as +6281234567"),
        ({"phone": "+123456"}, "phone", "it must be + and 7 to 15 digits, such as +6281234567"),
        ({"phone": "+1234567\n"}, "phone", "it must be + and 7 to 15 digits, such as +6281234567"),
        ({"phone": 6281234567}, "phone", "it must be + and 7 to 15 digits, such as +6281234567"),
        ({"phone": "+٣٣٣٣٣٣٣"}, "phone", "it must be + and 7 to 15 digits, such as +6281234567"),
        ({"sms": True}, "sms", "it needs a phone"),
        ({"sms": 1}, "sms", "it must be true or false"),
        ({"language": "de"}, "language", "it must be one of en, id"),
    ],
)
def test_how_an_agent_is_reached_is_read_strictly(
    fields: dict[str, object], place: str, fault: str
) -> None:
    assert {f"agents[0].{place}": fault} == faults_of({"agents": [{**ANI, **fields}]})
