"""The room as an app: it can be installed, says so without a line, keeps no answer, and is light to fetch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.browser.hands import within
from tests.browser.sounding import AFTER_THE_FIRST, Sounding, sounding
from tests.mailing import mailroom
from tests.presence.processes.waiting import until

pytestmark = pytest.mark.browser

FIRST_LOAD_BYTES_MAX = 100_000
READY = within("navigator.serviceWorker.ready.then(() => caches.match('/offline')).then((kept) => Boolean(kept))")
KEPT = """async () => { const kept = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
  }
  return kept.sort(); }"""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Sounding]:
    with mailroom() as room, sounding(tmp_path, room) as opened:
        yield opened


def test_it_can_be_installed_and_keeps_only_its_shell(browser: Browser, node: Sounding) -> None:
    with browser.new_context(base_url=node.address) as context:
        page = context.new_page()
        page.goto("/")
        devtools = context.new_cdp_session(page)
        told = devtools.send("Page.getAppManifest")
        assert told["errors"] == []
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] in (
            [],
            [{"errorId": "in-incognito", "errorArguments": []}],
        )
        until(lambda: page.evaluate(READY))
        page.fill("#question", AFTER_THE_FIRST)
        page.keyboard.press("Enter")
        page.wait_for_selector("article.answer:not([aria-busy]) .card", state="attached")
        kept = page.evaluate(KEPT)
        assert "/offline" in kept
        assert [path for path in kept if path != "/offline" and not path.startswith("/static/")] == []


def test_without_a_line_it_says_so_and_shows_no_answer(browser: Browser, node: Sounding) -> None:
    with browser.new_context(base_url=node.address, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto("/")
        until(lambda: page.evaluate(READY))
        page.reload()  # from here on it is the worker who fetches
        context.set_offline(True)
        page.goto("/sets")
        expect(page.locator("h1")).to_have_text("There is no line")
        expect(page.locator("header .name")).to_have_css("font-weight", "600")  # it has its clothes on
        context.set_offline(False)
        page.get_by_role("link", name="Try again").click()
        expect(page.locator("h1")).to_have_text("Ask Ada Marsh’s notes")


def test_the_first_load_is_light(browser: Browser, node: Sounding) -> None:
    with browser.new_context(base_url=node.address, service_workers="block") as context:
        page, came = context.new_page(), list[Response]()
        page.on("response", lambda one: came.append(one))  # noqa: PLW0108  # what is built in cannot be listened with
        page.goto("/", wait_until="load")
        sizes = {one.url.removeprefix(node.address): len(one.body()) for one in came if "events" not in one.url}
        assert sizes["/"] > 0
        assert "/static/house.css" in sizes
        assert sum(sizes.values()) < FIRST_LOAD_BYTES_MAX, sizes
