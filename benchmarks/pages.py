"""What each page costs the server, and how much of it travels: a DJ's 33 nights, a band's 2,358, 20,000 paid answers.

CPU is the whole process's over ten requests, after one that warms; the client that asks lives in the same process,
so a few milliseconds of each figure are its own. Bytes are of the page, compressed, and of the first load: with the
styles and scripts that it names.
"""

import gzip
import json
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Connection, insert, text

from billing import Offer, Sale
from presence.bootstrap import Services
from presence.tables import answer_events, citations, questions
from presence.web.pages import STATIC
from tests.nodes import client_of, take_in, write_notes
from tests.presence.web.paying import ANN, PRICES, give, open_shop
from tests.rig.crawling import ENDLESS, HTML, routes_of
from tests.trusting import operator_of, sign_in

DATA = Path(__file__).parents[2] / "shared" / "data" / "grateful-dead" / "csv"
TIMES = 10
PAID, SENTENCES = 20_000, 3
PRICE = 20_000
NIGHTS, PIECES = 33, 18
_LINK = re.compile(r'href="(/[^"#]*)')
_PART = re.compile(r'(?:src|href)="(/static/[^"]+\.(?:css|js))"')
_IMPORT = re.compile(r'(?:from|import) ?\(?"(\./[^"]+\.js)"')
# Streams, tables to take along, and pictures are no pages; a set-up that is done leads on.
_NO_PAGE = (".csv", ".json", ".png", ".txt", ".xml", ".zip", ".js", ".svg", ".webmanifest")


def measure() -> dict[str, Any]:
    """Measure every page of two nodes, as its artist who is a listener as well."""
    return {"figures": {"dj": _measured(_dj), "band": _measured(_band)}}


def _measured(furnish: Any) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder, open_shop(Path(folder) / "home", PRICES) as node:
        furnish(node, Path(folder))
        with client_of(node) as client:
            sign_in(client, ANN)
            operator_of(client, node)
            return {name: _cost(client, address) for name, address in _pages(client)}


def _dj(node: Services, folder: Path) -> None:
    """Take in 33 nights with 18 pieces each, and a note about every one."""
    notes = {}
    for night in range(NIGHTS):
        date = f"{2012 + night // 3}-{1 + night % 12:02}-{1 + night % 27:02}"
        place = f"venue: Room {night % 7}\ncity: Holm"
        head = f"---\ntitle: Night {night}\ndate: {date}\nkind: set\ntier: public\n{place}\n---\n"
        played = [f"[0:{3 * n:02}:00] Artist {n % 40} - Piece {night % 11}-{n} [Label {n % 9}]" for n in range(PIECES)]
        notes[f"night{night}.md"] = f"{head}It rained on night {night}, and the door was late.\n\n" + "\n".join(played)
    take_in(node, write_notes(folder / "nights", notes), tier=None)
    _asked(node, 200)


def _band(node: Services, folder: Path) -> None:
    """Take in the band's shows, and sell 20,000 answers."""
    kept = folder / "shows"
    kept.mkdir()
    for path in DATA.glob("*.csv"):
        (kept / path.name).write_bytes(path.read_bytes())
    take_in(node, kept)
    _asked(node, PAID)


def _asked(node: Services, count: int) -> None:
    """Sell so many answers to one listener, each resting on notes that are there."""
    give(node, ANN, count * PRICE // 5_000)
    with node.database.records() as records:
        said = records.execute(text("SELECT id, document_id, text FROM passages")).all()
        said = said or records.execute(text("SELECT id, document_id, raw FROM events ORDER BY id LIMIT 500")).all()
    for number in range(count):
        _sold(node, f"question-{number}", said[number % len(said)])


def _sold(node: Services, ident: str, place: Sequence[str]) -> None:
    """Keep a question that was answered by a place of a note, and take what it costs."""
    source, document, words = place
    at, quote = time.time() - 60, words[:200]
    row = {"id": ident, "listener": ANN.did, "act": "ask", "question": f"What was {ident}?", "tier": 0}
    more = {"sources_tier": 0, "price_micros": PRICE, "body_sha256": "", "conversation": ident, "writer": "quoting"}
    place_now: dict[str, Any] = {"document_id": document, "url": f"/sources/{source}", "locator": {}, "date": None}
    told = [
        {"n": 1, "quote": quote, "title": "Night", "kind": "passage", "tier": 0, "speaker": "Ada Marsh", **place_now}
    ]
    said = {"text": quote, "citations": [1], "cited": told}

    def keep(writer: Connection) -> None:
        writer.execute(insert(questions).values(**row, **more, created_at=at, finished_at=at, outcome="answered"))

    def beside(writer: Connection, receipt: Any) -> None:
        steps = [("sentence", said), ("receipt", {"id": receipt.ident, "micros": PRICE}), ("done", {})]
        rows = [
            {"question_id": ident, "seq": seq, "kind": kind, "body": json.dumps(body), "tier": 0}
            for seq, (kind, body) in enumerate(steps, 1)
        ]
        writer.execute(insert(answer_events), rows)
        kind = {"question_id": ident, "n": 1, "kind": told[0]["kind"]}
        writer.execute(insert(citations).values(**kind, document_id=document, source_id=source))

    hold = node.paying.holds.place(ident, ANN.did, Offer(PRICE, PRICE, "1"), before=keep)
    node.paying.holds.capture(hold, PRICE, Sale("ask", str(row["question"]), SENTENCES), beside=beside)


def _pages(client: TestClient) -> Iterator[tuple[str, str]]:
    """Give every page by its route: those without a parameter, and one of each that these lead to."""
    open_to = client.app.routes  # type: ignore[attr-defined]  # the client knows of no FastAPI
    routes = [route for route in routes_of(open_to) if "GET" in (route.methods or ())]
    plain = [one.path for one in routes if "{" not in one.path and one.path not in ENDLESS]
    wanted = [one for one in routes if "{" in one.path]
    waiting = [path for path in plain if _is_page(path)]
    found: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        answered = client.get(address, headers=HTML, follow_redirects=False)
        if answered.status_code != 200 or "text/html" not in answered.headers.get("content-type", ""):
            continue
        name = next((one.path for one in wanted if one.path_regex.match(urlsplit(address).path)), address)
        if name in found:
            continue
        found.add(name)
        yield name, address
        waiting += _led_to(answered.text, wanted, found)


def _led_to(page: str, wanted: list[APIRoute], found: set[str]) -> Iterator[str]:
    links = [link.replace("&amp;", "&") for link in _LINK.findall(page)]
    for route in wanted:
        here = (link for link in links if route.path_regex.match(urlsplit(link).path) and _is_page(urlsplit(link).path))
        address = next(here, None)
        if address is not None and route.path not in found:
            yield address


def _is_page(path: str) -> bool:
    return not path.endswith(_NO_PAGE) and not path.startswith(("/api/", "/static/", "/audio/", "/metrics"))


def _cost(client: TestClient, address: str) -> dict[str, float]:
    page = client.get(address, headers=HTML)
    began = time.process_time()
    for _ in range(TIMES):
        client.get(address, headers=HTML)
    took = time.process_time() - began
    whole = sum(_compressed(path.read_bytes()) for path in _loaded(page.text))
    own = _compressed(page.content)
    return {"cpu_ms": round(took / TIMES * 1000, 1), "page_bytes": own, "first_load_bytes": own + whole}


def _loaded(page: str) -> set[Path]:
    """Give the styles and scripts of a page, with the scripts that those import."""
    waiting, found = {STATIC.parent / path[1:] for path in _PART.findall(page)}, set[Path]()
    while waiting:
        path = waiting.pop()
        found.add(path)
        if path.suffix == ".js":
            waiting |= {(path.parent / name).resolve() for name in _IMPORT.findall(path.read_text())} - found
    return found


def _compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def table(figures: dict[str, dict[str, dict[str, float]]]) -> str:
    """Write the figures as rows for docs/benchmarks.md, the dearest first."""
    rows = []
    for name in sorted({page for node in figures.values() for page in node}):
        dj, band = figures["dj"].get(name), figures["band"].get(name)
        most = max(one["first_load_bytes"] for one in (dj, band) if one)
        cells = [f"{one['cpu_ms']:.0f}" if one else "–" for one in (dj, band)]
        dearest = max(one["cpu_ms"] for one in (dj, band) if one)
        rows.append((dearest, f"| `{name}` | {' | '.join(cells)} | {most / 1000:.0f} |"))
    return "\n".join(row for _, row in sorted(rows, reverse=True))
