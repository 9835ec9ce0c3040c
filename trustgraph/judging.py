"""Whether a signed document is true here and now, and what place it gets in the log.

The signature and the fields were checked before (`documents`). Each refusal has one code; the order
of the checks is fixed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trustgraph.artist import ArtistKeys
from trustgraph.attenuation import Bearer, refusal, widening
from trustgraph.documents import Checkpoint, Delegate, Document, Grant, KeyEvent, Revocation
from trustgraph.entries import Entry, pair_of, subject_of
from trustgraph.envelopes import Opened
from trustgraph.errors import DocumentRefused
from trustgraph.spine import CLOCK_SECONDS, Spine
from trustgraph.store import Store
from trustgraph.walk import Way, climb


@dataclass(frozen=True, slots=True)
class Bench:
    """What is judged by: the log as it is, and the time in Unix seconds."""

    spine: Spine
    store: Store
    now: int

    def keys(self) -> ArtistKeys:
        """Give the artist's keys as they are now, with a recovery whose delay is over."""
        return self.spine.at_next_entry(self.now).keys


def judge(document: Document, opened: Opened, bench: Bench) -> Entry:
    """Give the entry that a document becomes, or raise `DocumentRefused`."""
    if bench.spine.is_behind(bench.now):
        raise DocumentRefused("clock_behind")
    if type(document) not in _JUDGES:
        raise DocumentRefused("wrong_type")
    # The entry's own time, so that whoever replays it judges by the same.
    now = max(bench.now, bench.spine.newest_at)
    bench = Bench(bench.spine.at_next_entry(now), bench.store, now)
    places = _JUDGES[type(document)](document, bench, bench.spine.keys)
    bearer = document if isinstance(document, Grant | Delegate) else None
    return Entry(
        seq=bench.spine.seq + 1,
        kind=opened.kind,
        event=opened.ident,
        envelope=opened.envelope,
        received_at=bench.now,
        sub=subject_of(document),
        tier=int(bearer.tier) if bearer else None,
        exp=bearer.exp if bearer else None,
        prev=bench.spine.head,
        **{"ordinal": None, "about": None, "pair": None, "slots": None, **places},
    )


def check_checkpoint(checkpoint: Checkpoint, bench: Bench) -> None:
    """Refuse a checkpoint that is not the artist's word for an entry of this log."""
    _check_artist(checkpoint.root, checkpoint.iss, bench.keys())
    if not 1 <= checkpoint.seq <= bench.spine.seq or bench.spine.hash_at(checkpoint.seq) != checkpoint.head:
        raise DocumentRefused("wrong_head")


def _judge_key(event: KeyEvent, bench: Bench, keys: ArtistKeys) -> dict[str, Any]:
    if event.root is not None:  # the first one is written before there is a node that could say the time
        _check_recent(event.t, bench)
    keys.check(event)
    if event.from_seq is not None and event.from_seq > bench.spine.seq:
        raise DocumentRefused("bad_key")  # it would look like a cut, and void nothing
    return {}


def _judge_delegate(delegate: Delegate, bench: Bench, keys: ArtistKeys) -> dict[str, Any]:
    _check_artist(delegate.root, delegate.iss, keys)
    _check_time(delegate, bench)
    _check_blocks(delegate, bench)
    if keys.was_artist(delegate.sub):
        raise DocumentRefused("bad_role")
    pair = pair_of(delegate, by_artist=True) or ""
    return {"pair": pair, "about": _superseded(pair, bench)}


def _judge_grant(grant: Grant, bench: Bench, keys: ArtistKeys) -> dict[str, Any]:
    if grant.root != keys.root:
        raise DocumentRefused("wrong_root")
    _check_time(grant, bench)
    by_artist = grant.iss == keys.key
    pair = pair_of(grant, by_artist=by_artist) or ""
    places: dict[str, Any] = {"pair": pair, "about": _superseded(pair, bench)}
    if grant.parent is None:
        if not by_artist:
            raise DocumentRefused("not_artist")
    elif by_artist:
        raise DocumentRefused("artist_with_parent")
    else:
        places |= _place_below(grant, grant.parent, bench)
    _check_blocks(grant, bench)
    return places


def _place_below(grant: Grant, parent_id: str, bench: Bench) -> dict[str, Any]:
    entry = bench.store.by_event(parent_id)
    parent = entry.document if entry is not None else None
    if entry is None or not isinstance(parent, Grant | Delegate):
        raise DocumentRefused("unknown_parent")
    _refuse(refusal(grant, parent))
    _check_delegate(parent, entry, bench)
    _refuse(widening(grant, parent))
    if grant.sub in _named_above(entry, parent, bench):
        raise DocumentRefused("cycle")
    slots = entry.pair or ""
    ordinal = bench.store.slot(slots, grant.sub) or bench.store.slots_taken(slots) + 1
    _check_right(grant, ordinal, climb(entry, bench.now, bench.spine, bench.store))
    return {"slots": slots, "ordinal": ordinal}


def _check_right(grant: Grant, ordinal: int, way: Way | None) -> None:
    """Refuse what goes beyond the right as it is now: less than the parent says, if one above was renewed narrower."""
    if way is None:
        raise DocumentRefused("parent_not_live")
    if way.hold.may is None:
        raise DocumentRefused("may_not_vouch")
    _refuse(way.hold.may.refusal(grant))
    if ordinal > way.hold.may.room:
        raise DocumentRefused("quota_exceeded")


def _refuse(code: str | None) -> None:
    if code is not None:
        raise DocumentRefused(code)


def _check_delegate(parent: Bearer, entry: Entry, bench: Bench) -> None:
    if not isinstance(parent, Delegate):
        return
    if bench.spine.is_revoked(entry.seq):
        raise DocumentRefused("delegate_revoked")
    if parent.exp <= bench.now:
        raise DocumentRefused("delegate_expired")


def _judge_revocation(revocation: Revocation, bench: Bench, keys: ArtistKeys) -> dict[str, Any]:
    if revocation.root != keys.root:
        raise DocumentRefused("wrong_root")
    _check_recent(revocation.t, bench)
    if revocation.blocks:
        _check_block(revocation, bench, keys)
        return {}
    entry = bench.store.by_event(revocation.target)
    if keys.is_recovery(revocation.target):
        if revocation.iss != keys.key:
            raise DocumentRefused("may_not_revoke")
        return {}
    document = entry.document if entry is not None else None
    if entry is None or not isinstance(document, Grant | Delegate):
        raise DocumentRefused("unknown_target")
    if revocation.iss != keys.key and revocation.iss not in _may_revoke(entry, document, bench):
        raise DocumentRefused("may_not_revoke")
    return {"about": entry.seq}


def _check_block(block: Revocation, bench: Bench, keys: ArtistKeys) -> None:
    if keys.was_artist(block.target) or block.iss not in (keys.key, block.target):
        raise DocumentRefused("may_not_revoke")
    if block.iss != keys.key and not bench.store.knows(block.target):
        raise DocumentRefused("unknown_target")  # or strangers could make the log as long as they like


def _may_revoke(entry: Entry, document: Bearer, bench: Bench) -> set[str]:
    """The subject and every issuer above it, but no key that was the artist's and is no more."""
    keys = bench.spine.keys
    return {key for key in _named_above(entry, document, bench) if not keys.was_artist(key)}


def _named_above(entry: Entry, document: Bearer, bench: Bench) -> set[str]:
    """Everybody who is named on the way up, whether or not it holds."""
    named = {document.sub, document.iss}
    while isinstance(document, Grant) and document.parent is not None:
        above = bench.store.by_event(document.parent)
        if above is None or above.seq >= entry.seq:
            break
        entry = above
        parent = entry.document
        if not isinstance(parent, Grant | Delegate):
            break
        document = parent
        named |= {document.sub, document.iss}
    return named


def _superseded(pair: str, bench: Bench) -> int | None:
    newest = bench.store.newest(pair)
    return None if newest is None or bench.spine.is_revoked(newest.seq) else newest.seq


def _check_artist(root: str, iss: str, keys: ArtistKeys) -> None:
    if root != keys.root:
        raise DocumentRefused("wrong_root")
    if iss != keys.key:
        raise DocumentRefused("not_artist")


def _check_time(document: Bearer, bench: Bench) -> None:
    if document.exp <= bench.now:
        raise DocumentRefused("expired")
    if document.nbf > bench.now + CLOCK_SECONDS:
        raise DocumentRefused("not_yet_valid")


def _check_recent(seconds: int, bench: Bench) -> None:
    if abs(seconds - bench.now) > CLOCK_SECONDS:
        raise DocumentRefused("expired" if seconds < bench.now else "not_yet_valid")


def _check_blocks(document: Bearer, bench: Bench) -> None:
    if bench.spine.is_blocked(document.iss) or bench.spine.is_blocked(document.sub):
        raise DocumentRefused("blocked")


_JUDGES: dict[type, Callable[[Any, Bench, ArtistKeys], dict[str, Any]]] = {
    KeyEvent: _judge_key,
    Delegate: _judge_delegate,
    Grant: _judge_grant,
    Revocation: _judge_revocation,
}
