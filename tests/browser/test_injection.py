"""Notes, names and a model that try to become scripts, in a real browser: nothing runs, and nothing leaves.

tests/presence/web/test_injection.py reads the same pages as text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.nodes import client_of
from tests.ports import free_port
from tests.presence.web.paying import ANN, CENT
from tests.rig.crawling import plain_addresses
from tests.rig.opened import opened_at
from tests.rig.poisoned import EVIL, MARKS, QUESTIONS, SITE, Poisoned, open_poisoned
from trustgraph import issuing

pytestmark = pytest.mark.browser

# What the policy of the page refuses is a defect as well: it should never have come so far.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (told) => window.refused.push(
  `${told.effectiveDirective} ${told.blockedURI} ${told.sample}`));
"""
THEIRS = """() => document.contentType !== "text/html" ? [] : [...document.querySelectorAll("*")].filter((element) =>
  element.matches("[data-evil], [srcdoc], [style], base, iframe, object, embed, template, math, style") ||
  [...element.attributes].some(({ name, value }) =>
    name.startsWith("on") || (/^(href|src|action|formaction|data|srcset|ping|xlink:href)$/.test(name) &&
    /^(javascript|data|vbscript|https?:\\/\\/evil|\\/\\/)/i.test(value.replace(/[\\s\\u0000-\\u001f]/g, ""))))
).map((element) => element.outerHTML.slice(0, 200))"""


@dataclass
class Watched:
    """A browser of somebody, and everything that it did and should not have."""

    context: BrowserContext
    address: str
    wrong: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.context.add_init_script(WATCH)
        self.context.on("request", lambda request: self._asked_for(request.url))
        self.context.on("dialog", self._asked)
        self.context.on("weberror", lambda error: self.wrong.append(f"script {error.error}"))
        self.context.on("console", lambda told: self._said(told.type, told.text))
        self.context.on("page", self._opened)

    def look(self, page: Page) -> None:
        """Look at what a page has become: its elements, what was refused, where it is."""
        self.wrong += [f"{page.url}: {found}" for found in page.evaluate(THEIRS)]
        self.wrong += [f"{page.url}: refused {told}" for told in page.evaluate("window.refused")]
        if "evil49" in page.content():
            self.wrong.append(f"{page.url}: a template was filled in")

    def _asked(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _asked_for(self, url: str) -> None:
        if urlsplit(url).scheme in ("http", "https", "ws", "wss", "ftp") and not url.startswith(self.address + "/"):
            self.wrong.append(f"left for {url}")

    def _said(self, kind: str, text: str) -> None:
        # What is not there, or not paid, is said by the browser itself.
        if kind == "error" and "status of 40" not in text:
            self.wrong.append(f"console {text}")

    def _opened(self, page: Page) -> None:
        if page.url not in ("about:blank", "") and not page.url.startswith(self.address):
            self.wrong.append(f"opened {page.url}")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    home = Path(tmp_path_factory.mktemp("poisoned")) / "home"
    with open_poisoned(home, port=free_port()) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(poisoned: Poisoned) -> Iterator[str]:
    with opened_at(poisoned.services) as opened:
        yield opened


@pytest.fixture
def ann(browser: Browser, poisoned: Poisoned, address: str) -> Iterator[Watched]:
    """Ann reads everything, and is signed in; the operator's pages have a browser of their own."""
    with httpx.Client(base_url=address) as client:
        challenge = client.post("/auth/challenge").json()
        proof = issuing.auth(
            ANN, root=challenge["root"], aud=address, nonce=challenge["nonce"], iat=int(poisoned.services.trust.now())
        )
        assert client.post("/auth/session", json=proof).status_code == 201
        yield from _browser_of(browser, client, address)


@pytest.fixture
def operator(browser: Browser, poisoned: Poisoned, address: str) -> Iterator[Watched]:
    with httpx.Client(base_url=address) as client:
        client.post("/operator", data={"token": poisoned.services.operator.new_token()})
        yield from _browser_of(browser, client, address)


def _browser_of(browser: Browser, client: httpx.Client, address: str) -> Iterator[Watched]:
    context = browser.new_context(base_url=address, reduced_motion="reduce")
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in client.cookies.items()])
    watched = Watched(context, address)
    watched.watch()
    yield watched
    context.close()
    assert watched.wrong == []


def opened_up(page: Page) -> None:
    """Do what a reader may do: unfold, open the cards, and go through the page by keyboard."""
    page.evaluate("() => document.querySelectorAll('details').forEach((folded) => { folded.open = true })")
    for chip in page.locator(".chip[popovertarget]").all():
        chip.click()
        page.keyboard.press("Escape")
    for _ in range(12):
        page.keyboard.press("Tab")


def looked_at(watched: Watched, page: Page, path: str) -> None:
    try:
        page.goto(path)
    except PlaywrightError as error:
        if "Download is starting" not in str(error):
            raise
        return  # a file to keep is no page
    opened_up(page)
    watched.look(page)


def test_answers_sources_rows_and_receipts_are_text(ann: Watched) -> None:
    page = ann.context.new_page()
    places: set[str] = set()
    for question in QUESTIONS:
        page.goto("/")
        page.fill("#question", question)
        page.click("#asking button[type=submit]")
        expect(page.locator("article.answer:not([aria-busy])")).to_have_count(1, timeout=30_000)
        opened_up(page)
        ann.look(page)
        links = page.locator("article.answer a[href^='/']").all()
        places |= {str(link.get_attribute("href")).split("#")[0] for link in links}
    kinds = {place.split("/")[1] for place in places}
    assert kinds >= {"sources", "rows", "receipts"}
    shown = ""
    for path in sorted(places):
        looked_at(ann, page, path)
        shown += page.inner_text("main")
    assert f"//{EVIL}/a" in shown  # as words


def test_finished_pages_are_text_on_paper_too(ann: Watched) -> None:
    page = ann.context.new_page()
    for question in (*QUESTIONS[:4], *MARKS):
        response = ann.context.request.post(
            "/ask", form={"question": question, "max_price_micros": str(CENT * 5)}, headers={"Origin": ann.address}
        )
        looked_at(ann, page, response.url.removeprefix(ann.address))
    page.emulate_media(media="print")
    ann.look(page)
    assert page.pdf()[:4] == b"%PDF"


def test_every_other_page_is_text(ann: Watched, poisoned: Poisoned) -> None:
    page = ann.context.new_page()
    with client_of(poisoned.services) as client:
        addresses = plain_addresses(client.app)  # type: ignore[arg-type]
    for path in [*addresses, f"/invite/{poisoned.invite}", f"/splits/{poisoned.split}"]:
        looked_at(ann, page, path)
    for mark in MARKS:
        page.goto("/")
        page.evaluate("(words) => { location.href = `/sign-in?next=${encodeURIComponent(words)}` }", mark)
        page.wait_for_url("**/sign-in?**")
        ann.look(page)


def test_the_studio_shows_names_and_requests_as_text(operator: Watched, poisoned: Poisoned) -> None:
    page, request = operator.context.new_page(), operator.context.request
    for mark in MARKS[:-1]:  # the last holds signs that cannot be seen, and is refused
        asked = request.post("/ask", form={"question": f"What about {mark}"}, headers={"Origin": operator.address})
        reported: dict[str, str | float | bool] = {"reason": "wrong", "words": mark}
        assert request.post(f"{asked.url}/report", form=reported, headers={"Origin": operator.address}).ok
    with client_of(poisoned.services) as client:
        addresses = plain_addresses(client.app)  # type: ignore[arg-type]
    for path in addresses:
        if path.startswith(("/studio", "/operator")):
            looked_at(operator, page, path)
    for path in ("/studio/people", "/studio/reports"):
        page.goto(path)
        assert EVIL in page.inner_text("main")


def test_the_room_on_another_site_is_text(ann: Watched) -> None:
    page = ann.context.new_page()
    for mark in MARKS:
        page.goto(f"/embed?{urlencode({'site': SITE, 'question': mark})}")
        ann.look(page)
        page.fill("[name=question]", QUESTIONS[1])
        page.click("button[type=submit]")
        expect(page.locator("article.answer q, .nothing").first).to_be_visible(timeout=30_000)
        ann.look(page)


def test_what_is_watched_for_is_seen(browser: Browser, address: str) -> None:
    """The watcher itself is watched: on a page with such markup it finds it, and the policy is what holds."""
    context = browser.new_context(base_url=address)
    watched = Watched(context, address)
    watched.watch()
    page = context.new_page()
    page.goto("/tiers")
    page.evaluate("(mark) => { document.querySelector('main').innerHTML = mark }", MARKS[0])
    page.wait_for_function("() => window.refused.some((told) => told.startsWith('img-src'))")
    watched.look(page)
    context.close()
    assert any("data-evil" in found for found in watched.wrong)
    assert any("refused img-src" in found for found in watched.wrong)
