"""Sessions of browsers: who is signed in where, what they may, and how it ends."""

from __future__ import annotations

import attrs
import pytest

from helpdesk_core.directory import Directory
from helpdesk_core.people import OPERATOR, Role
from helpdesk_core.use_cases.accounts import deactivate_user
from helpdesk_core.use_cases.sign_in_links import make_link
from tests.http.a_browser import ABrowser, Desk, desk_before
from tests.http.conftest import GOOD, House

SANDY = "sandy.rachman@example.com"


@pytest.fixture
def desk(house: House) -> Desk:
    return desk_before(house)


def test_the_session_before_is_dead_after_signing_in_again(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    former = ABrowser(desk.house)
    former.cookies = dict(desk.browser.cookies)
    desk.browser.sign_in("otto@example.com")

    assert (None, "otto@example.com") == (former.who, desk.browser.who)


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
        "/api/intake", {**GOOD, "createdByEmail": "forged@example.com"}, cookie=cookie
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


def test_whom_an_embedder_identifies_counts_where_there_is_no_session(desk: Desk) -> None:
    desk.browser.sign_in("cora@example.com")
    ask = desk.browser.ask
    with_session = ask("GET", "/auth/session", None, x_person="stranger").json["user"]["email"]
    desk.browser.cookies.clear()
    without = ask("GET", "/auth/session", None, x_person="stranger").json["user"]["email"]

    assert ("cora@example.com", "otto@example.com") == (with_session, without)
