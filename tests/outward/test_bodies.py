"""An answer whose body is asked for: whole and no longer than was said, or no answer."""

from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from helpdesk_core.testing.peers import Act, Drip, Flood, ScriptedPeer, is_http
from helpdesk_outward import PRIVATE_TOO, Answer, Outward, Request, Silence, Target

LONGEST = 1000
DEADLINE = 0.3
A_LITTLE = 2.0
"""Seconds that a busy machine may take besides."""

Ask = Callable[[Act], Answer | Silence]


@pytest.fixture
def peers() -> Iterator[list[ScriptedPeer]]:
    running: list[ScriptedPeer] = []
    yield running
    for peer in running:
        peer.close()


@pytest.fixture
def ask(peers: list[ScriptedPeer]) -> Ask:
    def sent(act: Act) -> Answer | Silence:
        peers.append(ScriptedPeer(is_http, act))
        url = f"http://127.0.0.1:{peers[-1].port}/keys?a=b"
        return Outward(PRIVATE_TOO, deadline=DEADLINE).send(
            Request(
                target=Target.from_url(url, PRIVATE_TOO),
                method="GET",
                headers={"Accept": "application/json"},
                body=None,
                longest_body=LONGEST,
            )
        )

    return sent


def answer_of(body: bytes, *, length: int | None = None, status: str = "200 OK") -> bytes:
    said = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {said}\r\n\r\n".encode() + body


@pytest.mark.parametrize("size", [0, 1, LONGEST])
@pytest.mark.parametrize("status", [200, 400, 503])
def test_the_body_comes_whole_whatever_the_status(ask: Ask, size: int, status: int) -> None:
    answer = ask(answer_of(b"x" * size, status=f"{status} Said"))

    assert Answer(status=status, body=b"x" * size) == answer


def test_a_body_in_chunks_is_put_together(ask: Ask) -> None:
    answer = ask(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )

    assert Answer(status=200, body=b"abcde") == answer


def test_what_was_asked_goes_out_as_it_was_said(ask: Ask, peers: list[ScriptedPeer]) -> None:
    _ = ask(answer_of(b""))

    assert peers[0].requests[0].startswith(b"GET /keys?a=b HTTP/1.1\r\n")
    assert b"Accept: application/json\r\n" in peers[0].requests[0]


HEAD = b"HTTP/1.1 200 OK\r\n"
TOO_LONG: dict[str, Act] = {
    "by one byte": answer_of(b"x" * (LONGEST + 1)),
    "as it says beforehand": Flood(HEAD + b"Content-Length: 100000000\r\n\r\n", b"x" * 65536),
    "as nobody could": Flood(HEAD + b"Content-Length: 9" + b"9" * 30 + b"\r\n\r\n", b"x" * 65536),
    "without saying": Flood(HEAD + b"\r\n", b"x" * 65536),
    "in chunks": Flood(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"
    ),
    "in one chunk": Flood(HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n", b"x" * 65536),
}


@pytest.mark.parametrize("how", TOO_LONG)
def test_what_is_longer_is_no_answer(ask: Ask, how: str) -> None:
    assert ask(TOO_LONG[how]) == Silence(
        f"waiting for the answer: the answer is longer than {LONGEST} bytes"
    )


@pytest.mark.parametrize(
    "broken",
    [
        answer_of(b"x" * 10, length=11),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nZ\r\nabc",
    ],
    ids=["short", "short chunk", "no chunk"],
)
def test_what_breaks_off_is_no_answer(ask: Ask, broken: bytes) -> None:
    assert isinstance(ask(broken), Silence)


def test_a_body_that_drips_cannot_stretch_the_deadline(ask: Ask) -> None:
    started = monotonic()
    answer = ask(Drip(HEAD + b"Content-Length: 900\r\n\r\n", b"x"))

    assert Silence(f"waiting for the answer: no end within {DEADLINE} seconds") == answer
    assert monotonic() - started < DEADLINE + A_LITTLE


def test_less_time_may_be_left_than_the_deadline_gives(peers: list[ScriptedPeer]) -> None:
    peers.append(ScriptedPeer(is_http, Drip(HEAD, b"X")))
    target = Target.from_url(f"http://127.0.0.1:{peers[0].port}/", PRIVATE_TOO)
    request = Request(target=target, headers={}, body=b"", longest_body=1)
    answer = Outward(PRIVATE_TOO, deadline=9).send(request, within=0.1)

    assert Silence("waiting for the answer: no end within 0.1 seconds") == answer
