"""A program is let in, in a real browser: by a listener who had no key before, on a phone, and it is put out again."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.processes import Serving

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
VERIFIER = "of the program alone, and long enough to be one"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@contextmanager
def program() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Give the address at which a program on this device waits, and what came back to it."""
    came = list[dict[str, str]]()

    class Waiting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Shelf</title><p>Back in the program.</p>")

        def log_message(self, *_said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Waiting) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/callback", came
        server.shutdown()
        thread.join()


def checked(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def begun(node: Serving, back: str) -> tuple[str, str]:
    """Register a program; give its name here, and the address that it opens in a browser."""
    told = {"redirect_uris": [back], "client_name": "Shelf", "token_endpoint_auth_method": "none"}
    ident: str = httpx2.post(f"{node.address}/oauth/register", json=told).json()["client_id"]
    asked = {
        "response_type": "code",
        "client_id": ident,
        "redirect_uri": back,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "x y&z",
    }
    return ident, f"{node.address}/oauth/authorize?{urlencode(asked)}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_has_no_key_makes_one_and_lets_it_in(browser: Browser, demo: Serving, tmp_path: Path, scheme: str) -> None:
    how = {"viewport": PHONE, "reduced_motion": "reduce", "color_scheme": scheme}
    with program() as (back, came), browser.new_context(**how) as context:  # type: ignore[arg-type]  # of many kinds
        ident, address = begun(demo, back)
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", name="May it speak for you?")).to_be_visible()
        checked(page)
        page.screenshot(path=tmp_path / "unknown.png", full_page=True)
        page.get_by_role("button", name="Make my key and go on").click()
        page.get_by_label("Questions a day, at most").fill("7")
        checked(page)
        page.screenshot(path=tmp_path / "asked.png", full_page=True)
        page.get_by_role("button", name="Let it in").click()
        expect(page.get_by_text("Back in the program.")).to_be_visible()
        assert came[0]["state"] == "x y&z"
        carried = {
            "grant_type": "authorization_code",
            "code": came[0]["code"],
            "redirect_uri": back,
            "client_id": ident,
            "code_verifier": VERIFIER,
        }
        key = httpx2.post(f"{demo.address}/oauth/token", data=carried).json()["access_token"]
        known = {"Authorization": f"Bearer {key}"}
        assert httpx2.get(f"{demo.address}/api/me", headers=known).status_code == 200

        page.goto(f"{demo.address}/programs")
        expect(page.get_by_text("At most 7 questions a day.")).to_be_visible()
        checked(page)
        page.screenshot(path=tmp_path / "programs.png", full_page=True)
        page.get_by_role("button", name="End it: Shelf").click()
        expect(page.get_by_text("None.")).to_be_visible()
        assert httpx2.get(f"{demo.address}/api/me", headers=known).status_code == 401

        page.get_by_label("What I call it").fill("my script")
        page.get_by_role("button", name="Make a key").click()
        expect(page.get_by_role("status", name="The new key")).to_contain_text("pk_")
        checked(page)
        page.screenshot(path=tmp_path / "made.png", full_page=True)


def test_who_says_no_is_led_back_too(browser: Browser, demo: Serving) -> None:
    with program() as (back, came), browser.new_context(viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(begun(demo, back)[1])
        page.get_by_role("button", name="Make my key and go on").click()
        page.get_by_role("button", name="No", exact=True).click()
        expect(page.get_by_text("Back in the program.")).to_be_visible()
        assert came[0]["error"] == "access_denied"
        assert "code" not in came[0]
