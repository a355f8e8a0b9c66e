"""Staff look after the notices: what stands where, and what died is sent again."""

import attrs
import pytest

from helpdesk_core.errors import Forbidden, Invalid, InvalidTransition, NotFound, NotSignedIn
from helpdesk_core.notices import Notice
from helpdesk_core.people import STRANGER, Caller, Role
from helpdesk_core.routing import Channel
from helpdesk_core.testing.builders import (
    a_case,
    a_case_ticket,
    a_change,
    a_customer,
    a_notice,
    a_ticket,
    an_id,
)
from helpdesk_core.tickets import Ticket
from helpdesk_core.use_cases.delivering import LEASE
from helpdesk_core.use_cases.notifications import (
    SHOWN,
    RawNoticeQuery,
    read_notifications,
    retry_notification,
)
from helpdesk_memory import MemoryDesk

MANAGER = Caller(user=a_customer(5, role=Role.MANAGEMENT))
AGENT = Caller(user=a_customer(6, role=Role.AGENT))

OF_THE_CASE = a_notice(3001, recipient="ana@example.com")
TEXTED = a_notice(3002, ticket_id=an_id(1001), channel=Channel.SMS, recipient="+491234567")
DEAD = a_notice(3003, ticket_id=an_id(1001), recipient="nobody@example.com")


@pytest.fixture
def looked_after(desk: MemoryDesk) -> MemoryDesk:
    """A desk with three notices: a queued mail of a case, a queued SMS, and a mail that is dead."""
    stored(desk, a_ticket(1001), DEAD)
    (claim,) = desk.outbox.claim(limit=1, lease=LEASE)
    assert desk.outbox.give_up(claim, reason="No such mailbox")
    stored(desk, a_case_ticket(), OF_THE_CASE)
    stored(desk, a_ticket(1001, version=2), TEXTED)
    return desk


def stored(desk: MemoryDesk, ticket: Ticket, *notices: Notice) -> None:
    with desk.ports.begin() as uow:
        uow.save(a_change(ticket), notices)
        uow.commit()


def shown(desk: MemoryDesk, **raw: object) -> list[Notice]:
    """The notices that an agent is shown."""
    read = read_notifications(desk.ports, RawNoticeQuery(**raw), AGENT)
    return [standing.notice for standing in read.notices]


def test_all_notices_are_shown_the_latest_first(looked_after: MemoryDesk) -> None:
    assert [DEAD, TEXTED, OF_THE_CASE] == shown(looked_after)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"channel": "sms"}, [TEXTED]),
        ({"channel": "webhook"}, []),
        ({"status": "dead"}, [DEAD]),
        ({"status": "queued", "channel": "mail"}, [OF_THE_CASE]),
        ({"status": "failed"}, []),
        ({"case_number": a_case().number.lower()}, [OF_THE_CASE]),
        ({"case_number": a_case().number, "status": "dead"}, []),
        ({"case_number": " ", "status": None, "channel": ""}, [DEAD, TEXTED, OF_THE_CASE]),
    ],
)
def test_only_those_are_shown_that_were_asked_for(
    looked_after: MemoryDesk, raw: dict[str, object], expected: list[Notice]
) -> None:
    assert expected == shown(looked_after, **raw)


def test_what_was_tried_in_vain_is_shown_as_failed(looked_after: MemoryDesk) -> None:
    for claim in looked_after.outbox.claim(limit=1, lease=LEASE):
        assert looked_after.outbox.retry(claim, after=LEASE, reason="busy")

    assert [OF_THE_CASE] == shown(looked_after, status="failed")


def test_every_channel_is_shown_whatever_was_asked_for(looked_after: MemoryDesk) -> None:
    raw = RawNoticeQuery(status="dead")
    mail, sms = read_notifications(looked_after.ports, raw, AGENT).channels

    assert (("mail", 1, 1, "No such mailbox"), ("sms", 1, 0, "")) == tuple(
        (it.channel.value, it.queued, it.dead, it.last_error) for it in (mail, sms)
    )


def test_no_more_are_shown_than_fit(desk: MemoryDesk) -> None:
    stored(desk, a_ticket(), *(a_notice(3000 + number) for number in range(SHOWN + 1)))

    assert [an_id(3000 + SHOWN), an_id(3001)] == [it.id for it in (shown(desk)[0], shown(desk)[-1])]


def test_all_that_is_wrong_with_a_query_is_said_at_once(looked_after: MemoryDesk) -> None:
    with pytest.raises(Invalid) as refused:
        _ = shown(looked_after, channel="pigeon", status=3, case_number=7)

    assert {"channel", "status", "caseNumber"} == refused.value.details.keys()


@pytest.mark.parametrize("number", ["CW-2026-9999999999", "nonsense"])
def test_a_case_that_there_is_none_of_is_not_found(looked_after: MemoryDesk, number: str) -> None:
    with pytest.raises(NotFound):
        _ = shown(looked_after, case_number=number)


def test_a_dead_notice_is_sent_again(looked_after: MemoryDesk) -> None:
    assert DEAD.id == retry_notification(looked_after.ports, str(DEAD.id), MANAGER)
    assert [DEAD, TEXTED, OF_THE_CASE] == shown(looked_after, status="queued")


@pytest.mark.parametrize("notice", [OF_THE_CASE, TEXTED])
def test_a_notice_that_is_not_dead_is_not_sent_again(
    looked_after: MemoryDesk, notice: Notice
) -> None:
    with pytest.raises(InvalidTransition, match="Only a dead notification can be sent again"):
        _ = retry_notification(looked_after.ports, str(notice.id), MANAGER)


@pytest.mark.parametrize("notice_id", [None, "", "x", 7, str(an_id(9999)), [str(DEAD.id)]])
def test_a_notice_that_there_is_none_of_is_not_found(
    looked_after: MemoryDesk, notice_id: object
) -> None:
    with pytest.raises(NotFound, match="Notification not found"):
        _ = retry_notification(looked_after.ports, notice_id, MANAGER)


@pytest.mark.parametrize(("caller", "refusal"), [(STRANGER, NotSignedIn), (AGENT, Forbidden)])
def test_only_managers_and_administrators_send_again(
    looked_after: MemoryDesk, caller: Caller, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _ = retry_notification(looked_after.ports, str(DEAD.id), caller)

    assert [DEAD] == shown(looked_after, status="dead")


def test_a_desk_without_an_outbox_says_so(desk: MemoryDesk) -> None:
    ports = attrs.evolve(desk.ports, outbox=None)

    with pytest.raises(Forbidden, match="cannot be looked at from here"):
        _ = read_notifications(ports, RawNoticeQuery(), MANAGER)
