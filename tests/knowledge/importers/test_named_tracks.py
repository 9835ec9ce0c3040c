"""Tracks in one line of names."""

import pytest

from knowledge.importers.named_tracks import NamedTrack, from_file_name, named_track


@pytest.mark.parametrize(
    ("written", "track"),
    [
        ("Ada Marsh - Low Tide", NamedTrack("Low Tide", "Ada Marsh")),
        ("Ada Marsh – Low Tide (Ana Remix) [Dock]", NamedTrack("Low Tide", "Ada Marsh", "Ana Remix", "Dock")),
        ("Ada Marsh — Low Tide [Ana Edit]", NamedTrack("Low Tide", "Ada Marsh", "Ana Edit")),
        ("Ada | Low Tide", NamedTrack("Low Tide", "Ada")),
        ("Ada - Low Tide (Original Mix)", NamedTrack("Low Tide", "Ada")),
        ("Ada - Low Tide (Extended Mix) [Dock]", NamedTrack("Low Tide", "Ada", label="Dock")),
        ("Ada - Low Tide (Dub) [feat. Winnie]", NamedTrack("Low Tide [feat. Winnie]", "Ada", "Dub")),
        ("Ada - Low Tide (Jet)", NamedTrack("Low Tide (Jet)", "Ada")),
        ("Ada - Low Tide (Dub Mix)- Zeno", NamedTrack("Low Tide", "Ada", "Dub Mix", note="Zeno")),
        ("Low Tide (Dub Mix)- Ada", NamedTrack("Low Tide", "Ada", "Dub Mix")),
        ("Jean-Luc - Tide-Book", NamedTrack("Tide-Book", "Jean-Luc")),
        ("Low Tide", NamedTrack("Low Tide")),
        ("- Low Tide", NamedTrack("- Low Tide")),
        ("", NamedTrack("")),
    ],
)
def test_names_are_told_apart(written: str, track: NamedTrack) -> None:
    assert named_track(written) == track


def test_a_colon_parts_names_only_where_it_may() -> None:
    assert named_track("Ada: Low Tide").artist == ""
    assert named_track("Ada: Low Tide", colon=True) == NamedTrack("Low Tide", "Ada")


@pytest.mark.parametrize("written", ["ID - ID", "ID", "Ada - ID", "ID - Low Tide", "Ada - ID2", "? - ?"])
def test_an_open_name_is_unknown(written: str) -> None:
    assert named_track(written).is_unknown


def test_a_name_with_those_letters_is_known() -> None:
    assert not named_track("Ada - Idle").is_unknown


@pytest.mark.parametrize(
    ("path", "track"),
    [
        ("/music/dock/07 Ada Marsh - Low Tide (Ana Mix).mp3", NamedTrack("Low Tide", "Ada Marsh", "Ana Mix")),
        ("C:\\Music\\Ada_-_Low Tide.flac", NamedTrack("Low Tide", "Ada")),
        ("03. Low Tide.aif", NamedTrack("Low Tide")),
        ("path_to_a_file.mp3", NamedTrack("path_to_a_file")),
    ],
)
def test_a_file_is_named_without_its_folders(path: str, track: NamedTrack) -> None:
    assert from_file_name(path) == track
