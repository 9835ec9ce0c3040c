"""Signing in with a key, signed documents over HTTP, and one's own standing."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.sessions.origins import is_safe_for_secrets
from presence.settings import LimitsSettings
from tests.nodes import client_of, open_node
from tests.trusting import ORIGIN, Artist, key, operator_of, sign_in
from trustgraph import Tier, Vouch, issuing


@pytest.fixture
def artist(node: Services) -> Artist:
    return Artist(node.trust)


def proof(client: TestClient, who: str = "ann", *, aud: str = ORIGIN, late_s: int = 0) -> dict[str, object]:
    challenge = client.post("/auth/challenge").json()
    return issuing.auth(
        key(who), root=challenge["root"], aud=aud, nonce=challenge["nonce"], iat=int(time.time()) - late_s
    )


def test_who_proves_a_key_reads_as_far_as_its_grants_go(node: Services, artist: Artist) -> None:
    with client_of(node) as client:
        assert client.get("/api/me").json()["tier"] == "public"
        assert sign_in(client, key("ann"))["did"] == key("ann").did
        assert client.get("/api/me").json()["tier"] == "public"
        artist.grant(key("ann").did, Tier.CIRCLE)
        assert client.get("/api/me").json() | {"root": 0} == {
            "did": key("ann").did,
            "how": "key",
            "tier": "circle",
            "root": 0,
            "operator": False,
            "rights": [],
        }


def test_a_tier_is_computed_at_each_request(node: Services, artist: Artist) -> None:  # row 47
    granted = artist.grant(key("ann").did, Tier.SUPPORTER)
    with client_of(node) as client:
        sign_in(client, key("ann"))
        assert client.get("/api/me").json()["tier"] == "supporter"
        artist.revoke(granted.entry.event)
        assert client.get("/api/me").json()["tier"] == "public"


def test_of_fifty_who_send_one_proof_at_once_one_gets_in(tmp_path: Path) -> None:  # row 44
    with (
        open_node(tmp_path / "home", limits=LimitsSettings(sign_ins_per_minute=100)) as node,
        client_of(node) as client,
    ):
        Artist(node.trust)
        signed = proof(client)
        with ThreadPoolExecutor(16) as threads:
            send = lambda _: client.post("/auth/session", json=signed).status_code  # noqa: E731
            codes = sorted(threads.map(send, range(50)))
    assert codes == [201] + [401] * 49


@pytest.mark.usefixtures("artist")
@pytest.mark.parametrize("aud", ["https://evil.example", "http://localhost:1", "http://localhost", ""])
def test_a_proof_for_another_place_is_refused(node: Services, aud: str) -> None:  # row 45
    with client_of(node) as client:
        assert client.post("/auth/session", json=proof(client, aud=aud)).status_code == 401


@pytest.mark.usefixtures("artist")
def test_a_claimed_host_changes_no_audience(node: Services) -> None:  # row 45
    with client_of(node) as client:
        told = client.post("/auth/challenge", headers={"Host": "localhost:1"}).json()
        assert told["aud"] == ORIGIN
        assert client.post("/auth/challenge", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.usefixtures("artist")
def test_an_old_proof_is_refused(node: Services) -> None:
    with client_of(node) as client:
        assert client.post("/auth/session", json=proof(client, late_s=70)).status_code == 401


@pytest.mark.usefixtures("artist")
def test_every_sign_in_makes_a_new_session(node: Services) -> None:  # row 46
    with client_of(node) as client:
        client.cookies.set("presence_session", "a" * 43, domain="localhost.local")
        sign_in(client, key("ann"))
        first = [cookie.value for cookie in client.cookies.jar if cookie.name == "presence_session"]
        assert "a" * 43 not in first[-1:]
        sign_in(client, key("ann"))
        second = [cookie.value for cookie in client.cookies.jar if cookie.name == "presence_session"]
        assert first[-1] != second[-1]


def test_nobody_makes_herself_the_artist_of_an_empty_log(node: Services) -> None:
    first = issuing.inception(key("mallory"), next_key=key("next").did, t=int(time.time()))
    with client_of(node) as client:
        response = client.post("/api/rotations", json=first)
        assert (response.status_code, response.json()["code"]) == (409, "no_artist")
    assert node.trust.head[0] == 0


def test_there_is_nothing_to_sign_in_to_without_an_artist(node: Services) -> None:
    with client_of(node) as client:
        response = client.post("/auth/challenge")
        assert (response.status_code, response.json()["code"]) == (409, "no_artist")


@pytest.mark.usefixtures("artist")
def test_signing_out_ends_the_session(node: Services) -> None:
    with client_of(node) as client:
        sign_in(client, key("ann"))
        kept = dict(client.cookies)
        assert client.delete("/auth/session").status_code == 204
        client.cookies.update(kept)
        assert client.get("/api/me").json()["did"] is None


def test_signed_documents_come_in_over_http(node: Services, artist: Artist) -> None:
    now = artist.now
    grant = issuing.grant(
        artist.key,
        root=artist.root,
        sub=key("ann").did,
        tier=Tier.CIRCLE,
        nbf=now,
        exp=now + 3600,
        vouch=Vouch(1, 2, Tier.FOLLOWER),
    )
    with client_of(node) as client:
        first, again = client.post("/api/grants", json=grant), client.post("/api/grants", json=grant)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        sign_in(client, key("ann"))
        (right,) = client.get("/api/me").json()["rights"]
        assert (right["parent"], right["tier"], right["left"]) == (first.json()["id"], "follower", 2)
        vouch = issuing.grant(
            key("ann"),
            root=artist.root,
            sub=key("bob").did,
            tier=Tier.FOLLOWER,
            nbf=right["nbf"],
            exp=right["exp"],
            parent=right["parent"],
            via="vouch",
        )
        assert client.post("/api/grants", json=vouch).json()["ordinal"] == 1
        assert node.trust.tier_of(key("bob").did).tier == Tier.FOLLOWER
        taken = issuing.revocation(key("ann"), root=artist.root, target=issuing.ident(vouch), t=now)
        assert client.post("/api/revocations", json=taken).status_code == 201
        assert node.trust.tier_of(key("bob").did).tier == Tier.PUBLIC


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "bad_envelope"),
        (b"{", 422, "bad_envelope"),
        (b"[" * 8000, 422, "bad_envelope"),
        (b"\xff\xfe", 422, "bad_envelope"),
        (b'{"payloadType":"a","payloadType":"b","payload":"","signatures":[]}', 422, "bad_envelope"),
        (b"x" * 100_000, 413, "too_big"),
    ],
)
@pytest.mark.usefixtures("artist")
def test_what_is_no_document_has_a_code(node: Services, body: bytes, status: int, code: str) -> None:  # row 19
    with client_of(node) as client:
        for path in ("grants", "revocations", "delegations", "rotations", "checkpoints"):
            response = client.post(f"/api/{path}", content=body)
            assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_grant_is_no_revocation(node: Services, artist: Artist) -> None:  # row 9
    with client_of(node) as client:
        signed = proof(client)
        assert client.post("/api/grants", json=signed).json()["code"] == "wrong_type"
        relabelled = signed | {"payloadType": "application/vnd.presence.grant.v1+json"}
        assert client.post("/api/grants", json=relabelled).json()["code"] == "bad_signature"


def test_the_head_is_for_the_operator(node: Services, artist: Artist) -> None:
    with client_of(node) as client:
        assert client.get("/api/trust").json()["root"] == artist.root
        assert client.get("/api/trust/head").status_code == 401
        operator_of(client, node)
        told = client.get("/api/trust/head?seq=1").json()
        assert told["seq"] == 1
        assert told["at"]["hash"] == told["head"]


def test_what_was_asked_before_signing_in_stays_hers(told_node: Services) -> None:
    Artist(told_node.trust)
    with client_of(told_node) as client:
        asked = client.post("/api/questions", json={"question": "What happened on the night ferry?"}).json()
        sign_in(client, key("ann"))
        assert client.get(f"/api/questions/{asked['id']}").status_code == 200
    with client_of(told_node) as elsewhere:
        assert elsewhere.get(f"/api/questions/{asked['id']}").status_code == 404
        sign_in(elsewhere, key("ann"))
        assert elsewhere.get(f"/api/questions/{asked['id']}").status_code == 200


def test_nobody_signs_in_over_plain_http_from_elsewhere() -> None:
    assert is_safe_for_secrets("https", "ada.example")
    assert not is_safe_for_secrets("http", "ada.example")
    assert not is_safe_for_secrets("http", "192.168.1.4:8765")
    assert is_safe_for_secrets("http", "[::1]:8765")
