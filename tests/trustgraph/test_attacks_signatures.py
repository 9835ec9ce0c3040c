"""The threat model's rows 1 to 16: forged, altered, relabelled and misshapen documents, each with its code."""

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trustgraph.signing import NOW, Scene, key, seal_bytes, vouch
from trustgraph.canonical import canonical
from trustgraph.envelopes import open_envelope, type_of
from trustgraph.errors import DocumentRefused


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_row_1_who_signs_with_her_own_key_is_not_the_artist(scene: Scene) -> None:
    forged = scene.grant(scene.artist, "mallory", "inner")
    assert scene.refusal("mallory", forged) == "issuer_mismatch"


def test_row_2_the_artists_name_under_another_keys_signature_is_refused(scene: Scene) -> None:
    envelope = key("mallory").seal("grant", scene.grant(scene.artist, "mallory"))
    envelope["signatures"][0]["keyid"] = key(scene.artist).did
    assert scene.verdict(envelope) == "bad_signature"


def test_row_3_nobody_else_is_a_root(scene: Scene) -> None:
    assert scene.refusal("mallory", scene.grant("mallory", "ada", "inner")) == "not_artist"


def test_row_4_a_tier_is_not_raised_after_signing(scene: Scene) -> None:
    payload = scene.grant(scene.artist, "ada", "follower")
    envelope = key(scene.artist).seal("grant", payload)
    envelope["payload"] = base64.b64encode(canonical({**payload, "tier": "inner"})).decode()
    assert scene.verdict(envelope) == "bad_signature"


def test_row_5_another_artists_grant_opens_nothing(scene: Scene) -> None:
    other = Scene("another")
    hers = other.grant(other.artist, "ada", "inner")
    assert other.refusal(other.artist, hers) == "ok"
    assert scene.refusal(other.artist, hers) == "wrong_root"
    assert scene.refusal(other.artist, {**hers, "root": scene.root}) == "not_artist"
    assert scene.tier("ada") == 0


def test_row_6_one_key_with_two_roots_grants_for_each_alone() -> None:
    one, other = Scene(), Scene("other")
    second = one.inception()
    other.replay = type(other.replay)()
    other.replay.accept(key(one.artist).seal("key", second), "key", NOW)
    grant = one.grant(one.artist, "ada")
    assert other.verdict(key(one.artist).seal("grant", grant)) == "wrong_root"
    assert one.refusal(one.artist, grant) == "ok"


def test_row_7_a_grant_ends_at_its_second(scene: Scene) -> None:
    assert scene.refusal(scene.artist, scene.grant(scene.artist, "ben", nbf=NOW - 9, exp=NOW)) == "expired"
    scene.let_in("artist", "ada", exp=NOW + 100)
    scene.now = NOW + 99
    assert scene.tier("ada") == 2
    scene.now = NOW + 100
    assert scene.tier("ada") == 0


@pytest.mark.parametrize(("early", "code"), [(60, "ok"), (61, "not_yet_valid")])
def test_row_8_a_grant_may_begin_sixty_seconds_from_now(scene: Scene, early: int, code: str) -> None:
    assert scene.refusal(scene.artist, scene.grant(scene.artist, "ada", nbf=NOW + early)) == code


def test_row_9_a_login_is_no_grant_and_a_grant_no_login(scene: Scene) -> None:
    login = {"v": 1, "type": "auth", "root": scene.root, "aud": "https://example.org", "iss": key("ada").did}
    signed = key("ada").seal("auth", {**login, "nonce": "n", "iat": NOW})
    grant = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))
    for envelope, other in ((signed, "grant"), (grant, "auth")):
        with pytest.raises(DocumentRefused) as refused:
            open_envelope(envelope, other)
        assert refused.value.code == "wrong_type"
        with pytest.raises(DocumentRefused) as refused:
            open_envelope({**envelope, "payloadType": type_of(other)}, other)
        assert refused.value.code == "bad_signature"


def text_of(scene: Scene) -> str:
    return canonical(scene.grant(scene.artist, "ada", vouch=vouch())).decode()


Change = Callable[[str], str]
MISSHAPEN: dict[str, tuple[Change, str]] = {
    "10 a field twice": (
        lambda t: t.replace('"tier":"supporter",', '"tier":"supporter","tier":"inner",', 1),
        "duplicate_key",
    ),
    "10 a field twice, one escaped": (lambda t: t.replace('{"exp"', '{"\\u0074ier":"inner","exp"', 1), "duplicate_key"),
    "11 a space": (lambda t: t.replace(":", ": ", 1), "not_canonical"),
    "11 a newline at the end": (lambda t: t + "\n", "not_canonical"),
    "11 another order": (
        lambda t: json.dumps(dict(reversed(json.loads(t).items())), separators=(",", ":")),
        "not_canonical",
    ),
    "11 an escaped letter": (lambda t: t.replace("supporter", "suppo\\u0072ter", 1), "not_canonical"),
    "11 an escaped slash": (lambda t: t.replace('"via":"vouch"', '"via":"\\/"', 1), "not_canonical"),
    "11 a number with a zero before": (lambda t: t.replace('"v":1', '"v":01', 1), "bad_json"),
    "11 minus zero": (lambda t: t.replace('"v":1', '"v":-0', 1), "not_canonical"),
    "11 a byte order mark": (lambda t: "\ufeff" + t, "bad_json"),
    "11 something behind": (lambda t: t + "{}", "bad_json"),
    "12 a float": (lambda t: t.replace('"v":1', '"v":1.0', 1), "not_integer"),
    "12 an exponent": (lambda t: t.replace('"v":1', '"v":1e0', 1), "not_integer"),
    "12 NaN": (lambda t: t.replace(f'"nbf":{NOW}', '"nbf":NaN', 1), "not_integer"),
    "12 infinity": (lambda t: t.replace(f'"nbf":{NOW}', '"nbf":-Infinity', 1), "not_integer"),
    "12 a huge float": (lambda t: t.replace(f'"nbf":{NOW}', '"nbf":1e400', 1), "not_integer"),
    "12 true as version": (lambda t: t.replace('"v":1', '"v":true', 1), "bad_version"),
    "12 true as time": (lambda t: t.replace(f'"nbf":{NOW}', '"nbf":true', 1), "wrong_type"),
    "12 text as time": (lambda t: t.replace(f'"nbf":{NOW}', f'"nbf":"{NOW}"', 1), "wrong_type"),
    "12 true as depth": (lambda t: t.replace('"depth":1', '"depth":true', 1), "wrong_type"),
    "13 two to the 53rd": (lambda t: t.replace('"max":3', f'"max":{2**53}', 1), "int_range"),
    "13 minus two to the 53rd": (lambda t: t.replace('"max":3', f'"max":-{2**53}', 1), "int_range"),
    "13 a thousand digits": (lambda t: t.replace('"max":3', '"max":' + "9" * 1000, 1), "int_range"),
    "13 five thousand digits": (lambda t: t.replace('"max":3', '"max":' + "9" * 5000, 1), "too_big"),
    "14 half a character": (lambda t: t.replace("supporter", "\\ud800", 1), "not_canonical"),
    "14 a letter that looks alike": (
        lambda t: t.replace('tier":"supporter","type', 'tier":"suррorter","type', 1),
        "bad_tier",
    ),
    "14 full width": (lambda t: t.replace('tier":"supporter","type', 'tier":"ｓupporter","type', 1), "bad_tier"),
    "14 capitals": (lambda t: t.replace('tier":"supporter","type', 'tier":"Supporter","type', 1), "bad_tier"),
    "14 a space behind": (lambda t: t.replace('tier":"supporter","type', 'tier":"supporter ","type', 1), "bad_tier"),
    "16 nested": (lambda t: t.replace('"v":1', '"v":' + "[" * 600 + "]" * 600, 1), "bad_fields"),
    "16 nested to the limit": (lambda t: "[" * 2000 + "]" * 2000, "bad_fields"),
    "16 too big": (lambda t: t.replace('"via":"vouch"', '"via":"' + "x" * 4096 + '"', 1), "too_big"),
    "16 a list": (lambda t: "[" + t + "]", "bad_fields"),
    "16 one field more": (lambda t: t[:-1] + ',"w":1}', "bad_fields"),
    "16 one field less": (lambda t: t.replace(',"v":1', "", 1), "bad_fields"),
    "16 nothing": (lambda t: "", "bad_json"),
}


@pytest.mark.parametrize("how", MISSHAPEN)
def test_a_misshapen_payload_is_refused_though_it_is_signed(scene: Scene, how: str) -> None:
    change, code = MISSHAPEN[how]
    text = text_of(scene)
    changed = change(text)
    assert changed != text
    assert scene.verdict(seal_bytes(scene.artist, changed.encode())) == code


@pytest.mark.parametrize("data", [b"\xff\xfe", b'{"v":"\xc3"}', b"\xed\xa0\x80"])
def test_row_14_bytes_that_are_no_utf_8_are_refused(scene: Scene, data: bytes) -> None:
    assert scene.verdict(seal_bytes(scene.artist, data)) == "bad_utf8"


@settings(deadline=None, database=None)
@given(st.booleans(), st.integers(0, 4), st.booleans(), st.booleans())
def test_row_11_any_other_way_to_write_the_same_is_refused(order: bool, indent: int, ascii_: bool, gap: bool) -> None:
    scene = Scene()
    payload = scene.grant(scene.artist, "ada")
    names = sorted(payload, reverse=order)
    gaps = (", ", ": ") if gap else (",", ":")
    written_anew = json.dumps(
        {name: payload[name] for name in names}, indent=indent or None, ensure_ascii=ascii_, separators=gaps
    ).encode()
    is_same = written_anew == canonical(payload)
    assert scene.verdict(seal_bytes(scene.artist, written_anew)) == ("ok" if is_same else "not_canonical")


@pytest.mark.parametrize("text", ["\u00e9", "e\u0301"], ids=["NFC", "NFD"])
@pytest.mark.parametrize("field", ["type", "root", "iss", "sub", "tier", "parent", "via", "nonce"])
def test_row_15_no_field_of_a_grant_takes_text_that_has_twins(scene: Scene, field: str, text: str) -> None:
    payload = scene.grant(scene.artist, "ada")
    changed = {**payload, field: (payload[field] or "") + text}
    assert scene.verdict(key(scene.artist).seal("grant", changed)) != "ok"
