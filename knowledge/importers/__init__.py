"""From a file's bytes to `ImportedDoc`s: sniffed by content, read by one small module per format.

Importers are pure: they see bytes and a name, never the database or the network. They run in a
child process (`knowledge.importers.child`), so that a malicious file costs that process only.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from knowledge.errors import ImportRefused
from knowledge.importers.cleaned import cleaned, cleaned_name, cleaned_parts
from knowledge.importers.formats import formats
from knowledge.importers.record import Block, ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.sentences import sentence_spans

__all__ = ["Block", "ImportedDoc", "read_file"]

_LICENCE_NAMES = {"license", "licence", "copying", "notice", "content-license"}
_DATED_NAME = re.compile(r"^(?P<date>\d{4}-\d{2}-\d{2})")
_NAMED_MAX = 10


def read_file(data: bytes, name: str) -> tuple[ImportedDoc, ...]:
    """Read one file, or raise `ImportRefused` with a reason that the artist can act on."""
    path = PurePosixPath(cleaned_name(name))
    if path.stem.lower() in _LICENCE_NAMES:
        raise ImportRefused("This is a licence text, not a note.")
    if not data.strip():
        raise ImportRefused("The file is empty.")
    documents = [_from_name(document, path) for document in _read(Sniffed(data, path))]
    parts = cleaned_parts([document.part for document in documents])
    named = (replace(document, part=part) for document, part in zip(documents, parts, strict=True))
    return _that_say_something(tuple(named))


def _read(file: Sniffed) -> Sequence[ImportedDoc]:
    for one in formats():
        if one.is_it(file):
            return one.read(file)
    kind = f"{file.suffix} files" if file.suffix else "Files of this kind"
    raise ImportRefused(f"{kind} cannot be read; docs/guides/importing.md lists what can.")


def _that_say_something(documents: tuple[ImportedDoc, ...]) -> tuple[ImportedDoc, ...]:
    """Leave out parts of a file in which nothing can be quoted; what was said of them stays."""
    telling = [document for document in documents if document.statements or _has_sentence(document)]
    if not telling:
        raise ImportRefused("There are headings in it, but no sentence to quote.")
    if len(telling) == len(documents):
        return documents
    silent = [document for document in documents if document not in telling]
    names = ", ".join(document.title[:60] for document in silent[:_NAMED_MAX])
    said = tuple(sentence for document in silent for sentence in document.left_out)
    left_out = (*said, f"Left out, as there is no sentence in it to quote: {names}.")
    return (replace(telling[0], left_out=(*telling[0].left_out, *left_out)), *telling[1:])


def _has_sentence(document: ImportedDoc) -> bool:
    return any(block.kind != "heading" and sentence_spans(block.text) for block in document.blocks)


def _from_name(document: ImportedDoc, path: PurePosixPath) -> ImportedDoc:
    """Take from the file's name what the file does not say: a date at its beginning, a folder of drafts."""
    document = cleaned(document)
    dated = _DATED_NAME.match(path.stem)
    date = document.date or (dated["date"] if dated and not document.part else "")
    return replace(document, date=date, draft=document.draft or "_drafts" in path.parts[:-1])
