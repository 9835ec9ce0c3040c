"""The threat model's rows 22 to 32 and 34 to 37: who lets in whom, how deep, how many, and who takes it back."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trustgraph.oracle import Oracle
from tests.trustgraph.signing import NOW, YEAR, Scene, key, payload_of, vouch
from trustgraph.errors import DocumentRefused

END = NOW + YEAR


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def parent(scene: Scene) -> str:
    """Ada's grant: circle; two levels, three people, supporter."""
    return scene.let_in("artist", "ada", "circle", vouch=vouch(2, 3, "supporter"))


WIDER: dict[str, tuple[dict[str, Any], str]] = {
    "22 above the ceiling": ({"tier": "circle"}, "tier_widened"),
    "22 inner by vouch": ({"tier": "inner"}, "tier_widened"),
    "23 outlives the parent": ({"exp": END + 1}, "time_widened"),
    "23 begins before the parent": ({"nbf": NOW - 1}, "time_widened"),
    "24 as deep as the parent": ({"vouch": vouch(2, 3)}, "vouch_widened"),
    "24 more people than the parent": ({"vouch": vouch(1, 4)}, "vouch_widened"),
    "24 a ceiling above the own tier": ({"vouch": vouch(1, 3, "circle")}, "bad_vouch"),
    "24 a ceiling above the parent's": ({"tier": "inner", "vouch": vouch(1, 3, "circle")}, "tier_widened"),
    "24 no depth": ({"vouch": vouch(0)}, "bad_vouch"),
    "24 too deep for anybody": ({"vouch": vouch(4)}, "bad_vouch"),
    "24 nobody at all": ({"vouch": vouch(1, 0)}, "bad_vouch"),
    "as wide as it may be": ({"vouch": vouch(1, 3), "nbf": NOW, "exp": END}, "ok"),
}


@pytest.mark.parametrize("how", WIDER)
def test_nobody_hands_on_more_than_she_has(scene: Scene, parent: str, how: str) -> None:
    more, code = WIDER[how]
    assert scene.refusal("ada", scene.grant("ada", "ben", parent=parent) | more) == code


def test_row_25_nobody_introduces_past_the_depth(scene: Scene, parent: str) -> None:
    bens = scene.let_in("ada", "ben", parent=parent, vouch=vouch(1, 3))
    cleos = scene.let_in("ben", "cleo", parent=bens)
    assert scene.refusal("cleo", scene.grant("cleo", "dora", parent=cleos)) == "may_not_vouch"


def test_row_26_nobody_introduces_under_the_right_of_somebody_else(scene: Scene, parent: str) -> None:
    scene.let_in("artist", "ben")
    assert scene.refusal("ben", scene.grant("ben", "cleo", parent=parent)) == "issuer_not_parent_subject"


def test_row_27_what_names_an_unknown_parent_is_refused_and_not_kept(scene: Scene) -> None:
    other = Scene()
    hers = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada", vouch=vouch()))
    ident = other.replay.accept(hers, "grant", NOW).event
    child = scene.grant("ada", "ben", parent=ident)
    assert scene.refusal("ada", child) == "unknown_parent"
    scene.replay.accept(hers, "grant", NOW)
    assert scene.tier("ben") == 0
    assert scene.refusal("ada", child) == "ok"


def test_row_27_a_revocation_is_nobodys_parent(scene: Scene) -> None:
    ended = scene.take_back(scene.artist, scene.let_in("artist", "ada")).event
    assert scene.refusal("ada", scene.grant("ada", "ben", parent=ended)) == "unknown_parent"


def test_row_28_nobody_lets_herself_in(scene: Scene, parent: str) -> None:
    assert scene.refusal("ada", scene.grant("ada", "ada", parent=parent)) == "self_grant"


def test_row_28_no_chain_comes_back_to_the_same_person(scene: Scene, parent: str) -> None:
    bens = scene.let_in("ada", "ben", parent=parent, vouch=vouch(1, 3))
    assert scene.refusal("ben", scene.grant("ben", "ada", parent=bens)) == "cycle"


def test_row_28_renewals_make_no_circle_either(scene: Scene) -> None:
    """Cleo, who let Dora in, is renewed by Ada under a grant that Ada has from Dora."""
    adas = scene.let_in("artist", "ada", vouch=vouch(3))
    doras = scene.let_in("artist", "dora", "follower", vouch=vouch(3, 3, "follower"))
    cleos = scene.let_in("ada", "cleo", parent=adas, vouch=vouch(2))
    by_cleo = scene.let_in("cleo", "dora", parent=cleos)
    assert scene.trust("dora").grant == by_cleo
    second = scene.let_in("dora", "ada", "follower", parent=doras, vouch=vouch(2, 3, "follower"))
    scene.let_in("ada", "cleo", "follower", parent=second, vouch=vouch(1, 3, "follower"))
    assert scene.trust("dora").grant == doras
    assert scene.tier("cleo") == 1


def test_row_30_of_many_at_once_exactly_as_many_get_in_as_may(scene: Scene, parent: str) -> None:
    """One writer; in which order they come is for chance to say."""
    lane = Lock()
    sealed = [key("ada").seal("grant", scene.grant("ada", f"friend {n}", parent=parent)) for n in range(16)]

    def let_in(envelope: dict[str, Any]) -> str:
        with lane:
            return scene.verdict(envelope)

    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(let_in, sealed))
    assert sorted(verdicts) == ["ok"] * 3 + ["quota_exceeded"] * 13
    assert sum(scene.tier(f"friend {n}") > 0 for n in range(16)) == 3


def test_row_31_taking_back_returns_no_place(scene: Scene, parent: str) -> None:
    for n in range(3):
        scene.take_back("ada", scene.let_in("ada", f"friend {n}", parent=parent))
    assert scene.refusal("ada", scene.grant("ada", "one more", parent=parent)) == "quota_exceeded"
    assert scene.refusal("ada", scene.grant("ada", "friend 1", parent=parent)) == "ok"


def test_row_31_a_renewed_right_goes_on_counting_and_more_room_is_said_by_the_renewal(
    scene: Scene, parent: str
) -> None:
    for n in range(3):
        scene.let_in("ada", f"friend {n}", parent=parent)
    renewed = scene.let_in("artist", "ada", "circle", vouch=vouch(2, 3))
    assert scene.refusal("ada", scene.grant("ada", "one more", parent=renewed)) == "quota_exceeded"
    wider = scene.let_in("artist", "ada", "circle", vouch=vouch(2, 4))
    assert scene.refusal("ada", scene.grant("ada", "one more", parent=wider)) == "ok"
    assert scene.refusal("ada", scene.grant("ada", "and one more", parent=wider)) == "quota_exceeded"


def oracle_of(scene: Scene) -> Oracle:
    oracle = Oracle()
    for entry in scene.replay.store:
        oracle.add(entry.kind, json.loads(payload_of(json.loads(entry.envelope))), entry.received_at)
    return oracle


@settings(max_examples=4, deadline=None, database=None)
@given(depth=st.integers(1, 3), most=st.integers(1, 3), chance=st.randoms(use_true_random=False))
def test_row_32_a_ring_of_false_names_stays_within_its_reach(depth: int, most: int, chance: random.Random) -> None:
    """A hundred keys vouch for each other, as far as each is let: none is above the ceiling, and so many get in."""
    scene, names = Scene(), [f"sybil {n}" for n in range(100)]
    held = {names[0]: [(scene.let_in("artist", names[0], "circle", vouch=vouch(depth, most)), depth)]}
    codes: set[str] = set()
    for _ in range(300):
        iss, sub = chance.choice(sorted(held)), chance.choice(names)
        ident, left = chance.choice(held[iss])
        right = vouch(left - 1, most) if left > 1 else None
        try:
            entry = scene.say(iss, scene.grant(iss, sub, parent=ident, vouch=right))
        except DocumentRefused as refused:
            codes.add(refused.code)
        else:
            held.setdefault(sub, []).append((entry.event, left - 1))
    assert codes <= {"quota_exceeded", "cycle", "self_grant", "may_not_vouch", "parent_not_live"}
    oracle = oracle_of(scene)
    assert [scene.tier(name) for name in names] == oracle.tiers([key(name).did for name in names], NOW)
    inside = [scene.tier(name) for name in names[1:] if scene.tier(name)]
    assert len(inside) <= sum(most**level for level in range(1, depth + 1))
    assert not inside or max(inside) <= 2


def test_row_34_all_below_fall_at_once(scene: Scene, parent: str) -> None:
    bens = scene.let_in("ada", "ben", parent=parent, vouch=vouch(1, 3))
    scene.let_in("ben", "cleo", "follower", parent=bens)
    assert [scene.tier(name) for name in ("ada", "ben", "cleo")] == [3, 2, 1]
    scene.take_back(scene.artist, parent)
    assert [scene.tier(name) for name in ("ada", "ben", "cleo")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("signer", "code"),
    [("stranger", "may_not_revoke"), ("cleo", "may_not_revoke"), ("ben", "ok"), ("ada", "ok"), ("artist 0", "ok")],
)
def test_row_35_only_its_subject_and_those_above_take_a_grant_back(
    scene: Scene, parent: str, signer: str, code: str
) -> None:
    bens = scene.let_in("ada", "ben", parent=parent, vouch=vouch(1, 3))
    scene.let_in("ben", "cleo", parent=bens)
    assert scene.refusal(signer, scene.revocation(signer, bens)) == code
    assert scene.tier("ben") == (0 if code == "ok" else 2)


@pytest.mark.parametrize("signer", ["stranger", "ben"])
def test_row_35_neither_a_stranger_nor_a_child_takes_the_parent_back_or_blocks(
    scene: Scene, parent: str, signer: str
) -> None:
    scene.let_in("ada", "ben", parent=parent)
    assert scene.refusal(signer, scene.revocation(signer, parent)) == "may_not_revoke"
    assert scene.refusal(signer, scene.revocation(signer, key("ada").did)) == "may_not_revoke"
    assert scene.tier("ada") == 3


def test_row_36_what_was_taken_back_stays_so_when_it_comes_again(scene: Scene) -> None:
    envelope = key(scene.artist).seal("grant", scene.grant(scene.artist, "ada"))
    ident = scene.replay.accept(envelope, "grant", NOW).event
    scene.take_back(scene.artist, ident)
    entries = scene.replay.spine.seq
    assert scene.replay.accept(envelope, "grant", NOW).event == ident
    assert scene.replay.spine.seq == entries
    assert scene.tier("ada") == 0


def test_row_36_taking_the_newest_back_opens_no_older_one(scene: Scene) -> None:
    scene.let_in("artist", "ada", "inner")
    scene.take_back(scene.artist, scene.let_in("artist", "ada", "follower"))
    assert scene.tier("ada") == 0


def test_row_37_who_is_blocked_stays_so_whatever_she_is_given(scene: Scene, parent: str) -> None:
    scene.let_in("ada", "ben", parent=parent)
    scene.block(scene.artist, "ada")
    assert scene.refusal(scene.artist, scene.grant(scene.artist, "ada")) == "blocked"
    assert scene.refusal("ada", scene.grant("ada", "cleo", parent=parent)) != "ok"
    assert [scene.tier(name) for name in ("ada", "ben", "cleo")] == [0, 0, 0]
    assert scene.tier("ada's new key") == 0


def test_row_37_who_lost_a_key_blocks_it_herself(scene: Scene, parent: str) -> None:
    scene.block("ada", "ada")
    assert scene.tier("ada") == 0
