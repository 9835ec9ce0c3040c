"""Names: kept as they are written, compared by how they look, never refused for looking alike."""

import pytest

from presence.errors import NameWrong
from presence.people.names import cleaned_name, code_of, folded, scripts, warnings
from tests.presence.people.conftest import House
from tests.trusting import key

ADA = "Ada Marsh"


def test_a_name_is_kept_composed_and_without_spaces_around_it() -> None:
    assert cleaned_name("  Zoe\u0308   Müller \n") == "Zoë Müller"


@pytest.mark.parametrize(
    "wrong", ["", "  ", "...", "x" * 81, "a\u202eb", "a\u200bb", "a\x00b", "a\u2028\u0007b", "\ud800a"]
)
def test_what_cannot_be_a_name_is_refused(wrong: str) -> None:
    with pytest.raises(NameWrong):
        cleaned_name(wrong)


@pytest.mark.parametrize(
    "same", ["ada marsh", "ＡＤＡ Marsh", "Аda Mаrsh", "ADA-MARSH", "Adá Marsh", "ΑDΑ ΜΑRSH", "ada m4rsh"[:4] + "marsh"]
)
def test_names_that_look_alike_are_one_when_compared(same: str) -> None:
    assert folded(same) == folded(ADA)


def test_a_name_that_looks_like_the_artists_or_like_somebodys_is_said_not_refused() -> None:
    assert warnings("Bob", ["Ann"], ADA) == []
    assert len(warnings("ada marsh", ["Ann"], ADA)) == 1
    assert len(warnings("ann", ["Ann"], ADA)) == 1
    assert len(warnings("Аdа Marsh", [ADA], ADA)) == 3  # mixed, like the artist, like somebody


def test_scripts_that_are_written_together_are_no_mixture() -> None:
    assert len(scripts("東京ひろし")) == 1
    assert len(scripts("Петра")) == 1
    assert len(scripts("Pеtra")) == 2


def test_the_names_of_many_are_found_at_once(house: House) -> None:
    people = [key(f"person {n}").did for n in range(3)]
    for did in people[:2]:
        house.names.set(did, "Ann")
    house.names.set(people[0], "Bea")
    assert house.names.of_all(people) == {people[0]: "Bea", people[1]: "Ann"}
    assert house.names.shown(people[2]) == code_of(people[2])
    assert house.names.odd({people[2]: "ann"}, ADA)[people[2]] == ["Somebody here has a name that looks the same."]


def test_a_code_is_short() -> None:
    assert len(code_of(key("ann").did)) == 9
