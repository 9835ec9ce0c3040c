"""Finds the tracklists among the blocks of a text: the items of a list, lines below "Tracklist:", songs below "Set 1".

A reader of Markdown or HTML gives every item of a list as a block of its own. Where they are a tracklist
they become one block, with empty lines where the file has others between them, so that every line keeps
the number that it has in the file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.importers.band_sets import FOOTNOTE, is_song, set_heading
from knowledge.importers.record import Block
from knowledge.importers.track_lines import read_line
from knowledge.importers.tracklist import is_announcement, is_tracklist

_GAP_MAX = 12
_TOLD_BY_KIND_MIN = 4


@dataclass(slots=True)
class _Surroundings:
    """What was said before a block: by the heading that it stands under, and by the line just before it."""

    by_heading: bool = False
    by_line: bool = False
    in_set: bool = False

    @property
    def announced(self) -> bool:
        return self.by_heading or self.by_line

    def see(self, block: Block) -> None:
        if block.kind == "heading":
            self.by_heading, self.in_set = is_announcement(block.text), set_heading(block.text) is not None
        self.by_line = block.kind != "tracklist" and is_announcement(block.text.rsplit("\n", 1)[-1])


def with_tracklists(blocks: Sequence[Block], *, told_by_kind: bool = False) -> tuple[Block, ...]:
    """Make blocks of the tracklists among these; `told_by_kind` where the file says that it is a set."""
    return tuple(_joined(list(blocks), told_by_kind=told_by_kind))


def _joined(blocks: list[Block], *, told_by_kind: bool) -> Iterator[Block]:
    around, index = _Surroundings(), 0
    while index < len(blocks):
        run = _run(blocks, index, around)
        announced = around.announced or (told_by_kind and _lines(run) >= _TOLD_BY_KIND_MIN)
        if run and (whole := _one(run)) and _is_list(whole, run, around, announced=announced):
            yield whole
        else:
            run = run or [blocks[index]]
            yield from run
        around.see(run[-1])
        index += len(run)


def _is_list(whole: Block, run: list[Block], around: _Surroundings, *, announced: bool) -> bool:
    if len(run) == 1 and run[0].kind == "tracklist":
        return True
    return is_tracklist(whole.text, announced=announced, in_set=around.in_set)


def _run(blocks: list[Block], start: int, around: _Surroundings) -> list[Block]:
    """Give the blocks from here on that may be lines of one list; a line between them may be none."""
    run, held, sung = list[Block](), list[Block](), around.in_set
    for index in range(start, len(blocks)):
        block = blocks[index]
        last = held[-1] if held else run[-1] if run else None
        if block.kind not in ("prose", "tracklist") or block.speaker or not _follows(last, block):
            break
        sung = sung or _begins_set(block)
        if _is_tracks(block, colon=around.announced) or (sung and _is_near(run, last, block) and _is_sung(block)):
            run += [*held, block]
            held = []
        elif run and not held and _gap(run[-1], block) == 1 and "\n" not in block.text:
            held = [block]
        else:
            break
    return run


def _begins_set(block: Block) -> bool:
    return set_heading(block.text.split("\n", 1)[0]) is not None


def _is_near(run: list[Block], last: Block | None, block: Block) -> bool:
    """Whether a song stands right below the one before it, or opens a set, or explains an asterisk."""
    if last is None or _begins_set(block) or FOOTNOTE.match(block.text):
        return True
    return _gap(last, block) == 1 or (len(run) == 1 and _begins_set(run[0]))


def _follows(last: Block | None, block: Block) -> bool:
    return last is None or (0 <= _gap(last, block) <= _GAP_MAX)


def _is_tracks(block: Block, *, colon: bool) -> bool:
    if block.kind == "tracklist":
        return True
    tracks = (read_line(line, colon=colon) for line in block.text.split("\n") if line.strip())
    return all(track is not None and (track.is_pair or track.time or track.is_layered) for track in tracks)


def _is_sung(block: Block) -> bool:
    return all(set_heading(line) is not None or is_song(line) for line in block.text.split("\n"))


def _gap(before: Block, after: Block) -> int:
    height = before.text.count("\n") if before.own_lines else 0
    return after.line - before.line - height


def _one(run: list[Block]) -> Block:
    """Join blocks, their lines kept where each has one of its own in the file."""
    if len(run) == 1:
        return replace(run[0], kind="tracklist")
    gaps = [_gap(before, after) for before, after in pairwise(run)]
    own_lines = min(gaps) > 0 and all(block.own_lines or "\n" not in block.text for block in run)
    below = ["\n" * (gap if own_lines else 1) + block.text for gap, block in zip(gaps, run[1:], strict=True)]
    return Block("tracklist", run[0].text + "".join(below), run[0].line, own_lines=own_lines)


def _lines(run: list[Block]) -> int:
    return sum(block.text.count("\n") + 1 for block in run)
