"""What is kept in memory of the lexical indexes: each tier apart, and only while its corpus version stands.

Reading a term's postings out of a database costs far more than ranking by them, so each is read once
and kept as two arrays. A tier's part is made from that tier alone, whoever asked first, and a reader at
t is given the parts 0..t, of exactly the versions that its own snapshot names.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection

from knowledge.corpus_versions import corpus_versions_of
from knowledge.lexical.analyser import Analyser
from knowledge.lexical.bm25 import Held, Integers, Matches, Pool, Postings
from knowledge.lexical.indexes import LexicalIndex

# Eight bytes each, and this many for each tier; a term read least lately goes first.
POSTINGS_KEPT = 1_000_000


class _Part:
    """One version of one tier; thread-safe."""

    def __init__(self, version: str, numbers: Integers, words: Integers) -> None:
        self.version = version
        self.numbers = numbers
        self.words = words
        self._kept: OrderedDict[str, Postings] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def kept(self, term: str) -> Postings | None:
        with self._lock:
            if term in self._kept:
                self._kept.move_to_end(term)
            return self._kept.get(term)

    def keep(self, term: str, postings: Postings) -> Postings:
        with self._lock:
            if term not in self._kept:
                self._size += len(postings.rows)
            self._kept[term] = postings
            while self._size > POSTINGS_KEPT and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1].rows)
        return postings


class KeptWords:
    """One per node; thread-safe."""

    def __init__(self, index: LexicalIndex, analyser: Analyser) -> None:
        self._index = index
        self._analyser = analyser
        self._parts: dict[int, _Part] = {}

    def matches(self, reader: Connection, tier: int, terms: Sequence[str]) -> tuple[Matches, Pool]:
        """Weigh what 0..t hold of these terms, with the statistics of 0..t."""
        rows = [row for row in corpus_versions_of(reader) if row.tier <= tier]
        versions = tuple((row.tier, row.version) for row in rows)
        pool = Pool(sum(row.passages for row in rows), sum(row.words for row in rows), versions)
        parts = ((row.tier, self._part(reader, row.tier, row.version)) for row in rows)
        held = [
            Held(part.numbers, part.words, {term: self._postings(reader, allowed, part, term) for term in terms})
            for allowed, part in parts
        ]
        return Matches(held, pool), pool

    def _part(self, reader: Connection, tier: int, version: str) -> _Part:
        """Give this tier at the version of the reader's snapshot, which a publication may just have passed."""
        part = self._parts.get(tier)
        if part is None or part.version != version:
            part = self._parts[tier] = _Part(version, *self._index.lengths(reader, tier))
        return part

    def _postings(self, reader: Connection, tier: int, part: _Part, term: str) -> Postings:
        kept = part.kept(term)
        return kept if kept is not None else part.keep(term, self._read(reader, tier, part, term))

    def _read(self, reader: Connection, tier: int, part: _Part, term: str) -> Postings:
        """Read every form of a term; a passage that holds several counts once."""
        forms = [self._index.postings(reader, tier, form) for form in self._analyser.forms(term)]
        numbers, times = forms[0]
        if len(forms) > 1:
            numbers, inverse = np.unique(np.concatenate([form[0] for form in forms]), return_inverse=True)
            times = np.bincount(inverse, np.concatenate([form[1] for form in forms])).astype(np.int64)
        rows = np.searchsorted(part.numbers, numbers)
        live = rows < len(part.numbers)
        live[live] = part.numbers[rows[live]] == numbers[live]
        return Postings(rows[live].astype(np.int32), times[live].astype(np.int32))
