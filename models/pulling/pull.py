"""Pulls one model onto a shelf."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from models.catalogue import Entry
from models.errors import DownloadFailed
from models.pulling.hub import FULL, Offer, Progress, ask, fetch
from models.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Pulled:
    """A model that is here and right; `pinned` is false when only the hub itself vouches for it."""

    path: Path
    sha256: str
    pinned: bool
    fetched: bool


def pull(entry: Entry, shelf: Shelf, *, hub_url: str, progress: Progress = lambda _done, _whole: None) -> Pulled:
    """Bring the model here, or raise `DownloadFailed`; one that is here and right is not fetched again."""
    with shelf.taken():
        path = shelf.path(entry)
        if entry.sha256 and path.is_file() and _sha256(path) == entry.sha256:
            return Pulled(path, entry.sha256, pinned=True, fetched=False)
        offer = ask(entry, hub_url)
        sha256 = _promised(entry, offer)
        if path.is_file() and _sha256(path) == sha256:
            return Pulled(path, sha256, pinned=False, fetched=False)
        part = shelf.part(entry, sha256)
        _grow(entry, offer, part, shelf, progress, hub_url)
        _require_hash(entry, part, sha256)
        _name(part, path)
        return Pulled(path, sha256, pinned=entry.sha256 is not None, fetched=True)


def _promised(entry: Entry, offer: Offer) -> str:
    """Give the hash to hold the file to; refuse at once what the hub itself says is another file."""
    if offer.size_bytes not in (None, entry.size_bytes):
        raise DownloadFailed(
            f"The hub has {offer.size_bytes:,} bytes of {entry.file} and the catalogue {entry.size_bytes:,}: "
            "this is another file. Nothing was fetched."
        )
    if entry.sha256 and offer.sha256 not in (None, entry.sha256):
        raise DownloadFailed(
            f"The hub offers {entry.file} with SHA-256 {str(offer.sha256)[:12]}…, the catalogue pins "
            f"{entry.sha256[:12]}…: this is another file. Nothing was fetched."
        )
    promised = entry.sha256 or offer.sha256
    if promised is None:
        raise DownloadFailed(f"Neither the catalogue nor the hub knows the SHA-256 of {entry.file}; it is not fetched.")
    return promised


def _grow(entry: Entry, offer: Offer, part: Path, shelf: Shelf, progress: Progress, hub_url: str) -> None:
    begun = part.stat().st_size if part.is_file() else 0
    if begun > entry.size_bytes:
        part.unlink()
        begun = 0
    shelf.require_room(entry.size_bytes - begun, entry.size_bytes)
    try:
        fetch(entry, offer, part, progress, hub_url)
    except DownloadFailed as failure:
        if isinstance(failure.__cause__, OSError) and failure.__cause__.errno in FULL:
            # The node's own database stands on this disk: give it its room back.
            part.unlink(missing_ok=True)
            raise DownloadFailed(
                f"The disk of {shelf.folder} is full. What came of {entry.file} was removed; make room, then try again."
            ) from failure
        raise


def _require_hash(entry: Entry, part: Path, sha256: str) -> None:
    found = _sha256(part)
    if found != sha256:
        part.unlink()
        raise DownloadFailed(
            f"What came for {entry.name} has SHA-256 {found[:12]}…, expected {sha256[:12]}…. "
            "It was deleted. Try again; if it happens again, do not trust where it comes from."
        )


def _name(part: Path, path: Path) -> None:
    """Give the file its name: only now, and only when its bytes are on the disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
