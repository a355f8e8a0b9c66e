"""Signing in, following a ticket and signing out, as a real browser does it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import attrs
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from helpdesk_core.identities import VerifiedIdentity
from helpdesk_memory import MemoryDesk
from tests.browser.signing_in import CUSTOMER, Place, another_site, open_place

FETCH = """async ([method, path, headers, body]) => {
    const answer = await fetch(path, {method, headers, body, cache: "no-store"});
    const text = await answer.text();
    return [answer.status, answer.headers.get("ETag"), text ? JSON.parse(text) : null];
}"""


@attrs.frozen
class Heard:
    """Where the browser went, and what it complained of."""

    asked: list[str] = attrs.field(factory=list)
    complaints: list[str] = attrs.field(factory=list)


@pytest.fixture
def place() -> Iterator[Place]:
    with open_place(MemoryDesk(datetime(2026, 5, 22, tzinfo=UTC))) as opened:
        yield opened


@pytest.fixture
def heard(page: Page) -> Heard:
    heard = Heard()
    page.on("request", lambda request: heard.asked.append(request.url))
    page.on("console", lambda message: heard.complaints.append(message.text))
    page.on("pageerror", lambda error: heard.complaints.append(str(error)))
    return heard


def sign_in(page: Page, place: Place) -> None:
    page.goto(place.link())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in")


def fetch(page: Page, method: str, path: str, headers: dict[str, str], body: str = "") -> Any:  # noqa: ANN401  # JSON
    """What a program of the desk's own page is answered: status, tag and JSON."""
    return page.evaluate(FETCH, [method, path, headers, body or None])


def test_a_link_s_button_signs_in_and_nothing_is_complained_of(
    page: Page, place: Place, heard: Heard
) -> None:
    sign_in(page, place)

    assert [] == heard.complaints
    assert [] == [url for url in heard.asked if not url.startswith(place.url)]


def test_the_session_s_cookie_is_out_of_every_script_s_reach(page: Page, place: Place) -> None:
    sign_in(page, place)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}

    assert (True, "Lax", "/") == tuple(
        cookies["helpdesk-session"][name] for name in ("httpOnly", "sameSite", "path")
    )
    assert "" == page.evaluate("document.cookie")


def test_a_link_is_asked_for_and_taken_with_the_keyboard_alone(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/auth/sign-in?next=/auth/session")
    field = page.get_by_label("E-mail address")
    for _ in range(5):
        page.keyboard.press("Tab")
        if field.evaluate("it => it === document.activeElement"):
            break
    page.keyboard.type(CUSTOMER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    page.goto(f"{place.url}/auth/link?key={place.desk.link_post.mails[-1].secret}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("body")).to_contain_text('"signedIn":true')


def test_a_field_that_holds_no_address_is_not_sent(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/auth/sign-in")
    page.get_by_label("E-mail address").fill("nobody")
    page.get_by_role("button", name="Send me a link").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert [] == place.desk.link_post.mails


def test_the_way_to_a_provider_and_back(page: Page, place: Place, heard: Heard) -> None:
    """The page's policy lets it go, and the cookies are there when it comes back."""
    cora = VerifiedIdentity(
        issuer="https://memory.example.com", subject="1", name="Cora", email=CUSTOMER
    )

    def vouch(route: Route) -> None:
        (state,) = re.findall("state=([0-9]+)", route.request.url)
        back = place.desk.provider.vouch_for(cora, state)
        link = f"{place.url}/auth/callback?state={back['state']}&code={back['code']}"
        route.fulfill(content_type="text/html", body=f'<a href="{link}">Allow</a>')

    page.route("https://memory.example.com/**", vouch)
    page.goto(f"{place.url}/auth/sign-in")
    page.get_by_role("link", name="Sign in with Memory").click()
    page.get_by_role("link", name="Allow").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in")
    assert [] == heard.complaints


def test_a_page_of_the_desk_follows_a_ticket_and_writes_on_it(page: Page, place: Place) -> None:
    path = f"/api/intake/status/{place.ticket()}"
    sign_in(page, place)
    page.goto(f"{place.url}/docs")
    status, tag, shown = fetch(page, "GET", path, {})
    json = {"Content-Type": "application/json"}
    said = fetch(page, "POST", f"{path}/messages", json, '{"body": "Any news?"}')
    _, newer, _ = fetch(page, "GET", path, {})
    held = fetch(page, "GET", path, {"If-None-Match": newer})
    later = fetch(page, "GET", f"{path}?after={said[2]['message']['id']}", {})

    assert (200, True, 201, [304, newer, None], []) == (
        status,
        shown["canMessage"],
        said[0],
        held,
        later[2]["messages"],
    )
    assert tag != newer


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_using_a_page(
    browser: Browser, place: Place, scheme: Literal["light", "dark"]
) -> None:
    """As far as a program can tell; the policy is passed over to let that program in."""
    found: dict[str, list[str]] = {}
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:
        page = context.new_page()
        for path in ("/auth/sign-in", "/auth/sign-in?next=//x", "/auth/sign-out", "/auth/link"):
            page.goto(f"{place.url}{path}")
            found[path] = violations(page)
        sign_in(page, place)
        found["signed in"] = violations(page)

    assert {path: [] for path in found} == found


def violations(page: Page) -> list[str]:
    """What keeps somebody from using the page, and where."""
    return [
        f"{broken['id']}: {node['html']}"
        for broken in Axe().run(page).response["violations"]
        for node in broken["nodes"]
    ]


def test_signing_out_ends_the_session_in_another_tab_too(page: Page, place: Place) -> None:
    sign_in(page, place)
    other = page.context.new_page()
    other.goto(f"{place.url}/docs")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    assert False is fetch(other, "GET", "/auth/session", {})[2]["signedIn"]


EVIL = """<!doctype html><title>Elsewhere</title>
<form id="form" method="post" action="{desk}/auth/sign-out"><input name="token" value="x"></form>
<form id="text" method="post" enctype="text/plain"
 action="{desk}/api/intake/status/{ticket}/messages">
<input name='{{"body": "forged", "x": "' value='"}}'></form>
<script>
const url = "{desk}/api/intake/status/{ticket}/messages", body = '{{"body": "forged"}}';
const sent = [
    fetch(url, {{method: "POST", mode: "no-cors", credentials: "include", body}}),
    fetch(url, {{method: "POST", mode: "no-cors", credentials: "include", body: new Blob([body])}}),
    fetch(url, {{method: "POST", credentials: "include", body,
                 headers: {{"Content-Type": "application/json"}}}}),
    fetch("{desk}/auth/sessions", {{method: "DELETE", credentials: "include"}}),
    fetch("{desk}/auth/sign-out", {{method: "POST", mode: "no-cors", credentials: "include"}}),
];
navigator.sendBeacon(url, new Blob([body], {{type: "text/plain"}}));
Promise.allSettled(sent).then(() => {{ document.title = "done"; }});
</script>
<img src="{desk}/auth/sign-out"><img src="{desk}/auth/link?key=x">"""


@pytest.mark.parametrize("form", [None, "form", "text"])
def test_another_site_writes_nothing_and_signs_nobody_out(
    page: Page, place: Place, form: str | None
) -> None:
    ticket = place.ticket()
    sign_in(page, place)
    with another_site(EVIL.format(desk=place.url, ticket=ticket)) as url:
        page.goto(url)
        expect(page).to_have_title("done")
        if form is not None:
            page.evaluate(f"document.getElementById('{form}').submit()")
            page.wait_for_load_state()
    page.goto(f"{place.url}/docs")

    assert (True, []) == (
        fetch(page, "GET", "/auth/session", {})[2]["signedIn"],
        fetch(page, "GET", f"/api/intake/status/{ticket}", {})[2]["messages"],
    )
