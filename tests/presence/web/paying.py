"""Nodes whose artist charges, for tests of pages: the presence's key signs, and who asks has money."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from presence.bootstrap import Services
from tests.nodes import open_node, take_in, write_notes
from tests.trusting import Artist, key
from trustgraph import Key, key_files

CENT = 10_000
ANN, BOB = key("ann"), key("bob")
PRICES: dict[str, Any] = {"acts": {"ask": {"price": "0.02"}}}
ASKED = "Where did you write Pilot Ladder?"
NOTE = "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n"


@contextmanager
def open_shop(
    home: Path, prices: dict[str, Any] | None = None, roles: tuple[str, ...] = ("presence",), **more: Any
) -> Iterator[Services]:
    """Open a node that can take money, with a note to ask about and a price list."""
    keys = home / "keys"
    keys.mkdir(mode=0o700, parents=True)
    for role in roles:
        key_files.write_bare(keys / f"{role}.json", key(role))
    with open_node(home, **more) as node:
        artist = Artist(node.trust)
        for role in roles:
            artist.delegate(role)
        take_in(node, write_notes(home.parent / f"{home.name}-notes", {"piano.md": NOTE}))
        node.paying.pricing.write(PRICES if prices is None else prices)
        yield node


def give(node: Services, who: Key, cents: int, **more: Any) -> None:
    """Give somebody credit."""
    node.paying.wallets.give(who.did, cents * CENT, f"gift:{who.did}:{cents}", **more)
