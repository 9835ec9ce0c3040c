"""The threat model's rows 17 to 21: weak keys, second signatures, misshapen envelopes and names."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.trustgraph.curve import BASE, L, add, encode, small_encodings, times, torsion, written
from tests.trustgraph.signing import NOW, YEAR, Envelope, Scene, key, payload_of
from trustgraph.did import did_of
from trustgraph.envelopes import ident_of


@pytest.fixture
def scene() -> Scene:
    return Scene()


WEAK = {
    **{f"small order {way.hex()[:8]} {way.hex()[-2:]}": way for way in small_encodings()},
    "mixed order": encode(add(times(5, BASE), torsion()[1])),
    "not canonical": written(2**255 - 19 + 3, 0),
}


@pytest.mark.parametrize("how", WEAK)
def test_row_17_a_weak_key_is_let_in_nowhere(scene: Scene, how: str) -> None:
    weak = did_of(WEAK[how])
    assert scene.refusal(scene.artist, scene.grant(scene.artist, "ada") | {"sub": weak}) == "weak_key"
    assert scene.refusal(scene.artist, scene.delegate(scene.artist, "ada") | {"sub": weak}) == "weak_key"
    envelope = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))
    envelope["signatures"][0]["keyid"] = weak
    assert scene.verdict(envelope) == "weak_key"


def test_row_18_a_second_signature_of_the_same_is_refused_and_makes_no_second_id(scene: Scene) -> None:
    envelope = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))
    good = base64.b64decode(envelope["signatures"][0]["sig"])
    s = (int.from_bytes(good[32:], "little") + L).to_bytes(32, "little")
    twin: Envelope = json.loads(json.dumps(envelope))
    twin["signatures"][0]["sig"] = base64.b64encode(good[:32] + s).decode()
    assert scene.verdict(twin) == "bad_signature"
    assert ident_of(payload_of(twin)) == scene.replay.accept(envelope, "grant", NOW).event


@pytest.mark.parametrize("size", [0, 1, 32, 63, 65, 96, 128])
def test_row_19_a_signature_of_another_length_is_refused_with_its_code(scene: Scene, size: int) -> None:
    envelope = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))
    envelope["signatures"][0]["sig"] = base64.b64encode(bytes(size)).decode()
    assert scene.verdict(envelope) == "bad_signature"


def _signature(envelope: Envelope) -> Any:
    return envelope["signatures"][0]


ENVELOPES: dict[str, tuple[Callable[[Envelope], Any], str]] = {
    "two signatures": (lambda e: {**e, "signatures": e["signatures"] * 2}, "bad_envelope"),
    "no signature": (lambda e: {**e, "signatures": []}, "bad_envelope"),
    "one field more": (lambda e: {**e, "more": 1}, "bad_envelope"),
    "one field less": (lambda e: {"payload": e["payload"]}, "bad_envelope"),
    "a number for the payload": (lambda e: {**e, "payload": 1}, "bad_envelope"),
    "a list": (lambda e: [e], "bad_envelope"),
    "no JSON": (lambda e: b"{", "bad_envelope"),
    "a field twice": (lambda e: json.dumps(e)[:-1] + ',"payload":""}', "bad_envelope"),
    "nested without end": (lambda e: b"[" * 8000, "bad_envelope"),
    "larger than any envelope": (lambda e: b" " * 9000 + json.dumps(e).encode(), "too_big"),
    "a newline in the base64": (lambda e: {**e, "payload": e["payload"][:76] + "\n" + e["payload"][76:]}, "bad_base64"),
    "the padding is missing": (lambda e: {**e, "signatures": [{**_signature(e), "sig": "QQ"}]}, "bad_base64"),
    "bits under the padding": (lambda e: {**e, "signatures": [{**_signature(e), "sig": "QR=="}]}, "bad_base64"),
    "base64 of addresses": (lambda e: {**e, "payload": "-_-_"}, "bad_base64"),
    "letters that are no base64": (lambda e: {**e, "payload": "ééé="}, "bad_base64"),
}


@pytest.mark.parametrize("how", ENVELOPES)
def test_row_20_an_envelope_of_another_form_is_refused(scene: Scene, how: str) -> None:
    change, code = ENVELOPES[how]
    envelope = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))
    assert scene.verdict(change(envelope)) == code


BAD_DIDS = {
    "a fragment": key("ada").did + "#" + key("ada").did[8:],
    "a newline": key("ada").did + "\n",
    "X25519": "did:key:z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F",
    "secp256k1": "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
    "P-256": "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv",
    "did:web": "did:web:example.org",
    "one letter less": key("ada").did[:-1],
    "a letter that base58 has not": key("ada").did[:-1] + "0",
    "capitals": key("ada").did.upper(),
    "nothing": "",
}


@pytest.mark.parametrize("how", BAD_DIDS)
def test_row_21_a_name_that_is_not_exactly_a_key_is_refused(scene: Scene, how: str) -> None:
    payload = scene.grant(scene.artist, "ada", exp=NOW + YEAR)
    assert scene.refusal(scene.artist, {**payload, "sub": BAD_DIDS[how]}) == "bad_did"
    envelope = key(scene.artist).seal("grant", payload)
    envelope["signatures"][0]["keyid"] = BAD_DIDS[how]
    assert scene.verdict(envelope) == "bad_did"
