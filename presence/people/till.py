"""The till: lets in who pays, by the key that the artist gave the node for it, for as long as it is paid.

It opens `supporter` at most, whatever asks it to; the artist's own word (its delegate document) says
so. A renewal replaces the grant before and uses up nobody's place.
"""

from dataclasses import dataclass

from presence.errors import TillShut
from trustgraph import Delegate, Grant, GrantLog, Key, Tier, Vouch, issuing
from trustgraph.entries import Entry
from trustgraph.walk import climb

GRACE_SECONDS = 3 * 24 * 3600
"""A card that fails on Friday is paid on Monday; nobody is shown out for that."""
FOLLOWS_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Till:
    """Signs with the till's key; None is a node that has none."""

    log: GrantLog
    key: Key | None

    def paid(self, did: str, until: int, *, tier: Tier = Tier.SUPPORTER, introduces: int = 0) -> int:
        """Let somebody in until the paid period ends, and a grace after it; give that end in Unix seconds.

        `introduces`: how many friends she may introduce as followers, ten at most. What lasts as long
        already is left alone. Raises `TillShut` or `DocumentRefused`.
        """
        delegate = self._delegate()
        if delegate is None or self.key is None:
            raise TillShut
        ends = min(until + GRACE_SECONDS, delegate.exp)
        held = self._held(did)
        if held is not None and (held.tier, held.exp) >= (tier, ends):
            return held.exp
        envelope = issuing.grant(
            self.key,
            root=delegate.root,
            sub=did,
            tier=tier,
            nbf=max(int(self.log.now()), delegate.nbf),
            exp=ends,
            vouch=Vouch(1, introduces, Tier.FOLLOWER) if introduces else None,
            parent=delegate.ident,
            via="subscription",
        )
        self.log.accept(envelope, "grant")
        return ends

    def entitled(self, did: str, until: int) -> None:
        """Let somebody in to the end (Unix seconds) of what she paid, and no longer; 0 is not at all, from now on.

        What she held for longer is taken back first: a payment was paid back, or is disputed. Where an earlier
        one stands and is over, she stays a follower. Raises `TillShut` or `DocumentRefused`.
        """
        if self.key is None or self._delegate() is None:
            raise TillShut
        held, now = self._held(did), int(self.log.now())
        is_too_long = held is not None and held.tier == Tier.SUPPORTER and held.exp > until + GRACE_SECONDS
        if is_too_long:
            self.paid_back(did)
        if until > now:
            self.paid(did, until)
        elif until and is_too_long:
            self.kept(did)

    def kept(self, did: str) -> None:
        """Keep as a follower whose paid time is over. Raises `TillShut` or `DocumentRefused`."""
        self.paid(did, int(self.log.now()) + FOLLOWS_SECONDS, tier=Tier.FOLLOWER)

    def paid_back(self, did: str) -> None:
        """Take back what was paid for, as after a refund or a dispute; nothing happens where there is nothing."""
        held = self._held(did)
        if held is None or self.key is None:
            return
        now = int(self.log.now())
        taken = issuing.revocation(self.key, root=held.root, target=held.ident, t=now, reason="paid back")
        self.log.accept(taken, "revoke")

    def _delegate(self) -> Delegate | None:
        return self.log.delegated("till", self.key.did) if self.key is not None else None

    def _held(self, did: str) -> Grant | None:
        """Give what the till gave somebody, while it holds."""
        if self.key is None:
            return None
        with self.log.snapshot() as (spine, store):
            entry: Entry | None = store.newest(f"{self.key.did}>{did}")
            way = climb(entry, self.log.now(), spine, store) if entry is not None else None
        document = way.steps[0].document if way is not None else None
        return document if isinstance(document, Grant) else None
