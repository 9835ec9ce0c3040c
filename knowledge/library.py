"""The artist's material as a whole: taking in, looking up, counting, keeping the indexes in step."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from sqlalchemy import Connection, bindparam, text

from knowledge.candidates import sentence_places, source_passage
from knowledge.cited import Cited, SaidNow, highest_tier, moved, shown_tiers
from knowledge.contracts import TIERS, Readers, VectorSpace, WriteLane
from knowledge.corpus_versions import corpus_versions_of
from knowledge.errors import IndexUnavailable, PreviewOutdated
from knowledge.evidence import SourcePassage
from knowledge.facts.joining import without_night
from knowledge.facts.opened import OpenRow, open_row
from knowledge.imported import ImportReport, ImportRequest, Preview, Progress, Staged
from knowledge.index_sync import EMPTY, bring_in_step, empty, holds_all, rebuild_words, should_hold
from knowledge.ingest import Ingest
from knowledge.lexical import LexicalIndex
from knowledge.likeness_groups import likeness_groups
from knowledge.living import embed_lacking
from knowledge.moving import Embedding, Move
from knowledge.newest import Newest, NewNote
from knowledge.publish import live_passages, publish, replaced_by, sweep_staged
from knowledge.reach import AWAY, Healing
from knowledge.shelf import Shelf
from knowledge.staging import Previews, Versions, still, versions_now
from knowledge.tables import documents

_PASSAGE = text(
    """SELECT p.*, d.title, d.kind, d.date, d.licence, d.file_name, d.sha256
 FROM passages p JOIN documents d ON d.id = p.document_id WHERE p.id = :id"""
)
_NEIGHBOURS = text("SELECT id, ordinal FROM passages WHERE document_id = :document AND ordinal IN (:before, :after)")
_FIRST = text("SELECT id FROM passages WHERE document_id = :document ORDER BY ordinal LIMIT 1")
_ASKED_ABOUT = {
    "set": "What happened at “{title}”?",
    "release": "How was “{title}” made?",
    "note": "What is the story behind “{title}”?",
    "interview": "What was said in “{title}”?",
}
# By `sha256` alone, SQLite would walk along that index, past all that is above the tier: time would tell of it.
_EXAMPLES = text("SELECT kind, title FROM documents WHERE kind IN :kinds ORDER BY sha256 || ''").bindparams(
    bindparam("kinds", tuple(_ASKED_ABOUT), expanding=True)
)


def _asked_about(kind: str, title: str) -> str:
    """Make a question of a title; one that is a question already is asked as it stands."""
    if title.endswith("?"):
        return title
    about = title.removeprefix("About ")
    if kind == "note" and about != title:
        return f"What do the notes say about {about}?"
    return _ASKED_ABOUT[kind].format(title=title)


_COUNTED = text(
    """SELECT count(*) AS documents, sum(CASE WHEN kind = 'set' THEN 1 ELSE 0 END) AS sets,
 sum(CASE WHEN kind IN ('release', 'album', 'ep') THEN 1 ELSE 0 END) AS releases,
 min(CASE WHEN date <> '' THEN date END) AS first, max(date) AS last FROM documents WHERE kind <> 'curation'"""
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
        move: Move,
        lexical: LexicalIndex,
        now: Callable[[], float] = time.time,
        is_alone: Callable[[], bool] = lambda: True,
    ) -> None:
        self._is_alone = is_alone
        self._readers = readers
        self._lane = lane
        self._move = move
        self._lexical = lexical
        self._now = now
        self._previews = Previews()
        self._newest = Newest(readers, lane)
        self._counted: dict[int, tuple[list[tuple[str, int]], Counts]] = {}
        self._seen: dict[int, list[tuple[str, int]]] = {}
        self._examples: dict[tuple[int, int], tuple[list[str], list[str]]] = {}
        self._reach = move.searched.reach
        self._healing = Healing(self._reach, self._heal)
        self.shelf = Shelf(lane, move, lexical, self.bring_in_step, now)

    def import_path(self, request: ImportRequest, progress: Progress) -> ImportReport:
        """Take in a file or a folder: all of it becomes visible in one moment, or none."""
        began = time.monotonic()
        with self._move.importing:
            return self._publish(self._stage(request, progress), began=began)

    def stage_path(self, request: ImportRequest, progress: Progress) -> Preview:
        """Read a file or a folder and say what would be taken in; `publish_staged` or `discard_staged` ends it."""
        with self._move.importing:
            for import_id in self._previews.too_old():
                self.discard_staged(import_id)
            versions = self._lane.run(versions_now)
            staged = self._stage(request, progress)
            replaced = self._lane.run(lambda owner: replaced_by(owner, staged))
            self._previews.wait(staged, versions)
        return Preview(staged.import_id, staged.files, len(replaced))

    def publish_staged(self, import_id: str) -> ImportReport:
        """Show an import that waits, or raise `PreviewGone`; `PreviewOutdated` when the notes have changed since."""
        began = time.monotonic()
        with self._move.importing:
            staged, versions = self._previews.take(import_id)
            try:
                return self._publish(staged, versions, began=began)
            except PreviewOutdated:
                self._lane.run(lambda owner: sweep_staged(owner, import_id))
                raise

    def discard_staged(self, import_id: str) -> None:
        """Throw an import away that waits, or raise `PreviewGone`."""
        self._previews.take(import_id)
        self._lane.run(lambda owner: sweep_staged(owner, import_id))

    def _stage(self, request: ImportRequest, progress: Progress) -> Staged:
        # What is searched embeds it: found at once, also while the node moves to another embedder.
        return Ingest(self._lane, self._move.searched.space.embedder, self._now).stage(request, progress)

    def _publish(self, staged: Staged, versions: Versions | None = None, *, began: float) -> ImportReport:
        embed_lacking(self._lane, self._move.searched.space, documents.c.import_id == staged.import_id)

        def whole(owner: Connection) -> int:
            if versions is not None:
                still(owner, versions)
            return publish(owner, self._lexical, staged, self._now())

        replaced = self._lane.run(whole)
        self.bring_in_step()
        return ImportReport(staged.import_id, staged.files, time.monotonic() - began, replaced)

    def start(self) -> list[CheckUp]:
        """Heal what a crash may have left: staged rows, and an index that is behind.

        Where other processes are at work, staged rows may be theirs, and stay.
        """
        swept = self._lane.run(sweep_staged) if self._is_alone() else 0
        findings = []
        if swept:
            findings.append(CheckUp(f"An import was broken off; its {swept} staged files were removed.", healed=True))
        if self.bring_in_step():
            findings.append(CheckUp("The vector index was behind and has caught up.", healed=True))
        self._healing.start()
        if self._reach.is_lost:
            findings.append(CheckUp(AWAY))
        self._move.start()
        return findings

    def close(self) -> None:
        """Stop what goes on in the background."""
        self._healing.close()
        self._move.close()

    @property
    def embedding(self) -> Embedding | None:
        """Where the move to another embedder stands; None when there is none."""
        return self._move.embedding if self._move.under_way else None

    @property
    def words_alone_reason(self) -> str | None:
        """Why passages are found by their words alone; None when they are found by meaning, too."""
        if self._move.searched.space.vectors is not None:
            return AWAY if self._reach.is_lost else None
        return (
            f"The embedder {self._move.gone} cannot be opened any more: notes are found by their words alone "
            "until all of them are embedded anew."
        )

    @property
    def is_index_away(self) -> bool:
        """Whether the vector index does not answer now."""
        return self._reach.is_lost

    def bring_in_step(self) -> int:
        """Make the space that is searched hold exactly what is live; give how many entries changed.

        Where the index is away, what is missing there waits until it is back: the database holds all of it.
        """
        if self._reach.is_lost:
            return 0
        try:
            return self._brought_in_step()
        except IndexUnavailable:
            self._reach.lose()
            return 0

    def _heal(self) -> None:
        """Ask an index that was away whether it is back, and bring it in step; one that lost entries is filled anew."""
        with self._move.importing:
            vectors = self._move.searched.space.vectors
            if vectors is not None and not self._brought_in_step() and not holds_all(self._lane, vectors):
                empty(vectors)
                self._brought_in_step()
        self._move.start()  # it may have been broken off by the same thing

    def _brought_in_step(self) -> int:
        space = self._move.searched.space
        if space.vectors is None:
            return 0
        with self._move.turns.indexing:
            return sum(bring_in_step(self._lane, space.vectors, space.embedder.name, tier) for tier in TIERS)

    def reindex(self, embedded: Callable[[int, int], None]) -> int:
        """Move to the embedder that is set, then build both indexes anew; give the number of passages."""
        with self._move.in_foreground():
            self._move.run(embedded)
            with self._move.importing:
                if (vectors := self._move.searched.space.vectors) is not None:
                    empty(vectors)
                count = self._lane.run(lambda owner: rebuild_words(owner, self._lexical))
                self._brought_in_step()
        return count

    def check(self) -> list[CheckUp]:
        """Compare documents and indexes; an empty list means all is well."""
        findings = self._lane.run(self._disagreements)
        if (vectors := self._move.searched.space.vectors) is not None and not self._reach.is_lost:
            try:
                findings += self._vectors_differ(vectors)
            except IndexUnavailable:  # `words_alone_reason` says so from now on
                self._reach.lose()
        return findings

    def counts(self, tier: int) -> Counts:
        """Count what a tier may read; it is counted again when that has another version."""
        with self._readers(tier) as reader:
            versions = [(one.version, one.passages) for one in corpus_versions_of(reader)]
            known = self._counted.get(tier)
            if known is not None and known[0] == versions:
                return known[1]
            row = reader.execute(_COUNTED).one()
        held = sum(passages for _, passages in versions)
        counts = Counts(row.documents, row.sets or 0, row.releases or 0, held, row.first or "", row.last or "")
        self._counted[tier] = versions, counts
        return counts

    def documents_lately(self, tier: int) -> int:
        """Count the documents that a tier may read, as they were when `versions` was asked for last."""
        known = self._counted.get(tier)
        if known is None or known[0] != self._seen.get(tier):
            return self.counts(tier).documents
        return known[1].documents

    def versions(self, tier: int) -> list[str]:
        """Give the version of the material of each tier up to this one; another version is other material."""
        with self._readers(tier) as reader:
            self._seen[tier] = seen = [(one.version, one.passages) for one in corpus_versions_of(reader)]
        return [version for version, _ in seen]

    def examples(self, tier: int, limit: int = 4) -> list[str]:
        """Give questions that this material can answer, of different kinds; read again when it has another version."""
        with self._readers(tier) as reader:
            versions = [one.version for one in corpus_versions_of(reader)]
            known = self._examples.get((tier, limit))
            if known is not None and known[0] == versions:
                return list(known[1])
            rows = list(reader.execute(_EXAMPLES))
        by_kind: dict[str, list[str]] = {kind: [] for kind in _ASKED_ABOUT}
        for row in rows:
            by_kind[row.kind].append(_asked_about(row.kind, row.title))
        mixed = [question for turn in zip_longest(*by_kind.values()) for question in turn if question]
        self._examples[tier, limit] = versions, mixed[:limit]
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

    def row(self, ident: str, tier: int) -> OpenRow | None:
        """Open a row of facts, or None when this tier may not read it or it does not exist."""
        with self._readers(tier) as reader:
            return open_row(reader, ident)

    def moved(self, cited: Sequence[Cited], tier: int) -> dict[int, SaidNow | None]:
        """Say which citations do not stand where they stood, as far as this tier may read."""
        return moved(self._readers, self._lane, cited, tier)

    def shown_tiers(self, document_ids: Collection[str]) -> dict[str, int]:
        """Give the tier of those of these documents that are shown."""
        return self._lane.run(lambda owner: shown_tiers(owner, sorted(document_ids))) if document_ids else {}

    def highest_tier(self, document_ids: Collection[str]) -> int:
        """Give the highest tier that any of these documents has now, shown or not."""
        return self._lane.run(lambda owner: highest_tier(owner, sorted(document_ids))) if document_ids else 0

    def alike(self, texts: Sequence[str]) -> list[list[int]]:
        """Group texts that mean much the same."""
        if not texts:
            return []
        with self._move.searched.used() as space:
            return likeness_groups(space.embedder.embed(texts))

    def first_passage(self, document_id: str, tier: int) -> str | None:
        """Give where a document begins, or None when this tier may not read it or it is not shown."""
        with self._readers(tier) as reader:
            found = reader.execute(_FIRST, {"document": document_id}).scalar()
        return None if found is None else str(found)

    def newest(self, tier: int, limit: int) -> list[NewNote]:
        """Give the notes that this tier may read, those first that were shown last."""
        return self._newest.notes(tier, limit)

    def _disagreements(self, owner: Connection) -> list[CheckUp]:
        reason = None if self._reach.is_lost else self.words_alone_reason
        findings = [CheckUp(reason)] if reason else []
        if self._move.failure:
            findings.append(CheckUp(f"The notes were not embedded anew: {self._move.failure}. `presence reindex`."))
        unfinished = owner.execute(text("SELECT count(*) FROM imports WHERE published_at IS NULL")).scalar_one()
        staged = unfinished - len(self._previews)
        if staged > 0 and not self._move.importing.locked():
            findings.append(CheckUp(f"{staged} imports were broken off; restart the node to remove their rows."))
        if alone := without_night(owner):
            told = "entries of set lists name nights that no table tells to their readers"
            findings.append(CheckUp(f"{alone:,} {told}: import the table of nights, open to the same tier."))
        for tier in TIERS:
            live = {row.number for row in live_passages(owner, tier)}
            if live != self._lexical.numbers(owner, tier):
                findings.append(CheckUp(f"The lexical index of tier {tier} differs: `presence reindex`."))
        return findings

    def _vectors_differ(self, vectors: VectorSpace) -> list[CheckUp]:
        """Compare the vector index, which takes its time, outside of the lane. Raises `IndexUnavailable`."""
        findings = []
        for tier in TIERS:
            held, version = vectors.ids(tier), vectors.version(tier) or EMPTY
            if (held, version) != self._lane.run(partial(should_hold, tier=tier)):
                findings.append(CheckUp(f"The vector index of tier {tier} differs: `presence reindex`."))
        return findings
