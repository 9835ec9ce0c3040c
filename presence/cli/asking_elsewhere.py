"""A listener's terminal at a presence on another machine: the price, the answer as it is written, the receipt.

Requests are signed one by one with her key (RFC 9421); without one she asks as a visitor. A line that
breaks is taken up again where it broke: what was asked is written on there, and paid once.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from presence.errors import NodeUnreachable, Unpaid
from presence.sessions.request_signing import SignedBy
from trustgraph import Key

SECONDS_MAX = 30.0
TRIES_MAX = 5
WAIT_S = 1.0
Tell = Callable[[dict[str, Any]], None]
Agree = Callable[[dict[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, of which kind, about what, and in which conversation."""

    question: str
    act: str | None = None
    thing: str | None = None
    conversation: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        """Give what is sent."""
        told = {"question": self.question, "act": self.act, "thing": self.thing, "conversation": self.conversation}
        return {name: value for name, value in told.items() if value is not None}


class Elsewhere:
    """One presence at an address."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def ask(self, asked: Asked, agree: Agree, tell: Tell) -> dict[str, Any]:
        """Ask, tell each event as it comes, and give the answer; `agree` is shown a price before anything is sent."""
        offer = self._send("POST", "/api/offers", asked.body)
        if offer["ceiling_micros"] and not agree(offer):
            raise Unpaid
        body = {**asked.body, "offer_id": offer["offer_id"], "idempotency_key": secrets.token_urlsafe(16)}
        ticket = self._patiently(lambda: self._send("POST", "/api/questions", body))
        for event in self._events(ticket["events"]):
            tell(event)
        answer: dict[str, Any] = self._patiently(lambda: self._send("GET", f"/api/questions/{ticket['id']}"))
        return answer

    def receipt(self, ident: str) -> dict[str, Any]:
        """Give the signed copy of a receipt."""
        return self._send("GET", f"/receipts/{ident}.json")

    def _events(self, path: str) -> Iterator[dict[str, Any]]:
        """Follow an answer to its end; a line that breaks is taken up after the last event."""
        last, broken = 0, 0
        while True:
            try:
                for seq, event in self._stream(path, last):
                    last, broken = seq, 0
                    yield event
                    if event["event"] == "done":
                        return
            except httpx2.TransportError as error:
                if (broken := broken + 1) >= TRIES_MAX:
                    raise NodeUnreachable(str(self._client.base_url)) from error
            time.sleep(WAIT_S)

    def _stream(self, path: str, after: int) -> Iterator[tuple[int, dict[str, Any]]]:
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        with self._client.stream("GET", path, headers=headers) as response:
            if response.is_error:
                response.read()
                raise NodeUnreachable(str(self._client.base_url), _told(response).get("detail", ""))
            if response.status_code == httpx2.codes.NO_CONTENT:  # it had ended before
                yield after, {"event": "done"}
                return
            fields: dict[str, str] = {}
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if line and name:
                    fields[name] = value
                elif "data" in fields:
                    yield int(fields.get("id", after)), {"event": fields["event"], **json.loads(fields["data"])}
                    fields = {}

    def _patiently(self, send: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Send again what got no answer: the key makes sure that it happens once."""
        for _ in range(TRIES_MAX - 1):
            try:
                return send()
            except httpx2.TransportError:
                time.sleep(WAIT_S)
        return send()

    def _send(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = self._client.request(method, path, json=body)
        if response.is_error:
            raise NodeUnreachable(str(self._client.base_url), _told(response).get("detail", ""))
        return _told(response)


@contextmanager
def elsewhere(address: str, key: Key | None) -> Iterator[Elsewhere]:
    """Open the line to a presence, as the owner of a key or as a visitor."""
    place = urlsplit(address)
    auth = SignedBy(key) if key is not None else None
    with httpx2.Client(base_url=f"{place.scheme}://{place.netloc}", timeout=SECONDS_MAX, auth=auth) as client:
        try:
            yield Elsewhere(client)
        except httpx2.HTTPError as error:
            raise NodeUnreachable(str(client.base_url)) from error


def _told(response: httpx2.Response) -> dict[str, Any]:
    try:
        told = response.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
