"""Where sentences begin and end. Citations are to sentences, so a cut in the wrong place misquotes."""

import re
from collections.abc import Iterator
from itertools import pairwise

# Words with a full stop that ends no sentence, in the prose of musicians and of letters.
_ABBREVIATIONS = {
    "mr", "mrs", "ms", "dr", "st", "prof", "sr", "jr", "messrs", "mme", "mlle", "mons", "rev", "capt", "col",
    "no", "nos", "op", "vol", "vols", "pt", "ed", "eds", "feat", "ft", "vs", "ca", "approx", "min", "sec",
    "fig", "figs", "cf", "eg", "ie", "e.g", "i.e", "viz", "al", "p", "pp", "b.p.m", "a.m", "p.m", "u.s", "u.k",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
}  # fmt: skip
# A full stop (or ! ? …), closing quotes or a footnote mark after it, then space and a new beginning.
_END = re.compile(
    r"(?P<stop>[.!?…]++)(?P<close>[\"'”’»)\]_*]*+(?:\[\d{1,3}\])?)(?=\s++(?P<next>[\"'“‘«(\[_*—–-]*+\w))|\n[ \t]*\n"
)
_LAST_WORD = re.compile(r"([^\W\d_](?:[\w.]*[^\W_])?)$")
_ASIDE_CHARS_MAX = 120
_SENTENCE_CHARS_MAX = 600
VERSE_LINES_MIN = 4
VERSE_LINE_CHARS_MAX = 70
VERSE_CAPITALS_SHARE = 0.8
_SOFT_BREAK = re.compile(r"[;:,][\"'”’»]?\s")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Give `(start, end)` of each sentence, in order, without the white space between them."""
    cuts = [0, *_cuts(text), len(text)]
    spans = [_stripped(text, start, end) for start, end in pairwise(cuts)]
    return [piece for span in spans if span[0] < span[1] for piece in _bounded(text, *span)]


def line_spans(text: str) -> list[tuple[int, int]]:
    """Give one span per line that is not empty, for tracklists."""
    spans = [_stripped(text, found.start(), found.end()) for found in re.finditer(r"[^\n]+", text)]
    return [span for span in spans if span[0] < span[1]]


def is_verse(text: str) -> bool:
    """Whether a text is set in lines, as lyrics are: short ones that begin with a capital and seldom end a sentence."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < VERSE_LINES_MIN or max(map(len, lines)) > VERSE_LINE_CHARS_MAX:
        return False
    capitals = sum(line.lstrip("\"'“‘«([—–- ")[:1].isupper() for line in lines)
    stops = sum(line.rstrip("\"'”’»)]").endswith((".", "!", "?")) for line in lines)
    return capitals >= VERSE_CAPITALS_SHARE * len(lines) and stops <= len(lines) / 2


def _cuts(text: str) -> Iterator[int]:
    for found in _END.finditer(text):
        if found["stop"] is None or not (_goes_on(text, found) or _inside_aside(text, found)):
            yield found.end()


def _goes_on(text: str, found: re.Match[str]) -> bool:
    """Whether the stop belongs to an abbreviation, an initial or a number."""
    following = found["next"].lstrip("\"'“‘«([_*—–-")
    if found["stop"] in ("...", "…") and following.islower():
        return True
    if found["stop"] != ".":
        return following.islower()
    word = _LAST_WORD.search(text, max(0, found.start() - 24), found.start())
    last = word[1].lower() if word else ""
    initial = len(last) == 1 and last != "i"
    return following.islower() or last in _ABBREVIATIONS or initial


def _inside_aside(text: str, found: re.Match[str]) -> bool:
    """Whether the stop stands inside a short aside, such as `["Ah! Perfido"]`."""
    before = text[max(0, found.start() - _ASIDE_CHARS_MAX) : found.end()]
    for opened, closed in ("[]", "()"):
        start = before.rfind(opened)
        if start > before.rfind(closed):
            rest = text[found.end() : found.end() + _ASIDE_CHARS_MAX - (len(before) - start)]
            return closed in rest.split(opened)[0]
    return False


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that nobody would read in one breath at its last comma or colon that fits."""
    while end - start > _SENTENCE_CHARS_MAX:
        window = list(_SOFT_BREAK.finditer(text, start + _SENTENCE_CHARS_MAX // 3, start + _SENTENCE_CHARS_MAX))
        cut = window[-1].end() if window else text.rfind(" ", start, start + _SENTENCE_CHARS_MAX) + 1
        cut = cut if cut > start else start + _SENTENCE_CHARS_MAX
        yield _stripped(text, start, cut)
        start = _stripped(text, cut, end)[0]
    if start < end:
        yield start, end
