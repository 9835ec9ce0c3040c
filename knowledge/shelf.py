"""The artist's notes and imports, and every deed on them: each takes effect at once, in the indexes, too."""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from knowledge import living, noted, undoing
from knowledge.contracts import WriteLane
from knowledge.editing import rewritten
from knowledge.errors import NoteIsAway, NotProse
from knowledge.imported import ImportReport, TextRequest
from knowledge.importers.record import ImportedDoc
from knowledge.ingest import Ingest
from knowledge.lexical import LexicalIndex
from knowledge.moving import Move
from knowledge.noted import Note, OpenNote, PastImport
from knowledge.publish import LIVE, Kept, publish, sweep_staged
from knowledge.tables import documents
from knowledge.undoing import Undone

T = TypeVar("T")


class Shelf:
    """One per node. Deeds wait for an import that goes on, and for each other."""

    def __init__(
        self,
        lane: WriteLane,
        move: Move,
        lexical: LexicalIndex,
        bring_in_step: Callable[[], int],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._lane = lane
        self._move = move
        self._lexical = lexical
        self._bring_in_step = bring_in_step
        self._now = now

    def notes(self, *, away: bool = False) -> list[Note]:
        """Give the notes that are shown; with `away`, also those that are not, each in its newest version."""
        return self._lane.run(noted.latest if away else noted.shown)

    def note(self, ident: str) -> OpenNote:
        """Open one version of a note, or raise `UnknownNote`."""
        return self._lane.run(lambda owner: noted.opened(owner, living.known(owner, ident)))

    def history(self, ident: str) -> list[Note]:
        """Give every version of a note, the newest first."""
        return self._lane.run(lambda owner: noted.notes(owner, living.same_place(living.known(owner, ident))))

    def imports(self) -> list[PastImport]:
        """Give what was taken in, the newest first."""
        return self._lane.run(noted.past_imports)

    def retract(self, ident: str) -> Note:
        """Take a note back: it is quoted, counted and found no more."""
        return self._done(lambda owner: living.take_back(owner, self._lexical, ident, self._now()))

    def restore(self, ident: str) -> Note:
        """Show a note, or an earlier version of it, again."""
        own = documents.c.id == ident
        return self._done(lambda owner: living.bring_back(owner, self._lexical, ident, self._now()), embed=own)

    def retier(self, ident: str, tier: int) -> Note:
        """Put a note, with every version of it, on another tier."""
        return self._done(lambda owner: living.move(owner, self._lexical, ident, tier))

    def attribute(self, ident: str, *, speaker: str, licence: str) -> Note:
        """Say whose words a note is, and on what terms it may be shown."""
        return self._done(lambda owner: living.attribute(owner, ident, speaker, licence))

    def rename(self, before: str, name: str) -> None:
        """Say that a speaker is called otherwise now, in all that she said."""
        self._done(lambda owner: living.rename(owner, before, name))

    def undo(self, import_id: str) -> Undone:
        """Undo an import as one unit."""
        before = documents.c.retracted_by == import_id
        return self._done(lambda owner: undoing.undo(owner, self._lexical, import_id, self._now()), embed=before)

    def document_of(self, import_id: str) -> str | None:
        """Give the document that the import of one text brought."""
        found = self._lane.run(lambda owner: noted.notes(owner, documents.c.import_id == import_id))
        return found[0].ident if found else None

    def edit(self, ident: str, text: str) -> ImportReport:
        """Put a new text in the place of a note that is shown; the old one stays as an earlier version."""
        opened = self.note(ident)
        if not opened.note.is_live:
            raise NoteIsAway(ident)
        if not opened.text.strip():
            raise NotProse(ident)
        request, adapt = rewritten(opened.note, text, opened.rows)
        return self.take_text(request, adapt)

    def take_text(
        self, request: TextRequest, adapt: Callable[[ImportedDoc], ImportedDoc] = lambda document: document
    ) -> ImportReport:
        """Take in one text in its place; what is said beside it in the same file stays."""
        began = time.monotonic()
        with self._move.importing:
            kept = self._lane.run(partial(_beside, request=request))
            ingest = Ingest(self._lane, self._move.searched.space.embedder, self._now)
            staged = ingest.stage_text(request, adapt, kept)
            if staged.files[0].status == "unchanged":
                self._lane.run(lambda owner: sweep_staged(owner, staged.import_id))
                replaced = 0
            else:
                replaced = self._lane.run(lambda owner: publish(owner, self._lexical, staged, self._now()))
                self._bring_in_step()
        return ImportReport(staged.import_id, staged.files, time.monotonic() - began, replaced)

    def _done(self, deed: Callable[[Connection], T], *, embed: "living.Which | None" = None) -> T:
        with self._move.importing:
            if embed is not None:
                living.embed_lacking(self._lane, self._move.searched.space, embed)
            done = self._lane.run(deed)
            self._bring_in_step()
        return done


def _beside(owner: Connection, request: TextRequest) -> Kept:
    """Give what is live in the same file and stays as it is."""
    beside = noted.notes(owner, LIVE, documents.c.origin == request.origin, documents.c.part != request.part)
    return {(note.origin, note.part): (note.sha256, note.tier) for note in beside}
