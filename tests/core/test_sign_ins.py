"""Where a browser may go after it signed in, and which links are good."""

import re
from datetime import timedelta
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_core.errors import Invalid
from helpdesk_core.opaque import digest_of
from helpdesk_core.sign_ins import LONGEST_TARGET, read_target
from helpdesk_core.testing.account_builders import a_link, a_sign_in
from helpdesk_core.testing.builders import NOW

A_MOMENT = timedelta(microseconds=1)
END = NOW + timedelta(minutes=15)


@pytest.mark.parametrize("path", ["/", "/a", "/a/b?c=d&e=%2F#f", "/~a;b=c", "/" + "a" * 1999])
def test_a_path_of_our_own_is_taken(path: str) -> None:
    assert path == read_target(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a",
        "//evil.example.net",
        "/\\evil.example.net",
        "/%2f%2Fevil.example.net",
        "/%2Fevil.example.net",
        "/%5cevil.example.net",
        "\\/evil.example.net",
        "/\t/evil.example.net",
        "/a\\b",
        "https://evil.example.net/",
        "https:evil.example.net",
        "javascript:alert(1)",
        "@evil.example.net",
        " /a",
        "/a b",
        "/a\r\nSet-Cookie: a=b",
        "/a\n",
        "/\x00",
        "/\x7f",
        "/é",
        "/\u2028",
        "/" + "a" * LONGEST_TARGET,
    ],
)
def test_no_other_place_is_taken(path: str) -> None:
    with pytest.raises(Invalid) as refused:
        _ = read_target(path)

    assert {"next": "not a path of this desk"} == refused.value.details


@given(st.text())
def test_whatever_is_taken_is_one_line_of_ascii_that_begins_with_one_slash(text: str) -> None:
    try:
        path = read_target(text)
    except Invalid:
        return
    assert path.isascii()
    assert path.isprintable()
    assert "/" == path[0]
    assert path[1:2] not in {"/", "\\"}


paths = st.lists(
    st.sampled_from(
        ["/", "\\", "//", ":", "@", "?", "#", ".", "..", "%2f", "%5C", "%09", "%0A", "evil.net"]
    )
).map(lambda parts: "/" + "".join(parts))


@example("/%09/evil.net")
@example("/%0d%0A%5Cevil.net")
@given(paths)
def test_whatever_is_taken_leads_to_the_same_desk_decoded_or_not(text: str) -> None:
    try:
        path = read_target(text)
    except Invalid:
        return
    for read in (path, unquote(path)):
        as_browsers_do = re.sub(r"[\t\r\n]", "", read.strip()).replace("\\", "/")
        reached = urlsplit(urljoin("https://desk.example/auth/callback", as_browsers_do))
        assert ("https", "desk.example") == (reached.scheme, reached.netloc)


def test_a_link_of_the_operator_s_is_good_in_any_browser_until_it_ends() -> None:
    assert [True, True, False] == [
        a_link().is_good(END - A_MOMENT, None),
        a_link().is_good(END - A_MOMENT, "any"),
        a_link().is_good(END, None),
    ]


def test_a_link_that_was_asked_for_is_good_in_that_browser() -> None:
    assert a_link(binding=digest_of("mine")).is_good(NOW, "mine")


@pytest.mark.parametrize("browser", ["theirs", "", None])
def test_a_link_that_was_asked_for_is_good_in_no_other(browser: str | None) -> None:
    assert not a_link(binding=digest_of("mine")).is_good(NOW, browser)


def test_a_browser_may_come_back_within_a_quarter_of_an_hour() -> None:
    assert a_sign_in().is_good(END - A_MOMENT)
    assert not a_sign_in().is_good(END)
