"""What is shown at the end of a large import."""

import pytest

from presence.cli.shown import Shown
from presence.cli.tally import GROUPS_MAX, Tally


def lines(*files: tuple[str, str]) -> list[str]:
    tally = Tally()
    for name, status in files:
        tally.add(name, status)
    return list(tally.lines())


def test_few_files_need_no_tally() -> None:
    assert lines(*[(f"a/{n}.md", "ok") for n in range(20)]) == []


def test_folders_have_a_line_each() -> None:
    files = [(f"sets/2019/{n}.cue", "ok") for n in range(18)] + [("sets/x.cue", "partial"), ("mail/a.mbox", "refused")]
    assert lines(*files, ("about.md", "unchanged")) == [
        "  (no folder)     1 file      1 unchanged",
        "  mail/           1 file      1 refused",
        "  sets/          19 files    18 ok,    1 partial",
    ]


def test_in_one_folder_endings_have_a_line_each() -> None:
    files = [(f"{n}.MD", "ok") for n in range(20)] + [("a.pdf", "refused"), ("README", "ok")]
    assert [line.split(" file")[0].split() for line in lines(*files)] == [
        ["(no", "ending)", "1"],
        [".md", "20"],
        [".pdf", "1"],
    ]


def test_too_many_folders_are_told_by_ending() -> None:
    assert lines(*[(f"{n}/a.md", "ok") for n in range(GROUPS_MAX + 1)]) == ["  .md    41 files    41 ok"]


def test_too_many_endings_are_cut() -> None:
    shown = lines(*[(f"a.{n}", "refused") for n in range(GROUPS_MAX + 2)])
    assert len(shown) == GROUPS_MAX + 1
    assert shown[-1] == "  … and 2 more kinds of files"


def test_an_import_ends_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    counted = {"ok": 21, "unchanged": 0, "partial": 0, "refused": 0}
    with Shown() as shown:
        for n in range(21):
            shown({"event": "file", "name": f"[b]/{n}.md", "status": "ok", "tier": "public", "remarks": [],
                   "files_done": n + 1, "files": 21})  # fmt: skip
        shown({"event": "imported", **counted, "replaced": 0, "passages": 21, "seconds": 0.1})
    written = capsys.readouterr().out
    assert "  .md    21 files    21 ok\n21 ok: 21 passages in 0.1 s" in written
