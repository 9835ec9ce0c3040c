"""What a tier costs: the walk with every signature verified, in logs of 10,000 and 100,000 grants.

The same walk over dictionaries in memory, and biscuit-python's verification of a chain of as many
blocks, in the same run. The log is made in bulk; 30 % of its people were let in by the artist, the
others by chains of up to three introductions; one grant has most of the people below it. Then: how
long a stream goes on after trust was taken back, with a writer that says a word every 50 ms.
"""

import importlib.util
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.progress import track
from sqlalchemy import insert

from presence.database import open_database
from presence.migrations import upgrade
from presence.write_lane import WriteLane
from trustgraph import GrantLog, HeadFile, Key, Replay, Tier, Vouch, issuing
from trustgraph.entries import Entry, nearness
from trustgraph.sql_store import SqlStore
from trustgraph.store import MemoryStore
from trustgraph.tables import trust_live, trust_log
from trustgraph.walk import tier_of

SIZES = {"10k": (10_000, 0.35), "100k": (100_000, 0.35), "crowd": (110_000, 0.91)}
"""Grants, and the share of people whom one grant bears: in the last, 100,000."""
ASKED = 2_000
HOPS = 3
INSERT_AT_ONCE = 5_000


def measure() -> dict[str, Any]:
    """Make the logs and ask them for tiers; then take trust back under running streams."""
    from benchmarks.in_flight import revocations

    figures: dict[str, Any] = {}
    ratios: dict[str, float] = {}
    for name, (size, share) in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            figures |= _size(Path(folder), name, size, share)
        ratios[f"sql_vs_memory_{name}"] = round(
            figures[f"tier_p50_cpu_ms_at_{name}"] / figures[f"memory_p50_cpu_ms_at_{name}"], 2
        )
    if importlib.util.find_spec("biscuit_auth") is not None:  # pip install -e .[measure]
        biscuit = _biscuit()
        figures["biscuit_3_blocks_cpu_ms_p50"] = biscuit
        ratios["walk_3_hops_vs_biscuit"] = round(figures["memory_3_hops_cpu_ms_p50_at_100k"] / biscuit, 2)
    ratios["tier_p99_cpu_ms_at_100k"] = figures["tier_p99_cpu_ms_at_100k"]
    return {"figures": figures | revocations(), "ratios": ratios}


def _size(folder: Path, name: str, size: int, share: float) -> dict[str, Any]:
    replay, now = Replay(), int(time.time())
    people = _grow(replay, size, share, now)
    database = open_database(None, folder / "presence.db")
    upgrade(database.owner)
    _store(database, replay.store)
    lane = WriteLane(database.owner)
    log = GrantLog(database.snapshot, lane, HeadFile(folder / "keys" / "head.json"), time.time)
    (folder / "keys").mkdir()
    head = f'{{"seq": {replay.spine.seq}, "hash": "{replay.spine.head}"}}'
    (folder / "keys" / "head.json").write_text(head)
    began = time.process_time()
    assert log.doubt is None
    opening = time.process_time() - began
    asked = random.Random(7).choices(people["all"], k=ASKED)
    sql = _timed(lambda did: log.tier_of(did).tier, asked)
    memory = _timed(lambda did: tier_of(did, now, replay.spine, replay.store).tier, asked)
    deep = random.Random(8).choices(people["deep"], k=ASKED)
    three = _timed(lambda did: tier_of(did, now, replay.spine, replay.store).tier, deep)
    crowd = _timed(lambda did: log.tier_of(did).tier, random.Random(9).choices(people["crowd"], k=ASKED))
    lane.close()
    database.close()
    return {
        f"grants_at_{name}": size,
        f"below_one_grant_at_{name}": len(people["crowd"]),
        f"open_log_cpu_s_at_{name}": round(opening, 2),
        f"tier_p50_cpu_ms_at_{name}": _ms(sql, 50),
        f"tier_p99_cpu_ms_at_{name}": _ms(sql, 99),
        f"crowd_p99_cpu_ms_at_{name}": _ms(crowd, 99),
        f"memory_p50_cpu_ms_at_{name}": _ms(memory, 50),
        f"memory_p99_cpu_ms_at_{name}": _ms(memory, 99),
        f"memory_3_hops_cpu_ms_p50_at_{name}": _ms(three, 50),
    }


def _grow(replay: Replay, size: int, share: float, now: int) -> dict[str, list[str]]:
    """Let people in until there are so many grants; give their names, by where they stand."""
    artist, following, chance = Key.generate(), Key.generate(), random.Random(1)
    root = replay.accept(issuing.inception(artist, next_key=following.did, t=now), "key", now).event
    life = {"root": root, "nbf": now, "exp": now + 365 * 86400}
    hub = Key.generate()
    crowded = _in(replay, now, artist, hub.did, Tier.CIRCLE, Vouch(3, 1_000_000, Tier.SUPPORTER), None, life)
    may: list[tuple[Key, Entry, int]] = []
    people: dict[str, list[str]] = {"all": [], "deep": [], "crowd": []}
    for _ in track(range(size), description=f"a log of {size:,} grants"):
        key, draw = Key.generate(), chance.random()
        if draw < 0.45 * (1 - share) or not may:
            entry = _in(replay, now, artist, key.did, Tier.CIRCLE, Vouch(3, 1_000, Tier.SUPPORTER), None, life)
            may.append((key, entry, 3))
        elif draw > 1 - share:
            _in(replay, now, hub, key.did, Tier.FOLLOWER, None, crowded, life)
            people["crowd"].append(key.did)
        else:
            by, parent, depth = chance.choice(may)
            vouch = Vouch(depth - 1, 1_000, Tier.SUPPORTER) if depth > 1 else None
            entry = _in(replay, now, by, key.did, Tier.SUPPORTER, vouch, parent, life)
            if vouch is not None:
                may.append((key, entry, depth - 1))
            if depth == HOPS - 1:
                people["deep"].append(key.did)
        people["all"].append(key.did)
    return people


def _in(
    replay: Replay,
    now: int,
    by: Key,
    sub: str,
    tier: Tier,
    vouch: Vouch | None,
    parent: Entry | None,
    life: dict[str, Any],
) -> Entry:
    envelope = issuing.grant(
        by, sub=sub, tier=tier, vouch=vouch, parent=parent.event if parent else None, via="vouch", **life
    )
    return replay.accept(envelope, "grant", now)


def _store(database: Any, store: MemoryStore) -> None:
    """Put the log into the database, as `SqlStore.put` does one by one."""
    for entries in _groups(store):
        rows = [{name: getattr(entry, name) for name in Entry.__dataclass_fields__} for entry in entries]
        live = [
            {"pair": e.pair, "seq": e.seq, "sub": e.sub, "tier": e.tier, "exp": e.exp, "nearness": nearness(e)}
            for e in entries
            if e.pair is not None
        ]
        with database.owner.connect().execution_options(writes=True) as owner, owner.begin():
            owner.execute(insert(trust_log), rows)
            if live:
                owner.execute(insert(trust_live), live)
    with database.owner.connect() as owner:
        assert SqlStore(owner).head() is not None


def _groups(store: MemoryStore) -> Iterator[list[Entry]]:
    entries = list(store)
    for at in range(0, len(entries), INSERT_AT_ONCE):
        yield entries[at : at + INSERT_AT_ONCE]


def _timed(ask: Callable[[str], Tier], people: list[str]) -> list[float]:
    seconds = []
    for did in people:
        began = time.process_time()
        tier = ask(did)
        seconds.append(time.process_time() - began)
        assert tier > Tier.PUBLIC
    return seconds


def _ms(seconds: list[float], percentile: int) -> float:
    return round(1000 * statistics.quantiles(seconds, n=100)[percentile - 1], 3)


def _biscuit() -> float:
    """Verify a token of three blocks, each by its signature, as often."""
    from biscuit_auth import Biscuit, BiscuitBuilder, BlockBuilder, KeyPair

    pair = KeyPair()
    token = BiscuitBuilder("grant({sub}, {tier})", {"sub": "ann", "tier": 3}).build(pair.private_key)
    for sub in ("bob", "carol"):
        token = token.append(BlockBuilder("check if time($t), $t < {exp}", {"exp": 1_900_000_000, "sub": sub}))
    data = token.to_bytes()
    seconds = []
    for _ in range(ASKED):
        began = time.process_time()
        Biscuit.from_bytes(bytes(data), pair.public_key)
        seconds.append(time.process_time() - began)
    return _ms(seconds, 50)
