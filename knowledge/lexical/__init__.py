"""Search by words: one index per tier, ranked by BM25 with term statistics pooled over 0..t.

The indexes are SQLite's FTS5 or PostgreSQL's full text; both are read as inverted indexes (term to
passages), so that a reader at tier t ranks with the statistics of 0..t only, to the last bit.
"""

from knowledge.lexical.analyser import Analyser
from knowledge.lexical.bm25 import LexicalMatch, Matches, Pool
from knowledge.lexical.indexes import Fts5Index, LexicalIndex, TsvectorIndex, lexical_index_for
from knowledge.lexical.kept import KeptWords

__all__ = [
    "Analyser",
    "Fts5Index",
    "KeptWords",
    "LexicalIndex",
    "LexicalMatch",
    "Matches",
    "Pool",
    "TsvectorIndex",
    "lexical_index_for",
]
