"""Links by mail: good once, in one browser, and no word on who has the address."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from helpdesk_core.audit import AuditKind
from helpdesk_core.errors import (
    Forbidden,
    Invalid,
    NotSignedIn,
    SignInRefused,
    TooMany,
    Unavailable,
)
from helpdesk_core.limits import (
    LINKS_ASKED_FOR,
    LINKS_TO_AN_ADDRESS,
    LINKS_TO_AN_ADDRESS_A_DAY,
    SIGN_INS_REFUSED,
)
from helpdesk_core.people import OPERATOR, STRANGER, Caller, Role
from helpdesk_core.ports import Ports
from helpdesk_core.sign_ins import LinkRules
from helpdesk_core.testing.builders import a_customer, a_directory
from helpdesk_core.testing.directories import INACTIVE_AGENT
from helpdesk_core.use_cases.entering import Visit
from helpdesk_core.use_cases.sessions import current_session
from helpdesk_core.use_cases.sign_in_links import (
    NO_GOOD_LINK,
    ask_for_link,
    make_link,
    take_link,
)
from helpdesk_memory import MemoryDesk
from tests.core.account_house import AGENT, FROM, records

SOMEBODY = "somebody@example.org"
VISIT = Visit(caller=FROM)


def mailed(desk: MemoryDesk) -> str:
    """The secret that was mailed last."""
    return desk.link_post.mails[-1].secret


def refused(desk: MemoryDesk, secret: str, browser: str | None) -> str:
    with pytest.raises(SignInRefused) as refusal:
        _ = take_link(desk.ports, secret, browser, VISIT)
    return refusal.value.message


def test_who_asks_for_a_link_signs_in_with_it(desk: MemoryDesk) -> None:
    asked = ask_for_link(desk.ports, f" {SOMEBODY} ", target="/a", caller=FROM)
    signed_in = take_link(desk.ports, mailed(desk), asked.browser, VISIT)

    assert (SOMEBODY, SOMEBODY, Role.CUSTOMER, "/a") == (
        signed_in.user.name,
        signed_in.user.email,
        signed_in.user.role,
        signed_in.target,
    )


def test_the_mail_says_until_when_and_in_the_desk_s_language(desk: MemoryDesk) -> None:
    asked = ask_for_link(desk.ports, SOMEBODY)
    [mail] = desk.link_post.mails

    assert (SOMEBODY, "en", desk.clock(), asked.expires_at) == (
        mail.email,
        mail.language,
        mail.asked_at,
        mail.expires_at,
    )
    assert mail.secret not in repr(mail)


def test_the_same_address_is_the_same_person_whatever_its_case(desk: MemoryDesk) -> None:
    users = []
    for email in (SOMEBODY, SOMEBODY.upper()):
        asked = ask_for_link(desk.ports, email)
        users.append(take_link(desk.ports, mailed(desk), asked.browser, VISIT).user)

    assert users[0].id == users[1].id


def test_an_agent_s_link_signs_in_the_agent(desk: MemoryDesk) -> None:
    asked = ask_for_link(desk.ports, AGENT.email)

    assert AGENT.as_user() == take_link(desk.ports, mailed(desk), asked.browser, VISIT).user


def test_a_link_is_good_once(desk: MemoryDesk) -> None:
    asked = ask_for_link(desk.ports, SOMEBODY)
    _ = take_link(desk.ports, mailed(desk), asked.browser, VISIT)

    assert NO_GOOD_LINK == refused(desk, mailed(desk), asked.browser)


def test_a_link_is_good_for_a_quarter_of_an_hour(desk: MemoryDesk) -> None:
    asked = ask_for_link(desk.ports, SOMEBODY)
    desk.clock.set(desk.clock() + timedelta(minutes=15))

    assert NO_GOOD_LINK == refused(desk, mailed(desk), asked.browser)


@pytest.mark.parametrize("browser", [None, "", "another"])
def test_a_link_is_good_in_the_browser_that_asked_alone(
    desk: MemoryDesk, browser: str | None
) -> None:
    """And another's attempt does not use it up."""
    asked = ask_for_link(desk.ports, SOMEBODY)

    assert NO_GOOD_LINK == refused(desk, mailed(desk), browser)
    assert take_link(desk.ports, mailed(desk), asked.browser, VISIT).secret


@pytest.mark.parametrize("secret", ["", "x", "\ud800", "a" * 10_000])
def test_what_is_no_link_is_refused_in_the_same_words(desk: MemoryDesk, secret: str) -> None:
    assert NO_GOOD_LINK == refused(desk, secret, None)


def test_an_agent_who_is_not_active_is_mailed_and_refused(desk: MemoryDesk) -> None:
    """So that asking tells nothing of who is."""
    email = a_directory().agents[INACTIVE_AGENT].email
    asked = ask_for_link(desk.ports, email)

    assert 1 == len(desk.link_post.mails)
    assert NO_GOOD_LINK != refused(desk, mailed(desk), asked.browser)


def test_past_an_address_s_limit_the_answer_is_the_same_and_nothing_is_mailed(
    desk: MemoryDesk,
) -> None:
    answers = [
        ask_for_link(desk.ports, SOMEBODY, caller=Caller(origin=f"192.0.2.{number}"))
        for number in range(LINKS_TO_AN_ADDRESS.amount + 1)
    ]

    assert LINKS_TO_AN_ADDRESS.amount == len(desk.link_post.mails)
    assert 1 == len({answer.expires_at for answer in answers})
    assert 1 == len({len(answer.browser) for answer in answers})


def test_an_address_is_mailed_ten_times_a_day(desk: MemoryDesk) -> None:
    for number in range(15):
        _ = ask_for_link(desk.ports, SOMEBODY, caller=Caller(origin=f"192.0.2.{number}"))
        desk.clock.set(desk.clock() + timedelta(hours=1))

    assert LINKS_TO_AN_ADDRESS_A_DAY.amount == len(desk.link_post.mails)


def test_who_asks_too_often_waits_whatever_the_addresses(desk: MemoryDesk) -> None:
    for number in range(LINKS_ASKED_FOR.amount):
        _ = ask_for_link(desk.ports, f"somebody.{number}@example.org", caller=FROM)

    with pytest.raises(TooMany):
        _ = ask_for_link(desk.ports, SOMEBODY, caller=FROM)


def test_nothing_is_mailed_to_machines_that_answer_machines(desk: MemoryDesk) -> None:
    assert ask_for_link(desk.ports, "mailer-daemon@example.org").browser
    assert [] == desk.link_post.mails


def test_nobody_is_mailed_while_nobody_can_count(desk: MemoryDesk, uncounted: Ports) -> None:
    with pytest.raises(Unavailable):
        _ = ask_for_link(uncounted, SOMEBODY, caller=FROM)
    assert [] == desk.link_post.mails


@pytest.mark.parametrize("email", [None, "", "x", "a@example.org, b@example.org", 7])
def test_what_is_no_address_is_refused(desk: MemoryDesk, email: object) -> None:
    with pytest.raises(Invalid):
        _ = ask_for_link(desk.ports, email)


@pytest.mark.parametrize(
    "fields", [{"link_post": None}, {"links": LinkRules(may_be_asked_for=False)}]
)
def test_a_desk_may_mail_no_links(desk: MemoryDesk, fields: dict[str, Any]) -> None:
    ports = attrs.evolve(desk.ports, **fields)
    with pytest.raises(Forbidden):
        _ = ask_for_link(ports, SOMEBODY)

    assert make_link(ports, SOMEBODY, OPERATOR)


def test_the_operator_s_link_is_good_in_any_browser_once(desk: MemoryDesk) -> None:
    secret = make_link(desk.ports, SOMEBODY, OPERATOR, target="/a", lifetime=timedelta(days=1))
    desk.clock.set(desk.clock() + timedelta(hours=23))

    assert "/a" == take_link(desk.ports, secret, "any", VISIT).target
    assert NO_GOOD_LINK == refused(desk, secret, "any")
    assert [] == desk.link_post.mails


@pytest.mark.parametrize("role", [None, Role.CUSTOMER, Role.AGENT, Role.MANAGEMENT])
def test_nobody_else_makes_a_link(desk: MemoryDesk, role: Role | None) -> None:
    caller = Caller(user=a_customer(5, role=role)) if role else STRANGER

    with pytest.raises(Forbidden if role else NotSignedIn):
        _ = make_link(desk.ports, SOMEBODY, caller)


def test_refusals_are_counted_and_past_the_limit_no_link_is_looked_at(desk: MemoryDesk) -> None:
    secret = make_link(desk.ports, SOMEBODY, OPERATOR)
    for _ in range(SIGN_INS_REFUSED.amount):
        _ = refused(desk, "x", None)

    with pytest.raises(TooMany):
        _ = take_link(desk.ports, secret, None, VISIT)


def test_what_was_asked_for_is_recorded_and_whether_it_was_mailed(desk: MemoryDesk) -> None:
    _ = ask_for_link(desk.ports, SOMEBODY, caller=FROM)
    _ = make_link(desk.ports, SOMEBODY, OPERATOR)
    asked, made = records(desk.ports)

    assert [AuditKind.LINK_MADE.value] * 2 == [asked.kind, made.kind]
    assert (None, "192.0.2.7", {"email": SOMEBODY, "mailed": "yes"}) == (
        asked.actor_id,
        asked.origin,
        asked.details,
    )
    assert (OPERATOR.user and OPERATOR.user.id, {"email": SOMEBODY, "mailed": "no"}) == (
        made.actor_id,
        made.details,
    )


def test_a_link_renews_the_browser_s_session(desk: MemoryDesk) -> None:
    first = take_link(desk.ports, make_link(desk.ports, SOMEBODY, OPERATOR), None, VISIT)
    again = Visit(caller=FROM, former=first.secret)
    _ = take_link(desk.ports, make_link(desk.ports, SOMEBODY, OPERATOR), None, again)

    assert None is current_session(desk.ports, first.secret)
