"""One post of a blog, a newsletter or a feed: its HTML as blocks, and what every platform says beside it.

What only readers who pay may see is asked for the tier of supporters; platforms call it paid, those who
have signed up members.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importers.html import body_blocks, plain_text
from knowledge.importers.record import Block, ImportedDoc

SUPPORTER, FOLLOWER = "supporter", "follower"
_AUDIENCES = {
    "only_paid": SUPPORTER, "paid": SUPPORTER, "premium": SUPPORTER, "founding": SUPPORTER, "tiers": SUPPORTER,
    "members": FOLLOWER, "only_free": FOLLOWER,
    "public": None, "everyone": None, "free": None, "both": None, "all": None, "": None,
}  # fmt: skip
_MARKED_UP = re.compile(r"<(?:p|div|br|h[1-6]|ul|ol|table|blockquote|pre|section|article)\b", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[/?(?:gallery|caption|embed|audio|video|playlist|soundcloud|bandcamp|spotify|youtube|contact-form|vc|et_pb|fusion)"
    r"[\w-]*(?:\s[^\]\n]*)?/?\]"
)


def post(
    format_name: str, html: str, *, title: str, fallback_title: str, line: int = 1, **said: str | bool | None
) -> ImportedDoc:
    """Make one document of a post; `html` begins at `line` of the file, `said` are fields of the document."""
    blocks = blocks_of(html, line=line)
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    kind = "set" if any(block.kind == "tracklist" for block in blocks) else "note"
    named = plain_text(title) or heading or fallback_title
    fields: dict[str, Any] = said
    return replace(ImportedDoc(format_name, named, blocks, kind=kind), **fields)


def blocks_of(html: str, *, line: int = 1) -> tuple[Block, ...]:
    """Read the body of a post; where it has no tags for its paragraphs, empty lines part them."""
    body = _SHORTCODE.sub("", html.replace("\r\n", "\n"))
    if not _MARKED_UP.search(body):
        body = "<p>" + re.sub(r"(?<!\n)\n(?!\n)", "<br>\n", body).replace("\n\n", "\n\n</p><p>") + "</p>"
    return tuple(replace(block, line=line + block.line - 1, own_lines=False) for block in body_blocks(body))


def tier_of(audience: str) -> str | None:
    """Give the tier that an audience asks for; one that is unknown is kept as it stands, and is no tier."""
    return _AUDIENCES.get(audience.strip().lower(), audience)


def with_left_out(documents: Sequence[ImportedDoc], left_out: Sequence[str], *, nothing: str) -> list[ImportedDoc]:
    """Say what was left out of a file on its first document; without a document the file is refused."""
    read = [document for document in documents if document.blocks or document.statements]
    empty = len(documents) - len(read)
    if not read:
        raise ImportRefused(" ".join([nothing, *left_out]))
    said = [*left_out, *([f"{counted(empty, 'post')} without any text."] if empty else [])]
    return [replace(read[0], left_out=(*read[0].left_out, *said)), *read[1:]]


def counted(number: int, word: str) -> str:
    """Write `1 post` or `3 posts`."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def distinct(parts: Sequence[str]) -> list[str]:
    """Make the names of the parts of a file differ: the second of two equal ones is counted."""
    seen: dict[str, int] = {}
    named = []
    for part in parts:
        seen[part] = seen.get(part, 0) + 1
        named.append(part if seen[part] == 1 else f"{part} ({seen[part]})")
    return named
