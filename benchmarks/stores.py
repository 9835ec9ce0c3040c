"""What a node stands on while it is measured: its own folder, or PostgreSQL and a Chroma server on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.furnished import cpu_s
from tests.contracts.chroma_server import ChromaServer, frail_chroma
from tests.postgres import Cluster, frail_cluster, new_database

EMBEDDED, SERVER = "embedded", "server"
ALL = (EMBEDDED, SERVER)


@dataclass(frozen=True, slots=True)
class Stores:
    """The servers, where there are any, and the settings that lead to them."""

    settings: dict[str, str] = field(default_factory=dict)
    cluster: Cluster | None = None
    chroma: ChromaServer | None = None

    def cpu_s(self) -> float:
        """Give the CPU seconds of those of their processes that are there now; 0 in a node's own folder."""
        processes = self.cluster.processes() if self.cluster is not None else []
        if self.chroma is not None and self.chroma.process is not None:
            processes.append(psutil.Process(self.chroma.process.pid))
        return sum(cpu_s(process) for process in processes)


@contextmanager
def standing_on(name: str, folder: Path) -> Iterator[Stores]:
    """Have them stand for as long as something is measured; PostgreSQL waits for its disk, as it does in earnest."""
    if name == EMBEDDED:
        yield Stores()
        return
    with frail_cluster(durable=True) as cluster, frail_chroma(folder / "chroma") as chroma:
        there = {
            "PRESENCE_DATABASE_URL": new_database(cluster.address, "measured"),
            "PRESENCE_CHROMA_URL": chroma.address,
        }
        yield Stores(there, cluster, chroma)
