"""A random life of one log: everybody grants, renews, takes back, blocks and rotates, rightly and wrongly.

After each step the log under test and the slow oracle agree on what was accepted and on everybody's tier.
"""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.trustgraph.lives import FIRST, KEEPERS, NODE, PEOPLE, Life
from tests.trustgraph.reigns import DAY, RECOVERY_DELAY, under_way
from tests.trustgraph.rights import TIERS, rank
from tests.trustgraph.signing import NOW, Payload, key, vouch

UNKNOWN = "sha256:" + "ab" * 32
TWISTS = ("too high", "too long", "too early", "not hers", "no parent", "unknown parent", "much too long")
YEARS = 800 * DAY

names = st.sampled_from(PEOPLE + NODE)
backwards = st.integers(0, 12)  # counted from the newest
tiers = st.sampled_from(TIERS[1:])
often_none = st.one_of(st.none(), st.none(), st.sampled_from(TWISTS))
rights = st.one_of(
    st.none(),
    st.builds(vouch, st.integers(1, 3), st.integers(1, 3), st.sampled_from(("follower", "supporter", "circle"))),
)
lives = st.sampled_from((90, 3600, 30 * DAY, YEARS, YEARS, YEARS))


class TrustMachine(Life):
    """Subclasses say in `new_subject` what is under test."""

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

    @rule(
        parent=backwards,
        sub=names,
        lower=st.integers(0, 1),
        right=rights,
        life=lives,
        twist=often_none,
        stands=st.booleans(),
    )
    def somebody_introduces(
        self, parent: int, sub: str, lower: int, right: Payload | None, life: int, twist: str | None, stands: bool
    ) -> None:
        above = self.bearer(parent, stands=stands)
        signer = "thief" if twist == "not hers" else self.names[above.doc["sub"]]
        ceiling = rank((above.doc.get("vouch") or above.doc)["tier"]) + (twist == "too high")
        tier = TIERS[min(4, max(1, ceiling - lower))]
        if right is not None and rank(right["tier"]) > rank(tier):
            right = {**right, "tier": tier}
        nbf = above.doc["nbf"] - 1 if twist == "too early" else max(above.doc["nbf"], self.now)
        exp = above.doc["exp"] + 1 if twist == "too long" else min(above.doc["exp"], nbf + life)
        exp = nbf + 3 * 366 * DAY + 1 if twist == "much too long" else exp
        parents = {"no parent": None, "unknown parent": UNKNOWN}
        more: Payload = {"vouch": right, "parent": parents.get(twist or "", above.ident), "nbf": nbf, "exp": exp}
        self.send(signer, self.papers.grant(signer, sub, tier, self.now, **more))

    @rule(subs=st.lists(names, min_size=2, max_size=4, unique=True), most=st.integers(1, 3), start=backwards)
    def one_introduces_the_next(self, subs: list[str], most: int, start: int) -> None:
        above = self.bearer(start, stands=True)
        for depth, sub in zip((2, 1, 0, 0), subs, strict=False):
            signer, doc = self.names[above.doc["sub"]], above.doc
            tier = (doc.get("vouch") or doc)["tier"]
            right = vouch(depth, most, tier) if depth and rank(tier) else None
            more: Payload = {"vouch": right, "parent": above.ident, "nbf": max(doc["nbf"], self.now), "exp": doc["exp"]}
            self.send(signer, self.papers.grant(signer, sub, tier, self.now, **more))
            above = self.back(0, "grant", "delegate")

    @rule(which=backwards, tier=st.one_of(st.none(), tiers), most=st.integers(1, 4), right=rights, life=lives)
    def somebody_renews(self, which: int, tier: str | None, most: int, right: Payload | None, life: int) -> None:
        """The same issuer lets the same person in again, for no longer; the artist with her present key."""
        doc = self.back(which, "grant", "delegate").doc
        signer = self.artist if doc.get("parent") is None else self.names[doc["iss"]]
        changed: Payload = {"tier": tier, "vouch": right}
        if doc["type"] == "delegate":
            changed = {"max": doc["max"] and most}
        elif tier is None:
            changed = {"vouch": doc["vouch"] and {**doc["vouch"], "max": most}}
        nbf = max(doc["nbf"], self.now - 60)
        renewed = {**doc, **changed, "iss": key(signer).did, "nonce": self.papers.new_nonce()}
        self.send(signer, {**renewed, "nbf": nbf, "exp": min(doc["exp"], nbf + life)})

    @rule(subs=st.lists(names, min_size=4, max_size=4, unique=True), fewer=st.integers(1, 2))
    def a_right_gets_narrower(self, subs: list[str], fewer: int) -> None:
        """Somebody introduces three; then the artist lets the same person in again, with room for less."""
        signer, friend = self.artist, subs[0]
        more: Payload = {"exp": self.now + 30 * DAY}
        self.send(signer, self.papers.grant(signer, friend, "circle", self.now, vouch=vouch(1, 3, "circle"), **more))
        above = self.back(0, "grant", "delegate")
        for sub in subs[1:]:
            document = self.papers.grant(friend, sub, "circle", self.now, vouch=None, parent=above.ident, **more)
            self.send(friend, document)
        narrower = vouch(1, 3 - fewer, "circle")
        self.send(signer, self.papers.grant(signer, friend, "circle", self.now, vouch=narrower, **more))

    @precondition(lambda self: bool(self.with_children()))
    @rule(which=backwards, fewer=st.integers(0, 1), life=st.sampled_from((90, 3600)), after=st.integers(-1, 1))
    def somebody_with_people_below_is_renewed_briefly(self, which: int, fewer: int, life: int, after: int) -> None:
        """Perhaps for fewer people; then the renewal runs out, or is just about to."""
        found = self.with_children()
        doc = found[-1 - which % len(found)].doc
        signer = self.artist if doc.get("parent") is None else self.names[doc["iss"]]
        nbf = max(doc["nbf"], self.now)
        room = (doc.get("vouch") or doc)["max"]
        less: Payload = {"max": max(1, (room or 1) - fewer)}
        less = {"vouch": {**doc["vouch"], **less}} if doc["type"] == "grant" else less
        renewed = {**doc, **less, "iss": key(signer).did, "nonce": self.papers.new_nonce()}
        self.send(signer, {**renewed, "nbf": nbf, "exp": min(doc["exp"], nbf + life)})
        if not fewer:
            self.now = max(self.now, nbf + life + after)

    # Taking back.

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

    @rule(
        hers=st.sampled_from(("next", "next", "present", "first", "thief")),
        cut=st.one_of(st.none(), st.none(), st.integers(0, 4)),
    )
    def artist_rotates(self, hers: str, cut: int | None) -> None:
        present = self.artist
        signer = {"next": present + "'", "present": present, "first": FIRST}.get(hers, hers)
        mode = "routine" if cut is None else "compromise"
        start = None if cut is None else max(1, len(self.oracle.rows) - cut)
        self.send(signer, self.key_document(signer, mode, start))

    @rule(
        keepers=st.lists(st.sampled_from((*KEEPERS, *KEEPERS, "thief")), min_size=1, max_size=2),
        variant=st.integers(0, 1),
    )
    def keepers_ask(self, keepers: list[str], variant: int) -> None:
        for keeper in keepers:
            reign = self.reign
            hers = f"saved {reign.number} {variant}"
            self.names[key(hers).did] = hers
            start = max(1, reign.since - 2) if variant else None
            document = self.key_document(hers, "recovery", start)
            self.send(keeper, {**document, "iss": key(keeper).did})

    @precondition(lambda self: bool(under_way(self.reign, self.oracle.rows)))
    @rule(signer=st.sampled_from(("artist", "artist", "keeper 1", "ada")))
    def somebody_ends_a_recovery(self, signer: str) -> None:
        who = self.artist if signer == "artist" else signer
        target = min(under_way(self.reign, self.oracle.rows))
        self.send(who, self.papers.revocation(who, target, self.now))

    # Time, and the machine.

    @rule(seconds=st.sampled_from((1, 30, 61, 3600, DAY)))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @precondition(lambda self: bool(under_way(self.reign, self.oracle.rows)))
    @rule(seconds=st.sampled_from((RECOVERY_DELAY - 1, RECOVERY_DELAY)))
    def three_days_pass(self, seconds: int) -> None:
        self.now += seconds

    @rule(after=st.integers(-1, 1))
    def something_expires(self, after: int) -> None:
        """The clock goes to the next expiry, to the second."""
        ends = sorted(row.doc["exp"] for row in self.oracle.rows if row.doc.get("exp", 0) > self.now)
        self.now = max(self.now, ends[0] + after) if ends else self.now

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
