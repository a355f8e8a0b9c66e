"""Signing in with a browser: the pages, and the way to a provider and back."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from helpdesk_core.errors import ProviderUnavailable, SignInRefused
from helpdesk_core.sign_ins import LinkRules
from tests.http.a_browser import ABrowser, Desk, desk_before
from tests.http.conftest import House

SANDY = "sandy.rachman@example.com"
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HOSTILE = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/x\r\nSet-Cookie: a=b",
    "/%2f%2fevil.example",
    "@evil.example",
    "evil.example",
    "/" + "a" * 4096,
    "/é",
    "/\x00",
]


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_before(house)


def test_the_page_shows_every_way_in_and_runs_no_script(desk: Desk) -> None:
    page = desk.browser.get("/auth/sign-in")

    assert (200, "text/html; charset=utf-8", POLICY, "no-store", "same-origin") == (
        page.status_code,
        page.headers["Content-Type"],
        page.headers["Content-Security-Policy"],
        page.headers["Cache-Control"],
        page.headers["Referrer-Policy"],
    )
    assert "Sign in with Sample &amp; Co" in page.text
    assert '<label for="email">' in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize(
    "path", ["/auth/sign-in", "/auth/sign-out", "/auth/link?key=x", "/auth/sign-in?next=//x"]
)
def test_every_page_has_a_language_a_title_and_one_heading(desk: Desk, path: str) -> None:
    text = desk.browser.get(path).text

    assert (1, 1, 1, 1) == tuple(
        text.count(part) for part in ('<html lang="en">', "<title>", "<h1>", "<main>")
    )


def test_the_page_says_when_there_is_no_way_in(desk: Desk) -> None:
    desk.open(providers={}, link_post=None)

    assert "no way to sign in" in desk.browser.get("/auth/sign-in").text


def test_links_are_shown_where_they_may_be_asked_for(desk: Desk) -> None:
    desk.open(links=LinkRules(may_be_asked_for=False))

    assert "link by mail" not in desk.browser.get("/auth/sign-in").text


def test_whoever_knows_the_desk_s_address_alone_is_shown_where_to_sign_in(desk: Desk) -> None:
    answer = desk.browser.get("/")

    assert (303, "/auth/sign-in") == (answer.status_code, answer.headers["Location"])


@pytest.mark.parametrize("target", HOSTILE)
@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/sign-in/sample"])
def test_next_is_a_path_of_ours_alone(desk: Desk, path: str, target: str) -> None:
    answer = desk.browser.get(f"{path}?next={quote(target, safe='')}")

    assert (400, None) == (answer.status_code, answer.headers.get("Location"))


def test_of_two_nexts_none_is_taken(desk: Desk) -> None:
    assert 400 == desk.browser.get("/auth/sign-in?next=/a&next=/b").status_code


def test_what_was_typed_is_escaped(desk: Desk) -> None:
    typed = "/a?b=<i>'\"c"
    text = desk.browser.get(f"/auth/sign-in?next={quote(typed)}").text

    assert "<i>" not in text
    assert "/a?b=&lt;i&gt;&#39;&#34;c" in text


def test_the_way_to_a_provider_and_back_signs_in(desk: Desk) -> None:
    away = desk.depart("?next=/docs")
    back = desk.browser.get("/auth/callback?state=s&code=c")

    assert (303, "https://idp.example/authorize?state=s") == (
        away.status_code,
        away.headers["Location"],
    )
    assert (303, "/docs", "cora@example.com", {"state": "s", "code": "c"}) == (
        back.status_code,
        back.headers["Location"],
        desk.browser.who,
        desk.provider.returned,
    )


def test_afterwards_the_browser_holds_a_new_secret_and_no_departure(desk: Desk) -> None:
    desk.browser.cookies["__Host-helpdesk-session"] = "x" * 43
    desk.depart()
    desk.browser.get("/auth/callback?state=s")

    assert {"__Host-helpdesk-session", "__Host-helpdesk-browser"} == set(desk.browser.cookies)
    assert "x" * 43 != desk.browser.cookies["__Host-helpdesk-session"]


def test_no_other_site_sends_a_browser_to_a_provider(desk: Desk) -> None:
    answer = desk.browser.get("/auth/sign-in/sample?next=/docs")

    assert (303, "/auth/sign-in?next=%2Fdocs") == (answer.status_code, answer.headers["Location"])


def test_an_unknown_provider_is_a_404_in_a_page(desk: Desk) -> None:
    page = desk.browser.get("/auth/sign-in")
    (token,) = re.findall(r'name="token" value="(\w+)"', page.text)
    answer = desk.browser.get(f"/auth/sign-in/other?token={token}")

    assert (404, True) == (
        answer.status_code,
        "This desk knows no such sign-in service" in answer.text,
    )


@pytest.mark.parametrize("query", ["", "?state=s", "?state=other&code=c", "?error=access_denied"])
def test_a_browser_that_never_left_is_not_let_in(desk: Desk, query: str) -> None:
    answer = desk.browser.get(f"/auth/callback{query}")

    assert (403, None) == (answer.status_code, desk.browser.who)
    assert "The sign-in did not succeed" in answer.text


def test_a_browser_comes_back_once(desk: Desk) -> None:
    desk.depart()
    held = dict(desk.browser.cookies)
    desk.browser.get("/auth/callback?state=s")
    again = ABrowser(desk.house)
    again.cookies = held

    assert (403, None) == (again.get("/auth/callback?state=s").status_code, again.who)


@pytest.mark.parametrize("query", ["?state=s&state=s", "?state=%ff", "?" + "a=b&" * 40])
def test_what_a_provider_cannot_have_sent_is_refused(desk: Desk, query: str) -> None:
    desk.depart()

    assert desk.browser.get(f"/auth/callback{query}").status_code in {400, 403}
    assert desk.browser.who is None


def test_why_a_sign_in_failed_is_for_the_log_alone(desk: Desk) -> None:
    desk.depart()
    desk.provider.fails = SignInRefused(reason="the nonce is another")
    answer = desk.browser.get("/auth/callback?state=s")
    (warning,) = desk.house.log.warnings

    assert "nonce" not in answer.text
    assert ("sign-in failed", "the nonce is another") == (warning[0], warning[1]["reason"])


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_provider_that_is_down_is_a_page_and_all_else_goes_on(
    desk: Desk,
    is_gone: bool,  # noqa: FBT001  # before the departure, or after
) -> None:
    if not is_gone:
        desk.depart()
    desk.provider.fails = ProviderUnavailable(reason="timed out")
    answer = desk.depart() if is_gone else desk.browser.get("/auth/callback?state=s")

    assert (503, True, "5") == (
        answer.status_code,
        "The sign-in service does not answer right now" in answer.text,
        answer.headers["Retry-After"],
    )
    assert 201 == desk.house.submit().status_code
    assert 200 == desk.browser.get("/auth/sign-in").status_code


def test_a_program_is_refused_in_json(desk: Desk) -> None:
    answer = desk.house.get("/auth/callback")

    assert (403, {"error": "The sign-in did not succeed. Please try again."}) == (
        answer.status_code,
        answer.json,
    )


def test_without_a_verified_address_nobody_is_let_in(desk: Desk) -> None:
    desk.provider.email = None
    desk.depart()
    answer = desk.browser.get("/auth/callback?state=s")

    assert (403, True) == (answer.status_code, "does not vouch for an e-mail" in answer.text)


def test_too_many_refused_sign_ins_are_a_429_in_a_page(desk: Desk) -> None:
    answers = [desk.browser.get("/auth/callback?state=x") for _ in range(31)]

    assert {403} == {answer.status_code for answer in answers[:30]}
    assert (429, "Too many sign-ins that did not succeed" in answers[30].text) == (
        answers[30].status_code,
        True,
    )
