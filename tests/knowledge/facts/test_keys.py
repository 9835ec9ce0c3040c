"""Two spellings of one name share a key; two things do not."""

import pytest

from knowledge.facts.keys import city_key, name_key, normal, place_key, recording_key, version_key, work_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Oswald", "Saint Oswald"),
        ("Sailin' Home", "Sailing Home"),
        ("Bread & Salt", "bread and salt"),
        ("Rock 'n' Clay", "Rock and Clay"),
        ("Café Søndag", "cafe sondag"),
        ("Straße", "strasse"),
        ("Don’t Wait!", "dont wait"),
        ("Mt. Heron", "Mount Heron"),
        ("Up_and  away", "up + away"),
        ("Nia ft. Ole", "Nia featuring Ole"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert normal(one) == normal(other)


def test_a_short_form_alone_is_left_as_it_is() -> None:
    assert normal("MT") == "mt"
    assert normal("St") == "st"


def test_an_article_says_nothing_unless_it_is_all_there_is() -> None:
    assert name_key("The Lamp Room") == name_key("Lamp Room") == "lamp room"
    assert name_key("A Lantern") == "lantern"
    assert name_key("The") == "the"
    assert name_key("") == ""


@pytest.mark.parametrize("plain", ["", "Original Mix", "Extended Mix", "(Original)", "Album Version"])
def test_the_plain_mix_is_the_recording_itself(plain: str) -> None:
    assert version_key(plain) == ""
    assert recording_key("mill race", plain) == "mill race"


def test_another_mix_is_another_recording_of_the_work() -> None:
    assert recording_key("mill race", "Dub Mix") == "mill race#dub mix"


def test_two_artists_may_have_given_one_title_to_two_works() -> None:
    assert work_key("The Tide", "Ada") != work_key("The Tide", "Bo")
    assert work_key("The Tide") == "tide"


def test_a_city_is_told_by_its_region_or_else_its_country() -> None:
    assert city_key("Porto", "", "Portugal") == "porto|portugal"
    assert city_key("Portland", "Maine", "US") != city_key("Portland", "Oregon", "US")
    assert city_key("", "Maine", "US") == ""


def test_a_venue_is_told_by_its_city() -> None:
    assert place_key("The Lamp Room", "Galway") == "lamp room|galway"
    assert place_key("Lamp Room", "Cork") != place_key("Lamp Room", "Galway")
    assert place_key("", "Cork") == ""
