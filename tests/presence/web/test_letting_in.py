"""A program is let in by OAuth: the official client of the Model Context Protocol does it, and others try to."""

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
    ProtectedResourceMetadata,
)
from mcp.types import CallToolResult
from pydantic import AnyUrl

from presence.app import create_app
from presence.bootstrap import Services
from presence.sessions.bearer import KEYS_MAX, Wanted
from presence.sessions.letting_in import (
    ASKED_SECONDS,
    CODE_SECONDS,
)
from presence.settings import LimitsSettings
from tests.awaiting import awaited
from tests.nodes import open_node
from tests.presence.web.paying import ANN, BOB, CENT, give, open_shop
from tests.presence.web.speaking import structured
from tests.trusting import Artist, sign_in
from trustgraph import Tier

AT = "http://localhost:8765"
BACK = "http://127.0.0.1:33418/callback"
VERIFIER = "of the program alone, and long enough to be one"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
PIANO = "Where did you write Pilot Ladder?"


@pytest.fixture
def node(told_node: Services) -> Services:
    Artist(told_node.trust)
    return told_node


def browser_of(node: Services) -> TestClient:
    return TestClient(create_app(node), base_url=AT, follow_redirects=False)


@pytest.fixture
def browser(node: Services) -> Iterator[TestClient]:
    with browser_of(node) as client:
        sign_in(client, ANN)
        yield client


@pytest.fixture
def program(node: Services) -> Iterator[TestClient]:
    with browser_of(node) as client:
        yield client


def registered(program: TestClient, **more: Any) -> dict[str, Any]:
    told = {"redirect_uris": [BACK], "client_name": "Shelf", "token_endpoint_auth_method": "none", **more}
    response = program.post("/oauth/register", json=told)
    assert response.status_code == 201, response.text
    record: dict[str, Any] = response.json()
    return record


def authorized(browser: TestClient, record: dict[str, Any], **more: str | None) -> httpx2.Response:
    asked = {
        "response_type": "code",
        "client_id": record["client_id"],
        "redirect_uri": BACK,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "of the program",
        **more,
    }
    return browser.get("/oauth/authorize", params={name: value for name, value in asked.items() if value is not None})


def page_for(browser: TestClient, record: dict[str, Any], **more: str | None) -> str:
    response = authorized(browser, record, **more)
    assert response.status_code == 302, response.text
    return str(response.headers["location"])


def saying_no(page: str) -> str:
    return page.replace("/oauth/consent", "/oauth/consent/no")


def decided(browser: TestClient, page: str, **form: str) -> dict[str, str]:
    """Press a button of the page, and give what goes back to the program."""
    answered = browser.post(page, data=form)
    assert answered.status_code == 200, answered.text
    [back] = re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', answered.text)
    address = html.unescape(back)
    assert f'href="{back}"' in answered.text
    assert address.startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def redeemed(program: TestClient, record: dict[str, Any], code: str, **more: str) -> httpx2.Response:
    carried = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": record["client_id"],
        "code_verifier": VERIFIER,
    }
    return program.post("/oauth/token", data={**carried, **more})


def key_for(browser: TestClient, program: TestClient, **form: str) -> str:
    record = registered(program)
    given = redeemed(program, record, decided(browser, page_for(browser, record), **form)["code"])
    assert given.status_code == 200, given.text
    secret: str = given.json()["access_token"]
    return secret


def me(program: TestClient, secret: str) -> httpx2.Response:
    return program.get("/api/me", headers={"Authorization": f"Bearer {secret}"})


class Kept:
    """What a program keeps."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


def test_the_official_client_is_let_in_pays_and_is_put_out(tmp_path: Path) -> None:
    """From nothing but an address to an answer that is paid; what it may, its listener says on a page."""
    with open_shop(tmp_path / "home") as shop, browser_of(shop) as browser:
        give(shop, ANN, 100)
        sign_in(browser, ANN)
        kept, back = Kept(), dict[str, str]()

        async def shown(address: str) -> None:
            path = address.removeprefix(AT)
            assert path != address
            led = browser.get(path)
            assert led.status_code == 302, led.text
            page = browser.get(led.headers["location"])
            assert "<b>Shelf</b>" in page.text
            assert "runs on this device" in page.text
            back.update(decided(browser, led.headers["location"], spend="0.10", questions="5", days="7"))

        async def came_back() -> AuthorizationCodeResult:
            return AuthorizationCodeResult(code=back["code"], state=back["state"], iss=back["iss"])

        async def done() -> CallToolResult:
            said = OAuthClientMetadata(redirect_uris=[AnyUrl(BACK)], client_name="Shelf")
            entering = OAuthClientProvider(f"{AT}/mcp/me", said, kept, shown, came_back)
            transport = httpx2.ASGITransport(create_app(shop))
            async with (
                httpx2.AsyncClient(transport=transport, auth=entering, timeout=60) as http,
                Client(streamable_http_client(f"{AT}/mcp/me", http_client=http)) as client,
            ):
                return await client.call_tool("ask", {"question": PIANO, "max_price_micros": 10 * CENT})

        answer = structured(awaited(done()))
        assert answer["outcome"] == "answered"
        assert answer["receipt"]["micros"] > 0
        assert back["iss"] == AT
        assert kept.tokens is not None
        assert kept.tokens.refresh_token is None
        [key] = shop.bearers.live_of(ANN.did)
        assert (key.label, key.questions_per_day, key.spend_micros_per_day) == ("Shelf", 5, 10 * CENT)
        assert key.expires_at - key.made_at == 7 * 24 * 3600
        assert PIANO in browser.get("/history").text
        listed = browser.get("/programs").text
        assert "Shelf" in listed
        browser.post("/programs/end", data={"ident": key.ident})
        assert shop.bearers.live_of(ANN.did) == []
        assert me(browser_of(shop), kept.tokens.access_token).status_code == 401


def test_who_has_no_key_is_told_where_one_is_given(program: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer public"}):
        refused = program.post("/mcp/me", json={}, headers=headers)
        assert refused.status_code == 401
        challenge = refused.headers["www-authenticate"]
        assert challenge == f'Bearer resource_metadata="{AT}/.well-known/oauth-protected-resource/mcp/me"'
    told = ProtectedResourceMetadata.model_validate(program.get("/.well-known/oauth-protected-resource/mcp/me").json())
    assert str(told.resource) == f"{AT}/mcp/me"
    server = program.get("/.well-known/oauth-authorization-server").json()
    assert server["issuer"] == AT
    assert told.model_dump(mode="json")["authorization_servers"] == [AT]
    assert server["code_challenge_methods_supported"] == ["S256"]


def test_a_cookie_is_nobodys_key(browser: TestClient) -> None:
    assert browser.get("/api/me").json()["tier"] == "public"
    assert browser.post("/mcp/me", json={}).status_code == 401


@pytest.mark.parametrize("tier", ["follower", "inner"])
def test_what_is_let_in_reads_as_deep_as_its_listener_said(
    node: Services, browser: TestClient, program: TestClient, tier: str
) -> None:
    secret = key_for(browser, program, tier_max=tier)
    assert me(program, secret).json()["tier"] == "public"  # as she is
    Artist(node.trust).grant(ANN.did, Tier.CIRCLE)
    assert me(program, secret).json()["tier"] == ("follower" if tier == "follower" else "circle")


def test_a_code_is_good_once_and_what_it_gave_is_over_when_it_comes_again(
    browser: TestClient, program: TestClient
) -> None:
    record = registered(program)
    code = decided(browser, page_for(browser, record))["code"]
    secret = redeemed(program, record, code).json()["access_token"]
    assert me(program, secret).status_code == 200
    again = redeemed(program, record, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert me(program, secret).status_code == 401
    assert redeemed(program, record, code).status_code == 400


def test_a_code_is_over_after_a_minute(node: Services, browser: TestClient, program: TestClient) -> None:
    record, clock = registered(program), node.letting_in.now
    code = decided(browser, page_for(browser, record))["code"]
    node.letting_in.now = lambda: clock() - CODE_SECONDS - 2
    late = decided(browser, page_for(browser, record))["code"]
    node.letting_in.now = clock
    assert redeemed(program, record, late).json()["error_description"] == "authorization code has expired"
    assert redeemed(program, record, code).status_code == 200


def test_a_page_that_waited_too_long_begins_again(node: Services, browser: TestClient, program: TestClient) -> None:
    clock = node.letting_in.now
    node.letting_in.now = lambda: clock() - ASKED_SECONDS - 2
    page = page_for(browser, registered(program))
    node.letting_in.now = clock
    assert browser.get(page).status_code == browser.post(page).status_code == 404
    assert "Begin again in the program." in browser.get(page).text


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_verifier": "of somebody else, who read along"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:33418/elsewhere"}, "invalid_request"),
        ({"code": "none"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "none"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "invalid_request"),
    ],
    ids=lambda wrong: str(wrong)[:24],
)
def test_a_code_is_nothing_to_who_read_along(
    browser: TestClient, program: TestClient, wrong: dict[str, str], error: str
) -> None:
    record = registered(program)
    code = decided(browser, page_for(browser, record))["code"]
    refused = redeemed(program, record, **{"code": code, **wrong})
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert redeemed(program, record, code).status_code == 200  # nobody has used it up


def test_a_code_is_nothing_to_another_program(browser: TestClient, program: TestClient) -> None:
    mine, other = registered(program), registered(program, client_name="Another")
    code = decided(browser, page_for(browser, mine))["code"]
    assert redeemed(program, other, code).json()["error"] == "invalid_grant"


def test_a_program_with_a_secret_has_to_know_it(browser: TestClient, program: TestClient) -> None:
    record = registered(program, token_endpoint_auth_method="client_secret_basic")  # a way, no secret
    assert record["token_endpoint_auth_method"] == "client_secret_post"
    code = decided(browser, page_for(browser, record))["code"]
    for secret in ({}, {"client_secret": "guessed"}):
        assert redeemed(program, record, code, **secret).status_code == 401
    assert redeemed(program, record, code, client_secret=record["client_secret"]).status_code == 200


def test_no_is_told_to_the_program_and_gives_it_nothing(
    node: Services, browser: TestClient, program: TestClient
) -> None:
    back = decided(browser, saying_no(page_for(browser, registered(program))), questions="0", spend="much")
    assert back == {"error": "access_denied", "state": "of the program", "iss": AT}
    assert node.bearers.live_of(ANN.did) == []


def test_only_who_has_a_key_of_her_own_lets_in(node: Services, browser: TestClient, program: TestClient) -> None:
    page = page_for(program, registered(program))
    assert "no key is open in this browser" in program.get(page).text
    assert program.post(page).status_code == 403
    secret = key_for(browser, program)
    with_key = {"Authorization": f"Bearer {secret}"}
    assert program.post(page, headers=with_key).status_code == 403
    assert program.post("/programs", data={"label": "x"}, headers=with_key).status_code == 403
    with browser_of(node) as by_mail:
        by_mail.cookies.set("presence_session", node.sessions.begin(BOB.did, how="mail"))
        assert "You signed in by mail." in by_mail.get(page).text
        assert by_mail.post(page).status_code == 403


def test_another_page_cannot_say_yes_for_her(browser: TestClient, program: TestClient) -> None:
    page = page_for(browser, registered(program))
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.post(page, headers=headers).status_code == 403
    assert "frame-ancestors 'none'" in browser.get(page).headers["content-security-policy"]


@pytest.mark.parametrize(
    "asked",
    [
        {"client_id": "none"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1:33418/elsewhere"},
        {"redirect_uri": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_nobody_is_sent_where_no_program_of_this_name_lives(
    browser: TestClient, program: TestClient, asked: dict[str, str]
) -> None:
    refused = authorized(browser, registered(program), **asked)
    assert refused.status_code == 400
    assert "location" not in refused.headers
    assert "asked for something wrong" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "=" * 43}, "invalid_request"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
    ],
    ids=str,
)
def test_what_a_program_does_wrong_is_told_to_it(
    browser: TestClient, program: TestClient, asked: dict[str, str | None], error: str
) -> None:
    answered = authorized(browser, registered(program), **asked)
    assert answered.status_code == 400
    assert "http-equiv" not in answered.text  # nobody is sent away by what a stranger registered
    [back] = re.findall(r'<a class="button quiet" href="([^"]+)"', answered.text)
    led = urlsplit(html.unescape(back))
    assert f"{led.scheme}://{led.netloc}{led.path}" == BACK
    told = parse_qs(led.query)
    assert (told["error"], told["state"], told["iss"]) == ([error], ["of the program"], [AT])


def test_what_is_wanted_for_an_address_of_ours_is_taken_and_so_are_scopes(
    browser: TestClient, program: TestClient
) -> None:
    record = registered(program)
    for resource in (AT, f"{AT}/", f"{AT}/mcp", f"{AT}/mcp/me", f"{AT}/v1"):
        assert page_for(browser, record, resource=resource, scope="openid offline_access").startswith("/oauth/consent?")


def test_on_this_device_any_port_is_the_programs(browser: TestClient, program: TestClient) -> None:
    elsewhere = BACK.replace("33418", "50001")
    assert page_for(browser, registered(program), redirect_uri=elsewhere).startswith("/oauth/consent?")


def test_a_program_with_many_long_addresses_is_let_in_as_well(browser: TestClient, program: TestClient) -> None:
    more = [f"https://assistant.example/{n}/{'x' * 260}" for n in range(9)]
    record = registered(program, redirect_uris=[BACK, *more], client_name="x" * 60)
    page = page_for(browser, record, state="s" * 1_500)
    assert redeemed(program, record, decided(browser, page)["code"]).status_code == 200


@pytest.mark.parametrize("told", ["http://127.0.0.1", "http://127.0.0.1/"])
@pytest.mark.parametrize("asked", ["http://127.0.0.1", "http://127.0.0.1/", "http://127.0.0.1:33418/"])
def test_an_address_without_a_path_is_the_same_with_a_stroke(
    browser: TestClient, program: TestClient, told: str, asked: str
) -> None:
    record = registered(program, redirect_uris=[told, "https://vscode.dev/redirect"])
    page = page_for(browser, record, redirect_uri=asked)
    assert page.startswith("/oauth/consent?")
    answered = browser.post(page).text
    [back] = re.findall(r'content="0; url=([^"]+)"', answered)
    code = parse_qs(urlsplit(html.unescape(back)).query)["code"][0]
    assert redeemed(program, record, code, redirect_uri=asked).status_code == 200


@pytest.mark.parametrize("changed", [0, 10, -1])
def test_what_was_sealed_cannot_be_changed(browser: TestClient, program: TestClient, changed: int) -> None:
    record = registered(program)
    page = page_for(browser, record)
    start, sealed = page.split("asked=")
    letters = list(sealed)
    letters[changed] = "A" if letters[changed] != "A" else "B"
    if changed != -1:  # the last letter may say less than six bits
        assert browser.get(f"{start}asked={''.join(letters)}").status_code == 404
    # What was sealed as one thing is no other: a program's name is neither a question nor a code.
    assert browser.get(f"{start}asked={record['client_id']}").status_code == 404
    assert browser.get(start.rstrip("?")).status_code == 404
    assert redeemed(program, record, record["client_id"]).json()["error"] == "invalid_grant"
    assert redeemed(program, record, sealed).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "told",
    [
        {"redirect_uris": []},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"redirect_uris": ["http://elsewhere.example/"]},
        {"redirect_uris": ["https://user:word@elsewhere.example/"]},
        {"redirect_uris": ['https://elsewhere.example/"><b>']},
        {"redirect_uris": [f"https://elsewhere.example/{n}" for n in range(11)]},
        {"redirect_uris": ["https://elsewhere.example/" + "x" * 400]},
        {"redirect_uris": "https://elsewhere.example/"},
        {"redirect_uris": None},
        {},
    ],
    ids=lambda told: str(told)[:60],
)
def test_what_cannot_be_registered_is_said(program: TestClient, told: dict[str, Any]) -> None:
    refused = program.post("/oauth/register", json=told)
    if refused.status_code == 201:  # the address was read as a browser reads it, with nothing left of the markup
        assert "<" not in str(refused.json()["redirect_uris"])
        return
    assert refused.status_code == 400
    assert refused.json()["error"] in ("invalid_redirect_uri", "invalid_client_metadata")
    assert "redirect_uris" in refused.json()["error_description"]


def test_what_is_no_json_cannot_be_registered(program: TestClient) -> None:
    refused = program.post("/oauth/register", content=b"{")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client_metadata")


def test_a_name_is_only_words(browser: TestClient, program: TestClient) -> None:
    record = registered(program, client_name="\u202e<script>alert(1)</script>\n" + "x" * 90)
    page = browser.get(page_for(browser, record)).text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_program_elsewhere_is_named_by_where_it_lives(browser: TestClient, program: TestClient) -> None:
    there = "https://assistant.example/callback"
    record = registered(program, redirect_uris=[there], client_name="")
    page = browser.get(page_for(browser, record, redirect_uri=there)).text
    assert "<b>assistant.example</b>" in page
    assert "does not say its name" in page


def test_who_has_as_many_keys_as_one_may_have_ends_one_first(
    node: Services, browser: TestClient, program: TestClient
) -> None:
    node.bearers.make(ANN.did, Wanted("room", 900, origin="https://blog.example"))
    for n in range(KEYS_MAX - 1):
        node.bearers.make(ANN.did, Wanted(f"key {n}", 3600))
    page = page_for(browser, registered(program))
    refused = browser.post(page)
    assert refused.status_code == 409
    assert "Revoke one first" in refused.json()["detail"]


@pytest.mark.parametrize("form", [{"spend": "much"}, {"days": "0"}, {"questions": "0"}, {"tier_max": "all"}], ids=str)
def test_what_is_typed_wrong_gives_nothing(
    node: Services, browser: TestClient, program: TestClient, form: dict[str, str]
) -> None:
    page = page_for(browser, registered(program))
    assert browser.post(page, data=form).status_code == 422
    assert browser.post("/programs", data={"label": "x", **form}).status_code == 422
    assert node.bearers.live_of(ANN.did) == []


def test_a_program_can_end_its_own_key(browser: TestClient, program: TestClient) -> None:
    secret = key_for(browser, program)
    assert program.post("/oauth/revoke", data={"token": "pk_none"}).status_code == 200
    assert me(program, secret).status_code == 200
    assert program.post("/oauth/revoke", data={"token": secret, "token_type_hint": "access_token"}).status_code == 200
    assert me(program, secret).status_code == 401


def test_a_key_for_a_script_is_shown_once_and_ended(node: Services, browser: TestClient, program: TestClient) -> None:
    made = browser.post("/programs", data={"label": "my <script>", "spend": "0,50", "tier_max": "public"})
    [secret] = re.findall(r">(pk_[\w-]+)<", made.text)
    assert "my &lt;script&gt;" in made.text
    assert me(program, secret).json()["tier"] == "public"
    assert secret not in browser.get("/programs").text
    [key] = node.bearers.live_of(ANN.did)
    assert key.spend_micros_per_day == 50 * CENT
    assert browser.post("/programs/end", data={"ident": "none"}).status_code == 404
    assert browser.post("/programs/end", data={"ident": key.ident}).headers["location"] == "/programs"
    assert me(program, secret).status_code == 401


def test_strangers_are_told_how_one_gets_a_key(program: TestClient) -> None:
    page = program.get("/programs").text
    assert "key of your own" in page
    assert "/mcp/me" in page


def test_nobody_elses_programs_are_shown_or_ended(node: Services, browser: TestClient) -> None:
    key, _ = node.bearers.make(BOB.did, Wanted("of Bob alone", 3600))
    assert "of Bob alone" not in browser.get("/programs").text
    assert browser.post("/programs/end", data={"ident": key.ident}).status_code == 404
    assert node.bearers.live_of(BOB.did) == [key]


def test_two_nodes_do_not_know_each_others_programs(node: Services, program: TestClient, tmp_path: Path) -> None:
    record = registered(program)
    with open_node(tmp_path / "other") as other, browser_of(other) as elsewhere:
        assert authorized(elsewhere, record).status_code == 400


@pytest.mark.parametrize("by", ["signing out", "leaving"])
def test_a_code_ends_with_the_session_in_which_she_said_yes(
    node: Services, browser: TestClient, program: TestClient, by: str
) -> None:
    record = registered(program)
    code = decided(browser, page_for(browser, record))["code"]
    if by == "leaving":
        node.leaving.leave(ANN.did)
    else:
        node.sessions.end_all(ANN.did)
    refused = redeemed(program, record, code)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert node.bearers.live_of(ANN.did) == []


def test_a_program_without_a_name_at_a_long_address_has_a_label_that_fits(both: Services) -> None:
    """PostgreSQL keeps as many letters as a column has, and says so of more."""
    Artist(both.trust)
    there = f"https://{'long.' * 36}example/back"
    with browser_of(both) as browser, browser_of(both) as program:
        sign_in(browser, ANN)
        record = registered(program, redirect_uris=[there], client_name="")
        page = page_for(browser, record, redirect_uri=there)
        [back] = re.findall(r'content="0; url=([^"]+)"', browser.post(page).text)
        code = parse_qs(urlsplit(html.unescape(back)).query)["code"][0]
        assert redeemed(program, record, code, redirect_uri=there).status_code == 200


@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=X; charset=undefined", "multipart/form-data; boundary=X", "application/json"],
)
def test_a_code_comes_in_a_plain_form_and_in_nothing_else(program: TestClient, kind: str) -> None:
    body = b'--X\r\nContent-Disposition: form-data; name="client_id"\r\n\r\nx\r\n--X--\r\n'
    refused = program.post("/oauth/token", content=body, headers={"Content-Type": kind})
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")


def test_an_address_goes_back_as_it_was_registered(browser: TestClient, program: TestClient) -> None:
    there = "https://assistant.example/back?flag=&x=1"
    record = registered(program, redirect_uris=[there])
    answered = browser.post(page_for(browser, record, redirect_uri=there)).text
    [back] = re.findall(r'content="0; url=([^"]+)"', answered)
    assert html.unescape(back).startswith(f"{there}&code=")


@pytest.mark.parametrize("state", ["s" * 4_000, "\u00e9" * 800], ids=["long", "accented"])
def test_a_long_state_comes_back_whole(browser: TestClient, program: TestClient, state: str) -> None:
    page = page_for(browser, registered(program), state=state)
    assert decided(browser, page)["state"] == state


def test_a_state_that_no_address_can_hold_is_said(browser: TestClient, program: TestClient) -> None:
    refused = authorized(browser, registered(program), state="s" * 7_000)
    assert refused.status_code == 400
    assert "that is too long" in refused.text


def test_what_names_no_key_ends_none(program: TestClient) -> None:
    assert program.post("/oauth/revoke", data={}).json()["error"] == "invalid_request"


def test_a_body_that_is_refused_is_counted_too(tmp_path: Path) -> None:
    limits = LimitsSettings(questions_per_minute=2)
    with open_node(tmp_path / "home", limits=limits) as node, browser_of(node) as client:
        Artist(node.trust)
        sign_in(client, ANN)
        assert [client.post("/api/questions", json={}).status_code for _ in range(4)] == [422, 422, 429, 429]
