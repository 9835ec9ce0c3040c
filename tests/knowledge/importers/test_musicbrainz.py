"""What MusicBrainz says, in its own JSON."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import musicbrainz
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Alias, Credit, Event, Link, Release, SetItem, Statement, Track

DATA = Path(__file__).parents[4] / "shared" / "data" / "formats" / "musicbrainz-json"
ID = "11111111-2222-3333-4444-555555555555"


def relation(kind: str, name: str, *attributes: str) -> dict[str, Any]:
    return {"type": kind, "target-type": "artist", "attributes": list(attributes), "artist": {"name": name}}


RELEASE: dict[str, Any] = {
    "id": ID,
    "title": "Harbour",
    "date": "2019-05",
    "barcode": "0724384960650",
    "country": "GB",
    "artist-credit": [{"name": "Ada", "joinphrase": " & "}, {"artist": {"name": "Zeno"}}],
    "release-group": {"primary-type": "Album", "secondary-types": []},
    "label-info": [{"catalog-number": "KO-01", "label": {"name": "Kontur"}}, {"label": None}],
    "aliases": [{"name": "Hafen"}],
    "relations": [
        relation("mix-DJ", "Ada", "medium 2"),
        relation("producer", "Mo", "executive"),
        relation("instrument", "Lu", "electric guitar", "bass"),
        relation("vocal", "Ida", "lead vocals"),
        {"type": "purchase for download", "url": {"resource": "https://example.org/buy"}},
        {"type": "other", "url": {"resource": "javascript:alert(1)"}},
    ],
    "media": [
        {
            "position": 2,
            "format": '12" Vinyl',
            "tracks": [
                {
                    "title": "Low Tide",
                    "position": 3,
                    "length": 281000,
                    "recording": {
                        "id": ID,
                        "title": "Low Tide",
                        "isrcs": ["NLA1Z2600123"],
                        "relations": [
                            relation("engineer", "Bo"),
                            {
                                "type": "performance",
                                "work": {
                                    "id": "work-1",
                                    "title": "Low Tide",
                                    "iswcs": ["T-1"],
                                    "relations": [relation("composer", "Cy")],
                                },
                            },
                        ],
                    },
                }
            ],
        }
    ],
}


def document(value: Any) -> ImportedDoc:
    (only,) = musicbrainz.read(Sniffed(json.dumps(value).encode(), PurePosixPath("x.json")))
    return only


def said(value: Any) -> tuple[Statement, ...]:
    return document(value).statements


def test_a_release_keeps_its_label_its_numbers_and_its_tracks() -> None:
    release = said(RELEASE)[0]
    (track,) = (one for one in said(RELEASE) if isinstance(one, Track))
    assert isinstance(release, Release)
    assert (release.artist, release.kind, release.date, release.label) == ("Ada & Zeno", "album", "2019-05", "Kontur")
    assert (release.catalogue_number, release.barcode, release.medium) == ("KO-01", "0724384960650", '12" Vinyl')
    assert (track.release, track.medium_no, track.position, track.duration_ms) == (release.ref, 2, 3, 281_000)
    assert (track.isrc, track.iswc, track.work_mbid, track.artist) == ("NLA1Z2600123", "T-1", "work-1", "Ada & Zeno")


def test_credits_say_the_role_in_words() -> None:
    found = {(one.of_kind, one.person, one.role) for one in said(RELEASE) if isinstance(one, Credit)}
    assert found == {
        ("release", "Ada", "mix-DJ (medium 2)"),
        ("release", "Mo", "executive producer"),
        ("release", "Lu", "electric guitar, bass"),
        ("release", "Ida", "lead vocals"),
        ("recording", "Bo", "engineer"),
        ("work", "Cy", "composer"),
    }


def test_links_lead_to_the_web_only() -> None:
    assert [(one.relation, one.url) for one in said(RELEASE) if isinstance(one, Link)] == [
        ("buy", "https://example.org/buy")
    ]


def test_other_names_are_kept() -> None:
    assert [(one.name, one.alias) for one in said(RELEASE) if isinstance(one, Alias)] == [("Harbour", "Hafen")]


def test_a_whole_release_by_a_dj_is_a_mix() -> None:
    release = said({"title": "X", "barcode": "", "id": "1", "relations": [relation("mix-DJ", "Ada")]})[0]
    assert isinstance(release, Release)
    assert release.kind == "mix"


def test_an_event_has_its_place_its_performers_and_its_songs() -> None:
    value = {
        "id": "e",
        "name": "Harbour Night",
        "type": "Concert",
        "time": "20:00",
        "life-span": {"begin": "2019-10-18"},
        "relations": [
            relation("main performer", "Ada"),
            {"type": "held at", "place": {"name": "Pier Hall", "area": {"name": "Leeds"}}},
        ],
        "setlist": "@ [x|Ada]\n* [y|Low Tide]\n# Encore\n* Monday",
    }
    event, *_ = said(value)
    assert isinstance(event, Event)
    assert (event.date, event.time, event.venue, event.city) == ("2019-10-18", "20:00", "Pier Hall", "Leeds")
    assert (event.kind, event.performers) == ("concert", ("Ada",))
    items = [one for one in said(value) if isinstance(one, SetItem)]
    assert [(one.artist, one.title, one.position, one.encore) for one in items] == [
        ("Ada", "Low Tide", 1, False),
        ("Ada", "Monday", 2, True),
    ]


def test_keys_with_underscores_are_the_same_keys() -> None:
    value = {"title": "X", "artist_credit": [{"name": "Ada"}], "label_info": [{"label": {"name": "Kontur"}}],
             "artist_relations": [relation("producer", "Mo")]}  # fmt: skip
    release, credit = said(value)
    assert isinstance(release, Release)
    assert isinstance(credit, Credit)
    assert (release.artist, release.label, credit.person) == ("Ada", "Kontur", "Mo")


def test_artists_and_labels_have_other_names_and_links() -> None:
    url = {"type": "bandcamp", "url": {"resource": "https://example.org"}}
    artist = {"name": "Ada", "sort-name": "Ada", "life-span": {}, "aliases": [{"name": "A."}], "relations": [url]}
    label = {"name": "Kontur", "label-code": 7, "life-span": {}, "aliases": [{"name": "KO"}]}
    assert [type(one) for one in said(artist)] == [Alias, Link]
    assert [one.kind for one in said(label) if isinstance(one, Alias)] == ["label"]


def nulled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: nulled(inner) for key, inner in value.items()}
    return [nulled(inner) for inner in value] if isinstance(value, list) else None


def test_nulls_everywhere_are_refused_with_a_sentence() -> None:
    with pytest.raises(ImportRefused, match="names no release"):
        document(nulled(RELEASE))


@pytest.mark.parametrize("key", sorted(set(RELEASE) - {"title"}))
@pytest.mark.parametrize("value", [None, 7, "x", [], [None], {}, [{"tracks": [{}, None]}], [{"artist": 1, "url": {}}]])
def test_whatever_stands_in_a_field_the_rest_is_read(key: str, value: Any) -> None:
    assert isinstance(said({**RELEASE, key: value})[0], Release)


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are not here")
def test_the_sample_files_give_what_is_in_them() -> None:
    def of(name: str) -> tuple[Statement, ...]:
        file = Sniffed((DATA / name).read_bytes(), PurePosixPath(name))
        assert musicbrainz.is_it(file)
        return tuple(one for document in musicbrainz.read(file) for one in document.statements)

    credits_ = [one for one in of("recording_credits.json") if isinstance(one, Credit)]
    assert len(credits_) == 10
    assert ("Lasse Wellander", "electric guitar") in {(one.person, one.role) for one in credits_}
    assert ("Frankmusik", "mix-DJ (medium 2)") in {
        (one.person, one.role) for one in of("release_djmix.json") if isinstance(one, Credit)
    }
    assert sum(isinstance(one, Track) for one in of("release.json")) == 10
    assert any(isinstance(one, Track) and one.isrc == "JPP302400868" for one in of("official_release.json"))
    assert ("composer", "work") in {
        (one.role, one.of_kind) for one in of("recording_composer.json") if isinstance(one, Credit)
    }
    for name in ("release_null.json", "label_info.json"):
        with pytest.raises(ImportRefused):
            of(name)
