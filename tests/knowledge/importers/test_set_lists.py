"""What texts say was played: one event, and every track with its line."""

from pathlib import Path

import pytest

from knowledge.importers import ImportedDoc, read_file
from knowledge.importers.statements import Event, SetItem
from tests.knowledge.importers.places import assert_lines_are_true
from tests.knowledge.importers.test_tracklist import NO_TRACKLISTS

SITE = Path(__file__).parents[4] / "shared" / "data" / "artist-site"
NOTE = """---
title: Sunrise at the Dock
date: 2019-07-14
venue: The Dock
city: Leeds
country: England
tags: [morning, festival]
with: [Zeno Obuya, Petra]
duration: 110 minutes
---
Fog up to the knee.

- [0:00:00] Ada Marsh - Low Tide [Lantern]
- [0:06:20] Zeno Obuya - Monday (Long Mix)
- w/ Kaja – Snow &amp; Ice
- Silence, for some reason
- [??:??] ID - ID
- [0:04:00] Petra - Door

It rained.
"""


def read(text: str, name: str = "note.md") -> ImportedDoc:
    [document] = read_file(text.encode(), name)
    return document


def event(document: ImportedDoc) -> Event:
    [found] = [one for one in document.statements if isinstance(one, Event)]
    return found


def items(document: ImportedDoc) -> list[SetItem]:
    return [one for one in document.statements if isinstance(one, SetItem)]


def test_the_head_tells_of_the_night() -> None:
    night = event(read(NOTE))
    assert (night.title, night.date, night.venue, night.city, night.country, night.kind) == (
        "Sunrise at the Dock", "2019-07-14", "The Dock", "Leeds", "England", "festival",
    )  # fmt: skip
    assert (night.performers, night.duration_ms) == (("Zeno Obuya", "Petra"), 6_600_000)
    assert night.at.line == 2
    assert "venue: The Dock" in night.at.raw


def test_every_track_has_its_line_its_place_and_its_time() -> None:
    document = read(NOTE)
    assert [(one.at.line, one.position, one.artist, one.title, one.time_ms) for one in items(document)] == [
        (13, 1, "Ada Marsh", "Low Tide", 0),
        (14, 2, "Zeno Obuya", "Monday", 380_000),
        (15, 3, "Kaja", "Snow & Ice", None),
        (17, 4, "", "ID", None),
        (18, 5, "Petra", "Door", 240_000),
    ]
    assert [one.time_basis for one in items(document)] == ["recording", "recording", "", "", "recording"]
    assert items(document)[3].is_unknown
    assert {one.event for one in items(document)} == {event(document).ref}


def test_a_track_is_quoted_as_it_stands_in_the_file() -> None:
    lines = NOTE.split("\n")
    assert all(one.at.raw == lines[one.at.line - 1] for one in items(read(NOTE)))


def test_what_cannot_be_read_stands_in_the_block_and_is_reported() -> None:
    document = read(NOTE)
    [block] = [block for block in document.blocks if block.kind == "tracklist"]
    assert "Silence, for some reason" in block.text
    assert "1 line of the tracklist could not be read: line 16." in document.left_out


def test_times_that_go_back_are_reported() -> None:
    assert "1 line of the tracklist has a time before the one above it: line 18." in read(NOTE).left_out


def test_every_line_of_a_list_can_be_cited_by_its_number() -> None:
    assert_lines_are_true(read(NOTE), NOTE.replace("- [", "[").replace("- w/", "w/").replace("&amp;", "&"))


@pytest.mark.parametrize(
    "text",
    [
        "Tracklist:\n\n1. Ada - Low Tide\n2. Zeno - Dub\n",
        "## Tracklist\n\n- Ada – Low Tide\n- Zeno – Dub\n",
        "## Tracklist\n\n* Ada: Low Tide\n\n* Zeno: Dub\n",
        "---\nkind: mix\n---\n1. Ada - Low Tide\n2. Zeno - Dub\n3. Kaja - Snow\n4. Petra - Door\n",
    ],
)
def test_a_list_that_is_announced_is_a_tracklist(text: str) -> None:
    found = items(read(text))
    assert [(one.artist, one.title) for one in found[:2]] == [("Ada", "Low Tide"), ("Zeno", "Dub")]
    assert all(one.title in text.split("\n")[one.at.line - 1] for one in found)


def test_a_table_with_times_artists_and_titles_is_a_tracklist() -> None:
    rows = "| 0:00 | Low *Tide* | Ada | Dock |\n| 5:10 | Dub (Ana Mix) | Zeno | |\n"
    text = f"Text.\n\n| Time | Title | Artist | Label |\n|--|--|--|--|\n{rows}"
    found = items(read(text))
    assert [(one.at.line, one.artist, one.title, one.version, one.label, one.time_ms) for one in found] == [
        (5, "Ada", "Low Tide", "", "Dock", 0),
        (6, "Zeno", "Dub", "Ana Mix", "", 310_000),
    ]
    assert found[0].at.raw == "| 0:00 | Low *Tide* | Ada | Dock |"


def test_another_table_is_none() -> None:
    assert (
        items(read("| Artist | Title | Year |\n|--|--|--|\n| Ada | Low Tide | 2019 |\n| Ada | Door | 2020 |\n")) == []
    )


def test_a_page_has_its_lists_too() -> None:
    tracks = "<ol>\n<li>Ada - Low Tide</li>\n<li>Zeno - Dub</li>\n</ol>"
    page = f"<html><body><h2>Tracklist</h2>{tracks}<p>Bye.</p></body></html>"
    assert [(one.at.line, one.artist, one.at.raw) for one in items(read(page, "a.html"))] == [
        (2, "Ada", "Ada - Low Tide"),
        (3, "Zeno", "Zeno - Dub"),
    ]


BAND = """Set 1: Dark Star > St. Stephen, Ripple
Second set:
Truckin' ->
Loser [with Petra]
Sugaree (acoustic)

Encore: Door*

* with Zeno
"""


def test_a_bands_sets_have_songs_segues_and_notes() -> None:
    found = items(read(BAND, "dock.txt"))
    assert [(one.at.line, one.title, one.set_no, one.encore, one.segue, one.note) for one in found] == [
        (1, "Dark Star", 1, False, True, ""),
        (1, "St. Stephen", 1, False, False, ""),
        (1, "Ripple", 1, False, False, ""),
        (3, "Truckin'", 2, False, True, ""),
        (4, "Loser", 2, False, False, "with Petra"),
        (5, "Sugaree", 2, False, False, "acoustic"),
        (7, "Door", 3, True, False, "with Zeno"),
    ]
    assert [one.set_name for one in found][::3] == ["Set 1", "Second set", "Encore"]
    assert {one.artist for one in found} == {""}


def test_sets_may_be_headings() -> None:
    found = items(read("# Leeds\n\n## Set 1\n\n- Dark Star >\n- Ripple\n\n## Encore\n\n1. Door\n"))
    assert [(one.at.line, one.title, one.set_no, one.encore) for one in found] == [
        (5, "Dark Star", 1, False), (6, "Ripple", 1, False), (10, "Door", 2, True),
    ]  # fmt: skip


def test_tracklists_under_different_headings_are_different_nights() -> None:
    text = "# Leeds 2019-05-01\n\n0:00 A - B\n5:00 C - D\n\n# 2020-06-02 Oslo\n\n0:00 E - F\n5:00 G - H\n"
    document = read(text)
    nights = [one for one in document.statements if isinstance(one, Event)]
    assert [(one.title, one.at.line) for one in nights] == [("Leeds 2019-05-01", 1), ("2020-06-02 Oslo", 6)]
    assert [one.event for one in items(document)] == [nights[0].ref] * 2 + [nights[1].ref] * 2


def test_a_text_without_a_title_or_a_date_has_them_from_its_name() -> None:
    night = event(read("Tracklist:\n1. Ada - Low Tide\n2. Zeno - Dub\n", "2019-05-01-the-dock.txt"))
    assert (night.title, night.date) == ("the dock", "2019-05-01")


def test_the_tracks_of_a_release_were_not_played() -> None:
    assert read("---\nkind: release\n---\nTracklist:\n\n1. Ada - Low Tide\n2. Zeno - Dub\n").statements == ()


@pytest.mark.parametrize("text", NO_TRACKLISTS)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_ordinary_lists_say_nothing_of_music(text: str, name: str) -> None:
    assert read(f"Some words before it.\n\n{text}\n\nSome after it.\n", name).statements == ()


@pytest.mark.skipif(not SITE.exists(), reason="the samples are not here")
def test_the_vinyl_mix_of_a_real_site_is_read_whole() -> None:
    path = SITE / "basspistol" / "_posts" / "2018-08-27-cricketsummermix.md"
    [document] = read_file(path.read_bytes(), path.name)
    found = items(document)
    assert len(found) == 33
    assert (found[7].artist, found[7].title, found[7].version) == ("Snoop Dogg", "Gin & Juice", "Remix")
    assert (event(document).title, event(document).date) == ("G-Funk Summer Mix 2018", "2018-08-27")


@pytest.mark.skipif(not SITE.exists(), reason="the samples are not here")
def test_no_other_text_of_a_real_site_is_taken_for_a_set() -> None:
    told = []
    for path in sorted(SITE.rglob("_posts/*.md")):
        if path.name != "_defaults.md":
            told += [path.stem for document in read_file(path.read_bytes(), path.name) if items(document)]
    assert [name for name in told if "mix" not in name] == []
