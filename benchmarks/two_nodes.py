"""Whether the clock tells a stranger that there is more: two nodes, one with and one without what is above a tier.

Real processes, asked over HTTP, one request at a time: the same one of each node, in an order that changes at
random. The one node holds thousands of passages that she may not read, beside the same ones that she may; half of
what she asks is about those. A third node is another without them: how far it is from the second says what any two
nodes of one kind are apart, whatever they hold. `python -m benchmarks two_nodes --pairs 2000`.
"""

import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.furnished import PATIENCE_S, furnished, passages_in, settings_for
from benchmarks.liner_notes import Song, songs, write_notes
from benchmarks.two_samples import compared, false_alarms
from trustgraph import Tier

OPEN_NOTES, NOTES_ABOVE = 120, 250  # for the listener, and for each tier above her
ALPHA = 0.01
FULL, BARE, TWIN = "with what is above", "without", "without, another"
NODES = (FULL, BARE, TWIN)
OPEN, ABOVE = "what is open", "what is above"
SEARCHING = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
REQUESTS_A_ROUND = 6


@dataclass(slots=True)
class Node:
    """One of the nodes, as somebody sees it who has never been there; `pages` are addresses of open notes."""

    client: httpx.Client
    passages: int
    pages: list[str] = field(default_factory=list)

    def offer(self, question: str) -> None:
        """Ask what a question costs."""
        self._sent("POST", "/api/offers", json={"question": question})

    def search(self, words: str) -> list[str]:
        """Search, and give the addresses of what was found."""
        called = {"method": "tools/call", "params": {"name": "search", "arguments": {"query": words}}}
        response = self._sent("POST", "/mcp", json={"jsonrpc": "2.0", "id": 1, **called}, headers=SEARCHING)
        told = next(line for line in response.text.splitlines() if line.startswith("data: {"))
        found = json.loads(told.removeprefix("data: "))["result"]["structuredContent"]["results"]
        return [httpx.URL(one["url"]).path for one in found]

    def page(self, address: str) -> None:
        """Open a page."""
        self._sent("GET", address)

    def answer(self, question: str) -> Iterator[tuple[str, float]]:
        """Ask as somebody new and read the answer; gives when each stage was reached, in seconds."""
        self.client.cookies.clear()
        began = time.perf_counter()
        ident = self._sent("POST", "/api/questions", json={"question": question}).json()["id"]
        yield "accepted", time.perf_counter() - began
        first = True
        with self.client.stream("GET", f"/api/questions/{ident}/events") as stream:
            for line in stream.iter_lines():
                if first and line.startswith("data:"):
                    yield "first event", time.perf_counter() - began
                    first = False
        yield "whole answer", time.perf_counter() - began
        began = time.perf_counter()
        self.page(f"/answers/{ident}")
        yield "page of the answer", time.perf_counter() - began

    def _sent(self, method: str, address: str, **more: Any) -> httpx.Response:
        response = self.client.request(method, address, **more)
        assert response.status_code in (200, 201), (address, response.status_code)
        return response


Times = dict[tuple[str, str], dict[str, list[float]]]
"""Seconds by what was asked for and what it is about, node by node."""


def measure(pairs: int) -> dict[str, Any]:
    """Send so many requests to each node, and compare how long they took."""
    times, passages = timed(pairs, OPEN_NOTES, NOTES_ABOVE)
    result = told(times)
    return {**result, "figures": {"passages": passages, **result["figures"]}}


def timed(
    pairs: int, open_notes: int, notes_above: int, *, tier: int = Tier.PUBLIC, embedder: str = "minilm"
) -> tuple[Times, dict[str, int]]:
    """Give how long each request took at each node, and how many passages each holds."""
    known = songs(open_notes)
    above = songs(notes_above * (Tier.INNER - tier), after=open_notes)
    times: Times = defaultdict(lambda: {name: [] for name in NODES})
    with opened(known, above, tier, embedder) as nodes:
        for song in known:  # what is read for the first time takes longer
            for node in nodes.values():
                node.pages.append(node.search(song.fact)[0])
                list(node.answer(song.question(0)))
        choose = random.Random(1)
        for number in range(pairs // REQUESTS_A_ROUND):
            about, some = (OPEN, known) if number % 2 else (ABOVE, above)
            _round(nodes, times, about, choose.choice(some), choose)
        return times, {name: node.passages for name, node in nodes.items()}


@contextmanager
def opened(known: list[Song], above: list[Song], tier: int, embedder: str) -> Iterator[dict[str, Node]]:
    """Open the nodes. What is above is taken in between two halves of what is open."""
    settings, half = settings_for(1, embedder), len(known) // 2
    with tempfile.TemporaryDirectory() as folder, ExitStack() as closing:
        place = Path(folder)
        first = [write_notes(place / "first", known[:half], tier)]
        more = [
            write_notes(place / f"above-{level}", above[level - tier - 1 :: Tier.INNER - tier], level)
            for level in range(tier + 1, Tier.INNER + 1)
        ]
        last = [write_notes(place / "last", known[half:], tier)]
        nodes = {}
        for number, name in enumerate(NODES):
            notes = [*first, *(more if name == FULL else ()), *last]
            home, like = place / str(number) / "home", place / "0" / "home"
            node = closing.enter_context(furnished(home, notes, settings, like=like if number else None))
            client = closing.enter_context(httpx.Client(base_url=node.address, timeout=PATIENCE_S))
            nodes[name] = Node(client, passages_in(home))
        yield nodes


def _round(nodes: dict[str, Node], times: Times, about: str, song: Song, choose: random.Random) -> None:
    """Send each kind of request to each node."""
    question, place = song.question(choose.randrange(1, 90)), choose.random()
    for kind in choose.sample(("answer", "offer", "search", "note", "first page"), 5):
        for name in choose.sample(NODES, len(NODES)):
            node, began = nodes[name], time.perf_counter()
            if kind == "answer":
                for stage, seconds in node.answer(question):
                    times[stage, about][name].append(seconds)
                continue
            if kind == "offer":
                node.offer(question)
            elif kind == "search":
                node.search(question)
            else:
                node.page("/" if kind == "first page" else node.pages[int(place * len(node.pages))])
            times[kind, about][name].append(time.perf_counter() - began)


def told(times: Times) -> dict[str, Any]:
    """Compare node by node, and say what can be told apart."""
    figures: dict[str, Any] = {}
    alarms, found, by_chance = [], [], []
    level = ALPHA / len(times)
    for (kind, about), by_node in sorted(times.items()):
        full, bare, twin = (1000 * np.array(by_node[name]) for name in NODES)
        ours, null = compared(full, bare), compared(twin, bare)
        alarms.append(false_alarms(bare))
        name = f"{kind}, asked about {about}"
        found += [name] if ours.p < level else []
        by_chance += [name] if null.p < level else []
        figures[name] = {"with_or_without_ms": ours.rounded(), "two_without_ms": null.rounded()}
    return {
        "figures": {"told_apart": found, "two_without_told_apart": by_chance, "level": level, **figures},
        "ratios": {
            "told_apart": len(found),
            "two_without_told_apart": len(by_chance),
            "false_alarms_at_5_percent": round(float(np.mean(alarms)), 3),
        },
    }
