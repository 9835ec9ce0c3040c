"""A small strict server that can be made to behave as badly as servers do."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

KNOWN_FIELDS = {"model", "messages", "max_tokens", "temperature", "stream", "stream_options"}
WAIT_SECONDS_MAX = 30.0


@dataclass(frozen=True)
class Reply:
    """What one request gets; after the blocks the stream ends well, is cut, or stays open in silence."""

    blocks: tuple[bytes, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    ending: Literal["whole", "cut", "silent", "unsent"] = "whole"


def event(**delta: Any) -> bytes:
    return chunk({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})


def chunk(data: Any) -> bytes:
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


FINISH = chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
DONE = b"data: [DONE]\n\n"


def said(*texts: str) -> Reply:
    """Stream these pieces and end as one should."""
    return Reply((*(event(content=text) for text in texts), FINISH, DONE))


@dataclass
class Imitation:
    """Gives its replies in order, the last again and again; keeps what it was asked."""

    replies: list[Reply]
    owner: str = "somebody"
    models: tuple[str, ...] = ("small",)
    list_reply: Reply | None = None
    key: str | None = None
    knows: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()
    names_what_it_refuses: bool = True
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    looked: int = 0
    connections: int = 0
    trouble: list[str] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    silent: threading.Event = field(default_factory=threading.Event)

    def list_of_models(self) -> Reply:
        self.looked += 1
        if self.list_reply is not None:
            return self.list_reply
        listed = [{"id": name, "object": "model", "owned_by": self.owner} for name in self.models]
        return Reply((json.dumps({"object": "list", "data": listed}).encode(),))

    def completion(self, body: dict[str, Any]) -> Reply:
        self.asked.append(body)
        if unknown := set(body) - KNOWN_FIELDS - self.knows | set(body) & self.refuses:
            return self.refusal(min(unknown))
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def refusal(self, named: str) -> Reply:
        sentence = f"unknown field: {named}" if self.names_what_it_refuses else "bad request"
        return Reply((json.dumps({"error": {"message": sentence}}).encode(),), status=400)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, imitation: Imitation) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.imitation = imitation

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may hang up at any time; anything else is a bug of this imitation."""
        if not isinstance(sys.exception(), ConnectionError):
            self.imitation.trouble.append(repr(sys.exception()))

    def get_request(self) -> tuple[socket.socket, Any]:
        self.imitation.connections += 1
        return super().get_request()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def do_GET(self) -> None:
        self._expect(self.path == "/v1/models", self.path)
        self._give(self._unless_wrong_key() or self.server.imitation.list_of_models())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._look_at(body)
        self._give(self._unless_wrong_key() or self.server.imitation.completion(body))

    def _look_at(self, body: dict[str, Any]) -> None:
        self._expect(self.path == "/v1/chat/completions", self.path)
        self._expect(self.headers["content-type"] == "application/json", self.headers["content-type"])
        self._expect(body["stream"] is True and body["temperature"] == 0 and body["max_tokens"] > 0, body)
        roles = [message["role"] for message in body["messages"]]
        self._expect(roles == ["system", *["user", "assistant"] * (len(roles) // 2 - 1), "user"], roles)

    def _expect(self, right: bool, found: object) -> None:
        if not right:
            self.server.imitation.trouble.append(str(found))

    def _unless_wrong_key(self) -> Reply | None:
        key, shown = self.server.imitation.key, self.headers.get("authorization")
        if key is None or shown == f"Bearer {key}":
            return None
        return Reply((f"no such key: {shown}".encode(),), status=401)

    def _give(self, reply: Reply) -> None:
        with suppress(ConnectionError):
            if reply.ending != "unsent":
                self._send(reply)
        if reply.ending == "silent":
            self._wait_for_hanging_up()
        if reply.ending != "whole":
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for block in reply.blocks:
            self.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
            self.wfile.flush()
        if reply.ending == "whole":
            self.wfile.write(b"0\r\n\r\n")

    def _wait_for_hanging_up(self) -> None:
        self.server.imitation.silent.set()
        self.connection.settimeout(WAIT_SECONDS_MAX)
        with suppress(OSError):
            if self.connection.recv(1) == b"":
                self.server.imitation.hung_up.set()


@contextmanager
def serving(imitation: Imitation) -> Iterator[Imitation]:
    """Listen on loopback; whatever a request did wrong fails the test at the end."""
    listener = _Listener(imitation)
    imitation.url = f"http://127.0.0.1:{listener.server_address[1]}"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield imitation
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
    assert imitation.trouble == []
