"""Opens whole nodes for tests: real storage, with the small embedder and the exact index that we ship.

Where homes stand on servers (`tests.stores`), the index is the server's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from pydantic import SecretStr

from knowledge import Embedder, ImportReport, OpenAgain, VectorIndex
from knowledge.imported import ImportRequest
from knowledge.memory import MemoryIndex
from models import Writer
from models.embedders.hashed import HashedEmbedder
from presence.app import create_app
from presence.bootstrap import Services, bootstrap
from presence.settings import LimitsSettings, Settings
from tests import stores
from tests.databases import migrated_file

ARTIST = "Ada Marsh"
# Tests ask faster than people do; how much is taken has tests of its own.
ROOMY = LimitsSettings(questions_per_minute=10_000, sign_ins_per_minute=10_000, documents_per_minute=10_000)


@contextmanager
def open_node(
    home: Path,
    *,
    database_url: str | None = None,
    embedder: Embedder | None = None,
    index: VectorIndex | None = None,
    writer: Writer | None = None,
    open_again: OpenAgain | None = None,
    is_new: bool = False,
    **settings: Any,
) -> Iterator[Services]:
    """Open a node in a home of its own; the migrations make its file here only if it `is_new`."""
    if stores.ON_SERVERS and database_url is None:
        there = stores.servers().of(home, with_nothing=is_new)
        database_url = there.database_url
        if index is None:
            settings.setdefault("chroma_url", there.chroma.address)
    elif database_url is None and not is_new:
        migrated_file(home / "presence.db")
    url = SecretStr(database_url) if database_url else None
    settings.setdefault("limits", ROOMY)
    chosen = Settings(home=home, artist_name=ARTIST, database_url=url, **settings)
    with bootstrap(
        chosen,
        embedder=embedder or HashedEmbedder(),
        index=index or (None if chosen.chroma_url else MemoryIndex()),
        writer=writer,
        open_again=open_again,
    ) as services:
        services.library.start()
        yield services


def take_in(services: Services, path: Path, tier: int | None = 0, speaker: str | None = None) -> ImportReport:
    """Import a file or a folder."""
    request = ImportRequest(path, artist=services.settings.artist_name, tier=tier, speaker=speaker)
    return services.library.import_path(request, lambda _step: None)


def write_notes(folder: Path, notes: dict[str, str]) -> Path:
    """Write files by name into a folder."""
    for name, text in notes.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@contextmanager
def client_of(services: Services) -> Iterator[TestClient]:
    """Give a listener's program, cookies and all."""
    with TestClient(create_app(services), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


OpenNode = Callable[..., Any]
