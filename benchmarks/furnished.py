"""A node to be asked over HTTP: a home with notes and perhaps prices, and listeners with money to spend."""

import asyncio
import time
from pathlib import Path

import httpx
import psutil

from presence.home import Home
from presence.local.socket import do_elsewhere
from tests.processes import command
from trustgraph import Key, issuing

PRICE_MICROS = 20_000
PRICES = '[acts.ask]\nprice = "0.02"\n'
GIFT = "1000.00"
PATIENCE_S = 120.0


def settings_for(listeners: int, embedder: str) -> dict[str, str]:
    """Give the settings of a node whose listeners all come from one address, and ask faster than people do."""
    return {
        "PRESENCE_KNOWLEDGE__EMBEDDER": embedder,
        "PRESENCE_TRUST__PASSPHRASE": "a phrase of a benchmark",
        "PRESENCE_LIMITS__QUESTIONS_PER_MINUTE": "1000000",
        "PRESENCE_MODELS__PLACES_MAX": str(listeners),
    }


def furnish(home: Path, notes: Path, settings: dict[str, str], *, charging: bool) -> None:
    """Make the home, with notes and perhaps prices."""
    deeds = [["init"], ["import", str(notes), "--yes"]]
    if charging:
        prices = home.parent / "prices.toml"
        prices.parent.mkdir(parents=True, exist_ok=True)
        prices.write_text(PRICES)
        deeds.append(["prices", "set", str(prices)])
    for words in deeds:
        done = command(home, *words, **settings)
        assert done.returncode == 0, done.stderr


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
    await asyncio.to_thread(do_elsewhere, Home(home).socket, "wallet give", given, lambda _told: None)


def cpu_s(process: psutil.Process) -> float:
    """Give the CPU seconds of a process since it began, all threads."""
    took = process.cpu_times()
    return float(took.user + took.system)
