"""The keys of a home: the artist's, sealed; the node's own, for speaking and for letting people in.

The artist's key is opened by her own commands alone, in their own process, and in her browser. The
node has three keys that she delegated: `presence` signs what it says, `till` lets in who pays,
`door` lets in who comes by her links. What they may do at most is signed, and ends.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from presence.home import Home
from trustgraph import DocumentRefused, Key, Tier, issuing, key_files
from trustgraph.documents import ROLES, YEAR_SECONDS

if TYPE_CHECKING:
    from trustgraph import GrantLog

logger = structlog.get_logger()

DELEGATE_SECONDS = 2 * YEAR_SECONDS
PEOPLE_MAX = {"till": 100_000, "door": 100_000, "presence": None}
NOT_NEEDED_SECONDS = 60  # a delegate begins a little earlier, for clocks that are behind


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """The delegated keys that lie in the home; None where there is none."""

    presence: Key | None = None
    till: Key | None = None
    door: Key | None = None


@dataclass(frozen=True, slots=True)
class Founding:
    """What was made: the artist's key, and the next one, which belongs on paper."""

    artist: Key
    next_key: Key
    passphrase: str


def artist_file(home: Home) -> Path:
    """Where the artist's sealed key lies, if it lies in the home."""
    return home.keys / "artist.json"


def founding_file(home: Home) -> Path:
    """Signed documents that the log of a new home begins with."""
    return home.keys / "founding.ndjson"


def found(home: Home, now: int, *, passphrase: str | None = None, recovery: tuple[str, ...] = ()) -> Founding:
    """Make the keys of a new home; nothing is replaced. Raises `KeyFileWrong` where there are some already."""
    made = Founding(Key.generate(), Key.generate(), passphrase or new_passphrase())
    key_files.write_sealed(artist_file(home), made.artist, made.passphrase)
    inception = issuing.inception(made.artist, next_key=made.next_key.did, t=now, recovery=recovery)
    root = issuing.ident(inception)
    documents: list[tuple[str, dict[str, Any]]] = [("key", inception)]
    for role in ROLES:
        key = Key.generate()
        key_files.write_bare(home.keys / f"{role}.json", key)
        documents.append(("delegate", delegation(made.artist, root, role, key.did, now)))
    lines = [json.dumps({"kind": kind, "envelope": envelope}) for kind, envelope in documents]
    founding_file(home).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def delegation(artist: Key, root: str, role: str, did: str, now: int) -> dict[str, Any]:
    """Sign what a key of the node may do."""
    nbf = now - NOT_NEEDED_SECONDS
    people = PEOPLE_MAX[role]
    tier = Tier(ROLES[role])
    return issuing.delegate(
        artist, root=root, sub=did, role=role, tier=tier, people=people, nbf=nbf, exp=nbf + DELEGATE_SECONDS
    )


def begin_log(home: Home, log: "GrantLog") -> None:
    """Begin an empty log with the documents of a new home."""
    if log.doubt is not None or log.head[0] or not founding_file(home).exists():
        return
    for line in founding_file(home).read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        try:
            log.accept(told["envelope"], told["kind"])
        except DocumentRefused as refusal:  # a right of the node that ran out before it was opened
            logger.warning("founding_document_refused", kind=told["kind"], code=refusal.code)


def node_keys(home: Home) -> NodeKeys:
    """Read the keys that the node may use; raises `KeyFileWrong` where others can read them too."""
    keys = {role: home.keys / f"{role}.json" for role in ROLES}
    return NodeKeys(**{role: key_files.read_bare(path) for role, path in keys.items() if path.exists()})


def new_passphrase() -> str:
    """Give 80 random bits in groups that can be read out."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def remembered_file(key_file: Path) -> Path:
    """Where the artist's own client keeps the last head that she signed: beside her key."""
    return key_file.with_suffix(".head.json")
