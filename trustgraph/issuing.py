"""Writes signed documents: the other side of `documents`. Whether they are accepted is for the log to say."""

import base64
from typing import Any

from trustgraph.artist import commitment
from trustgraph.documents import Vouch
from trustgraph.envelopes import ident_of
from trustgraph.keys import Key, new_nonce
from trustgraph.tiers import Tier

Envelope = dict[str, Any]


def grant(
    key: Key,
    *,
    root: str,
    sub: str,
    tier: Tier,
    nbf: int,
    exp: int,
    vouch: Vouch | None = None,
    parent: str | None = None,
    via: str = "artist",
) -> Envelope:
    """Let somebody in; times are Unix seconds."""
    right = None if vouch is None else {"depth": vouch.depth, "max": vouch.max, "tier": vouch.tier.slug}
    fields = {"sub": sub, "tier": tier.slug, "vouch": right, "parent": parent, "nbf": nbf, "exp": exp, "via": via}
    return _seal(key, "grant", root, fields)


def delegate(
    key: Key, *, root: str, sub: str, role: str, tier: Tier, people: int | None, nbf: int, exp: int
) -> Envelope:
    """Give a key of the node a role."""
    fields = {"sub": sub, "role": role, "tier": tier.slug, "max": people, "nbf": nbf, "exp": exp}
    return _seal(key, "delegate", root, fields)


def revocation(key: Key, *, root: str, target: str, t: int, reason: str = "") -> Envelope:
    """Take a document back, or block a key."""
    return _seal(key, "revoke", root, {"target": target, "t": t, "reason": reason})


def checkpoint(key: Key, *, root: str, seq: int, head: str, t: int) -> Envelope:
    """Vouch for the head of a log."""
    return _seal(key, "checkpoint", root, {"seq": seq, "head": head, "t": t})


def auth(key: Key, *, root: str, aud: str, nonce: str, iat: int) -> Envelope:
    """Prove that a key is held, for one challenge of one place."""
    payload = {"v": 1, "type": "auth", "root": root, "aud": aud, "iss": key.did, "nonce": nonce, "iat": iat}
    return key.seal("auth", payload)


def statement(
    key: Key, *, root: str, answer: str, question: str, text: str, outcome: str, writer: str, t: int
) -> Envelope:
    """Stand, as the presence, by an answer: by the hashes of question and text."""
    hashes = {"question": ident_of(question.encode()), "text": ident_of(text.encode())}
    payload = {"v": 1, "type": "statement", "root": root, "iss": key.did, "answer": answer, **hashes}
    return key.seal("statement", payload | {"outcome": outcome, "writer": writer, "t": t})


def inception(key: Key, *, next_key: str, t: int, recovery: tuple[str, ...] = ()) -> Envelope:
    """Begin a log: the artist's first key, and the hash of her next one, given as its did."""
    return key.seal("key", _key_fields(key.did, next_key, t, recovery) | {"seq": 0, "prev": None, "root": None})


def rotation(
    key: Key,
    *,
    root: str,
    seq: int,
    prev: str,
    next_key: str,
    t: int,
    recovery: tuple[str, ...] = (),
    from_seq: int | None = None,
) -> Envelope:
    """Put the next key in its place, signed by itself; `from_seq` voids what was signed from there on."""
    place = {"seq": seq, "prev": prev, "root": root, "mode": "routine" if from_seq is None else "compromise"}
    return key.seal("key", _key_fields(key.did, next_key, t, recovery) | place | {"from_seq": from_seq})


def recovery_request(
    key: Key,
    *,
    root: str,
    seq: int,
    prev: str,
    new_key: str,
    next_key: str,
    t: int,
    recovery: tuple[str, ...] = (),
    from_seq: int | None = None,
) -> Envelope:
    """Ask, as a recovery key, for a new key in place of a lost one."""
    place = {"seq": seq, "prev": prev, "root": root, "mode": "recovery", "from_seq": from_seq, "iss": key.did}
    return key.seal("key", _key_fields(new_key, next_key, t, recovery) | place)


def ident(envelope: Envelope) -> str:
    """Give the id of a sealed document."""
    return ident_of(base64.b64decode(envelope["payload"]))


def _key_fields(key: str, next_key: str, t: int, recovery: tuple[str, ...]) -> dict[str, Any]:
    fields = {"key": key, "next": commitment(next_key), "recovery": list(recovery), "t": t}
    return {"v": 1, "type": "key", "nonce": new_nonce()} | fields


def _seal(key: Key, kind: str, root: str, fields: dict[str, Any]) -> Envelope:
    return key.seal(kind, {"v": 1, "type": kind, "root": root, "iss": key.did, "nonce": new_nonce()} | fields)
