"""Requests to follow: somebody asks with a few words, and the artist, or her rule, lets her in.

Who asks is never told that a request was put away: it waits, as far as she can see.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from presence.database import Database
from presence.errors import DoorShut, RequestsFull, RequestWrong, TakenBack, UnknownRequest
from presence.languages import said
from presence.people.door import Door
from presence.people.names import Names, cleaned_name, code_of
from presence.people.rules import Follow, Rules
from presence.tables import follow_requests
from presence.write_lane import WriteLane
from trustgraph import DocumentRefused, GrantLog, Tier

WORDS_CHARS_MAX = 400
WAITING_MAX = 5_000
SHOWN_MAX = 500
AT_ONCE_MAX = 50
DAY_SECONDS = 24 * 3600
ASK_AGAIN_SECONDS = 30 * DAY_SECONDS
OPEN, LET_IN, BY_RULE, DISMISSED = "open", "let_in", "by_rule", "dismissed"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody who asks. `tier` is above follower only where the artist kept a place for her."""

    did: str
    name: str | None
    words: str
    tier: Tier
    requested_at: float

    @property
    def needs_artist(self) -> bool:
        """Whether the door cannot let in so far, so that the artist has to sign."""
        return self.tier > Tier.FOLLOWER


@dataclass(frozen=True, slots=True)
class Settled:
    """Whom an act let in, whom it left for the artist's own key, and whom the log refused, with its code."""

    let_in: tuple[str, ...]
    for_artist: tuple[str, ...]
    refused: dict[str, str]


class Requests:
    """Takes requests in, lists them, and settles them."""

    def __init__(
        self,
        database: Database,
        lane: WriteLane,
        log: GrantLog,
        door: Door,
        rules: Rules,
        names: Names,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._lane = lane
        self._log = log
        self._door = door
        self._rules = rules
        self._names = names
        self._now = now

    def ask(self, did: str, *, name: str, words: str) -> bool:
        """Ask to follow; whether she was let in at once. Raises `NameWrong`, `RequestWrong`, `RequestsFull`."""
        words, name = cleaned_words(words), cleaned_name(name)
        if self._log.tier_of(did).tier >= Tier.FOLLOWER:
            self._names.set(did, name)
            return True
        follow, now = self._rules.follow, self._now()
        at_once = self._lane.run(lambda owner: _note(owner, did, words, now, follow))
        self._names.set(did, name)
        return at_once and self._let_in_by_rule(did)

    def ask_above(self, did: str, tier: Tier, words: str) -> None:
        """Put somebody before the artist, for a tier that only she can sign."""
        row = {"words": words[:WORDS_CHARS_MAX], "tier": int(tier), "requested_at": self._now(), "state": OPEN}
        self._lane.run(lambda owner: _put(owner, did, row))

    def state(self, did: str) -> str | None:
        """Say as far as she may know: `waiting`, or None where nothing waits."""
        with self._database.records() as records:
            state = records.execute(select(follow_requests.c.state).where(follow_requests.c.did == did)).scalar()
        return "waiting" if state in (OPEN, DISMISSED) else None

    def waiting(self, limit: int = SHOWN_MAX) -> list[Request]:
        """Give who waits, the oldest first, without the blocked and those whom the artist signed for meanwhile."""
        asking = self._open(limit)
        with self._log.snapshot() as (spine, _):
            asking = [one for one in asking if not spine.is_blocked(one.did)]
        return [one for one in asking if self._log.tier_of(one.did).tier < one.tier]

    def let_in(self, dids: Iterable[str]) -> Settled:
        """Let in by the artist's word, as followers, by the door's key, fifty at once. Raises `DoorShut` and more."""
        asking, refused = self._named(dids), dict[str, str]()
        for one in asking:
            if one.needs_artist:
                continue
            try:
                self._door.let_in(one.did, by_artist=True)
            except DocumentRefused as refusal:
                refused[one.did] = str(refusal)
            else:
                self._settle([one.did], LET_IN)
        let_in = tuple(one.did for one in asking if not one.needs_artist and one.did not in refused)
        return Settled(let_in, tuple(one.did for one in asking if one.needs_artist), refused)

    def dismiss(self, dids: Iterable[str]) -> int:
        """Put requests away; nobody is told."""
        asking = self._named(dids)
        self._settle([one.did for one in asking], DISMISSED)
        return len(asking)

    def _let_in_by_rule(self, did: str) -> bool:
        try:
            self._door.let_in(did)
        except (DoorShut, TakenBack, DocumentRefused):
            self._settle([did], OPEN)  # then it is for the artist to say
            return False
        return True

    def _named(self, dids: Iterable[str]) -> list[Request]:
        wanted = list(dict.fromkeys(dids))
        if len(wanted) > AT_ONCE_MAX:
            raise RequestWrong(f"At most {AT_ONCE_MAX} at once.")
        asking = {one.did: one for one in self._open(WAITING_MAX)}
        for did in wanted:
            if did not in asking:
                raise UnknownRequest(code_of(did))
        return [asking[did] for did in wanted]

    def _open(self, limit: int) -> list[Request]:
        table = follow_requests
        query = select(table).where(table.c.state == OPEN).order_by(table.c.requested_at, table.c.did).limit(limit)
        with self._database.records() as records:
            rows = records.execute(query).all()
        names = self._names.of_all(row.did for row in rows)
        return [Request(row.did, names.get(row.did), row.words, Tier(row.tier), row.requested_at) for row in rows]

    def _settle(self, dids: list[str], state: str) -> None:
        change = update(follow_requests).where(follow_requests.c.did.in_(dids)).values(state=state)
        self._lane.run(lambda owner: owner.execute(change))


def cleaned_words(words: str) -> str:
    """Give the words of a request as they are kept, or raise `RequestWrong`."""
    kept = " ".join(words.split())
    if not kept.isprintable():
        raise RequestWrong("There are signs in it that cannot be seen. Write it again.")
    if len(kept) > WORDS_CHARS_MAX:
        raise RequestWrong(said("A few words: at most {chars} characters.", chars=WORDS_CHARS_MAX))
    return kept


def _note(owner: Connection, did: str, words: str, now: float, follow: Follow) -> bool:
    """Keep a request; whether the rule lets her in at once. Counted and kept in one command."""
    earlier = owner.execute(select(follow_requests).where(follow_requests.c.did == did)).first()
    if earlier is not None and earlier.state == DISMISSED and earlier.requested_at + ASK_AGAIN_SECONDS > now:
        return False
    row: dict[str, Any] = {"words": words, "tier": int(Tier.FOLLOWER), "requested_at": now, "state": OPEN}
    if earlier is not None and earlier.state == OPEN:
        row |= {"requested_at": earlier.requested_at, "tier": earlier.tier}
    elif _counted(owner, OPEN) >= WAITING_MAX:
        raise RequestsFull
    midnight = now - now % DAY_SECONDS
    if follow.how == "open" and _counted(owner, BY_RULE, midnight) < follow.per_day and row["tier"] == Tier.FOLLOWER:
        row |= {"state": BY_RULE, "requested_at": now}
    _put(owner, did, row)
    return bool(row["state"] == BY_RULE)


def _counted(owner: Connection, state: str, since: float = 0.0) -> int:
    some = (follow_requests.c.state == state) & (follow_requests.c.requested_at >= since)
    return int(owner.execute(select(func.count()).where(some)).scalar_one())


def _put(owner: Connection, did: str, row: dict[str, Any]) -> None:
    changed = owner.execute(update(follow_requests).where(follow_requests.c.did == did).values(**row))
    if not changed.rowcount:
        owner.execute(insert(follow_requests).values(did=did, **row))
