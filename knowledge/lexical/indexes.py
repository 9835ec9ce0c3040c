"""The lexical index of each database: FTS5 on SQLite, tsvector on PostgreSQL, one table per tier."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, text

from knowledge.contracts import TIERS
from knowledge.lexical.analyser import TOKENIZER, Analyser
from knowledge.lexical.bm25 import Posting

# PostgreSQL keeps no more of a vector than this.
POSITION_MAX = 16_383
POSITIONS_PER_TERM_MAX = 255


class LexicalIndex(Protocol):
    """Kept by the owner's connection in the transaction that publishes; read through a tier's connection."""

    def create(self, owner: Connection) -> None: ...

    def add(self, owner: Connection, tier: int, passages: Sequence[tuple[int, str]]) -> None: ...

    def remove(self, owner: Connection, tier: int, numbers: Sequence[int]) -> None: ...

    def clear(self, owner: Connection) -> None: ...

    def numbers(self, owner: Connection, tier: int) -> set[int]:
        """Give every passage in a tier's index, for the doctor."""
        ...

    def frequency(self, reader: Connection, tier: int, term: str) -> int:
        """Give how many passages of exactly this tier hold the term."""
        ...

    def postings(self, reader: Connection, tier: int, term: str) -> list[Posting]: ...


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

    def frequency(self, reader: Connection, tier: int, term: str) -> int:
        query = text(f"SELECT doc FROM frequencies_{int(tier)} WHERE term = :term")
        return reader.execute(query, {"term": term}).scalar() or 0

    def postings(self, reader: Connection, tier: int, term: str) -> list[Posting]:
        query = text(
            f"SELECT t.doc, count(*), p.words FROM terms_{int(tier)} t JOIN passages p ON p.number = t.doc"
            " WHERE t.term = :term GROUP BY t.doc, p.words"
        )
        return [(row[0], row[1], row[2]) for row in reader.execute(query, {"term": term})]


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

    def frequency(self, reader: Connection, tier: int, term: str) -> int:
        query = text(f"SELECT count(*) FROM lexical_{int(tier)} WHERE body @@ CAST(:query AS tsquery)")
        return int(reader.execute(query, {"query": quoted(term)}).scalar_one())

    def postings(self, reader: Connection, tier: int, term: str) -> list[Posting]:
        query = text(
            f"SELECT l.number, cardinality(u.positions), p.words FROM lexical_{int(tier)} l"
            " CROSS JOIN LATERAL unnest(l.body) u JOIN passages p ON p.number = l.number"
            " WHERE l.body @@ CAST(:query AS tsquery) AND u.lexeme = :term ORDER BY l.number"
        )
        return [(row[0], row[1], row[2]) for row in reader.execute(query, {"term": term, "query": quoted(term)})]


def tsvector(terms: Sequence[str]) -> str:
    """Write terms as PostgreSQL's own vectors are written, past its parser, which would drop some."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(terms, start=1):
        places[term].append(min(place, POSITION_MAX))
    return " ".join(f"{quoted(term)}:{','.join(map(str, at[:POSITIONS_PER_TERM_MAX]))}" for term, at in places.items())


def quoted(term: str) -> str:
    """Write one term so that it is nothing but a term."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
