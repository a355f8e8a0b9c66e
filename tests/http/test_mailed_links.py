"""Signing in with a mailed link, and the forms of pages."""

from __future__ import annotations

import pytest

from tests.http.a_browser import ABrowser, Desk, desk_before
from tests.http.conftest import House

SANDY = "sandy.rachman@example.com"


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_before(house)


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
