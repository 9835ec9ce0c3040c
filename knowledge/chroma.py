"""The vector index in Chroma: one collection per tier, cosine, vectors always our own.

Embedded, the folder is opened by exactly one process (two corrupt it silently); by URL, a Chroma
server is spoken to. No query ever carries a `where`: a tier is a collection.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api import ClientAPI
from chromadb.config import Settings as ChromaSettings

from knowledge.contracts import TIERS, Neighbour, Vectors
from knowledge.errors import IndexUnavailable

# Chroma refuses larger batches (5,461 on this build); small ones keep the memory flat.
BATCH = 2_000
# Wide enough that a search for 50 candidates in a compartment of a few thousand is in practice exact.
SEARCH_WIDTH = 200


class ChromaIndex:
    """Five collections, `tier-0` to `tier-4`."""

    def __init__(self, client: ClientAPI) -> None:
        self._client = client
        with _unavailable("The vector index cannot be opened"):
            self._collections = {tier: self._open(tier) for tier in TIERS}

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

    def _open(self, tier: int) -> Any:
        return self._client.get_or_create_collection(
            f"tier-{tier}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_WIDTH}},
        )

    def upsert(self, tier: int, ids: Sequence[str], vectors: Vectors) -> None:
        with _unavailable("The vector index takes nothing in"):
            for start in range(0, len(ids), BATCH):
                rows = slice(start, start + BATCH)
                self._collections[tier].upsert(ids=list(ids[rows]), embeddings=vectors[rows])

    def delete(self, tier: int, ids: Sequence[str]) -> None:
        with _unavailable("The vector index lets nothing go"):
            for start in range(0, len(ids), BATCH):
                self._collections[tier].delete(ids=list(ids[start : start + BATCH]))

    def nearest(self, tier: int, vector: Vectors, limit: int) -> list[Neighbour]:
        collection = self._collections[tier]
        asked = np.asarray([vector], dtype=np.float32)
        with _unavailable("The vector index does not answer"):
            count = collection.count()
            if count == 0:
                return []
            found = collection.query(query_embeddings=asked, n_results=min(limit, count), include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [Neighbour(ident, 1.0 - distance) for ident, distance in pairs]

    def ids(self, tier: int) -> set[str]:
        with _unavailable("The vector index does not answer"):
            return set(self._collections[tier].get(include=[])["ids"])

    def version(self, tier: int) -> str | None:
        metadata = self._collections[tier].metadata or {}
        version = metadata.get("corpus_version")
        return None if version is None else str(version)

    def mark(self, tier: int, version: str) -> None:
        with _unavailable("The vector index takes nothing in"):
            self._collections[tier].modify(metadata={"corpus_version": version})


@contextmanager
def _unavailable(what: str) -> Iterator[None]:
    """Say in one sentence that Chroma failed, whichever of its layers did: its own, SQLite's or the network's."""
    try:
        yield
    except Exception as error:
        raise IndexUnavailable(f"{what}: {error}") from error
