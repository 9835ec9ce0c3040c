"""What is brought in waits, is looked at, kept or thrown away; nothing of it is seen before."""

import json
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.errors import ImportRefused
from knowledge.imported import ImportRequest, Step
from presence.bootstrap import Services
from presence.bringing.house import BringingIn, Brought, Wish
from presence.bringing.writing import night
from presence.errors import NotWaiting, SentTooMuch, UnknownBringing
from tests.nodes import open_node

LIST = """00:00 Zeno Obuya - Monday Dub [Lantern]
03:10 Ada Marsh - Low Tide (Long Mix) [Dock]
07:30 Kess - Ochre
?? that one with the bells
15:10 Mora Lind - Salt
"""
LONG_S = 30.0


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Services]:
    with open_node(tmp_path / "home") as services:
        yield services


def read(bringing: BringingIn, wish: Wish, files: dict[str, str]) -> Brought:
    ident = bringing.begin(wish)
    for name, text in files.items():
        bringing.put(ident, name, text)
    bringing.read(ident)
    bringing.wait(ident, LONG_S)
    return bringing.one(ident)


def kept(bringing: BringingIn, one: Brought) -> Brought:
    bringing.confirm(one.ident)
    bringing.wait(one.ident, LONG_S)
    return bringing.one(one.ident)


def test_it_waits_unseen_and_a_line_can_be_mended_before_it_is_kept(node: Services) -> None:
    name, text = night(LIST, date="2024-05-01", venue="Dock")
    one = read(node.bringing, Wish("a night", tier=0), {name: text})
    assert one.stage == "waiting"
    assert one.preview is not None
    file = one.preview.files[0]
    assert (file.tracks, file.sets, [line.text for line in file.unread]) == (4, 1, ["?? that one with the bells"])
    assert node.library.counts(4).documents == 0
    node.bringing.read(one.ident, tier=1, mended={(file.name, file.unread[0].line): "11:00 Ines - Bells"})
    node.bringing.wait(one.ident, LONG_S)
    again = node.bringing.one(one.ident)
    assert again.preview is not None
    assert (again.preview.files[0].tracks, again.preview.files[0].unread, again.preview.files[0].tier) == (5, (), 1)
    shown = kept(node.bringing, again)
    assert shown.stage == "shown"
    assert (node.library.counts(0).sets, node.library.counts(1).sets) == (0, 1)
    assert not (node.bringing.folder / one.ident).exists()


def test_two_presses_keep_it_once(node: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    one = read(node.bringing, Wish("x"), {"piano.md": "I wrote it on a rented piano."})
    both, look = threading.Barrier(2), node.bringing.one

    def at_once(ident: str) -> Brought:
        found = look(ident)
        if threading.current_thread().name.startswith("press"):
            both.wait(LONG_S)
        return found

    def press() -> bool:
        try:
            node.bringing.confirm(one.ident)
        except NotWaiting:
            return False
        return True

    monkeypatch.setattr(node.bringing, "one", at_once)
    with ThreadPoolExecutor(2, "press") as threads:
        pressed = [threads.submit(press) for _ in range(2)]
    assert sorted(one.result() for one in pressed) == [False, True]
    node.bringing.wait(one.ident, LONG_S)
    assert node.bringing.one(one.ident).stage == "shown"


def test_words_that_cannot_be_written_leave_it_as_it_stood(node: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    one = read(node.bringing, Wish("x", tier=0), {"piano.md": "I wrote it on a rented piano."})

    def full(*_what: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(node.bringing.sources, "write_line", full)
        with pytest.raises(OSError, match="full"):
            node.bringing.read(one.ident, mended={("piano.md", 1): "I wrote it on an organ."})
    assert node.bringing.one(one.ident).stage == "waiting"
    assert kept(node.bringing, one).stage == "waiting"  # it was read once more: what was read before is gone
    assert kept(node.bringing, one).stage == "shown"


def test_what_was_thrown_away_does_not_come_back_as_failed(node: Services) -> None:
    one = read(node.bringing, Wish("x"), {"piano.md": "I wrote it on a rented piano."})
    node.bringing.throw_away(one.ident)
    node.bringing._failed(one.ident, "late")
    assert node.bringing.waiting() == []


def test_what_is_thrown_away_leaves_nothing(node: Services) -> None:
    one = read(node.bringing, Wish("x"), {"piano.md": "I wrote it on a rented piano."})
    node.bringing.throw_away(one.ident)
    with pytest.raises(UnknownBringing):
        node.bringing.one(one.ident)
    assert node.bringing.waiting() == []
    assert node.library.check() == []
    with pytest.raises(UnknownBringing):
        node.bringing.confirm(one.ident)


def test_a_file_of_the_same_name_takes_its_place_unless_it_is_to_stand_beside(node: Services) -> None:
    for text in ("The piano was red.", "The piano was blue."):
        kept(node.bringing, read(node.bringing, Wish("x", tier=0), {"piano.md": text}))
    assert node.library.counts(0).documents == 1
    kept(node.bringing, read(node.bringing, Wish("x", tier=0, beside=True), {"piano.md": "The piano was green."}))
    assert node.library.counts(0).documents == 2


def test_notes_that_changed_meanwhile_are_looked_at_again(node: Services) -> None:
    one = read(node.bringing, Wish("x", tier=0), {"piano.md": "The piano was red."})
    node.bringing.take_in({"organ.md": "The organ was blue."}, Wish("y", tier=0))
    again = kept(node.bringing, one)
    assert (again.stage, again.again) == ("waiting", True)
    assert kept(node.bringing, again).stage == "shown"
    assert node.library.counts(0).documents == 2


def test_what_a_node_leaves_when_it_ends_can_be_read_once_more(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as node:
        ident = read(node.bringing, Wish("x", tier=0), {"piano.md": "The piano was red."}).ident
    with open_node(tmp_path / "home") as node:
        assert [(one.ident, one.stage) for one in node.bringing.waiting()] == [(ident, "broken off")]
        node.bringing.read(ident)
        node.bringing.wait(ident, LONG_S)
        assert kept(node.bringing, node.bringing.one(ident)).stage == "shown"
        assert node.library.counts(0).documents == 1


def test_names_lead_nowhere_else_and_hidden_files_are_left(node: Services) -> None:
    ident = node.bringing.begin(Wish("x", tier=0))
    for name in ("../../../out.md", "C:\\notes\\in.md", ".DS_Store", "__MACOSX/x.md", "a/.git/config"):
        node.bringing.put(ident, name, "The piano was red and blue.")
    lying = {path.relative_to(node.bringing.folder / ident).as_posix() for path in _files(node.bringing.folder / ident)}
    assert lying == {"wish.json", "files/out.md", "files/C_/notes/in.md"}


def test_a_zip_too_large_for_one_reading_is_read_file_by_file(node: Services, tmp_path: Path) -> None:
    bringing = BringingIn(node.home.folder, node.library, lambda: "Ada", file_bytes_max=700, sent_bytes_max=100_000)
    try:
        zipped = tmp_path / "all.zip"
        with zipfile.ZipFile(zipped, "w") as packed:
            packed.writestr("notes/piano.md", "The piano was red.")
            packed.writestr("../../away.md", "The organ was blue.")
            packed.writestr("huge.md", "x " * 500)
        ident = bringing.begin(Wish("all", tier=0))
        with bringing.incoming(ident, "all.zip") as file:
            assert file is not None
            file.write(zipped.read_bytes())
        bringing.read(ident)
        bringing.wait(ident, LONG_S)
        one = bringing.one(ident)
        assert one.preview is not None
        assert [(file.name, file.status) for file in one.preview.files] == [
            ("all/away.md", "ok"),
            ("all/notes/piano.md", "ok"),
        ]
        assert one.left_out == ("huge.md: larger than one file may be; it was left out.",)
        with pytest.raises(NotWaiting):
            bringing.put(ident, "late.md", "Too late.")
        bringing.throw_away(ident)
    finally:
        bringing.close()


def test_no_more_is_taken_at_once_than_is_set(node: Services) -> None:
    bringing = BringingIn(node.home.folder, node.library, lambda: "Ada", file_bytes_max=700, sent_bytes_max=100)
    try:
        ident = bringing.begin(Wish("all", tier=0))
        bringing.put(ident, "a.md", "x" * 60)
        with pytest.raises(SentTooMuch):
            bringing.put(ident, "b.md", "x" * 60)
        assert [path.name for path in _files(bringing.folder / ident / "files")] == ["a.md"]
    finally:
        bringing.close()


def test_a_text_that_cannot_be_read_is_refused_and_leaves_nothing(node: Services) -> None:
    with pytest.raises(ImportRefused):
        node.bringing.take_in({"empty.md": "# Only\n"}, Wish("x", tier=0))
    assert node.library.check() == []
    assert node.library.shelf.imports() == []
    assert list(node.bringing.folder.glob("*/wish.json")) == []


def test_a_wish_that_cannot_be_read_is_none(node: Services) -> None:
    ident = node.bringing.begin(Wish("x"))
    path = node.bringing.folder / "other" / "wish.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"nobody": 1}))
    assert [one.ident for one in node.bringing.waiting()] == [ident]


def test_a_reading_that_is_broken_off_leaves_nothing(node: Services, tmp_path: Path) -> None:
    (tmp_path / "piano.md").write_text("The piano was red.")

    def stop(_step: Step) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        node.library.stage_path(ImportRequest(tmp_path / "piano.md", artist="Ada"), stop)
    assert node.library.check() == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
