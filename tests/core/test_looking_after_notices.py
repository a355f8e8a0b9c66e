"""Staff look at the outbox by channel, case and status, and send dead notices again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from helpdesk_core.errors import Forbidden, Invalid, InvalidTransition, NotFound, NotSignedIn
from helpdesk_core.people import Caller, Role, User
from helpdesk_core.testing.builders import a_change, a_notice, an_id
from helpdesk_core.use_cases.notifications import (
    NoticeStatus,
    RawNoticeQuery,
    notice_status,
    read_notifications,
    retry_notification,
)

if TYPE_CHECKING:
    from uuid import UUID

    from helpdesk_memory import MemoryDesk

NEW, FAILED, SENT, DEAD = (an_id(number) for number in (3001, 3002, 3003, 3004))
LATER = timedelta(hours=1)


def somebody(role: Role) -> Caller:
    return Caller(user=User(id=an_id(1), name="Maya", email="maya@example.com", role=role))


MANAGER = somebody(Role.MANAGEMENT)


@pytest.fixture
def desk(desk: MemoryDesk) -> MemoryDesk:
    """A desk with one notice in every status."""
    ids = (FAILED, SENT, DEAD, NEW)
    notices = tuple(a_notice(id=each, recipient=f"{each.int}@example.com") for each in ids)
    with desk.ports.begin() as uow:
        uow.save(a_change(), notices)
        uow.commit()
    claims = {each.notice.id: each for each in desk.outbox.claim(limit=4, lease=timedelta(0))}
    assert desk.outbox.retry(claims[FAILED], after=LATER, reason="busy")
    assert desk.outbox.sent(claims[SENT])
    assert desk.outbox.give_up(claims[DEAD], reason="no such address")
    assert desk.outbox.give_up(claims[NEW], reason="no such address")
    assert desk.outbox.revive(NEW)
    return desk


def shown(desk: MemoryDesk, **wanted: object) -> list[UUID]:
    read = read_notifications(desk.ports, RawNoticeQuery(**wanted), MANAGER)
    return [each.notice.id for each in read.notices]


@pytest.mark.parametrize(
    ("status", "found"), [("queued", NEW), ("failed", FAILED), ("sent", SENT), ("dead", DEAD)]
)
def test_notices_are_found_by_how_they_stand(desk: MemoryDesk, status: str, found: UUID) -> None:
    assert [found] == shown(desk, status=status)


def test_every_notice_stands_in_one_way(desk: MemoryDesk) -> None:
    read = read_notifications(desk.ports, RawNoticeQuery(), MANAGER)

    assert [NoticeStatus.DEAD, NoticeStatus.SENT, NoticeStatus.FAILED, NoticeStatus.QUEUED] == [
        notice_status(each) for each in read.notices
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        {"channel": "pigeon"},
        {"channel": ["mail", "sms"]},
        {"status": "lost"},
        {"status": ["sent", "dead"]},
        {"case_number": ["CW-2025-001", "CW-2025-002"]},
        {"case_number": "C" * 65},
        {"case_number": "CW-\x00"},
    ],
)
def test_what_cannot_be_asked_for_is_refused(desk: MemoryDesk, wanted: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        _ = shown(desk, **wanted)


def test_every_fault_is_told_at_once(desk: MemoryDesk) -> None:
    with pytest.raises(Invalid) as refused:
        _ = shown(desk, channel="x", status="x", case_number=["x", "x"])

    assert {"channel", "status", "caseNumber"} == set(refused.value.details)


def test_notices_of_a_case_that_there_is_none_of_are_not_found(desk: MemoryDesk) -> None:
    with pytest.raises(NotFound):
        _ = shown(desk, case_number="CW-2025-999")


def test_what_is_blank_asks_for_everything(desk: MemoryDesk) -> None:
    assert [DEAD, SENT, FAILED, NEW] == shown(desk, channel="", status=" ", case_number="")


def test_a_dead_notice_is_queued_again(desk: MemoryDesk) -> None:
    assert DEAD == retry_notification(desk.ports, str(DEAD), MANAGER)
    assert {NEW, DEAD} == set(shown(desk, status="queued"))


@pytest.mark.parametrize("alive", [NEW, FAILED, SENT])
def test_no_other_is_sent_again(desk: MemoryDesk, alive: UUID) -> None:
    with pytest.raises(InvalidTransition):
        _ = retry_notification(desk.ports, str(alive), MANAGER)


@pytest.mark.parametrize("unknown", [str(an_id(9)), "", "x", None, 7])
def test_what_is_not_there_is_not_sent_again(desk: MemoryDesk, unknown: object) -> None:
    with pytest.raises(NotFound):
        _ = retry_notification(desk.ports, unknown, MANAGER)


@pytest.mark.parametrize("role", Role)
def test_staff_read_and_managers_send_again(desk: MemoryDesk, role: Role) -> None:
    caller, may = somebody(role), []
    for act in (
        lambda: read_notifications(desk.ports, RawNoticeQuery(), caller),
        lambda: retry_notification(desk.ports, str(DEAD), caller),
    ):
        try:
            _ = act()
            may.append(True)
        except Forbidden:
            may.append(False)

    assert [role is not Role.CUSTOMER, role in (Role.MANAGEMENT, Role.ADMIN)] == may


def test_a_stranger_is_told_to_sign_in(desk: MemoryDesk) -> None:
    with pytest.raises(NotSignedIn):
        _ = read_notifications(desk.ports, RawNoticeQuery(), Caller())
    with pytest.raises(NotSignedIn):
        _ = retry_notification(desk.ports, str(DEAD), Caller())


def test_without_an_outbox_there_is_nothing_to_look_at(desk: MemoryDesk) -> None:
    ports = attrs.evolve(desk.ports, outbox=None)

    with pytest.raises(Forbidden):
        _ = read_notifications(ports, RawNoticeQuery(), MANAGER)
