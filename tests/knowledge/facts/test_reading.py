"""Names and dates of a question are found however people write them; what nothing explains is left over."""

import pytest

from tests.knowledge.facts.naming import reading_of


def named(question: str) -> list[list[str]]:
    return [[entity.shown for entity in mention.candidates] for mention in reading_of(question).mentions]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("How often did you play Brass Lantern?", "Brass Lantern"),
        ("how often did you play the brass lantern", "Brass Lantern"),
        ("BRASS LANTERN count?", "Brass Lantern"),
        ("how many Night Herons were there", "Night Heron"),
        ("when did you play GRLRS", "Going Round the Long Road Singing"),
        ("when did you play grlrs or Mill Race", "Mill Race"),
        ("what came after “sometimes”", "Sometimes"),
        ("Did you play Sometimes?", "Sometimes"),
        ("how often did you play Quiet Ledgr", "Quiet Ledger"),
        ("how often did you play Nihgt Heron", "Night Heron"),
        ("how often did you play ledger", "Quiet Ledger"),
        ("how often did you play Long Road Sing", "Going Round the Long Road Singing"),
        ("when were you at the lamp room", "Lamp Room"),
        ("who were you with, Una Field", "Una Field"),
    ],
)
def test_a_name_is_found(question: str, name: str) -> None:
    assert [name] in named(question)


def test_a_plural_is_the_whole_name() -> None:
    (mention,) = reading_of("how many Night Herons were there").mentions
    assert (mention.name, mention.score) == ("Night Heron", 100.0)


def test_the_longest_name_comes_first() -> None:
    reading = reading_of("when did you play Friday Night Blues")
    assert [mention.name for mention in reading.mentions] == ["Friday Night Blues"]
    assert reading.dates == ()


def test_a_part_of_two_names_means_the_one_that_is_played_far_more() -> None:
    assert named("how often did you play lantern") == [["Brass Lantern"]]
    assert named("How often did you play Silver?") == [["Silver Needle", "Silver Thimble"]]
    assert named("How often did you play Silver Nedle?") == [["Silver Needle"]]


def test_two_places_of_one_name_are_both_kept() -> None:
    reading = reading_of("when were you at Garden Hall")
    assert [entity.shown for entity in reading.mentions[0].candidates] == ["Garden Hall, Leeds", "Garden Hall, Cork"]
    assert not reading.mentions[0].is_clear
    assert reading.mentions[0].keys == {"garden hall|leeds", "garden hall|cork"}


def test_the_word_before_a_name_says_what_kind_of_thing_it_is() -> None:
    assert reading_of("when were you in Porto").mentions[0].kind == "city"
    assert reading_of("how often into Porto > Mill Race").mentions[0].kind == "work"


def test_a_song_called_like_a_city_is_kept_beside_it_where_nothing_decides() -> None:
    kinds = {entity.kind for entity in reading_of("first time, Salt Harbour?").mentions[0].candidates}
    assert kinds == {"work", "city"}


def test_an_everyday_word_is_no_name_unless_it_stands_where_names_stand() -> None:
    assert named("did you sometimes go to the sea") == []
    assert named("how often did you go into Sometimes") == [["Sometimes"]]


def test_a_country_that_no_row_knows_is_meant_only_after_in_or_to() -> None:
    assert named("how many shows in Iceland") == [["Iceland"]]
    assert named("how many shows, Iceland?") == []


def test_several_names_stand_in_their_order() -> None:
    reading = reading_of("Night Heron by Copper Choir on Low Tide")
    assert [mention.kind for mention in reading.mentions] == ["work", "artist", "label"]
    assert reading.masked == "{WORK} by {ARTIST} on {LABEL}"
    assert [mention.name for mention in reading.of("label")] == ["Low Tide"]


def test_names_and_dates_are_masked() -> None:
    reading = reading_of("How often did you play Quiet Ledger > Mill Race on 5/8/11?")
    assert reading.masked == "how often did you play {WORK} > {WORK} {DATE} ?"
    assert reading.dates[0].when.words == "on 5 August 2011"


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("how often did you play Mill Race with an orchestra", ("orchestra",)),
        ("how many shows did you play at Radio City", ("radio", "city")),
        ("how often did you play Goldn Ankor", ("goldn", "ankor")),
        ("tell me, please: did you play Ada's Mill Race?", ()),
        ("hey, how many shows did you play in 2011, thanks", ()),
    ],
)
def test_what_nothing_explains_is_left_over(question: str, left: tuple[str, ...]) -> None:
    assert reading_of(question).unknown == left


def test_words_of_asking_are_put_right() -> None:
    reading = reading_of("how oftn did you play Mill Race in diffrent years")
    assert reading.masked == "how often did you play {WORK} in different years"
    assert reading.unknown == ()


def test_a_word_that_is_one_and_a_name_are_not_put_right() -> None:
    assert reading_of("how often did you clash").unknown == ("clash",)
    assert reading_of("how Oftn did you play").unknown == ("oftn",)


def test_what_is_nearly_a_name_is_suggested_and_not_taken() -> None:
    reading = reading_of("how often did you play Moll Rice")
    assert reading.mentions == ()
    assert [entity.name for entity in reading.suggestions] == ["Mill Race"]
