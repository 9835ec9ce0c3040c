"""Names with typos, or of which only a part was said ("Scarlet", "the Greek"), in what no list of words explains."""

from collections.abc import Iterator

from knowledge.facts.keys import normal
from knowledge.facts.likeness import LIKENESS_MIN, SUGGESTED_FROM, is_misspelt, likenesses
from knowledge.facts.names import PLACES, Entity, Kind
from knowledge.facts.page import (
    PREFERRED,
    TOWARDS,
    Page,
    beside_arrow,
    is_explained,
    keep,
    one_each,
    preposition,
    where_names_stand,
)
from knowledge.facts.reading import ARROWS, WORKS
from knowledge.facts.vocabulary import COMMON, FUNCTION_WORDS, KNOWN

WINDOW_WORDS_MAX = 8

# A name of which only a part was said is taken for the one that is played so much more than the other.
POPULAR_TIMES = 6
MARGIN = 3.0

Scored = tuple[float, Entity]
Found = tuple[float, int, int, list[Entity]]
"""A likeness, the first and the last word, and what may be meant."""


def find_parts(page: Page, known: frozenset[str]) -> None:
    """Find names that were written with typos, or of which only a part was said, in what is not explained."""
    for first, last in list(_unexplained(page, known)):
        _find_between(page, first, last, known)


def _find_between(page: Page, first: int, last: int, known: frozenset[str]) -> None:
    while first < last:
        best = max(_windows(page, first, last, known), key=lambda found: _worth(page, found, known), default=None)
        if best is None or best[0] < LIKENESS_MIN:
            if best is not None and best[0] >= SUGGESTED_FROM:
                page.suggestions += best[3]
            break
        _, start, end, candidates = best
        keep(page, start, end, candidates, best[0])
        first = max(first, end)
        while first < last and not page.free[first]:
            first += 1


def _worth(page: Page, found: Found, known: frozenset[str]) -> float:
    """Prefer what explains more of the words that nothing else explains, and then what is longer."""
    score, start, end, _ = found
    telling = sum(not is_explained(word, known) for word in page.words[start:end])
    return (score if score >= LIKENESS_MIN else score - 50) + 8.0 * telling + 0.1 * (end - start)


def _unexplained(page: Page, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Give the runs of words that no list explains; small words between two of them belong to the run."""
    at, count = 0, len(page.words)
    while at < count:
        if not page.free[at] or is_explained(page.words[at], known):
            at += 1
            continue
        end = at + 1
        ahead = end
        while ahead < count and ahead - end < 3 and page.free[ahead]:
            if not is_explained(page.words[ahead], known):
                end = ahead + 1
            elif page.words[ahead].norm in ARROWS | {"into", "at", "in", "after", "before", "on"}:
                break
            ahead += 1
        yield at, end
        at = end


def _windows(page: Page, first: int, last: int, known: frozenset[str]) -> Iterator[Found]:
    """Try stretches around an unexplained run, some words wider on either side."""
    low = first
    while low > 0 and first - low < 4 and page.free[low - 1] and page.words[low - 1].norm not in ARROWS:
        low -= 1
    high = last
    while high < len(page.words) and high - last < 4 and page.free[high] and page.words[high].norm not in ARROWS:
        high += 1
    for start in range(low, last):
        for end in range(max(start, first) + 1, min(high, start + WINDOW_WORDS_MAX) + 1):
            holds = any(not is_explained(page.words[n], known) for n in range(start, end))
            hangs = any(page.words[n].norm in FUNCTION_WORDS for n in (start, end - 1))
            if holds and not hangs and (found := _alike(page, start, end)):
                yield found


def _alike(page: Page, start: int, end: int) -> Found | None:
    said = normal(" ".join(word.norm for word in page.words[start:end]))
    everyday = all(word.norm in COMMON or word.norm in KNOWN for word in page.words[start:end])
    somewhere = preposition(page, start) in ("at", "in", "from", "near")
    if len(said) < 3 or (everyday and not (somewhere or _stands_out(page, start))):
        return None
    scored = _due(page, start, end, likenesses(page.names, said))
    # "the weather" is no song that begins so; "the Wheel", or "after Wheel", may be.
    if _after_article(page, start, end) and not somewhere and not page.words[start].capital and not page.quoted[start]:
        scored = [(score, entity) for score, entity in scored if is_misspelt(said, entity)]
    if everyday and somewhere and not _stands_out(page, start):
        scored = [(score, entity) for score, entity in scored if entity.kind in (*PLACES, "event")]
    if not scored:
        return None
    scored.sort(key=lambda one: (-one[0], -one[1].weight))
    return scored[0][0], start, end, _closest(scored, PREFERRED.get(preposition(page, start), ()))


def _after_article(page: Page, start: int, end: int) -> bool:
    return end - start == 1 and start > 0 and page.words[start - 1].norm in ("the", "a", "an", "your", "that")


def _due(page: Page, start: int, end: int, scored: list[Scored]) -> list[Scored]:
    """Keep what may stand here, and prefer what the word before it asks for."""
    wanted = PREFERRED.get(preposition(page, start), ())
    scored = [(score, entity) for score, entity in scored if entity.weight or _is_due(page, start, end)]
    if beside_arrow(page, start, end):
        scored = [(score, entity) for score, entity in scored if entity.kind in WORKS]
    return [(score + (2.0 if entity.kind in wanted else 0.0), entity) for score, entity in scored]


def _closest(scored: list[Scored], wanted: tuple[Kind, ...]) -> list[Entity]:
    """Of what is best first, give what is about as good, and of one kind."""
    top, best = scored[0]
    close = one_each(entity for score, entity in scored if top - score < MARGIN)
    popular = max(close, key=lambda entity: entity.weight)
    others = [entity.weight for entity in close if entity.ident != popular.ident]
    if top < 100 and others and popular.weight >= POPULAR_TIMES * max(others):
        close = [popular]
    elif wanted and best.kind in wanted:
        close = [entity for entity in close if entity.kind == best.kind]
    return [entity for entity in close if entity.kind == close[0].kind]


def _is_due(page: Page, start: int, end: int) -> bool:
    """Whether a country that no list has is meant: "in China", but not "after China Cat"."""
    goes_on = end < len(page.words) and page.free[end] and not is_explained(page.words[end], KNOWN)
    return preposition(page, start) in TOWARDS and not goes_on


def _stands_out(page: Page, at: int) -> bool:
    """Whether an everyday word is meant as a name here."""
    word = page.words[at]
    into = at + 1 < len(page.words) and page.words[at + 1].norm == "into" and word.capital
    dated_next = at + 1 < len(page.words) and not page.free[at + 1] and word.capital
    return page.quoted[at] or (word.capital and at > 0) or into or dated_next or where_names_stand(page, at, at + 1)
