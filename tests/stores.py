"""What the homes of tests stand on: their own folders, or PostgreSQL and Chroma servers on loopback.

`PRESENCE_TEST_STORES=server` gives each home a database and a Chroma server of its own, until its folder goes;
`PRESENCE_TEST_PROCESSES=2` has two processes serve it then, a request at the one and the next at the other.
"""

import atexit
import itertools
import os
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest

from presence.database import Database, open_database
from tests.contracts.chroma_server import ChromaServer, frail_chroma
from tests.databases import migrated_database
from tests.postgres import cluster, drop_database, new_database

EMBEDDED, SERVER = "embedded", "server"
# Read here once: every test forgets the settings of the machine, and these are none of a node's.
ON_SERVERS = os.environ.get("PRESENCE_TEST_STORES", EMBEDDED) == SERVER
PROCESSES = int(os.environ.get("PRESENCE_TEST_PROCESSES", "1")) if ON_SERVERS else 1
CHOSEN = ("PRESENCE_DATABASE_URL", "PRESENCE_CHROMA_URL")
"""Whoever says one of these has chosen what a home stands on."""
_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


def only_embedded(why: str) -> pytest.MarkDecorator:
    """Leave a test out where homes stand on servers, since it is about their files."""
    return pytest.mark.skipif(ON_SERVERS, reason=f"about a home's own files: {why}")


@dataclass(frozen=True, slots=True)
class Stores:
    """A home's database and its Chroma server."""

    name: str
    address: str
    chroma: ChromaServer

    @property
    def database_url(self) -> str:
        """Where its database is."""
        return f"{self.address}/{self.name}"

    @property
    def settings(self) -> dict[str, str]:
        """Give the settings that lead there."""
        return dict(zip(CHOSEN, (self.database_url, self.chroma.address), strict=True))


class Servers:
    """One cluster for a test process, a database and a Chroma server for each home; those given back serve again."""

    def __init__(self) -> None:
        self._closing = ExitStack()
        self._names = itertools.count(1)
        self._spare: list[ChromaServer] = []
        self._of: dict[Path, Stores] = {}
        self._lock = threading.Lock()
        folder = tempfile.TemporaryDirectory(prefix="presence-chroma-", ignore_cleanup_errors=True)
        self._folder = Path(self._closing.enter_context(folder))
        self.address = self._closing.enter_context(cluster())
        atexit.register(self._closing.close)

    def of(self, home: Path, *, with_nothing: bool = False) -> Stores:
        """Give what a home stands on; its database is migrated, unless nothing is to be in there at first."""
        with self._lock:
            stores = self._of.get(home.absolute())
            if stores is None:
                name = f"home_{os.getpid()}_{next(self._names)}"
                (new_database if with_nothing else migrated_database)(self.address, name)
                stores = Stores(name, self.address, self._spare.pop() if self._spare else self._new_chroma())
                self._of[home.absolute()] = stores
        return stores

    def take_back(self, folder: Path) -> None:
        """Let go what the homes below a folder stood on."""
        with self._lock:
            gone = [home for home in self._of if home.is_relative_to(folder.absolute())]
            for stores in [self._of.pop(home) for home in gone]:
                drop_database(self.address, stores.name)
                _empty(stores.chroma)
                self._spare.append(stores.chroma)

    def _new_chroma(self) -> ChromaServer:
        return self._closing.enter_context(frail_chroma(self._folder / str(next(self._names))))


@cache
def servers() -> Servers:
    """Give the servers of this test process; they start when they are first needed, and end with it."""
    return Servers()


def settings_of(home: Path, *, with_nothing: bool = False) -> dict[str, str]:
    """Give what a node's settings have to say of its stores: nothing, where they lie in its folder."""
    return servers().of(home, with_nothing=with_nothing).settings if ON_SERVERS else {}


def url_of(home: Path, *, with_nothing: bool = False) -> str | None:
    """Give the address of a home's database; None where it is a file."""
    return servers().of(home, with_nothing=with_nothing).database_url if ON_SERVERS else None


def place_of(home: Path) -> str:
    """Give the address of a home's database, or else its file."""
    return url_of(home) or str(home / "presence.db")


def database_of(home: Path) -> Database:
    """Open a home's database, beside whoever serves it."""
    return open_database(url_of(home), home / "presence.db")


def _empty(chroma: ChromaServer) -> None:
    with httpx.Client(base_url=chroma.address, timeout=30) as client:
        for collection in client.get(_COLLECTIONS).raise_for_status().json():
            client.delete(f"{_COLLECTIONS}/{collection['name']}").raise_for_status()
