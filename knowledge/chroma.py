"""The vector index in Chroma: one collection per space and tier, cosine, vectors always our own.

Embedded, the folder is opened by exactly one process (two corrupt it silently); by URL, a Chroma
server is spoken to. No query ever carries a `where`: a tier is a collection.
"""

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
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


# One tier of one space; the space without a name has collections without a prefix.
_COLLECTION = re.compile(r"(?:(.+)-)?tier-(\d)")


class ChromaSpace:
    """Five collections, `NAME-tier-0` to `NAME-tier-4`; without a name, `tier-0` to `tier-4`."""

    def __init__(self, client: ClientAPI, name: str = "") -> None:
        self._client = client
        self._name = name
        self._opened: dict[int, Any] = {}

    def _collection(self, tier: int) -> Any:
        """Open a collection when it is first needed: what nobody asks for is not made."""
        if tier not in self._opened:
            with _unavailable("The vector index cannot be opened"):
                collection = self._client.get_or_create_collection(
                    _collection(self._name, tier),
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_WIDTH}},
                )
                _widen(collection)
                self._opened[tier] = collection
        return self._opened[tier]

    def upsert(self, tier: int, ids: Sequence[str], vectors: Vectors) -> None:
        with _unavailable("The vector index takes nothing in"):
            for start in range(0, len(ids), BATCH):
                rows = slice(start, start + BATCH)
                self._collection(tier).upsert(ids=list(ids[rows]), embeddings=vectors[rows])

    def delete(self, tier: int, ids: Sequence[str]) -> None:
        with _unavailable("The vector index lets nothing go"):
            for start in range(0, len(ids), BATCH):
                self._collection(tier).delete(ids=list(ids[start : start + BATCH]))

    def nearest(self, tier: int, vector: Vectors, limit: int) -> list[Neighbour]:
        collection = self._collection(tier)
        asked = np.asarray([vector], dtype=np.float32)
        with _unavailable("The vector index does not answer"):
            # Fewer come back where there are fewer; asking how many there are would cost as much as the search.
            found = collection.query(query_embeddings=asked, n_results=limit, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [Neighbour(ident, 1.0 - distance) for ident, distance in pairs]

    def ids(self, tier: int) -> set[str]:
        with _unavailable("The vector index does not answer"):
            return set(self._collection(tier).get(include=[])["ids"])

    def version(self, tier: int) -> str | None:
        metadata = self._collection(tier).metadata or {}
        version = metadata.get("corpus_version")
        return None if version is None else str(version)

    def mark(self, tier: int, version: str) -> None:
        with _unavailable("The vector index takes nothing in"):
            self._collection(tier).modify(metadata={"corpus_version": version})


class ChromaIndex(ChromaSpace):
    """By itself the space without a name; it opens the others beside it."""

    def __init__(self, client: ClientAPI) -> None:
        super().__init__(client)
        self.spaces()  # an index that does not answer is told at once

    @classmethod
    def embedded(cls, folder: Path) -> "ChromaIndex":
        """Open a folder that no other process has open."""
        settings = ChromaSettings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
        with _unavailable(f"The vector index in {folder} cannot be opened (`presence reindex` builds a new one)"):
            client = chromadb.PersistentClient(path=str(folder), settings=settings)
        return cls(client)

    @classmethod
    def server(cls, url: str) -> "ChromaIndex":
        """Speak to a Chroma server, `http://host:port`."""
        address = urlsplit(url)
        settings = ChromaSettings(anonymized_telemetry=False)
        with _unavailable(f"The Chroma server at {url} does not answer"):
            client = chromadb.HttpClient(
                host=address.hostname or "localhost",
                port=address.port or (443 if address.scheme == "https" else 80),
                ssl=address.scheme == "https",
                settings=settings,
            )
        return cls(client)

    def space(self, name: str) -> ChromaSpace:
        return ChromaSpace(self._client, name) if name else self

    def spaces(self) -> set[str]:
        with _unavailable("The vector index does not answer"):
            names = [_COLLECTION.fullmatch(collection.name) for collection in self._client.list_collections()]
        return {found[1] or "" for found in names if found}

    def drop(self, name: str) -> None:
        for tier in TIERS:
            with _unavailable("The vector index lets nothing go"), suppress(NotFoundError):
                self._client.delete_collection(_collection(name, tier))
        if not name:
            self._opened.clear()


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
