"""What a note or a recording is of: a set, a record or a song, by a name that the artist knows it by."""

import re
from dataclasses import dataclass

from sqlalchemy import text

from knowledge import NameUnclear, NameUnknown
from knowledge.errors import KnownFromHigherTier
from knowledge.facts.known import Known, known_from
from knowledge.tiering import TIER_NAMES
from presence.bootstrap import Services
from presence.languages import in_a_row, later, said, together
from trustgraph import Tier

OFFERED_MAX = 80
_NIGHTS = text(
    "SELECT DISTINCT date, title, venue FROM events WHERE date_from > 0 ORDER BY date DESC, title LIMIT :most"
)
_RECORDS = text("SELECT DISTINCT title FROM releases WHERE title <> '' ORDER BY title LIMIT :most")
_SONGS = text(
    """SELECT title, count(*) AS played FROM set_items WHERE title <> '' AND NOT is_unknown
 GROUP BY title ORDER BY played DESC, title LIMIT :most"""
)
_DATE = text("SELECT date FROM events WHERE event_key = :key AND date <> '' ORDER BY date LIMIT 1")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}\s+")


@dataclass(frozen=True, slots=True)
class Pin:
    """A thing, how it is called, and its date where it is a night; "" where there is none."""

    known: Known
    name: str
    date: str


def offered(services: Services, *, songs: bool) -> list[str]:
    """Give names to choose from: the latest nights, records, and the songs that are played most."""
    with services.database.reader(int(Tier.INNER)) as reader:
        nights = [f"{row.date} {row.title or row.venue}".strip() for row in reader.execute(_NIGHTS, _MOST)]
        more = [row.title for query in (_RECORDS, _SONGS) for row in reader.execute(query, _MOST)] if songs else []
    return list(dict.fromkeys([*nights, *more]))


def pinned(services: Services, said: str, tier: int, *, kind: str | None = None) -> Pin | None:
    """Find what is meant, or None where nothing is said; raises `NameUnknown`, `NameUnclear` or `KnownFromHigherTier`.

    Who may not know of a thing must not learn of it by what is pinned to it.
    """
    if not said.strip():
        return None
    one = services.curation.find(said.strip(), kind)
    known = services.lane.run(lambda owner: known_from(owner, one.kind, one.key))
    if known is None or known > tier:
        raise KnownFromHigherTier(one.name, TIER_NAMES[known if known is not None else Tier.INNER])
    with services.database.reader(int(Tier.INNER)) as reader:
        date = reader.execute(_DATE, {"key": one.key}).scalar() if one.kind == "event" else None
    return Pin(one, _DATED.sub("", one.name) or one.name, str(date or ""))


def why_not(refusal: NameUnknown | NameUnclear) -> str:
    """Say on a page why a name was not found; what is alike is named without keys."""
    alike = in_a_row([said("“{name}”", name=choice.rsplit(": ", 1)[0]) for choice in refusal.choices])
    if isinstance(refusal, NameUnclear):
        form = later("Several things are called “{name}”: {alike}. Choose one of the list.")
        return said(form, name=refusal.name, alike=alike)
    unknown = said("Nothing among your notes is called “{name}”.", name=refusal.name)
    return together(unknown, said("Perhaps {alike}.", alike=alike)) if alike else unknown


_MOST = {"most": OFFERED_MAX}
