"""The vector index in Chroma: one collection per space and tier, cosine, vectors always our own.

Embedded, the folder is opened by exactly one process (two corrupt it silently); by URL, a Chroma
server is spoken to, which may be away when the node opens and may forget everything. No query ever
carries a `where`: a tier is a collection.
"""

import re
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import NotFoundError

from knowledge.contracts import TIERS, Neighbour, Vectors
from knowledge.errors import IndexUnavailable

# Chroma refuses larger batches (5,461 on this build); small ones keep the memory flat.
BATCH = 2_000
# Wide enough that of the ten nearest of 100,000 passages hardly one is missed (docs/benchmarks.md).
SEARCH_WIDTH = 300
QUERY_SECONDS_MAX = 3.0
"""How long a listener waits for a server to search; after that her notes are found by their words alone."""
SECONDS_MAX = 60.0
"""How long a server may take to write, or to tell all that it holds."""
CONNECT_SECONDS_MAX = 3.0


# One tier of one space; the space without a name has collections without a prefix.
_COLLECTION = re.compile(r"(?:(.+)-)?tier-(\d)")


class ChromaSpace:
    """Five collections, `NAME-tier-0` to `NAME-tier-4`; without a name, `tier-0` to `tier-4`."""

    def __init__(self, client: Callable[[], ClientAPI], name: str = "") -> None:
        self._client = client
        self._name = name
        self._opened: dict[int, Any] = {}

    def _collection(self, tier: int) -> Any:
        """Open a collection when it is first needed: what nobody asks for is not made."""
        collection = self._opened.get(tier)
        if collection is None:
            with _unavailable("The vector index cannot be opened"):
                collection = self._client().get_or_create_collection(
                    _collection(self._name, tier),
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_WIDTH}},
                )
                _widen(collection)
                self._opened[tier] = collection
        return collection

    @contextmanager
    def _using(self, what: str) -> Iterator[None]:
        """Say what failed, and open everything anew next time: a server that forgot knows our collections no more."""
        try:
            with _unavailable(what):
                yield
        except IndexUnavailable:
            self._opened.clear()
            raise

    def upsert(self, tier: int, ids: Sequence[str], vectors: Vectors) -> None:
        with self._using("The vector index takes nothing in"):
            for start in range(0, len(ids), BATCH):
                rows = slice(start, start + BATCH)
                self._collection(tier).upsert(ids=list(ids[rows]), embeddings=vectors[rows])

    def delete(self, tier: int, ids: Sequence[str]) -> None:
        with self._using("The vector index lets nothing go"):
            for start in range(0, len(ids), BATCH):
                self._collection(tier).delete(ids=list(ids[start : start + BATCH]))

    def nearest(self, tier: int, vector: Vectors, limit: int) -> list[Neighbour]:
        collection = self._collection(tier)
        asked = np.asarray([vector], dtype=np.float32)
        with self._using("The vector index does not answer"):
            # Fewer come back where there are fewer; asking how many there are would cost as much as the search.
            found = collection.query(query_embeddings=asked, n_results=limit, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [Neighbour(ident, 1.0 - distance) for ident, distance in pairs]

    def ids(self, tier: int) -> set[str]:
        with self._using("The vector index does not answer"):
            return set(self._collection(tier).get(include=[])["ids"])

    def kept(self, tier: int, ids: Sequence[str]) -> dict[str, Vectors]:
        """Give the vectors of these ids, as far as they are there."""
        if not ids:
            return {}
        with _unavailable("The vector index does not answer"):
            found = self._collection(tier).get(ids=list(ids), include=["embeddings"])
        return dict(zip(found["ids"], np.asarray(found["embeddings"], dtype=np.float32), strict=True))

    def version(self, tier: int) -> str | None:
        metadata = self._collection(tier).metadata or {}
        version = metadata.get("corpus_version")
        return None if version is None else str(version)

    def mark(self, tier: int, version: str) -> None:
        with self._using("The vector index takes nothing in"):
            self._collection(tier).modify(metadata={"corpus_version": version})


class ChromaIndex(ChromaSpace):
    """By itself the space without a name; it opens the others beside it."""

    def __init__(
        self,
        client: Callable[[], ClientAPI],
        *,
        is_elsewhere: bool = False,
        at_once: bool = True,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(client)
        self.is_elsewhere = is_elsewhere
        self.close = close
        """Gives back what the client holds."""
        if at_once:
            self.spaces()  # an index that does not answer is told at once

    @classmethod
    def embedded(cls, folder: Path) -> "ChromaIndex":
        """Open a folder that no other process has open."""
        settings = ChromaSettings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
        with _unavailable(f"The vector index in {folder} cannot be opened (`presence reindex` builds a new one)"):
            client = chromadb.PersistentClient(path=str(folder), settings=settings)
        return cls(lambda: client)

    @classmethod
    def server(cls, url: str, *, at_once: bool = True) -> "ChromaIndex":
        """Speak to a Chroma server, `http://host:port`; unless `at_once`, one that is away may come later."""
        line = _Line(url)
        return cls(line, is_elsewhere=True, at_once=at_once, close=line.close)

    def space(self, name: str) -> ChromaSpace:
        return ChromaSpace(self._client, name) if name else self

    def spaces(self) -> set[str]:
        with _unavailable("The vector index does not answer"):
            names = [_COLLECTION.fullmatch(collection.name) for collection in self._client().list_collections()]
        return {found[1] or "" for found in names if found}

    def drop(self, name: str) -> None:
        for tier in TIERS:
            with _unavailable("The vector index lets nothing go"), suppress(NotFoundError):
                self._client().delete_collection(_collection(name, tier))
        if not name:
            self._opened.clear()


class _Line:
    """Opens the line to a server when it is first needed, and again until somebody answers."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: ClientAPI | None = None
        self._lock = threading.Lock()

    def __call__(self) -> ClientAPI:
        with self._lock:
            if self._client is None:
                with _unavailable(f"The Chroma server at {self._url} does not answer"):
                    self._client = _http_client(self._url)
            return self._client

    def close(self) -> None:
        """Close it, if it was ever opened."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()
            for session in _sessions(client):
                session.close()  # which Chroma's own client leaves open


def _http_client(url: str) -> ClientAPI:
    address = urlsplit(url)
    opened: ClientAPI = chromadb.HttpClient(
        host=address.hostname or "localhost",
        port=address.port or (443 if address.scheme == "https" else 80),
        ssl=address.scheme == "https",
        settings=ChromaSettings(anonymized_telemetry=False),
    )
    for session in _sessions(opened):
        session.event_hooks["request"].append(_be_impatient)  # Chroma's own client waits for ever
    return opened


def _sessions(client: Any) -> list[httpx.Client]:
    """Give the lines that a client has; no setting of Chroma's reaches them."""
    servers = (client._server, client._admin_client._server)  # noqa: SLF001  # it has no public way
    return [server._session for server in servers]  # noqa: SLF001  # nor have they


def _be_impatient(request: httpx.Request) -> None:
    seconds = QUERY_SECONDS_MAX if request.url.path.endswith("/query") else SECONDS_MAX
    request.extensions["timeout"] = httpx.Timeout(seconds, connect=CONNECT_SECONDS_MAX).as_dict()


def _widen(collection: Any) -> None:
    """Let a collection made by an earlier version search as widely; it does so from the next opening on.

    Should it not be possible now, because Chroma is busy writing, it is tried again at that opening.
    """
    if (collection.configuration_json.get("hnsw") or {}).get("ef_search") == SEARCH_WIDTH:
        return
    with suppress(Exception), warnings.catch_warnings():
        # Chroma warns that the collection has no embedding function: so it is meant.
        warnings.simplefilter("ignore", DeprecationWarning)
        collection.modify(configuration={"hnsw": {"ef_search": SEARCH_WIDTH}})


def _collection(space: str, tier: int) -> str:
    return f"{space}-tier-{tier}" if space else f"tier-{tier}"


@contextmanager
def _unavailable(what: str) -> Iterator[None]:
    """Say in one sentence that Chroma failed, whichever of its layers did: its own, SQLite's or the network's."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailable(f"{what}: {error}") from error
