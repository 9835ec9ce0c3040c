"""A listener's whole way: introduced by a friend, paid in, answered for a price, a receipt, and out again.

By mouse, by keyboard alone, on a phone, and without scripts by the link in a mail.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.hands import WAYS, Hands, Keys, somebody
from tests.browser.shop import Shop, open_shop
from tests.mailing import link_in
from tests.processes import command, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHAPEL = "---\ntitle: The chapel\ntier: follower\n---\nHeronshaw was recorded in a chapel in Rye, by candle light.\n"
PIANO = "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"
QUESTION = "Where was Heronshaw recorded?"
QUOTE = "Heronshaw was recorded in a chapel in Rye, by candle light."
PLAIN = "without scripts"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = Path(tmp_path_factory.mktemp("listener"))
    with open_shop(folder, {"chapel.md": CHAPEL, "piano.md": PIANO}) as opened:
        yield opened


@pytest.mark.parametrize("way", WAYS)
def test_a_listener_comes_in_pays_reads_keeps_and_leaves(
    browser: Browser, shop: Shop, tmp_path: Path, way: str
) -> None:
    friend = "keyboard" if way == PLAIN else way  # whoever introduces signs, and that needs scripts
    with (
        somebody(browser, shop.address, friend) as ann,
        somebody(browser, shop.address, way, shop.stripe.base_address) as bea,
    ):
        let_in = _let_in(shop, ann)
        bea.page.goto("/")
        bea.plain_words()
        code = _by_mail(bea, shop) if way == PLAIN else _made_key(bea)
        _introduced(ann, code)
        _pays_in(bea)
        _asks_and_pays(bea, has_scripts=way != PLAIN)
        _keeps_the_receipt(bea, shop, tmp_path)
        _goes_out(bea, shop, let_in, has_scripts=way != PLAIN)
        _is_paid_back(bea, shop)
    shop.books_hold()


def _let_in(shop: Shop, ann: Hands) -> str:
    """Make the friend somebody who may introduce others; give the name of what was signed."""
    ann.page.goto("/")
    code = _made_key(ann)
    may = ("--tier", "circle", "--introduces", "2", "--as-far-as", "supporter")
    (accepted,) = told(shop.does("tier", "grant", code, *may, "--json"))
    return str(accepted["id"])


def _made_key(hands: Hands) -> str:
    """Make a key, as its page says; give the code."""
    page = hands.page
    hands.link("My key")
    hands.button("I am new here: make my key")
    expect(page.locator("#code")).to_have_text(re.compile("^did:key:"))
    hands.plain_words()
    return page.locator("#code").inner_text()


def _by_mail(hands: Hands, shop: Shop) -> str:
    """Sign in by a link in a mail; give the code that the page on one's people shows."""
    page = hands.page
    hands.link("My people")
    hands.link("sign in by a link in a mail")
    hands.write(page.get_by_label("Your e-mail address"), "bea@example.org")
    hands.button("Send me a link")
    expect(page.get_by_role("status")).to_contain_text("Look into your mailbox")
    page.goto(shop.address + link_in(shop.room.next()).partition(shop.node.address.rpartition(":")[2])[2])
    hands.button("Sign in")
    expect(page.locator("h1")).to_have_text("My people")
    hands.plain_words()
    return page.locator(".code-to-copy").inner_text()


def _introduced(ann: Hands, code: str) -> None:
    """A friend lets her in."""
    page = ann.page
    ann.link("My people")
    page.wait_for_url("**/people")  # and until its script is there
    ann.write(page.get_by_label("Your friend’s code"), code)
    ann.choose(page.get_by_label("How far"), "supporter")
    ann.button("Introduce")
    expect(page.locator("#introduce-news")).to_contain_text("Introduced.")


def _pays_in(bea: Hands) -> None:
    page = bea.page
    bea.link("My wallet")
    expect(page.locator(".amounts dd").first).to_have_text("$0.00")
    bea.plain_words()
    bea.write(page.get_by_label("How much"), "3.00")
    bea.button("Pay in")
    page.wait_for_url("**/pay/**")
    bea.button("Pay 3.00 USD")
    page.wait_for_url("**/wallet")
    expect(page.locator(".amounts dd").first).to_have_text("$3.00")


def _asks_and_pays(bea: Hands, *, has_scripts: bool) -> None:
    """The price stands there first; the line is opened where it was cited."""
    page = bea.page
    bea.link("Ask")
    page.wait_for_url("**/")
    expect(page.locator(".tier[data-my-tier]")).to_contain_text("supporters")
    expect(page.locator("#price")).to_contain_text("$0.02")
    _ask(bea, has_scripts=has_scripts)
    answer = page.locator("article.answer").last
    expect(answer.locator(".said q")).to_have_text(QUOTE)
    expect(answer.locator(".paid")).to_contain_text("Paid $0.02")
    if has_scripts:
        expect(page.locator("#news")).to_contain_text(QUOTE)
    bea.press(answer.locator(".chip").first)
    card = page.locator(".card:popover-open")
    expect(card.locator("blockquote")).to_have_text(QUOTE)
    bea.press(card.get_by_role("link", name="Open the place"))
    expect(page.locator("article.source")).to_contain_text(QUOTE)
    bea.plain_words()


def _ask(bea: Hands, *, has_scripts: bool) -> None:
    bea.write(bea.page.locator("#question"), QUESTION)
    if has_scripts and isinstance(bea, Keys):
        bea.page.keyboard.press("Enter")
        expect(bea.page.locator("#question")).to_be_focused()
    else:
        bea.button("Ask")


def _keeps_the_receipt(bea: Hands, shop: Shop, folder: Path) -> None:
    """Her copy is checked where the room is not."""
    page = bea.page
    bea.link("My questions")
    bea.link("Paid $0.02")
    expect(page.locator("h1")).to_have_text("Paid $0.02")
    expect(page.locator("table.sums tr", has_text="Ada Marsh")).to_contain_text("$0.02")
    bea.plain_words()
    with page.expect_download() as kept:
        bea.link("Keep my copy")
    kept.value.save_as(folder / "receipt.json")
    bea.press(page.get_by_text("Check it without this room"))
    key = page.locator("details code").inner_text().split("--key ")[1].strip()
    (checked,) = told(
        command(folder / "elsewhere", "receipt", "verify", str(folder / "receipt.json"), "--key", key, "--json")
    )
    assert checked["micros"] == 20_000


def _goes_out(bea: Hands, shop: Shop, let_in: str, *, has_scripts: bool) -> None:
    """What her friend had is taken back, and with it what she had by it; what she paid for in money stays told."""
    page = bea.page
    bea.link("My questions")
    mine = page.locator(".shelf li", has_text=QUESTION)
    expect(mine).to_be_visible()
    shop.does("tier", "revoke", let_in)
    if has_scripts:
        expect(page.locator("#standing-news")).to_contain_text("You see what is open to all now.")
        expect(mine).to_have_count(0)
    bea.link("My people")
    expect(page.locator("main")).to_contain_text("What you had here is over")
    bea.plain_words()
    bea.link("My questions")
    expect(page.locator(".shelf")).to_contain_text("This is not open to you any more.")
    expect(page.locator(".shelf")).not_to_contain_text(QUESTION)
    expect(page.get_by_role("link", name="Paid $0.02")).to_be_visible()
    bea.link("Ask")
    page.wait_for_url("**/")
    _ask(bea, has_scripts=has_scripts)
    answer = page.locator("article.answer").last
    expect(answer.locator(".nothing").first).to_contain_text("It cost you nothing.")
    expect(page.locator("body")).not_to_contain_text(QUOTE)


def _is_paid_back(bea: Hands, shop: Shop) -> None:
    """What is left goes to the card that it came from."""
    page, before = bea.page, len(shop.stripe.objects("refund"))
    bea.link("My wallet")
    expect(page.locator(".amounts dd").first).to_have_text("$2.98")
    bea.button("Pay back what is left: $2.98")
    expect(page.locator(".amounts dd").first).to_have_text("$0.00")
    expect(page.locator("table.sums tr", has_text="Paid back to you")).to_contain_text("$2.98")
    (back,) = shop.stripe.objects("refund")[before:]
    assert back["amount"] == 298
