"""Concerts downloaded from setlist.fm."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import setlistfm
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Event, SetItem

DATA = Path(__file__).parents[4] / "shared" / "data" / "formats" / "setlistfm"
CONCERT: dict[str, Any] = {
    "id": "a1",
    "eventDate": "04-09-2018",
    "artist": {"name": "The Tides"},
    "venue": {
        "name": "Pier Hall",
        "city": {"name": "Leeds", "state": "England", "country": {"code": "GB", "name": "United Kingdom"}},
    },
    "tour": {"name": "Low Water"},
    "info": "Rain all night.",
    "url": "https://example.org/a1",
    "sets": {
        "set": [
            {"song": [{"name": "Intro", "tape": True}, {"name": "Monday", "info": "> into Tuesday"}, {"name": ""}]},
            {"encore": 1, "song": [{"name": "Harbour", "cover": {"name": "Ada"}, "with": {"name": "Zeno"}}]},
        ]
    },
}


def sniffed(value: Any) -> Sniffed:
    return Sniffed(json.dumps(value).encode(), PurePosixPath("setlists.json"))


def document(value: Any) -> ImportedDoc:
    (only,) = setlistfm.read(sniffed(value))
    return only


def test_a_concert_keeps_its_place_and_its_tour() -> None:
    event = document(CONCERT).statements[0]
    assert isinstance(event, Event)
    assert (event.ref, event.date, event.venue, event.city, event.region) == (
        "a1",
        "2018-09-04",
        "Pier Hall",
        "Leeds",
        "England",
    )
    assert (event.country, event.tour, event.note, event.kind) == (
        "United Kingdom",
        "Low Water",
        "Rain all night.",
        "concert",
    )


def test_songs_run_through_the_whole_concert() -> None:
    items = [one for one in document({"setlist": [CONCERT]}).statements if isinstance(one, SetItem)]
    assert [(one.position, one.set_no, one.encore) for one in items] == [
        (1, 1, False),
        (2, 1, False),
        (3, 1, False),
        (4, 2, True),
    ]
    assert [one.from_tape for one in items] == [True, False, False, False]
    assert [one.is_unknown for one in items] == [False, False, True, False]
    assert (items[1].segue, items[1].note) == (True, "into Tuesday")
    assert (items[3].cover_of, items[3].guests) == ("Ada", ("Zeno",))
    assert json.loads(items[3].at.raw)["name"] == "Harbour"


@pytest.mark.parametrize("value", [{"setlist": []}, {"setlist": None, "eventDate": 1}, [1, None], {"setlist": [{}]}])
def test_a_download_without_concerts_is_refused(value: Any) -> None:
    with pytest.raises(ImportRefused, match="no concert"):
        document(value)


@pytest.mark.parametrize("key", sorted(CONCERT))
@pytest.mark.parametrize("value", [None, 7, "x", [], [None], {}, {"set": [{"song": [None, {"name": {}}]}]}])
def test_whatever_stands_in_a_field_the_rest_is_read(key: str, value: Any) -> None:
    assert document([CONCERT, {**CONCERT, key: value}]).statements


def test_damaged_json_is_refused() -> None:
    with pytest.raises(ImportRefused, match="damaged"):
        setlistfm.read(Sniffed(b'{"eventDate": "', PurePosixPath("x.json")))
    with pytest.raises(ImportRefused, match="damaged"):
        setlistfm.read(Sniffed(b"[" * 100_000, PurePosixPath("x.json")))


def test_it_is_told_by_its_keys() -> None:
    assert setlistfm.is_it(sniffed(CONCERT))
    assert not setlistfm.is_it(sniffed({"messages": []}))
    assert not setlistfm.is_it(Sniffed(b"\xff\xfe\x00", PurePosixPath("x.json")))


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are not here")
def test_a_page_of_a_search_gives_its_concerts() -> None:
    data = (DATA / "pearl_jam_search_setlists.json").read_bytes()
    file = Sniffed(data, PurePosixPath("search.json"))
    assert setlistfm.is_it(file)
    (found,) = setlistfm.read(file)
    events = [one for one in found.statements if isinstance(one, Event)]
    items = [one for one in found.statements if isinstance(one, SetItem)]
    assert [one.date for one in events] == ["2018-09-04", "2018-09-02", "2018-08-20", "2018-08-18", "2018-08-13"]
    assert [sum(one.event == event.ref for one in items) for event in events] == [31, 31, 30, 33, 30]
    assert (items[0].title, items[0].from_tape) == ("Aye Davanita", True)
    assert "Joe Strummer & the Mescaleros" in {one.cover_of for one in items}
