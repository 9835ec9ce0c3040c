"""What became of what an answer cited: still said, said elsewhere in the same note by now, or said no more.

A note is quoted by the id of a passage or a row. Taken in again, the same words get other ids; they are
looked for in the version of the note that is shown now, and only in what the reader's tier may read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from knowledge.candidates import sentence_places
from knowledge.contracts import HIGHEST_TIER, Readers, WriteLane
from knowledge.facts.tables import STATEMENTS
from knowledge.publish import LIVE
from knowledge.tables import documents

IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation of a stored answer: `source_id` is of a passage or a row, `quote` is what it said."""

    n: int
    document_id: str
    source_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class SaidNow:
    """Where the same words stand now."""

    source_id: str
    index: int | None = None  # of the sentence in its passage


def moved(readers: Readers, lane: WriteLane, cited: Sequence[Cited], tier: int) -> dict[int, SaidNow | None]:
    """Give, by number, the citations that do not stand where they stood; None where nothing says it now."""
    with readers(tier) as reader:
        there = _there(reader, [one.source_id for one in cited])
    gone = [one for one in cited if one.quote not in there.get(one.source_id, "")]
    if not gone:
        return {}
    now = lane.run(lambda owner: _now_at(owner, {one.document_id for one in gone}))
    with readers(tier) as reader:
        said = {key: dict(_said(reader, ids)) for key, ids in now.items()}
    return {one.n: _now(said.get(one.document_id, {}), one.quote) for one in gone}


def highest_tier(owner: Connection, document_ids: Sequence[str]) -> int:
    """Give the highest tier that any of these documents has now, shown or not.

    One that is not here at all counts as the highest: a reader must not be able to tell the two apart.
    """
    tier = 0
    for some in _some(sorted(set(document_ids))):
        query = select(func.count(), func.max(documents.c.tier)).where(documents.c.id.in_(some))
        held, highest = owner.execute(query).one()
        tier = max(tier, HIGHEST_TIER if held < len(some) else int(highest))
    return tier


def shown_tiers(owner: Connection, document_ids: Sequence[str]) -> dict[str, int]:
    """Give the tier of those of these documents that are shown."""
    query = select(documents.c.id, documents.c.tier).where(LIVE)
    return {
        row.id: row.tier for some in _some(document_ids) for row in owner.execute(query.where(documents.c.id.in_(some)))
    }


def _now(said: Mapping[str, SaidNow], quote: str) -> SaidNow | None:
    """Find the words; of somebody else's sentence only the first ones may have been quoted."""
    return said.get(quote) or next((place for words, place in said.items() if words.startswith(quote)), None)


def _there(reader: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Read what stands under these ids."""
    found: dict[str, str] = {}
    for some in _some(ids):
        found |= {row.id: row.text for row in _rows(reader, "SELECT id, text FROM passages WHERE id IN :ids", some)}
        for table in STATEMENTS if len(found) < len(set(ids)) else ():
            query = f"SELECT id, raw FROM {table.name} WHERE id IN :ids"  # noqa: S608  # own tables
            found |= {row.id: row.raw for row in _rows(reader, query, some)}
    return found


def _now_at(owner: Connection, ids: set[str]) -> dict[str, list[str]]:
    """Give the documents that are shown now at the places of these."""
    then = documents.alias("then")
    same = (then.c.origin == documents.c.origin) & (then.c.part == documents.c.part)
    query = select(then.c.id.label("before"), documents.c.id).select_from(documents.join(then, same)).where(LIVE)
    found: dict[str, list[str]] = {}
    for some in _some(sorted(ids)):
        for row in owner.execute(query.where(then.c.id.in_(some))):
            found.setdefault(row.before, []).append(row.id)
    return found


def _said(reader: Connection, ids: Sequence[str]) -> Iterator[tuple[str, SaidNow]]:
    """Give every sentence and every row of these documents, with its place."""
    for table in STATEMENTS:
        query = f"SELECT id, raw FROM {table.name} WHERE document_id IN :ids"  # noqa: S608  # own tables
        for row in _rows(reader, query, ids):
            yield row.raw, SaidNow(row.id)
    for row in _rows(reader, "SELECT id, text, sentences FROM passages WHERE document_id IN :ids", ids):
        for index, (start, end, *_) in enumerate(sentence_places(row.sentences)):
            yield row.text[start:end], SaidNow(row.id, index)


def _rows(reader: Connection, query: str, ids: Sequence[str]) -> list[Any]:
    return list(reader.execute(text(query).bindparams(bindparam("ids", expanding=True)), {"ids": list(ids)}))


def _some(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE)]
