"""What people do with their keys on the page “My key”."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

PASSPHRASE = "the ferry leaves at nine"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Passkeys:
    """The passkeys of one person: an authenticator that can be held to several browsers."""

    def __init__(self, page: Page, *, prf: bool) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = AUTHENTICATOR | {"hasPrf": prf}
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.ident = made["authenticatorId"]

    def credentials(self) -> list[dict[str, Any]]:
        told = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.ident})
        found: list[dict[str, Any]] = told["credentials"]
        return found

    def add(self, credential: dict[str, Any]) -> None:
        self.session.send("WebAuthn.addCredential", {"authenticatorId": self.ident, "credential": credential})


def with_passkeys(page: Page, *, prf: bool = True) -> Passkeys:
    """Give a device an authenticator."""
    return Passkeys(page, prf=prf)


def make_key(page: Page) -> str:
    """Make the key of a new listener, and give her code."""
    page.goto("/key")
    page.click("#make")
    expect(page.locator("#code")).to_have_text(page_code := page.locator("#code").inner_text())
    return page_code


def secret_code(page: Page) -> str:
    """Save the key on paper."""
    page.click("#show-paper")
    expect(page.locator("#paper")).to_be_visible()
    code = page.locator("#paper-code").inner_text()
    page.click("#written")
    expect(page.locator("#news")).to_contain_text("saved on paper")
    return code


def by_paper(page: Page, code: str) -> None:
    page.goto("/key")
    page.click("#before summary")
    page.fill("#written-code", code.lower().replace("-", " "))
    page.click("#open-paper button")


def by_file(page: Page, file: Path) -> None:
    page.goto("/key")
    page.click("#before summary")
    page.set_input_files("#file", file)
    page.fill("#passphrase", PASSPHRASE)
    page.click("#open-file button")


def by_passkey(page: Page, passkeys: Passkeys) -> None:
    mine = with_passkeys(page)
    for credential in passkeys.credentials():
        mine.add(credential)
    page.goto("/key")
    page.click("#before summary")
    page.click("#open-passkey")
