"""The lexical index of each database: FTS5 on SQLite, tsvector on PostgreSQL, one table per tier."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from sqlalchemy import Connection, text

from knowledge.contracts import TIERS
from knowledge.lexical.analyser import TOKENIZER, Analyser
from knowledge.lexical.bm25 import Column, Integers

# PostgreSQL keeps no more of a vector than this.
POSITION_MAX = 16_383
POSITIONS_PER_TERM_MAX = 255

# A passage has its document's tier; were it ever otherwise, what is kept for all readers must not tell.
_LENGTHS = (
    "SELECT p.number, p.words FROM passages p JOIN documents d ON d.id = p.document_id"
    " WHERE p.tier = :tier AND d.tier <= :tier ORDER BY p.number"
)


# PostgreSQL's rank of one term is the sum of 1/n² over its n positions, as a share of pi²/6. Read back, it says how
# often the term stands there; taking the vector apart for that would cost twenty times as much.
_RANKS = np.cumsum(1 / np.arange(1, POSITIONS_PER_TERM_MAX + 1) ** 2) / 1.64493406685


class LexicalIndex(Protocol):
    """Kept by the owner's connection in the transaction that publishes; read through a tier's connection."""

    def create(self, owner: Connection) -> None: ...

    def add(self, owner: Connection, tier: int, passages: Sequence[tuple[int, str]]) -> None: ...

    def remove(self, owner: Connection, tier: int, numbers: Sequence[int]) -> None: ...

    def clear(self, owner: Connection) -> None: ...

    def numbers(self, owner: Connection, tier: int) -> set[int]:
        """Give every passage in a tier's index, for the doctor."""
        ...

    def lengths(self, reader: Connection, tier: int) -> Column:
        """Give the number and the words of every passage of exactly this tier, in the order of the numbers."""
        ...

    def postings(self, reader: Connection, tier: int, term: str) -> Column:
        """Give where in exactly this tier a term stands, and how often, in the order of the numbers."""
        ...


def lexical_index_for(dialect: str, analyser: Analyser) -> LexicalIndex:
    """Choose by SQLAlchemy's dialect name, `sqlite` or `postgresql`."""
    return Fts5Index() if dialect == "sqlite" else TsvectorIndex(analyser)


class Fts5Index:
    """SQLite: FTS5 tables, read as inverted indexes through fts5vocab (`knowledge.views` opens those)."""

    def create(self, owner: Connection) -> None:
        for tier in TIERS:
            owner.execute(text(f"CREATE VIRTUAL TABLE lexical_{tier} USING fts5(body, tokenize='{TOKENIZER}')"))

    def add(self, owner: Connection, tier: int, passages: Sequence[tuple[int, str]]) -> None:
        if passages:
            owner.execute(
                text(f"INSERT INTO lexical_{int(tier)}(rowid, body) VALUES (:number, :body)"),
                [{"number": number, "body": body} for number, body in passages],
            )

    def remove(self, owner: Connection, tier: int, numbers: Sequence[int]) -> None:
        if numbers:
            owner.execute(
                text(f"DELETE FROM lexical_{int(tier)} WHERE rowid = :number"),
                [{"number": number} for number in numbers],
            )

    def clear(self, owner: Connection) -> None:
        for tier in TIERS:
            owner.execute(text(f"DELETE FROM lexical_{tier}"))

    def numbers(self, owner: Connection, tier: int) -> set[int]:
        return set(owner.execute(text(f"SELECT rowid FROM lexical_{int(tier)}")).scalars())

    def lengths(self, reader: Connection, tier: int) -> Column:
        # One long text crosses from SQLite to Python many times faster than a row for each passage.
        query = text(f"SELECT group_concat(number), group_concat(words) FROM ({_LENGTHS})")
        row = reader.execute(query, {"tier": tier}).one()
        return _read(row[0]), _read(row[1])

    def postings(self, reader: Connection, tier: int, term: str) -> Column:
        query = text(f"SELECT group_concat(doc) FROM terms_{int(tier)} WHERE term = :term")
        return np.unique(_read(reader.execute(query, {"term": term}).scalar()), return_counts=True)


class TsvectorIndex:
    """PostgreSQL: tsvectors of the same terms that FTS5 would cut, so that both rank alike."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def create(self, owner: Connection) -> None:
        for tier in TIERS:
            owner.execute(text(f"CREATE TABLE lexical_{tier} (number BIGINT PRIMARY KEY, body TSVECTOR NOT NULL)"))
            owner.execute(text(f"CREATE INDEX lexical_{tier}_body ON lexical_{tier} USING GIN (body)"))

    def add(self, owner: Connection, tier: int, passages: Sequence[tuple[int, str]]) -> None:
        if passages:
            cut = self._analyser.terms([body for _, body in passages])
            owner.execute(
                text(f"INSERT INTO lexical_{int(tier)} VALUES (:number, CAST(:body AS tsvector))"),
                [{"number": number, "body": tsvector(terms)} for (number, _), terms in zip(passages, cut, strict=True)],
            )

    def remove(self, owner: Connection, tier: int, numbers: Sequence[int]) -> None:
        owner.execute(text(f"DELETE FROM lexical_{int(tier)} WHERE number = ANY(:numbers)"), {"numbers": list(numbers)})

    def clear(self, owner: Connection) -> None:
        for tier in TIERS:
            owner.execute(text(f"DELETE FROM lexical_{tier}"))

    def numbers(self, owner: Connection, tier: int) -> set[int]:
        return set(owner.execute(text(f"SELECT number FROM lexical_{int(tier)}")).scalars())

    def lengths(self, reader: Connection, tier: int) -> Column:
        return _columns(reader.execute(text(_LENGTHS), {"tier": tier}).all())

    def postings(self, reader: Connection, tier: int, term: str) -> Column:
        query = text(
            "SELECT string_agg(number::text, ',' ORDER BY number), string_agg(rank::text, ',' ORDER BY number) FROM"
            " (SELECT number, ts_rank('{1,1,1,1}', body, CAST(:query AS tsquery)) AS rank"
            f" FROM lexical_{int(tier)} WHERE body @@ CAST(:query AS tsquery)) found"
        )
        row = reader.execute(query, {"query": quoted(term)}).one()
        ranks = np.fromstring(row[1] or "", dtype=np.float64, sep=",")
        return _read(row[0]), np.abs(_RANKS - ranks[:, np.newaxis]).argmin(axis=1) + 1


def _read(numbers: str | None) -> Integers:
    return np.fromstring(numbers or "", dtype=np.int64, sep=",")


def _columns(rows: Sequence[Any]) -> Column:
    both = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def tsvector(terms: Sequence[str]) -> str:
    """Write terms as PostgreSQL's own vectors are written, past its parser, which would drop some."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(terms, start=1):
        places[term].append(min(place, POSITION_MAX))
    return " ".join(f"{quoted(term)}:{','.join(map(str, at[:POSITIONS_PER_TERM_MAX]))}" for term, at in places.items())


def quoted(term: str) -> str:
    """Write one term so that it is nothing but a term."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
