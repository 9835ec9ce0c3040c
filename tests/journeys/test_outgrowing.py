"""A home moves to servers: killed in the middle, gone on with, and everything there is as it was here."""

import hashlib
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from presence.database import open_database
from presence.migrations import upgrade
from tests.contracts.chroma_server import chroma_server
from tests.journeys.test_backup import Crowd, furnish, hers, httpx_text
from tests.journeys.test_paid_questions import PHRASE, ROOMY, nothing_is_wrong, settled, signed_in
from tests.nodes import write_notes
from tests.postgres import new_database
from tests.presence.processes.waiting import until
from tests.presence.web.paying import ANN, ASKED, CENT, NOTE
from tests.processes import PROGRAM, begin, command, environment, serving, told
from tests.stores import only_embedded

pytestmark = pytest.mark.slow

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'RowExclusiveLock'"


def file_sha256(home: Path) -> str:
    return hashlib.sha256((home / "presence.db").read_bytes()).hexdigest()


def count(connection: "psycopg.Connection[tuple[object, ...]]", query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return int(str(row[0])) if row else 0


def killed_in_the_middle(home: Path, url: str, *arguments: str) -> int:
    """Move until the passages, which nobody can write to now, and kill it there; give how many tables are there."""
    database = open_database(url, Path("unused"))
    upgrade(database.owner)
    database.close()
    with psycopg.connect(url) as holding, psycopg.connect(url, autocommit=True) as looking:
        holding.execute("LOCK TABLE passages IN EXCLUSIVE MODE")
        process = subprocess.Popen([PROGRAM, "move", *arguments], env=environment(home))
        until(lambda: process.poll() is not None or count(looking, WAITS))
        process.send_signal(signal.SIGKILL)
        process.wait()
        return count(looking, "SELECT count(*) FROM stores_moved")


@only_embedded("what is moved to servers is what stands in them")
def test_a_home_moves_to_servers_and_is_what_it_was(tmp_path: Path, postgres: str) -> None:
    home = tmp_path / "home"
    url = new_database(postgres, f"outgrown_{time.monotonic_ns()}")
    (tmp_path / "chroma").mkdir()
    assert command(home, "init", "--name", "Ada Marsh", **PHRASE).returncode == 0
    with chroma_server(tmp_path / "chroma") as chroma:
        to = ("--database-url", url, "--chroma-url", chroma)
        with serving(home, **ROOMY, PRESENCE_BILLING__PUBLISH_SECONDS="0.2") as old:
            furnish(home, tmp_path)
            with Crowd(old) as crowd:
                crowd.wait_for(6)
            refused = command(home, "move", *to)
            assert (refused.returncode, "in use by process" in refused.stderr) == (1, True), refused.stderr
            until(lambda: f"\n{len(crowd.asked)}\n" in httpx_text(old, "/log/checkpoint"))
            before = hers(old, crowd.asked)
        was = file_sha256(home)

        assert killed_in_the_middle(home, url, *to) > 0
        half = command(home, "tier", "list", PRESENCE_DATABASE_URL=url)
        assert (half.returncode, "presence move" in half.stderr) == (1, True), half.stderr
        done = command(home, "move", *to, "--json")
        assert done.returncode == 0, done.stderr
        said = told(done)[-1]
        assert (said["event"], said["vectors"]) == ("moved", said["passages"])
        assert said["passages"] > 0
        again = command(home, "move", *to)
        assert (again.returncode, "holds something" in again.stderr) == (1, True), again.stderr
        assert file_sha256(home) == was

        there = {"PRESENCE_DATABASE_URL": url, "PRESENCE_CHROMA_URL": chroma}
        with serving(home, **ROOMY, **there) as new:
            assert hers(new, crowd.asked) == before
            with closing(signed_in(new, ANN)) as client:
                body = {"question": ASKED + "!", "max_price_micros": 2 * CENT}
                assert settled(client, client.post("/api/questions", json=body).json()["id"])["receipt"]
            looked = command(home, "doctor", "--json", **there)
            assert looked.returncode == 0, looked.stdout
        assert nothing_is_wrong(url)


@only_embedded("what is moved to servers is what stands in them")
def test_a_row_that_arrives_as_another_is_told(tmp_path: Path, postgres: str) -> None:
    home = begin(tmp_path / "home")
    url = new_database(postgres, f"outgrown_{time.monotonic_ns()}")
    notes = write_notes(tmp_path / "notes", {"piano.md": NOTE})
    assert command(home, "import", str(notes), "--yes").returncode == 0
    assert killed_in_the_middle(home, url, "--database-url", url) > 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO rules (name, value) VALUES ('nobodys', '1')")
    done = command(home, "move", "--database-url", url)
    assert (done.returncode, "rules did not arrive" in done.stderr) == (1, True), done.stderr
