"""Programs that sign each request."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from presence.bootstrap import Services
from presence.sessions.request_signing import SignedBy
from presence.sessions.signed_requests import Message, sign_request
from presence.settings import LimitsSettings
from tests.nodes import client_of, open_node
from tests.trusting import ORIGIN, Artist, key, operator_of, sign_in
from trustgraph import Tier, issuing

ANN = SignedBy(key("ann"))
ME = f"{ORIGIN}/api/me"


def headers(path: str, body: bytes = b"", method: str = "GET") -> dict[str, str]:
    """Sign by hand, to send it otherwise than it was signed."""
    message = Message(method, ORIGIN + path, {})
    sign_request(message, body, key("ann"))
    return dict(message.headers)


def test_who_signs_reads_as_far_as_her_grants_go(told_node: Services) -> None:
    artist = Artist(told_node.trust)
    with client_of(told_node) as client:
        told = client.get(ME, auth=ANN).json()
        assert (told["did"], told["how"], told["tier"]) == (key("ann").did, "signature", "public")
        granted = artist.grant(key("ann").did, Tier.CIRCLE)
        assert client.get(ME, auth=ANN).json()["tier"] == "circle"
        artist.revoke(granted.entry.event)
        assert client.get(ME, auth=ANN).json()["tier"] == "public"


def test_a_question_is_asked_and_read_with_signatures_alone(told_node: Services) -> None:
    with client_of(told_node) as client:
        asked = client.post(f"{ORIGIN}/api/questions", json={"question": "What happened on the night ferry?"}, auth=ANN)
        assert asked.status_code == 201, asked.text
        assert "set-cookie" not in asked.headers
        there = f"{ORIGIN}/api/questions/{asked.json()['id']}"
        assert client.get(there, auth=ANN).status_code == 200
        assert client.get(there, auth=SignedBy(key("bob"))).status_code == 404
        assert client.get(there).status_code == 404


def test_a_path_is_signed_as_it_is_sent(node: Services) -> None:
    with client_of(node) as client:
        there = f"{ORIGIN}/api/questions/a%2Fb%20c"
        assert client.get(there, auth=ANN).status_code == 404
        assert client.get(there + "?q=%C3%BC&q=2", auth=ANN).status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        lambda: headers("/api/node"),
        lambda: headers("/api/me?x=1"),
        lambda: headers("/api/me", method="POST"),
        lambda: headers("/api/me", b"{}"),
        lambda: {"Signature": "presence=:AAAA:"},
        lambda: {"Signature-Input": ""},
        lambda: {**headers("/api/me"), "Host": "127.0.0.1:8765"},
    ],
    ids=range(7),
)
def test_a_wrong_signature_is_refused_and_never_nobody(node: Services, sent: Callable[[], dict[str, str]]) -> None:
    with client_of(node) as client:
        assert client.get(ME, headers=headers("/api/me")).status_code == 200
        assert client.get(ME, headers=sent()).status_code == 401


def test_another_body_than_was_signed_is_refused(told_node: Services) -> None:
    body = json.dumps({"question": "Where is the piano?"}).encode()
    signed = headers("/api/questions", body, "POST") | {"Content-Type": "application/json"}
    with client_of(told_node) as client:
        there = f"{ORIGIN}/api/questions"
        assert client.post(there, content=body.replace(b"piano", b"ferry"), headers=signed).status_code == 401
        assert client.post(there, content=body, headers=signed).status_code == 201
        assert client.post(there, content=body, headers=signed).status_code == 401


def test_of_twenty_who_send_one_signed_request_at_once_one_passes(node: Services) -> None:
    signed = headers("/api/me")
    with client_of(node) as client, ThreadPoolExecutor(20) as threads:
        codes = sorted(threads.map(lambda _: client.get(ME, headers=signed).status_code, range(20)))
    assert codes == [200] + [401] * 19


def test_a_signed_request_ignores_cookies(node: Services) -> None:
    Artist(node.trust)
    with client_of(node) as client:
        operator_of(client, node)
        sign_in(client, key("bob"))
        told = client.get(ME, auth=ANN).json()
        assert (told["did"], told["operator"]) == (key("ann").did, False)
        assert client.get(ME, headers={"Signature": "presence=:AAAA:"}).status_code == 401


def test_a_signed_document_can_come_in_a_signed_request(node: Services) -> None:
    artist = Artist(node.trust)
    now = artist.now
    grant = issuing.grant(artist.key, root=artist.root, sub=key("bob").did, tier=Tier.CIRCLE, nbf=now, exp=now + 3600)
    with client_of(node) as client:
        assert client.post(f"{ORIGIN}/api/grants", json=grant, auth=ANN).status_code == 201


def test_a_body_without_its_length_is_not_signed(told_node: Services) -> None:
    body = b'{"question": "Where is the piano?"}'
    signed = headers("/api/questions", body, "POST")
    with client_of(told_node) as client:
        pieces = client.post(f"{ORIGIN}/api/questions", content=iter([body]), headers=signed)
        assert pieces.status_code == 413


def test_a_signed_form_is_refused(told_node: Services) -> None:
    with client_of(told_node) as client:
        sent = client.post(f"{ORIGIN}/ask", data={"question": "Where is the piano?"}, auth=ANN)
        assert sent.status_code == 401


def test_a_request_that_is_sent_again_is_signed_again() -> None:
    request = httpx2.Request("POST", ME, content=b"{}")
    first = [next(ANN.sync_auth_flow(request)).headers["Signature"] for _ in range(2)]
    assert first[0] != first[1]


def test_nobody_signs_endlessly(tmp_path: Path) -> None:
    limits = LimitsSettings(signed_requests_per_minute=3)
    with open_node(tmp_path / "home", limits=limits) as node, client_of(node) as client:
        codes = [client.get(ME, auth=ANN).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
