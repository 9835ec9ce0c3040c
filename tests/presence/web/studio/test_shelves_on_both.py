"""The shelves of the studio once on each database."""

from pathlib import Path

from presence.bootstrap import Services
from tests.knowledge.facts.curating import night
from tests.nodes import client_of, take_in, write_notes
from tests.trusting import operator_of

HTML = {"Accept": "text/html"}
ASKED = "Where did you write Pilot Ladder?"


def test_what_the_artist_does_to_her_shelves(both: Services, material: Path, tmp_path: Path) -> None:
    take_in(both, material, tier=None)
    nights = {"a.md": night("One", "2019-07-14", "The Dock", "Zeno Obuya - Night Bus", "Zeno Obuja - Dawn")}
    take_in(both, write_notes(tmp_path / "nights", nights), tier=None)
    with client_of(both) as client:
        operator_of(client, both)
        opened = client.post("/api/questions", json={"question": ASKED}).json()
        client.get(opened["events"])

        page = client.get("/studio/notes", params={"words": "PIANO", "speaker": "Ada Marsh"}, headers=HTML).text
        assert "1 found<" in page
        note = next(one for one in both.library.shelf.notes() if one.title == "The rented piano")
        said = {"speaker": "Ruth", "licence": "CC0"}
        assert "words by Ruth" in client.post(f"/studio/notes/{note.ident}/words-by", data=said, headers=HTML).text
        assert ASKED in client.get(f"/studio/notes/{note.ident}", headers=HTML).text
        client.post(f"/studio/notes/{note.ident}/retract")
        assert "1 found<" in client.get("/studio/notes?away=yes", headers=HTML).text

        right = {"text": "In a boathouse.", "tier": "public", "told": "yes"}
        assert "Your words are a note now" in client.post(
            f"/studio/answers/{opened['id']}/correct", data=right, headers=HTML
        ).text  # fmt: skip
        assert "1" in client.get("/studio/answers?stale=yes", headers=HTML).text
        assert both.trying.answer(ASKED, 0).text == "In a boathouse."

        pair = {"kind": "artist", "key": "zeno obuja", "other": "zeno obuya"}
        client.post("/studio/things/keep-apart", data=pair)
        assert both.kept_apart.pairs() == {frozenset({"zeno obuja", "zeno obuya"})}
        client.post("/studio/things/join", data=pair | {"confirmed": "yes"})
        renamed = {"kind": "artist", "key": "zeno obuya", "name": "Zeno of Hull"}
        assert "<h1>Zeno of Hull</h1>" in client.post("/studio/things/rename", data=renamed, headers=HTML).text
        assert [change.what for change in both.curation.changes()] == ["merge", "rename"]
        for change in both.curation.changes():
            client.post("/studio/things/undo", data={"ident": change.ident})
        assert both.directory.find("artist", "zeno obuja") is not None

        client.post("/studio/quality/list", data={"text": f"{ASKED} => {ASKED}"})
        client.post("/studio/quality/run", data={"tier": "public"})
        assert both.quality.wait(60)
        assert both.quality.last is not None
        assert both.quality.last.right == 1
