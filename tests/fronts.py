"""A front with TLS on loopback, as Caddy or nginx stand before a room; it can be set up wrongly in many ways."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.certificates import write_certificate

NAME = "ada.example.org"
ELSEWHERE = "9.9.9.9"
"""Whom the front says that a request comes from: somebody who is not on this machine."""


@dataclass
class Front:
    """One way of being set up; by default, the right one."""

    room: str
    keeps_back: bool = False
    tells_scheme: str = "https"
    passes_forged: bool = False
    client: str = ELSEWHERE
    host: str | None = None
    adds: dict[str, str] = field(default_factory=lambda: {"Strict-Transport-Security": "max-age=31536000"})
    drops: tuple[str, ...] = ()
    answers: dict[str, int] = field(default_factory=dict)
    leads_to: str | None = "https://localhost:{port}/"
    port: int = 0
    http_port: int = 0
    trust: Path = Path()

    @property
    def url(self) -> str:
        """The address that a stranger would type."""
        return f"https://localhost:{self.port}"


class _Passing(BaseHTTPRequestHandler):
    """Passes a request on, and what comes back."""

    front: Front
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Pass it on, or answer as the front was told."""
        front, length = self.front, int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        self.close_connection = True
        if self.path in front.answers:
            self.send_response(front.answers[self.path])
            self.end_headers()
            return
        parts = urlsplit(front.room)
        with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)) as room:
            room.request(self.command, self.path, body, self._headers())
            self._pass_back(room.getresponse())

    do_POST = do_GET  # noqa: N815

    def _headers(self) -> dict[str, str]:
        front = self.front
        sent = {name.lower(): value for name, value in self.headers.items()}
        sent["host"] = front.host or sent["host"]
        sent["connection"] = "close"
        sent["x-forwarded-proto"] = front.tells_scheme
        if not front.passes_forged:
            sent["x-forwarded-for"] = front.client
        return sent

    def _pass_back(self, answer: http.client.HTTPResponse) -> None:
        front = self.front
        self.send_response_only(answer.status)
        dropped = {"connection", "transfer-encoding", *(name.lower() for name in front.drops)}
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in dropped]
        for name, value in [*kept, *front.adds.items()]:
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        if front.keeps_back:
            self.wfile.write(answer.read())
        else:
            while piece := answer.read1(4096):
                self.wfile.write(piece)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _LeadingOn(BaseHTTPRequestHandler):
    front: Front

    def do_GET(self) -> None:
        """Lead on to https, or answer."""
        to = self.front.leads_to
        self.send_response(200 if to is None else 308)
        if to is not None:
            self.send_header("Location", to.format(port=self.front.port))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def fronted(folder: Path, room: str, **set_up: object) -> Iterator[Front]:
    """Put a front before a room, at two free ports, with a certificate that its `trust` vouches for."""
    front = Front(room, **set_up)  # type: ignore[arg-type]
    front.trust = write_certificate(folder / "front.pem", "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(front.trust)
    with _serving(_Passing, front, context) as port, _serving(_LeadingOn, front, None) as http_port:
        front.port, front.http_port = port, http_port
        yield front


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], front: Front, context: ssl.SSLContext | None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"front": front}))
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
