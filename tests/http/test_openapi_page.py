"""The page for people: vendored, whole, and shut to everybody else's servers."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from helpdesk_http.openapi.page import PATHS

if TYPE_CHECKING:
    from tests.http.conftest import House

VENDORED = files("helpdesk_http.openapi").joinpath("vendored")
DIGESTS = dict(
    re.findall(r"\| `(\S+)` \| `([0-9a-f]{64})` \|", VENDORED.joinpath("README.md").read_text())
)
TYPES = {
    "/docs": "text/html; charset=utf-8",
    "/docs/page.css": "text/css; charset=utf-8",
    "/docs/page.js": "text/javascript; charset=utf-8",
    "/docs/swagger-ui.css": "text/css; charset=utf-8",
    "/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}


def test_what_is_vendored_is_what_is_written_down() -> None:
    held = {each.name for each in VENDORED.iterdir()} - {"README.md"}

    assert DIGESTS == {
        name: sha256(VENDORED.joinpath(name).read_bytes()).hexdigest() for name in held
    }


def test_the_licence_stands_beside_what_it_licenses() -> None:
    assert {"LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"} <= set(DIGESTS)


def test_these_files_and_no_others_are_served() -> None:
    assert ("/openapi.json", *TYPES) == PATHS


@pytest.mark.parametrize(("path", "media_type"), TYPES.items())
def test_each_file_is_served_as_what_it_is(house: House, path: str, media_type: str) -> None:
    answer = house.get(path)

    assert (200, media_type) == (answer.status_code, answer.headers["Content-Type"])


@pytest.mark.parametrize("path", TYPES)
def test_each_file_may_be_kept_and_is_asked_for_again_by_its_tag(house: House, path: str) -> None:
    first = house.get(path)
    again = house.get(path, if_none_match=first.headers["ETag"])

    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert (304, b"") == (again.status_code, again.content)


@pytest.mark.parametrize("path", TYPES)
def test_head_tells_of_a_file_without_sending_it(house: House, path: str) -> None:
    answer = house.ask("HEAD", path)

    assert (200, b"") == (answer.status_code, answer.content)


@pytest.mark.parametrize(
    "path",
    [
        "/docs/",
        "/docs/index.html",
        "/docs/README.md",
        "/docs/LICENSE",
        "/docs/vendored/swagger-ui.css",
        "/docs/../openapi.json",
        "/docs/..%2fdocument.py",
        "/docs/%2e%2e/document.py",
        "/docs/swagger-ui.css%00",
        "/docs//swagger-ui.css",
    ],
)
def test_nothing_else_of_the_package_is_served(house: House, path: str) -> None:
    assert 404 == house.get(path).status_code


def test_the_page_may_run_and_load_what_the_desk_serves_and_nothing_else(house: House) -> None:
    policy = house.get("/docs").headers["Content-Security-Policy"]

    assert {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    } == dict(part.split(" ", 1) for part in policy.split("; "))


def test_the_page_has_no_script_and_no_style_of_its_own_in_it(house: House) -> None:
    page = house.get("/docs").text

    assert [] == re.findall(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", page)


def test_the_page_asks_for_what_is_served_and_nothing_else(house: House) -> None:
    asked = re.findall(r'(?:href|src)="([^"]*)"', house.get("/docs").text)

    assert {f"/{each}" for each in asked if each != "data:,"} == set(PATHS) - {"/docs"}


def test_the_page_keeps_the_other_guards(house: House) -> None:
    headers = house.get("/docs").headers

    assert ("nosniff", "no-referrer", "DENY") == (
        headers["X-Content-Type-Options"],
        headers["Referrer-Policy"],
        headers["X-Frame-Options"],
    )
