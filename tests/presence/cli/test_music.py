"""`presence music` as people type it, with and without a running node."""

from pathlib import Path

from tests.knowledge.facts.curating import night
from tests.nodes import write_notes
from tests.processes import begin, command, serving, told

NOTES = {
    "dock.md": night("One", "2019-07-14", "The Dock", "Zeno Obuya - Monday", "Petra - Door"),
    "yard.md": night("Two", "2019-07-14", "Dock Yard", "Zeno O. - Monday"),
}


def test_what_was_joined_is_listed_and_taken_back(tmp_path: Path) -> None:
    home = begin(tmp_path / "home")
    assert command(home, "import", str(write_notes(tmp_path / "notes", NOTES)), "--yes").returncode == 0
    done = command(home, "music", "merge", "Zeno O.", "Zeno Obuya", "--yes", "--json")
    plan, change = told(done)
    assert (plan["event"], plan["from_key"], plan["into_key"]) == ("joining", "zeno o", "zeno obuya")
    assert plan["rows"] == {"public": 1}
    [listed] = told(command(home, "music", "list", "--json"))
    assert listed["id"] == change["id"]
    assert command(home, "music", "undo", change["id"]).returncode == 0
    assert command(home, "music", "list").stdout == ""
    assert "undone" in command(home, "music", "list", "--all").stdout


def test_an_unclear_name_is_told_with_its_choices(tmp_path: Path) -> None:
    home = begin(tmp_path / "home")
    command(home, "import", str(write_notes(tmp_path / "notes", NOTES)), "--yes")
    unclear = command(home, "music", "alias", "Monday", "Mandag", "--tier", "public")
    assert unclear.returncode == 1
    assert "monday|zeno obuya" in unclear.stderr
    assert "monday|zeno o\n" in unclear.stderr
    assert command(home, "music", "alias", "monday|zeno obuya", "Mandag", "--tier", "public").returncode == 0
    assert command(home, "music", "undo", "nothing").returncode == 1


def test_a_running_node_joins_too(tmp_path: Path) -> None:
    home = begin(tmp_path / "home")
    command(home, "import", str(write_notes(tmp_path / "notes", NOTES)), "--yes")
    with serving(home):
        done = command(home, "music", "split", "Door", "--document", "dock.md", "--as", "Gate")
        assert done.returncode == 0
        assert "gate|petra" in done.stdout
        answered = command(home, "ask", "How often was Gate played?")
        assert "“Gate” was played" in answered.stdout
