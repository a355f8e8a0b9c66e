"""Signing in and out with a browser: the pages, the way to a provider and back, mailed links."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import attrs
import pytest

from helpdesk_core.directory import Directory
from helpdesk_core.errors import ProviderUnavailable, SignInRefused
from helpdesk_core.people import OPERATOR, Role
from helpdesk_core.sign_ins import LinkRules
from helpdesk_core.use_cases.accounts import deactivate_user
from helpdesk_core.use_cases.sign_in_links import make_link
from tests.http.a_browser import ABrowser, APostbox, AProvider
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


@attrs.define
class Desk:
    """A house with a provider and a postbox, and one browser before it."""

    house: House
    provider: AProvider
    post: APostbox
    browser: ABrowser

    def open(self, **ports: Any) -> None:  # noqa: ANN401  # any of the ports
        """With other ports."""
        given = {"providers": {"sample": self.provider}, "link_post": self.post, **ports}
        self.house.rebuild(**given)

    def depart(self, query: str = "") -> Any:  # noqa: ANN401  # an answer
        """Follow the provider's button."""
        page = self.browser.get(f"/auth/sign-in{query}")
        (link,) = re.findall(r'href="(/auth/sign-in/sample\?[^"]*)"', page.text)
        return self.browser.get(link.replace("&amp;", "&"))

    def ask_for_link(self, email: str = "cora@example.com", query: str = "") -> Any:  # noqa: ANN401  # an answer
        """Send the page's form."""
        page = self.browser.get(f"/auth/sign-in{query}")
        return self.browser.press(page, "/auth/links", email=email)

    def take_link(self, browser: ABrowser | None = None) -> Any:  # noqa: ANN401  # an answer
        """Open the last link that was mailed, and press its button."""
        opened = browser or self.browser
        key = self.post.mails[-1].secret
        return opened.press(opened.get(f"/auth/link?key={key}"), "/auth/link")


@pytest.fixture
def desk(house: House) -> Desk:
    found = Desk(house, AProvider(), APostbox(), ABrowser(house))
    found.open()
    return found


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


def test_the_session_before_is_dead_after_signing_in_again(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    former = ABrowser(desk.house)
    former.cookies = dict(desk.browser.cookies)
    desk.browser.sign_in("otto@example.com")

    assert (None, "otto@example.com") == (former.who, desk.browser.who)


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


def test_a_mailed_link_signs_in_where_it_was_asked_for(desk: Desk) -> None:
    told = desk.ask_for_link(query="?next=/docs")
    back = desk.take_link()

    assert (200, 303, "/docs", "cora@example.com") == (
        told.status_code,
        back.status_code,
        back.headers["Location"],
        desk.browser.who,
    )


def test_an_earlier_link_stays_good_in_that_browser(desk: Desk) -> None:
    desk.ask_for_link()
    first = desk.post.mails[0].secret
    desk.ask_for_link()
    page = desk.browser.get(f"/auth/link?key={first}")

    assert 303 == desk.browser.press(page, "/auth/link").status_code


def test_in_another_browser_it_does_not_and_stays_good(desk: Desk) -> None:
    desk.ask_for_link()
    other = ABrowser(desk.house)
    refused = desk.take_link(other)

    assert (403, None) == (refused.status_code, other.who)
    assert 303 == desk.take_link().status_code


def test_looking_at_a_link_changes_nothing(desk: Desk) -> None:
    """Machines look at mail."""
    desk.ask_for_link()
    path = f"/auth/link?key={desk.post.mails[-1].secret}"
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        ABrowser(desk.house).ask(method, path)

    assert 303 == desk.take_link().status_code


def test_a_link_is_good_once(desk: Desk) -> None:
    desk.ask_for_link()
    desk.take_link()

    assert 403 == desk.take_link().status_code


@pytest.mark.parametrize("email", ["cora@example.com", SANDY, "none@example.com"])
def test_nobody_learns_whether_an_address_is_known(desk: Desk, email: str) -> None:
    told, other = desk.ask_for_link(email), desk.ask_for_link("unheard-of@example.com")

    assert (told.status_code, told.text) == (other.status_code, other.text)


@pytest.mark.parametrize("email", ["", "x", "a@b", "a@example.com, b@example.com", "a" * 9999])
def test_a_link_goes_to_one_address_alone(desk: Desk, email: str) -> None:
    assert (400, []) == (desk.ask_for_link(email).status_code, desk.post.mails)


def test_a_form_without_a_page_of_ours_is_refused(desk: Desk) -> None:
    for path in ("/auth/links", "/auth/link", "/auth/sign-out", "/auth/sessions"):
        answer = desk.browser.ask(
            "POST", path, b"email=a%40example.com", content_type="application/x-www-form-urlencoded"
        )
        assert (403, True) == (answer.status_code, "This page is too old" in answer.text)


def test_a_form_of_another_browser_s_page_is_refused(desk: Desk) -> None:
    other = ABrowser(desk.house)
    page = other.get("/auth/sign-in")
    desk.browser.get("/auth/sign-in")

    assert 403 == desk.browser.press(page, "/auth/links", email="a@example.com").status_code


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x=1&x=2", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"x=%ff", "application/x-www-form-urlencoded", 400),
        (b"&" * 50 + b"x=1", "application/x-www-form-urlencoded", 400),
        (b"x=" + b"1" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"x=1", "application/x-www-form-urlencoded; charset=latin-1", 415),
        (b"x=1", "multipart/form-data; boundary=x", 415),
    ],
)
def test_what_is_no_form_is_refused(desk: Desk, body: bytes, kind: str, status: int) -> None:
    assert status == desk.browser.ask("POST", "/auth/links", body, content_type=kind).status_code


def test_signing_out_ends_the_session_on_the_desk_too(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    kept = dict(desk.browser.cookies)
    out = desk.browser.press(desk.browser.get("/auth/sign-out"), "/auth/sign-out")
    held = desk.browser.cookies
    replayed = ABrowser(desk.house)
    replayed.cookies = kept

    assert (303, "/auth/sign-in") == (out.status_code, out.headers["Location"])
    assert "__Host-helpdesk-session" not in held
    assert (None, None) == (desk.browser.who, replayed.who)


def test_a_program_in_the_browser_signs_out_with_json(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    out = desk.browser.ask("POST", "/auth/sign-out", b"{}", content_type="application/json")

    assert (204, None) == (out.status_code, desk.browser.who)


def test_signing_out_twice_is_as_good_as_once(desk: Desk) -> None:
    for _ in range(2):
        out = desk.browser.ask("POST", "/auth/sign-out", b"{}", content_type="application/json")
        assert 204 == out.status_code


def test_looking_at_the_page_signs_nobody_out(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    desk.browser.get("/auth/sign-out")

    assert "cora@example.com" == desk.browser.who


def test_the_page_shows_who_is_signed_in_and_where(desk: Desk) -> None:
    desk.browser.sign_in(SANDY)
    text = desk.browser.get("/auth/sign-in?next=/docs").text

    assert "You are Sandy Rachman, sandy.rachman@example.com (agent)." in text
    assert 'href="/docs"' in text
    assert "A browser" in text
    assert "This one" in text


def test_a_browser_s_own_name_is_escaped(desk: Desk) -> None:
    key = make_link(desk.house.desk.ports, "cora@example.com", OPERATOR)
    page = desk.browser.get(f"/auth/link?key={key}")
    desk.browser.agent = "<script>alert(1)</script>"
    desk.browser.press(page, "/auth/link")
    text = desk.browser.get("/auth/sign-in").text

    assert "&lt;script&gt;" in text
    assert "<script" not in text


def test_the_page_ends_another_session(desk: Desk) -> None:
    other = ABrowser(desk.house)
    other.sign_in("cora@example.com")
    desk.browser.sign_in("cora@example.com")
    page = desk.browser.get("/auth/sign-in")
    ended = desk.browser.press(page, "/auth/sessions")

    assert (303, None, "cora@example.com") == (ended.status_code, other.who, desk.browser.who)


def test_an_agent_s_browser_is_let_in_where_staff_work(desk: Desk) -> None:
    desk.browser.sign_in(SANDY)
    answer = desk.browser.get("/api/internal/tickets")

    assert 200 == answer.status_code


def test_a_session_is_dead_within_one_request_of_its_agent_s_deactivation(desk: Desk) -> None:
    desk.browser.sign_in(SANDY)
    deactivate_user(desk.house.desk.ports, SANDY, OPERATOR)

    assert (401, None) == (desk.browser.get("/api/internal/tickets").status_code, desk.browser.who)


def test_a_role_counts_within_one_request_of_its_change(desk: Desk) -> None:
    desk.browser.sign_in(SANDY)
    assert 403 == desk.browser.get("/api/internal/sessions").status_code
    _save(desk.house, Role.ADMIN)

    assert 200 == desk.browser.get("/api/internal/sessions").status_code


def _save(house: House, role: Role) -> None:
    directory: Directory = house.desk.store.directory
    agents = {
        each.id: attrs.evolve(each, role=role) if each.email == SANDY else each
        for each in directory.agents.values()
    }
    with house.desk.ports.begin() as uow:
        uow.save_directory(attrs.evolve(directory, agents=agents, version=directory.version + 1))
        uow.commit()


def test_a_customer_submits_as_themselves_and_writes_on_their_ticket(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    cookie = "; ".join(f"{name}={value}" for name, value in desk.browser.cookies.items())
    submitted = desk.house.post(
        "/api/intake", {**_GOOD, "createdByEmail": "forged@example.com"}, cookie=cookie
    )
    path = f"/api/intake/status/{submitted.json['id']}"
    said = desk.house.post(f"{path}/messages", {"body": "Hello"}, cookie=cookie)
    status = desk.house.get(path, cookie=cookie).json

    assert (201, 201, True, "cora@example.com") == (
        submitted.status_code,
        said.status_code,
        status["canMessage"],
        status["submittedByEmail"],
    )


_GOOD = {
    "deptId": "33333333-3333-4333-8333-333333333333",
    "kpiTypeId": "88888888-8888-4888-8888-888888888888",
    "ticketDate": "2026-05-22T05:05:00.000Z",
    "description": "Cannot access shared drive",
    "createdByName": "Forged",
}


def test_whom_an_embedder_identifies_counts_where_there_is_no_session(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    ask = desk.browser.ask
    with_session = ask("GET", "/auth/session", None, x_person="stranger").json["user"]["email"]
    desk.browser.cookies.clear()
    without = ask("GET", "/auth/session", None, x_person="stranger").json["user"]["email"]

    assert ("cora@example.com", "otto@example.com") == (with_session, without)


def test_too_many_refused_sign_ins_are_a_429_in_a_page(desk: Desk) -> None:
    answers = [desk.browser.get("/auth/callback?state=x") for _ in range(31)]

    assert {403} == {answer.status_code for answer in answers[:30]}
    assert (429, "Too many sign-ins that did not succeed" in answers[30].text) == (
        answers[30].status_code,
        True,
    )
