"""Signing in by mail in a real browser that runs no scripts: forms are sent as browsers send them."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.mailing import USER, link_in, mailroom
from tests.processes import serving

pytestmark = pytest.mark.browser


def test_a_link_in_a_mail_opens_a_session_without_scripts(browser: Browser, tmp_path: Path) -> None:
    with (
        mailroom() as room,
        serving(tmp_path / "home", PRESENCE_SMTP_URL=room.url, PRESENCE_MAIL_FROM=USER) as node,
        browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640}) as context,
    ):
        page = context.new_page()
        page.goto(f"{node.address}/sign-in")
        page.get_by_label("Your e-mail address").fill("ann@example.org")
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_role("status")).to_contain_text("Look into your mailbox")
        path = link_in(room.next()).partition("/sign-in")[2]
        page.goto(f"{node.address}/sign-in{path}")
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{node.address}/")
        assert context.request.get(f"{node.address}/api/me").json()["how"] == "mail"


def test_everybody_can_use_the_pages(browser: Browser, tmp_path: Path) -> None:
    with mailroom() as room, serving(tmp_path / "home", PRESENCE_SMTP_URL=room.url, PRESENCE_MAIL_FROM=USER) as node:
        page = browser.new_page(viewport={"width": 360, "height": 640})
        for path in ("/sign-in", "/sign-in/link?token=" + "a" * 43):
            page.goto(node.address + path)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.close()
