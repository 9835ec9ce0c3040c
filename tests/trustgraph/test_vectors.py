"""Published vectors: signatures (RFC 8032), names of keys, canonical JSON (RFC 8785), and our own cases.

`vectors/accept-cases.json` is CC0 and stands here; the others are read from the folder of shared data.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trustgraph.artist import ArtistKeys
from trustgraph.canonical import canonical
from trustgraph.did import did_of, is_did, key_of
from trustgraph.envelopes import verify
from trustgraph.errors import DocumentRefused
from trustgraph.keys import Key
from trustgraph.replay import Replay

SHARED = Path(__file__).parents[3] / "shared" / "data" / "trust-vectors"
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors" / "accept-cases.json").read_text("utf-8"))[
    "cases"
]

# RFC 8032, section 7.1: seed, public key, message, signature.
TEST_2 = (
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
)


@pytest.fixture
def shared() -> Path:
    if not SHARED.exists():
        pytest.skip("the shared data is not here")
    return SHARED


def signs_and_verifies(seed: str, public: str, message: str, signature: str) -> bool:
    signer, data = Key(bytes.fromhex(seed)), bytes.fromhex(message)
    assert signer.public_key.hex() == public
    assert key_of(did_of(bytes.fromhex(public))).hex() == public
    verify(signer.did, data, bytes.fromhex(signature))
    return signer.sign(data).hex() == signature


def test_the_second_signature_of_rfc_8032_is_made_and_verified_everywhere() -> None:
    assert signs_and_verifies(*TEST_2)


def test_the_five_signatures_of_rfc_8032_are_made_and_verified(shared: Path) -> None:
    cases = json.loads((shared / "rfc8032" / "rfc8032_section7_1.json").read_text())
    assert len(cases) == 5
    for case in cases:
        assert signs_and_verifies(case["seed"], case["public"], case["message"], case["signature"])


def test_a_thousand_known_signatures_are_made_and_verified(shared: Path) -> None:
    lines = (shared / "rfc8032" / "ed25519_sign.input").read_text().split()
    assert len(lines) == 1024
    for line in lines:
        secret, public, message, signed = line.split(":")[:4]
        assert signs_and_verifies(secret[:64], public, message, signed[:128])


def test_a_known_signature_fits_no_other_message(shared: Path) -> None:
    lines = (shared / "rfc8032" / "ed25519_sign.input").read_text().split()[:64]
    for line in lines:
        _, public, message, signed = line.split(":")[:4]
        with pytest.raises(DocumentRefused, match="does not fit"):
            verify(did_of(bytes.fromhex(public)), bytes.fromhex(message) + b"\0", bytes.fromhex(signed[:128]))


def test_published_ed25519_names_are_read_and_written_alike(shared: Path) -> None:
    cases = json.loads((shared / "did-key" / "ed25519-x25519.json").read_text())
    assert len(cases) == 5
    for did, case in cases.items():
        assert did_of(key_of(did)) == did
        assert Key(bytes.fromhex(case["seed"])).did == did


def dids_in(value: Any) -> Iterator[str]:
    """Find every key's name in a vector, with and without the fragment that some documents put behind it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from dids_in(name)
            yield from dids_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from dids_in(inner)
    elif isinstance(value, str) and value.startswith("did:key:"):
        yield value


@pytest.mark.parametrize("file", ["secp256k1.json", "nist-curves.json", "x25519.json"])
def test_published_names_of_other_curves_are_refused(shared: Path, file: str) -> None:
    found = set(dids_in(json.loads((shared / "did-key" / file).read_text())))
    assert found
    for did in found:
        assert not is_did(did)
        with pytest.raises(DocumentRefused) as refused:
            key_of(did)
        assert refused.value.code == "bad_did"


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_json_gets_the_canonical_bytes(shared: Path, name: str) -> None:
    data = shared / "jcs" / "testdata"
    value = json.loads((data / "input" / f"{name}.json").read_text("utf-8"))
    wanted = bytes.fromhex((data / "outhex" / f"{name}.txt").read_text().replace("\n", " "))
    assert canonical(value) == wanted == (data / "output" / f"{name}.json").read_bytes()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case_of_presence_v1_is_judged_with_its_code(case: dict[str, Any]) -> None:
    replay = Replay(ArtistKeys.pinned(case["root"], case["artist"]))
    for known in case["known"]:
        replay.accept(known, "grant", case["now"])
    entries = replay.spine.seq
    code = "ok"
    try:
        replay.accept(case["envelope"], "grant", case["now"])
    except DocumentRefused as error:
        code = f"ERR:{error.code}"
    assert code == case["expect"]
    assert replay.spine.seq == entries + (code == "ok")


def test_the_cases_that_stand_here_are_the_published_ones(shared: Path) -> None:
    assert json.loads((shared / "presence-v1" / "accept-cases.json").read_text())["cases"] == CASES
    assert len(CASES) == 29
