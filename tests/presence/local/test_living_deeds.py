"""The deeds on notes, imports, previews and the inbox: each tells what it did, in one shape for people and programs."""

from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import PreviewGone
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.cli.living_shown import LivingShown, PreviewShown
from presence.local.deeds import DEEDS
from tests.knowledge.notes import texts
from tests.nodes import write_notes

PIANO = "---\ntitle: Piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano.\n"
TEAM = "Which football team do you follow?"


def done(services: Services, deed: str, **arguments: Any) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    assert DEEDS[deed](services, arguments, told.append) == 0
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_notes(tmp_path / "notes", {"a.md": PIANO})


def test_an_import_is_looked_at_and_then_confirmed(node: Services, folder: Path) -> None:
    preview = done(node, "import stage", path=str(folder))[-1]
    assert preview["files"] == [
        {"name": "a.md", "status": "ok", "tier": "public", "passages": 1, "statements": 0, "remarks": []}
    ]
    assert (preview["ok"], preview["replaced"], texts(node, 4)) == (1, 0, [])
    (imported,) = done(node, "import publish", **{"import": preview["import"]})
    assert (imported["event"], imported["import"], imported["ok"]) == ("imported", preview["import"], 1)
    assert len(texts(node, 0)) == 1


def test_an_import_is_looked_at_and_thrown_away(node: Services, folder: Path) -> None:
    preview = done(node, "import stage", path=str(folder))[-1]
    assert done(node, "import discard", **{"import": preview["import"]})[-1]["event"] == "discarded"
    with pytest.raises(PreviewGone):
        DEEDS["import publish"](node, {"import": preview["import"]}, lambda _told: None)


def test_a_note_goes_through_all_that_can_become_of_it(node: Services, folder: Path) -> None:
    done(node, "import", path=str(folder))
    (first,) = done(node, "notes list")
    assert (first["title"], first["tier"], first["state"], first["file"]) == ("Piano", "public", "shown", "a.md")
    assert done(node, "notes show", id=first["id"])[0]["text"] == "I wrote Pilot Ladder on a rented piano."
    edited = done(node, "notes edit", id=first["id"], text="I wrote it on an organ.\n")
    assert [one["event"] for one in edited] == ["imported", "note_changed"]
    versions = done(node, "notes history", id=first["id"])
    assert [one["state"] for one in versions] == ["shown", "replaced"]
    second = versions[0]["id"]
    assert done(node, "notes retier", id=second, tier="circle")[0]["tier"] == "circle"
    assert done(node, "notes list", tier="public") == []
    assert done(node, "notes retract", id=second)[0]["state"] == "taken back"
    assert (done(node, "notes list"), len(done(node, "notes list", all=True))) == ([], 1)
    assert done(node, "notes restore", id=second)[0]["state"] == "shown"
    assert texts(node, 3) == ["I wrote it on an organ."]


def test_imports_are_listed_and_undone(node: Services, folder: Path) -> None:
    done(node, "import", path=str(folder))
    (listed,) = done(node, "imports list")
    assert (listed["label"], listed["notes"], listed["shown"], listed["undone_at"]) == (str(folder), 1, 1, None)
    (undone,) = done(node, "imports undo", **{"import": listed["import"]})
    assert (undone["set_aside"], undone["again"]) == (1, 0)
    assert done(node, "imports list")[0]["undone_at"] is not None


def forwarded(services: Services, question: str = TEAM) -> None:
    listener = Listener("anon:ada")
    ticket = services.counter.open(Question(question, listener))
    assert isinstance(ticket, Ticket)
    services.desk.start(ticket).result(10)
    services.inbox.forward(ticket.ident, listener, with_name=True)


def test_the_inbox_is_listed_answered_and_dismissed(node: Services, folder: Path) -> None:
    done(node, "import", path=str(folder))
    forwarded(node)
    forwarded(node)
    forwarded(node, "Do your knees hurt on stairs?")
    team, knees = done(node, "inbox list")
    assert (team["question"], team["count"], team["tiers"]) == (TEAM, 2, {"public": 2})
    assert (team["names"], team["questions"]) == (["anon:ada"], [TEAM])
    answered = done(node, "inbox answer", group=team["group"], text="Grimsby Town.\n", name="a.txt", tier="circle")
    assert (answered[-1]["state"], answered[-1]["unheard"]) == ("answered", 2)
    assert done(node, "inbox dismiss", group=knees["group"])[0]["state"] == "dismissed"
    assert done(node, "inbox list") == []
    (note,) = done(node, "notes list", tier="circle")
    assert (note["title"], note["taken_in_by"]) == (TEAM, "answer")


def test_answers_that_do_not_hold_any_more_are_listed(node: Services, folder: Path) -> None:
    done(node, "import", path=str(folder))
    ticket = node.counter.open(Question("Where did you write Pilot Ladder?", Listener("anon:ada")))
    assert isinstance(ticket, Ticket)
    node.desk.start(ticket).result(10)
    assert done(node, "answers", stale=True) == []
    assert done(node, "answers")[0]["stale"] is False
    done(node, "notes retract", id=done(node, "notes list")[0]["id"])
    (stale,) = done(node, "answers", stale=True)
    assert (stale["id"], stale["stale"], stale["withdrawn"][0]["title"]) == (ticket.ident, True, "Piano")


def test_people_read_one_line_for_each(node: Services, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown, previewed = LivingShown(), PreviewShown()
    DEEDS["import stage"](node, {"path": str(folder)}, previewed)
    assert previewed.import_id is not None
    DEEDS["import publish"](node, {"import": previewed.import_id}, previewed)
    (note,) = node.library.shelf.notes()
    DEEDS["notes show"](node, {"id": note.ident}, shown)
    DEEDS["imports list"](node, {}, shown)
    forwarded(node)
    DEEDS["inbox list"](node, {}, shown)
    DEEDS["notes retract"](node, {"id": note.ident}, shown)
    DEEDS["imports undo"](node, {"import": note.import_id}, shown)
    out = capsys.readouterr().out
    for said in ("1 ok: 1 passages, 0 rows", "a.md", "rented piano", "1 of 1 notes shown", f"1×  {TEAM}",
                 "Piano: taken back, public", "undone: 0 notes taken back"):  # fmt: skip
        assert said in out


def test_a_long_preview_shows_first_what_needs_a_look(capsys: pytest.CaptureFixture[str]) -> None:
    def file(name: str, status: str) -> dict[str, Any]:
        return {"name": name, "status": status, "tier": None, "passages": 0, "statements": 0, "remarks": ["[why]"]}

    files = [*(file(f"good-{n}.md", "ok") for n in range(300)), file("bad.md", "refused")]
    counts = {"ok": 300, "unchanged": 0, "partial": 0, "refused": 1, "passages": 0, "statements": 0, "replaced": 7}
    PreviewShown()({"event": "preview", "import": "i", "files": files, **counts})
    out = capsys.readouterr().out
    assert "bad.md" in out
    assert "[why]" in out
    assert "101 files more" in out
    assert "replace 7 notes" in out
