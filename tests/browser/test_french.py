"""The room in French: it fits a phone, axe finds nothing, and what scripts write is French, too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.sounding import Sounding, sounding
from tests.browser.test_accessible import PHONE, RULES, WIDE
from tests.mailing import mailroom

pytestmark = pytest.mark.browser

PAGES = ("/", "/tiers", "/wallet", "/key", "/programs")
STUDIO = (
    "/studio", "/studio/welcome/name", "/studio/welcome/tracklist", "/studio/welcome/questions", "/studio/welcome/open",
    "/studio/asking", "/studio/inbox", "/studio/answers", "/studio/why?question=Who%20played%3F", "/studio/people",
    "/studio/notes", "/studio/notes/new", "/studio/played", "/studio/bring-in", "/studio/review", "/studio/recordings",
    "/studio/things", "/studio/voice?tier=circle", "/studio/quality", "/studio/earnings", "/studio/prices",
    "/studio/prices/record", "/studio/splits", "/studio/payouts", "/studio/refunds", "/studio/subscribers",
    "/studio/health", "/studio/backups", "/studio/elsewhere",
)  # fmt: skip


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sounding]:
    with mailroom() as room, sounding(Path(tmp_path_factory.mktemp("french")), room) as opened:
        yield opened


@pytest.fixture
def reader(browser: Browser, node: Sounding) -> Iterator[BrowserContext]:
    how = {"viewport": PHONE, "base_url": node.address, "reduced_motion": "reduce", "locale": "fr-FR"}
    with browser.new_context(**how) as context:  # type: ignore[arg-type]  # of many kinds
        yield context


@pytest.fixture(scope="module")
def desk(browser: Browser, node: Sounding) -> Iterator[BrowserContext]:
    """A phone on which the artist is signed in, and reads French."""
    how = {"viewport": PHONE, "base_url": node.address, "reduced_motion": "reduce", "locale": "fr-FR"}
    with browser.new_context(**how) as context:  # type: ignore[arg-type]  # of many kinds
        page = context.new_page()
        page.goto(f"/operator?token={node.services.operator.new_token()}")
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
        page.close()
        yield context


def opened_well(context: BrowserContext, path: str) -> None:
    page = context.new_page()
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert not page.evaluate(WIDE)
    found = Axe().run(page, options=RULES).response["violations"]
    assert not [(one["id"], one["nodes"][0]["html"]) for one in found]
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_french_fits_a_phone_and_can_be_read_by_everybody(reader: BrowserContext, path: str) -> None:
    opened_well(reader, path)


@pytest.mark.parametrize("path", STUDIO)
def test_the_studio_in_french_fits_a_phone_and_can_be_read_by_everybody(desk: BrowserContext, path: str) -> None:
    opened_well(desk, path)


def test_the_artist_goes_through_her_studio_in_french(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/studio")
    page.get_by_role("link", name="Public", exact=True).click()
    page.get_by_role("link", name="Questions sans réponse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Questions sans réponse")
    page.get_by_role("link", name="Notes", exact=True).click()
    page.get_by_role("link", name="The rented piano").click()
    page.get_by_label("Le texte ; titres et listes").fill("The piano had three dead keys.")
    page.get_by_role("button", name="Mettre ceci à la place").click()
    expect(page.locator("main .news").first).not_to_be_empty()
    expect(page.locator("main")).to_contain_text("La première version gardée.")
    page.close()


def test_what_scripts_write_is_in_the_language_of_the_page(reader: BrowserContext) -> None:
    page = reader.new_page()
    page.goto("/key")
    page.get_by_role("button", name="créer ma clé").click()
    expect(page.locator("#saved")).to_contain_text("Elle n’est que sur cet appareil.")
    expect(page.locator("#open-tier")).to_contain_text("ouvert à tous")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#saved")).to_contain_text("It is on this device only.")
    page.close()
