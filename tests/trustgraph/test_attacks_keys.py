"""The threat model's rows 29 and 39 to 43: long chains, floods, clocks, and stolen keys."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.trustgraph.signing import DAY, NOW, YEAR, Scene, key, vouch
from trustgraph.documents import Grant, read
from trustgraph.entries import Entry
from trustgraph.replay import Replay
from trustgraph.store import MemoryStore

KEEPERS = ("keeper 1", "keeper 2", "keeper 3")


class CountingStore(MemoryStore):
    """Counts the look-ups."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_up: Counter[str] = Counter()

    def by_event(self, ident: str) -> Entry | None:
        self.looked_up["parent"] += 1
        return super().by_event(ident)

    def live(self, sub: str, now: int, most: int) -> Iterator[Entry]:
        found = list(super().live(sub, now, most))
        self.looked_up["grant"] += len(found)
        return iter(found)


@pytest.fixture
def scene() -> Scene:
    return Scene(recovery=KEEPERS, store=CountingStore())


def placed(replay: Replay, envelope: dict[str, Any]) -> str:
    """Put a grant into the log without judging it, as somebody who writes to the database could."""
    document, opened = read(envelope, "grant")
    assert isinstance(document, Grant)
    seq, pair = replay.spine.seq + 1, f"{document.iss}>{document.sub}"
    place: dict[str, Any] = {
        "ordinal": 1,
        "about": None,
        "pair": pair,
        "slots": document.parent,
        "prev": replay.spine.head,
    }
    entry = Entry(
        seq=seq, kind="grant", event=opened.ident, envelope=opened.envelope, received_at=replay.spine.newest_at,
        sub=document.sub, tier=int(document.tier), exp=document.exp, **place,
    )  # fmt: skip
    replay.spine.extend(entry)
    replay.store.put(entry)
    return opened.ident


def test_row_29_a_chain_of_a_thousand_in_the_store_is_left_after_four_steps(scene: Scene) -> None:
    parent: str | None = scene.let_in("artist", "link 0", "circle", vouch=vouch(3))
    for n in range(1, 1000):
        grant = scene.grant(f"link {n - 1}", f"link {n}", parent=parent, vouch=vouch(3))
        parent = placed(scene.replay, key(f"link {n - 1}").seal("grant", grant))
    assert isinstance(scene.replay.store, CountingStore)
    scene.replay.store.looked_up.clear()
    assert scene.tier("link 999") == 0
    assert scene.replay.store.looked_up["parent"] <= 4


def test_row_29_four_grants_from_the_artist_is_as_far_as_it_goes(scene: Scene) -> None:
    parent = scene.let_in("artist", "link 0", "circle", vouch=vouch(3))
    for n, right in enumerate((vouch(2), vouch(1), None), start=1):
        parent = scene.let_in(f"link {n - 1}", f"link {n}", parent=parent, vouch=right)
    assert scene.tier("link 3") == 2
    assert scene.refusal("link 3", scene.grant("link 3", "link 4", parent=parent)) == "may_not_vouch"


def test_row_29_a_delegate_above_four_grants_is_not_counted(scene: Scene) -> None:
    till = scene.delegated("till")
    parent = scene.let_in("till", "link 0", parent=till, vouch=vouch(1, 10, "follower"))
    scene.let_in("link 0", "link 1", "follower", parent=parent)
    assert scene.tier("link 1") == 1


def test_row_39_a_clock_set_back_opens_nothing_until_it_is_right(scene: Scene) -> None:
    scene.let_in("artist", "ada")
    scene.now = NOW - 60
    assert scene.tier("ada") == 2
    for back in (61, DAY):
        scene.now = NOW - back
        assert scene.tier("ada") == 0
        assert scene.refusal(scene.artist, scene.grant(scene.artist, "ben", now=scene.now)) == "clock_behind"
    scene.now = NOW
    assert scene.tier("ada") == 2


def test_row_39_what_is_accepted_while_the_clock_is_a_little_behind_replays_the_same(scene: Scene) -> None:
    scene.let_in("artist", "ada")
    scene.now = NOW - 50
    scene.let_in("artist", "ben")
    scene.take_back(scene.artist, key("ada").did)
    other = Replay()
    for entry in scene.replay.store:
        other.accept(entry.envelope, entry.kind, entry.received_at)
    assert other.spine.head == scene.replay.spine.head


def test_row_40_of_a_thousand_grants_to_one_at_most_sixteen_of_each_tier_are_looked_at(scene: Scene) -> None:
    for n in range(1000):
        grant = scene.grant(f"link {n}", "ada", parent="sha256:" + "0" * 64)
        placed(scene.replay, key(f"link {n}").seal("grant", grant))
    scene.let_in("artist", "ada", "follower")
    assert isinstance(scene.replay.store, CountingStore)
    scene.replay.store.looked_up.clear()
    assert scene.tier("ada") == 1
    assert scene.replay.store.looked_up["grant"] <= 17
    assert scene.replay.store.looked_up["parent"] <= 16


def test_row_41_a_stolen_present_key_does_not_rotate(scene: Scene) -> None:
    theirs = scene.rotation("mallory", "mallory's next", scene.now)
    assert scene.refusal("mallory", theirs) == "not_committed"
    assert scene.refusal(scene.artist, {**theirs, "key": key(scene.artist).did}) == "not_committed"
    assert scene.refusal(scene.artist, theirs) == "issuer_mismatch"


def test_row_41_a_stolen_key_that_was_followed_says_nothing_more(scene: Scene) -> None:
    stolen, adas = scene.artist, scene.let_in("artist", "ada")
    scene.rotate("artist 1", "artist 2")
    assert scene.tier("ada") == 2
    assert scene.refusal(stolen, scene.grant(stolen, "mallory", "inner")) == "not_artist"
    assert scene.refusal(stolen, scene.delegate(stolen, "mallory")) == "not_artist"
    for target in (adas, key("ada").did, key("artist 1").did):
        assert scene.refusal(stolen, scene.revocation(stolen, target)) == "may_not_revoke"
    assert scene.refusal("artist 1", scene.revocation("artist 1", key(stolen).did)) == "may_not_revoke"
    assert scene.refusal("artist 1", scene.delegate("artist 1", stolen)) == "bad_role"


def test_row_42_a_theft_is_cut_off_by_the_place_in_the_log_not_by_its_dates(scene: Scene) -> None:
    scene.let_in("artist", "ada")
    theft = scene.let_in("artist", "mallory", "inner", nbf=NOW - 300 * DAY, vouch=vouch(2))
    scene.let_in("mallory", "sybil", parent=theft, nbf=NOW - 200 * DAY)
    scene.delegated("stolen till", nbf=NOW - 100 * DAY)
    assert [scene.tier(name) for name in ("ada", "mallory", "sybil")] == [2, 4, 2]
    scene.rotate("artist 1", "artist 2", "compromise", from_seq=3)
    assert [scene.tier(name) for name in ("ada", "mallory", "sybil")] == [2, 0, 0]
    assert scene.refusal("mallory", scene.grant("mallory", "more", parent=theft)) == "parent_not_live"
    scene.let_in("artist", "mallory", "follower")
    assert [scene.tier(name) for name in ("mallory", "sybil")] == [1, 0]


def test_row_42_what_the_thief_took_back_stays_taken_back(scene: Scene) -> None:
    adas = scene.let_in("artist", "ada")
    scene.take_back(scene.artist, adas)
    scene.block(scene.artist, "ben")
    scene.rotate("artist 1", "artist 2", "compromise", from_seq=3)
    assert scene.tier("ada") == 0
    assert scene.refusal("artist 1", scene.grant("artist 1", "ben")) == "blocked"


def recover(scene: Scene, keeper: str, hers: str = "saved", **other: Any) -> Any:
    return scene.say(keeper, scene.rotation(hers, "after", scene.now, "recovery", iss=key(keeper).did, **other))


def test_row_41_two_recovery_keys_bring_a_new_key_after_three_days(scene: Scene) -> None:
    recover(scene, "keeper 1")
    scene.now += 5 * DAY
    recover(scene, "keeper 2")
    scene.now += 3 * DAY - 1
    assert scene.refusal("saved", scene.grant("saved", "ada", now=scene.now)) == "not_artist"
    scene.now += 1
    assert scene.refusal(scene.artist, scene.grant(scene.artist, "mallory", now=scene.now)) == "not_artist"
    assert scene.refusal("saved", scene.grant("saved", "ada", now=scene.now)) == "ok"
    assert scene.tier("ada") == 2


def test_row_41_a_recovery_that_the_present_key_ends_brings_nothing(scene: Scene) -> None:
    asked = recover(scene, "keeper 1").event
    recover(scene, "keeper 2")
    assert scene.refusal("keeper 1", scene.revocation("keeper 1", asked)) == "may_not_revoke"
    scene.take_back(scene.artist, asked)
    scene.now += 4 * DAY
    assert scene.refusal("saved", scene.grant("saved", "ada", now=scene.now)) == "not_artist"


@pytest.mark.parametrize("other", [{"from_seq": 1}, {"key": key("other").did}, {"recovery": []}])
def test_row_41_recovery_keys_that_ask_for_different_things_bring_nothing(scene: Scene, other: dict[str, Any]) -> None:
    recover(scene, "keeper 1")
    recover(scene, "keeper 1")
    recover(scene, "keeper 2", **other)
    scene.now += 4 * DAY
    assert scene.refusal(scene.artist, scene.grant(scene.artist, "ada", now=scene.now)) == "ok"


def test_row_41_a_thief_of_one_recovery_key_has_nothing(scene: Scene) -> None:
    theirs = scene.rotation("mallory", "after", scene.now, "recovery", iss=key("mallory").did)
    assert scene.refusal("mallory", theirs) == "not_recovery"
    assert scene.refusal("keeper 1", {**theirs, "iss": key("keeper 1").did, "prev": scene.root[:-1] + "0"}) != "ok"


BEYOND: dict[str, dict[str, Any]] = {
    "circle": {"tier": "circle"},
    "two levels": {"vouch": vouch(2, 1, "follower")},
    "eleven people": {"vouch": vouch(1, 11, "follower")},
    "supporters": {"vouch": vouch(1, 1, "supporter")},
}


@pytest.mark.parametrize("how", BEYOND)
def test_row_43_a_stolen_till_key_does_not_go_beyond_its_role(scene: Scene, how: str) -> None:
    till = scene.delegated("till")
    assert scene.refusal("till", scene.grant("till", "ada", parent=till) | BEYOND[how]) == "role_exceeded"
    assert scene.refusal(scene.artist, scene.delegate(scene.artist, "x") | {"tier": "circle"}) == "role_exceeded"


def test_row_43_one_revocation_ends_all_that_a_till_key_let_in(scene: Scene) -> None:
    till = scene.delegated("till")
    adas = scene.let_in("till", "ada", parent=till, vouch=vouch(1, 2, "follower"))
    scene.let_in("ada", "ben", "follower", parent=adas)
    scene.let_in("artist", "cleo")
    scene.take_back(scene.artist, till)
    assert [scene.tier(name) for name in ("ada", "ben", "cleo")] == [0, 0, 2]
    assert scene.refusal("till", scene.grant("till", "dora", parent=till)) == "delegate_revoked"


def test_row_43_the_other_codes_of_delegates(scene: Scene) -> None:
    till, voice = scene.delegated("till", exp=NOW + 100), scene.delegated("voice", "presence")
    door = scene.delegated("door", "door")
    assert scene.refusal("mallory", scene.grant("mallory", "ada", parent=till)) == "not_delegated"
    assert scene.refusal("voice", scene.grant("voice", "ada", "follower", parent=voice)) == "not_delegated"
    lent: dict[str, Any] = {"vouch": vouch(1, 1, "follower"), "parent": door}
    assert scene.refusal("door", scene.grant("door", "ada", "follower", **lent)) == "role_exceeded"
    assert scene.refusal("door", scene.grant("door", "ada", parent=door)) == "role_exceeded"
    scene.now += 100
    late = scene.grant("till", "ada", parent=till, now=scene.now, exp=NOW + YEAR)
    assert scene.refusal("till", late) == "delegate_expired"


def test_row_43_a_delegate_lets_in_as_many_as_it_may(scene: Scene) -> None:
    till = scene.delegated("till", max=2)
    for name in ("ada", "ben", "ada"):
        scene.let_in("till", name, parent=till)
    assert scene.refusal("till", scene.grant("till", "cleo", parent=till)) == "quota_exceeded"
