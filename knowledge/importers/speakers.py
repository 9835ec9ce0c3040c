"""Whose words a block is: turns of a transcript, and quotations with the name beneath them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from knowledge.importers.record import Block

UNNAMED = "someone quoted"
"""The speaker of a quotation that nobody is named for: not the artist, whoever it was."""

_TURN = re.compile(r"\A(?P<name>[^\W\d_][\w.’' -]{0,40}?):[ \t\n]+(?=\S)")
_ATTRIBUTION = re.compile(r"(?:\A|\n)[ \t]*(?:—|–|--|-)[ \t]*(?P<name>[^\n]{2,80})\s*\Z")
# Without a list of speakers in the front matter, a name that opens paragraphs this often is one.
_TURNS_MIN = 2


def speaking_turns(blocks: list[Block], *, named: tuple[str, ...]) -> list[Block]:
    """Give each turn of a transcript its speaker; blocks of other documents stay as they are."""
    opening = Counter(found["name"] for block in blocks if (found := _turn(block)) is not None)
    known = set(named) or {name for name, times in opening.items() if times >= _TURNS_MIN}
    if not known or (not named and len(known) < 2):
        return blocks
    return list(_spoken(blocks))


def attributed(blocks: list[Block]) -> list[Block]:
    """Give the blocks of one quotation to the name beneath it."""
    if not blocks:
        return []
    found = _ATTRIBUTION.search(blocks[-1].text)
    speaker = found["name"].strip() if found else UNNAMED
    if found:
        blocks = [*blocks[:-1], replace(blocks[-1], text=blocks[-1].text[: found.start()].rstrip())]
    kept = [block for block in blocks if block.text.strip()]
    return [replace(block, kind="quotation", speaker=block.speaker or speaker) for block in kept]


def _spoken(blocks: Iterable[Block]) -> Iterable[Block]:
    """In a transcript every turn is its own speaker's, also of one who speaks but once."""
    speaker = ""
    for block in blocks:
        found = _turn(block)
        if found is not None:
            speaker = found["name"]
            said = block.text[found.end() :]
            skipped = block.text[: found.end()].count("\n")
            yield replace(block, text=said, line=block.line + skipped, speaker=speaker)
        elif block.kind == "heading":
            speaker = ""
            yield block
        else:
            yield replace(block, speaker=block.speaker or speaker)


def _turn(block: Block) -> re.Match[str] | None:
    return _TURN.match(block.text) if block.kind == "prose" and not block.speaker else None
