"""What is remembered, in a real browser: agreed to and mended without scripts, signed with her own key, deleted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from presence.memory.signed import checked_memory
from tests.browser.keys import make_key
from tests.mailing import USER, Mailroom, link_in, mailroom
from tests.processes import Serving, command, serving

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


@pytest.fixture
def node(tmp_path: Path, room: Mailroom) -> Iterator[Serving]:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    with serving(home, PRESENCE_SMTP_URL=room.url, PRESENCE_MAIL_FROM=USER) as opened:
        changed = command(home, "tier", "terms", "public", "--remembers")
        assert changed.returncode == 0, changed.stderr
        yield opened


def checked(page: Page) -> None:
    """Nobody is shut out of this page, and nothing of it is cut off on a phone."""
    page.emulate_media(reduced_motion="reduce")  # what comes in is looked at as it stays
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_it_is_agreed_to_mended_and_deleted_without_scripts(browser: Browser, node: Serving, room: Mailroom) -> None:
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{node.address}/memory")
        page.get_by_role("link", name="sign in by a link in a mail").click()
        page.get_by_label("Your e-mail address").fill("ann@example.org")
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_role("status")).to_contain_text("Look into your mailbox")
        page.goto(node.address + "/" + link_in(room.next()).split("/", 3)[3])
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{node.address}/memory")
        page.get_by_role("button", name="Remember what I like").click()
        page.get_by_label("In a few words").fill("dub plates")
        page.get_by_role("button", name="Remember it").click()
        page.get_by_label("In my own words").fill("with the crackle")
        page.get_by_role("button", name="Keep these words").click()
        expect(page.get_by_label("In my own words")).to_have_attribute("value", "with the crackle")
        with page.expect_navigation():
            page.get_by_role("button", name="Forget dub plates").click()
        expect(page.get_by_text("dub plates")).to_have_count(0)
        page.get_by_role("link", name="Delete everything that is kept of me here").click()
        page.get_by_label("Yes, delete everything").check()
        page.get_by_role("button", name="Delete me").click()
        expect(page.get_by_role("heading", name="You are deleted here")).to_be_visible()
        page.goto(f"{node.address}/memory")
        expect(page.get_by_text("Of you nothing is")).to_be_visible()


def test_she_signs_her_copy_with_her_own_key(browser: Browser, node: Serving) -> None:
    with browser.new_context(viewport=PHONE, base_url=node.address) as context:  # type: ignore[arg-type]
        page = context.new_page()
        did = make_key(page)
        page.goto("/memory")
        checked(page)
        page.get_by_role("button", name="Remember what I like").click()
        page.get_by_label("In a few words").fill("dub “plates” ü 𝄞")
        page.get_by_role("button", name="Remember it").click()
        expect(page.locator(".remembered li")).to_have_count(1)
        checked(page)
        with page.expect_download() as downloading:
            page.get_by_role("button", name="All of it, signed by me").click()
        held = checked_memory(json.loads(Path(downloading.value.path()).read_text(encoding="utf-8")))
        assert (held["listener"], [item["name"] for item in held["items"]]) == (did, ["dub “plates” ü 𝄞"])
        page.goto("/memory/leave")
        checked(page)
