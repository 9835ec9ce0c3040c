"""She steps in, in real browsers: the artist's window and the listener's phone at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.nodes import write_notes
from tests.processes import Serving, command, serving

pytestmark = pytest.mark.browser
# The phone looks every two seconds; how long that takes on a busy machine is nobody's fault.
SOON_MS = 30_000
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}

NOTE = "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"
QUESTION = "Where did you write Pilot Ladder?"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Serving]:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    notes = write_notes(tmp_path / "notes", {"piano.md": NOTE})
    assert command(home, "import", str(notes), "--yes").returncode == 0
    with serving(home) as opened:
        yield opened


@contextmanager
def window(browser: Browser, node: Serving, *, width: int, height: int, scheme: str) -> Iterator[Page]:
    """A window that reports every error of its scripts."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        base_url=node.address,
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def checked(page: Page, picture: Path | None = None) -> None:
    """Nobody is shut out of this page, and nothing of it is cut off."""
    if picture is not None:
        page.screenshot(path=picture, full_page=True)
    assert page.evaluate(WIDE) is False
    page.emulate_media(reduced_motion="reduce")  # what comes in is looked at as it stays
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def asked(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")


def test_the_artist_and_a_listener_talk_in_two_windows(browser: Browser, node: Serving, tmp_path: Path) -> None:
    with (
        window(browser, node, width=360, height=740, scheme="light") as phone,
        window(browser, node, width=1280, height=800, scheme="dark") as studio,
    ):
        studio.goto(f"/operator?token={node.token}")
        studio.click("main button[type=submit]")
        studio.wait_for_url("**/studio")
        studio.goto("/studio/asking")
        studio.get_by_role("button", name="Say that I am here").click()
        expect(studio.get_by_role("button", name="Put it out")).to_be_visible()
        phone.goto("/")
        expect(phone.locator("#lamp")).to_have_text("Ada Marsh is here.", timeout=SOON_MS)
        asked(phone, QUESTION)
        expect(phone.locator(".said q")).to_have_text(
            "I wrote Pilot Ladder on a rented piano in Leeds.", timeout=SOON_MS
        )
        expect(studio.locator(".asking-now h3")).to_have_count(0, timeout=SOON_MS)

        phone.locator("#looking-in summary").click()
        phone.get_by_label("In this conversation").check()
        phone.get_by_role("button", name="Keep this").click()
        expect(phone.locator("[data-news]")).to_have_text("Ada Marsh may look in now.", timeout=SOON_MS)
        expect(studio.locator(".asking-now h3")).to_have_text("Somebody without a name", timeout=SOON_MS)
        checked(studio, tmp_path / "list.png")

        studio.get_by_role("link", name="Look in on").click()
        expect(studio.get_by_role("button", name="Step in")).to_be_visible()
        checked(studio, tmp_path / "before.png")
        studio.get_by_role("button", name="Step in").click()
        expect(phone.locator("#with-her")).to_contain_text("herself", timeout=SOON_MS)
        studio.get_by_label("Write to her").fill("It was a Sunday, too.")
        studio.get_by_role("button", name="Send", exact=True).click()
        expect(studio.get_by_label("Write to her")).to_have_value("")
        expect(phone.locator(".hers .words")).to_have_text("It was a Sunday, too.", timeout=SOON_MS)
        expect(phone.locator("#news")).to_contain_text("It was a Sunday, too.", timeout=SOON_MS)
        expect(phone.locator("article.answer")).to_have_count(2, timeout=SOON_MS)

        asked(phone, "Which Sunday?")
        expect(studio.locator("#fresh .asked").last).to_have_text("Which Sunday?", timeout=SOON_MS)
        studio.get_by_label("Write to her").fill("The first in March.")
        checked(studio, tmp_path / "in.png")
        studio.set_viewport_size({"width": 360, "height": 740})
        checked(studio, tmp_path / "in-phone.png")
        studio.get_by_label("Write to her").press("Enter")
        expect(phone.locator(".hers .words").last).to_have_text("The first in March.", timeout=SOON_MS)
        expect(phone.locator("article.answer:not([aria-busy])")).to_have_count(3, timeout=SOON_MS)
        assert phone.locator(".said .hers, .hers q, .hers .chip").count() == 0
        checked(phone, tmp_path / "phone.png")

        studio.get_by_role("button", name="Hand back to the AI").click()
        expect(phone.locator("#with-her")).to_have_count(0, timeout=SOON_MS)
        asked(phone, "Where was Pilot Ladder written?")
        expect(phone.locator(".said q")).to_have_count(2, timeout=SOON_MS)

        phone.get_by_label("Nowhere").check()
        phone.get_by_role("button", name="Keep this").click()
        expect(studio.locator("#news")).to_have_text("She does not let you look in any more.", timeout=SOON_MS)
        expect(studio.locator("body")).not_to_contain_text(QUESTION)
        checked(phone, tmp_path / "phone-after.png")


def test_a_listener_and_the_artist_without_scripts(browser: Browser, node: Serving, tmp_path: Path) -> None:
    with (
        browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}) as hers,
        browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}) as artists,
    ):
        phone, studio = hers.new_page(), artists.new_page()
        studio.goto(f"{node.address}/operator?token={node.token}")
        studio.click("main button[type=submit]")
        studio.wait_for_url("**/studio")
        phone.goto(node.address)
        phone.fill("#question", QUESTION)
        phone.click("#asking button[type=submit]")
        expect(phone.get_by_role("button", name="Report this answer")).to_be_visible()  # under an answer that is whole
        phone.locator("#looking-in summary").click()
        phone.get_by_label("In all I ask").check()
        phone.get_by_role("button", name="Keep this").click()
        expect(phone.locator("#looking-in summary")).to_contain_text("In all I ask")
        phone.fill("#question", "Was it in tune?")
        phone.get_by_role("button", name="Ask", exact=True).click()
        expect(phone.locator("h1.asked")).to_have_text("Was it in tune?")
        expect(phone.get_by_role("button", name="Report this answer")).to_be_visible()
        studio.goto(f"{node.address}/studio/asking")
        studio.get_by_role("link", name="Look in on").click()
        studio.get_by_role("button", name="Step in").click()
        studio.get_by_label("Write to her").fill("Nearly.")
        studio.get_by_role("button", name="Send", exact=True).click()
        expect(studio.locator(".hers .words")).to_have_text("Nearly.")
        phone.reload()
        phone.get_by_role("link", name="Go on reading").click()
        expect(phone.locator(".hers .words")).to_have_text("Nearly.", timeout=SOON_MS)
        phone.screenshot(path=tmp_path / "plain.png", full_page=True)
        assert phone.evaluate(WIDE) is False
