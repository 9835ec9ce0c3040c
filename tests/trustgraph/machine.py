"""A random life of one log: everybody grants, renews, takes back, blocks and rotates, rightly and wrongly.

After each step the log under test and the slow oracle agree on what was accepted and on everybody's tier.
"""

from typing import Any, ClassVar, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.trustgraph.oracle import Moment, Oracle
from tests.trustgraph.reigns import DAY, RECOVERY_DELAY, Reign, Row, under_way
from tests.trustgraph.rights import TIERS, rank
from tests.trustgraph.signing import NOW, Papers, Payload, key, vouch
from trustgraph.artist import commitment
from trustgraph.errors import DocumentRefused

PEOPLE = ("ada", "ben", "cleo", "dora", "emil", "fritz")
NODE = ("till", "door")
KEEPERS = ("keeper 1", "keeper 2", "keeper 3")
FIRST = "artist"
UNKNOWN = "sha256:" + "ab" * 32
TWISTS = ("", "", "", "", "", "", "too high", "too long", "too early", "not hers", "no parent", "unknown parent")

names = st.sampled_from(PEOPLE + NODE)
backwards = st.integers(0, 12)  # counted from the newest
tiers = st.sampled_from(TIERS[1:])
rights = st.one_of(
    st.none(),
    st.builds(vouch, st.integers(1, 3), st.integers(1, 3), st.sampled_from(("follower", "supporter", "circle"))),
)
lives = st.sampled_from((90, 3600, 30 * DAY, 400 * DAY, 3 * 366 * DAY, 3 * 366 * DAY + 1))


class Subject(Protocol):
    """What is under test: a log that judges documents."""

    def accept(self, envelope: dict[str, Any], kind: str, now: int) -> None:
        """Take a document in, or raise `DocumentRefused`."""

    def tier_of(self, did: str, now: int) -> int: ...

    def restart(self) -> None:
        """Begin again with nothing but the entries."""

    def close(self) -> None: ...


class TrustMachine(RuleBasedStateMachine):
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

    def new_subject(self) -> Subject:
        raise NotImplementedError

    def teardown(self) -> None:
        self.subject.close()

    # What the rules are made of.

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
        return Moment(self.oracle.rows, self.now, is_next=True).reign

    @property
    def artist(self) -> str:
        return self.names[self.reign.key]

    def back(self, count: int, *kinds: str) -> Row:
        """Give a document of these kinds, counted from the newest."""
        found = [row for row in self.oracle.rows if row.kind in kinds]
        return found[-1 - count % len(found)]

    def has(self, *kinds: str) -> bool:
        return any(row.kind in kinds for row in self.oracle.rows)

    # Letting in.

    @rule(sub=names, tier=tiers, right=rights, life=lives)
    def artist_lets_in(self, sub: str, tier: str, right: Payload | None, life: int) -> None:
        signer = self.artist
        exp = self.now + life
        self.send(signer, self.papers.grant(signer, sub, tier, self.now, vouch=right, exp=exp))

    @rule(
        sub=st.sampled_from((*NODE, *NODE, "ada")),
        role=st.sampled_from(("till", "till", "door", "presence")),
        tier=st.sampled_from(("follower", "follower", "supporter", "public")),
        most=st.integers(1, 3),
        life=lives,
    )
    def artist_delegates(self, sub: str, role: str, tier: str, most: int, life: int) -> None:
        signer, people = self.artist, None if role == "presence" else most
        exp = self.now + life
        document = self.papers.delegate(signer, sub, role, self.now, tier=tier, max=people, exp=exp)
        self.send(signer, document)

    @precondition(lambda self: self.has("grant", "delegate"))
    @rule(parent=backwards, sub=names, lower=st.integers(0, 1), right=rights, life=lives, twist=st.sampled_from(TWISTS))
    def somebody_introduces(
        self, parent: int, sub: str, lower: int, right: Payload | None, life: int, twist: str
    ) -> None:
        above = self.back(parent, "grant", "delegate")
        signer = "thief" if twist == "not hers" else self.names[above.doc["sub"]]
        ceiling = rank((above.doc.get("vouch") or above.doc)["tier"]) + (twist == "too high")
        tier = TIERS[min(4, max(1, ceiling - lower))]
        if right is not None and rank(right["tier"]) > rank(tier):
            right = {**right, "tier": tier}
        nbf = above.doc["nbf"] - 1 if twist == "too early" else max(above.doc["nbf"], self.now)
        exp = above.doc["exp"] + 1 if twist == "too long" else min(above.doc["exp"], nbf + life)
        above_id = {"no parent": None, "unknown parent": UNKNOWN}.get(twist, above.ident)
        more: Payload = {"vouch": right, "parent": above_id, "nbf": nbf, "exp": exp}
        self.send(signer, self.papers.grant(signer, sub, tier, self.now, **more))

    @precondition(lambda self: self.has("grant", "delegate"))
    @rule(which=backwards, tier=tiers, most=st.integers(1, 4), right=rights)
    def somebody_renews(self, which: int, tier: str, most: int, right: Payload | None) -> None:
        """The same issuer lets the same person in again; the artist with her present key."""
        doc = self.back(which, "grant", "delegate").doc
        signer = self.artist if doc.get("parent") is None else self.names[doc["iss"]]
        changed: Payload = {"max": doc["max"] and most} if doc["type"] == "delegate" else {"tier": tier, "vouch": right}
        renewed = {**doc, **changed, "iss": key(signer).did, "nonce": self.papers.new_nonce()}
        self.send(signer, {**renewed, "nbf": max(doc["nbf"], self.now - 60)})

    # Taking back.

    @precondition(lambda self: self.has("grant", "delegate"))
    @rule(which=backwards, signer=st.sampled_from((*PEOPLE, *NODE, "artist", "artist", "old", "subject", "issuer")))
    def somebody_takes_back(self, which: int, signer: str) -> None:
        row = self.back(which, "grant", "delegate")
        who = {"artist": self.artist, "old": FIRST, "subject": self.names[row.doc["sub"]]}.get(signer, signer)
        who = self.names[row.doc["iss"]] if signer == "issuer" else who
        self.send(who, self.papers.revocation(who, row.ident, self.now))

    @rule(whom=names, signer=st.sampled_from(("artist", "itself", "ada", "old")), is_hers=st.integers(0, 4))
    def somebody_blocks(self, whom: str, signer: str, is_hers: int) -> None:
        target = self.artist if is_hers == 0 else whom
        who = {"artist": self.artist, "itself": target, "old": FIRST}.get(signer, signer)
        self.send(who, self.papers.revocation(who, key(target).did, self.now))

    @rule(what=st.sampled_from((UNKNOWN, "root", "revocation")), late=st.sampled_from((0, -61, 61)))
    def somebody_takes_back_in_vain(self, what: str, late: int) -> None:
        rows = [row for row in self.oracle.rows if row.kind == "revoke"]
        ident = {"root": self.papers.root, "revocation": rows[-1].ident if rows else UNKNOWN}.get(what, what)
        self.send(self.artist, self.papers.revocation(self.artist, ident, self.now, t=self.now + late))

    # The artist's keys.

    @rule(hers=st.sampled_from(("next", "next", "present", "first", "thief")), cut=st.one_of(st.none(), backwards))
    def artist_rotates(self, hers: str, cut: int | None) -> None:
        reign, present = self.reign, self.artist
        signer = {"next": present + "'", "present": present, "first": FIRST}.get(hers, hers)
        mode = "routine" if cut is None else "compromise"
        start = None if cut is None else max(1, len(self.oracle.rows) - cut)
        self.send(signer, self.key_document(signer, reign, mode, start))

    @rule(
        keepers=st.lists(st.sampled_from((*KEEPERS, *KEEPERS, "thief")), min_size=1, max_size=2),
        variant=st.integers(0, 1),
    )
    def keepers_ask(self, keepers: list[str], variant: int) -> None:
        for keeper in keepers:
            reign = self.reign
            hers = f"saved {reign.number} {variant}"
            self.names[key(hers).did] = hers
            start = reign.since if variant else None
            document = self.key_document(hers, reign, "recovery", start)
            self.send(keeper, {**document, "iss": key(keeper).did})

    def key_document(self, hers: str, reign: Reign, mode: str, start: int | None) -> Payload:
        recovery = [key(name).did for name in KEEPERS]
        self.papers.seq, self.papers.last = reign.number, reign.ident
        document = self.papers.rotation(hers, hers, self.now, mode, from_seq=start, recovery=recovery)
        return {**document, "next": self.commits(hers)}

    @precondition(lambda self: bool(under_way(self.reign, self.oracle.rows)))
    @rule(signer=st.sampled_from(("artist", "artist", "keeper 1", "ada")))
    def somebody_ends_a_recovery(self, signer: str) -> None:
        who = self.artist if signer == "artist" else signer
        target = min(under_way(self.reign, self.oracle.rows))
        self.send(who, self.papers.revocation(who, target, self.now))

    # Time, and the machine.

    @rule(seconds=st.sampled_from((1, 30, 61, 3600, 30 * DAY, RECOVERY_DELAY - 1, RECOVERY_DELAY)))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: self.has("grant", "delegate"))
    @rule(which=backwards, before=st.integers(-1, 1))
    def something_is_about_to_expire(self, which: int, before: int) -> None:
        self.now = max(self.now, self.back(which, "grant", "delegate").doc["exp"] - before)

    @rule(seconds=st.sampled_from((1, 30, 60, 61, DAY)))
    def clock_is_set_back(self, seconds: int) -> None:
        self.now = max(NOW, self.now - seconds)

    @precondition(lambda self: self.now < self.oracle.rows[-1].at)
    @rule()
    def clock_is_set_right(self) -> None:
        self.now = self.oracle.rows[-1].at

    @rule(which=backwards)
    def something_is_sent_again(self, which: int) -> None:
        row = self.back(which, "grant", "delegate", "revoke", "key")
        self.send(self.names[row.doc["iss"] if "iss" in row.doc else row.doc["key"]], row.doc)

    @rule()
    def node_restarts(self) -> None:
        self.subject.restart()

    @invariant()
    def everybody_has_the_tier_that_the_oracle_says(self) -> None:
        type(self).steps += 1
        everybody = [key(name).did for name in (*PEOPLE, *NODE)]
        told = [int(self.subject.tier_of(did, self.now)) for did in everybody]
        assert told == self.oracle.tiers(everybody, self.now)
