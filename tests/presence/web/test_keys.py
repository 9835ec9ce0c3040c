"""Keys for programs and for embedded rooms, over HTTP."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sessions.bearer import KEYS_MAX, Wanted, carried
from tests.nodes import client_of
from tests.trusting import Artist, operator_of, sign_in
from tests.trusting import key as key_of
from trustgraph import Tier

ANN = key_of("ann")
BLOG = "https://blog.example"
ASKED = {"question": "What happened on the night ferry?"}


@pytest.fixture
def artist(told_node: Services) -> Artist:
    return Artist(told_node.trust)


@pytest.fixture
def owner(told_node: Services, artist: Artist) -> Iterator[TestClient]:
    """Ann's browser."""
    with client_of(told_node) as client:
        sign_in(client, ANN)
        yield client


@pytest.fixture
def elsewhere(told_node: Services, artist: Artist) -> Iterator[TestClient]:
    """A program, or somebody else's page."""
    with client_of(told_node) as client:
        yield client


def made(owner: TestClient, **how: Any) -> dict[str, Any]:
    response = owner.post("/api/keys", json={"label": "my script", "days": 7, **how})
    assert response.status_code == 201, response.text
    told: dict[str, Any] = response.json()
    return told


def embedded(owner: TestClient, **how: Any) -> dict[str, Any]:
    response = owner.post("/api/keys/embed", json={"origin": BLOG, **how})
    assert response.status_code == 201, response.text
    told: dict[str, Any] = response.json()
    return told


def bearer(key: dict[str, Any], **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key['secret']}", **more}


def tier(client: TestClient, headers: dict[str, str]) -> str:
    return str(client.get("/api/me", headers=headers).json()["tier"])


def test_a_secret_is_told_once_and_kept_as_its_hash(owner: TestClient, told_node: Services) -> None:
    key = made(owner, questions_per_day=50)
    assert key["secret"].startswith("pk_")
    (listed,) = owner.get("/api/keys").json()["keys"]
    assert listed == {name: value for name, value in key.items() if name != "secret"}
    assert (listed["label"], listed["kind"], listed["tier_max"], listed["questions_per_day"]) == (
        "my script",
        "program",
        "inner",
        50,
    )
    assert listed["expires_at"] - listed["made_at"] == 7 * 24 * 3600
    assert key["secret"].removeprefix("pk_").encode() not in told_node.home.database.read_bytes()


def test_a_program_reads_as_far_as_its_owner_up_to_its_own_tier(
    owner: TestClient, elsewhere: TestClient, artist: Artist
) -> None:
    whole, half = bearer(made(owner)), bearer(made(owner, tier_max="follower"))
    assert tier(elsewhere, whole) == "public"
    granted = artist.grant(ANN.did, Tier.CIRCLE)
    assert (tier(elsewhere, whole), tier(elsewhere, half)) == ("circle", "follower")
    artist.revoke(granted.entry.event)
    assert (tier(elsewhere, whole), tier(elsewhere, half)) == ("public", "public")


def test_what_a_program_asks_is_its_owners(owner: TestClient, elsewhere: TestClient) -> None:
    key = bearer(made(owner))
    asked = elsewhere.post("/api/questions", json=ASKED, headers=key)
    assert asked.status_code == 201
    assert "set-cookie" not in asked.headers
    assert elsewhere.get(f"/api/questions/{asked.json()['id']}", headers=key).status_code == 200
    assert owner.get(f"/api/questions/{asked.json()['id']}").status_code == 200
    assert elsewhere.get(f"/api/questions/{asked.json()['id']}").status_code == 404


def test_a_revoked_key_opens_nothing_at_once(owner: TestClient, elsewhere: TestClient) -> None:
    key = made(owner)
    assert elsewhere.get("/api/me", headers=bearer(key)).status_code == 200
    assert owner.delete(f"/api/keys/{key['id']}").status_code == 204
    assert elsewhere.get("/api/me", headers=bearer(key)).status_code == 401
    assert owner.delete(f"/api/keys/{key['id']}").status_code == 204
    assert owner.get("/api/keys").json()["keys"][0]["revoked"]


def test_nobody_revokes_or_sees_the_keys_of_another(owner: TestClient, elsewhere: TestClient) -> None:
    key = made(owner)
    sign_in(elsewhere, key_of("bob"))
    assert elsewhere.get("/api/keys").json() == {"keys": []}
    assert elsewhere.delete(f"/api/keys/{key['id']}").status_code == 404
    assert owner.get("/api/me", headers=bearer(key)).status_code == 200


def test_an_expired_key_opens_nothing(told_node: Services, elsewhere: TestClient) -> None:
    _, secret = told_node.bearers.make(ANN.did, Wanted("old", 0))
    assert elsewhere.get("/api/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize(
    "said",
    ["Bearer", "Bearer ", "bearer pk_", "Bearer pk_" + "a" * 43, "Bearer " + "a" * 43, "BEARER pk_ü", "Bearer a b"],
)
@pytest.mark.usefixtures("owner")
def test_a_wrong_bearer_is_refused_and_never_nobody(owner: TestClient, said: str) -> None:
    for path in ("/api/me", "/", "/api/node"):
        assert owner.get(path, headers={b"Authorization": said.encode()}).status_code == 401


def test_two_authorizations_are_none() -> None:
    assert carried([]) is None
    assert carried(["Basic YTpi"]) is None
    assert carried(["bearer  x"]) == "x"
    assert carried(["Bearer x", "Bearer y"]) == ""
    assert carried(["Basic YTpi", "Bearer y"]) == ""


@pytest.mark.parametrize(
    "attempt",
    [
        lambda client, how: client.post("/api/keys", json={"label": "x", "days": 1}, headers=how),
        lambda client, how: client.post("/api/keys/embed", json={"origin": BLOG}, headers=how),
        lambda client, how: client.get("/api/keys", headers=how),
        lambda client, how: client.delete("/api/keys/x", headers=how),
    ],
    ids=range(4),
)
def test_keys_are_made_and_seen_in_a_session_of_her_own_key_alone(
    owner: TestClient, elsewhere: TestClient, told_node: Services, attempt: Callable[..., Any]
) -> None:
    held = told_node.sessions.begin(told_node.held_keys.did_of("m" * 64), how="mail")
    ways = [{}, bearer(made(owner)), {"Cookie": f"presence_session={held}"}]
    assert [attempt(elsewhere, how).status_code for how in ways] == [403, 403, 403]


def test_a_bearer_opens_nothing_of_the_studio_and_ignores_cookies(owner: TestClient, told_node: Services) -> None:
    key = bearer(made(owner))
    operator_of(owner, told_node)
    assert owner.get("/api/trust/head").status_code != 401
    assert owner.get("/api/trust/head", headers=key).status_code == 401
    assert owner.post("/operator/preview", data={"tier": "inner"}, headers=key).status_code == 401
    sign_in(owner, key_of("bob"))
    told = owner.get("/api/me", headers=key).json()
    assert (told["did"], told["how"], told["operator"], told["rights"]) == (ANN.did, "program", False, [])
    assert owner.delete("/auth/session", headers=key).status_code == 204
    assert owner.get("/api/me").json()["did"] == key_of("bob").did


def test_nobody_has_more_than_twenty_live_keys(owner: TestClient, told_node: Services) -> None:
    def make(_: int) -> bool:
        try:
            told_node.bearers.make(ANN.did, Wanted("many", 3600))
        except Exception:  # noqa: BLE001
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(make, range(2 * KEYS_MAX))) == KEYS_MAX
    assert owner.post("/api/keys", json={"label": "x", "days": 1}).status_code == 409
    owner.delete(f"/api/keys/{owner.get('/api/keys').json()['keys'][0]['id']}")
    assert owner.post("/api/keys", json={"label": "x", "days": 1}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"label": "", "days": 1},
        {"label": " ", "days": 1},
        {"label": "x" * 81, "days": 1},
        {"label": "x", "days": 0},
        {"label": "x", "days": 367},
        {"label": "x", "days": 1, "tier_max": "god"},
        {"label": "x", "days": 1, "questions_per_day": 0},
        {"label": "x", "days": 1, "did": "did:key:z6Mk"},
        {"days": 1},
    ],
    ids=str,
)
def test_a_key_that_cannot_be_so_is_refused(owner: TestClient, body: dict[str, Any]) -> None:
    assert owner.post("/api/keys", json=body).status_code == 422


@pytest.mark.parametrize(
    "origin", ["", "null", "*", "blog.example", "https://blog.example/", "https://*", "javascript:x"]
)
def test_an_origin_that_is_none_is_refused(owner: TestClient, origin: str) -> None:
    assert owner.post("/api/keys/embed", json={"origin": origin}).status_code == 422


def test_a_program_may_send_from_elsewhere_without_cookies(owner: TestClient, elsewhere: TestClient) -> None:
    key = bearer(made(owner), Origin="https://tool.example")
    assert elsewhere.post("/api/questions", json=ASKED, headers=key).status_code == 201
    assert elsewhere.post("/api/questions", json=ASKED, headers={"Origin": "https://tool.example"}).status_code == 403
    basic = {"Origin": "https://tool.example", "Authorization": "Basic YTpi"}
    assert elsewhere.post("/api/questions", json=ASKED, headers=basic).status_code == 403


def test_an_embedded_room_works_in_its_page_alone(owner: TestClient, elsewhere: TestClient) -> None:
    key = embedded(owner)
    assert key["expires_at"] - key["made_at"] == 15 * 60
    here = elsewhere.post("/api/questions", json=ASKED, headers=bearer(key, Origin=BLOG))
    assert here.status_code == 201
    for origin in ("https://evil.example", "https://blog.example.evil", "http://blog.example", "null"):
        assert elsewhere.get("/api/me", headers=bearer(key, Origin=origin)).status_code == 401
    assert elsewhere.get("/api/me", headers=bearer(key)).status_code == 401


def test_an_embedded_room_shows_what_all_may_see_unless_more_was_said(
    owner: TestClient, elsewhere: TestClient, artist: Artist
) -> None:
    artist.grant(ANN.did, Tier.CIRCLE)
    assert tier(elsewhere, bearer(embedded(owner), Origin=BLOG)) == "public"
    assert tier(elsewhere, bearer(embedded(owner, tier_max="follower"), Origin=BLOG)) == "follower"


def test_what_is_asked_in_an_embedded_room_is_not_its_owners(owner: TestClient, elsewhere: TestClient) -> None:
    key = bearer(embedded(owner), Origin=BLOG)
    asked = elsewhere.post("/api/questions", json=ASKED, headers=key).json()
    assert elsewhere.get(f"/api/questions/{asked['id']}", headers=key).status_code == 200
    assert owner.get(f"/api/questions/{asked['id']}").status_code == 404


def crossing(response: Any) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-")}


def test_the_page_of_an_embedded_room_may_read_the_answers(owner: TestClient, elsewhere: TestClient) -> None:
    key = embedded(owner)
    read = elsewhere.get("/api/me", headers=bearer(key, Origin=BLOG))
    assert crossing(read)["access-control-allow-origin"] == BLOG
    assert "access-control-allow-credentials" not in read.headers
    assert read.headers["vary"] == "Origin"
    refused = elsewhere.get("/api/questions/x", headers=bearer(key, Origin=BLOG))
    assert (refused.status_code, crossing(refused)["access-control-allow-origin"]) == (404, BLOG)


def preflight(client: TestClient, origin: str, headers: str = "authorization, content-type") -> Any:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    return client.options("/api/questions", headers=asked)


def test_a_browser_is_told_so_before_it_asks(owner: TestClient, elsewhere: TestClient) -> None:
    assert crossing(preflight(elsewhere, BLOG)) == {}
    key = embedded(owner)
    told = preflight(elsewhere, BLOG)
    assert (told.status_code, crossing(told)["access-control-allow-origin"]) == (204, BLOG)
    assert crossing(preflight(elsewhere, "https://evil.example")) == {}
    assert crossing(preflight(elsewhere, BLOG, "content-type")) == {}
    owner.delete(f"/api/keys/{key['id']}")
    assert crossing(preflight(elsewhere, BLOG)) == {}


def test_otherwise_nothing_can_be_read_from_elsewhere(owner: TestClient, elsewhere: TestClient) -> None:  # row 54
    program, room = bearer(made(owner)), bearer(embedded(owner), Origin="https://evil.example")
    for headers in ({}, {"Origin": BLOG}, {**program, "Origin": BLOG}, {**program, "Origin": "null"}, room):
        for path in ("/", "/api/me", "/static/room.js", "/nothing"):
            assert crossing(owner.get(path, headers=headers)) == {}
