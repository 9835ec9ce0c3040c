"""Requests signed by RFC 9421: what is signed, and that nothing else counts."""

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from http_message_signatures import HTTPMessageSigner

from presence.database import Database
from presence.errors import SignatureWrong
from presence.sessions.origins import Origins
from presence.sessions.signed_requests import COMPONENTS, Ed25519, Keys, Message, SignedRequests, sign_request
from presence.write_lane import WriteLane
from tests.databases import open_migrated
from tests.trusting import key
from trustgraph import DocumentRefused, Key
from trustgraph.did import did_of

NOW = 1_800_000_000
ANN = key("ann")
QUESTION = b'{"question": "Where?"}'


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def requests(tmp_path: Path, database_url: str | None, clock: Clock) -> Iterator[SignedRequests]:
    database: Database = open_migrated(database_url, tmp_path / "p.db")
    lane = WriteLane(database.owner)
    yield SignedRequests(lane, Origins("https://ada.example", 8765), clock)
    lane.close()
    database.close()


def message(url: str = "https://ada.example/api/questions?a=1", method: str = "POST") -> Message:
    return Message(method, url, {"Host": "ada.example"})


def signed(body: bytes = QUESTION, *, by: Key = ANN, now: int = NOW, **of: str) -> Message:
    made = message(**of)
    sign_request(made, body, by, now=now)
    return made


def loose(body: bytes | None = QUESTION, **how: Any) -> Message:
    """Sign as somebody would who leaves something out."""
    made = message()
    parameters: dict[str, Any] = {
        "key_id": ANN.did,
        "created": _time(NOW),
        "nonce": "n" * 22,
        "tag": "presence",
        "include_alg": False,
        "covered_component_ids": COMPONENTS,
        **how,
    }
    signer = HTTPMessageSigner(signature_algorithm=Ed25519, key_resolver=AnyKey())
    signer.sign(made, body=body, **parameters)
    return made


class AnyKey(Keys):
    def resolve_private_key(self, key_id: str) -> Key:
        return ANN


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_a_published_vector_is_verified_and_made_again_byte_by_byte() -> None:  # RFC 9421, B.2.6
    pkcs8 = base64.b64decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF")
    rfc_key = Key(pkcs8[-32:])
    headers = {
        "Host": "example.com",
        "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "Content-Type": "application/json",
        "Content-Length": "18",
    }
    request = Message("POST", "https://example.com/foo?param=Value&Pet=dog", headers)
    components = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    signer = HTTPMessageSigner(signature_algorithm=Ed25519)
    prepared = signer.prepare(
        request,
        key_id="test-key-ed25519",
        created=_time(1618884473),
        include_alg=False,
        covered_component_ids=components,
    )
    published = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert prepared.signature_params.endswith(';created=1618884473;keyid="test-key-ed25519"')
    assert base64.b64encode(rfc_key.sign(prepared.signature_base)).decode() == published
    public = did_of(base64.b64decode("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")[-32:])
    Ed25519(public_key=public).verify(base64.b64decode(published), prepared.signature_base)
    with pytest.raises(DocumentRefused):
        Ed25519(public_key=public).verify(base64.b64decode(published), prepared.signature_base + b" ")


@pytest.mark.parametrize("body", [b"", QUESTION])
def test_who_signed_is_known_by_her_key(requests: SignedRequests, body: bytes) -> None:
    assert requests.signer_of(signed(body), body) == ANN.did


@pytest.mark.parametrize(
    "other",
    [
        {"method": "DELETE"},
        {"url": "https://ada.example/api/questions?a=2"},
        {"url": "https://ada.example/api/questions"},
        {"url": "https://ada.example/api/questions/?a=1"},
        {"url": "https://ada.example:8765/api/questions?a=1"},
    ],
)
def test_a_signature_is_for_one_method_place_and_query(requests: SignedRequests, other: dict[str, str]) -> None:
    sent = message(**other)
    sent.headers.update(signed().headers)
    with pytest.raises(SignatureWrong):
        requests.signer_of(sent, QUESTION)


@pytest.mark.parametrize("body", [b"", QUESTION + b" ", b'{"question": "Who?"}'])
def test_another_body_is_refused(requests: SignedRequests, body: bytes) -> None:
    with pytest.raises(SignatureWrong):
        requests.signer_of(signed(), body)


def test_a_body_without_a_signed_digest_is_refused(requests: SignedRequests) -> None:
    with pytest.raises(SignatureWrong):
        requests.signer_of(signed(b""), QUESTION)
    digested = signed(b"")
    digested.headers["Content-Digest"] = signed().headers["Content-Digest"]
    with pytest.raises(SignatureWrong):
        requests.signer_of(digested, QUESTION)


@pytest.mark.parametrize("place", ["evil.example", "localhost", "ada.example:8765", "ADA.example.evil"])
def test_what_is_signed_for_another_place_is_refused(requests: SignedRequests, place: str) -> None:
    with pytest.raises(SignatureWrong):
        requests.signer_of(signed(b"", url=f"https://{place}/"), b"")


def test_our_addresses_on_this_machine_are_ours(requests: SignedRequests) -> None:
    assert requests.signer_of(signed(b"", url="http://localhost:8765/"), b"") == ANN.did
    assert requests.signer_of(signed(b"", url="https://ADA.example:443/"), b"") == ANN.did


@pytest.mark.parametrize("late", [-61, 61, 3600])
def test_what_was_not_signed_within_a_minute_is_refused(requests: SignedRequests, late: int) -> None:
    with pytest.raises(SignatureWrong, match="clock"):
        requests.signer_of(signed(now=NOW - late), QUESTION)


def test_a_request_passes_once(requests: SignedRequests, clock: Clock) -> None:
    sent = signed()
    requests.signer_of(sent, QUESTION)
    for wait in (0, 30, 29):
        clock.now += wait
        with pytest.raises(SignatureWrong, match="came before"):
            requests.signer_of(sent, QUESTION)


def test_a_nonce_is_kept_as_long_as_its_request_could_come_again(requests: SignedRequests, clock: Clock) -> None:
    sent = signed(now=NOW + 60)
    requests.signer_of(sent, QUESTION)
    clock.now += 120
    with pytest.raises(SignatureWrong, match="came before"):
        requests.signer_of(sent, QUESTION)
    clock.now += 61
    with pytest.raises(SignatureWrong, match="clock"):
        requests.signer_of(sent, QUESTION)


def test_of_twenty_who_send_one_request_at_once_one_passes(requests: SignedRequests) -> None:
    sent = signed()

    def passes(_: int) -> bool:
        try:
            requests.signer_of(sent, QUESTION)
        except SignatureWrong:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(passes, range(20))) == 1


def test_a_nonce_belongs_to_its_key(requests: SignedRequests) -> None:
    requests.signer_of(loose(), QUESTION)
    made = message()
    HTTPMessageSigner(signature_algorithm=Ed25519, key_resolver=Keys(key("bob"))).sign(
        made,
        key_id=key("bob").did,
        created=_time(NOW),
        nonce="n" * 22,
        tag="presence",
        covered_component_ids=COMPONENTS,
        body=QUESTION,
    )
    assert requests.signer_of(made, QUESTION) == key("bob").did


def test_ed25519_may_be_named(requests: SignedRequests) -> None:
    assert requests.signer_of(loose(include_alg=True), QUESTION) == ANN.did


@pytest.mark.parametrize(
    "how",
    [
        {"tag": None},
        {"tag": "another"},
        {"nonce": None},
        {"nonce": "short"},
        {"nonce": "n" * 129},
        {"key_id": "did:key:z6Mk"},
        {"key_id": "test-key-ed25519"},
        {"key_id": key("bob").did},
        {"expires": _time(NOW + 10)},
        *({"covered_component_ids": [name for name in COMPONENTS if name != missing]} for missing in COMPONENTS),
    ],
    ids=str,
)
def test_what_leaves_something_out_is_refused(requests: SignedRequests, how: dict[str, Any]) -> None:
    with pytest.raises(SignatureWrong):
        requests.signer_of(loose(**how), QUESTION)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("Signature-Input", ";created", ';alg="hmac-sha256";created'),
        ("Signature-Input", ";created", ";later;created"),
        ("Signature-Input", f";created={NOW}", ""),
        ("Signature-Input", f"={NOW}", f'="{NOW}"'),
        ("Signature-Input", "presence=", "other="),
        ("Signature-Input", "presence=(", "presence=(("),
        ("Signature", "presence=:", "presence=:AAAA"),
        ("Signature", "presence=:", 'presence=":'),
    ],
)
def test_a_header_that_was_touched_is_refused(requests: SignedRequests, name: str, old: str, new: str) -> None:
    sent = signed()
    assert old in sent.headers[name]
    sent.headers[name] = sent.headers[name].replace(old, new, 1)
    with pytest.raises(SignatureWrong):
        requests.signer_of(sent, QUESTION)


@pytest.mark.parametrize("name", ["Signature", "Signature-Input"])
def test_half_a_signature_is_refused(requests: SignedRequests, name: str) -> None:
    sent = signed()
    del sent.headers[name]
    with pytest.raises(SignatureWrong):
        requests.signer_of(sent, QUESTION)


def test_a_second_signature_is_refused(requests: SignedRequests) -> None:
    sent = signed()
    signer = HTTPMessageSigner(signature_algorithm=Ed25519, key_resolver=Keys(key("bob")))
    signer.sign(sent, key_id=key("bob").did, label="more", append_if_signature_exists=True, use_existing_digest=True)
    with pytest.raises(SignatureWrong):
        requests.signer_of(sent, QUESTION)
