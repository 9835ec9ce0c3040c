"""A musician's first minute on a phone: a tracklist, a note, a stranger's question; and sending over a bad line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from tests.knowledge.recordings.sounds import wav
from tests.processes import Serving, serving

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
TRACKS = [f"{minute:02d}:00 Artist {minute} - Piece {minute}" for minute in range(19)]
LIST = "\n".join([*TRACKS[:7], "?? the one with the bells", *TRACKS[7:]])
PIECE_BYTES = 4 * 1024**2
DROPPED = """() => {
  const told = new DataTransfer();
  told.items.add(new File(["The organ hums in B flat."], "organ.md"));
  return told;
}"""
LONG_MS = 60_000
"""Other tests have the machine, too."""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path / "home", PRESENCE_ARTIST_NAME="Ada Marsh") as opened:
        yield opened


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(Path(tmp_path_factory.mktemp("studio")) / "home") as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(browser: Browser, studio: Serving) -> Iterator[BrowserContext]:
    """A phone on which the artist is signed in."""
    with browser.new_context(viewport=PHONE, base_url=studio.address) as context:  # type: ignore[arg-type]
        signed_in(context, studio).close()
        yield context


def signed_in(context: BrowserContext, node: Serving) -> Page:
    page = context.new_page()
    page.goto(f"/operator?token={node.token}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=LONG_MS)
    return page


def checked(page: Page, *, scripts: bool = True) -> None:
    """Nobody is shut out of this page, and nothing of it is cut off on a phone."""
    if scripts:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_studio_s_door_to_a_stranger_s_answer(browser: Browser, node: Serving, *, scripts: bool) -> None:
    with browser.new_context(viewport=PHONE, base_url=node.address, java_script_enabled=scripts) as context:  # type: ignore[arg-type]
        page = signed_in(context, node)
        page.goto("/studio")
        page.get_by_role("link", name="Begin", exact=True).click()
        expect(page.get_by_label("What you are called")).to_have_value("Ada Marsh")
        checked(page, scripts=scripts)
        page.get_by_label("One line about you").fill("I play records by the harbour.")
        page.get_by_role("button", name="Go on").click()

        page.get_by_label("The tracklist").fill(LIST)
        page.get_by_label("When").fill("1 May 2024")
        page.get_by_label("Where").fill("Dock")
        page.get_by_label("Who may see it").select_option("public")
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_text("1 set, 19 tracks, 1 line not understood")).to_be_visible(timeout=LONG_MS)
        checked(page, scripts=scripts)
        page.get_by_label("Instead of").fill("06:30 Ines - Bells")
        page.get_by_role("button", name="Keep it").click()

        expect(page.get_by_role("heading", name="One note")).to_be_visible(timeout=LONG_MS)
        page.get_by_label("Title").fill("The rented piano")
        page.get_by_label("What you have to say").fill("The rented piano had two dead keys.")
        page.get_by_label("Who may see it").select_option("public")
        page.get_by_role("button", name="Keep it").click()

        expect(page.get_by_role("heading", name="What people will ask")).to_be_visible(timeout=LONG_MS)
        checked(page, scripts=scripts)
        page.get_by_label("What are you working on now?").fill("A record about the rented piano, called Heronshaw.")
        page.get_by_role("button", name="Keep these answers").click()

        expect(page.get_by_label("The link")).to_have_text(node.address)
        expect(page.get_by_role("img", name="code for cameras")).to_be_visible(timeout=LONG_MS)
        expect(page.get_by_text("3 of 4 notes, sets and records are open to all")).to_be_visible(timeout=LONG_MS)
        checked(page, scripts=scripts)
        page.get_by_role("button", name="Ask as a stranger").click()
        page.get_by_label("Your question").fill("How many dead keys had the rented piano?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text("two dead keys").first).to_be_visible(timeout=LONG_MS)
        expect(page.locator(".chip").first).to_be_visible(timeout=LONG_MS)
        expect(page.get_by_text("Heronshaw")).to_have_count(0)


def test_files_come_through_a_line_that_breaks(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/studio/bring-in")
    broken = [True]

    def sometimes(route: Route) -> None:
        if broken:
            broken.pop()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/bring-in/files/*", sometimes)
    chosen: list[FilePayload] = [
        {"name": "piano.md", "mimeType": "text/markdown", "buffer": b"The piano had two dead keys."},
        {"name": "photo.png", "mimeType": "image/png", "buffer": b"\x89PNG nothing"},
    ]
    page.get_by_label("Files or a zip").set_input_files(chosen)
    page.locator("#files-tier").select_option("follower")
    page.get_by_role("button", name="Look at it").first.click()
    expect(page.get_by_text("1 note, 1 file that cannot be read")).to_be_visible(timeout=LONG_MS)
    assert broken == []
    checked(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("it is among your notes")).to_be_visible(timeout=LONG_MS)
    checked(page)
    page.goto("/studio/bring-in")
    dropped = page.evaluate_handle(DROPPED)
    page.dispatch_event("h1", "drop", {"dataTransfer": dropped})
    expect(page.get_by_role("heading", name="organ.md")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text("Nobody sees any of it yet.")).to_be_visible(timeout=LONG_MS)


def test_a_recording_goes_on_after_a_reload(desk: BrowserContext, tmp_path: Path) -> None:
    data = wav(300)
    (tmp_path / "night.wav").write_bytes(data)
    assert len(data) > PIECE_BYTES
    page = desk.new_page()
    page.goto("/studio/recordings")
    offsets: list[str] = []

    def only_the_first(route: Route) -> None:
        offsets.append(route.request.headers.get("upload-offset", ""))
        if route.request.method == "PATCH" and offsets[-1] != "0":
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/recordings/*", only_the_first)
    page.get_by_label("WAV, AIFF").set_input_files(tmp_path / "night.wav")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("The line is broken.")).to_be_visible(timeout=LONG_MS)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("heading", name="Not here to the end")).to_be_visible(timeout=LONG_MS)
    page.unroute("**/api/recordings/*")
    checked(page)
    with page.expect_request(lambda request: request.method == "PATCH") as going_on:
        page.get_by_label("WAV, AIFF").set_input_files(tmp_path / "night.wav")
        page.get_by_role("button", name="Send it").click()
    assert going_on.value.headers["upload-offset"] == str(PIECE_BYTES)
    expect(page.get_by_text("The recording is here.")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("rowheader", name="night")).to_be_visible(timeout=LONG_MS)
    checked(page)
