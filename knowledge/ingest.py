"""Takes files in: found, parsed apart, embedded, staged, and at last published in one command.

Until the last command nothing of an import can be read by anybody; after it, all of it can. A
crash at any moment leaves staged rows that nobody sees and that the next start sweeps away.
"""

import hashlib
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePath

from sqlalchemy import Connection, insert

from knowledge.by_hand import ByHand, Place, by_hand
from knowledge.contracts import Embedder, WriteLane
from knowledge.errors import ImportRefused, NothingToImport, TooManyFiles
from knowledge.facts.dates import dates_in
from knowledge.facts.rows import Owner, rows_of, stage_rows
from knowledge.facts.tables import mentions
from knowledge.found_files import found_files, hashed, readable
from knowledge.imported import (
    FileResult,
    ImportRequest,
    Progress,
    Staged,
    Status,
    Step,
    TextRequest,
)
from knowledge.importers import ImportedDoc
from knowledge.importers.cleaned import cleaned_name
from knowledge.importers.statements import SetItem
from knowledge.parsing import Parser
from knowledge.passages import Cut, cut, document_text
from knowledge.publish import Kept, same_document, sweep_staged, tier_at
from knowledge.searched import searched_text
from knowledge.tables import documents, imports, passages
from knowledge.tiering import TierChoice, choose_tier

FILES_MAX = 10_000
# Small, so that a question asked meanwhile waits for few texts only.
EMBED_BATCH = 8
REMARKS_MAX = 20
UNREAD_MAX = 200
NAMED_MAX = 5


@dataclass(slots=True)
class _Part:
    """One document of a file on its way in."""

    document: ImportedDoc
    row: dict[str, object]
    cuts: list[Cut]
    choice: TierChoice
    is_new: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file came from: `path` its place, for the artist only; `name` relative to what was imported."""

    import_id: str
    path: str
    name: str


class Ingest:
    """Carries one import from files to published passages."""

    def __init__(self, lane: WriteLane, embedder: Embedder, now: Callable[[], float] = time.time) -> None:
        self._lane = lane
        self._embedder = embedder
        self._now = now
        self._by_hand = ByHand()

    def stage(self, request: ImportRequest, progress: Progress) -> Staged:
        """Parse, embed and stage every file; nothing is visible yet."""
        files = list(islice(found_files(request.path), FILES_MAX + 1))
        if not files:
            raise NothingToImport(str(request.path))
        if len(files) > FILES_MAX:
            raise TooManyFiles(FILES_MAX)
        import_id = self._begun(request.label or str(request.path), request.kind)
        self._by_hand = self._lane.run(by_hand)
        results: list[FileResult] = []
        kept: Kept = {}
        with self._swept_when_broken_off(import_id), Parser() as parser:
            for path, name in files:
                here = Step(readable(name), len(results), len(files))
                result = self._one(parser, request, import_id, path, here, progress, kept)
                results.append(result)
                progress(replace(here, files_done=len(results), result=result))
        return Staged(import_id, tuple(results), kept)

    def stage_text(self, request: TextRequest, adapt: Callable[[ImportedDoc], ImportedDoc], kept: Kept) -> Staged:
        """Read, embed and stage one text in its place; raises `ImportRefused` when it cannot be one document."""
        import_id = self._begun(request.label, request.kind)
        data = request.text.encode()
        self._by_hand = ByHand(self._lane.run(by_hand).tiers)
        with self._swept_when_broken_off(import_id):
            read = _read_text(data, request.name)
            if len(read) != 1:
                raise ImportRefused("This text would be several notes; a note can only become one.")
            asked = ImportRequest(Path(request.origin), request.speaker, request.tier)
            origin = Origin(import_id, request.origin, request.file_name)
            document = replace(adapt(read[0]), part=request.part)
            part = self._part(asked, origin, hashlib.sha256(data).hexdigest(), document, 1)
            self._stage(part, kept, lambda _done, _of: None)
        return Staged(import_id, (_result(request.file_name, [part]),), kept)

    def _begun(self, label: str, kind: str) -> str:
        row = {"id": secrets.token_urlsafe(12), "label": label, "kind": kind, "created_at": self._now()}
        self._lane.run(lambda owner: owner.execute(insert(imports).values(**row)))
        return str(row["id"])

    @contextmanager
    def _swept_when_broken_off(self, import_id: str) -> Iterator[None]:
        try:
            yield
        except Exception:
            self._lane.run(lambda owner: sweep_staged(owner, import_id))
            raise

    def _one(
        self,
        parser: Parser,
        request: ImportRequest,
        import_id: str,
        path: Path,
        here: Step,
        progress: Progress,
        kept: Kept,
    ) -> FileResult:
        try:
            data_hash = hashed(path, request.file_bytes_max)
            read = parser.read(path, here.name)
            place = f"{request.shelf}/{here.name}" if request.shelf else readable(str(path.resolve()))
            origin = Origin(import_id, place, here.name)
            parts = [self._part(request, origin, data_hash, document, len(read)) for document in read]
            for part in parts:
                self._stage(part, kept, lambda done, of: progress(replace(here, passages_done=done, passages=of)))
        except ImportRefused as refusal:
            return FileResult(here.name, "refused", remarks=(refusal.reason,))
        return _result(here.name, parts)

    def _part(self, request: ImportRequest, origin: Origin, data_hash: str, document: ImportedDoc, of: int) -> _Part:
        place = origin.path, document.part
        choice = self._choice(document, request, place)
        cuts = cut(document)
        if not cuts and not document.statements:
            raise ImportRefused("There are headings in it, but no sentence to quote.")
        row = {
            "id": secrets.token_urlsafe(12),
            "import_id": origin.import_id,
            "origin": origin.path,
            "file_name": cleaned_name(origin.name),
            "part": document.part,
            "sha256": data_hash if of == 1 else _content_hash(document),
            "format": document.format,
            "kind": document.kind,
            "title": document.title,
            "date": document.date,
            "speaker": document.speaker or request.speaker or request.artist,
            "licence": document.licence,
            "tier": choice.tier,
            "tier_by_hand": self._by_hand.tiers.get(place),
            "text": document_text(document),
        }
        return _Part(document, row, cuts, choice)

    def _choice(self, document: ImportedDoc, request: ImportRequest, place: Place) -> TierChoice:
        named = "inner" if document.private and document.tier_name is None else document.tier_name
        is_named = document.draft or named is not None or request.tier is not None
        before = None if is_named else self._lane.run(lambda owner: tier_at(owner, place))
        choice = choose_tier(named, request.tier, draft=document.draft, before=before)
        return self._by_hand.tier(place, choice, is_named=is_named)

    def _stage(self, part: "_Part", kept: Kept, embedded: Callable[[int, int], None]) -> None:
        row = part.row
        place = str(row["origin"]), str(row["part"])
        if decision := self._by_hand.decision(place, str(row["sha256"])):
            part.is_new, part.remark = False, decision.remark
            if decision.live:
                kept[place] = decision.live
            return
        if self._lane.run(lambda owner: same_document(owner, row)):
            kept[place] = (str(row["sha256"]), part.choice.tier)
            part.is_new = False
            return
        self._stage_document(row, part.cuts, lambda done: embedded(done, len(part.cuts)))
        scope = f"{PurePath(str(row['origin'])).parent}|{part.document.scope}" if part.document.scope else row["id"]
        owner = Owner(str(row["id"]), part.choice.tier, str(scope))
        for command in stage_rows(rows_of(part.document.statements, owner)):
            self._lane.run(command)

    def _stage_document(self, row: dict[str, object], cuts: list[Cut], embedded: Callable[[int], None]) -> None:
        rows = [self._passage_row(row, ordinal, piece) for ordinal, piece in enumerate(cuts)]
        # Embedded document by document: a vector must not depend on what else was imported with it.
        searched = [str(passage["searched"]) for passage in rows]
        for start in range(0, len(rows), EMBED_BATCH):
            vectors = self._embedder.embed(searched[start : start + EMBED_BATCH])
            for passage, vector in zip(rows[start : start + EMBED_BATCH], vectors, strict=True):
                passage["vector"] = vector.astype("<f4").tobytes()
            embedded(min(start + EMBED_BATCH, len(rows)))

        spoken_of = dates_in(str(row["text"]))

        def stage(owner: Connection) -> None:
            owner.execute(insert(documents).values(**row))
            if rows:
                owner.execute(insert(passages), rows)
            if spoken_of:
                owner.execute(insert(mentions), [{"document_id": row["id"], "date": date} for date in spoken_of])

        self._lane.run(stage)

    def _passage_row(self, document: dict[str, object], ordinal: int, piece: Cut) -> dict[str, object]:
        return {
            "id": secrets.token_urlsafe(12),
            "document_id": document["id"],
            "ordinal": ordinal,
            "tier": document["tier"],
            "speaker": piece.speaker or document["speaker"],
            "heading": piece.heading,
            "start": piece.start,
            "text": piece.text,
            "sentences": [[s.start, s.end, s.line, s.time] for s in piece.sentences],
            "words": piece.words,
            "searched": searched_text(str(document["title"]), str(document["date"]), piece),
            "embedder": self._embedder.name,
        }


def _result(name: str, parts: list[_Part]) -> FileResult:
    """Say what became of a file: the tier is the highest of its parts, remarks are made once."""
    told = [remark for part in parts for remark in (*part.document.left_out, part.choice.why) if remark]
    told += [sentence for part in parts for sentence in (*part.document.understood, part.remark) if sentence]
    remarks = tuple(dict.fromkeys(told))[:REMARKS_MAX]
    tier = max(part.choice.tier for part in parts)
    new = [part for part in parts if part.is_new]
    if not new:
        return FileResult(name, "unchanged", tier, remarks=tuple(dict.fromkeys(p.remark for p in parts if p.remark)))
    status: Status = "partial" if any(part.document.left_out for part in parts) else "ok"
    said = [statement for part in new for statement in part.document.statements]
    return FileResult(
        name,
        status,
        tier,
        sum(len(part.cuts) for part in new),
        len(said),
        remarks,
        format=new[0].document.format,
        notes=sum(part.document.kind != "set" for part in new),
        sets=sum(part.document.kind == "set" for part in new),
        tracks=sum(isinstance(one, SetItem) for one in said),
        unread=tuple(line for part in new for line in part.document.unread)[:UNREAD_MAX],
        titles=_each([part.document.title for part in new]),
        speakers=_each([str(part.row["speaker"]) for part in new]),
        licences=_each([part.document.licence for part in new]),
    )


def _each(told: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in told if one))[:NAMED_MAX]


def _read_text(data: bytes, name: str) -> tuple[ImportedDoc, ...]:
    with Parser() as parser, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        path.write_bytes(data)
        return parser.read(path, name)


def _content_hash(document: ImportedDoc) -> str:
    """Tell one part of a file from what it was before: the file changes whenever any part does."""
    said = {name: value for name, value in document.as_dict().items() if name not in ("understood", "unread")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
