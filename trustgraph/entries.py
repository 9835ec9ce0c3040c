"""One entry of the grant log: a document as it was received, and its place.

The hash covers the whole entry and the hash before it. Columns that look-ups use are covered too,
so that whoever edits one breaks the chain; but none of them is ever believed: the document is.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from trustgraph.documents import ROLES, Delegate, Document, Grant, Revocation, read
from trustgraph.envelopes import ident_of

_OF_DELEGATES = tuple(f"{role}>" for role in ROLES)
FIRST_PREV = "sha256:" + "0" * 64


@dataclass(frozen=True)
class Entry:
    """Number `seq` of the log, from 1 on.

    `ordinal`: the how-manieth person its issuer let in under the right that `slots` names.
    `about`: the number of the entry that this one supersedes or takes back.
    `pair`: issuer and subject; there is one live entry for each pair.
    """

    seq: int
    kind: str
    event: str
    envelope: str
    received_at: int
    ordinal: int | None
    about: int | None
    pair: str | None
    slots: str | None
    sub: str | None
    tier: int | None
    exp: int | None
    prev: str

    @cached_property
    def hash(self) -> str:
        """The hash of the entry: SHA-256 over its canonical JSON."""
        return "sha256:" + hashlib.sha256(self.hashed).hexdigest()

    @property
    def hashed(self) -> bytes:
        """What the hash covers. Every value is an integer, ASCII or null, so that this is RFC 8785."""
        fields = {name: getattr(self, name) for name in _NAMES}
        fields["envelope"] = hashlib.sha256(self.envelope.encode()).hexdigest()
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()

    @property
    def document(self) -> Document:
        """Verify and read the document, from its bytes, each time; raises `DocumentRefused`."""
        return read(self.envelope, self.kind)[0]

    @property
    def is_named_right(self) -> bool:
        """Whether the document has the name that its bytes give it, so that none stands here twice."""
        try:
            return self.event == ident_of(base64.b64decode(json.loads(self.envelope)["payload"]))
        except (ValueError, KeyError, TypeError):
            return False

    def as_json(self) -> dict[str, Any]:
        """Give the entry as it stands in an exported log."""
        return {**asdict(self), "envelope": json.loads(self.envelope), "hash": self.hash}


_NAMES = tuple(Entry.__dataclass_fields__)


def entry_of(row: Mapping[Any, Any]) -> Entry:
    """Make an entry of its columns."""
    return Entry(**{name: row[name] for name in _NAMES})


def pair_of(document: Document, *, by_artist: bool) -> str | None:
    """Name issuer and subject; all keys that were ever the artist's are one issuer."""
    if isinstance(document, Grant):
        return f"{'artist' if by_artist else document.iss}>{document.sub}"
    if isinstance(document, Delegate):
        return f"{document.role}>{document.sub}"
    return None


def nearness(entry: Entry) -> int:
    """How near to the artist an entry was signed: 0 by her, 1 by a delegate, 2 by a listener."""
    if entry.slots is None:
        return 0
    return 1 if entry.slots.startswith(_OF_DELEGATES) else 2


def subject_of(document: Document) -> str | None:
    """Give whom a document is about, where it is about somebody."""
    if isinstance(document, Grant | Delegate):
        return document.sub
    return document.target if isinstance(document, Revocation) else None
