"""What was read is kept: personas on disk, conversations in memory, each for one tier only."""

import contextlib
import hashlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FORM = "presence-prefix-1"
FILES_MAX = 16
_DIGEST_BYTES = 32

Tokens = tuple[int, ...]


def alike(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens two sequences have in common from the beginning."""
    length = min(len(one), len(other))
    differs = np.flatnonzero(np.asarray(one[:length]) != np.asarray(other[:length]))
    return int(differs[0]) if len(differs) else length


class PrefixFiles:
    """States of personas in a folder, found again only for the same model, engine, tokens and tier."""

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self._folder = folder
        self._fingerprint = fingerprint

    def load(self, tier: int, tokens: Tokens) -> bytes | None:
        """Give the state, or None; a damaged file is deleted."""
        path = self._path(tier, tokens)
        if path is None or not path.is_file():
            return None
        data = path.read_bytes()
        digest, state = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        if hashlib.sha256(state).digest() == digest:
            return state
        path.unlink(missing_ok=True)
        return None

    def save(self, tier: int, tokens: Tokens, state: bytes) -> None:
        """Keep the state; a folder that cannot be written to costs time at the next start, nothing else."""
        path = self._path(tier, tokens)
        if path is None:
            return
        with contextlib.suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                try:
                    file.write(hashlib.sha256(state).digest() + state)
                except OSError:
                    Path(file.name).unlink(missing_ok=True)
                    raise
            Path(file.name).replace(path)
            self._drop_old(path.parent)

    def _path(self, tier: int, tokens: Tokens) -> Path | None:
        if self._folder is None:
            return None
        said = hashlib.sha256(f"{FORM} {self._fingerprint} {tier} ".encode())
        said.update(np.asarray(tokens, np.int32).tobytes())
        return self._folder / f"tier{tier}-{said.hexdigest()[:40]}.state"

    def _drop_old(self, folder: Path) -> None:
        found = sorted(folder.glob("*.state"), key=os.path.getmtime, reverse=True)
        for path in [*found[FILES_MAX:], *folder.glob("*.part")]:
            path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation as far as it was read."""

    tokens: Tokens
    state: bytes


class Conversations:
    """The least recently used go first once `bytes_max` is reached. One tier never sees another's."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._kept: OrderedDict[tuple[str, int], Kept] = OrderedDict()
        self.bytes = 0

    def keep(self, conversation: str, tier: int, kept: Kept) -> None:
        """Keep the latest state of a conversation."""
        self.drop(conversation, tier)
        if len(kept.state) > self._bytes_max:
            return
        self._kept[conversation, tier] = kept
        self.bytes += len(kept.state)
        while self.bytes > self._bytes_max:
            self.drop(*next(iter(self._kept)))

    def find(self, conversation: str, tier: int) -> Kept | None:
        """Give what is kept, and count it as used now."""
        kept = self._kept.get((conversation, tier))
        if kept is not None:
            self._kept.move_to_end((conversation, tier))
        return kept

    def drop(self, conversation: str, tier: int) -> None:
        """Forget it."""
        kept = self._kept.pop((conversation, tier), None)
        if kept is not None:
            self.bytes -= len(kept.state)
