"""What looks as if a secret were in it, wherever it was cut into chunks, and what does not."""

import json
from collections.abc import Iterable
from time import perf_counter
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.secret_signs import BEFORE, PIECE, REACH, SecretWatch
from helpdesk_core.tokens import secret_of

BASE64: Final = b"QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
HEAD: Final = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
SIGNS: Final = {
    "a request's cookies": b"GET / HTTP/1.1\r\nCookie: theme=dark; sid=38afes7a8\r\n",
    "an answer's cookie": b"set-cookie: sid=38afes7a8; HttpOnly",
    "a copied curl": b"curl -H 'Cookie: sid=38afes7a8' https://x.example",
    "a JSON header": b'{"cookie": "sid=38afes7a8"}',
    "a HAR header": b'{\n  "name": "Cookie",\n          "value": "sid=38afes7a8"\n}',
    "a HAR cookie": b'"cookies": [\n        {\n          "name": "sid"',
    "a HAR cookie in a line": b'"cookies":[{"name":"sid","value":"1"}]',
    "a bearer": b"Authorization: Bearer 0123456789abcdef",
    "basic": b"authorization: Basic " + BASE64,
    "a scheme in capitals": b"AUTHORIZATION: BASIC " + BASE64,
    "a JSON bearer": b'"Authorization" : "Bearer abcdefgh.12345"',
    "a HAR authorization": b'"name":"authorization","value":"ApiKey abcdefgh"',
    "an authorization without a scheme": b"authorization=0123456789abcdef0123",
    "a bearer in a log": b"token was bearer 0123456789abcdef0123",
    "our own token": secret_of(bytes(range(32))).encode(),
    "a GitHub token": b"ghp_" + b"a1B2" * 9,
    "a GitHub token of fine grain": b"github_pat_" + b"a1B2" * 6,
    "a GitLab token": b"glpat-" + b"a1B2-" * 4,
    "an AWS key": b"key AKIAIOSFODNN7EXAMPLE",
    "a Slack token": b"xoxb-1234567890-abc",
    "a Stripe key": b"sk_live_" + b"a1B2" * 4,
    "a Google key": b"AIza" + b"a1B2-" * 7,
    "a JWT": HEAD + b".eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2ln",
    "a JWT with another head": b"eyJ4IjoxLCJhIjoyfQ.eyJzdWIiOiIxMjM0In0.c2ln",
    "a private key": b"-----BEGIN PRIVATE KEY-----",
    "an SSH key": b"-----BEGIN OPENSSH PRIVATE KEY-----",
    "a PGP key": b"-----BEGIN PGP PRIVATE KEY BLOCK-----",
}
PLAIN: Final = {
    "nothing": b"",
    "a log": b"2026-01-02 10:11:12,123 INFO GET /api/x?id=123 200 12ms user=ana\n",
    "talk of cookies": b"Delete your cookies: it may help. A cookie is set.",
    "a HAR without cookies": b'"cookies": [], "headers": []',
    "a blackened cookie": b"Cookie: sid=[redacted]; other=REDACTED-1234",
    "a blackened bearer": b"Authorization: Bearer ****************",
    "another blackened bearer": b"Authorization: Bearer REDACTED_BY_THE_PROXY",
    "a blackened HAR header": b'"name": "Authorization", "value": "xxxxxxxxxxxxxxxx"',
    "talk of authorization": b"authorization: denied. Basic authentication is required",
    "a challenge": b'WWW-Authenticate: Bearer realm="example", Basic realm="example"',
    "a longer word": b"old_hd_" + b"a1B2" * 11,
    "a short token": b"ghp_abc",
    "a key's id in small letters": b"akiaiosfodnn7example",
    "a public key": b"-----BEGIN PUBLIC KEY-----",
    "a certificate": b"-----BEGIN CERTIFICATE-----",
    "other JSON in base64": b"eyJ4IjoxLCJhIjoyfQ",
}
LOG: Final = PLAIN["a log"]


def looks_secret(chunks: Iterable[bytes]) -> bool:
    watch = SecretWatch()
    for chunk in chunks:
        watch.look(chunk)
    return watch.has_found()


@pytest.mark.parametrize("text", SIGNS.values(), ids=SIGNS)
def test_what_lets_another_in_is_found(text: bytes) -> None:
    assert looks_secret([LOG + text + b"\n" + LOG])


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_what_lets_nobody_in_is_not_found(text: bytes) -> None:
    assert not looks_secret([LOG + text + b"\n" + LOG])


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_text_in_utf_16_is_read_too(coding: str) -> None:
    text = SIGNS["a bearer"].decode()

    assert looks_secret([text.encode(coding)])


@pytest.mark.parametrize("text", SIGNS.values(), ids=SIGNS)
def test_a_sign_is_found_across_the_edge_of_a_piece_wherever_it_lies(text: bytes) -> None:
    missed = [
        before
        for before in range(PIECE - len(text), PIECE + 1)
        if not looks_secret([b"\n" * before + text, b"\n" * PIECE])
    ]

    assert [] == missed


def test_a_longer_word_across_the_edge_of_a_piece_is_no_sign() -> None:
    text = PLAIN["a longer word"]
    places = [
        *range(PIECE - REACH - len(text), PIECE - REACH + len(text)),
        *range(PIECE - 60, PIECE),
    ]
    found = [it for it in places if looks_secret([b"\n" * it + text + b"\n" * PIECE * 2])]

    assert [] == found


@given(
    st.lists(
        st.sampled_from([*SIGNS.values(), *PLAIN.values(), b"cookie:", b" " * 300, b"\0", b"hd_"])
        | st.binary(max_size=20),
        max_size=8,
    ),
    st.lists(st.integers(1, 400), max_size=40),
)
def test_where_it_is_cut_makes_no_difference(parts: list[bytes], cuts: list[int]) -> None:
    text = b"".join(parts)
    chunks: list[bytes] = []
    rest = text
    for cut in cuts:
        chunks.append(rest[:cut])
        rest = rest[cut:]

    assert looks_secret([text]) == looks_secret([*chunks, rest])


@given(st.lists(st.sampled_from([*PLAIN.values(), b"cookie:", b"x" * 400, b"a_"]), max_size=9))
def test_asking_meanwhile_changes_nothing(parts: list[bytes]) -> None:
    watch = SecretWatch()
    for part in parts:
        watch.look(part)
        _ = watch.has_found()

    assert looks_secret([b"".join(parts)]) == watch.has_found()


def test_no_sign_is_longer_than_what_is_kept_of_the_piece_before() -> None:
    spaces = b" " * 60
    header = (
        b'"authorization"'
        + spaces
        + b","
        + spaces
        + b'"value"'
        + spaces
        + b":"
        + spaces
        + b'"'
        + b"z" * 20
        + b" " * 4
        + b"0123456789abcdef"
    )
    cookie = (
        b'"cookie"'
        + spaces
        + b","
        + spaces
        + b'"value"'
        + spaces
        + b":"
        + spaces
        + b'"'
        + b"n" * 100
        + b"=01234567"
    )

    assert looks_secret([header])
    assert looks_secret([cookie])
    assert max(len(header), len(cookie)) < REACH - BEFORE


def test_a_browsers_recording_is_found() -> None:
    request = {"method": "GET", "headers": [], "cookies": [{"name": "sid", "value": "1"}]}
    recording = {"log": {"version": "1.2", "entries": [{"request": request}]}}

    assert looks_secret([json.dumps(recording, indent=2).encode()])


HOSTILE: Final = (
    b"cookie:" + b" " * 59,
    b"cookie:" + b"a" * 60,
    b"cookie:=aaaaaaa;",
    b"cookie",
    b"authorization:" + b" " * 59,
    b"authorization: bearer a ",
    b"bearer ",
    b".eyJ",
    b"eyJ",
    b"-----BEGIN A A A ",
    b'cookies" : [ ',
    b"x",
)


@pytest.mark.parametrize("bait", HOSTILE)
def test_no_text_takes_long_to_look_through(bait: bytes) -> None:
    """A pattern that goes back and forth takes minutes."""
    text = bait * (2 * 2**20 // len(bait))
    start = perf_counter()

    assert not looks_secret([text])
    assert perf_counter() - start < 5


def test_little_is_held_of_a_long_text() -> None:
    watch = SecretWatch()
    for _ in range(100):
        watch.look(LOG * 500)

    held = vars(watch)
    assert len(held["_seen"]) + len(held["_waiting"]) <= REACH + PIECE
