"""`presence recordings` as people type it, with and without a running node."""

from pathlib import Path

from tests.knowledge.facts.curating import night
from tests.knowledge.recordings.sounds import wav
from tests.nodes import write_notes
from tests.processes import begin, command, serving, told


def test_a_recording_is_added_listed_heard_and_removed(tmp_path: Path) -> None:
    home, file = begin(tmp_path / "home"), tmp_path / "Sunrise.wav"
    file.write_bytes(wav())
    notes = write_notes(tmp_path / "notes", {"dock.md": night("One", "2019-07-14", "The Dock", "Petra - Door")})
    assert command(home, "import", str(notes), "--yes").returncode == 0
    added = command(home, "recordings", "add", str(file), "--tier", "public", "--set", "2019-07-14 Dock", "--json")
    assert added.returncode == 0, added.stderr
    [made] = told(added)
    assert (made["title"], made["tier"], made["drawn"]) == ("Sunrise", "public", True)
    with serving(home) as served, served.client() as client:
        assert client.get(f"/audio/{made['id']}").content == wav()
        assert made["id"] in command(home, "recordings", "list").stdout
        assert command(home, "recordings", "remove", made["id"]).returncode == 0
        assert client.get(f"/audio/{made['id']}").status_code == 404
    assert command(home, "recordings", "list").stdout == ""
    assert file.read_bytes() == wav()


def test_a_recording_that_cannot_be_is_refused_with_a_sentence(tmp_path: Path) -> None:
    home, text = begin(tmp_path / "home"), tmp_path / "a.wav"
    text.write_text("Not a sound.")
    assert "no sound" in command(home, "recordings", "add", str(text)).stderr
    assert "no file" in command(home, "recordings", "add", str(tmp_path / "none.wav")).stderr
    assert command(home, "recordings", "add", str(text), "--set", "1999-01-01").returncode == 1
