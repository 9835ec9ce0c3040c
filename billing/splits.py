"""Who gets which part: agreed for a note, a release or the whole node, in versions that are never edited.

A split holds from the moment when everybody who is named in it has accepted; until then, the one before
it does. What was captured keeps the versions that it was divided by.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from billing import accounts
from billing.contracts import Snapshots, WriteLane
from billing.errors import SplitWrong
from billing.ledger import open_accounts
from billing.plain import Plain, statement
from billing.shares import ARTIST, WHOLE, Cited, checked, divided, weighed

NODE = "node"
NAME_CHARS_MAX = 120

_IN_FORCE = statement(
    """SELECT version, shares FROM splits WHERE scope = :scope AND ended_at IS NULL
 AND NOT EXISTS (SELECT 1 FROM split_parties p WHERE p.version = splits.version AND p.accepted_at IS NULL)
 ORDER BY version DESC LIMIT 1"""
)
_ANY = statement("SELECT 1 FROM splits LIMIT 1")
_PROPOSE = statement("INSERT INTO splits (scope, shares, at) VALUES (:scope, :shares, :at) RETURNING version")
_NAME = statement(
    "INSERT INTO split_parties (version, party, share, accepted_at) VALUES (:version, :party, :share, :at)"
)
_ACCEPT = statement(
    "UPDATE split_parties SET accepted_at = :at WHERE version = :version AND party = :party AND accepted_at IS NULL"
)
_END = statement("UPDATE splits SET ended_at = :at WHERE scope = :scope AND ended_at IS NULL")
_PARTY = statement("INSERT INTO parties (id, name, word_sha256, created_at) VALUES (:id, :name, :word, :at)")
_PARTIES = statement("SELECT id, name FROM parties ORDER BY name, id")
_BY_WORD = statement("SELECT id, name FROM parties WHERE word_sha256 = :word")
_NEW_WORD = statement("UPDATE parties SET word_sha256 = :word WHERE id = :id")
_LISTED = statement(
    """SELECT s.version, s.scope, s.at, s.ended_at, p.party, p.share, p.accepted_at FROM splits s
 JOIN split_parties p ON p.version = s.version ORDER BY s.version DESC, p.share DESC, p.party"""
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who gets a part. She needs no account: her link carries a word that only she has."""

    ident: str
    name: str


@dataclass(frozen=True, slots=True)
class Split:
    """A split as it stands; `accepted` names who has agreed. It holds when all have.

    `agreed_at` is when the last of them did so far; times are in Unix milliseconds.
    """

    version: int
    scope: str
    shares: Mapping[str, int]
    accepted: frozenset[str]
    at: int
    ended_at: int | None
    agreed_at: int

    @property
    def is_agreed(self) -> bool:
        return set(self.shares) <= self.accepted


Stands = Literal["ended", "replaced", "waits", "holds"]


def stands(split: Split, every: Iterable[Split]) -> Stands:
    """Say how a split stands: it holds once everybody agreed, until a newer one does or it is ended."""
    if split.ended_at is not None:
        return "ended"
    newer = [one for one in every if one.scope == split.scope and one.version > split.version and one.ended_at is None]
    if any(one.is_agreed for one in newer):
        return "replaced"
    return "holds" if split.is_agreed else "waits"


@dataclass(frozen=True, slots=True)
class Divided:
    """An amount, divided; and the versions of the splits that it was divided by."""

    parts: dict[str, int]
    versions: tuple[int, ...]


def divide(plain: Plain, micros: int, cited: Sequence[Cited]) -> Divided:
    """Divide an amount by the sources that were cited; without any, by the node's own split."""
    if plain.row(_ANY) is None:
        return Divided({ARTIST: micros} if micros else {}, ())
    sources, versions = [], set()
    for weight, scopes in [(one.characters, _scopes(one)) for one in cited if one.characters > 0] or [(1, [NODE])]:
        shares = {ARTIST: WHOLE}
        for scope in scopes:
            if (found := plain.row(_IN_FORCE, scope=scope)) is not None:
                versions.add(int(found[0]))
                shares = json.loads(found[1])
                break
        sources.append((weight, shares))
    return Divided(divided(micros, weighed(sources)) if micros else {}, tuple(sorted(versions)))


def _scopes(cited: Cited) -> list[str]:
    release = [f"release:{cited.release}"] if cited.release else []
    return [*(f"note:{name}" for name in (cited.note, *cited.earlier)), *release, NODE]


class Splits:
    """Agreements with collaborators."""

    def __init__(self, snapshots: Snapshots, lane: WriteLane, now: Callable[[], float]) -> None:
        self._snapshots = snapshots
        self._lane = lane
        self._now = now

    def add_party(self, name: str) -> tuple[Party, str]:
        """Add a collaborator; give her with the word for her link, which is told once."""
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_CHARS_MAX:
            raise SplitWrong(f"A collaborator has a name of at most {NAME_CHARS_MAX} characters.")
        party, word = Party(secrets.token_hex(8), name), secrets.token_urlsafe(24)

        def add(owner: Connection) -> None:
            plain, at = Plain(owner), self._millis()
            plain.run(_PARTY, id=party.ident, name=name, word=_hash(word), at=at)
            open_accounts(plain, [accounts.payable(party.ident)], at)

        self._lane.run(add)
        return party, word

    def new_word(self, party: str) -> str:
        """Give a collaborator another link; the one before ends."""
        word = secrets.token_urlsafe(24)
        if not self._lane.run(lambda owner: Plain(owner).run(_NEW_WORD, id=party, word=_hash(word))):
            raise SplitWrong("There is no such collaborator.")
        return word

    def parties(self) -> list[Party]:
        """Give every collaborator."""
        with self._snapshots() as connection:
            return [Party(*row) for row in Plain(connection).rows(_PARTIES)]

    def party_of(self, word: str) -> Party | None:
        """Give whose link a word belongs to."""
        with self._snapshots() as connection:
            row = Plain(connection).row(_BY_WORD, word=_hash(word))
        return None if row is None else Party(*row)

    def propose(self, scope: str, shares: Mapping[str, int]) -> int:
        """Write down a split, by hundredths of a percent; give its version. The artist's own part is agreed.

        One that gives everything to the artist ends the one before at once. Raises `SplitWrong`.
        """
        shares = checked(shares)
        known = {party.ident for party in self.parties()} | {ARTIST}
        if not set(shares) <= known:
            raise SplitWrong("A split names the artist and her collaborators; add the others first.")
        if scope != NODE and not scope.startswith(("note:", "release:")):
            raise SplitWrong("A split is for the node, a release or a note.")

        def write(owner: Connection) -> int:
            plain, at = Plain(owner), self._millis()
            row = plain.row(_PROPOSE, scope=scope, shares=json.dumps(shares), at=at)
            version = int(row[0]) if row else 0
            for party, share in shares.items():
                plain.run(_NAME, version=version, party=party, share=share, at=at if party == ARTIST else None)
            return version

        return self._lane.run(write)

    def accept(self, party: str, version: int) -> None:
        """Let a collaborator agree to a split that names her. Raises `SplitWrong`; twice changes nothing."""
        if not any(split.version == version and party in split.shares for split in self.listed()):
            raise SplitWrong("This is not a split that names you.")
        self._lane.run(lambda owner: Plain(owner).run(_ACCEPT, version=version, party=party, at=self._millis()))

    def end(self, scope: str) -> None:
        """End what is agreed for a scope; what it leaves is the wider scope's, or the artist's."""
        self._lane.run(lambda owner: Plain(owner).run(_END, scope=scope, at=self._millis()))

    def listed(self) -> list[Split]:
        """Give every split, the newest first."""
        with self._snapshots() as connection:
            rows = Plain(connection).rows(_LISTED)
        found: dict[int, Split] = {}
        for version, scope, at, ended_at, party, share, accepted_at in rows:
            split = found.get(version) or Split(version, scope, {}, frozenset(), at, ended_at, at)
            accepted = split.accepted | ({party} if accepted_at is not None else frozenset())
            agreed_at = max(split.agreed_at, accepted_at or 0)
            found[version] = Split(version, scope, {**split.shares, party: share}, accepted, at, ended_at, agreed_at)
        return list(found.values())

    def _millis(self) -> int:
        return int(self._now() * 1000)


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
