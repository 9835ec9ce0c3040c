"""What the log of trust says of who let whom in: read through once, without judging any of it anew.

An entry counts only if its hash is the one that this process knows. Tiers are not read from here:
`trustgraph` computes them from the signed bytes.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from trustgraph import Revocation
from trustgraph.entries import Entry
from trustgraph.errors import LogInDoubt
from trustgraph.spine import Spine
from trustgraph.sql_store import SqlStore

ARTIST = "artist"


@dataclass(frozen=True, slots=True)
class Introduction:
    """The newest grant of one issuer to one person. `by` is a key, `artist`, or a role of the node: door, till."""

    by: str
    sub: str
    since: int  # of the first grant of this issuer to this person
    entry: Entry

    @property
    def pair(self) -> str:
        return self.entry.pair or ""


@dataclass(frozen=True, slots=True)
class End:
    """How something was taken back: by whom, and what was said."""

    by: str
    reason: str


@dataclass(slots=True)
class Introductions:
    """All of a log, by pair, by what they rest on, and by issuer and subject."""

    by_pair: dict[str, Introduction] = field(default_factory=dict)
    taken_back: dict[int, Entry] = field(default_factory=dict)  # by the number of what was taken back
    blocks: dict[str, Entry] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)  # and when each was let in first
    _below: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _by: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, spine: Spine, store: SqlStore) -> "Introductions":
        """Read a snapshot of the log, or raise `LogInDoubt`."""
        found, roles = cls(), dict[str, str]()
        for entry in store.after(0):
            if not spine.is_sound(entry):
                raise LogInDoubt("log_in_doubt")
            if entry.kind == "delegate" and entry.pair:
                role, _, did = entry.pair.partition(">")
                roles[did] = role
            elif entry.kind == "grant":
                found._add(entry, roles)
            elif entry.kind == "revoke":
                found._end(entry)
        return found

    def of(self, sub: str) -> list[Introduction]:
        """Give those by which somebody was let in, the newest last."""
        return sorted((self.by_pair[pair] for pair in self._of.get(sub, ())), key=lambda one: one.entry.seq)

    def made_by(self, did: str) -> list[Introduction]:
        """Give those that somebody made, the newest first."""
        return sorted((self.by_pair[pair] for pair in self._by.get(did, ())), key=lambda one: -one.since)

    def below(self, top: Introduction) -> Iterator[Introduction]:
        """Give all that rest on one, at any depth."""
        waiting, seen = [top.pair], {top.pair}
        while waiting:
            for pair in self._below.get(waiting.pop(), ()):
                if pair not in seen:
                    seen.add(pair)
                    waiting.append(pair)
                    yield self.by_pair[pair]

    def end_of(self, one: Introduction) -> End | None:
        """Say how an introduction was taken back, or None."""
        return _told(self.taken_back.get(one.entry.seq))

    def block_of(self, did: str) -> End | None:
        """Say how somebody was blocked, or None."""
        return _told(self.blocks.get(did))

    def _add(self, entry: Entry, roles: dict[str, str]) -> None:
        pair, issuer = entry.pair or "", (entry.pair or "").partition(">")[0]
        earlier, sub = self.by_pair.get(pair), entry.sub or ""
        since = earlier.since if earlier else entry.received_at
        by = roles.get(issuer, issuer)
        self.people.setdefault(sub, since)
        self.by_pair[pair] = Introduction(by, sub, since, entry)
        if earlier is None:
            self._of[sub].append(pair)
            self._by[by].append(pair)
        if entry.slots and pair not in self._below[entry.slots]:
            self._below[entry.slots].append(pair)

    def _end(self, entry: Entry) -> None:
        if entry.about is not None:
            self.taken_back.setdefault(entry.about, entry)
        elif entry.sub is not None:
            self.blocks.setdefault(entry.sub, entry)


def _told(entry: Entry | None) -> End | None:
    document = entry.document if entry is not None else None
    return End(document.iss, document.reason) if isinstance(document, Revocation) else None
