"""The server: HTTP on loopback, for the API and for the pages.

Each answer closes its connection, so that a broken connection is always the
one a fault broke and never a stale one that a client would quietly renew.
"""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from tests.strict_stripe.api import Answer, Request
from tests.strict_stripe.counter import Page
from tests.strict_stripe.faults import ConnectionDropped

BODY_LENGTH_MAX = 1 << 20
API_ROOTS = ("v1", "v2")

AnswerTo = Callable[[Request], Answer]
PageFor = Callable[[str, str, str | None], Page]


class Server:
    def __init__(self, answer_to: AnswerTo, page_for: PageFor) -> None:
        self._http = _Listening(("127.0.0.1", 0), _Handler)
        self._http.answer_to, self._http.page_for = answer_to, page_for
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    answer_to: AnswerTo
    page_for: PageFor


class _Handler(BaseHTTPRequestHandler):
    server: _Listening
    wbufsize = -1  # one packet for head and body

    def do_GET(self) -> None:
        self._serve("get")

    def do_POST(self) -> None:
        self._serve("post")

    def do_DELETE(self) -> None:
        self._serve("delete")

    def _serve(self, verb: str) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), BODY_LENGTH_MAX)).decode()
        if parts.path.split("/")[1] in API_ROOTS:
            headers = {name.title(): value for name, value in self.headers.items()}
            self._answer(Request(verb, parts.path, parts.query, headers, body))
        else:
            choice = parse_qs(body).get("choice", [None])[0] if verb == "post" else None
            self._show(self.server.page_for(parts.path, parts.query, choice))

    def _answer(self, request: Request) -> None:
        try:
            answer = self.server.answer_to(request)
        except ConnectionDropped:
            return
        self._send(answer.status, json.dumps(answer.body), {**answer.headers, "Content-Type": "application/json"})

    def _show(self, page: Page) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        if page.location:
            headers["Location"] = page.location
        self._send(page.status, page.html, headers)

    def _send(self, status: int, text: str, headers: dict[str, str]) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass
