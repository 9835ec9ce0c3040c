"""The signed documents of presence-v1, read field by field: exactly these fields, no others.

Times are Unix seconds, tiers are slugs on the wire and `Tier` here. Source: presence-v1 and the
amendments of this project (`docs/decisions/0014-trust.md`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trustgraph.did import key_of
from trustgraph.envelopes import Opened, open_envelope
from trustgraph.errors import DocumentRefused, UnknownTier
from trustgraph.tiers import Tier, tier_named

YEAR_SECONDS = 366 * 24 * 3600
LIFE_SECONDS_MAX = 3 * YEAR_SECONDS
DEPTH_MAX = 3
PEOPLE_MAX = 1_000_000
REASON_CHARS_MAX = 200
RECOVERY_KEYS_MAX = 3
ROLES = {"presence": Tier.PUBLIC, "till": Tier.SUPPORTER, "door": Tier.FOLLOWER}
"""What a delegated key may be for, and the highest tier that it may open."""
VIAS = ("artist", "vouch", "subscription")

_IDENT = re.compile(r"sha256:[0-9a-f]{64}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Vouch:
    """The right to introduce others: how many levels further, how many people, up to which tier."""

    depth: int
    max: int
    tier: Tier


@dataclass(frozen=True, slots=True)
class Grant:
    """Lets `sub` in up to `tier`, from `nbf` until before `exp`."""

    ident: str
    root: str
    iss: str
    sub: str
    tier: Tier
    vouch: Vouch | None
    parent: str | None
    nbf: int
    exp: int
    via: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """Gives a key of the node a role: to speak, to let in who pays, to let in who comes by a link."""

    ident: str
    root: str
    iss: str
    sub: str
    role: str
    tier: Tier
    max: int | None
    nbf: int
    exp: int


@dataclass(frozen=True, slots=True)
class Revocation:
    """Takes a document back, or blocks a key; for good."""

    ident: str
    root: str
    iss: str
    target: str
    t: int
    reason: str

    @property
    def blocks(self) -> bool:
        """Whether it is a key that is blocked."""
        return not self.target.startswith("sha256:")


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """The artist's first key, or the next one; `next_key` is the hash of the one after it."""

    ident: str
    signer: str
    seq: int
    key: str
    next_key: str
    prev: str | None
    root: str | None
    recovery: tuple[str, ...]
    t: int
    mode: str | None  # None for the first, else routine, compromise or recovery
    from_seq: int | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The artist's word for the head of the log: its number and its hash."""

    ident: str
    root: str
    iss: str
    seq: int
    head: str
    t: int


@dataclass(frozen=True, slots=True)
class Auth:
    """Proof that a key is held, for one challenge of one place."""

    root: str
    aud: str
    iss: str
    nonce: str
    iat: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What the AI answered: signed by the delegated presence key, so that nobody can put words into its mouth."""

    root: str
    iss: str
    answer: str
    question_sha256: str
    text_sha256: str
    outcome: str
    writer: str
    t: int


Document = Grant | Delegate | Revocation | KeyEvent | Checkpoint | Auth | Statement


def read(envelope: bytes | str | Mapping[str, Any], kind: str) -> tuple[Document, Opened]:
    """Open an envelope of the expected kind and read its document, or raise `DocumentRefused`."""
    opened = open_envelope(envelope, kind)
    return document_of(opened), opened


def document_of(opened: Opened) -> Document:
    """Read the document of an opened envelope."""
    fields = _FIELDS[opened.kind]
    names = set(opened.payload)
    if names != fields and not (opened.kind == "key" and names in _LATER_KEYS):
        raise DocumentRefused("bad_fields")
    signer = opened.payload.get("iss", opened.payload.get("key"))
    if signer != opened.keyid:
        raise DocumentRefused("issuer_mismatch")
    _check(opened.payload["v"], 1, "bad_version")
    _check(opened.payload["type"], opened.kind, "wrong_type")
    return _READERS[opened.kind](opened)


def _grant(opened: Opened) -> Grant:
    p = opened.payload
    root, iss, sub = _root(p["root"]), p["iss"], _did(p["sub"])
    tier = _granted(p["tier"], "bad_tier")
    vouch = _vouch(p["vouch"], tier)
    parent = None if p["parent"] is None else _ident(p["parent"], "bad_parent")
    nbf, exp = _life(p)
    if p["via"] not in VIAS:
        raise DocumentRefused("bad_via")
    _nonce(p["nonce"])
    if iss == sub:
        raise DocumentRefused("self_grant")
    return Grant(opened.ident, root, iss, sub, tier, vouch, parent, nbf, exp, p["via"])


def _delegate(opened: Opened) -> Delegate:
    p = opened.payload
    root, sub = _root(p["root"]), _did(p["sub"])
    role = p["role"]
    if not isinstance(role, str) or role not in ROLES:
        raise DocumentRefused("bad_role")
    tier = _tier(p["tier"], "bad_tier")
    if tier > ROLES[role]:
        raise DocumentRefused("role_exceeded")
    most = None if p["max"] is None else _integer(p["max"])
    if (most is None) != (role == "presence") or (most is not None and not 1 <= most <= PEOPLE_MAX):
        raise DocumentRefused("bad_role")
    nbf, exp = _life(p)
    _nonce(p["nonce"])
    if p["iss"] == sub:
        raise DocumentRefused("self_grant")
    return Delegate(opened.ident, root, p["iss"], sub, role, tier, most, nbf, exp)


def _revocation(opened: Opened) -> Revocation:
    p = opened.payload
    target = p["target"]
    if not isinstance(target, str):
        raise DocumentRefused("bad_target")
    if _IDENT.fullmatch(target) is None:
        _did(target, "bad_target")
    reason = p["reason"]
    if not isinstance(reason, str) or len(reason) > REASON_CHARS_MAX or not reason.replace(" ", "").isprintable():
        raise DocumentRefused("bad_fields")
    _nonce(p["nonce"])
    return Revocation(opened.ident, _root(p["root"]), p["iss"], target, _time(p["t"]), reason)


def _key_event(opened: Opened) -> KeyEvent:
    p = opened.payload
    seq, first = _integer(p["seq"]), "mode" not in p
    recovery = p["recovery"]
    if not isinstance(recovery, list) or len(recovery) > RECOVERY_KEYS_MAX:
        raise DocumentRefused("bad_key")
    keys = tuple(_did(key) for key in recovery)
    is_bare = p["prev"] is None and p["root"] is None
    mode, from_seq = p.get("mode"), p.get("from_seq")
    if len(set(keys)) != len(keys) or first != is_bare or first != (seq == 0) or not _mode_fits(p, mode, from_seq):
        raise DocumentRefused("bad_key")
    _nonce(p["nonce"])
    return KeyEvent(
        opened.ident,
        opened.keyid,
        seq,
        _did(p["key"]),
        _ident(p["next"], "bad_key"),
        None if first else _ident(p["prev"], "bad_key"),
        None if first else _root(p["root"]),
        keys,
        _time(p["t"]),
        mode,
        from_seq,
    )


def _mode_fits(p: Mapping[str, Any], mode: Any, from_seq: Any) -> bool:
    if "mode" not in p:
        return True
    cut = isinstance(from_seq, int) and not isinstance(from_seq, bool) and from_seq >= 1
    if "iss" in p:
        return mode == "recovery" and (from_seq is None or cut)
    return (mode == "routine" and from_seq is None) or (mode == "compromise" and cut)


def _checkpoint(opened: Opened) -> Checkpoint:
    p = opened.payload
    seq = _integer(p["seq"])
    if seq < 1:
        raise DocumentRefused("wrong_head")
    _nonce(p["nonce"])
    head = _ident(p["head"], "wrong_head")
    return Checkpoint(opened.ident, _root(p["root"]), p["iss"], seq, head, _time(p["t"]))


def _auth(opened: Opened) -> Auth:
    p = opened.payload
    if not isinstance(p["aud"], str) or not isinstance(p["nonce"], str):
        raise DocumentRefused("bad_fields")
    return Auth(_root(p["root"]), p["aud"], p["iss"], p["nonce"], _time(p["iat"]))


def _statement(opened: Opened) -> Statement:
    p = opened.payload
    named = ("answer", "outcome", "writer")
    if not all(isinstance(p[name], str) and p[name] for name in named):
        raise DocumentRefused("bad_fields")
    question, text = (_ident(p[name], "bad_fields") for name in ("question", "text"))
    return Statement(_root(p["root"]), p["iss"], p["answer"], question, text, p["outcome"], p["writer"], _time(p["t"]))


_READERS: dict[str, Callable[[Opened], Document]] = {
    "grant": _grant,
    "delegate": _delegate,
    "revoke": _revocation,
    "key": _key_event,
    "checkpoint": _checkpoint,
    "auth": _auth,
    "statement": _statement,
}
_FIELDS = {
    "grant": {"v", "type", "root", "iss", "sub", "tier", "vouch", "parent", "nbf", "exp", "via", "nonce"},
    "delegate": {"v", "type", "root", "iss", "sub", "role", "tier", "max", "nbf", "exp", "nonce"},
    "revoke": {"v", "type", "root", "iss", "target", "t", "reason", "nonce"},
    "key": {"v", "type", "seq", "key", "next", "prev", "root", "recovery", "t", "nonce"},
    "checkpoint": {"v", "type", "root", "iss", "seq", "head", "t", "nonce"},
    "auth": {"v", "type", "root", "aud", "iss", "nonce", "iat"},
    "statement": {"v", "type", "root", "iss", "answer", "question", "text", "outcome", "writer", "t"},
}
_ROTATION = _FIELDS["key"] | {"mode", "from_seq"}
_LATER_KEYS = (_ROTATION, _ROTATION | {"iss"})


def _check(value: Any, wanted: Any, code: str) -> None:
    if type(value) is not type(wanted) or value != wanted:
        raise DocumentRefused(code)


def _root(value: Any) -> str:
    return _ident(value, "bad_root")


def _ident(value: Any, code: str) -> str:
    if not isinstance(value, str) or _IDENT.fullmatch(value) is None:
        raise DocumentRefused(code)
    return value


def _did(value: Any, code: str = "bad_did") -> str:
    if not isinstance(value, str):
        raise DocumentRefused(code)
    try:
        key_of(value)
    except DocumentRefused as error:
        raise DocumentRefused(code if error.code == "bad_did" else error.code) from error
    return value


def _tier(value: Any, code: str) -> Tier:
    try:
        return tier_named(value)
    except UnknownTier as error:
        raise DocumentRefused(code) from error


def _granted(value: Any, code: str) -> Tier:
    """Read a tier that somebody can be let in to; `public` needs no letting in."""
    tier = _tier(value, code)
    if tier is Tier.PUBLIC:
        raise DocumentRefused(code)
    return tier


def _vouch(value: Any, own: Tier) -> Vouch | None:
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) != {"depth", "max", "tier"}:
        raise DocumentRefused("bad_vouch")
    depth, people, tier = _integer(value["depth"]), _integer(value["max"]), _granted(value["tier"], "bad_vouch")
    if not 1 <= depth <= DEPTH_MAX or not 1 <= people <= PEOPLE_MAX or tier > own or tier is Tier.INNER:
        raise DocumentRefused("bad_vouch")
    return Vouch(depth, people, tier)


def _life(p: Mapping[str, Any]) -> tuple[int, int]:
    nbf, exp = _time(p["nbf"]), _time(p["exp"])
    if not nbf < exp <= nbf + LIFE_SECONDS_MAX:
        raise DocumentRefused("bad_time")
    return nbf, exp


def _time(value: Any) -> int:
    seconds = _integer(value)
    if seconds < 0:
        raise DocumentRefused("bad_time")
    return seconds


def _integer(value: Any) -> int:
    if type(value) is not int:  # a bool is an int to Python, and to nobody else
        raise DocumentRefused("wrong_type")
    return value


def _nonce(value: Any) -> None:
    if not isinstance(value, str) or _NONCE.fullmatch(value) is None:
        raise DocumentRefused("bad_nonce")
