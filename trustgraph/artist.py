"""Which key was the artist's, and when: inception, rotation, recovery.

Each key commits to the hash of the next one, so that whoever steals a key cannot put another in its
place. When a key is cut off after a theft, what it signed is judged by its place in the log, never
by a time that the thief could choose.
"""

import hashlib
from dataclasses import dataclass, field

from trustgraph.did import key_of
from trustgraph.documents import KeyEvent
from trustgraph.errors import DocumentRefused

RECOVERY_DELAY_SECONDS = 72 * 3600
RECOVERY_KEYS_NEEDED = 2


def commitment(did: str) -> str:
    """Give the hash by which a key is named before it is shown."""
    return "sha256:" + hashlib.sha256(key_of(did)).hexdigest()


@dataclass(frozen=True, slots=True)
class Reign:
    """The numbers of the log over which a key was the artist's; `until` is None for the present one."""

    key: str
    since: int
    until: int | None = None


@dataclass(slots=True)
class _Recovery:
    """A rotation that recovery keys ask for; it takes effect after a delay, unless the present key cancels it."""

    event: KeyEvent
    signers: set[str]
    idents: set[str]
    takes_effect_at: int | None = None


@dataclass(slots=True)
class ArtistKeys:
    """The history of one artist's keys; events are applied in the order of the log."""

    root: str | None = None
    reigns: list[Reign] = field(default_factory=list)
    voids: list[tuple[int, int]] = field(default_factory=list)  # from, before: numbers of the log
    recovery: tuple[str, ...] = ()
    last: KeyEvent | None = None
    _recoveries: list[_Recovery] = field(default_factory=list)

    @classmethod
    def pinned(cls, root: str, key: str) -> "ArtistKeys":
        """Take an artist's id and key as given, without her documents."""
        return cls(root, [Reign(key, 1)])

    @property
    def key(self) -> str | None:
        """The present key; `settle` first."""
        return self.reigns[-1].key if self.reigns else None

    @property
    def takes_effect_at(self) -> int | None:
        """When a recovery that is under way takes effect, in Unix seconds."""
        return min((r.takes_effect_at for r in self._recoveries if r.takes_effect_at is not None), default=None)

    def signed_for_artist(self, key: str, seq: int) -> bool:
        """Whether what this key signed as number `seq` of the log is the artist's word."""
        if any(start <= seq < end for start, end in self.voids):
            return False
        return any(r.key == key and r.since <= seq and (r.until is None or seq < r.until) for r in self.reigns)

    def was_artist(self, key: str) -> bool:
        """Whether this is, or ever was, the artist's key."""
        return any(reign.key == key for reign in self.reigns)

    def settle(self, now: int, seq: int) -> None:
        """Let a recovery whose delay is over take effect, from number `seq` on."""
        due = [r for r in self._recoveries if r.takes_effect_at is not None and r.takes_effect_at <= now]
        if due:
            self._follow(min(due, key=lambda one: one.takes_effect_at or 0).event, seq)

    def check(self, event: KeyEvent) -> None:
        """Refuse a key document that does not follow; `settle` first."""
        if self.last is None:
            self._check_first(event)
            return
        self._check_place(event, self.last)
        if event.mode == "recovery":
            if event.signer not in self.recovery or len(self.recovery) < RECOVERY_KEYS_NEEDED:
                raise DocumentRefused("not_recovery")
        elif commitment(event.key) != self.last.next_key:
            raise DocumentRefused("not_committed")
        if self.was_artist(event.key):
            raise DocumentRefused("bad_key")

    def apply(self, event: KeyEvent, seq: int, received_at: int) -> None:
        """Take in number `seq` of the log, or refuse it."""
        self.check(event)
        if event.mode == "recovery":
            self._ask_for(event, received_at)
        else:
            self._follow(event, seq)

    def is_recovery(self, ident: str) -> bool:
        """Whether this names a recovery that is under way."""
        return any(ident in recovery.idents for recovery in self._recoveries)

    def cancel(self, ident: str) -> None:
        """End a recovery that is under way."""
        self._recoveries = [recovery for recovery in self._recoveries if ident not in recovery.idents]

    def _check_place(self, event: KeyEvent, last: KeyEvent) -> None:
        if event.root is None:
            raise DocumentRefused("already_begun")
        if event.root != self.root:
            raise DocumentRefused("wrong_root")
        if event.prev != last.ident or event.seq != last.seq + 1:
            raise DocumentRefused("wrong_prev")

    def _check_first(self, event: KeyEvent) -> None:
        if event.root is not None:
            raise DocumentRefused("no_artist")
        if self.reigns or event.key in event.recovery or commitment(event.key) == event.next_key:
            raise DocumentRefused("bad_key")

    def _ask_for(self, event: KeyEvent, received_at: int) -> None:
        recovery = next((r for r in self._recoveries if _same(r.event, event)), None)
        if recovery is None:
            recovery = _Recovery(event, set(), set())
            self._recoveries.append(recovery)
        recovery.signers.add(event.signer)
        recovery.idents.add(event.ident)
        if recovery.takes_effect_at is None and len(recovery.signers) >= RECOVERY_KEYS_NEEDED:
            recovery.takes_effect_at = received_at + RECOVERY_DELAY_SECONDS

    def _follow(self, event: KeyEvent, seq: int) -> None:
        if self.reigns:
            present = self.reigns.pop()
            self.reigns.append(Reign(present.key, present.since, seq))
        else:
            self.root = event.ident
        if event.from_seq is not None:
            self.voids.append((event.from_seq, seq))
        self.reigns.append(Reign(event.key, seq))
        self.recovery = event.recovery
        self.last = event
        self._recoveries.clear()


def _same(one: KeyEvent, other: KeyEvent) -> bool:
    """Whether two recovery keys ask for the same."""
    wanted = ("seq", "key", "next_key", "prev", "recovery", "from_seq")
    return all(getattr(one, name) == getattr(other, name) for name in wanted)
