"""Who introduced whom: for a listener her own part, for the artist all of it. Computed from the log, nothing stored.

Who introduces somebody answers for her a little: whoever was taken back or blocked anywhere below
an introduction is shown, with the reason, to everybody above.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from presence.languages import later
from presence.people.introductions import ARTIST, Introduction, Introductions
from presence.people.names import Names, code_of
from trustgraph import GrantLog, Tier
from trustgraph.documents import ROLES
from trustgraph.errors import LogInDoubt
from trustgraph.spine import Spine
from trustgraph.sql_store import SqlStore
from trustgraph.walk import Step, climb, tier_of

SHOWN_MAX = 500
WAYS_IN = {ARTIST, *ROLES}


class State(StrEnum):
    """How it stands with somebody, in words that pages show."""

    IN = later("in")
    ENDED = later("has run out")
    LEFT = later("left")
    TAKEN_BACK = later("taken back")
    BLOCKED = later("blocked")
    FELL = later("fell with who let her in")


MISUSE = (State.TAKEN_BACK, State.BLOCKED)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was let in. `by` is a key, `artist`, `door` or `till`; `tier` is that of this moment."""

    did: str
    name: str | None
    by: str
    by_name: str | None
    tier: Tier
    since: int
    until: int | None
    grant: str
    state: State
    reason: str = ""

    @property
    def code(self) -> str:
        """The short code of her key."""
        return code_of(self.did)

    @property
    def shown(self) -> str:
        """What to call her."""
        return self.name or f"code {self.code}"

    @property
    def is_in(self) -> bool:
        return self.state is State.IN


@dataclass(frozen=True, slots=True)
class Mine:
    """A listener's own part: from her up to the artist, whom she introduced, and what went wrong below them."""

    chain: tuple[Person, ...] = ()
    introduced: tuple[Person, ...] = ()
    trouble: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    """Everybody, or the newest with those above them; so many older ones are left out."""

    people: tuple[Person, ...] = ()
    left_out: int = 0


class Tree:
    """Reads it from the log; a log in doubt shows nobody."""

    def __init__(self, log: GrantLog, names: Names) -> None:
        self._log = log
        self._names = names

    def mine(self, did: str) -> Mine:
        """Give what one listener may see: her own part, and nobody else's."""
        if self._log.doubt is not None:
            return Mine()
        with self._log.snapshot() as (spine, store):
            try:
                look = _Look(Introductions.read(spine, store), self._log.now(), spine, store)
                made = look.all.made_by(did)
                below = [one for top in made for one in look.all.below(top)]
                chain, introduced = look.chain(did), [look.seen(one) for one in made]
                trouble = [person for person in map(look.seen, below) if person.state in MISUSE]
            except LogInDoubt:
                return Mine()
        return Mine(self._named(chain), self._named(introduced), self._named(trouble))

    def whole(self, limit: int = SHOWN_MAX) -> Whole:
        """Give everybody, the newest `limit` where there are more, with those above them; each once."""
        if self._log.doubt is not None:
            return Whole()
        with self._log.snapshot() as (spine, store):
            try:
                look = _Look(Introductions.read(spine, store), self._log.now(), spine, store)
                places = look.places(limit)
                people = [look.person(one) for one in places]
            except LogInDoubt:
                return Whole()
        return Whole(self._named(people), len(look.all.people) - len(people))

    def _named(self, people: Iterable[Person]) -> tuple[Person, ...]:
        found = list(people)
        names = self._names.of_all({one for person in found for one in (person.did, person.by)} - WAYS_IN)
        return tuple(_with_names(person, names) for person in found)


class _Look:
    """One look at one snapshot. Raises `LogInDoubt`."""

    def __init__(self, introductions: Introductions, now: float, spine: Spine, store: SqlStore) -> None:
        self.all = introductions
        self._now = now
        self._spine = spine
        self._store = store

    def seen(self, one: Introduction) -> Person:
        """Give somebody as an introduction shows her: what it opens now, not what she has from others."""
        way = climb(one.entry, self._now, self._spine, self._store)
        return self._made(one, way.hold.tier if way else Tier.PUBLIC, way.until if way else None)

    def person(self, one: Introduction) -> Person:
        """Give somebody with her tier, wherever it comes from."""
        trust = tier_of(one.sub, self._now, self._spine, self._store)
        return self._made(one, trust.tier, int(trust.until) if trust.grant else None)

    def chain(self, did: str) -> list[Person]:
        """Give the way from somebody up to the artist, herself first; her last one where none holds."""
        trust = tier_of(did, self._now, self._spine, self._store)
        entry = self._store.by_event(trust.grant) if trust.grant else None
        if entry is None:
            return [self.seen(one) for one in self.all.of(did)[-1:]]
        way = climb(entry, self._now, self._spine, self._store)
        steps = way.steps if way is not None else ()
        return [self.seen(self.all.by_pair[step.entry.pair or ""]) for step in steps if _lets_in(step)]

    def places(self, limit: int) -> list[Introduction]:
        """Give one introduction for everybody, the newest people with all above them, those above first."""
        newest = sorted(self.all.people.items(), key=lambda pair: -pair[1])[:limit]
        chosen: dict[str, Introduction] = {}
        for sub, _ in newest:
            above: str = sub
            while above in self.all.people and above not in chosen:
                chosen[above] = self._place(above)
                above = chosen[above].by
        return sorted(chosen.values(), key=lambda place: (place.since, place.entry.seq))

    def _place(self, sub: str) -> Introduction:
        """Give the introduction that counts: the one whose way holds, the highest; or else the newest."""
        ways = [(one, climb(one.entry, self._now, self._spine, self._store)) for one in self.all.of(sub)]
        holding = [(way.hold.tier, one.entry.seq, one) for one, way in ways if way is not None]
        return max(holding, key=lambda found: found[:2])[2] if holding else ways[-1][0]

    def _made(self, one: Introduction, tier: Tier, until: int | None) -> Person:
        state, reason = self._state(one, tier)
        return Person(one.sub, None, one.by, None, tier, one.since, until, one.entry.event, state, reason)

    def _state(self, one: Introduction, tier: Tier) -> tuple[State, str]:
        if (block := self.all.block_of(one.sub)) is not None:
            return (State.LEFT if block.by == one.sub else State.BLOCKED), block.reason
        if tier > Tier.PUBLIC:
            return State.IN, ""
        if (end := self.all.end_of(one)) is not None:
            return (State.LEFT if end.by == one.sub else State.TAKEN_BACK), end.reason
        return (State.ENDED if (one.entry.exp or 0) <= self._now else State.FELL), ""


def _lets_in(step: Step) -> bool:
    return step.entry.kind == "grant"


def _with_names(person: Person, names: dict[str, str]) -> Person:
    by_name = None if person.by in WAYS_IN else names.get(person.by) or f"code {code_of(person.by)}"
    return replace(person, name=names.get(person.did), by_name=by_name)
