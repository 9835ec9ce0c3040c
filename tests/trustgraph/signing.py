"""Keys from names and documents with few words, for the tests of trust; nothing in here is random."""

import base64
import hashlib
import itertools
from functools import cache
from typing import Any

from trustgraph.artist import commitment
from trustgraph.entries import Entry
from trustgraph.envelopes import ident_of, signed_bytes, type_of
from trustgraph.errors import DocumentRefused
from trustgraph.keys import Key
from trustgraph.replay import Replay
from trustgraph.store import MemoryStore
from trustgraph.tiers import Tier
from trustgraph.walk import Trust

NOW = 1_800_000_000
DAY = 24 * 3600
YEAR = 365 * DAY
Payload = dict[str, Any]
Envelope = dict[str, Any]


@cache
def key(name: str) -> Key:
    return Key(hashlib.sha256(name.encode()).digest())


def nonce(number: object) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(str(number).encode()).digest()[:16]).decode().rstrip("=")


def payload_of(envelope: Envelope) -> bytes:
    return base64.b64decode(envelope["payload"])


def seal_bytes(signer: str, data: bytes, kind: str = "grant") -> Envelope:
    """Sign bytes as they are, whatever they say."""
    signature = key(signer).sign(signed_bytes(type_of(kind), data))
    signed = {"keyid": key(signer).did, "sig": base64.b64encode(signature).decode()}
    return {"payloadType": type_of(kind), "payload": base64.b64encode(data).decode(), "signatures": [signed]}


def vouch(depth: int = 1, most: int = 3, tier: str = "supporter") -> Payload:
    return {"depth": depth, "max": most, "tier": tier}


class Papers:
    """Writes the documents of one log; each gets a nonce of its own."""

    def __init__(self, name: str = "artist", recovery: tuple[str, ...] = ()) -> None:
        self.count = itertools.count()
        self.name, self.root, self.last = name, "", ""
        self.seq = 0
        self.recovery = [key(one).did for one in recovery]

    def new_nonce(self) -> str:
        return nonce(f"{self.name} {next(self.count)}")

    def inception(self, now: int = NOW, **other: Any) -> Payload:
        hers, following = key(f"{self.name} 0").did, key(f"{self.name} 1").did
        return {
            "v": 1, "type": "key", "seq": 0, "key": hers, "next": commitment(following), "prev": None, "root": None,
            "recovery": self.recovery, "t": now, "nonce": self.new_nonce(), **other,
        }  # fmt: skip

    def begun(self, envelope: Envelope) -> None:
        self.root = self.last = ident_of(payload_of(envelope))

    def rotation(self, hers: str, following: str, now: int = NOW, mode: str = "routine", **other: Any) -> Payload:
        return {
            "v": 1, "type": "key", "seq": self.seq + 1, "key": key(hers).did, "next": commitment(key(following).did),
            "prev": self.last, "root": self.root, "recovery": self.recovery, "t": now, "nonce": self.new_nonce(),
            "mode": mode, "from_seq": None, **other,
        }  # fmt: skip

    def grant(self, iss: str, sub: str, tier: str = "supporter", now: int = NOW, **other: Any) -> Payload:
        return {
            "v": 1, "type": "grant", "root": self.root, "iss": key(iss).did, "sub": key(sub).did, "tier": tier,
            "vouch": None, "parent": None, "nbf": now, "exp": NOW + YEAR, "via": "vouch", "nonce": self.new_nonce(),
            **other,
        }  # fmt: skip

    def delegate(self, iss: str, sub: str, role: str = "till", now: int = NOW, **other: Any) -> Payload:
        tier = {"till": "supporter", "door": "follower", "presence": "public"}[role]
        return {
            "v": 1, "type": "delegate", "root": self.root, "iss": key(iss).did, "sub": key(sub).did, "role": role,
            "tier": tier, "max": None if role == "presence" else 3, "nbf": now, "exp": NOW + YEAR,
            "nonce": self.new_nonce(), **other,
        }  # fmt: skip

    def revocation(self, iss: str, target: str, now: int = NOW, **other: Any) -> Payload:
        return {
            "v": 1, "type": "revoke", "root": self.root, "iss": key(iss).did, "target": target, "t": now,
            "reason": "", "nonce": self.new_nonce(), **other,
        }  # fmt: skip


class Scene(Papers):
    """One log with its artist in it, and a clock; what is said is signed by whom the document names."""

    def __init__(self, name: str = "artist", recovery: tuple[str, ...] = (), store: MemoryStore | None = None) -> None:
        super().__init__(name, recovery)
        self.now = NOW
        self.replay = Replay()
        self.replay.store = store or MemoryStore()
        self.artist = f"{name} 0"
        first = key(self.artist).seal("key", self.inception())
        self.begun(first)
        self.replay.accept(first, "key", self.now)

    def say(self, signer: str, payload: Payload) -> Entry:
        return self.replay.accept(key(signer).seal(payload["type"], payload), payload["type"], self.now)

    def refusal(self, signer: str, payload: Payload) -> str:
        """Give the code with which a document is refused, or "ok"."""
        return self.verdict(key(signer).seal(payload["type"], payload), payload["type"])

    def verdict(self, envelope: Any, kind: str = "grant") -> str:
        before = self.replay.spine.head
        try:
            self.replay.accept(envelope, kind, self.now)
        except DocumentRefused as error:
            assert self.replay.spine.head == before
            return error.code
        return "ok"

    def let_in(self, iss: str, sub: str, tier: str = "supporter", **other: Any) -> str:
        """Have somebody let in, and give the document's id."""
        signer = self.artist if iss == "artist" else iss
        return self.say(signer, self.grant(signer, sub, tier, **{"now": self.now, **other})).event

    def delegated(self, sub: str, role: str = "till", **other: Any) -> str:
        return self.say(self.artist, self.delegate(self.artist, sub, role, now=self.now, **other)).event

    def take_back(self, iss: str, target: str) -> Entry:
        return self.say(iss, self.revocation(iss, target, now=self.now))

    def block(self, iss: str, name: str) -> Entry:
        return self.take_back(iss, key(name).did)

    def rotate(self, hers: str, following: str, mode: str = "routine", **other: Any) -> Entry:
        entry = self.say(hers, self.rotation(hers, following, self.now, mode, **other))
        self.artist, self.last, self.seq = hers, entry.event, self.seq + 1
        return entry

    def trust(self, name: str) -> Trust:
        return self.replay.tier_of(key(name).did, self.now)

    def tier(self, name: str) -> Tier:
        return self.trust(name).tier
