"""The list of things that notes name: what is offered as one thing, and what never is."""

from pathlib import Path

import pytest

from presence.bootstrap import Services
from tests.knowledge.facts.curating import night, tell


def pairs(services: Services) -> set[frozenset[str]]:
    return {frozenset(one.name for one in pair) for pair in services.directory.alike()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Petra Lund", "Petra Lunt"),
        ("Petra Lund", "PetraLund"),
        ("Petra Lund", "Lund, Petra"),
        ("Petra Lund", "Petar Lund"),
        ("Sugar Magnolia", "Sugar Magnola"),
    ],
)
def test_slips_and_turns_are_offered_as_one(small_shelf: Services, tmp_path: Path, one: str, other: str) -> None:
    tell(small_shelf, tmp_path / "n", a=night("One", "2019-07-14", "The Dock", f"{one} - Door", f"{other} - Roof"))
    assert frozenset({one, other}) in pairs(small_shelf)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Belmont", "El Monte"),
        ("Volume 1", "Volume 2"),
        ("Take 1 of 2", "Take 2 of 1"),
        ("Dawn", "Down"),
        ("Petra Lund", "Pedro Lunn"),
    ],
)
def test_what_only_looks_near_is_left_alone(small_shelf: Services, tmp_path: Path, one: str, other: str) -> None:
    tell(small_shelf, tmp_path / "n", a=night("One", "2019-07-14", "The Dock", f"{one} - Door", f"{other} - Roof"))
    assert pairs(small_shelf) == set()


def test_songs_of_one_name_by_two_artists_are_two(small_shelf: Services, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "n", a=night("One", "2019-07-14", "The Dock", "Petra - Doorway", "Zeno - Doorwy"))
    assert pairs(small_shelf) == set()


def test_the_list_follows_the_material(small_shelf: Services, tmp_path: Path) -> None:
    assert small_shelf.directory.page("", "", 1).count == 0
    tell(small_shelf, tmp_path / "n", a=night("One", "2019-07-14", "The Dock", "Petra - Door"))
    assert [one.name for one in small_shelf.directory.page("work", "door", 1).entries] == ["Door"]
    (note,) = (one for one in small_shelf.library.shelf.notes() if one.title == "One")
    small_shelf.library.shelf.retract(note.ident)
    assert small_shelf.directory.page("", "", 1).count == 0
