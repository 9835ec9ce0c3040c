"""Names that were said whole, the longest before the shorter: "Dark Star", "the Dark Stars", "MSG"."""

from collections.abc import Sequence

from knowledge.facts.keys import normal
from knowledge.facts.names import PLACES, Entity, Kind, Names
from knowledge.facts.page import PREFERRED, TOWARDS, Page, beside_arrow, keep, one_each, preposition, where_names_stand
from knowledge.facts.reading import ARROWS, WORKS
from knowledge.facts.vocabulary import FUNCTION_WORDS, KNOWN

_IDIOMS = {
    "the last time", "last time", "the first time", "first time", "one time", "next time",
    "this time", "good times",
}  # fmt: skip

# Two capitals that are a state's code, and as often a word.
_NOT_CODES = {"i", "a", "in", "or", "me", "ok", "hi", "oh", "id", "as", "no", "la", "de", "dj", "tv"}


def find_whole(page: Page, least: int) -> None:
    """Find the names of at least so many words, in words that are still free."""
    longest = min(page.names.longest, 12)
    for length in range(longest, least - 1, -1):
        for first in range(len(page.words) - length + 1):
            if all(page.free[first : first + length]):
                _exactly(page, first, first + length)


def _exactly(page: Page, first: int, last: int) -> None:
    words = page.words[first:last]
    if words[0].norm in ARROWS or words[-1].norm in ARROWS:
        return
    said = normal(" ".join(word.norm for word in words))
    found = page.names.exact.get(said) or _singular(page.names, said)
    if not found and last - first == 1 and (letters := _initials(page, first)):
        found = page.names.acronyms.get(letters, [])
        if found:
            keep(page, first, last, _preferred(page, first, last, found), 95.0)
        return
    if not found or not _meant(page, first, last, found):
        return
    candidates = _preferred(page, first, last, found)
    if candidates:
        keep(page, first, last, candidates, 100.0)


def _initials(page: Page, at: int) -> str:
    """Give the letters of a word that is written like initials: MSG, GDTRFBs."""
    written = page.written[at]
    letters = written.removesuffix("s") if written[:-1].isupper() else written
    return letters.lower() if letters.isupper() and 3 <= len(letters) <= 7 else ""


def _singular(names: Names, said: str) -> list[Entity]:
    """Understand "Dark Stars" as several times Dark Star."""
    for ending in ("s", "es"):
        if said.endswith(ending) and (found := names.exact.get(said.removesuffix(ending))):
            return [entity for entity in found if entity.kind in WORKS]
    return []


def _meant(page: Page, first: int, last: int, found: Sequence[Entity]) -> bool:
    """Whether words that may as well say something else are meant as a name."""
    words = page.words[first:last]
    if all(page.quoted[first:last]):
        return True
    if not any(entity.weight for entity in found) and first and preposition(page, first) not in TOWARDS:
        return False
    if all(len(word.norm) <= 2 for word in words):  # CA, or, in, me: a code is written in capitals
        return all(word.is_upper and word.norm not in _NOT_CODES for word in words)
    if any(word.norm not in KNOWN for word in words):
        return True
    said = " ".join(word.norm for word in words)
    telling = [word for word in words if word.norm not in FUNCTION_WORDS]
    capitals = sum(word.capital for word in telling)
    if said in _IDIOMS:
        return capitals >= 2
    if len(words) == 1:
        return capitals == 1 and first > 0 and found[0].kind in (*WORKS, *PLACES)
    return capitals >= max(1, len(telling)) or where_names_stand(page, first, last)


def _preferred(page: Page, first: int, last: int, found: Sequence[Entity]) -> list[Entity]:
    """Choose among things of one name by the word before them, then by what is asked about most."""
    before = preposition(page, first)
    wanted = PREFERRED.get(before, ())
    arrow = beside_arrow(page, first, last)
    if arrow:
        return [entity for entity in found if entity.kind in WORKS]
    best = sorted(found, key=lambda entity: (_rank(entity, wanted), -entity.weight))
    kinds = [entity for entity in best if entity.kind == best[0].kind]
    if not wanted and not any(page.quoted[first:last]) and (mixed := _song_and_place(best)):
        return mixed
    # A place that the lists do not know gives way to anything that they do.
    known = [entity for entity in best if entity.weight]
    if known and not kinds[0].weight:
        kinds = [entity for entity in known if entity.kind == known[0].kind]
    return one_each(kinds)


def _song_and_place(found: Sequence[Entity]) -> list[Entity]:
    """Keep both where a song is called like a city: whoever answers asks which one is meant."""
    songs = [entity for entity in found if entity.kind == "work"]
    places = [entity for entity in found if entity.kind in PLACES and entity.weight]
    return one_each([*songs[:1], *places]) if songs and places else []


def _rank(entity: Entity, wanted: tuple[Kind, ...]) -> int:
    order: tuple[Kind, ...] = (
        "work",
        "recording",
        "place",
        "city",
        "event",
        "artist",
        "region",
        "country",
        "person",
        "release",
        "label",
        "tour",
    )
    return wanted.index(entity.kind) if entity.kind in wanted else 20 + order.index(entity.kind)
