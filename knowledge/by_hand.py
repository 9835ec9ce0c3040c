"""What the artist decided about single notes, which the next import of the same files does not undo.

A tier set by hand stays; a note taken back stays away, and an edited one stays edited, until its file changes.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, or_, select

from knowledge.publish import LIVE
from knowledge.tables import BY_HAND, documents, imports
from knowledge.tiering import TierChoice

Place = tuple[str, str]
"""A document's place: its file, and the part of it."""

TAKEN_BACK = "You took this note back, so it stays away; `presence notes restore` shows it again."
EDITED = "You edited this note here, and its file is what it was before; the edited text stays."


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds for a document that comes in as it was; `live` is the version that stays, if one does."""

    remark: str
    live: tuple[str, int] | None = None  # SHA-256 and tier


@dataclass(frozen=True, slots=True)
class ByHand:
    """Every such decision, by the place of its document."""

    tiers: dict[Place, int] = field(default_factory=dict)
    _aside: set[tuple[str, str, str]] = field(default_factory=set)
    _edited: dict[Place, tuple[str, int]] = field(default_factory=dict)
    _live: set[Place] = field(default_factory=set)

    def decision(self, place: Place, sha256: str) -> Decision | None:
        """Say what was decided about this very content at this place, if anything was."""
        if (*place, sha256) not in self._aside:
            return None
        if place in self._edited:
            return Decision(EDITED, self._edited[place])
        return None if place in self._live else Decision(TAKEN_BACK)

    def tier(self, place: Place, choice: TierChoice, *, is_named: bool) -> TierChoice:
        """Choose again where a tier was set by hand: where the import names one, too, the stricter wins."""
        own = self.tiers.get(place)
        if own is None or (is_named and choice.tier >= own):
            return choice
        return TierChoice(own, "It keeps the tier that you set by hand.")


def by_hand(owner: Connection) -> ByHand:
    """Read the decisions; there are few, or none."""
    at = (documents.c.origin, documents.c.part)
    tiers = owner.execute(select(*at, documents.c.tier_by_hand).where(documents.c.tier_by_hand.is_not(None)))
    edits = select(imports.c.id).where(imports.c.kind == "edit", imports.c.undone_at.is_(None))
    aside = and_(
        documents.c.retracted_at.is_not(None),
        or_(documents.c.retracted_by == BY_HAND, documents.c.retracted_by.in_(edits)),
    )
    set_aside = {
        (row.origin, row.part, row.sha256) for row in owner.execute(select(*at, documents.c.sha256).where(aside))
    }
    origins = {origin for origin, _, _ in set_aside}
    live = select(*at, documents.c.sha256, documents.c.tier, documents.c.import_id.in_(edits).label("is_edit"))
    rows = [row for row in owner.execute(live.where(LIVE)) if row.origin in origins] if origins else []
    return ByHand(
        {(row.origin, row.part): row.tier_by_hand for row in tiers},
        set_aside,
        {(row.origin, row.part): (row.sha256, row.tier) for row in rows if row.is_edit},
        {(row.origin, row.part) for row in rows},
    )
