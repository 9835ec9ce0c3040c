"""A node to be asked over HTTP: a home with notes and perhaps prices, and listeners with money to spend."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from presence.home import Home
from presence.local.socket import do_elsewhere
from tests.processes import Serving, command, serving
from trustgraph import Key, issuing

PRICE_MICROS = 20_000
PRICES = {"acts": {"ask": {"price": "0.02"}}}
GIFT = "1000.00"
PATIENCE_S = 120.0


def settings_for(listeners: int, embedder: str) -> dict[str, str]:
    """Give the settings of a node whose listeners all come from one address, and ask faster than people do."""
    return {
        "PRESENCE_KNOWLEDGE__EMBEDDER": embedder,
        "PRESENCE_TRUST__PASSPHRASE": "a phrase of a benchmark",
        "PRESENCE_LIMITS__QUESTIONS_PER_MINUTE": "1000000",
        "PRESENCE_LIMITS__SIGN_INS_PER_MINUTE": "1000000",
        "PRESENCE_MODELS__PLACES_MAX": str(listeners),
    }


@contextmanager
def furnished(
    home: Path, notes: Iterable[Path], settings: dict[str, str], *, charging: bool = False, like: Path | None = None
) -> Iterator[Serving]:
    """Serve a new home with these notes, taken in in this order, and perhaps prices.

    The fast form of the weights takes a while to make; a home `like` this one has it already.
    """
    if like is not None and Home(like).models.exists():
        shutil.copytree(Home(like).models, Home(home).models)
    done = command(home, "init", **settings)
    assert done.returncode == 0, done.stderr
    with serving(home, **settings) as node:
        for folder in notes:
            do_there(home, "import", {"path": str(folder), "tier": None})
        if charging:
            do_there(home, "prices set", {"written": PRICES})
        yield node


def do_there(home: Path, deed: str, arguments: dict[str, Any]) -> None:
    """Have a node that is served do a deed."""
    assert do_elsewhere(Home(home).socket, deed, arguments, lambda _told: None) == 0


def passages_in(home: Path) -> int:
    """Count the passages of all tiers."""
    with closing(sqlite3.connect(f"{Home(home).database.as_uri()}?mode=ro", uri=True)) as kept:
        return int(kept.execute("SELECT count(*) FROM passages").fetchone()[0])


def client_at(address: str) -> httpx.AsyncClient:
    """Give a client that waits long."""
    return httpx.AsyncClient(base_url=address, timeout=PATIENCE_S)


async def come_in(client: httpx.AsyncClient, address: str, home: Path, number: int) -> None:
    """Sign the listener of this number in, with money to spend."""
    who, now = Key(number.to_bytes(32)), int(time.time())
    challenge = (await client.post("/auth/challenge")).json()
    proof = issuing.auth(who, root=challenge["root"], aud=address, nonce=challenge["nonce"], iat=now)
    (await client.post("/auth/session", json=proof)).raise_for_status()
    given = {"did": who.did, "amount": GIFT}
    await asyncio.to_thread(do_there, home, "wallet give", given)


def cpu_s(process: psutil.Process) -> float:
    """Give the CPU seconds of a process since it began, all threads."""
    took = process.cpu_times()
    return float(took.user + took.system)
