"""A listener's way through one answer over HTTP: she asks, reads the stream, perhaps leaves it and comes back."""

import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

REFUSING = (429, 503)
"""Statuses by which a busy node says so; with the seconds after which to come back they are honest."""


@dataclass(slots=True)
class Reading:
    """What was read of an answer, and when; `seen` is the number of the last event, `faults` what must not be."""

    asked_at: float = field(default_factory=time.perf_counter)
    path: str = ""
    seen: int = 0
    first_s: float | None = None
    whole_s: float | None = None
    outcome: str | None = None
    paid_micros: int = 0
    come_back_s: float | None = None
    quotes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def asked(client: httpx.AsyncClient, question: str, max_price_micros: int | None = None) -> Reading:
    """Ask, without reading; who is turned away honestly has `come_back_s`."""
    reading = Reading()
    response = await client.post("/api/questions", json=_body(question, max_price_micros))
    if _is_taken(response, reading):
        reading.path = f"/api/questions/{response.json()['id']}"
    return reading


async def asked_and_read(
    client: httpx.AsyncClient, question: str, max_price_micros: int | None = None, *, events_max: int | None = None
) -> Reading:
    """Ask, and read out of the same response, as the room does: to the end, or so many events after the ticket."""
    reading = Reading()
    body, headers = _body(question, max_price_micros), {"Accept": "text/event-stream"}
    async with client.stream("POST", "/api/questions", json=body, headers=headers) as stream:
        if not _is_taken(stream, reading):
            return reading
        async for ident, kind, told in _events(stream):
            if kind == "ticket":
                reading.path = f"/api/questions/{told['id']}"
            else:
                _note(reading, ident, kind, told)
            if reading.seen == events_max:
                return reading
    if reading.outcome is None:
        reading.faults.append("the stream ended before the answer")
    return reading


def _body(question: str, max_price_micros: int | None) -> dict[str, Any]:
    return {"question": question} | ({} if max_price_micros is None else {"max_price_micros": max_price_micros})


def _is_taken(response: httpx.Response, reading: Reading) -> bool:
    """Whether a question was taken; else note when to come back, or what must not be."""
    if response.status_code in REFUSING and response.headers.get("retry-after", "").isdigit():
        reading.come_back_s = float(response.headers["retry-after"])
    elif response.status_code != 201:
        reading.faults.append(f"asking was answered with {response.status_code}")
    return response.status_code == 201


async def read(client: httpx.AsyncClient, reading: Reading, *, events_max: int | None = None) -> None:
    """Read on from where she was, to the end of the stream or for so many events."""
    taken = 0
    async with client.stream("GET", f"{reading.path}/events", headers={"Last-Event-ID": str(reading.seen)}) as stream:
        if stream.status_code == 204:  # she has seen the end
            return
        if stream.status_code != 200:
            reading.faults.append(f"the stream was answered with {stream.status_code}")
            return
        async for ident, kind, body in _events(stream):
            _note(reading, ident, kind, body)
            taken += 1
            if taken == events_max:
                return
    if reading.outcome is None:
        reading.faults.append("the stream ended before the answer")


async def looked_up(client: httpx.AsyncClient, reading: Reading) -> None:
    """Read how an answer ended without its stream; the outcome stays None while it is being written."""
    response = await client.get(reading.path)
    if response.status_code != 200:
        reading.faults.append(f"the answer was answered with {response.status_code}")
        return
    answer = response.json()
    reading.outcome = answer["outcome"]
    reading.paid_micros = answer["receipt"]["micros"] if answer["receipt"] else 0


async def _events(stream: httpx.Response) -> AsyncIterator[tuple[int, str, dict[str, Any]]]:
    ident, kind = 0, ""
    async for line in stream.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "id":
            ident = int(value)
        elif name == "event":
            kind = value
        elif name == "data":
            yield ident, kind, json.loads(value)


def _note(reading: Reading, ident: int, kind: str, body: dict[str, Any]) -> None:
    if ident != reading.seen + 1:
        reading.faults.append(f"after event {reading.seen} came {ident}")
    reading.seen = ident
    since = time.perf_counter() - reading.asked_at
    if kind == "sentence":
        reading.first_s = reading.first_s or since
        reading.quotes += [cited["quote"] for cited in body.get("cited", ())]
    elif kind == "receipt":
        reading.paid_micros = body["micros"]
    elif kind == "failed":
        reading.faults.append("the answer failed")
    elif kind == "done":
        reading.outcome, reading.whole_s = body["outcome"], since


def percentile_ms(seconds: Sequence[float], percent: int) -> float | None:
    """Give a percentile in milliseconds, None of nothing."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1) if ordered else None
