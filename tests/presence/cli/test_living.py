"""Previews, notes, imports and the inbox as people type them, alone and beside a running node."""

import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.processes import PROGRAM, command, environment, serving, told

pytestmark = pytest.mark.slow

ANSWER_SECONDS_MAX = 180.0
BREAK = "Ctrl-C"
TEAM = "Which football team do you follow?"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    assert command(home, "init", "--name", "Ada Marsh").returncode == 0
    return home


def at_a_terminal(home: Path, *arguments: str, answer: str, asked: str = "Take this in?") -> str:
    """Run a command at a terminal and answer its question; gives all that was shown."""
    ours, its = pty.openpty()
    process = subprocess.Popen([PROGRAM, *arguments], env=environment(home), stdin=its, stdout=its, stderr=its)
    os.close(its)
    shown, answered, ends_at = b"", False, time.monotonic() + ANSWER_SECONDS_MAX
    while time.monotonic() < ends_at:
        ready, _, _ = select.select([ours], [], [], 0.2)
        try:
            shown += os.read(ours, 65536) if ready else b""
        except OSError:  # the other side is closed: it ends
            process.wait(60)
            break
        if not answered and asked.encode() in shown:
            if answer is BREAK:
                time.sleep(0.5)  # people are slower than the moment between the question and the wait for its answer
                process.send_signal(signal.SIGINT)
            else:
                os.write(ours, answer.encode())
            answered = True
        if process.poll() is not None and not ready:
            break
    ended = process.poll() is not None
    process.kill()
    process.wait(60)
    os.close(ours)
    assert answered, shown.decode()
    assert ended, shown.decode()
    return shown.decode()


def documents(home: Path) -> list[str]:
    return [note["title"] for note in told(command(home, "notes", "list", "--json"))]


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a node"])
def test_a_terminal_shows_a_table_and_asks(home: Path, material: Path, *, beside: bool) -> None:
    def walk() -> None:
        refused = at_a_terminal(home, "import", str(material), "--tier", "public", answer="n\n")
        assert "friends.md" in refused
        assert "Nothing was taken in." in refused
        assert documents(home) == []
        broken_off = at_a_terminal(home, "import", str(material), "--tier", "public", answer=BREAK)
        assert "Nothing was taken in." in broken_off
        assert documents(home) == []
        assert "4 ok" in at_a_terminal(home, "import", str(material), "--tier", "public", answer="\n")
        assert len(documents(home)) == 4
        assert told(command(home, "doctor", "--json"))[-1]["findings"] == 0

    if not beside:
        walk()
        return
    with serving(home):
        walk()


def test_without_a_terminal_it_goes_on_and_a_preview_only_looks(home: Path, material: Path) -> None:
    preview = told(command(home, "import", str(material), "--preview", "--json"))
    assert [one["event"] for one in preview][-2:] == ["preview", "discarded"]
    assert documents(home) == []
    assert command(home, "import", str(material)).returncode == 0
    assert len(documents(home)) == 4


def test_notes_and_imports_beside_a_running_node(home: Path, material: Path, tmp_path: Path) -> None:
    with serving(home) as node:
        imported = told(command(home, "import", str(material), "--json"))[-1]
        notes = {note["title"]: note["id"] for note in told(command(home, "notes", "list", "--json"))}
        piano = notes["The rented piano"]
        (tmp_path / "new.md").write_text("I wrote Pilot Ladder on a borrowed organ in York.\n")
        edited = command(home, "notes", "edit", piano, "--file", str(tmp_path / "new.md"), "--json")
        assert edited.returncode == 0, edited.stderr
        with node.client() as client:
            page = client.post("/ask", data={"question": "Where did you write Pilot Ladder?"}, follow_redirects=True)
            assert "borrowed organ" in page.text
            assert command(home, "notes", "restore", piano).returncode == 0
            assert "changed since" in client.get(page.url.path).text
            stale = told(command(home, "answers", "--stale", "--json"))
            assert stale[0]["id"] == page.url.path.rsplit("/", 1)[1]
            assert command(home, "imports", "undo", imported["import"]).returncode == 0
            again = client.post("/ask", data={"question": "Where was the coast guard?"}, follow_redirects=True)
            assert "upper deck" not in again.text
        assert command(home, "imports", "undo", imported["import"]).returncode == 1
        assert command(home, "doctor").returncode == 0


def test_a_question_from_the_page_is_answered_at_the_terminal(home: Path, material: Path, tmp_path: Path) -> None:
    command(home, "import", str(material))
    with serving(home) as node, node.client() as client:
        page = client.post("/ask", data={"question": TEAM}, follow_redirects=True)
        assert client.post(f"{page.url.path}/forward", data={}, follow_redirects=True).status_code == 200
        (group,) = told(command(home, "inbox", "list", "--json"))
        assert group["question"] == TEAM
        (tmp_path / "team.md").write_text("I follow Grimsby Town, home and away.\n")
        arguments = ("inbox", "answer", group["group"], "--file", str(tmp_path / "team.md"), "--tier", "public")
        assert command(home, *arguments).returncode == 0
        assert "has answered this since" in client.get(page.url.path).text
        asked = client.post("/ask", data={"question": TEAM}, follow_redirects=True)
        assert "Grimsby Town" in asked.text


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("imports", "undo", "-nothing"), 1, "no import -nothing"),
        (("notes", "retract", "--nothing"), 1, "no note --nothing"),
        (("notes", "retier", "x", "vip"), 1, "no tier 'vip'"),
        (("notes", "edit", "x", "--file", "/nowhere.md"), 1, "cannot be read"),
        (("inbox", "dismiss", "x"), 1, "no group x"),
        (("inbox", "answer", "x"), 2, "Missing option"),
        (("notes", "frobnicate"), 2, "No such command"),
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
