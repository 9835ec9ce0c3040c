"""Being told, in a real browser: chosen and stopped without scripts; a push is shown, and a click opens its page.

Chromium has no push service of its own here, so that the one step in which a browser asks its maker for an
address is done by the test's; the page, the worker, the sealing and the showing are real.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.hands import heard, within
from tests.mailing import USER, Mailroom, link_in, mailroom
from tests.presence.telling.people import ADDRESS
from tests.processes import Serving, command, serving
from tests.push_service import Browser as Subscribed
from tests.push_service import b64

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as opened:
        yield opened


@pytest.fixture
def node(tmp_path: Path, room: Mailroom) -> Iterator[Serving]:
    assert command(tmp_path / "home", "init", "--name", "Ada Marsh").returncode == 0
    with serving(tmp_path / "home", PRESENCE_SMTP_URL=room.url, PRESENCE_MAIL_FROM=USER) as opened:
        yield opened


def path_in(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


def test_it_is_chosen_confirmed_and_stopped_without_scripts(browser: Browser, node: Serving, room: Mailroom) -> None:
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{node.address}/telling")
        page.get_by_role("link", name="sign in by a link in a mail").click()
        page.get_by_label("Your e-mail address").fill(ADDRESS)
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_role("status")).to_contain_text("Look into your mailbox")
        page.goto(node.address + path_in(link_in(room.next())))
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{node.address}/telling")
        page.locator("#question_answered").select_option(label="by mail")
        page.locator("#question_answered_when").select_option(label="once a day, all together")
        with page.expect_navigation():
            page.get_by_role("button", name="Keep this").click()
        expect(page.locator("#question_answered")).to_have_value("mail")
        expect(page.locator("#question_answered_when")).to_have_value("daily")
        page.get_by_label("Your e-mail address").fill(ADDRESS)
        page.get_by_role("button", name="Send me a link to confirm it").click()
        expect(page.get_by_role("status").first).to_contain_text("A mail is on its way")
        page.goto(node.address + path_in(link_in(room.next())))
        page.get_by_role("button", name="Confirm my address").click()
        page.get_by_role("link", name="What I am told").click()
        expect(page.get_by_text(f"Mail comes to {ADDRESS}")).to_be_visible()
        page.get_by_role("button", name="Stop everything").click()
        expect(page.locator("#question_answered")).to_have_value("nothing")
        expect(page.get_by_text("No mail comes to you")).to_be_visible()


def test_everybody_can_use_the_pages(browser: Browser, node: Serving, room: Mailroom) -> None:
    with browser.new_context(viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        accessible(page, f"{node.address}/telling")
        known(page, node)
        accessible(page, f"{node.address}/telling")
        asked = page.request.post(f"{node.address}/api/telling/address", data={"address": ADDRESS})
        assert asked.status == 202
        accessible(page, node.address + path_in(link_in(room.next())))
        page.get_by_role("button", name="Confirm my address").press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("From now on")


def accessible(page: Page, address: str) -> None:
    page.goto(address)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def known(page: Page, node: Serving) -> None:
    """Make a key by the one button that the page has."""
    page.goto(f"{node.address}/telling")
    page.get_by_role("button", name="Make my key and go on").click()
    expect(page.get_by_role("button", name="Keep this")).to_be_visible()


def with_push_service(context: BrowserContext, browser: Subscribed) -> None:
    """Let this browser's maker answer as the real one does, with the keys of a browser of ours."""
    given = json.dumps(browser.subscription)
    context.add_init_script(
        f"""let made = null;
        PushManager.prototype.getSubscription = async () => made;
        PushManager.prototype.subscribe = async (options) => {{
          window.subscribedWith = [...new Uint8Array(options.applicationServerKey)];
          const keys = {given};
          const unsubscribe = async () => {{ made = null; return true; }};
          made = {{ endpoint: keys.endpoint, toJSON: () => keys, unsubscribe }};
          return made;
        }};"""
    )


def test_a_browser_is_turned_on_and_off_by_its_buttons(browser: Browser, node: Serving) -> None:
    device = Subscribed("https://1.1.1.1/push/one", "")  # an address that needs no name to be found
    with browser.new_context(permissions=["notifications"]) as context:
        with_push_service(context, device)
        page = context.new_page()
        known(page, node)
        page.get_by_role("button", name="Show it in this browser").click()
        expect(page.locator("#news")).to_contain_text("This browser shows you what you chose")
        told = page.request.get(f"{node.address}/api/telling").json()
        assert told["browsers"] == 1
        assert b64(bytes(page.evaluate("window.subscribedWith"))) == told["push_key"]
        page.get_by_role("button", name="Not in this browser any more").click()
        expect(page.locator("#news")).to_contain_text("Nothing is shown")
        expect(page.get_by_role("button", name="Show it in this browser")).to_be_visible()
        assert page.request.get(f"{node.address}/api/telling").json()["browsers"] == 0


def test_what_is_pushed_is_shown_once_and_leads_to_a_page_of_ours(browser: Browser, node: Serving) -> None:
    with browser.new_context(permissions=["notifications"]) as context:
        page = context.new_page()
        page.goto(f"{node.address}/")
        ready = "navigator.serviceWorker.register('/sw.js', {scope: '/'}).then(() => navigator.serviceWorker.ready)"
        page.evaluate(within(ready))
        session = context.new_cdp_session(page)
        registered: list[str] = []
        session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: registered.extend(one["registrationId"] for one in told["registrations"]),
        )
        session.send("ServiceWorker.enable")
        displayed: list[str] = []
        session.on(
            "BackgroundService.backgroundServiceEventReceived",
            lambda told: displayed.append(told["backgroundServiceEvent"]["eventName"]),
        )
        session.send("BackgroundService.startObserving", {"service": "notifications"})
        session.send("BackgroundService.setRecording", {"service": "notifications", "shouldRecord": True})
        heard(page, registered, 1)

        def push(title: str, link: str) -> None:
            told = {"origin": node.address, "registrationId": registered[-1]}
            session.send(
                "ServiceWorker.deliverPushMessage", told | {"data": json.dumps({"title": title, "link": link})}
            )

        push("One", "/answers/one")
        push("One again", "/answers/one")
        push("Two", "https://evil.example/answers/two")
        # Asked about once all are there: Chromium forgets one that it is asked about while it is being displayed.
        heard(page, displayed, 3)
        shown = "navigator.serviceWorker.ready.then((one) => one.getNotifications())"
        found = page.evaluate(within(f"{shown}.then((all) => all.map((one) => [one.title, one.data.link]))"))
        assert sorted(found) == [["One again", f"{node.address}/answers/one"], ["Two", f"{node.address}/"]]
