"""The desk's cookies: how they are set, and what is no cookie of ours."""

from datetime import timedelta

import falcon
import pytest
from falcon.testing import TestClient, create_environ
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_http.auth.cookies import LONGEST_HEADER, Cookie, Cookies, cookies_at

SECURE = Cookies(is_secure=True)
SECRET = "s" * 43
NAME = "__Host-helpdesk-session"


def request(header: str | None) -> falcon.Request:
    environ = create_environ()
    if header is not None:
        environ["HTTP_COOKIE"] = header
    return falcon.Request(environ)


def read(header: str | None) -> str | None:
    return SECURE.read(request(header), Cookie.SESSION)


class Room:
    """Gives the cookie to whoever looks in, and takes it back from whoever leaves."""

    def __init__(self, cookies: Cookies) -> None:
        self._cookies = cookies

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        self._cookies.give(resp, Cookie.SESSION, SECRET, timedelta(days=7))

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        self._cookies.take_back(resp, Cookie.SESSION)


def said_by(cookies: Cookies, method: str = "GET") -> str:
    app = falcon.App()
    app.add_route("/", Room(cookies))
    return TestClient(app).simulate_request(method, "/").headers["Set-Cookie"]


@pytest.mark.parametrize(
    "address",
    [None, "", "https://desk.example.com", "http://desk.example.com", "https://localhost:8000"],
)
def test_a_cookie_is_for_this_host_alone_and_over_tls_alone(address: str | None) -> None:
    said = f"{NAME}={SECRET}; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"

    assert said == said_by(cookies_at(address))


@pytest.mark.parametrize(
    "address",
    ["http://localhost", "http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"],
)
def test_without_tls_on_this_machine_it_has_a_plain_name(address: str) -> None:
    said = f"helpdesk-session={SECRET}; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax"

    assert said == said_by(cookies_at(address))


def test_a_cookie_is_taken_back_as_it_was_given() -> None:
    said = f"{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"

    assert said == said_by(SECURE, "DELETE")


@pytest.mark.parametrize(
    "header",
    [
        f"{NAME}={SECRET}",
        f"a=b; {NAME}={SECRET}; c=d",
        f"a=b;{NAME}={SECRET}",
        f"\t{NAME}={SECRET} ;;;=;x",
        "; ".join([*(f"c{number}=x" for number in range(500)), f"{NAME}={SECRET}"]),
    ],
)
def test_a_secret_is_found_among_other_cookies(header: str) -> None:
    assert SECRET == read(header)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        f"helpdesk-session={SECRET}",
        f"__host-helpdesk-session={SECRET}",
        f"{NAME}={SECRET}; {NAME}={SECRET}",
        f"{NAME}={'t' * 43}; {NAME}={SECRET}",
        f"{NAME}={SECRET}; {NAME}=",
        f'{NAME}="{SECRET}"',
        f"{NAME} ={SECRET}",
        f"{NAME}=%73{SECRET}",
        f"{NAME}={SECRET}é",
        f"{NAME}={SECRET}\x00",
        f"{NAME}={'s' * 21}",
        f"{NAME}={'s' * 129}",
        f"{NAME}={SECRET}, {NAME}={SECRET}",
        f"{NAME}={SECRET}; x={'x' * LONGEST_HEADER}",
        f"{NAME}={'s' * 1024 * 1024}",
    ],
)
def test_whatever_is_no_single_secret_is_none(header: str | None) -> None:
    assert read(header) is None


@given(st.text(st.characters(max_codepoint=255), max_size=300))
def test_no_header_is_more_than_a_secret_or_nothing(header: str) -> None:
    found = read(header)

    assert found is None or found in header


@given(st.lists(st.sampled_from([f"{NAME}={SECRET}", f"{NAME}=x", "a=b", "", "=", NAME])))
def test_a_secret_is_read_only_where_its_name_comes_once(pairs: list[str]) -> None:
    named = [pair for pair in pairs if pair.partition("=")[0] == NAME]

    assert (SECRET if named == [f"{NAME}={SECRET}"] else None) == read("; ".join(pairs))
