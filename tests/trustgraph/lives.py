"""What a random life of a log is made of: its people, the log under test and the oracle beside it."""

from typing import Any, ClassVar, Protocol

from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.trustgraph.oracle import Moment, Oracle
from tests.trustgraph.reigns import DAY, Reign, Row
from tests.trustgraph.signing import NOW, Papers, Payload, key, vouch
from trustgraph.artist import commitment
from trustgraph.errors import DocumentRefused

PEOPLE = ("ada", "ben", "cleo", "dora", "emil", "fritz")
NODE = ("till", "door")
KEEPERS = ("keeper 1", "keeper 2", "keeper 3")
FIRST = "artist"


class Subject(Protocol):
    """What is under test: a log that judges documents."""

    def accept(self, envelope: dict[str, Any], kind: str, now: int) -> None:
        """Take a document in, or raise `DocumentRefused`."""

    def tier_of(self, did: str, now: int) -> int: ...

    def restart(self) -> None:
        """Begin again with nothing but the entries."""

    def close(self) -> None: ...


class Life(RuleBasedStateMachine):
    """Subclasses say in `new_subject` what is under test."""

    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.papers = Papers(FIRST)
        self.names = {key(name).did: name for name in (*PEOPLE, *NODE, *KEEPERS, FIRST, "thief")}
        self.oracle, self.subject = Oracle(), self.new_subject()
        recovery = [key(name).did for name in KEEPERS]
        first = self.papers.inception(key=key(FIRST).did, next=self.commits(FIRST), recovery=recovery)
        self.send(FIRST, first)
        self.papers.root = self.oracle.rows[0].ident
        type(self).steps -= 1  # everybody's tier is compared once before the first step
        for sub in ("ada", "ben"):
            right: Payload = {"tier": "circle", "vouch": vouch(3, 3, "circle"), "exp": NOW + 900 * DAY}
            self.send(FIRST, self.papers.grant(FIRST, sub, now=NOW, **right))
        self.send(FIRST, self.papers.delegate(FIRST, "till", exp=NOW + 900 * DAY))

    def new_subject(self) -> Subject:
        raise NotImplementedError

    def teardown(self) -> None:
        self.subject.close()

    def send(self, signer: str, payload: Payload) -> None:
        """Send a document; the oracle and the log under test agree whether it is accepted."""
        kind = payload["type"]
        is_right = self.oracle.accepts(kind, payload, self.now)
        code = "ok"
        try:
            self.subject.accept(key(signer).seal(kind, payload), kind, self.now)
        except DocumentRefused as error:
            code = error.code
        assert (code == "ok") == is_right, f"{kind}: the oracle says {is_right}, the log says {code}"
        if is_right and all(row.doc != payload for row in self.oracle.rows):
            self.oracle.add(kind, payload, self.now)

    def following(self, name: str) -> str:
        """Name the key that a key of the artist's commits to."""
        self.names[key(name + "'").did] = name + "'"
        return name + "'"

    def commits(self, name: str) -> str:
        return commitment(key(self.following(name)).did)

    @property
    def reign(self) -> Reign:
        return Moment(self.oracle.rows, self.oracle.entry_time(self.now), is_next=True).reign

    @property
    def artist(self) -> str:
        return self.names[self.reign.key]

    def back(self, count: int, *kinds: str) -> Row:
        """Give a document of these kinds, counted from the newest."""
        found = [row for row in self.oracle.rows if row.kind in kinds]
        return found[-1 - count % len(found)]

    def bearer(self, count: int, *, stands: bool) -> Row:
        """Give a grant or a delegate; with `stands`, one that may introduce somebody if there is one."""
        moment = Moment(self.oracle.rows, self.now)
        rows = [row for row in self.oracle.rows if row.kind in ("grant", "delegate")]
        good = [row for row in rows if (above := moment.above(row, frozenset(), 0)) and above.depth] if stands else rows
        found = good or rows
        return found[-1 - count % len(found)]

    def with_children(self) -> list[Row]:
        """Give the grants and delegates that hold and are somebody's parent."""
        moment = Moment(self.oracle.rows, self.now)
        parents = {row.doc.get("parent") for row in self.oracle.rows}
        return [row for row in self.oracle.rows if row.ident in parents and moment.above(row, frozenset(), 0)]

    def key_document(self, hers: str, mode: str, start: int | None) -> Payload:
        reign = self.reign
        self.papers.seq, self.papers.last = reign.number, reign.ident
        recovery = [key(name).did for name in KEEPERS]
        document = self.papers.rotation(hers, hers, self.now, mode, from_seq=start, recovery=recovery)
        return {**document, "next": self.commits(hers)}

    @invariant()
    def everybody_has_the_tier_that_the_oracle_says(self) -> None:
        type(self).steps += 1
        everybody = [key(name).did for name in (*PEOPLE, *NODE)]
        told = [int(self.subject.tier_of(did, self.now)) for did in everybody]
        assert told == self.oracle.tiers(everybody, self.now)
