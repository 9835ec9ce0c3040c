"""The artist's material as a whole: taking in, looking up, counting, keeping the indexes in step."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest

from sqlalchemy import Connection, bindparam, text

from knowledge.candidates import sentence_places, source_passage
from knowledge.contracts import HIGHEST_TIER, TIERS, Embedder, Readers, VectorIndex, WriteLane
from knowledge.errors import EmbedderMismatch
from knowledge.evidence import SourcePassage
from knowledge.index_sync import bring_in_step, is_in_step, rebuild
from knowledge.ingest import ImportReport, ImportRequest, Ingest, Progress
from knowledge.lexical import LexicalIndex
from knowledge.publish import live_passages, publish, sweep_staged

_PASSAGE = text(
    """SELECT p.*, d.title, d.kind, d.date, d.licence, d.file_name, d.sha256
 FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id = :id"""
)
_NEIGHBOURS = text("SELECT id, ordinal FROM passages WHERE document_id = :document AND ordinal IN (:before, :after)")
_ASKED_ABOUT = {
    "set": "What happened at “{title}”?",
    "release": "How was “{title}” made?",
    "note": "What is the story behind “{title}”?",
    "interview": "What was said in “{title}”?",
}
_EXAMPLES = text("SELECT kind, title FROM documents WHERE kind IN :kinds ORDER BY sha256").bindparams(
    bindparam("kinds", tuple(_ASKED_ABOUT), expanding=True)
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a tier may read, in numbers; dates are ISO 8601 or ""."""

    documents: int
    sets: int
    releases: int
    passages: int
    first_date: str
    last_date: str

    @property
    def notes(self) -> int:
        """Everything that is neither a set nor a release."""
        return self.documents - self.sets - self.releases


@dataclass(frozen=True, slots=True)
class OpenPassage:
    """A passage as a page shows it: its sentences with their lines, and the ones before and after."""

    passage: SourcePassage
    sentences: tuple[tuple[int, int, int, str | None], ...]
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CheckUp:
    """A thing that the doctor noticed; `healed` when it was put right on the spot."""

    sentence: str
    healed: bool = False


class Library:
    """One per node. Imports run one at a time; reading goes on meanwhile."""

    def __init__(
        self,
        readers: Readers,
        lane: WriteLane,
        index: VectorIndex,
        embedder: Embedder,
        lexical: LexicalIndex,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._readers = readers
        self._lane = lane
        self._index = index
        self._embedder = embedder
        self._lexical = lexical
        self._now = now
        self._importing = threading.Lock()

    def import_path(self, request: ImportRequest, progress: Progress) -> ImportReport:
        """Take in a file or a folder: all of it becomes visible in one moment, or none."""
        began = time.monotonic()
        with self._importing:
            staged = Ingest(self._lane, self._embedder, self._now).stage(request, progress)
            replaced = self._lane.run(lambda owner: publish(owner, self._lexical, staged, self._now()))
            self.bring_in_step()
        return ImportReport(staged.import_id, staged.files, time.monotonic() - began, replaced)

    def start(self) -> list[CheckUp]:
        """Heal what a crash may have left: staged rows, and an index that is behind."""
        swept = self._lane.run(sweep_staged)
        findings = []
        if swept:
            findings.append(CheckUp(f"An import was broken off; its {swept} staged files were removed.", healed=True))
        if self.bring_in_step():
            findings.append(CheckUp("The vector index was behind and has caught up.", healed=True))
        return findings

    def bring_in_step(self) -> int:
        """Make the vector index hold exactly what is live; give how many entries changed."""
        return sum(bring_in_step(self._lane, self._index, tier) for tier in TIERS)

    def reindex(self, embedded: Callable[[int, int], None]) -> int:
        """Build both indexes anew, with the embedder that is loaded; give the number of passages."""
        with self._importing:
            return rebuild(self._lane, self._index, self._lexical, self._embedder, embedded)

    def check(self) -> list[CheckUp]:
        """Compare documents and indexes; an empty list means all is well."""
        return self._lane.run(self._disagreements)

    def require_same_embedder(self) -> None:
        """Refuse to search vectors of another embedder."""
        with self._readers(HIGHEST_TIER) as reader:
            stored = reader.execute(text("SELECT DISTINCT embedder FROM passages")).scalars().all()
        other = [name for name in stored if name != self._embedder.name]
        if other:
            raise EmbedderMismatch(other[0], self._embedder.name)

    def counts(self, tier: int) -> Counts:
        """Count what a tier may read."""
        with self._readers(tier) as reader:
            row = reader.execute(
                text(
                    """SELECT count(*) AS documents, sum(CASE WHEN kind = 'set' THEN 1 ELSE 0 END) AS sets,
 sum(CASE WHEN kind IN ('release', 'album', 'ep') THEN 1 ELSE 0 END) AS releases,
 min(CASE WHEN date <> '' THEN date END) AS first, max(date) AS last FROM documents"""
                )
            ).one()
            held = reader.execute(text("SELECT coalesce(sum(passages), 0) FROM corpus_versions")).scalar_one()
        return Counts(row.documents, row.sets or 0, row.releases or 0, int(held), row.first or "", row.last or "")

    def examples(self, tier: int, limit: int = 4) -> list[str]:
        """Give questions that this material can answer, of different kinds."""
        with self._readers(tier) as reader:
            rows = list(reader.execute(_EXAMPLES))
        by_kind: dict[str, list[str]] = {kind: [] for kind in _ASKED_ABOUT}
        for row in rows:
            by_kind[row.kind].append(_ASKED_ABOUT[row.kind].format(title=row.title))
        mixed = [question for turn in zip_longest(*by_kind.values()) for question in turn if question]
        return mixed[:limit]

    def passage(self, passage_id: str, tier: int) -> OpenPassage | None:
        """Open a passage, or None when this tier may not read it or it does not exist."""
        with self._readers(tier) as reader:
            row = reader.execute(_PASSAGE, {"id": passage_id}).first()
            if row is None:
                return None
            places = {"document": row.document_id, "before": row.ordinal - 1, "after": row.ordinal + 1}
            beside = {r.ordinal: r.id for r in reader.execute(_NEIGHBOURS, places)}
        return OpenPassage(
            source_passage(row),
            sentence_places(row.sentences),
            beside.get(row.ordinal - 1),
            beside.get(row.ordinal + 1),
        )

    def _disagreements(self, owner: Connection) -> list[CheckUp]:
        findings = []
        staged = owner.execute(text("SELECT count(*) FROM imports WHERE published_at IS NULL")).scalar_one()
        if staged and not self._importing.locked():
            findings.append(CheckUp(f"{staged} imports were broken off; restart the node to remove their rows."))
        for tier in TIERS:
            live = list(live_passages(owner, tier))
            if {row.number for row in live} != self._lexical.numbers(owner, tier):
                findings.append(CheckUp(f"The lexical index of tier {tier} differs: `presence reindex`."))
            if {row.id for row in live} != self._index.ids(tier) or not is_in_step(owner, self._index, tier):
                findings.append(CheckUp(f"The vector index of tier {tier} differs: `presence reindex`."))
            if any(row.embedder != self._embedder.name for row in live):
                findings.append(CheckUp(f"Tier {tier} has vectors of another embedder: `presence reindex`."))
        return findings
