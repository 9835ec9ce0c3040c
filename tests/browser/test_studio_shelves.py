"""What the studio knows and could not answer, in a real browser: on a phone, on a screen, and without scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.knowledge.facts.curating import night
from tests.nodes import write_notes
from tests.processes import Serving, command, serving

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """[...document.querySelectorAll('.desk a.button, .desk button, .desk select, .desk .nearest a,' +
 '.desk a.reach, .desk input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
 .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map(one => one.outerHTML)"""
LONG = "The_longest_name_of_a_file_that_anybody_ever_gave_to_a_note_about_the_night_ferry_from_Hull"
NOTES = {
    "piano.md": "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n",
    f"{LONG}.md": f"---\ntitle: {LONG}\ntier: circle\n---\nThe next record has the working title Heronshaw.\n",
    "one.md": night("One", "2019-07-14", "The Dock", "Zeno Obuya - Night Bus", "Petra - Door"),
    "two.md": night("Two", "2020-01-02", "The Chapel", "Zeno Obuja - Night Bus", "Petra - Door"),
}
UNKNOWN = "Which football team do you support?"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = Path(tmp_path_factory.mktemp("shelves"))
    assert command(folder / "home", "init", "--name", "Ada Marsh").returncode == 0
    notes = write_notes(folder / "notes", NOTES)
    assert command(folder / "home", "import", str(notes), "--yes").returncode == 0
    with serving(folder / "home") as opened:
        yield opened


@pytest.fixture(scope="module")
def way_in(browser: Browser, node: Serving) -> list[dict[str, object]]:
    """The cookies of the artist; a token works once."""
    context = browser.new_context(base_url=node.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/operator?token={node.token}")
    page.click("main button[type=submit]")
    page.wait_for_url("**/studio")
    cookies: list[dict[str, object]] = list(context.cookies())  # type: ignore[arg-type]
    context.close()
    return cookies


@contextmanager
def window(
    browser: Browser,
    node: Serving,
    cookies: list[dict[str, object]],
    *,
    width: int = 360,
    scheme: str = "light",
    scripts: bool = True,
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        base_url=node.address,
        java_script_enabled=scripts,
        reduced_motion="reduce",  # while a sentence arrives it cannot be read yet
    )
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def asked(node: Serving, question: str, *, is_forwarded: bool = False) -> None:
    """Ask as somebody whom nobody knows, and give the question to the artist."""
    with node.client() as fan:
        opened = fan.post("/api/questions", json={"question": question}).json()
        fan.get(opened["events"])
        if is_forwarded:
            given = fan.post(f"/api/questions/{opened['id']}/forward", json={"with_name": False})
            assert given.status_code == 200, given.text


def pages_of(page: Page) -> dict[str, str]:
    """Give the addresses of the pages, by a name each; those of single things are looked up."""

    def first(at: str, link: str) -> str:
        page.goto(at)
        return str(page.locator(link).first.get_attribute("href"))

    return {
        "notes": "/studio/notes",
        "note": first("/studio/notes?words=piano", ".people a.reach"),
        "long": first("/studio/notes?tier=circle", ".people a.reach"),
        "things": "/studio/things",
        "thing": first("/studio/things?kind=work&words=door", ".people a.reach"),
        "alike": "/studio/things/alike",
        "changes": "/studio/things/changes",
        "inbox": "/studio/inbox",
        "group": first("/studio/inbox", ".panel a.button"),
        "answers": "/studio/answers",
        "answer": first("/studio/answers", ".people a.reach"),
        "why": "/studio/why?question=Where+did+you+write+Pilot+Ladder&tier=circle",
        "why-not": "/studio/why?question=" + UNKNOWN.replace(" ", "+"),
        "why-counted": "/studio/why?question=How+often+was+Door+played",
        "voice": "/studio/voice?tier=circle",
        "quality": "/studio/quality",
    }


def test_the_artist_works_on_a_phone_without_scripts(
    browser: Browser, node: Serving, way_in: list[dict[str, object]]
) -> None:
    asked(node, "Where did you write Pilot Ladder?")
    asked(node, UNKNOWN, is_forwarded=True)
    with window(browser, node, way_in, scripts=False) as page:
        pages = pages_of(page)

        page.goto(pages["note"])
        page.fill("#text", "I wrote Pilot Ladder on a borrowed organ in York.")
        page.get_by_role("button", name="Put this in its place").click()
        expect(page.get_by_role("status")).to_contain_text("leaned on what it does not say any more")

        page.goto("/studio/inbox")
        page.locator(".panel", has_text=UNKNOWN).get_by_role("link", name="Write an answer").click()
        page.fill("#text", "Hull City, since 1986.")
        page.get_by_label("supporters").check()
        page.get_by_role("button", name="Answer", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("1 of those who asked may not see it.")

        page.goto("/studio/why")
        page.fill("#question", UNKNOWN)
        page.select_option("#as-tier", "supporter")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator(".said")).to_contain_text("Hull City, since 1986.")

        page.goto("/studio/things/alike")
        page.get_by_role("button", name=re.compile("One thing: Zeno Obuya")).click()
        page.get_by_role("button", name="Join them").click()
        expect(page.get_by_role("status")).to_contain_text("They are one thing now")

        page.goto("/studio/voice")
        page.fill("#refuse", "football – Not here, please.")
        page.get_by_role("button", name="Keep it").click()
        expect(page.get_by_role("status")).to_contain_text("Kept.")

        page.goto("/studio/quality")
        page.fill("#text", f"Where did you write Pilot Ladder? => The rented piano\n{UNKNOWN} => -")
        page.get_by_role("button", name="Keep the list").click()
        page.get_by_role("button", name="Ask the whole list").click()
        expect(page.locator("#last")).to_be_visible(timeout=30_000)
        expect(page.locator(".counts")).to_contain_text("2 of 2 as they should be")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_nobody_is_shut_out_and_nothing_is_cut_off(
    browser: Browser, node: Serving, way_in: list[dict[str, object]], width: int, scheme: str
) -> None:
    asked(node, f"How heavy is the lighthouse bell at {width} when it is {scheme}?", is_forwarded=True)
    asked(node, "Where did you write Pilot Ladder?")
    with window(browser, node, way_in, width=width, scheme=scheme) as page:
        for name, address in pages_of(page).items():
            page.goto(address)
            assert page.evaluate(WIDE) is False, name
            assert page.evaluate(SMALL) == [], name
            found = Axe().run(page, options=RULES)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"
