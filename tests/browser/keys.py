"""What people do with their keys on the page “My key”."""

from pathlib import Path

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


def with_passkeys(page: Page, *, prf: bool = True) -> None:
    """Give a device an authenticator."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | {"hasPrf": prf}})


def emptied(page: Page) -> None:
    """Make a device new again, but for its authenticator: a virtual one's secrets cannot be moved to another."""
    origin = page.evaluate("location.origin")
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
    page.context.clear_cookies()


def make_key(page: Page) -> str:
    """Make the key of a new listener, and give her code."""
    page.goto("/key")
    page.click("#make")
    expect(page.locator("#code")).to_be_visible()
    return page.locator("#code").inner_text()


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


def by_passkey(page: Page) -> None:
    page.goto("/key")
    page.click("#before summary")
    page.click("#open-passkey")
