"""Each way of asking fits its own intent, and what only looks like it does not."""

import pytest

from knowledge.facts.intents import asked_for


@pytest.mark.parametrize(
    ("masked", "intent", "of"),
    [
        ("when did {WORK} come back after {DATE}", "around", ""),
        ("when did you play {WORK} again after {DATE}", "around", ""),
        ("how fast is {WORK}?", "attribute", "bpm"),
        ("which label is {WORK} on", "attribute", "label"),
        ("what key is {WORK} in", "attribute", "key"),
        ("who wrote {WORK}?", "attribute", "credits"),
        ("how long is {WORK}", "attribute", "duration"),
        ("when did {RELEASE} come out", "attribute", "released"),
        ("which songs by {ARTIST} did you play", "by_artist", "titles"),
        ("what did you play on {DATE} but not on {DATE}", "compare", ""),
        ("how often did you play {WORK}?", "count", ""),
        ("total number of shows at {PLACE}", "count", ""),
        ("what did you debut in {DATE}", "debuts", ""),
        ("how many different songs did you play", "distinct", ""),
        ("did you ever play {WORK}", "exists", ""),
        ("you played {WORK} in {CITY}, right?", "exists", ""),
        ("when did you last play {WORK}", "first_last", ""),
        ("whats the longest you went without playing {WORK}", "gap", ""),
        ("how long was the set {DATE}", "length", ""),
        ("where can i buy {RELEASE}", "links", ""),
        ("what was your longest set", "longest", ""),
        ("what came after {WORK}?", "next", ""),
        ("which songs were played only once", "once", ""),
        ("was {WORK} before or after {WORK}", "order", ""),
        ("who did you play back to back with {DATE}", "partners", ""),
        ("which countries have you played in", "places", "country"),
        ("the third song {DATE}", "position", ""),
        ("which set was {WORK} in on {DATE}", "position_of", ""),
        ("what led into {WORK}", "previous", ""),
        ("why did you open with {WORK}", "prose", ""),
        ("what tracks are on {RELEASE}", "release_tracks", ""),
        ("opener {DATE}?", "role", ""),
        ("what'd you close with {DATE}", "role", ""),
        ("setlist for {DATE}", "set_list", ""),
        ("what did you play at {PLACE} {DATE}", "set_list", ""),
        ("what was the slowest track", "tempo", "slowest"),
        ("{WORK}?", "thing", ""),
        ("how far in did {WORK} come", "time_of", ""),
        ("did you play both {WORK} and {WORK} at the same show", "together", ""),
        ("which city did you play most", "top", "city"),
        ("most played song", "top", "work"),
        ("what do you usually open with", "top", "opener"),
        ("what key do you play in most", "top_value", "key"),
        ("what was on at 42 minutes", "track_at", ""),
        ("did {WORK} ever go into {WORK}", "transition", ""),
        ("how many ids are left", "unknown_ids", ""),
        ("where are you playing next", "upcoming", ""),
        ("which remixes of {WORK} did you play", "versions", ""),
        ("what day of the week was {DATE}", "weekday", ""),
        ("which nights did you play {WORK}", "when", ""),
        ("where were you {DATE}", "where", ""),
    ],
)
def test_a_way_of_asking_fits_its_intent(masked: str, intent: str, of: str) -> None:
    asked = asked_for(masked)
    assert (asked.intent, asked.of) == (intent, of)


@pytest.mark.parametrize(
    ("masked", "never"),
    [
        ("when did you play {WORK} after {DATE}", "next"),
        ("what was the next song after {WORK}", "upcoming"),
        ("what was the opening number of the show {DATE}", "count"),
        ("how long ago did you play {WORK}", "length"),
        ("how often did you go from {WORK} to {WORK}", "together"),
        ("{WORK} or {WORK}, which more often", "together"),
        ("how did {WORK} go into {WORK}", "prose"),
        ("what went into {WORK}", "prose"),
        ("when was your last set at {PLACE}", "set_list"),
        ("what was your first show in {CITY}", "debuts"),
        ("most recent show", "top"),
        ("how often did you play {WORK} on {DATE}", "top"),
        ("which songs of {ARTIST} did you play most", "by_artist"),
        ("the longest {WORK} gap", "attribute"),
        ("which city did you play with {PERSON} b2b", "partners"),
        ("what did {WORK} follow", "next"),
        ("how many b2b sets did you play", "partners"),
        ("where did you first play {WORK}", "where"),
        ("when was {WORK} ever played", "exists"),
    ],
)
def test_what_only_looks_like_an_intent_does_not_fit_it(masked: str, never: str) -> None:
    assert asked_for(masked).intent != never


@pytest.mark.parametrize("masked", ["", "hello", "thanks a lot"])
def test_what_asks_for_nothing_has_no_intent(masked: str) -> None:
    assert asked_for(masked).intent == ""


@pytest.mark.parametrize(
    ("masked", "set_no"),
    [
        ("what opened the second set {DATE}", 2),
        ("set 2 on {DATE}", 2),
        ("s2 opener {DATE}", 2),
        ("what closed your last set {DATE}", -1),
        ("the last set of the night {DATE}", 0),
        ("when was your last set at {PLACE}", 0),
        ("setlist {DATE}", 0),
    ],
)
def test_the_set_that_is_meant_is_told(masked: str, set_no: int) -> None:
    asked = asked_for(masked)
    assert asked.set_no == set_no
    assert ("{SET}" in asked.masked) == (set_no != 0)


@pytest.mark.parametrize(
    ("masked", "show_no"),
    [
        ("early show {DATE}", 1),
        ("the late show on {DATE}", -1),
        ("the second show of the day {DATE}", 2),
        ("{DATE}", 0),
    ],
)
def test_the_show_of_a_day_is_told(masked: str, show_no: int) -> None:
    assert asked_for(masked).show_no == show_no


@pytest.mark.parametrize(
    ("masked", "nth"),
    [
        ("third song {DATE}", 3),
        ("the 4th track {DATE}", 4),
        ("song number five {DATE}", 5),
        ("which song did you play last {DATE}", -1),
        ("the opening song {DATE}", 1),
        ("what was second in the set {DATE}", 2),
        ("which song {DATE}", 0),
    ],
)
def test_the_place_in_a_list_is_told(masked: str, nth: int) -> None:
    assert asked_for(masked).nth == nth


@pytest.mark.parametrize(
    ("masked", "seconds"),
    [
        ("what was on at 1:02:30", 3750),
        ("what was on at 42:10", 2530),
        ("what played 42 minutes in", 2520),
        ("what played at minute 7", 420),
        ("what played at the one hour mark", 3600),
        ("what played 1 hour and 5 minutes in", 3900),
        ("what played 2 minutes and 10 seconds in", 130),
        ("what played first", None),
    ],
)
def test_a_moment_of_a_set_is_told_in_seconds(masked: str, seconds: int | None) -> None:
    assert asked_for(masked).seconds == seconds


@pytest.mark.parametrize(
    ("masked", "top"), [("top ten songs", 10), ("the 5 most played songs", 5), ("which 3 songs did you play most", 3),
                        ("most played song", 0)],
)  # fmt: skip
def test_how_many_of_the_most_is_told(masked: str, top: int) -> None:
    assert asked_for(masked).top == top


@pytest.mark.parametrize(
    ("masked", "role"),
    [
        ("what did you kick things off with {DATE}", "opener"),
        ("what did you wrap the night up with {DATE}", "closer"),
        ("what was the encore {DATE}", "encore"),
        ("was {WORK} the first song of the show {DATE}", "opener"),
        ("what did you play by the end of {DATE}", ""),
    ],
)
def test_the_part_in_a_show_is_told(masked: str, role: str) -> None:
    assert asked_for(masked).role == role


def test_what_people_say_in_many_words_is_said_plainly() -> None:
    assert asked_for("when did you bust out {WORK}").masked == "when did you play {WORK}"
    assert asked_for("did you ever make it out to {CITY}").masked == "did you ever play in {CITY}"
