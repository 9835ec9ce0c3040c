"""The pages of nights, records and songs: what was played when, where it is heard from, and never above the tier."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from knowledge import Recording, Wish
from presence.bootstrap import Services
from tests.knowledge.recordings.sounds import write
from tests.nodes import client_of, take_in, write_notes
from tests.presence.web import test_recordings as uploading
from trustgraph import Tier

HTML = {"Accept": "text/html"}
LENGTH_S = 600.0
NOTES = {
    "ferry.md": """---
title: Night ferry
date: 2015-06-20
kind: set
tier: public
venue: MS Ragna
city: Holm
tickets: https://tickets.example/ferry
---
We played on the upper deck until the coast guard called. Monday Dub was for the coast guard.

At 0:07:45 you hear the horn of the ship.

[0:00:00] Zeno Obuya - Monday Dub [Lantern]
[0:07:30] Ada Marsh - Low Tide (Long Mix) [Dock]
[0:15:10] ID - ID
""",
    "record.md": """---
title: Tide Tables
date: 2014-05-23
kind: release
tier: public
label: Dock
licence: CC BY 4.0
buy: https://shop.example/tide
artist: Ada Marsh
tracks:
  - Low Tide
  - High Water
---
Tide Tables is my first record.
""",
    "circle.md": """---
title: Heronshaw night
date: 2016-01-02
kind: set
tier: circle
---
[0:00:00] Ada Marsh - Heronshaw
[0:04:00] Ada Marsh - Chapel
""",
}


@pytest.fixture
def played(node: Services, tmp_path: Path) -> Services:
    take_in(node, write_notes(tmp_path / "notes", NOTES), tier=None)
    return node


@pytest.fixture
def client(played: Services) -> Iterator[TestClient]:
    with client_of(played) as opened:
        yield opened


def look(client: TestClient, services: Services, tier: Tier) -> None:
    """Look through the eyes of a tier."""
    uploading.sign_in(services, client)
    client.post("/operator/preview", data={"tier": tier.slug})


def record(services: Services, folder: Path, tier: int = 0, name: str = "Night ferry") -> Recording:
    night = next(one for one in services.acts.things.every(4) if name in one.name)
    path = write(folder / f"{tier}.flac", LENGTH_S)
    wish = Wish(path.stat().st_size, tier, "From the desk", "event", night.key)
    return services.recordings.add(path, wish, lambda _done, _whole: None)


def page(client: TestClient, address: str) -> BeautifulSoup:
    response = client.get(address, headers=HTML)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


def night(client: TestClient, year: int = 2015) -> BeautifulSoup:
    [link] = page(client, f"/sets?year={year}").select(".shelf a")
    return page(client, str(link["href"]))


def test_nights_are_listed_by_year_and_never_above_the_tier(client: TestClient, played: Services) -> None:
    years = [link["href"] for link in page(client, "/sets").select(".years a")]
    assert years == ["/sets?year=2015"]
    assert not page(client, "/sets?year=2016").select(".shelf a")
    look(client, played, Tier.INNER)
    assert [link["href"] for link in page(client, "/sets").select(".years a")] == ["/sets?year=2016", "/sets?year=2015"]


def test_a_night_tells_its_timeline_its_notes_and_where_tickets_are(client: TestClient) -> None:
    told = night(client)
    lines = [" ".join(line.get_text(" ", strip=True).split()) for line in told.select(".timeline li")]
    assert lines[0].startswith("0:00:00 Zeno Obuya – Monday Dub")
    assert lines[2].startswith("0:15:10")
    assert [pin.get_text(" ", strip=True) for pin in told.select(".timeline .pin")] == ["Ada Marsh Night ferry"]
    [link] = told.select(".links a")
    assert (link["href"], link.get_text(" ", strip=True)) == (
        "https://tickets.example/ferry",
        "Tickets tickets.example",
    )


def test_what_is_asked_about_a_moment_stands_in_the_box_and_is_not_sent(client: TestClient, played: Services) -> None:
    link = night(client).select_one(".timeline .ask")
    box = page(client, str(link["href"])).select_one("#question")  # type: ignore[index]
    assert box is not None
    assert box.get_text() == "Why did you play “Monday Dub” on 20 June 2015?"
    assert played.answers.past() == []


def test_each_piece_is_heard_from_its_second(client: TestClient, played: Services, tmp_path: Path) -> None:
    made = record(played, tmp_path)
    told = night(client)
    heard = [link["href"] for link in told.select(".timeline a[data-play]")]
    assert heard == [f"/audio/{made.ident}#t=0", f"/audio/{made.ident}#t=450"]  # the third begins after its end
    player = told.select_one(".player")
    assert player is not None
    assert player.select_one("audio")["src"] == f"/audio/{made.ident}"  # type: ignore[index]
    assert str(player.select_one("svg path")["d"]).startswith("M0.5 ")  # type: ignore[index]


def test_a_recording_above_the_tier_is_in_no_page_and_is_not_found(
    client: TestClient, played: Services, tmp_path: Path
) -> None:
    def without_marks() -> str:
        return re.sub(r'name="once" type="hidden" value="[\w-]{16}"', "", str(night(client)))

    before = without_marks()
    made = record(played, tmp_path, tier=2)
    assert without_marks() == before
    assert client.get(f"/audio/{made.ident}").status_code == 404
    look(client, played, Tier.SUPPORTER)
    assert night(client).select_one(".player audio") is not None


def test_a_cited_row_and_a_line_with_a_time_are_heard_from_there(
    client: TestClient, played: Services, tmp_path: Path
) -> None:
    made = record(played, tmp_path)
    asked = client.post("/ask", data={"question": "What did you play after Monday Dub at Night ferry?"}, headers=HTML)
    chips = BeautifulSoup(asked.text, "html.parser").select(".card a[data-play]")
    assert f"/audio/{made.ident}#t=450" in [chip["href"] for chip in chips], asked.text
    place = next(link["href"] for link in page(client, "/search?q=horn of the ship").select(".found a"))
    [play] = page(client, str(place)).select("a[data-play][href$='#t=465']")
    assert play["aria-label"] == "Play from 0:07:45"


def test_a_record_tells_its_tracks_its_licence_and_where_to_buy_it(client: TestClient) -> None:
    [link] = page(client, "/releases").select(".shelf a")
    told = page(client, str(link["href"]))
    assert [one.get_text() for one in told.select(".timeline .what a")][-1:] == ["High Water"]
    assert "CC BY 4.0" in told.select_one(".meta").get_text()  # type: ignore[union-attr]
    assert [one["href"] for one in told.select(".links a")] == ["https://shop.example/tide"]


def test_a_song_leads_to_its_nights_and_its_records(client: TestClient) -> None:
    link = next(one for one in night(client).select(".timeline .what a") if "Low Tide" in one.get_text())
    told = page(client, str(link["href"]))
    assert "Played on 1 night" in told.get_text()
    assert re.fullmatch(r"/sets/[\w-]+#i[\w-]+", str(told.select_one(".shelf a")["href"]))  # type: ignore[index]


def test_what_is_no_night_no_record_and_no_song_is_not_found(client: TestClient, played: Services) -> None:
    with played.database.reader(4) as reader:
        hidden = str(reader.exec_driver_sql("SELECT id FROM set_items WHERE title = 'Chapel'").scalar())
    for place in ("sets", "releases", "songs", "rows"):
        gated, unknown = (client.get(f"/{place}/{ident}", headers=HTML) for ident in (hidden, "nobody"))
        assert gated.status_code == 404
        assert gated.text.replace(hidden, "nobody") == unknown.text


def test_search_finds_what_is_open_and_goes_on_to_the_next_page(client: TestClient, played: Services) -> None:
    told = page(client, "/search?q=coast guard")
    assert "coast guard" in told.select_one(".found p").get_text()  # type: ignore[union-attr]
    assert [one.get_text() for one in page(client, "/search?q=Tide Tables").select(".shelf:not(.found) a")] == [
        "Tide Tables"
    ]
    assert "Heronshaw" not in page(client, "/search?q=chapel night").get_text()
    look(client, played, Tier.INNER)
    assert "Heronshaw" in page(client, "/search?q=chapel night").get_text()


def test_search_shows_ten_at_a_time(client: TestClient, played: Services, tmp_path: Path) -> None:
    many = {
        f"{n}.md": f"---\ntitle: Buoy {n}\ntier: public\n---\nThe buoy number {n} rang all night." for n in range(13)
    }
    take_in(played, write_notes(tmp_path / "many", many), tier=None)
    first = page(client, "/search?q=buoy")
    assert len(first.select(".found > li")) == 10
    second = page(client, str(first.select_one("a[rel=next]")["href"]))  # type: ignore[index]
    shown = [one["href"] for told in (first, second) for one in told.select(".found > li > a")]
    assert len(shown) == len(set(shown)) >= 13
    assert client.get("/search?q=buoy&page=999").status_code == 422


def test_where_a_tier_may_not_ask_it_does_not_search(client: TestClient, played: Services) -> None:
    played.people.terms.change(Tier.PUBLIC, may_ask=False)
    assert client.get("/search?q=ferry", headers=HTML).status_code == 403
    assert client.get("/search", headers=HTML).status_code == 200


def test_what_is_shared_of_a_page_is_what_a_stranger_reads_there(client: TestClient, played: Services) -> None:
    with played.database.reader(4) as reader:
        gated = str(reader.exec_driver_sql("SELECT id FROM events WHERE title = 'Heronshaw night'").scalar())
    told = night(client)
    title = told.select_one("meta[property='og:title']")
    picture = told.select_one("meta[property='og:image']")
    assert title is not None
    assert picture is not None
    assert title["content"] == "“Night ferry” (MS Ragna, Holm) · Ada Marsh"
    assert client.get(str(picture["content"]).removeprefix(played.origins.first)).headers["content-type"] == "image/png"
    shared = BeautifulSoup(client.get(f"/sets/{gated}", headers=HTML).text, "html.parser")
    assert [one["content"] for one in shared.select("meta[property='og:title']")] == ["Nothing is here · Ada Marsh"]
