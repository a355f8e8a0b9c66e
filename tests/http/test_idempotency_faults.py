"""Keyed requests when mail is slow, the store fails in between, or the desk's room runs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from helpdesk_core.errors import Unavailable
from helpdesk_core.ports import MailOutcome, MailStatus

if TYPE_CHECKING:
    from falcon.testing import Result

    from helpdesk_core.notices import Notice
    from helpdesk_core.ports import UnitOfWork
    from tests.http.conftest import SupportHouse

AGENT = "55555555-5555-4555-8555-555555555555"
QUEUED = {"status": "skipped", "reason": "The mail is queued and will be sent shortly"}


class Postman:
    """A courier whose first mail is `sent` before the answer, and no other one."""

    def __init__(self) -> None:
        self.asked = 0

    def outcome(self, notice: Notice) -> MailOutcome:
        assert notice
        self.asked += 1
        status = MailStatus.SENT if self.asked == 1 else MailStatus.ERROR
        return MailOutcome(status=status)


class Failing:
    """Begins units of work whose commits go well, but for the second, which raises."""

    def __init__(self, support: SupportHouse, failure: BaseException) -> None:
        self._begin = support.desk.ports.begin
        self._failure = failure
        self.commits = 0

    def __call__(self) -> UnitOfWork:
        uow = self._begin()
        commit = uow.commit

        def failing() -> None:
            self.commits += 1
            if self.commits == 2:
                raise self._failure
            commit()

        uow.commit = failing  # type: ignore[method-assign]
        return uow


def submit(support: SupportHouse, key: str = "k") -> Result:
    document = {
        "deptId": "33333333-3333-4333-8333-333333333333",
        "kpiTypeId": "88888888-8888-4888-8888-888888888888",
        "ticketDate": "2025-01-27",
        "description": "Cannot access shared drive",
        "createdByName": "Sandy",
        "createdByEmail": "sandy@example.com",
        "userId": AGENT,
    }
    return support.post("/api/intake", document, idempotency_key=key)


def follow(support: SupportHouse, key: str, *, peer: str = "203.0.113.7") -> Result:
    document = {"caseNumber": "CW-2025-001", "email": "john@example.com"}
    return support.post("/api/support/case/status", document, peer=peer, idempotency_key=key)


def test_what_was_said_of_the_mail_is_said_again_whatever_became_of_it(
    support: SupportHouse,
) -> None:
    support.rebuild(courier=Postman())
    first, second = submit(support), submit(support)

    assert ({"status": "sent"}, first.content) == (first.json["assignmentEmail"], second.content)


def test_a_mail_is_asked_about_once(support: SupportHouse) -> None:
    postman = Postman()
    support.rebuild(courier=postman)
    for _ in range(3):
        submit(support)

    assert 1 == postman.asked


def test_when_the_mails_fate_cannot_be_stored_it_is_answered_as_queued(
    support: SupportHouse,
) -> None:
    """What cannot be said again is not said at all."""
    support.rebuild(courier=Postman(), begin=Failing(support, Unavailable()))
    first, second = submit(support), submit(support)

    assert (201, QUEUED, first.content) == (
        first.status_code,
        first.json["assignmentEmail"],
        second.content,
    )


def test_after_a_crash_between_the_ticket_and_the_mails_fate_the_ticket_is_there_once(
    support: SupportHouse,
) -> None:
    support.rebuild(courier=Postman(), begin=Failing(support, RuntimeError("power cut")))
    crashed = submit(support)
    (ticket_id,) = support.desk.store.tickets
    again = submit(support)

    assert (
        500,
        201,
        {"id": str(ticket_id), "status": "ONPROGRESS", "assignmentEmail": QUEUED},
    ) == (
        crashed.status_code,
        again.status_code,
        again.json,
    )


def test_a_request_whose_commit_fails_leaves_nothing_and_may_come_again(
    support: SupportHouse,
) -> None:
    failing = Failing(support, Unavailable())
    failing.commits = 1
    support.rebuild(begin=failing)
    refused = support.open_case(idempotency_key="k")
    taken = support.open_case(idempotency_key="k")

    assert (503, 200, 1, 1) == (
        refused.status_code,
        taken.status_code,
        support.tickets,
        len(support.desk.store.replies),
    )


def test_a_key_remembers_what_was_seen_and_another_sees_what_is(support: SupportHouse) -> None:
    number = support.opened()
    first = follow(support, "first").json
    support.say(number, "We are at it", status="IN_PROGRESS")

    assert (first, "IN_PROGRESS") == (
        follow(support, "first").json,
        follow(support, "second").json["case"]["status"],
    )


def test_nobody_fills_the_desk_by_following_under_new_keys(support: SupportHouse) -> None:
    support.opened()
    answers = [follow(support, str(number)) for number in range(61)]

    assert ([200] * 60 + [429], "3600", 60) == (
        [answer.status_code for answer in answers],
        answers[-1].headers["Retry-After"],
        len(support.desk.store.replies),
    )


def test_who_followed_under_too_many_keys_still_follows_without_one(support: SupportHouse) -> None:
    support.opened()
    for number in range(61):
        follow(support, str(number))

    assert (200, 200, 429) == (
        follow(support, "").status_code,
        follow(support, "0").status_code,
        follow(support, "new").status_code,
    )


def test_each_address_fills_its_own_share(support: SupportHouse) -> None:
    support.opened()
    for number in range(61):
        follow(support, str(number))

    assert 200 == follow(support, "new", peer="198.51.100.1").status_code


@pytest.mark.parametrize("what", ["escalate", "cancel"])
def test_what_was_done_is_answered_again_even_where_it_could_not_be_done_twice(
    support: SupportHouse, what: str
) -> None:
    support.opened()
    body = {"caseNumber": "CW-2025-001", "email": "john@example.com", "reason": "Enough"}
    path = f"/api/support/case/{what}"
    first = support.post(path, body, idempotency_key="k")
    support.knock("cancel")
    again = support.post(path, body, idempotency_key="k")

    assert (200, first.content) == (again.status_code, again.content)
