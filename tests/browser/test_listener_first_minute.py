"""The first minute of somebody who has never been here, on a phone: asked, answered, heard, and handed on.

How long each step took is printed, and never asserted.
"""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.sounding import AFTER_THE_FIRST, SECOND_PIECE_S, Sounding, sounding
from tests.mailing import Mailroom, link_in, mailroom

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
ADDRESS = "ann@example.org"


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


@pytest.fixture
def node(tmp_path: Path, room: Mailroom) -> Iterator[Sounding]:
    with sounding(tmp_path, room) as opened:
        yield opened


class Watch:
    """Prints how long it took since the step before."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, what: str) -> None:
        now = time.monotonic()
        sys.stdout.write(f"{(now - self._at) * 1000:7.0f} ms  {what}\n")
        self._at = now


def test_the_first_minute(browser: Browser, node: Sounding, room: Mailroom) -> None:
    with browser.new_context(viewport=PHONE, base_url=node.address) as context:  # type: ignore[arg-type]
        page, took = context.new_page(), Watch()
        page.goto("/")
        took("the room stands")
        _who_this_is(page)
        page.locator(".examples button").first.click()
        expect(page.locator(".answer .status, .answer .said").first).to_be_visible()
        took("something is said to a tap")
        page.wait_for_selector(".answer:not([aria-busy]) .chip")
        took("a set question is answered")
        _chip_opens_the_line(page)
        _ask(page, AFTER_THE_FIRST)
        _play_from_its_second(page)
        took("a piece plays from its second")
        _ask(page, "Which football team do you support?")
        _ask_her(page)
        took("her address is left")
        link = link_in(room.next())
        page.goto(node.address + re.sub(r"^https?://[^/]+", "", link))
        page.get_by_role("button", name="Confirm my address").click()
        expect(page.get_by_role("status").first).to_contain_text("From now on")


def _who_this_is(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Ask Ada Marsh’s notes")
    expect(page.locator(".ai-label")).to_contain_text("AI")
    counted = page.locator(".counts b").all_inner_texts()
    assert len(counted) == 3
    assert all(int(count) > 0 for count in counted)
    expect(page.locator(".free")).to_have_text("Your first 3 answers are free, and nobody asks who you are.")
    assert page.locator(".examples button").count() == 4


def _chip_opens_the_line(page: Page) -> None:
    said = page.locator(".answer .said q").first.inner_text()
    page.locator(".answer .chip").first.click()
    card = page.locator(".card:popover-open")
    expect(card.locator("blockquote")).to_have_text(said)
    expect(card.locator(".meta")).to_contain_text("Ada Marsh")
    expect(card.locator("time")).to_have_attribute("datetime", re.compile(r"\d{4}-\d\d-\d\d"))
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def _ask(page: Page, question: str) -> None:
    before = page.locator("article.answer").count()
    page.fill("#question", question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_selector(f"article.answer:nth-of-type({before + 1}):not([aria-busy]) .from")


def _play_from_its_second(page: Page) -> None:
    answer = page.locator("article.answer").last
    expect(answer.locator(".said")).to_contain_text("Low Tide")
    answer.locator(".chip").first.click()
    page.locator(".card:popover-open a.play").click()
    audio = answer.locator(".player audio")
    expect(audio).to_be_focused()
    page.wait_for_function(
        "second => { const audio = document.querySelector('.player audio');"
        " return !audio.paused && audio.currentTime >= second && audio.currentTime < second + 60; }",
        arg=SECOND_PIECE_S,
    )


def _ask_her(page: Page) -> None:
    answer = page.locator("article.answer").last
    expect(answer.locator(".nothing").first).to_contain_text("not in my notes")
    expect(answer.locator(".nothing").first).to_contain_text("It cost you nothing")
    assert answer.locator(".nearest a").count() > 0
    answer.get_by_role("button", name="Ask her").click()
    page.get_by_label("Your e-mail address, to hear back").fill(ADDRESS)
    page.get_by_role("button", name="Let me hear").click()
    expect(page.locator(".hear [role=status]")).to_contain_text("then you will hear back")
