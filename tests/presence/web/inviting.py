"""Nodes whose artist has opened the door, for tests of pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from presence.bootstrap import Services
from tests.nodes import open_node
from tests.trusting import Artist, key
from trustgraph import key_files


@contextmanager
def open_house(home: Path, **more: Any) -> Iterator[tuple[Services, Artist]]:
    """Open a node that has the door's key, and the artist's word for it."""
    keys = home / "keys"
    keys.mkdir(mode=0o700, parents=True)
    key_files.write_bare(keys / "door.json", key("door"))
    with open_node(home, **more) as node:
        artist = Artist(node.trust)
        artist.delegate("door")
        yield node, artist
