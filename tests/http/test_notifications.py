"""The staff's notifications: how every channel and notice stands, and a dead one sent again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import attrs
import pytest

from helpdesk_core.errors import Unavailable
from helpdesk_core.notices import Addressees
from helpdesk_core.people import Role
from helpdesk_core.ports import ChannelStanding, Claim, NoticeState
from helpdesk_core.routing import Channel
from helpdesk_memory import MemoryOutbox
from tests.http.staff_house import CASE, StaffHouse

if TYPE_CHECKING:
    from uuid import UUID

    from falcon.testing import Result

STATUS = "/api/internal/notifications/status"
LEASE = timedelta(minutes=1)
BOUNCED = "550 no such mailbox"


class Office(StaffHouse):
    """The contract's desk, whose own mailbox and whose CRM are told; `manager` is Maya's token."""

    def __init__(self) -> None:
        super().__init__()
        told = Addressees(staff_mail="desk@example.com", systems=("crm",))
        self.desk.ports = attrs.evolve(self.desk.ports, addressees=told)
        self.open()
        self.manager = self.token_of("maya@example.com", Role.MANAGEMENT)

    def claim(self, recipient: str) -> Claim:
        """Somebody delivers: the next notice to that recipient."""
        claims = self.desk.outbox.claim(limit=100, lease=LEASE)
        (found,) = (claim for claim in claims if claim.notice.recipient == recipient)
        for other in claims:
            if other is not found:
                self._put_back(other)
        return found

    def _put_back(self, claim: Claim) -> None:
        row = self.desk.store.outbox[claim.notice.id]
        untried = attrs.evolve(row, attempts=row.attempts - 1, lease=None, due_at=self.desk.clock())
        self.desk.store.outbox[claim.notice.id] = untried

    def bounced(self, recipient: str = "john@example.com") -> UUID:
        """The id of a notice that is dead."""
        claim = self.claim(recipient)
        assert self.desk.outbox.give_up(claim, reason=BOUNCED)
        return claim.notice.id

    def shown(self, query: str = "") -> list[dict[str, Any]]:
        """The notices that Jane is shown."""
        notices: list[dict[str, Any]] = self.read(f"{STATUS}?{query}")["notifications"]
        return notices

    def retry(self, notice_id: object, key: str = "", *, token: str | None = None) -> Result:
        """Maya, unless another, sends a notice again."""
        headers = {"Idempotency-Key": key} if key else {}
        path = f"/api/internal/notifications/{notice_id}/retry"
        return self.call("POST", path, token=token or self.manager, headers=headers)

    def state(self, notice_id: UUID) -> NoticeState:
        return self.desk.store.outbox[notice_id].state


class Silent(MemoryOutbox):
    """An outbox that does not answer."""

    def by_channel(self) -> tuple[ChannelStanding, ...]:
        """Raise, whoever asks."""
        raise Unavailable


@pytest.fixture
def office() -> Office:
    """The contract's example is open: John, the desk's mailbox and the CRM are to be told."""
    office = Office()
    office.opened()
    return office


def test_how_everything_stands_comes_out_to_the_letter(office: Office) -> None:
    ticket = office.held().id
    assert office.desk.outbox.sent(office.claim("desk@example.com"))
    dead = office.bounced()
    failed = office.claim("crm")
    assert office.desk.outbox.retry(failed, after=timedelta(minutes=5), reason="502 Bad Gateway")
    office.at("2025-01-27T11:00:00+00:00")
    office.assign()
    office.at("2025-01-27T11:00:01.999+00:00")
    answer = office.call("GET", STATUS)
    mail, crm = [office.shown(f"channel={it}")[0]["id"] for it in ("mail", "webhook")]
    (sent,) = [it["id"] for it in office.shown("status=sent")]

    assert (
        '{"success":true,"channels":[{"channel":"mail","queued":1,"failed":0,"sent":1,"dead":1,'
        '"oldestWaitingSeconds":1,"lastError":"550 no such mailbox"},'
        '{"channel":"webhook","queued":1,"failed":1,"sent":0,"dead":0,'
        '"oldestWaitingSeconds":3301,"lastError":"502 Bad Gateway"}],"notifications":['
        f'{{"id":"{crm}","ticketId":"{ticket}","caseNumber":"CW-2025-001","event":"assigned",'
        '"audience":"systems","channel":"webhook","recipient":"crm","status":"queued",'
        '"attempts":0,"nextAttempt":"2025-01-27T11:00:00Z","reason":null,'
        '"createdAt":"2025-01-27T11:00:00Z"},'
        f'{{"id":"{mail}","ticketId":"{ticket}","caseNumber":"CW-2025-001","event":"assigned",'
        '"audience":"assignee","channel":"mail","recipient":"jane@example.com",'
        '"status":"queued","attempts":0,"nextAttempt":"2025-01-27T11:00:00Z","reason":null,'
        '"createdAt":"2025-01-27T11:00:00Z"},'
        f'{{"id":"{failed.notice.id}","ticketId":"{ticket}","caseNumber":"CW-2025-001",'
        '"event":"submitted","audience":"systems","channel":"webhook","recipient":"crm",'
        '"status":"failed","attempts":1,"nextAttempt":"2025-01-27T10:05:00Z",'
        '"reason":"502 Bad Gateway","createdAt":"2025-01-27T10:00:00Z"},'
        f'{{"id":"{sent}","ticketId":"{ticket}","caseNumber":"CW-2025-001",'
        '"event":"submitted","audience":"staff","channel":"mail",'
        '"recipient":"desk@example.com","status":"sent","attempts":1,"nextAttempt":null,'
        '"reason":null,"createdAt":"2025-01-27T10:00:00Z"},'
        f'{{"id":"{dead}","ticketId":"{ticket}","caseNumber":"CW-2025-001",'
        '"event":"submitted","audience":"customer","channel":"mail",'
        '"recipient":"john@example.com","status":"dead","attempts":1,"nextAttempt":null,'
        '"reason":"550 no such mailbox","createdAt":"2025-01-27T10:00:00Z"}]}'
    ).encode() == answer.content
    assert (200, "no-store") == (answer.status_code, answer.headers["Cache-Control"])


def test_a_desk_that_told_nobody_has_nothing_to_show() -> None:
    answer = Office().call("GET", STATUS)

    assert b'{"success":true,"channels":[],"notifications":[]}' == answer.content


def test_each_notice_is_counted_once(office: Office) -> None:
    _ = office.bounced()
    assert office.desk.outbox.retry(office.claim("crm"), after=LEASE, reason="busy")
    counted = office.read(STATUS)["channels"]

    assert [(1, 0, 0, 1), (0, 1, 0, 0)] == [
        (it["queued"], it["failed"], it["sent"], it["dead"]) for it in counted
    ]


def test_a_ticket_of_the_intake_door_has_no_case_number() -> None:
    office = Office()
    ticket = office.submitted()

    assert [(None, ticket)] == [(it["caseNumber"], it["ticketId"]) for it in office.shown()]


@pytest.mark.parametrize(
    ("query", "recipients"),
    [
        ("channel=mail", ["desk@example.com", "john@example.com"]),
        ("channel=sms", []),
        ("status=dead", ["john@example.com"]),
        ("status=failed", ["desk@example.com"]),
        ("status=queued", ["crm"]),
        ("status=sent", []),
        ("channel=mail&status=queued", []),
        ("caseNumber=CW-2025-001&status=dead", ["john@example.com"]),
        ("caseNumber=cw-2025-ool", ["crm", "desk@example.com", "john@example.com"]),
        ("caseNumber=&channel=&status=", ["crm", "desk@example.com", "john@example.com"]),
        ("page=7&nothing=x", ["crm", "desk@example.com", "john@example.com"]),
    ],
)
def test_notices_are_found_by_channel_and_case_and_status(
    office: Office, query: str, recipients: list[str]
) -> None:
    _ = office.bounced()
    claim = office.claim("desk@example.com")
    assert office.desk.outbox.retry(claim, after=LEASE, reason="busy")

    assert recipients == [it["recipient"] for it in office.shown(query)]


def test_a_case_shows_no_notices_of_another(office: Office) -> None:
    other = office.opened(email="ada@example.org", peer="192.0.2.9")

    assert {other} == {it["caseNumber"] for it in office.shown(f"caseNumber={other}")}


def test_channels_are_counted_whole_whatever_is_asked_for(office: Office) -> None:
    counted = [office.read(f"{STATUS}?{query}")["channels"] for query in ("", "status=dead")]

    assert counted[0] == counted[1]


def test_the_latest_fifty_are_shown(office: Office) -> None:
    for _ in range(20):
        assert 200 == office.update().status_code
    shown = [it["id"] for it in office.shown()]

    assert (50, sorted(shown, reverse=True)) == (len(shown), shown)


@pytest.mark.parametrize(
    ("query", "details"),
    [
        ("channel=pigeon", {"channel": "Channel must be one of mail, sms, webhook"}),
        ("channel=MAIL", {"channel": "Channel must be one of mail, sms, webhook"}),
        ("channel=mail&channel=mail", {"channel": "Channel must be one of mail, sms, webhook"}),
        ("status=lost", {"status": "Status must be one of queued, failed, sent, dead"}),
        ("status=sent&status=dead", {"status": "Status must be one of queued, failed, sent, dead"}),
        ("caseNumber=CW-1&caseNumber=CW-1", {"caseNumber": "Case number must be text"}),
        (f"caseNumber={'C' * 65}", {"caseNumber": "Case number must be 64 characters or fewer"}),
        ("caseNumber=CW%0a1", {"caseNumber": "Case number must be one line of text"}),
        (
            "channel=x&status=x&caseNumber=x&caseNumber=y",
            {
                "channel": "Channel must be one of mail, sms, webhook",
                "status": "Status must be one of queued, failed, sent, dead",
                "caseNumber": "Case number must be text",
            },
        ),
    ],
)
def test_every_fault_of_a_query_is_told(
    office: Office, query: str, details: dict[str, str]
) -> None:
    answer = office.call("GET", f"{STATUS}?{query}")
    said = {
        "success": False,
        "error": "Validation failed",
        "code": "VALIDATION_ERROR",
        "details": details,
    }

    assert (400, json.dumps(said, separators=(",", ":")).encode()) == (
        answer.status_code,
        answer.content,
    )


@pytest.mark.parametrize("number", ["CW-2025-999", "x", "%F0%9F%99%82"])
def test_notices_of_an_unknown_case_are_not_found(office: Office, number: str) -> None:
    answer = office.call("GET", f"{STATUS}?caseNumber={number}")

    assert (404, b'{"success":false,"error":"Case not found","code":"NOT_FOUND","details":{}}') == (
        answer.status_code,
        answer.content,
    )


def test_no_word_of_a_notice_is_shown() -> None:
    """Neither what customers wrote nor what staff say among themselves: both are on the ticket."""
    office = Office()
    canaries = {
        "name": "canary-name",
        "organization": "canary-organization",
        "clientOrProjectName": "canary-project",
        "subject": "canary-subject",
        "message": "canary-message",
        "phone": "+987654321098",
    }
    number = office.opened(**canaries)
    _ = office.assign(notes="canary-notes")
    _ = office.update("canary-note", isInternal=True)
    _ = office.update("canary-reply")
    _ = office.knock("escalate", number, reason="canary-reason")
    _ = office.knock("cancel", number, reason="canary-cancellation")
    events = {it["event"] for it in office.shown()}
    told = office.call("GET", STATUS).text

    assert {"submitted", "assigned", "noted", "agent_replied", "escalated", "cancelled"} <= events
    assert not [word for word in ("canary", "987654321098") if word in told]


def test_a_dead_notice_is_sent_again_under_its_id(office: Office) -> None:
    dead = office.bounced()
    answer = office.retry(dead)

    assert (200, "no-store") == (answer.status_code, answer.headers["Cache-Control"])
    assert (
        f'{{"success":true,"message":"Notification queued again","id":"{dead}"}}'
    ).encode() == answer.content
    assert dead == office.claim("john@example.com").notice.id


def test_what_is_sent_again_begins_anew(office: Office) -> None:
    dead = office.bounced()
    office.at("2025-01-28T10:00:00+00:00")
    _ = office.retry(dead)
    (shown,) = (it for it in office.shown() if it["id"] == str(dead))

    assert ("queued", 0, "2025-01-28T10:00:00Z") == (
        shown["status"],
        shown["attempts"],
        shown["nextAttempt"],
    )


def test_an_id_is_read_in_any_case(office: Office) -> None:
    assert 200 == office.retry(str(office.bounced()).upper()).status_code


@pytest.mark.parametrize(
    "unknown", ["x", "0", "00000000-0000-0000-0000-0000000fffff", "%00", "status", "{ticket}"]
)
def test_what_there_is_not_is_not_found(office: Office, unknown: str) -> None:
    answer = office.retry(unknown.replace("{ticket}", str(office.held().id)))

    assert (
        404,
        b'{"success":false,"error":"Notification not found","code":"NOT_FOUND","details":{}}',
    ) == (answer.status_code, answer.content)


def test_what_is_not_dead_is_not_sent_again(office: Office) -> None:
    sent = office.claim("desk@example.com")
    assert office.desk.outbox.sent(sent)
    refused = (
        409,
        (
            b'{"success":false,"error":"Only a dead notification can be sent again",'
            b'"code":"INVALID_TRANSITION","details":{}}'
        ),
    )
    queued = office.claim("crm").notice.id

    assert {refused} == {
        ((answer := office.retry(each)).status_code, answer.content)
        for each in (sent.notice.id, queued)
    }


def test_agents_look_and_managers_send_again(office: Office) -> None:
    dead = office.bounced()
    answer = office.retry(dead, token=office.token)

    assert (
        403,
        (
            b'{"success":false,"error":"Your role may not send notifications again",'
            b'"code":"FORBIDDEN","details":{}}'
        ),
        NoticeState.DEAD,
    ) == (answer.status_code, answer.content, office.state(dead))


def test_a_key_sends_a_notice_again_once(office: Office) -> None:
    """It died again meanwhile: the request that comes a second time does not send it a third."""
    dead = office.bounced()
    first = office.retry(dead, "k")
    assert dead == office.bounced()
    again = office.retry(dead, "k")

    assert (200, first.content, NoticeState.DEAD) == (
        again.status_code,
        again.content,
        office.state(dead),
    )


def test_a_key_is_known_to_another_process(office: Office) -> None:
    dead = office.bounced()
    first = office.retry(dead, "k")
    office.open()

    assert (200, first.content) == (
        (again := office.retry(dead, "k")).status_code,
        again.content,
    )


def test_another_key_sends_it_again(office: Office) -> None:
    dead = office.bounced()
    _ = office.retry(dead, "k")
    assert dead == office.bounced()

    assert 200 == office.retry(dead, "another").status_code
    assert office.state(dead) is NoticeState.QUEUED


def test_what_was_refused_may_be_sent_again_under_its_key(office: Office) -> None:
    claim = office.claim("john@example.com")
    refused = office.retry(claim.notice.id, "k")
    assert office.desk.outbox.give_up(claim, reason=BOUNCED)

    assert [409, 200] == [refused.status_code, office.retry(claim.notice.id, "k").status_code]


def test_a_key_stands_for_one_notice(office: Office) -> None:
    dead, other = office.bounced(), office.bounced("crm")
    _ = office.retry(dead, "k")
    answer = office.retry(other, "k")

    assert (422, "IDEMPOTENCY_KEY_REUSED", NoticeState.DEAD) == (
        answer.status_code,
        answer.json["code"],
        office.state(other),
    )


def test_a_bad_key_sends_nothing(office: Office) -> None:
    dead = office.bounced()

    assert (400, NoticeState.DEAD) == (office.retry(dead, "é").status_code, office.state(dead))


def test_many_that_died_together_are_sent_again_one_by_one(office: Office) -> None:
    """What is kept of them is not counted as what is kept of readers."""
    dead = office.bounced()
    statuses = set()
    for number in range(70):
        statuses.add(office.retry(dead, f"k{number}").status_code)
        assert dead == office.bounced()

    assert {200} == statuses


def test_of_eight_at_once_one_sends_it_again(office: Office) -> None:
    dead = office.bounced()
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: office.retry(dead).status_code, range(8)))

    assert [200, *[409] * 7] == sorted(statuses)


def test_of_eight_at_once_with_one_key_all_are_told_the_same(office: Office) -> None:
    dead = office.bounced()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: office.retry(dead, "k"), range(8)))

    assert {(200, answers[0].content)} == {(it.status_code, it.content) for it in answers}


@pytest.mark.parametrize("body", [b"", b"{}", b"no JSON", b"\xff" * 100])
def test_nothing_is_read_in_a_body(office: Office, body: bytes) -> None:
    path = f"/api/internal/notifications/{office.bounced()}/retry"

    assert 200 == office.call("POST", path, body, token=office.manager).status_code


def test_a_program_without_an_outbox_shows_none(office: Office) -> None:
    office.rebuild(outbox=None)
    said = (
        b'{"success":false,"error":"This desk\'s notifications cannot be looked at from here",'
        b'"code":"FORBIDDEN","details":{}}'
    )

    assert [(403, said)] * 2 == [
        (answer.status_code, answer.content)
        for answer in (office.call("GET", STATUS), office.retry("x"))
    ]


def test_an_outbox_that_does_not_answer_is_a_503(office: Office) -> None:
    office.rebuild(outbox=Silent(office.desk.store, new_id=uuid4))
    answer = office.call("GET", STATUS)

    assert (503, "UNAVAILABLE", "5") == (
        answer.status_code,
        answer.json["code"],
        answer.headers["Retry-After"],
    )


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", STATUS, "GET, HEAD, OPTIONS"),
        ("DELETE", STATUS, "GET, HEAD, OPTIONS"),
        ("GET", "/api/internal/notifications/x/retry", "OPTIONS, POST"),
        ("PUT", "/api/internal/notifications/x/retry", "OPTIONS, POST"),
    ],
)
def test_no_other_method_is_known(office: Office, method: str, path: str, allowed: str) -> None:
    answer = office.call(method, path)
    known = ", ".join(sorted(answer.headers["Allow"].split(", ")))

    assert (405, allowed) == (answer.status_code, known)


def test_a_look_without_its_body_is_the_same_look(office: Office) -> None:
    look, whole = (office.call(method, STATUS) for method in ("HEAD", "GET"))

    assert (200, b"", whole.headers["Content-Length"]) == (
        look.status_code,
        look.content,
        look.headers["Content-Length"],
    )


def test_an_internal_note_is_told_to_no_customer(office: Office) -> None:
    _ = office.update("Careful", isInternal=True)
    noted = [it for it in office.shown() if it["event"] == "noted"]

    assert {"staff", "systems"} == {it["audience"] for it in noted}


def test_nobody_is_told_of_the_outbox_at_another_door(office: Office) -> None:
    _ = office.bounced()
    case = office.call("GET", CASE).text
    followed = office.knock("status").text

    assert not [said for said in (case, followed) if BOUNCED in said]


def test_every_channel_has_a_word(office: Office) -> None:
    assert {200} == {
        office.call("GET", f"{STATUS}?channel={channel.value}").status_code for channel in Channel
    }
