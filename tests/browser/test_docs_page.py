"""The page of the API's description, as a browser shows it."""

import attrs
import pytest
from playwright.sync_api import Page, expect

from helpdesk_http.openapi.rooms import OPERATIONS, TAGS

NAMES = [operation.name for operation in OPERATIONS]


@attrs.frozen
class Heard:
    """What a page asked for, and what it complained of."""

    asked: list[str] = attrs.field(factory=list)
    complaints: list[str] = attrs.field(factory=list)


@pytest.fixture
def heard(page: Page) -> Heard:
    """What is heard of the page from its first request on."""
    heard = Heard()
    page.on("request", lambda request: heard.asked.append(request.url))
    page.on("console", lambda message: heard.complaints.append(message.text))
    page.on("pageerror", lambda error: heard.complaints.append(str(error)))
    return heard


@pytest.fixture
def shown(page: Page, desk: str, heard: Heard) -> Page:
    """The page when it shows as many operations as there are."""
    assert [] == heard.asked
    page.goto(f"{desk}/docs")
    expect(page.locator(".opblock")).to_have_count(len(OPERATIONS))
    return page


def test_the_page_shows_every_operation(shown: Page) -> None:
    names = shown.locator(".opblock-summary-operation-id").all_text_contents()

    assert sorted(NAMES) == sorted(names)


def test_the_page_shows_every_room(shown: Page) -> None:
    for room in TAGS:
        expect(shown.locator(".opblock-tag").get_by_text(room, exact=True)).to_be_visible()


def test_an_operation_opens_and_shows_its_answers(shown: Page, heard: Heard) -> None:
    rooms = shown.locator(".opblock-tag-section").all()
    for room in rooms:  # one of each: all of them together keep a browser busy for a minute
        room.locator(".opblock-summary-control").first.click()

    expect(shown.locator(".responses-table")).to_have_count(len(TAGS))
    assert [] == heard.complaints


def test_a_request_can_be_tried_out(shown: Page) -> None:
    options = shown.locator("#operations-Intake-readIntakeOptions")
    options.locator(".opblock-summary-control").click()
    options.get_by_role("button", name="Try it out").click()
    options.get_by_role("button", name="Execute").click()

    expect(options.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "200"
    )


@pytest.mark.usefixtures("shown")
def test_the_page_asks_nobody_but_the_desk(heard: Heard, desk: str) -> None:
    assert f"{desk}/openapi.json" in heard.asked
    assert [] == [url for url in heard.asked if not url.startswith((f"{desk}/", "data:"))]


@pytest.mark.usefixtures("shown")
def test_the_page_keeps_to_its_policy(heard: Heard) -> None:
    assert [] == heard.complaints
