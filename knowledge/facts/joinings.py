"""What joining two things means: which key leads to which, from which tier on, and what is refused.

The thing that is known from the lower tier keeps its key, so that below the other one's tier nothing moves.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from knowledge.errors import NotJoinable
from knowledge.facts.known import Known, counted, known_from
from knowledge.facts.substitution import Substitution
from knowledge.facts.tables import rekeyings
from knowledge.tiering import TIER_NAMES


@dataclass(frozen=True, slots=True)
class Joining:
    """What a merge would do: rows of `source` bear the key of `target` from `tier` on."""

    source: Known
    target: Known
    tier: int
    rows: dict[int, int]  # by tier

    def as_json(self) -> dict[str, Any]:
        """Tell it to a terminal or a page."""
        rows = {TIER_NAMES[tier]: count for tier, count in sorted(self.rows.items())}
        told = {"kind": self.source.kind, "from": self.source.name, "from_key": self.source.key}
        return {**told, "into": self.target.name, "into_key": self.target.key, "tier": TIER_NAMES[self.tier],
                "rows": rows}  # fmt: skip


def planned(owner: Connection, source: Known, target: Known) -> Joining:
    """Say which key leads to which, and from which tier on; raises `NotJoinable`."""
    if source.kind != target.kind:
        raise NotJoinable(f"A {source.kind} and a {target.kind} cannot be one thing.")
    known = [known_from(owner, one.kind, one.key) for one in (source, target)]
    if known[0] is None or known[1] is None or source.key == target.key:
        raise NotJoinable(f"“{source.name}” and “{target.name}” are one thing already, or not both in the notes.")
    if known[0] < known[1]:  # the rows that more people see keep their key
        source, target = target, source
    if source.kind == "recording" and _work(source.key) != _work(target.key):
        raise NotJoinable("These are recordings of two works. Join the works first.")
    _refuse_crossing(owner, source, target)
    rows = counted(owner, source.kind, source.key)
    return Joining(source, target, max(known[0], known[1]), rows)


def _work(recording: str) -> str:
    return recording.partition("#")[0]


def _refuse_crossing(owner: Connection, source: Known, target: Known) -> None:
    """Refuse what would lead two ways, or in a circle."""
    active = owner.execute(
        select(rekeyings).where(
            rekeyings.c.kind == source.kind, rekeyings.c.undone_at.is_(None), rekeyings.c.document_id.is_(None)
        )
    ).all()
    for one in active:
        if one.from_key == source.key and one.into_key != target.key:
            raise NotJoinable(f"“{source.name}” was joined with something else: undo {one.act} first.")
    pairs = {(one.kind, one.from_key): one.into_key for one in active}
    if Substitution(pairs).of(source.kind, target.key) == source.key:
        raise NotJoinable(f"“{target.name}” was joined into “{source.name}” before; name them the other way round.")


def joined_by(owner: Connection, kind: str, key: str) -> str | None:
    """Give the change by which this key leads to another one, if one does."""
    active = (rekeyings.c.undone_at.is_(None), rekeyings.c.document_id.is_(None))
    query = select(rekeyings.c.act).where(rekeyings.c.kind == kind, rekeyings.c.from_key == key, *active)
    return owner.execute(query).scalars().first()
