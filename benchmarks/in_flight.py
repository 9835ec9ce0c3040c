"""How long a stream goes on after trust was taken back: a real server, a writer that says a word every 50 ms."""

import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from rich.progress import track

from knowledge.imported import ImportRequest
from knowledge.memory import MemoryIndex
from models import Limits, Prompt
from models.contracts import Usage
from models.embedders.hashed import HashedEmbedder
from presence.app import create_app
from presence.bootstrap import Services, bootstrap
from presence.settings import LimitsSettings, Settings
from trustgraph import Key, Tier, issuing

TRIALS = 100
WORD_EVERY_S = 0.05
SENTENCES = 60
NOTE = "---\ntitle: The chapel\ntier: circle\n---\n" + " ".join(
    f"Heronshaw was recorded in chapel number {n}." for n in range(SENTENCES)
)


class SlowWriter:
    """Points at one sentence after another, one every 50 ms."""

    name = "slow"

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        del limits, usage
        for number in range(2, 2 + SENTENCES):
            if stop.wait(WORD_EVERY_S):
                return
            yield f"[{min(number, len(prompt.sentences))}] "

    def close(self) -> None:
        """Nothing is held."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def revocations() -> dict[str, Any]:
    """Take trust back in the middle of a hundred streams; milliseconds from the commit to the last gated byte."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "chapel.md").write_text(NOTE)
        many = 10_000_000
        limits = LimitsSettings(questions_per_minute=many, sign_ins_per_minute=many, documents_per_minute=many)
        settings = Settings(home=Path(folder) / "home", artist_name="Ada", port=_free_port(), limits=limits)
        with bootstrap(settings, embedder=HashedEmbedder(), index=MemoryIndex(), writer=SlowWriter()) as services:
            services.library.start()
            request = ImportRequest(Path(folder) / "chapel.md", artist="Ada", tier=None)
            services.library.import_path(request, lambda _step: None)
            return _trials(services)


def _trials(services: Services) -> dict[str, Any]:
    artist, now = Key.generate(), int(time.time())
    first = issuing.inception(artist, next_key=Key.generate().did, t=now)
    root = services.trust.accept(first, "key").entry.event
    server = uvicorn.Server(
        uvicorn.Config(create_app(services), port=services.settings.port, log_level="error", lifespan="off")
    )
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.01)
    last_bytes, ends = [], []
    for _ in track(range(TRIALS), description="taking trust back"):
        last, end = _one(services, artist, root)
        last_bytes.append(max(last, 0.0))
        ends.append(end)
    server.should_exit = True
    running.join()
    return {
        "revoke_trials": TRIALS,
        "revoke_to_last_gated_byte_ms_max": round(1000 * max(last_bytes), 1),
        "revoke_to_last_gated_byte_ms_p50": round(1000 * statistics.median(last_bytes), 1),
        "revoke_to_end_of_stream_ms_max": round(1000 * max(ends), 1),
        "revoke_to_end_of_stream_ms_p50": round(1000 * statistics.median(ends), 1),
    }


def _one(services: Services, artist: Key, root: str) -> tuple[float, float]:
    listener, now = Key.generate(), int(time.time())
    grant = issuing.grant(artist, root=root, sub=listener.did, tier=Tier.CIRCLE, nbf=now, exp=now + 600)
    services.trust.accept(grant, "grant")
    seen: dict[str, float] = {}
    with httpx2.Client(base_url=services.origins.first, timeout=30) as client:
        _sign_in(client, listener, services.origins.first)
        ident = client.post("/api/questions", json={"question": "Where was Heronshaw recorded?"}).json()["id"]
        with client.stream("GET", f"/api/questions/{ident}/events") as stream:
            sentences = 0
            revoked: threading.Thread | None = None
            for line in stream.iter_lines():
                if line == "event: sentence":
                    seen["last"] = time.perf_counter()
                    sentences += 1
                if sentences == 3 and revoked is None:
                    revoked = threading.Thread(target=_revoke, args=(services, artist, root, grant, seen))
                    revoked.start()
            seen["end"] = time.perf_counter()
        assert revoked is not None
        revoked.join()
        assert client.get(f"/api/questions/{ident}").status_code == 403
    return seen["last"] - seen["committed"], seen["end"] - seen["committed"]


def _revoke(services: Services, artist: Key, root: str, grant: dict[str, Any], seen: dict[str, float]) -> None:
    taken = issuing.revocation(artist, root=root, target=issuing.ident(grant), t=int(time.time()))
    services.trust.accept(taken, "revoke")
    seen["committed"] = time.perf_counter()


def _sign_in(client: httpx2.Client, who: Key, here: str) -> None:
    asked = client.post("/auth/challenge").json()
    now = int(time.time())
    proof = issuing.auth(who, root=asked["root"], aud=here, nonce=asked["nonce"], iat=now)
    assert client.post("/auth/session", json=proof).status_code == 201
