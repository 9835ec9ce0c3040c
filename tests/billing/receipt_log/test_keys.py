"""Keys of notes: their ids and their text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.receipt_log import COSIGNATURE, LogProofWrong, VerifierKey, key_id, read_verifier_key, write_verifier_key
from tests.billing.receipt_log import vectors

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        (vectors.PETER, "PeterNeumann", 1),
        (vectors.ENOCH, "EnochRoot", 1),
        (vectors.GO_SUM_KEY, "sum.golang.org", 1),
        (vectors.EXAMPLE_KEY, "example.com/foo", 1),
        (vectors.ARCHE_KEY, "arche2025h1.staging.ct.transparency.dev", 1),
        (vectors.PLUS_IN_BASE64_KEY, "TEST", 1),
        (vectors.REMORA_KEY, "remora.n621.de", 4),
        (vectors.LITTLE_GARDEN_KEY, "transparency.dev/DEV:witness-little-garden", 4),
    ],
)
def test_published_keys_are_read_and_written(text: str, name: str, kind: int) -> None:
    key = read_verifier_key(text)
    assert (key.name, key.kind) == (name, kind)
    assert len(key.public_key) == 32
    assert write_verifier_key(key) == text
    assert key_id(name, key.public_key, kind).hex() == text.split("+")[1]


def test_the_id_is_of_name_key_and_kind_together() -> None:
    ids = {key_id("a", KEY), key_id("b", KEY), key_id("a", KEY[::-1]), key_id("a", KEY, COSIGNATURE)}
    assert len(ids) == 4
    assert all(len(ident) == 4 for ident in ids)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is its name"),
        ("PeterNeumann", "is its name"),
        (vectors.PETER.replace("c74f20a3", "C74F20A3"), "is its name"),
        (vectors.PETER.replace("c74f20a3", "c74f20a"), "is its name"),
        (vectors.PETER + "\n", "is its name"),
        (" " + vectors.PETER, "neither empty"),
        (vectors.PETER.replace("c74f20a3", "c74f20a4"), "not that of its name"),
        (vectors.PETER.replace("Peter", "Pater"), "not that of its name"),
        (vectors.PETER.replace("ARpc", "ARpd"), "not that of its name"),
        (vectors.PETER.replace("ARpc", "AhpD"), "kind of key"),
        (vectors.PETER.replace("ARpc", "A!pc"), "in base64"),
        (vectors.PETER.replace("Rp", "ä"), "in base64"),
        (vectors.PLUS_IN_BASE64_KEY[:-1] + "7", "not that of its name"),
        ("a+00000000+AR==", "one form"),
        ("a+00000000+AQ==", "does not have 32 bytes"),
        ("a\x00+00000000+AQ==", "neither empty"),
        ("\ud800+00000000+AQ==", "is not text"),
    ],
)
def test_what_is_no_key_is_refused_with_a_sentence(text: str, why: str) -> None:
    with pytest.raises(LogProofWrong, match=why) as refusal:
        read_verifier_key(text)
    assert refusal.value.sentence == str(refusal.value)
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize("name", ["", "a b", "a\u00a0b", "a\u2003b", "a+b", "a\nb", "a\tb", "a\x01b", "\udcff"])
def test_a_name_that_cannot_stand_in_a_line_is_refused(name: str) -> None:
    with pytest.raises(LogProofWrong, match="The name of a key"):
        key_id(name, KEY)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_has_32_bytes(length: int) -> None:
    with pytest.raises(LogProofWrong, match="32 bytes"):
        key_id("a", bytes(length))


@pytest.mark.parametrize("kind", [0, 2, 5, 6, 255, 256])
def test_other_kinds_are_not_written(kind: int) -> None:
    with pytest.raises(LogProofWrong, match="kind of key"):
        write_verifier_key(VerifierKey("a", KEY, kind))


@given(st.text() | st.from_regex(r"\A[a-z]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\Z"))
def test_strange_text_is_refused_with_no_other_error(text: str) -> None:
    with pytest.raises(LogProofWrong):
        read_verifier_key(text)


@given(st.text(st.characters(min_codepoint=33, exclude_categories=["Z", "C"], exclude_characters="+"), min_size=1),
       st.binary(min_size=32, max_size=32), st.sampled_from([1, 4]))  # fmt: skip
def test_every_key_is_read_as_it_was_written(name: str, public_key: bytes, kind: int) -> None:
    key = VerifierKey(name, public_key, kind)
    assert read_verifier_key(write_verifier_key(key)) == key
