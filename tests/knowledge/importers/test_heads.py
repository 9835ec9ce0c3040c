"""What the heads of notes state."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import prose
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Alias, Credit, Event, Link, Release, Statement, Track

SITE = Path(__file__).parents[4] / "shared" / "data" / "artist-site"
RELEASE = """---
title: Harbour
kind: album
artist: [Ada, Zeno]
label: Kontur
catalog_number: KO-01
barcode: "0724384960650"
date: 2019-05-03
formats: [LP, CD]
licence: CC BY 4.0
aliases: [Hafen]
bandcamp: https://example.bandcamp.com/album/harbour
tickets: javascript:alert(1)
links:
  - name: YouTube
    url: https://example.org/y
  - https://example.org/z
credits:
  mastering: [Bo, Cy]
  cover: Ida
tracks:
  - title: Low Tide (Ana Remix)
    duration: "4:41"
    isrc: NL-A1Z-26-00123
    bpm: 124.5
    key: 4A
  - Monday
---
"""


def document(text: str) -> ImportedDoc:
    (only,) = prose.read(Sniffed(text.encode(), PurePosixPath("note.md")))
    return only


def said(text: str) -> tuple[Statement, ...]:
    return document(text).statements


def test_a_head_of_fields_only_is_a_release_with_its_tracks() -> None:
    (release,) = (one for one in said(RELEASE) if isinstance(one, Release))
    first, second = (one for one in said(RELEASE) if isinstance(one, Track))
    assert (release.title, release.artist, release.kind, release.date) == (
        "Harbour",
        "Ada, Zeno",
        "album",
        "2019-05-03",
    )
    assert (release.label, release.catalogue_number, release.barcode) == ("Kontur", "KO-01", "0724384960650")
    assert (release.medium, release.licence) == ("LP, CD", "CC BY 4.0")
    assert (first.title, first.version, first.position, first.release) == ("Low Tide", "Ana Remix", 1, release.ref)
    assert (first.duration_ms, first.isrc, first.bpm_milli, first.musical_key) == (
        281_000,
        "NLA1Z2600123",
        124_500,
        "4A",
    )
    assert (second.title, second.position) == ("Monday", 2)


def test_every_statement_quotes_the_lines_of_the_head() -> None:
    lines = RELEASE.split("\n")
    for one in said(RELEASE):
        assert one.at.line
        assert one.at.raw.split("\n")[0] in lines[one.at.line - 1]


def test_links_lead_to_the_web_only_and_say_what_for() -> None:
    assert [(one.relation, one.url) for one in said(RELEASE) if isinstance(one, Link)] == [
        ("watch", "https://example.org/y"),
        ("elsewhere", "https://example.org/z"),
        ("buy", "https://example.bandcamp.com/album/harbour"),
    ]


def test_credits_are_a_mapping_a_list_or_a_field() -> None:
    def roles(head: str) -> list[tuple[str, str]]:
        text = f"---\nkind: track\ntitle: Low Tide\n{head}\n---\n"
        return [(one.person, one.role) for one in said(text) if isinstance(one, Credit)]

    assert [(one.person, one.role) for one in said(RELEASE) if isinstance(one, Credit)] == [
        ("Bo", "mastering"),
        ("Cy", "mastering"),
        ("Ida", "cover"),
    ]
    assert roles('credits: ["Bo (bass, drums)", "vocals: Ida"]') == [("Bo", "bass, drums"), ("Ida", "vocals")]
    assert roles("credits:\n  - {name: Bo, role: bass}") == [("Bo", "bass")]
    assert roles("producer: Ada, Zeno") == [("Ada", "producer"), ("Zeno", "producer")]
    assert roles("credits: Thanks to everybody.") == []


def test_other_names_are_of_what_the_note_is_about() -> None:
    assert [(one.kind, one.name, one.alias) for one in said(RELEASE) if isinstance(one, Alias)] == [
        ("release", "Harbour", "Hafen")
    ]
    assert [
        one.kind for one in said("---\nkind: song\ntitle: Low Tide\naliases: Tide\n---\n") if isinstance(one, Alias)
    ] == ["work"]


def test_a_night_keeps_its_place_and_who_else_played() -> None:
    text = (
        "---\nkind: gig\ntitle: Harbour Night\ndate: 2019-10-18\nvenue: Kaiku\ncity: Helsinki\nb2b: [Ada, Zeno]\n"
        "tickets: https://example.org/t\n---\nIt rained.\n"
    )
    (event,) = (one for one in said(text) if isinstance(one, Event))
    (link,) = (one for one in said(text) if isinstance(one, Link))
    assert (event.title, event.date, event.venue, event.city) == ("Harbour Night", "2019-10-18", "Kaiku", "Helsinki")
    assert event.performers == ("Ada", "Zeno")
    assert (link.relation, link.of_kind, link.of) == ("tickets", "event", event.ref)


def test_a_night_with_a_tracklist_below_is_stated_once() -> None:
    text = (
        "---\nkind: set\ntitle: Harbour Night\ndate: 2019-10-18\nvenue: Kaiku\n---\n\n"
        "0:00 Ada - One\n5:00 Ada - Two\n10:00 Zeno - Three\n"
    )
    assert sum(isinstance(one, Event) for one in said(text)) == 1


def test_toml_heads_say_the_same() -> None:
    text = '+++\ntitle = "Harbour"\nkind = "ep"\nlabel = "Kontur"\ndate = 2019-05-03\n+++\n'
    (release,) = said(text)
    assert isinstance(release, Release)
    assert (release.title, release.kind, release.label, release.date) == ("Harbour", "ep", "Kontur", "2019-05-03")


def test_a_dump_of_tags_is_read_and_its_neighbours_are_not() -> None:
    text = (
        "---\nlayout: track\nformat:\n  duration: 280.9208163265306\n"
        "common:\n  track:\n    'no': '5'\n  title: Acid Forest\n  artist: Ada\n  album: Harbour\n"
        "transformed:\n  ID3v2.3:\n    LABEL: Kontur\n    CATALOGNUMBER: KO-01\n"
        "nextTrack:\n  common:\n    title: Monday\n---\n"
    )
    release, track = said(text)
    assert isinstance(release, Release)
    assert isinstance(track, Track)
    assert (release.title, release.label, release.catalogue_number) == ("Harbour", "Kontur", "KO-01")
    assert (track.title, track.position, track.duration_ms, track.label) == ("Acid Forest", 5, 280_920, "Kontur")
    assert "Monday" not in str(said(text))


def test_a_note_about_a_release_may_have_a_title_of_its_own() -> None:
    text = "---\ntitle: Granny is back\ncategory: release\nalbum: cyber-granny\n---\nShe is.\n"
    assert [one.title for one in said(text) if isinstance(one, Release)] == ["cyber granny"]


@pytest.mark.parametrize(
    "head",
    ["title: A thought\ndate: 2019-01-01", "kind: album", "kind: album\ntitle: ''", "layout: post\ntitle: x\nlabel: y"],
)
def test_a_head_that_is_about_nothing_states_nothing(head: str) -> None:
    assert said(f"---\n{head}\n---\nSome words.\n") == ()


@pytest.mark.parametrize(
    "key", ["tracks", "credits", "links", "aliases", "artist", "album", "date", "common", "format"]
)
@pytest.mark.parametrize(
    "value", ["x", "[]", "[[], {}, null]", "{a: {b: c}}", "[{title: [x]}]", "~", "{name: [], url: []}"]
)
def test_whatever_stands_in_a_field_the_rest_is_read(key: str, value: str) -> None:
    assert any(isinstance(one, Release) for one in said(f"---\nkind: ep\ntitle: Harbour\n{key}: {value}\n---\n"))


def test_a_head_of_fields_that_state_nothing_is_still_refused() -> None:
    with pytest.raises(ImportRefused):
        document("---\ntitle: Empty\n---\n")


@pytest.mark.skipif(not SITE.exists(), reason="the sample site is not here")
def test_a_real_site_gives_its_tracks_and_albums() -> None:
    def read(pattern: str) -> list[Statement]:
        return [one for path in sorted(SITE.glob(pattern)) for one in said(path.read_text())]

    tracks = [one for one in read("basspistol/_tracks/*/*.md") if isinstance(one, Track)]
    assert len(tracks) == 93
    assert all(one.title and one.release and one.position and one.duration_ms for one in tracks)
    assert sum(one.label == "Basspistol" for one in tracks) == 83
    albums = [one for one in read("basspistol/_albums/*.md") if isinstance(one, Release)]
    assert len(albums) == 11
    assert {one.catalogue_number for one in albums} >= {"BPIST001", "BPIST002", "BPIST003", "BPIST007", "BPIST011"}
    assert sum(isinstance(one, Track) for one in read("setto/_tracks/*/*.md")) == 8
    assert not any("/mnt/" in one.at.raw for one in read("setto/_albums/*.md"))
