"""`Idempotency-Key` on the POSTs of both contracts and of the staff: done once, answered alike."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import attrs
import pytest

from tests.http.conftest import CASE, GOOD, PEER

if TYPE_CHECKING:
    from falcon.testing import Result

    from tests.http.conftest import SupportHouse

AGENT = "55555555-5555-4555-8555-555555555555"
OTHER_PEER = "198.51.100.7"
KNOCK = {"caseNumber": "CW-2025-001", "email": "john@example.com"}
WHY = {**KNOCK, "reason": "Enough"}
TICKET = "00000000-0000-0000-0000-000000000001"


@attrs.frozen
class Post:
    """One of the POSTs. `other` is another request that it takes too, `bad` one that it refuses."""

    path: str
    good: Mapping[str, object]
    other: Mapping[str, object]
    bad: Mapping[str, object]
    person: str = ""


POSTS = {
    "submit": Post("/api/intake", GOOD, {**GOOD, "description": "Else"}, {**GOOD, "deptId": ""}),
    "submit for an agent": Post(
        "/api/intake", {**GOOD, "userId": AGENT}, GOOD, {**GOOD, "userId": "x"}
    ),
    "write": Post(
        f"/api/intake/status/{TICKET}/messages",
        {"body": "Hello"},
        {"body": "Else"},
        {"body": ""},
        person="customer",
    ),
    "open": Post("/api/support/case", CASE, {**CASE, "subject": "Else"}, {**CASE, "email": "x"}),
    "follow": Post("/api/support/case/status", KNOCK, {**KNOCK, "x": 1}, {**KNOCK, "email": "x"}),
    "escalate": Post(
        "/api/support/case/escalate", WHY, {**WHY, "reason": "Else"}, {**WHY, "reason": ""}
    ),
    "cancel": Post(
        "/api/support/case/cancel", WHY, {**WHY, "reason": "Else"}, {**WHY, "caseNumber": "x"}
    ),
    "update": Post(
        "/api/internal/support/case/CW-2025-001/update",
        {"message": "Hello", "statusChange": "IN_PROGRESS"},
        {"message": "Else"},
        {"message": ""},
        person="agent",
    ),
    "reply": Post(
        f"/api/internal/tickets/{TICKET}/reply",
        {"message": "Hello"},
        {"message": "Else"},
        {"message": ""},
        person="agent",
    ),
    "close": Post(
        f"/api/internal/tickets/{TICKET}/close",
        {"reason": "Done"},
        {"reason": "Else"},
        {"reason": 1},
        person="agent",
    ),
}
every_post = pytest.mark.parametrize("name", POSTS)


@pytest.fixture
def desk(support: SupportHouse) -> SupportHouse:
    """A desk with a signed-in customer's ticket and a stranger's case."""
    assert TICKET == support.submitted(person="customer", peer="192.0.2.1")
    assert "CW-2025-001" == support.opened(peer="192.0.2.1")
    return support


def send(
    desk: SupportHouse,
    name: str,
    key: str = "k",
    *,
    body: Mapping[str, object] | None = None,
    peer: str = PEER,
) -> Result:
    post = POSTS[name]
    return desk.post(
        post.path,
        dict(post.good if body is None else body),
        peer=peer,
        person=post.person,
        idempotency_key=key,
    )


def told(answer: Result) -> tuple[str, dict[str, str], bytes]:
    """The whole answer, but for the id that each request has of its own."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status, headers, answer.content


def kept(desk: SupportHouse) -> tuple[object, ...]:
    """Everything that is stored, but for the answers."""
    store = desk.desk.store
    return tuple(
        dict(table) for table in (store.tickets, store.messages, store.history, store.outbox)
    )


@every_post
def test_a_request_that_comes_again_is_answered_alike(desk: SupportHouse, name: str) -> None:
    first = send(desk, name)
    desk.desk.clock.advance(minutes=5)

    assert told(first) == told(send(desk, name))


@every_post
def test_a_request_that_is_taken_with_a_key_is_answered_like_one_without(
    desk: SupportHouse, name: str
) -> None:
    answer = send(desk, name)

    assert answer.status_code == (201 if POSTS[name].path.startswith("/api/intake") else 200)


@every_post
def test_a_request_that_comes_again_does_nothing(desk: SupportHouse, name: str) -> None:
    send(desk, name)
    before = kept(desk)
    for _ in range(3):
        send(desk, name)

    assert before == kept(desk)


@every_post
def test_without_a_key_nothing_is_kept(desk: SupportHouse, name: str) -> None:
    send(desk, name, key="")

    assert {} == desk.desk.store.replies


@every_post
def test_spaces_and_the_order_of_fields_make_no_other_request(
    desk: SupportHouse, name: str
) -> None:
    first = send(desk, name)
    backwards = dict(reversed(list(POSTS[name].good.items())))

    assert told(first) == told(send(desk, name, body=backwards))


@every_post
def test_another_request_under_the_same_key_is_refused_and_does_nothing(
    desk: SupportHouse, name: str
) -> None:
    send(desk, name)
    before = kept(desk)
    answer = send(desk, name, body=POSTS[name].other)
    sentence = "This Idempotency-Key was used for another request"

    assert (422, sentence, before) == (answer.status_code, answer.json["error"], kept(desk))


def test_a_key_that_was_used_is_told_so_in_each_contracts_words(desk: SupportHouse) -> None:
    answers = []
    for name in ("submit", "open"):
        send(desk, name, key=name)
        answers.append(send(desk, name, key=name, body=POSTS[name].other).content)

    assert [
        b'{"error":"This Idempotency-Key was used for another request"}',
        (
            b'{"success":false,"error":"This Idempotency-Key was used for another request",'
            b'"code":"IDEMPOTENCY_KEY_REUSED","details":{}}'
        ),
    ] == answers


@pytest.mark.parametrize(("first", "second"), [("escalate", "cancel"), ("follow", "escalate")])
def test_the_same_body_sent_elsewhere_is_another_request(
    desk: SupportHouse, first: str, second: str
) -> None:
    send(desk, first, body=WHY)

    assert 422 == send(desk, second, body=WHY).status_code


@every_post
@pytest.mark.parametrize("body", ["good", "other", "bad"])
def test_a_key_belongs_to_whoever_sends_it(desk: SupportHouse, name: str, body: str) -> None:
    """What a stranger sends under it is judged as if nobody had used it."""
    send(desk, name, key="mine", body=POSTS[name].good)
    asked = getattr(POSTS[name], body)
    person = "" if POSTS[name].person else "customer"
    path, key = POSTS[name].path, {"idempotency_key": "mine"}
    elsewhere = desk.post(path, dict(asked), peer=OTHER_PEER, person=person, **key)
    fresh = desk.post(path, dict(asked), peer="198.51.100.8", person=person)

    assert fresh.status_code == elsewhere.status_code


def test_a_signed_in_person_has_their_keys_wherever_they_are(desk: SupportHouse) -> None:
    first = send(desk, "write")

    assert told(first) == told(send(desk, "write", peer=OTHER_PEER))


def test_a_strangers_keys_are_those_of_their_address(desk: SupportHouse) -> None:
    first = send(desk, "open").json["caseNumber"]
    second = send(desk, "open", peer=OTHER_PEER).json["caseNumber"]

    assert first != second


def test_signing_in_is_leaving_an_addresss_keys_behind(desk: SupportHouse) -> None:
    ids = {
        desk.post("/api/intake", dict(GOOD), person=person, idempotency_key="k").json["id"]
        for person in ("", "customer", "stranger")
    }

    assert 3 == len(ids)


@every_post
def test_what_was_refused_is_not_kept_and_the_key_is_free(desk: SupportHouse, name: str) -> None:
    refused = send(desk, name, body=POSTS[name].bad)
    taken = send(desk, name)

    assert (True, True) == (refused.status_code in {400, 404}, taken.status_code in {200, 201})


@pytest.mark.parametrize("name", ["submit", "open"])
def test_a_request_that_came_too_often_is_taken_later_under_its_key(
    desk: SupportHouse, name: str
) -> None:
    for number in range(5):
        send(desk, name, key=str(number))
    refused = send(desk, name).status_code
    desk.desk.clock.advance(hours=1)

    assert (429, True) == (refused, send(desk, name).status_code in {200, 201})


@every_post
def test_coming_again_costs_nothing_of_any_limit(desk: SupportHouse, name: str) -> None:
    first = told(send(desk, name))

    assert [first] * 130 == [told(send(desk, name)) for _ in range(130)]


BAD_KEYS = {
    "empty": "",
    "blank": " ",
    "too long": "x" * 256,
    "letters of others": "\xe9",
    "a tab within": "a\tb",
    "a control character": "a\x7f",
    "a NUL": "a\x00",
}


@pytest.mark.parametrize("key", BAD_KEYS.values(), ids=BAD_KEYS)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "/api/intake",
            b'{"error":"Idempotency-Key must be 1 to 255 printable ASCII characters"}',
        ),
        (
            "/api/support/case",
            (
                b'{"success":false,'
                b'"error":"Idempotency-Key must be 1 to 255 printable ASCII characters",'
                b'"code":"VALIDATION_ERROR","details":{"Idempotency-Key":"not a key"}}'
            ),
        ),
    ],
)
def test_a_key_that_is_none_is_refused(
    desk: SupportHouse, path: str, body: bytes, key: str
) -> None:
    answered = desk.hand_over("POST", path, b"{}", HTTP_IDEMPOTENCY_KEY=key)

    assert ("400 Bad Request", body) == answered


@pytest.mark.parametrize(
    "key", ["x", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a, b", "a b", "~!{}<>'"]
)
def test_any_printable_ascii_is_a_key(desk: SupportHouse, key: str) -> None:
    assert told(send(desk, "open", key=key)) == told(send(desk, "open", key=key))


def test_blanks_around_a_key_are_no_part_of_it(desk: SupportHouse) -> None:
    assert told(send(desk, "open", key=" k\t")) == told(send(desk, "open", key="k"))


def test_keys_differ_by_case(desk: SupportHouse) -> None:
    first, second = (send(desk, "open", key=key).json["caseNumber"] for key in "kK")

    assert first != second


@pytest.mark.parametrize(
    "path", ["/api/intake/options", "/api/intake/lookup?q=x", f"/api/intake/status/{TICKET}"]
)
def test_a_get_needs_no_key_and_minds_none(desk: SupportHouse, path: str) -> None:
    answer = desk.ask("GET", path, headers={"Idempotency-Key": "x" * 256})

    assert (200, {}) == (answer.status_code, desk.desk.store.replies)


@every_post
def test_of_fifty_at_once_one_is_done_and_all_are_answered_alike(
    desk: SupportHouse, name: str
) -> None:
    before = sum(map(len, desk.desk.store.history.values()))
    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda _: told(send(desk, name)), range(50)))
    done = sum(map(len, desk.desk.store.history.values())) - before
    events = {"follow": 0, "submit for an agent": 2, "update": 2}.get(name, 1)

    assert ([answers[0]] * 50, events) == (answers, done)


@every_post
@pytest.mark.parametrize(("minutes", "is_kept"), [(24 * 60 - 1 / 60, True), (24 * 60, False)])
def test_an_answer_is_kept_for_a_day(
    desk: SupportHouse, name: str, minutes: float, *, is_kept: bool
) -> None:
    send(desk, name)
    desk.desk.clock.advance(minutes=minutes)
    answer = send(desk, name, body=POSTS[name].other)

    assert is_kept == (answer.status_code == 422)


def test_what_is_older_than_a_day_is_forgotten_with_the_next_answer(desk: SupportHouse) -> None:
    for name in ("open", "follow"):
        send(desk, name, key=name)
    desk.desk.clock.advance(hours=25)
    send(desk, "follow", key="new")

    assert ["new"] == [request.key for request in desk.desk.store.replies]
