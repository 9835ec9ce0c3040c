"""Ways in which the package and the written decisions once parted."""

from typing import Any

import pytest

from tests.trustgraph.signing import DAY, Scene, key, vouch

KEEPERS = ("keeper 1", "keeper 2", "keeper 3")


@pytest.fixture
def scene() -> Scene:
    return Scene(recovery=KEEPERS)


NARROWER: dict[str, dict[str, Any]] = {
    "a lower ceiling": {"vouch": vouch(2, 3, "follower")},
    "fewer people": {"vouch": vouch(2, 2)},
    "fewer levels": {"vouch": vouch(1, 3)},
}


@pytest.mark.parametrize("how", NARROWER)
def test_a_narrower_renewal_narrows_those_below_and_does_not_throw_them_out(scene: Scene, how: str) -> None:
    adas = scene.let_in("artist", "ada", "circle", vouch=vouch(2, 3))
    scene.let_in("ada", "ben", parent=adas, vouch=vouch(1, 3))
    scene.let_in("artist", "ada", "circle", **NARROWER[how])
    assert scene.tier("ben") == (1 if how == "a lower ceiling" else 2)


def test_those_below_a_renewal_that_was_taken_back_stay_out_when_the_issuer_is_let_in_anew(scene: Scene) -> None:
    """Those who came under the renewal itself do; those who came under the grant before it return."""
    first = scene.let_in("artist", "ada", "circle", vouch=vouch(2, 3))
    scene.let_in("ada", "ben", parent=first)
    second = scene.let_in("artist", "ada", "circle", vouch=vouch(2, 3))
    scene.let_in("ada", "cleo", parent=second)
    scene.take_back(scene.artist, second)
    scene.let_in("artist", "ada", "circle", vouch=vouch(2, 3))
    assert [scene.tier("ben"), scene.tier("cleo")] == [0, 0]


def test_nobody_floods_a_good_grant_out_of_view_with_sixteen_that_fell(scene: Scene) -> None:
    """Sixteen false names give somebody a higher tier; when they fall, what she paid for is the seventeenth."""
    till = scene.delegated("till")
    scene.let_in("till", "ada", "supporter", parent=till)
    mallorys = scene.let_in("artist", "mallory", "circle", vouch=vouch(2, 16, "circle"))
    for n in range(16):
        right = scene.let_in("mallory", f"sybil {n}", "circle", parent=mallorys, vouch=vouch(1, 16, "circle"))
        scene.let_in(f"sybil {n}", "ada", "circle", parent=right)
    assert scene.tier("ada") == 3
    scene.take_back(scene.artist, mallorys)
    assert scene.tier("ada") == 2


def test_a_key_that_was_blocked_before_it_became_the_artists_shuts_nobody_out(scene: Scene) -> None:
    """A thief who reads the recovery's new key in its three days blocks it; refusing the rotation would do, too."""
    for keeper in KEEPERS[:2]:
        scene.say(keeper, scene.rotation("saved", "after", scene.now, "recovery", iss=key(keeper).did))
    scene.block(scene.artist, "saved")
    scene.now += 3 * DAY
    scene.artist = "saved"
    assert scene.refusal("saved", scene.grant("saved", "ada", now=scene.now)) == "ok"
    assert scene.tier("ada") == 2


@pytest.mark.parametrize("beyond", [4, 10**9])
def test_a_theft_is_not_cut_off_at_a_number_that_the_log_does_not_have(scene: Scene, beyond: int) -> None:
    """It would look like a compromise rotation, and void nothing."""
    scene.let_in("artist", "mallory", "inner")
    rotation = scene.rotation("artist 1", "artist 2", scene.now, "compromise", from_seq=beyond)
    assert scene.refusal("artist 1", rotation) != "ok"


def test_of_two_recoveries_the_one_whose_delay_was_over_first_takes_effect(scene: Scene) -> None:
    def ask(keeper: str, hers: str) -> None:
        scene.say(keeper, scene.rotation(hers, "after", scene.now, "recovery", iss=key(keeper).did))

    ask("keeper 1", "later")
    for keeper in KEEPERS[1:]:
        ask(keeper, "sooner")
    scene.now += DAY
    ask("keeper 2", "later")
    scene.now += 4 * DAY
    assert scene.refusal("sooner", scene.grant("sooner", "ada", now=scene.now)) == "ok"


def test_who_was_voided_by_a_recovery_lets_nobody_in_with_the_entry_that_it_takes_effect_with(scene: Scene) -> None:
    adas = scene.let_in("artist", "ada", "circle", vouch=vouch(2, 3))
    seq = scene.replay.spine.seq
    for keeper in KEEPERS[:2]:
        recovery = scene.rotation("saved", "after", scene.now, "recovery", iss=key(keeper).did, from_seq=seq)
        scene.say(keeper, recovery)
    scene.now += 3 * DAY
    assert scene.refusal("ada", scene.grant("ada", "ben", parent=adas, now=scene.now)) == "parent_not_live"


def test_a_negative_number_is_read_as_it_is_written(scene: Scene) -> None:
    assert scene.refusal("artist", {**scene.grant("artist", "ada"), "nbf": -3}) == "bad_time"
