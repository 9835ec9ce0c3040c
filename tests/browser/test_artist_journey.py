"""An artist's whole way: a folder brought in, a question answered, stepped in, shared, paid back, and carried out.

By mouse, by keyboard alone, on a phone, and all of it without scripts.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from presence.keeping.archive import open_archive
from tests.browser.hands import WAYS, Hands, somebody
from tests.browser.shop import Shop, open_shop
from tests.mailing import link_in
from tests.nodes import write_notes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SETTO = Path(__file__).parents[3] / "shared" / "data" / "artist-site" / "setto"
OWN = {
    "albums/dock.md": "---\ntitle: Dock\ndate: 2014-05-23\n---\nDock was made in a kitchen with a kettle in E.\n",
    "posts/ferry.md": "---\ntitle: The ferry\ndate: 2015-06-20\n---\nWe played on the upper deck until dawn.\n",
    "readme.txt": "Low Tide is the first record of this house.\n",
}
PIANO = "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"
UNKNOWN = "Which football team do you support?"
ANSWER = "Hull City, since 1986."
ASKED = "Where did you write Pilot Ladder?"
ZENO = "Zeno Obuya"
PASSPHRASE = "nine ferries leave at dawn"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, {"piano.md": PIANO}) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A musician's site, or three files where the shared data is not here."""
    return SETTO if SETTO.exists() else write_notes(tmp_path / "site", OWN)


@pytest.mark.parametrize("way", WAYS)
def test_an_artist_brings_in_answers_steps_in_shares_pays_back_and_carries_out(
    browser: Browser, shop: Shop, folder: Path, tmp_path: Path, way: str
) -> None:
    with (
        somebody(browser, shop.address, way) as ada,
        somebody(browser, shop.address, "phone", shop.stripe.base_address) as fan,
        somebody(browser, shop.address, "phone") as zeno,
    ):
        _comes_in(ada, shop)
        _brings_in(ada, folder)
        _pays_in(fan)
        _asks_her(fan, shop)
        _answers(ada)
        _is_told(fan, shop)
        _steps_in(ada, fan)
        _shares(ada, zeno)
        _pays_for_an_answer(fan)
        _sees_what_came_in(ada, tmp_path)
        _pays_back(ada, shop)
        _takes_a_backup_along(ada, tmp_path)
    shop.books_hold()


def _to(ada: Hands, group: str, page: str) -> None:
    """Go to a page of the studio; on a small screen, by way of its group."""
    wanted = ada.page.locator(".sections").get_by_role("link", name=page, exact=True)
    if not wanted.is_visible():
        ada.press(ada.page.locator(".sections").get_by_role("link", name=group, exact=True))
    ada.press(wanted)
    expect(ada.page.locator(".sections [aria-current=page]", has_text=page)).to_be_visible()


def _comes_in(ada: Hands, shop: Shop) -> None:
    ada.page.goto(f"/operator?token={shop.node.token}")
    ada.button("Sign in")
    expect(ada.page.locator("h1")).to_have_text("Today")


def _brings_in(ada: Hands, folder: Path) -> None:
    """A whole folder is looked at first, then kept."""
    page = ada.page
    _to(ada, "Notes", "Bring in")
    ada.hand_over(page.get_by_label("A whole folder"), folder)
    ada.choose(page.locator("#files-tier"), "public")
    ada.button("Look at it")
    expect(page.get_by_text("Nobody sees any of it yet.")).to_be_visible()
    files = sum(1 for one in folder.rglob("*") if one.is_file())
    expect(page.locator("[aria-labelledby=seen-title] tbody tr")).to_have_count(files)
    ada.button("Keep it")
    expect(page.get_by_text("it is among your notes")).to_be_visible()


def _asks_her(fan: Hands, shop: Shop) -> None:
    """Somebody asks what is in no note, hands it on, and leaves an address."""
    page = fan.page
    fan.link("Ask")
    page.wait_for_url("**/")  # and until its script is there
    fan.write(page.locator("#question"), UNKNOWN)
    fan.button("Ask")
    expect(page.locator(".nothing").first).to_contain_text("not in my notes")
    fan.button("Ask her")
    fan.write(page.get_by_label("Your e-mail address, to hear back"), "fan@example.org")
    fan.button("Let me hear")
    expect(page.locator(".hear [role=status]")).to_contain_text("then you will hear back")  # the mail may come first
    page.goto(_path(shop))
    fan.button("Confirm my address")
    expect(page.get_by_role("status").first).to_contain_text("From now on")


def _path(shop: Shop) -> str:
    """Give the place to which the link in the next letter leads."""
    return re.sub(r"^https?://[^/]+", "", link_in(shop.room.next()))


def _answers(ada: Hands) -> None:
    page = ada.page
    _to(ada, "Listeners", "Asked, not answered")
    expect(page.locator(".panel h2")).to_have_text(UNKNOWN)
    ada.link("Write an answer")
    ada.write(page.locator("#text"), ANSWER)
    ada.tick(page.locator("input[name=tier][value=public]"))
    ada.button("Answer")
    expect(page.get_by_role("status")).to_contain_text("whoever asked and chose to hear of it is told")


def _is_told(fan: Hands, shop: Shop) -> None:
    """The letter leads to the answer."""
    page = fan.page
    page.goto(_path(shop))
    if page.get_by_role("link", name="read it").is_visible():
        fan.link("read it")
    expect(page.locator("main")).to_contain_text(ANSWER)


def _pays_in(fan: Hands) -> None:
    page = fan.page
    page.goto("/wallet")
    fan.button("Make my key and go on")
    fan.write(page.get_by_label("How much"), "3.00")
    fan.button("Pay in")
    page.wait_for_url("**/pay/**")
    fan.button("Pay 3.00 USD")
    page.wait_for_url("**/wallet")
    expect(page.locator(".amounts dd").first).to_have_text("$3.00")


def _asks(fan: Hands, question: str) -> None:
    """Ask for a price, and be answered out of the note."""
    page = fan.page
    fan.write(page.locator("#question"), question)
    fan.button("Ask")
    answer = page.locator("article.answer").last
    expect(answer.locator(".asked")).to_have_text(question)
    expect(answer.locator(".paid")).to_contain_text("Paid $0.02")


def _steps_in(ada: Hands, fan: Hands) -> None:
    """Both see who writes; then the notes answer again."""
    phone, page = fan.page, ada.page
    fan.link("Ask")
    phone.wait_for_url("**/")
    _asks(fan, ASKED)
    fan.press(phone.locator("#looking-in summary"))
    fan.tick(phone.get_by_label("In this conversation"))
    fan.button("Keep this")
    expect(phone.locator("[data-news]")).to_have_text("Ada Marsh may look in now.")
    _to(ada, "Listeners", "Asking now")
    ada.press(page.get_by_role("link", name=re.compile("^Look in on ")))
    ada.button("Step in")
    expect(phone.locator("#with-her")).to_contain_text("herself")
    ada.write(page.get_by_label("Write to her"), "It was a Sunday, too.")
    ada.button("Send")
    expect(page.get_by_label("Write to her")).to_have_value("")
    expect(phone.locator(".hers .words")).to_have_text("It was a Sunday, too.")
    ada.button("Hand back to the AI")
    expect(phone.locator("#with-her")).to_have_count(0)


def _shares(ada: Hands, zeno: Hands) -> None:
    """What comes in is shared as soon as the other agrees, by a link of her own."""
    page = ada.page
    _to(ada, "Money", "Sharing")
    ada.write(page.get_by_label("Her name, as it stands on receipts"), ZENO)
    ada.button("Add her, and show her link")
    link = page.locator(".code-to-copy").inner_text().strip()
    ada.link("Back to sharing")
    ada.write(page.get_by_label("(you), %"), "70")
    ada.write(page.get_by_label(f"{ZENO}, %", exact=True), "30")
    ada.button("Write it down")
    expect(page.get_by_role("status")).to_contain_text("as soon as everybody who is named has agreed")
    zeno.page.goto(re.sub(r"^https?://[^/]+", "", link))
    zeno.button("I agree")
    expect(zeno.page.locator("main")).to_contain_text("This is how it is divided now")


def _pays_for_an_answer(fan: Hands) -> None:
    _asks(fan, "Where was Pilot Ladder written?")
    fan.press(fan.page.locator("article.answer").last.locator(".paid a"))
    expect(fan.page.locator("table.sums tr", has_text=ZENO)).to_contain_text("$0.006")


def _sees_what_came_in(ada: Hands, folder: Path) -> None:
    """The page and the file for a spreadsheet say the same."""
    page = ada.page
    _to(ada, "Money", "Earnings")
    expect(page.locator("#whole")).to_have_text("$0.04")
    expect(page.locator("#shared")).to_have_text("$0.006")
    with page.expect_download() as sales:
        ada.link("Each sale (CSV)")
    sales.value.save_as(folder / "sales.csv")
    rows = list(csv.DictReader(io.StringIO((folder / "sales.csv").read_text())))
    assert sorted((row["amount"], row["shared"]) for row in rows) == [("0.02", "0.00"), ("0.02", "0.006")]


def _pays_back(ada: Hands, shop: Shop) -> None:
    """What a listener has not spent goes to her card again."""
    page = ada.page
    _to(ada, "Money", "Paying back")
    row = page.locator("table.sums tbody tr")
    expect(row).to_contain_text("$2.96")
    ada.press(row.locator("summary"))
    ada.press(row.get_by_role("button"))
    expect(page.get_by_role("status")).to_contain_text("It goes to the card that it came from.")
    expect(page.locator(".desk")).to_contain_text("Nothing is left in anybody’s wallet.")
    (back,) = shop.stripe.objects("refund")
    assert back["amount"] == 296


def _takes_a_backup_along(ada: Hands, folder: Path) -> None:
    page = ada.page
    _to(ada, "House", "Backups")
    ada.write(page.locator("#passphrase"), PASSPHRASE)
    ada.write(page.locator("#again"), PASSPHRASE)
    ada.button("Make a backup")
    _look_until(ada, "The backup is finished. It was read again, and is whole.")
    with page.expect_download() as taken:
        ada.press(page.get_by_role("link", name=re.compile("^Download")))
    taken.value.save_as(folder / "taken")
    with open_archive(folder / "taken", PASSPHRASE) as archive:
        assert archive.about.artist == "Ada Marsh"
        archive.members(lambda _name: None, lambda _more: None)


def _look_until(ada: Hands, words: str) -> None:
    """A page that does not look by itself is looked at again."""
    page: Page = ada.page
    for _ in range(300):
        if page.get_by_text(words).is_visible():
            return
        page.wait_for_timeout(100)
        if page.get_by_role("link", name="Look again").is_visible():
            with page.expect_navigation():
                ada.link("Look again")
    raise AssertionError(words)
