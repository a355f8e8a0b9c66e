"""Signing in with a provider: there, back, and let in or not."""

from datetime import timedelta

import attrs
import pytest

from helpdesk_core.audit import AuditKind, door_subject, person_subject
from helpdesk_core.errors import (
    Forbidden,
    Invalid,
    NotFound,
    SignInRefused,
    TooMany,
    Unavailable,
)
from helpdesk_core.identities import LONGEST_NAME, VerifiedIdentity
from helpdesk_core.limits import SIGN_INS_BEGUN, SIGN_INS_REFUSED
from helpdesk_core.people import OPERATOR, Caller, Role
from helpdesk_core.persons import THE_DESK
from helpdesk_core.ports import Ports, UnitOfWork
from helpdesk_core.sessions import LONGEST_DEVICE
from helpdesk_core.sign_ins import UNDER_WAY
from helpdesk_core.testing.account_builders import vouched_for
from helpdesk_core.testing.builders import a_directory
from helpdesk_core.use_cases.entering import Visit
from helpdesk_core.use_cases.sessions import current_session
from helpdesk_core.use_cases.sign_in import begin_sign_in, finish_sign_in, ways_in
from helpdesk_core.use_cases.sign_in_links import make_link, take_link
from helpdesk_memory import MemoryDesk, MemoryProvider
from tests.core.account_house import AGENT, FROM, records, sign_in


def test_who_signs_in_for_the_first_time_is_a_customer_with_an_id_of_their_own(
    desk: MemoryDesk,
) -> None:
    user = sign_in(desk, vouched_for()).user

    assert ("Person 8000", "person.8000@example.org", Role.CUSTOMER) == (
        user.name,
        user.email,
        user.role,
    )


def test_who_comes_again_is_the_same_person(desk: MemoryDesk) -> None:
    first = sign_in(desk, vouched_for()).user

    assert first == sign_in(desk, vouched_for()).user


def test_who_comes_with_a_new_name_and_address_is_the_same_person(desk: MemoryDesk) -> None:
    first = sign_in(desk, vouched_for()).user
    again = sign_in(desk, vouched_for(name="Renamed", email="new@example.org")).user

    assert (first.id, "Renamed", "new@example.org") == (again.id, again.name, again.email)


def test_who_comes_without_a_name_keeps_theirs(desk: MemoryDesk) -> None:
    _ = sign_in(desk, vouched_for())

    assert "Person 8000" == sign_in(desk, vouched_for(name="")).user.name


def test_who_never_had_a_name_is_called_by_their_address(desk: MemoryDesk) -> None:
    assert "person.8000@example.org" == sign_in(desk, vouched_for(name="")).user.name


@pytest.mark.parametrize("name", ["A\x00b", "A\ud800b", "A\r\nb", "A\N{RIGHT-TO-LEFT OVERRIDE}b"])
def test_whatever_a_provider_calls_somebody_is_one_storable_line(
    desk: MemoryDesk, name: str
) -> None:
    assert "A b" == sign_in(desk, vouched_for(name=name)).user.name
    assert LONGEST_NAME == len(sign_in(desk, vouched_for(name=name * 200)).user.name)


@pytest.mark.parametrize(
    "other", [vouched_for(subject="another"), vouched_for(issuer="https://other.example.net")]
)
def test_two_identities_of_one_address_are_two_people(
    desk: MemoryDesk, other: VerifiedIdentity
) -> None:
    assert sign_in(desk, vouched_for()).user.id != sign_in(desk, other).user.id


def test_an_agent_s_verified_address_signs_in_as_that_agent(desk: MemoryDesk) -> None:
    assert AGENT.as_user() == sign_in(desk, vouched_for(email=AGENT.email.upper())).user


@pytest.mark.parametrize(
    "other", [vouched_for(subject="another"), vouched_for(issuer="https://other.example.net")]
)
def test_no_other_identity_signs_in_as_an_agent_who_has_one(
    desk: MemoryDesk, other: VerifiedIdentity
) -> None:
    _ = sign_in(desk, vouched_for(email=AGENT.email))

    with pytest.raises(SignInRefused):
        _ = sign_in(desk, attrs.evolve(other, email=AGENT.email))


def test_a_mailed_link_binds_no_agent(desk: MemoryDesk) -> None:
    secret = make_link(desk.ports, AGENT.email, OPERATOR)
    by_link = take_link(desk.ports, secret, None, Visit())

    assert by_link.user == sign_in(desk, vouched_for(email=AGENT.email)).user
    assert THE_DESK == by_link.session.issuer


def test_a_customer_who_became_an_agent_signs_in_as_the_agent(desk: MemoryDesk) -> None:
    directory = a_directory()
    without = {it.id: it for it in directory.agents.values() if it.id != AGENT.id}
    empty = MemoryDesk(desk.clock())
    before = sign_in(empty, vouched_for(email=AGENT.email))
    with empty.ports.begin() as uow:
        uow.save_directory(directory)
        uow.commit()
    after = sign_in(empty, vouched_for(email=AGENT.email))

    assert without
    assert before.user.id != AGENT.id
    assert AGENT.as_user() == after.user


def test_the_session_is_the_browser_s(desk: MemoryDesk) -> None:
    visit = Visit(caller=FROM, device="A\nbrowser " + "x" * LONGEST_DEVICE)
    signed_in = sign_in(desk, vouched_for(), visit)
    current = current_session(desk.ports, signed_in.secret)

    assert current is not None
    assert (signed_in.session, signed_in.user) == (current.session, current.user)
    assert ("192.0.2.7", LONGEST_DEVICE) == (current.session.origin, len(current.session.device))
    assert current.session.device.startswith("A browser xxx")


def test_no_secret_is_in_what_is_kept_or_shown(desk: MemoryDesk) -> None:
    signed_in = sign_in(desk, vouched_for())

    assert signed_in.secret not in repr(signed_in)
    assert signed_in.secret.encode() not in signed_in.session.digest


def test_signing_in_again_renews_the_session(desk: MemoryDesk) -> None:
    first = sign_in(desk, vouched_for())
    second = sign_in(desk, vouched_for(), Visit(caller=FROM, former=first.secret))

    assert None is current_session(desk.ports, first.secret)
    assert first.secret != second.secret
    assert first.session.id != second.session.id


@pytest.mark.parametrize("former", ["", "fixed by somebody else"])
def test_a_secret_that_was_set_beforehand_opens_nothing(desk: MemoryDesk, former: str) -> None:
    signed_in = sign_in(desk, vouched_for(), Visit(caller=FROM, former=former))

    assert former != signed_in.secret
    assert None is current_session(desk.ports, former)


def test_the_browser_goes_where_it_wanted(desk: MemoryDesk) -> None:
    assert "/api/x?y=z" == sign_in(desk, vouched_for(), target="/api/x?y=z").target


def test_nobody_sets_out_for_another_place(desk: MemoryDesk) -> None:
    with pytest.raises(Invalid):
        _ = begin_sign_in(desk.ports, None, target="//evil.example.net")


def test_the_only_provider_needs_no_naming(desk: MemoryDesk) -> None:
    assert begin_sign_in(desk.ports, None).url.startswith("https://memory.example.com/")


@pytest.mark.parametrize("key", [None, "nobody", 7, ""])
def test_a_provider_that_there_is_not_is_not_found(desk: MemoryDesk, key: object) -> None:
    providers = {"a": MemoryProvider("a"), "b": MemoryProvider("b")}

    with pytest.raises(NotFound):
        _ = begin_sign_in(attrs.evolve(desk.ports, providers=providers), key)


def test_the_ways_in_are_the_providers_and_links(desk: MemoryDesk) -> None:
    ways = ways_in(desk.ports)

    assert ([desk.provider], True) == (list(ways.providers), ways.by_link)
    assert not ways_in(attrs.evolve(desk.ports, link_post=None)).by_link


@pytest.mark.parametrize("browser", [None, "", "another browser's"])
def test_a_browser_that_did_not_set_out_does_not_come_back(
    desk: MemoryDesk, browser: str | None
) -> None:
    set_out = begin_sign_in(desk.ports, None)
    returned = desk.provider.vouch_for(vouched_for(), "1")
    with pytest.raises(SignInRefused):
        _ = finish_sign_in(desk.ports, browser, returned, Visit(caller=FROM))

    assert finish_sign_in(desk.ports, set_out.browser, returned, Visit(caller=FROM)).secret


def test_a_browser_comes_back_once(desk: MemoryDesk) -> None:
    set_out = begin_sign_in(desk.ports, None)
    returned = desk.provider.vouch_for(vouched_for(), "1")
    _ = finish_sign_in(desk.ports, set_out.browser, returned, Visit(caller=FROM))

    with pytest.raises(SignInRefused):
        _ = finish_sign_in(desk.ports, set_out.browser, returned, Visit(caller=FROM))


def test_a_browser_that_was_refused_sets_out_anew(desk: MemoryDesk) -> None:
    set_out = begin_sign_in(desk.ports, None)
    with pytest.raises(SignInRefused):
        _ = finish_sign_in(desk.ports, set_out.browser, {"state": "forged"}, Visit(caller=FROM))
    returned = desk.provider.vouch_for(vouched_for(), "1")

    with pytest.raises(SignInRefused):
        _ = finish_sign_in(desk.ports, set_out.browser, returned, Visit(caller=FROM))


def test_a_browser_that_comes_back_late_is_refused(desk: MemoryDesk) -> None:
    set_out = begin_sign_in(desk.ports, None)
    returned = desk.provider.vouch_for(vouched_for(), "1")
    desk.clock.set(desk.clock() + UNDER_WAY)

    with pytest.raises(SignInRefused):
        _ = finish_sign_in(desk.ports, set_out.browser, returned, Visit(caller=FROM))


def test_who_sets_out_too_often_waits(desk: MemoryDesk) -> None:
    for _ in range(SIGN_INS_BEGUN.amount):
        _ = begin_sign_in(desk.ports, None, caller=FROM)

    with pytest.raises(TooMany):
        _ = begin_sign_in(desk.ports, None, caller=FROM)
    assert begin_sign_in(desk.ports, None, caller=Caller(origin="192.0.2.8")).url


def test_refusals_are_counted_and_past_the_limit_nothing_is_written(desk: MemoryDesk) -> None:
    for _ in range(SIGN_INS_REFUSED.amount):
        with pytest.raises(SignInRefused):
            _ = finish_sign_in(desk.ports, "x", {}, Visit(caller=FROM))
    with pytest.raises(TooMany):
        _ = finish_sign_in(desk.ports, "x", {}, Visit(caller=FROM))

    assert SIGN_INS_REFUSED.amount == len(records(desk.ports))


def test_people_sign_in_while_nobody_can_count(desk: MemoryDesk, uncounted: Ports) -> None:
    set_out = begin_sign_in(uncounted, None, caller=FROM)
    returned = desk.provider.vouch_for(vouched_for(), "1")

    assert finish_sign_in(uncounted, set_out.browser, returned, Visit(caller=FROM)).secret


def test_a_sign_in_is_recorded_with_who_and_from_where(desk: MemoryDesk) -> None:
    signed_in = sign_in(desk, vouched_for(), Visit(caller=FROM, device="A browser"))
    [record] = records(desk.ports)

    assert (person_subject(signed_in.user.id), AuditKind.SIGNED_IN.value) == (
        record.subject,
        record.kind,
    )
    assert (signed_in.user.id, "192.0.2.7") == (record.actor_id, record.origin)
    assert {"issuer": vouched_for().issuer, "device": "A browser"} == record.details


def test_a_refusal_is_recorded_with_its_reason(desk: MemoryDesk) -> None:
    with pytest.raises(SignInRefused):
        _ = sign_in(desk, vouched_for(email=None))
    [record] = records(desk.ports)

    assert (door_subject("192.0.2.7"), AuditKind.SIGN_IN_REFUSED.value) == (
        record.subject,
        record.kind,
    )
    assert {"reason": "no verified address"} == record.details


def test_a_refusal_that_cannot_be_recorded_is_a_refusal(desk: MemoryDesk) -> None:
    begin, broken = desk.ports.begin, iter([False, True])

    def begin_or_break() -> UnitOfWork:
        if next(broken):
            raise Unavailable
        return begin()

    ports = attrs.evolve(desk.ports, begin=begin_or_break)
    with pytest.raises(SignInRefused):
        _ = finish_sign_in(ports, "x", {}, Visit(caller=FROM))


def test_nobody_but_who_manages_accounts_makes_a_link(desk: MemoryDesk) -> None:
    caller = attrs.evolve(FROM, user=sign_in(desk, vouched_for()).user)

    with pytest.raises(Forbidden):
        _ = make_link(desk.ports, AGENT.email, caller)


def test_a_session_that_rested_half_a_day_opens_nothing(desk: MemoryDesk) -> None:
    signed_in = sign_in(desk, vouched_for())
    desk.clock.set(desk.clock() + timedelta(hours=12))

    assert None is current_session(desk.ports, signed_in.secret)
