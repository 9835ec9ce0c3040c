"""Plays the whole room through once, in an environment that was made slim: what it cannot do without says so now.

    .venv/bin/python -P setup/rehearsal.py EMBEDDERS

Every module of ours is loaded; the demo is served with the embedder that was brought along; pages are read in both
languages, pictures drawn, questions asked and at last paid for; it is all backed up, restored into another home and
looked at by the doctor. What Python compiles meanwhile stays: an image whose root cannot be written to keeps nothing
later. It needs no network.
"""

import importlib
import json
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGES = ("presence", "knowledge", "trustgraph", "billing", "models")
LOADED_BY_ALEMBIC = {"presence.migrations.env"}
OPEN_SECONDS_MAX = 180.0
ANSWER_SECONDS_MAX = 60.0
CENT_MICROS = 10_000
PAGES = ("/", "/tiers", "/sets", "/releases", "/wallet", "/pricing", "/readyz", "/.well-known/agent.json", "/card.png")
QUESTIONS = (
    "How many people turned up to the first show you ever did?",
    "How did you keep the needles in the groove on the boat?",
    "Who sings on The Ice House Inventory?",
    "What came after Brine Pump at Lepelaar Weekend in 2019?",
)
_ADDRESS = re.compile(r"open at\s+(http://\S+)/")


class Failed(Exception):
    """Something that the room needs is not there; the message says what."""


def every_module() -> list[str]:
    """Name all modules of ours."""
    found = list(PACKAGES)
    for package in PACKAGES:
        there = importlib.import_module(package).__path__
        found += [module.name for module in pkgutil.walk_packages(there, f"{package}.")]
    return [name for name in found if name not in LOADED_BY_ALEMBIC]


def load(names: list[str]) -> None:
    """Load these modules, and say of all that cannot be loaded why not."""
    missing = []
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            missing.append(f"{name}: {error}")
    if missing:
        raise Failed("\n".join(missing))


def run(home: Path, *arguments: str, wanted: int = 0) -> str:
    """Run a command of the presence to its end, and give what it said."""
    done = subprocess.run(  # noqa: S603  # our own command
        [_program(), *arguments],
        env=os.environ | {"PRESENCE_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=OPEN_SECONDS_MAX,
        check=False,
    )
    if done.returncode != wanted:
        raise Failed(f"presence {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def demo(home: Path) -> Iterator[str]:
    """Serve the demo on a free port, and give its address; at the end it has to close by itself."""
    with subprocess.Popen(  # noqa: S603  # our own command
        [_program(), "demo", "--port", "0"],
        env=os.environ | {"PRESENCE_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield _opened(process)
        finally:
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate(timeout=30)
        if process.returncode not in (0, -signal.SIGTERM):
            raise Failed(f"The demo ended with {process.returncode}:\n{rest}")


def _opened(process: subprocess.Popen[str]) -> str:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if found := _ADDRESS.search(line):
            return found[1]
    raise Failed(f"The demo did not open:\n{''.join(said)}")


def listen(address: str) -> None:
    """Come as a listener with a key of her own: read, ask, and pay for what is not free any more."""
    import httpx

    with httpx.Client(base_url=address, timeout=ANSWER_SECONDS_MAX, follow_redirects=True) as listener:
        for page in PAGES:
            for language in ("en", "fr"):
                _good(listener.get(page, headers={"Accept-Language": language}))
        _sign_in(listener, address)
        _good(listener.post("/wallet/practice"))
        before = _good(listener.get("/api/wallet")).json()["available_micros"]
        for number, question in enumerate(QUESTIONS):
            answer = _answered(listener, question, f"rehearsal-{number}")
            print(f"{answer['outcome']}, {len(answer['citations'])} sources: {question}")  # noqa: T201  # for the log of the build
            if answer["outcome"] != "answered" or not answer["citations"]:
                raise Failed(f"{question}: {json.dumps(answer)}")
        paid = before - _good(listener.get("/api/wallet")).json()["available_micros"]
        print(f"Paid: {paid} micros")  # noqa: T201  # for the log of the build
        if paid <= 0:
            raise Failed("Nothing was charged for what was not free.")


def _sign_in(listener: Any, address: str) -> None:
    from trustgraph import Key, issuing

    asked = _good(listener.post("/auth/challenge")).json()
    proof = issuing.auth(Key.generate(), root=asked["root"], aud=address, nonce=asked["nonce"], iat=int(time.time()))
    _good(listener.post("/auth/session", json=proof))


def _answered(listener: Any, question: str, key: str) -> Any:
    body = {"question": question, "max_price_micros": 10 * CENT_MICROS, "idempotency_key": key}
    ticket = _good(listener.post("/api/questions", json=body)).json()
    _good(listener.get(f"/api/questions/{ticket['id']}/events"))  # read to its end: it closes after `done`
    return _good(listener.get(f"/api/questions/{ticket['id']}")).json()


def _good(response: Any) -> Any:
    if response.status_code >= 400:
        raise Failed(f"{response.request.method} {response.request.url}: {response.status_code}\n{response.text[:500]}")
    return response


def keep(home: Path, elsewhere: Path, file: Path) -> None:
    """Back the home up, and restore it elsewhere."""
    run(home, "backup", str(file))
    run(home, "backup", "--check", str(file))
    run(elsewhere, "restore", str(file))


def _program() -> str:
    return str(Path(sys.executable).parent / "presence")


def main() -> None:
    """Play it through, or end with the sentence that says what failed."""
    os.environ |= {
        "PRESENCE_KNOWLEDGE__EMBEDDER_BROUGHT": str(Path(sys.argv[1]).resolve()),
        "PRESENCE_KEEPING__PASSPHRASE": "rehearsal rehearsal",
        "PRESENCE_LOGS": "json",
    }
    load(every_module())
    folder = Path(tempfile.mkdtemp())
    try:
        home = folder / "home"
        with demo(home) as address:
            listen(address)
            run(home, "ask", QUESTIONS[0])
        keep(home, folder / "restored", folder / "kept.presence-backup")
        run(folder / "restored", "doctor", wanted=1)  # who is let in is doubtful after a restore, until she signs
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    try:
        main()
    except Failed as failed:
        sys.exit(str(failed))
