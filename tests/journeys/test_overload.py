"""More people than the disk can serve: some wait, the others are told so at once, and whoever reads goes on reading."""

import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from presence.write_lane import STANDING_SECONDS, WAITING_MAX
from tests.processes import serving
from tests.stores import only_embedded

PEOPLE = 3 * WAITING_MAX
ROOMY = {
    "PRESENCE_LIMITS__QUESTIONS_PER_MINUTE": "10000",
    "PRESENCE_MODELS__PLACES_MAX": str(2 * PEOPLE),
}


@pytest.mark.slow
@only_embedded("another program keeps its lock")
def test_who_cannot_be_written_down_is_told_so_and_nothing_of_hers_is_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home, **ROOMY) as node, ThreadPoolExecutor(PEOPLE) as crowd, ExitStack() as closing_all:
        clients = [closing_all.enter_context(node.client()) for _ in range(PEOPLE)]
        enough, refusals = threading.Event(), []

        def ask(n: int) -> httpx.Response:
            answered = clients[n].post("/api/questions", json={"question": f"What is number {n}?"})
            if answered.status_code == 503 and "try again in a moment" in answered.json()["detail"]:
                refusals.append(n)
                if len(refusals) >= PEOPLE - 2 * WAITING_MAX:
                    enough.set()
            return answered

        with closing(sqlite3.connect(home / "presence.db", isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")  # somebody else writes, and takes long
            asked = [crowd.submit(ask, n) for n in range(WAITING_MAX)]
            time.sleep(1.5 * STANDING_SECONDS)  # nothing moves any more
            asked += [crowd.submit(ask, n) for n in range(WAITING_MAX, PEOPLE)]
            assert enough.wait(30)  # refused while it lasts, not after
            assert clients[0].get("/pricing").status_code == 200
            other.execute("ROLLBACK")
        answers = [one.result() for one in asked]
        counted = Counter(answer.status_code for answer in answers)
        assert set(counted) == {201, 503}
        assert counted[201]
        for answer in answers:
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) > 0
                assert "try again in a moment" in answer.json()["detail"]
        with closing(sqlite3.connect(home / "presence.db")) as kept:
            assert kept.execute("SELECT count(*) FROM questions").fetchone() == (counted[201],)
        with node.client() as client:
            assert client.post("/api/questions", json={"question": "And now?"}).status_code == 201
