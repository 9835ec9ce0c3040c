"""Takes the pictures of the docs again: `python -m tests.browser.pictures`, from the demo as anybody can run it.

Each is a page of the demo artist in Chromium, 900 points wide, in few colours, at most 80 kB.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import FLAGS
from tests.processes import Serving, serving

FOLDER = Path(__file__).parents[2] / "docs" / "images"
WIDTH, HEIGHT = 900, 640
BYTES_MAX = 80_000
QUESTION = "Where was Low Tide Ledger recorded?"
UNKNOWN = "Will there be a second edition of the map?"
# The first answers are free.
PAID = (
    "Who played bass on Low Tide Ledger?",
    "How was A Window on the Wrong Sea made?",
    "Why do you close with Home by the Long Wall?",
    "What happened at Zur dritten Schleuse?",
    "What is the tempo of Low Tide Ledger?",
)
SHIFTED = """() => new Promise((told) => {
    let sum = 0;
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => told(sum), 300);
})"""
"""How much a page moved while it was opened: Chromium's cumulative layout shift."""
STUDIO = {"studio": "", "bring-in": "/bring-in", "inbox": "/inbox", "earnings": "/earnings?while=all"}


def main() -> None:
    """Open the demo, live in it a little, and look at its pages."""
    path = shutil.which("chromium")
    assert path is not None, "Chromium is not installed: apt-get install chromium"
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "home", verb="demo", PRESENCE_KNOWLEDGE__EMBEDDER="minilm") as node,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _listening(browser, node)
        _at_work(browser, node)
        browser.close()


def _listening(browser: Browser, node: Serving) -> None:
    context = _opened(browser, node, "light")
    page = context.new_page()
    page.goto("/")
    _keep(page, "first-page")
    page.goto("/wallet")
    page.click("[data-make-key]")
    page.wait_for_url("**/wallet")
    page.get_by_role("button", name="Practice credit").click()
    _ask(page, QUESTION)
    _keep(page, "answer")
    for question in PAID:
        _ask(page, question)
    _ask(page, UNKNOWN)
    page.get_by_role("button", name="Ask her").click()
    for name, address in (("wallet", "/wallet"), ("tiers", "/tiers"), ("history", "/history")):
        page.goto(address)
        _keep(page, name)
    context.close()
    dark = _opened(browser, node, "dark")
    page = dark.new_page()
    page.goto("/")
    _keep(page, "first-page-dark")
    dark.close()


def _at_work(browser: Browser, node: Serving) -> None:
    context = _opened(browser, node, "light")
    page = context.new_page()
    page.goto(f"/operator?token={node.token}")
    page.click("main button[type=submit]")
    expect(page.get_by_role("link", name="Your studio")).to_be_visible()
    for name, address in STUDIO.items():
        page.goto(f"/studio{address}")
        _keep(page, name)
    context.close()


def _opened(browser: Browser, node: Serving, theme: str) -> BrowserContext:
    return browser.new_context(
        base_url=node.address.replace("127.0.0.1", "localhost"),
        viewport={"width": WIDTH, "height": HEIGHT},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )


def _ask(page: Page, question: str) -> None:
    page.goto("/")
    page.fill("#question", question)
    page.keyboard.press("Enter")
    expect(page.locator(".report").last).to_be_visible(timeout=30_000)


def _keep(page: Page, name: str) -> None:
    """Keep what is seen, in few colours."""
    page.wait_for_load_state("networkidle")
    seen = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    out = io.BytesIO()
    seen.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    assert len(out.getvalue()) <= BYTES_MAX, name
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())
    print(f"{name}.png", len(out.getvalue()), f"layout shift {page.evaluate(SHIFTED):.4f}")  # noqa: T201


if __name__ == "__main__":
    main()
