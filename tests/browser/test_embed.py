"""The room on another site's page, in a real browser that keeps cookies from frames."""

import html
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, FrameLocator, Page, expect

from models.scripted import ScriptedWriter
from presence.settings import AskingSettings
from tests.browser.conftest import FLAGS
from tests.nodes import open_node, take_in, write_notes
from tests.ports import free_port
from tests.presence.processes.waiting import SECONDS_MAX
from tests.presence.web.paying import ASKED, NOTE
from tests.processes import command, serving
from tests.rig.opened import opened_at

pytestmark = pytest.mark.browser

QUESTION = "Where was the bass of Low Tide Ledger recorded?"
QUOTE = "I recorded the bass line of Low Tide Ledger on a broken Korg in my aunt's kitchen."
HOSTILE = "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;/textarea&gt;&lt;script&gt;alert(2)&lt;/script&gt;"


@dataclass
class Blog:
    """Another site: what its page holds beside a policy that lets in the node's script and frame and nothing else."""

    port: int
    node: str
    body: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def listed(self) -> str:
        """Its address as the artist knows it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def unlisted(self) -> str:
        """The same pages under another name."""
        return f"http://localhost:{self.port}"

    @property
    def policy(self) -> str:
        return f"default-src 'none'; script-src {self.node}; frame-src {self.node}; style-src 'unsafe-inline'"


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    """A node that knows a blog, and the blog."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = f"<!doctype html><title>A blog</title><h1>My blog</h1>{told.body}"
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", told.policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    home = Path(tmp_path_factory.mktemp("embed")) / "home"
    with serving(home, verb="demo") as node:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        server.daemon_threads = True
        told = Blog(server.server_port, f"http://localhost:{urlsplit(node.address).port}")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        assert command(home, "embeds", "add", told.listed).returncode == 0
        yield told
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def strict(browser: Browser) -> Iterator[Browser]:
    """A browser that keeps cookies from frames of other sites."""
    flags = [*FLAGS, "--test-third-party-cookie-phaseout"]
    launched = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=flags)
    yield launched
    launched.close()


@pytest.fixture
def page(strict: Browser, blog: Blog) -> Iterator[Page]:
    """A page that reports errors, dialogs, and requests to anywhere but the blog and the node."""
    context = strict.new_context(viewport={"width": 800, "height": 1600})
    told = context.new_page()
    wrong: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    told.on("pageerror", lambda error: wrong.append(str(error)))
    told.on("dialog", dismissed)
    told.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    hosts = {urlsplit(blog.node).netloc, urlsplit(blog.listed).netloc}
    told.on("request", lambda sent: wrong.append(sent.url) if urlsplit(sent.url).netloc not in hosts else None)
    yield told
    context.close()
    assert wrong == []


def embedded(page: Page, blog: Blog, attributes: str = "") -> FrameLocator:
    """Open the blog with the one line in it; give what stands in the frame."""
    blog.body = f'<script src="{blog.node}/embed.js" {attributes}></script><p>Under it</p>'
    page.goto(blog.listed)
    return page.frame_locator("iframe")


GROWN = """() => {
  const height = document.querySelector("iframe").offsetHeight, before = window.heightBefore;
  window.heightBefore = height;
  return height > 400 && height === before;
}"""
"""Whether the frame has grown, and grows no more."""


def asked(room: FrameLocator, question: str = QUESTION) -> None:
    """Ask by a key, which only begins a new line until the frame's script is there and has told its height."""
    expect(room.owner).not_to_have_css("height", "300px")
    room.locator("#question").fill(question)
    room.locator("#question").press("Enter")
    expect(room.locator("article.answer")).to_contain_text(QUOTE, timeout=30_000)
    expect(room.locator(".again")).to_have_count(0)  # it is whole


def test_one_line_puts_the_room_there_and_it_answers(page: Page, blog: Blog) -> None:
    room = embedded(page, blog)
    expect(room.locator(".ai-label")).to_be_visible()
    expect(room.locator(".ai-label")).to_contain_text("AI, answering from")
    asked(room)
    expect(room.locator(".from")).to_be_visible()
    assert page.context.cookies() == []


def test_a_source_opens_in_a_tab_of_its_own(page: Page, blog: Blog) -> None:
    room = embedded(page, blog)
    asked(room)
    with page.context.expect_page() as tab:
        room.locator(".chip").first.click()
    expect(tab.value.locator(".sentence:target")).to_have_text(QUOTE)


def height_of(page: Page) -> float:
    box = page.locator("iframe").bounding_box()
    assert box is not None
    return box["height"]


def test_the_frame_is_as_high_as_what_it_holds(page: Page, blog: Blog) -> None:
    room = embedded(page, blog)
    expect(room.locator("#question")).to_be_visible()
    page.wait_for_function("() => document.querySelector('iframe').style.height !== '300px'")
    before = height_of(page)
    asked(room)
    page.wait_for_function("before => document.querySelector('iframe').offsetHeight > before", arg=before)
    page.frames[1].wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")


def test_the_page_sets_how_high_it_gets(page: Page, blog: Blog) -> None:
    room = embedded(page, blog, 'data-height-max="200"')
    asked(room)
    page.wait_for_function("() => document.querySelector('iframe').style.height === '200px'")


def test_nobody_else_says_how_high_it_is(page: Page, blog: Blog) -> None:
    room = embedded(page, blog)
    asked(room)
    page.wait_for_function(GROWN, polling=300)
    before = height_of(page)
    page.evaluate("postMessage({ presence_height: 700 }, '*')")
    page.evaluate(
        """async () => {
          dispatchEvent(new MessageEvent("message", { data: { presence_height: 700 }, origin: location.origin }));
          await new Promise((done) => setTimeout(done, 100));
        }"""
    )
    assert height_of(page) == before


def test_its_height_is_told_to_that_site_alone(page: Page, blog: Blog) -> None:
    """Were the frame ever shown elsewhere, the browser would not deliver the message there."""
    room = embedded(page, blog)
    expect(room.locator("body")).to_have_attribute("data-site", blog.listed)


def test_nothing_of_the_page_becomes_markup_in_it(page: Page, blog: Blog) -> None:
    room = embedded(page, blog, f'data-question="{HOSTILE}" data-height-max="{HOSTILE}"')
    expect(room.locator("#question")).to_have_value(html.unescape(HOSTILE))
    assert room.locator("img").count() == 0


def test_a_long_answer_scrolls_within_the_screen(page: Page, blog: Blog) -> None:
    room = embedded(page, blog)
    asked(room)
    page.set_viewport_size({"width": 700, "height": 320})
    page.wait_for_function("() => document.querySelector('iframe').offsetHeight === 288")
    page.frames[1].wait_for_function("() => document.documentElement.scrollHeight > innerHeight")


def test_a_site_that_is_not_on_the_list_shows_a_link_to_the_room_alone(strict: Browser, blog: Blog) -> None:
    context = strict.new_context()
    page = context.new_page()
    refused: list[int] = []
    page.on("response", lambda got: refused.append(got.status) if "/embed?" in got.url else None)
    blog.body = f'<script src="{blog.node}/embed.js"></script>'
    page.goto(blog.unlisted)
    expect(page.get_by_text("room cannot be shown on this page.")).to_be_visible()
    expect(page.get_by_role("link", name="Open it in a tab of its own")).to_have_attribute("href", f"{blog.node}/")
    expect(page.locator("iframe")).to_be_hidden()
    assert refused == [403]
    assert page.frame_locator("iframe").locator(".ai-label, textarea").count() == 0
    context.close()


def test_nor_does_one_that_says_it_were_another(strict: Browser, blog: Blog) -> None:
    context = strict.new_context()
    page = context.new_page()
    blog.body = f'<iframe src="{blog.node}/embed?site={blog.listed}"></iframe>'
    with page.expect_console_message(lambda line: "frame-ancestors" in line.text):
        page.goto(blog.unlisted)
    assert page.frame_locator("iframe").locator(".ai-label, textarea").count() == 0
    context.close()


def test_it_answers_without_scripts(strict: Browser, blog: Blog) -> None:
    context = strict.new_context(java_script_enabled=False)
    page = context.new_page()
    blog.body = f'<iframe src="{blog.node}/embed?site={blog.listed}" width="600" height="500"></iframe>'
    page.goto(blog.listed)
    room = page.frame_locator("iframe")
    room.locator("#question").fill(QUESTION)
    room.get_by_role("button", name="Ask", exact=True).click()
    expect(room.locator("article.answer")).to_contain_text(QUOTE, timeout=30_000)
    context.close()


def test_who_asks_before_its_script_is_there_is_answered(strict: Browser, tmp_path: Path) -> None:
    site, may_write = "https://blog.example", threading.Event()
    writer = ScriptedWriter(["[1]"], lambda: may_write.wait(SECONDS_MAX))
    asking = AskingSettings(page_wait_seconds=0.001)
    with open_node(tmp_path / "home", port=free_port(), writer=writer, asking=asking) as services:
        take_in(services, write_notes(tmp_path / "notes", {"piano.md": NOTE}))
        services.sites.embeds.add(site)
        with opened_at(services) as address, strict.new_context() as context:
            page = context.new_page()
            page.route("**/embed-room.js", lambda asked: asked.abort())
            page.goto(f"{address}/embed?site={site}")
            page.unroute("**/embed-room.js")
            page.locator("#question").fill(ASKED)
            with page.expect_response("**/embed/ask") as first:
                page.get_by_role("button", name="Ask", exact=True).click()
            assert "Still looking." in first.value.text()
            may_write.set()
            expect(page.locator("article.answer")).to_contain_text("on a rented piano in Leeds")


def test_axe_finds_nothing_in_it(page: Page, blog: Blog) -> None:
    page.set_viewport_size({"width": 360, "height": 600})
    page.emulate_media(reduced_motion="reduce")  # what comes in is looked at as it stays
    room = embedded(page, blog)
    asked(room)
    page.goto(f"{blog.node}/embed?site={blog.listed}")
    page.locator("#question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("article.answer")).to_contain_text(QUOTE, timeout=30_000)
    expect(page.locator(".again")).to_have_count(0)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
