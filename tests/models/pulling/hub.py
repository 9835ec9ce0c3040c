"""A small hub in a thread: it speaks the protocol as the real one does, and refuses what the real one would.

`/{repo}/resolve/{revision}/{file}` answers with the file's facts and sends on to another host, which gives the bytes in
ranges and wants no key. It can be told to cut the line, to lie, and to wait.
"""

import hashlib
import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from models.catalogue import Entry

REPO, FILE, REVISION = "artists/tiny-instruct-GGUF", "tiny-instruct-q4.gguf", "0123456789abcdef0123456789abcdef01234567"
# More than two of the pieces that huggingface_hub writes at once (10 MiB).
WEIGHTS = random.Random(7).randbytes(25 * 1024**2)
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
CUT_AFTER = 21 * 1024**2


@dataclass
class Hub:
    """What the hub has, what it says of it, and what it was asked."""

    weights: bytes = WEIGHTS
    stated_sha256: str | None = SHA256
    stated_bytes: int = len(WEIGHTS)
    gated: bool = False
    knows_ranges: bool = True
    cuts: list[int] = field(default_factory=list)
    """After how many bytes to drop each of the next lines."""
    statuses: list[int] = field(default_factory=list)
    """What to answer to the next demands for bytes; 200 is to serve them."""
    may_go_on: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""


def entry(**other: object) -> Entry:
    """What a catalogue would say of the hub's file."""
    facts: dict[str, object] = {
        "name": "tiny-instruct",
        "repo": REPO,
        "file": FILE,
        "revision": REVISION,
        "size_bytes": len(WEIGHTS),
        "sha256": SHA256,
        "licence": "Apache-2.0",
        "languages": ("English",),
        "ram_gb": 1,
        "purpose": "tests",
    }
    return Entry(**{**facts, **other})  # type: ignore[arg-type]


@contextmanager
def hub(**told: object) -> Iterator[Hub]:
    """Open a hub until the context ends; it serves at once unless it is to wait."""
    facts = Hub(**told)  # type: ignore[arg-type]
    if "may_go_on" not in told:
        facts.may_go_on.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (_Answering,), {"hub": facts}))
    server.daemon_threads = True
    facts.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield facts
    finally:
        facts.may_go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Answering(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        path = self.requestline.split()[1]  # `self.path` has lost a doubled slash
        found = re.fullmatch(r"/([^/].*?)/resolve/([^/]+)/(.+)", path)
        if found is None or self.headers["Accept-Encoding"] != "identity" or self.headers["Authorization"]:
            return self._refuse(400, "")
        if self.hub.gated:
            return self._refuse(401, "GatedRepo")
        if found[1] != REPO:
            return self._refuse(401, "RepoNotFound")
        if found[2] != REVISION:
            return self._refuse(404, "RevisionNotFound")
        return self._refuse(404, "EntryNotFound") if found[3] != FILE else self._facts()

    def do_GET(self) -> None:
        if self.path != "/cdn/bytes" or not self.headers["Host"].startswith("localhost:"):
            return self._refuse(400, "")
        self.hub.ranges.append(self.headers["Range"])
        self.hub.asked.set()
        self.hub.may_go_on.wait()
        status = self.hub.statuses.pop(0) if self.hub.statuses else 200
        return self._bytes() if status == 200 else self._refuse(status, "")

    def _facts(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{self.server.server_port}/cdn/bytes")  # type: ignore[attr-defined]
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("X-Linked-Size", str(self.hub.stated_bytes))
        self.send_header("X-Linked-Etag" if self.hub.stated_sha256 else "ETag", f'"{self.hub.stated_sha256 or "1-2"}"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _bytes(self) -> None:
        start = self._start()
        if start >= len(self.hub.weights):
            return self._refuse(416, "")
        rest = self.hub.weights[start:]
        self.send_response(206 if start else 200)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(rest)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(self.hub.weights) - 1}/{len(self.hub.weights)}")
        self.end_headers()
        cut = self.hub.cuts.pop(0) if self.hub.cuts else None
        self.wfile.write(rest[:cut])
        self.close_connection = cut is not None
        return None

    def _start(self) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        return int(asked[1]) if asked and self.hub.knows_ranges else 0

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_told: object) -> None:
        """Nothing on the terminal."""
