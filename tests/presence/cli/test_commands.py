"""The commands as people type them."""

from pathlib import Path

import pytest

from tests.processes import begin, command, serving, told

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    return home


def test_init_asks_nothing_without_a_terminal_and_never_overwrites(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = command(home, "init", "--name", 'Ada "Marsh" \\')
    assert first.returncode == 0
    again = command(home, "init", "--name", "Somebody else")
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert command(home, "ask", "Who?", "--json").returncode == 0


@pytest.mark.parametrize("words", [["import", "."], ["serve", "--port", "0"], ["ask", "Who?"], ["keys", "show"]])
def test_a_home_that_was_forgotten_is_not_begun_anew(tmp_path: Path, words: list[str]) -> None:
    refused = command(tmp_path / "home", *words)
    assert refused.returncode == 1
    assert "is not a home yet" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_what_was_open_stays_open_at_the_next_import(home: Path, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("I wrote Pilot Ladder on a rented piano in Leeds.")
    assert command(home, "import", str(tmp_path / "note.md"), "--tier", "public").returncode == 0
    again = told(command(home, "import", str(tmp_path / "note.md"), "--json"))[0]
    assert (again["status"], again["tier"]) == ("unchanged", "public")
    assert told(command(home, "ask", "Where did you write Pilot Ladder?", "--json"))[-1]["outcome"] == "answered"


def test_import_then_ask_without_a_running_node(home: Path, material: Path) -> None:
    done = command(home, "import", str(material), "--tier", "public", "--json")
    assert done.returncode == 0
    assert told(done)[-1] == {**told(done)[-1], "event": "imported", "ok": 4, "refused": 0}
    answer = told(command(home, "ask", "Where did you write Pilot Ladder?", "--json"))[-1]
    assert answer["outcome"] == "answered"
    assert answer["citations"][0]["quote"] == "I wrote Pilot Ladder on a rented piano in Leeds."
    hidden = told(command(home, "ask", "Where was Heronshaw recorded?", "--json"))[-1]
    assert hidden["outcome"] == "not_in_notes"
    shown = told(command(home, "ask", "Where was Heronshaw recorded?", "--as", "circle", "--json"))[-1]
    assert "chapel" in shown["text"]


def test_without_any_tier_notes_are_kept_inside_and_the_import_says_so(home: Path, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("The cellar floods every March.\n")
    done = command(home, "import", str(tmp_path / "note.md"))
    assert "as few as possible may" in done.stdout
    assert "→ inner" in done.stdout


def test_a_second_owner_is_refused_and_commands_work_beside_a_running_node(home: Path, material: Path) -> None:
    with serving(home) as node:
        second = command(home, "serve", "--port", "0")
        assert second.returncode == 1
        assert f"in use by process {node.process.pid}" in second.stderr
        done = command(home, "import", str(material), "--tier", "public", "--json")
        assert done.returncode == 0, done.stderr
        answer = told(command(home, "ask", "Where did you write Pilot Ladder?", "--json"))[-1]
        assert answer["outcome"] == "answered"
        with node.client() as client:
            page = client.post("/ask", data={"question": "Where did you write Pilot Ladder?"}, follow_redirects=True)
            assert "rented piano" in page.text
        assert command(home, "doctor").returncode == 0
        link = command(home, "operator")
        assert "operator?token=" in link.stdout
        assert (home / "presence.sock").stat().st_mode & 0o777 == 0o600
    assert not (home / "presence.sock").exists()


def test_a_home_deep_in_the_tree_still_has_a_door(tmp_path: Path) -> None:
    home = tmp_path / ("deep-" * 12) / ("deeper-" * 12) / "home"
    with serving(home):
        assert command(home, "doctor").returncode == 0


def test_a_socket_left_by_a_killed_node_does_not_stop_the_next(home: Path) -> None:
    with serving(home) as node:
        node.kill()
    assert (home / "presence.sock").exists()
    assert command(home, "doctor").returncode == 0
    with serving(home):
        assert command(home, "doctor").returncode == 0


def test_reindex_and_doctor_agree(home: Path, material: Path) -> None:
    command(home, "import", str(material), "--tier", "public")
    done = command(home, "reindex", "--json")
    assert told(done)[-1] == {"event": "reindexed", "passages": 4}
    checked = told(command(home, "doctor", "--json"))[-1]
    assert (checked["findings"], checked["documents"]) == (0, 4)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("import", "/nowhere"), 1, "nothing to import"),
        (("import", "/etc/hostname", "--tier", "vip"), 1, "no tier 'vip'"),
        (("ask", "Who?", "--as", "king"), 1, "no tier 'king'"),
        (("ask", "  "), 1, "no words"),
        (("frobnicate",), 2, "No such command"),
        (("ask",), 2, "Ask something"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_wrong_use_gets_a_sentence_and_the_right_exit(
    home: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    done = command(home, *arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(home: Path, tmp_path: Path) -> None:
    with serving(home) as node:
        port = node.address.rsplit(":", 1)[1]
        other = command(begin(tmp_path / "other"), "serve", "--port", port)
        assert other.returncode == 1
        assert "PRESENCE_PORT" in other.stderr


def test_the_demo_fills_an_empty_home_once(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    with serving(home, verb="demo") as node, node.client() as client:
        assert "Juna Tidewell" in client.get("/").text
    with serving(home, verb="demo") as node, node.client() as client:
        assert client.get("/api/node").json()["sets"] == 8
    taken = tmp_path / "taken"
    command(taken, "init", "--name", "Somebody")
    refused = command(taken, "demo", "--port", "0")
    assert refused.returncode == 1
    assert "home of Somebody" in refused.stderr
