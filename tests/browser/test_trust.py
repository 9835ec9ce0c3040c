"""Keys in a real browser: made, saved, opened elsewhere; people introduced, let in and taken back."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from presence.cli.demo import DEMO_PASSPHRASE
from presence.home import Home
from presence.identity import artist_file
from tests.browser.hands import heard
from tests.browser.keys import PASSPHRASE, by_file, by_paper, by_passkey, emptied, make_key, secret_code, with_passkeys
from tests.mailing import USER, mailroom
from tests.processes import Serving, command, serving
from trustgraph import Key, key_files
from trustgraph.canonical import read_canonical
from trustgraph.documents import read
from trustgraph.key_files import PBKDF2

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(Path(tmp_path_factory.mktemp("trust")) / "home")


@pytest.fixture(scope="module")
def node(home: Home) -> Iterator[Serving]:
    """The demo artist, whose passphrase is known; she sends mail, which nobody is sent here."""
    many = {f"PRESENCE_LIMITS__{what}_PER_MINUTE": "10000" for what in ("SIGN_INS", "DOCUMENTS")}
    with mailroom() as room:
        mail = {"PRESENCE_SMTP_URL": room.url, "PRESENCE_MAIL_FROM": USER}
        with serving(home.folder, verb="demo", **many, **mail) as opened:
            yield opened


@pytest.fixture(scope="module")
def artist(home: Home, node: Serving) -> Key:
    return key_files.read_sealed(artist_file(home), DEMO_PASSPHRASE)


class Devices:
    """Browsers of several people; every error of a script is remembered."""

    def __init__(self, browser: Browser, node: Serving) -> None:
        self.browser = browser
        self.address = node.address.replace("127.0.0.1", "localhost")  # numbers cannot have passkeys
        self.errors: list[str] = []
        self.opened: list[BrowserContext] = []

    def new(self, **settings: Any) -> Page:
        """Give the page of a device that was never here."""
        chosen = {"viewport": {"width": 360, "height": 740}} | settings
        context = self.browser.new_context(base_url=self.address, **chosen)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)
        return page


@pytest.fixture
def devices(browser: Browser, node: Serving) -> Iterator[Devices]:
    made = Devices(browser, node)
    yield made
    for context in made.opened:
        context.close()
    assert made.errors == []


STANDING = "**/api/me/events"
# Does what a page does to offer saving; the page itself, which began before, has done it then.
LOOKED = """async () => {
    const { myKey, offered } = await import("/static/kept.js");
    await myKey();
    await offered();
}"""
IN_PAGE = """async ([kind, payload, seed]) => {
    const key = await import("/static/key.js");
    const mine = await key.fromSeed(new Uint8Array(seed));
    return { did: mine.did, envelope: await key.sealed(mine, kind, payload) };
}"""


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_what_the_browser_signs_is_byte_for_byte_what_the_house_signs(devices: Devices, name: str) -> None:
    key = Key(name.encode().ljust(32, b"."))
    payload = {"v": 1, "type": "grant", "z": None, "a": [1, {"ö": 'é\u2028"\\\n', "b": 3, "€": "𝄞"}], "ﬀ": 2**53 - 1}
    page = devices.new()
    page.goto("/key")
    told = page.evaluate(IN_PAGE, ["grant", payload, list(key.seed)])
    assert told["did"] == key.did
    assert told["envelope"] == key.seal("grant", payload)
    assert read_canonical(base64.b64decode(told["envelope"]["payload"])) == payload


def test_documents_made_in_a_page_are_read_by_the_house(devices: Devices, artist: Key) -> None:
    page = devices.new()
    page.goto("/key")
    made = page.evaluate(
        """async (sub) => {
            const key = await import("/static/key.js");
            const [mine, root] = [await key.generate(), `sha256:${"0".repeat(64)}`];
            const now = key.seconds();
            const vouch = { depth: 1, max: 3, tier: "supporter" };
            return {
                grant: await key.grant(mine, { root, sub, tier: "circle", nbf: now, exp: now + 60, vouch }),
                revoke: await key.revocation(mine, { root, target: sub }),
                checkpoint: await key.checkpoint(mine, { root, seq: 3, head: root }),
                auth: await key.proof(mine, { root, nonce: "n", aud: "http://evil.example" }),
            };
        }""",
        artist.did,
    )
    documents = {kind: read(envelope, kind)[0] for kind, envelope in made.items()}
    assert documents["auth"].aud == devices.address  # type: ignore[union-attr]
    assert len({envelope["signatures"][0]["keyid"] for envelope in made.values()}) == 1


def test_key_files_and_codes_pass_between_browser_and_house(devices: Devices) -> None:
    key = Key(bytes(range(32)))
    page = devices.new()
    page.goto("/key")
    told = page.evaluate(
        """async ([seed, did, passphrase, file]) => {
            const saving = await import("/static/saving.js");
            const bytes = new Uint8Array(seed);
            return {
                file: await saving.toFile(bytes, did, passphrase),
                code: await saving.toCode(bytes),
                opened: [...await saving.fromFile(JSON.stringify(file), passphrase)],
                read: [...await saving.fromCode((await saving.toCode(bytes)).toLowerCase().replaceAll("-", " "))],
            };
        }""",
        [list(key.seed), key.did, "a pässphrase", key_files.sealed(key, "a pässphrase", kdf=key_files.PBKDF2)],
    )
    assert key_files.unsealed(told["file"], "a pässphrase").seed == key.seed
    assert told["code"] == key_files.recovery_code(key)
    assert bytes(told["opened"]) == bytes(told["read"]) == key.seed


def test_a_saved_key_cannot_be_read_by_any_script(devices: Devices) -> None:
    page = devices.new()
    make_key(page)
    held = """async () => {
        const { kept } = await import("/static/kept.js");
        const mine = await kept("mine");
        const read = (key) => crypto.subtle.exportKey("pkcs8", key).then(() => true, () => false);
        return { signing: await read(mine.signing), unsaved: mine.unsaved !== null && await read(mine.unsaved) };
    }"""
    assert page.evaluate(held) == {"signing": False, "unsaved": True}
    secret_code(page)
    assert page.evaluate(held) == {"signing": False, "unsaved": False}
    page.reload()
    expect(page.locator("#saved")).to_contain_text("saved on paper")
    expect(page.locator("#ways")).to_be_hidden()


def test_a_stranger_gets_no_key(devices: Devices) -> None:
    page = devices.new()
    for path in ("/", "/key"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert page.context.cookies() == []


def test_the_same_person_on_a_second_device_by_each_way(devices: Devices, tmp_path: Path) -> None:
    first = devices.new()
    sent: list[Any] = []
    first.on("request", lambda request: sent.append(request.post_data_json) if "passkey" in request.url else None)
    with_passkeys(first)
    did = make_key(first)
    first.click("#save-passkey")
    expect(first.locator("#news")).to_contain_text("saved with a passkey")
    credential = next(body["credential"] for body in sent if body and "credential" in body)
    assert set(credential) == {"id", "rawId", "type", "response"}  # above all not the secret that the passkey gave
    assert set(credential["response"]) == {"clientDataJSON", "attestationObject"}
    code = secret_code(first)
    with first.expect_download() as downloading:
        first.fill("#new-passphrase", PASSPHRASE)
        first.click("#save-file button")
    file = tmp_path / "key.json"
    downloading.value.save_as(file)
    assert key_files.unsealed(json.loads(file.read_text()), PASSPHRASE).did == did
    assert key_files.from_recovery_code(code).did == did
    second, third = devices.new(), devices.new()
    by_paper(second, code)
    by_file(third, file)
    emptied(first)
    by_passkey(first)
    for page in (second, third, first):
        expect(page.locator("#news")).to_contain_text("You are back")
        assert page.request.get("/api/me").json()["did"] == did
        assert page.locator("#code").inner_text() == did


def test_a_passkey_that_cannot_keep_a_key_says_so(devices: Devices) -> None:
    page = devices.new()
    with_passkeys(page, prf=False)
    make_key(page)
    page.click("#save-passkey")
    expect(page.locator("#news")).to_contain_text("cannot keep a key")
    expect(page.locator("#saved")).to_contain_text("on this device only")


@pytest.mark.parametrize("path", ["/", "/follow"])
def test_a_session_that_is_gone_is_opened_again_by_itself(devices: Devices, path: str) -> None:
    page = devices.new()
    did = make_key(page)
    page.context.clear_cookies()
    with page.expect_response(re.compile("/auth/session")):
        page.goto(path)
    if path == "/follow":  # which is another page for somebody known
        expect(page.locator("form[action='/follow']")).to_be_visible()
    assert page.request.get("/api/me").json()["did"] == did


@pytest.fixture
def studio(devices: Devices, home: Home, node: Serving, tmp_path: Path) -> Page:
    """The artist at her desk: signed in, her key open in her browser."""
    page = devices.new(viewport={"width": 1200, "height": 900})
    token = command(home.folder, "operator").stdout.partition("token=")[2].strip()
    page.goto(f"/operator?token={token}")
    page.click("main button[type=submit]")
    page.wait_for_url("**/studio")
    page.goto("/studio/people")
    file = tmp_path / "artist.json"
    key_files.write_sealed(file, key_files.read_sealed(artist_file(home), DEMO_PASSPHRASE), DEMO_PASSPHRASE, kdf=PBKDF2)
    page.set_input_files("#key-file", file)
    page.fill("#key-passphrase", DEMO_PASSPHRASE)
    page.click("#open-key button")
    expect(page.locator("#key-open")).to_be_visible()
    expect(page.locator("#open-key")).to_be_hidden()
    return page


def sign(studio: Page, sentence: str) -> None:
    """Look at what is to be signed, and sign it."""
    expect(studio.locator("#to-sign")).to_contain_text(sentence)
    with studio.expect_navigation():
        studio.click("#sign-now")
    expect(studio.locator("#signing-news")).to_contain_text("Signed.")


def let_in(studio: Page, did: str, tier: str, *, introduces: int = 0, as_far_as: str = "follower") -> None:
    studio.fill("#let-in [name=did]", did)
    studio.select_option("#let-in [name=tier]", tier)
    studio.fill("#let-in [name=vouch_max]", str(introduces))
    studio.select_option("#let-in [name=vouch_tier]", as_far_as)
    studio.click("#let-in button")
    sign(studio, "is let in as far as")


def test_a_friend_is_introduced_and_taken_back_on_the_open_page(devices: Devices, studio: Page, node: Serving) -> None:
    ann, bob = devices.new(), devices.new()
    her_code, his_code = make_key(ann), make_key(bob)
    let_in(studio, her_code, "circle", introduces=3, as_far_as="supporter")
    ann.goto(f"/people?introduce={his_code}")
    expect(ann.locator("#introduce [name=did]")).to_have_value(his_code)
    ann.select_option("#introduce [name=tier]", "supporter")
    ann.click("#introduce button")
    expect(ann.locator("#introduce-news")).to_contain_text("Introduced.")
    sound(ann)
    assert bob.request.get("/api/me").json()["tier"] == "supporter"

    bob.goto("/")
    expect(bob.locator("[data-my-tier]")).to_contain_text("supporters")
    open_to_him = bob.locator(".counts b").count()
    assert open_to_him > 0
    studio.reload()
    studio.locator(f"[data-block='{his_code}']").first.click()
    sign(studio, "is shut out")
    expect(bob.locator("#standing-news")).to_contain_text("You see what is open to all now.")
    expect(bob.locator("[data-my-tier]")).to_contain_text("open to all")
    assert bob.locator(".counts b").count() == 0
    sound(bob)
    assert bob.request.get("/api/me").json()["tier"] == "public"
    assert ann.request.get("/api/me").json()["tier"] == "circle"


def test_an_invite_makes_the_key_lets_in_and_offers_saving_once(devices: Devices, studio: Page) -> None:
    studio.fill("#people", "2")
    with studio.expect_navigation():
        studio.click("form[action='/studio/invites'] button")
    link = re.search(r"/invite/[\w-]{43}", studio.content())
    assert link is not None
    page = devices.new()
    page.goto(link[0])
    sound(page)
    page.click("#take-invite button")
    expect(page.locator("#invite-news")).to_contain_text("You are in. Open to you: ◔ followers")
    expect(page.locator("#offer-saving")).to_contain_text("Save your key")
    expect(page.locator("#standing-news")).to_have_count(0)  # it was said already
    sound(page)
    with page.expect_response(STANDING):
        page.goto("/")
    expect(page.locator("[data-my-tier]")).to_contain_text("followers")
    page.evaluate(LOOKED)
    expect(page.locator("#offer-saving")).to_have_count(0)


def test_many_who_ask_are_let_in_with_one_look(devices: Devices, studio: Page) -> None:
    asking = []
    for name in ("Cleo", "Dan"):
        page = devices.new()
        page.goto("/follow")
        page.click("[data-make-key]")
        page.fill("#name", name)
        page.click("form[action='/follow'] button")
        expect(page.locator("main")).to_contain_text("Your request waits")
        asking.append(page)
    studio.reload()
    for box in studio.locator("#approve input[name=did]").all():
        box.check()
    studio.click("#approve [data-signs]")
    expect(studio.locator("#to-sign-list li")).to_have_count(2)
    with studio.expect_navigation():
        studio.click("#sign-now")
    expect(studio.locator("#signing-news")).to_contain_text("2 signed.")
    assert [page.request.get("/api/me").json()["tier"] for page in asking] == ["follower"] * 2


def test_nothing_is_signed_for_a_list_from_which_something_was_taken(devices: Devices, studio: Page) -> None:
    did = make_key(devices.new())
    let_in(studio, did, "follower")
    studio.evaluate(
        """async () => {
            const { keep, kept } = await import("/static/kept.js");
            const name = `head of ${(await kept("artist")).root}`;
            await keep(name, { ...(await kept(name)), head: `sha256:${"0".repeat(64)}` });
        }"""
    )
    before = studio.request.get("/api/trust/head").json()
    studio.reload()
    expect(studio.locator("#signing-news")).to_contain_text("Nothing is signed")
    studio.locator(f"[data-block='{did}']").first.click()
    expect(studio.locator("#signing-news")).to_contain_text("Something was taken out of it")
    expect(studio.locator("#to-sign")).to_be_hidden()
    assert studio.request.get("/api/trust/head").json() == before


def test_a_locked_key_signs_nothing(devices: Devices, studio: Page) -> None:
    did = make_key(devices.new())
    studio.click("#lock-key")
    expect(studio.locator("#open-key")).to_be_visible()
    studio.fill("#let-in [name=did]", did)
    studio.click("#let-in button")
    expect(studio.locator("#signing-news")).to_contain_text("Open your key first")
    assert studio.evaluate("""import("/static/kept.js").then(({ kept }) => kept("artist"))""") is None


def test_the_artists_key_never_leaves_her_browser(devices: Devices, studio: Page, artist: Key) -> None:
    sent: list[str] = []
    studio.on("request", lambda request: sent.append(f"{request.url} {request.headers} {request.post_data}"))
    let_in(studio, make_key(devices.new()), "follower")
    secret = [artist.seed.hex(), base64.b64encode(artist.seed).decode()[:40], DEMO_PASSPHRASE]
    assert sent
    assert not [line for line in sent for part in secret if part in line]


def test_the_studio_opens_with_a_passkey(devices: Devices, studio: Page) -> None:
    with_passkeys(studio)
    studio.goto("/operator")
    studio.click("#register")
    expect(studio.locator("main")).to_contain_text("The studio opens with 1 passkey.")
    studio.click(".operator button.quiet")
    expect(studio.locator(".operator")).to_have_count(0)
    studio.goto("/operator")
    studio.click("#enter")
    expect(studio.locator(".operator")).to_be_visible()


def test_a_page_closes_its_depth_also_after_the_line_was_broken(devices: Devices, studio: Page) -> None:
    page, asked = devices.new(), list[Route]()
    did = make_key(page)
    let_in(studio, did, "inner")

    def broken(line: Route) -> None:
        """The first tells what is so and ends, the second does not come through."""
        asked.append(line)
        if len(asked) == 1:
            line.fulfill(content_type="text/event-stream", body='event: standing\ndata: {"tier": "inner"}\n\n')
        elif len(asked) > 2:
            line.continue_()

    page.route(STANDING, broken)
    page.goto("/")
    expect(page.locator("[data-my-tier]")).to_contain_text("inner circle")
    heard(page, asked, 2)
    studio.locator(f"[data-block='{did}']").first.click()
    sign(studio, "is shut out")
    asked[1].abort("internetdisconnected")
    expect(page.locator("#standing-news")).to_contain_text("You see what is open to all now.")
    assert devices.errors == ["Failed to load resource: net::ERR_INTERNET_DISCONNECTED"]
    devices.errors.clear()


FAN_PAGES = ("/key", "/people", "/follow", "/operator")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_fit_a_phone_and_axe_finds_nothing(devices: Devices, theme: str) -> None:
    page = devices.new(color_scheme=theme)
    with_passkeys(page)
    for path in FAN_PAGES:
        page.goto(path)
        sound(page)
    make_key(page)
    sound(page)
    page.click("#show-paper")
    page.click("#before summary")
    page.click("#leave summary")
    sound(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_studio_fits_a_phone_and_axe_finds_nothing(devices: Devices, studio: Page, theme: str) -> None:
    studio.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    studio.set_viewport_size({"width": 360, "height": 740})
    sound(studio)
    studio.fill("#let-in [name=did]", make_key(devices.new()))
    studio.click("#let-in button")
    expect(studio.locator("#to-sign")).to_be_visible()
    sound(studio)
    studio.click("#sign-not")
    studio.click("#lock-key")
    expect(studio.locator("#open-key")).to_be_visible()
    sound(studio)


def sound(page: Page) -> None:
    """Nothing is wider than the screen, and nobody is kept out."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    page.emulate_media(reduced_motion="reduce")  # what comes in is looked at as it stays
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, found.generate_report()


def test_without_scripts_the_pages_say_what_to_do(devices: Devices) -> None:
    page = devices.new(java_script_enabled=False)
    page.goto("/key")
    expect(page.locator("noscript p")).to_be_visible()
    assert page.locator("main button:visible").count() == 0
    page.goto("/follow")
    expect(page.locator("main a[href^='/sign-in']")).to_be_visible()


def test_an_answer_and_its_source_are_taken_off_the_open_pages(devices: Devices, studio: Page) -> None:
    page = devices.new()
    did = make_key(page)
    let_in(studio, did, "circle")
    page.goto("/")
    page.fill("#question", "What did Ottoline Brack say about the kick drum in Eleven Cormorants?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer .said q").first).to_contain_text("wet coat")
    page.wait_for_selector("article.answer:not([aria-busy]) .chip")
    source = page.context.new_page()
    source.goto(page.locator(".card a").first.get_attribute("href") or "/")
    expect(source.locator("article.source")).to_contain_text("wet coat")
    studio.locator(f"[data-block='{did}']").first.click()
    sign(studio, "is shut out")
    for open_page in (page, source):
        expect(open_page.locator("#standing-news")).to_contain_text("taken off this page")
        assert "wet coat" not in open_page.content().replace("Ottoline Brack say", "")
    expect(page.locator("article.answer .asked")).to_be_visible()  # her own question stays


def test_a_browser_that_cannot_sign_is_led_to_the_mail(devices: Devices) -> None:
    page = devices.new()
    page.add_init_script("SubtleCrypto.prototype.importKey = () => Promise.reject(new Error('unknown'))")
    page.goto("/key")
    expect(page.locator("#cannot")).to_be_visible()
    expect(page.locator("#none")).to_be_hidden()
    page.goto("/follow")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-make-key]")).to_be_hidden()
    expect(page.locator("main a[href^='/sign-in']")).to_be_visible()
