"""What the notes speak of, over HTTP: found, joined, renamed, named, set apart, and taken back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.knowledge.facts.curating import night, seen
from tests.nodes import client_of, take_in, write_notes
from tests.trusting import operator_of

HTML = {"Accept": "text/html"}
NIGHTS = {
    "a.md": night("One", "2019-07-14", "The Dock", "Zeno Obuya - Night Bus", "Petra - Door"),
    "b.md": night(
        "Two", "2020-01-02", "Dock", "Zeno Obuja - Night Bus", "Petra - Door", "Petra - Part 1", "Petra - Part 2"
    ),
    "c.md": night("Three", "2021-03-04", "The Chapel", "Heron Shaw - Roof", "Heronshaw - Wall", tier="circle"),
}


@pytest.fixture
def told(node: Services, tmp_path: Path) -> Services:
    take_in(node, write_notes(tmp_path / "nights", NIGHTS), tier=None)
    return node


@pytest.fixture
def client(told: Services) -> Iterator[TestClient]:
    with client_of(told) as opened:
        operator_of(opened, told)
        yield opened


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a class="reach" href="[^"]+">([^<]+)</a>', page)


def asked(node: Services, question: str, tier: int = 0) -> str:
    return node.trying.answer(question, tier).text


def test_things_are_found_by_kind_name_and_date(client: TestClient) -> None:
    artists = names(client.get("/studio/things?kind=artist", headers=HTML).text)
    assert artists == ["Heron Shaw", "Heronshaw", "Kaja", "Petra", "Zeno Obuja", "Zeno Obuya"]
    assert names(client.get("/studio/things?words=obu", headers=HTML).text)[-2:] == ["Zeno Obuja", "Zeno Obuya"]
    assert names(client.get("/studio/things?kind=event&words=2020-01", headers=HTML).text) == ["Two, Dock, Leeds"]
    assert names(client.get("/studio/things?kind=nothing&words=zzz", headers=HTML).text) == []


def test_a_page_of_a_thing_tells_what_speaks_of_it(client: TestClient) -> None:
    page = client.get("/studio/things/one?kind=work&key=door|petra", headers=HTML).text
    assert page.count('name="row"') == 2
    assert "Petra - Door" in page
    assert client.get("/studio/things/one?kind=work&key=nothing", headers=HTML).status_code == 404
    assert client.get("/studio/things/one", headers=HTML).status_code == 404


def test_likely_doubles_are_joined_after_one_look_and_taken_back(told: Services, client: TestClient) -> None:
    page = client.get("/studio/things/alike", headers=HTML).text
    pairs = re.findall(r'<h2 id="pair-\d+"><a[^>]*>([^<]+)</a> and <a[^>]*>([^<]+)</a>', page)
    assert {frozenset(pair) for pair in pairs} == {
        frozenset({"Zeno Obuya", "Zeno Obuja"}),
        frozenset({"Heron Shaw", "Heronshaw"}),
    }
    both = {"kind": "artist", "key": "zeno obuja", "other": "zeno obuya"}
    look = client.post("/studio/things/join", data=both, headers=HTML).text
    assert "1 line of your notes will count for “Zeno Obuya”" in look
    assert told.curation.changes() == []
    done = client.post("/studio/things/join", data=both | {"confirmed": "yes"}, headers=HTML).text
    assert "They are one thing now" in done
    assert "Also written “Zeno Obuja”" in done
    assert "2 shows" in asked(told, "How often was Night Bus played?")
    (change,) = told.curation.changes()
    client.post("/studio/things/undo", data={"ident": change.ident})
    assert told.directory.find("artist", "zeno obuja") is not None


def test_what_joins_above_a_tier_changes_nothing_below(told: Services, client: TestClient) -> None:
    before = seen(told, 0)
    both = {"kind": "artist", "key": "heronshaw", "other": "heron shaw", "confirmed": "yes", "from_list": "yes"}
    assert client.post("/studio/things/join", data=both, headers=HTML).status_code == 200
    assert seen(told, 0) == before


def test_what_is_counted_leads_to_it(client: TestClient) -> None:
    def counted() -> list[tuple[str, str]]:
        return re.findall(
            r'<a href="(/studio/things/\w+)"><b>(\d+)</b>', client.get("/studio/things", headers=HTML).text
        )

    assert counted() == [("/studio/things/alike", "2"), ("/studio/things/changes", "0")]
    both = {"kind": "artist", "key": "zeno obuja", "other": "zeno obuya", "confirmed": "yes"}
    client.post("/studio/things/join", data=both, headers=HTML)
    assert counted() == [("/studio/things/alike", "1"), ("/studio/things/changes", "1")]


def test_two_things_that_look_alike_are_kept_apart(told: Services, client: TestClient) -> None:
    client.post("/studio/things/keep-apart", data={"kind": "artist", "key": "zeno obuja", "other": "zeno obuya"})
    assert "Zeno" not in client.get("/studio/things/alike", headers=HTML).text
    assert "Heronshaw" in client.get("/studio/things/alike", headers=HTML).text


def test_a_thing_is_renamed_for_what_comes_as_well_and_back(told: Services, client: TestClient, tmp_path: Path) -> None:
    both = {"kind": "work", "key": "door|petra"}
    page = client.post("/studio/things/rename", data=both | {"name": "The Old Gate"}, headers=HTML).text
    assert "<h1>The Old Gate</h1>" in page
    assert "Also written “Door”" in page
    later = {"d.md": night("Four", "2022-01-02", "The Dock", "Petra - Door")}
    take_in(told, write_notes(tmp_path / "later", later), tier=None)
    for called in ("The Old Gate", "Door"):
        assert "3 shows" in asked(told, f"How often was {called} played?")
    taken = client.post("/studio/things/rename", data=both | {"key": "old gate|petra", "name": "Ice"}, headers=HTML)
    assert taken.status_code == 200
    (first, second) = told.curation.changes()
    assert [one.what for one in (first, second)] == ["rename", "rename"]
    client.post("/studio/things/undo", data={"ident": second.ident})
    client.post("/studio/things/undo", data={"ident": first.ident})
    assert told.directory.find("work", "door|petra") is not None
    assert told.directory.find("work", "old gate|petra") is None


@pytest.mark.parametrize(
    ("deed", "said", "status"),
    [
        ("rename", {"name": "Part 1"}, 409),
        ("rename", {"name": "door"}, 409),
        ("rename", {"name": " <!> "}, 422),
        ("name", {"alias": "Gate <2>", "tier": "nobody"}, 422),
        ("join", {"other": "No <such> song"}, 404),
        ("set-apart", {"name": "x <y>"}, 422),
    ],
)
def test_what_cannot_be_is_said_and_not_lost(
    told: Services, client: TestClient, deed: str, said: dict[str, str], status: int
) -> None:
    refused = client.post(f"/studio/things/{deed}", data={"kind": "work", "key": "door|petra"} | said, headers=HTML)
    assert refused.status_code == status
    assert 'role="alert"' in refused.text
    typed = next(value for name, value in said.items() if name != "tier")
    assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in refused.text
    assert told.curation.changes() == []


def test_another_name_and_lines_of_another_thing(told: Services, client: TestClient) -> None:
    both = {"kind": "work", "key": "door|petra"}
    client.post("/studio/things/name", data=both | {"alias": "The Yellow Gate", "tier": "public"}, headers=HTML)
    assert "2 shows" in asked(told, "How often was The Yellow Gate played?")
    page = client.get("/studio/things/one", params=both, headers=HTML).text
    row = re.findall(r'name="row" value="([^"]+)"', page)[0]
    parted = client.post("/studio/things/set-apart", data=both | {"row": row, "name": "Other Door"}, headers=HTML).text
    assert "What you chose is another thing now." in parted
    assert parted.count('name="row"') == 1
    assert "Other Door" in names(client.get("/studio/things?kind=work", headers=HTML).text)
    changes = client.get("/studio/things/changes", headers=HTML).text
    assert "“Door” is called “The Yellow Gate” as well" in changes
    assert "Some of “door (petra)” is another thing" in changes
