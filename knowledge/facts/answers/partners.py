"""With whom sets were played."""

from knowledge.facts.answers.case import Case, told
from knowledge.facts.answers.catalogue import DOCUMENT, KEYS_MAX, Row
from knowledge.facts.phrases import listed, night_of, nights
from knowledge.facts.played import Night
from knowledge.facts.told import Facts, NotKnown

_PARTNERS = f"""SELECT c.*, {DOCUMENT} FROM credits c JOIN documents d ON d.id = c.document_id
 WHERE c.of_kind = 'event' AND c.of_key IN :keys ORDER BY d.sha256, c.ordinal"""


def partners(case: Case) -> Facts | NotKnown | None:
    """With whom sets were played."""
    keys = [night.key for night in case.nights]
    rows = [
        row
        for at in range(0, len(keys), KEYS_MAX)
        for row in case.archive.rows(_PARTNERS, keys=keys[at : at + KEYS_MAX])
    ]
    if not rows:
        return NotKnown(f"No partner{case.within} is in the lists.")
    at: dict[str, set[str]] = {}
    for row in rows:
        at.setdefault(row.person, set()).add(row.of_key)
    cited = [Row(row, "credit") for row in rows[:3]]
    if case.asked.usual or len(at) > 12:
        best = max(len(found) for found in at.values())
        names = [name for name, found in sorted(at.items()) if len(found) == best]
        return case.facts(told(f"Most often{case.within}: {listed(names)}, at {nights(best, 'set')}.", *cited))
    if len(case.nights) <= 3:
        with_partners = [night for night in case.nights if any(night.key in found for found in at.values())]
        said = [told(f"On {night_of(night)} it was {_named(at, night)}.", *cited) for night in with_partners]
        return case.facts(*said, about=case.nights)
    named = listed(
        f"{name} ({nights(len(found), 'set')})"
        for name, found in sorted(at.items(), key=lambda one: (-len(one[1]), one[0]))
    )
    return case.facts(told(f"Together with{case.within}: {named}.", *cited))


def _named(at: dict[str, set[str]], night: Night) -> str:
    return listed(name for name, found in at.items() if night.key in found)
