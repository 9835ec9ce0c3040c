"""kill -9 at any moment: no half import, no lost document, no index entry without a document."""

import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.nodes import write_notes
from tests.presence.processes.waiting import until
from tests.processes import PROGRAM, begin, command, environment, serving, told
from tests.stores import ON_SERVERS

pytestmark = pytest.mark.slow

KILLED = 12
ANSWERS = 4 if ON_SERVERS else 20  # each takes what a lease takes to run out there
FILES = 40


def notes(folder: Path, trial: int) -> Path:
    """Forty notes that no other trial has."""
    return write_notes(
        folder / f"trial-{trial}",
        {
            f"note-{n}.md": f"---\ntier: public\n---\n# Night {trial} of {n}\n\n"
            + " ".join(f"On night {trial} the organ {word} rang {n} times." for word in ("north", "south", "east") * 6)
            for n in range(FILES)
        },
    )


def documents(home: Path) -> int:
    """Ask the doctor, who must find nothing wrong."""
    done = command(home, "doctor", "--json")
    assert done.returncode == 0, done.stdout
    checked = told(done)[-1]
    assert checked["findings"] == 0
    return int(checked["documents"])


def ended_answer(client: httpx.Client, ident: str) -> dict[str, Any]:
    """Give what came of it: known at once in a home, and on servers when the dead process is missed."""
    told: list[dict[str, Any]] = []

    def is_over() -> bool:
        told.append(client.get(f"/api/questions/{ident}").json())
        return told[-1]["outcome"] in ("answered", "failed")

    assert is_over() or ON_SERVERS, told[-1]
    until(is_over)
    return told[-1]


def whole_import_seconds(home: Path, folder: Path) -> float:
    began = time.monotonic()
    assert command(home, "import", str(folder)).returncode == 0
    return time.monotonic() - began


def test_a_killed_import_is_whole_or_nothing(tmp_path: Path) -> None:
    home = begin(tmp_path / "home")
    choose = random.Random(11)
    whole = whole_import_seconds(home, notes(tmp_path, 0))
    count = documents(home)
    assert count == FILES
    killed = trial = 0
    while killed < KILLED:
        trial += 1
        began = time.monotonic()
        process = subprocess.Popen(
            [PROGRAM, "import", str(notes(tmp_path, trial)), "--json"],
            env=environment(home),
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        # Mostly in the second half, where parsing, staging, publishing and indexing are.
        try:
            process.wait(choose.uniform(0.4, 1.02) * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        else:
            whole = min(whole, time.monotonic() - began)
        output, _ = process.communicate()
        now = documents(home)
        assert now in (count, count + FILES), f"half an import: {now - count} of {FILES}"
        if '"event": "imported"' in output:
            assert now == count + FILES, "an import that was reported is lost"
        count = now


def test_a_killed_answer_is_settled_and_free(tmp_path: Path) -> None:
    home = begin(tmp_path / "home")
    command(home, "import", str(notes(tmp_path, 0)))
    choose = random.Random(5)
    cookies = None
    accepted: list[str] = []
    ended: dict[str, str] = {}
    for _ in range(ANSWERS):
        with serving(home) as node, node.client() as client:
            client.cookies = cookies or client.cookies
            for ident in accepted:
                answer = ended_answer(client, ident)
                assert ended.setdefault(ident, answer["text"]) == answer["text"]
            asked = {"question": "How many times did the organ north ring on that night?"}
            opened = client.post("/api/questions", json=asked)
            cookies = client.cookies
            accepted.append(opened.json()["id"])
            time.sleep(choose.uniform(0.0, 0.12))
            node.kill()
    assert documents(home) == FILES
    with serving(home) as node, node.client() as client:
        client.cookies = cookies or client.cookies
        for ident in accepted:
            answer = ended_answer(client, ident)
            assert ended.setdefault(ident, answer["text"]) == answer["text"]
