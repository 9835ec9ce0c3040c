"""Reads a question as far as words go: its dates, the names in it with what they can mean, and what is left over.

Names are found whole first, the longest before the shorter; then, in what no list of words explains,
with typos and by a part ("Scarlet", "the Greek"). Where two are close, both are kept: whoever answers
asks back, or lets the other conditions of the question decide.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from knowledge.facts.dates import Calendar, Dated, dated
from knowledge.facts.keys import normal
from knowledge.facts.names import PLACES, Entity, Kind, Names
from knowledge.facts.vocabulary import ASKING_WORDS, COMMON, FUNCTION_WORDS, KNOWN, is_a_word

# The margin rule, as measured on a DJ's 33 sets: from this likeness on, and this far before the next.
LIKENESS_MIN = 80.0
MARGIN = 3.0
SUGGESTED_FROM = 70.0
# A name of which only a part was said is taken for the one that is played so much more than the other.
POPULAR_TIMES = 6
WINDOW_WORDS_MAX = 8

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*\.?(?=$|\W)|[^\W_]+|-+>|>|→")
_QUOTED = re.compile(r"[\"“«](?P<name>[^\"”»]{2,120})[\"”»]|(?<!\w)['‘](?P<single>[^'’]{3,120})['’](?!\w)")
_TOWARDS = {"in", "to", "from", "of", "through", "across", "over", "around", "play", "played", "visit", "visited", "at"}
_NAMING = {
    "play", "played", "plays", "playing", "do", "did", "done", "into", "of", "perform", "performed", "hear", "heard",
    "after", "before", "follow", "followed", "with", "without", "segued", "segue", "and", "any", "sing", "sang", "drop",
    "dropped", "spin", "spun",
}  # fmt: skip
_IDIOMS = {
    "the last time",
    "last time",
    "the first time",
    "first time",
    "one time",
    "next time",
    "this time",
    "good times",
}
# Two capitals that are a state's code, and as often a word.
_NOT_CODES = {"i", "a", "in", "or", "me", "ok", "hi", "oh", "id", "as", "no", "la", "de", "dj", "tv", "us"} - {"us"}
_ASKED_WITH = sorted(word for word in ASKING_WORDS | FUNCTION_WORDS if len(word) >= 4)
ARROWS = {">", "->", "-->", "→"}
_PREFERRED: dict[str, tuple[Kind, ...]] = {
    "at": ("place", "event", "city"),
    "in": ("city", "region", "country", "place", "tour"),
    "with": ("person", "artist"),
    "by": ("artist", "person", "label"),
    "from": ("city", "country", "label", "release"),
    "on": ("label", "release", "tour", "event"),
    "off": ("release",),
}
WORKS: tuple[Kind, ...] = ("work", "recording")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question: its normal form, where it stands, whether it has a capital."""

    norm: str
    start: int
    end: int
    capital: bool
    is_upper: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the question that names something; several candidates when it is not clear what."""

    first: int
    last: int  # of the words, exclusive
    start: int
    end: int  # of the characters
    candidates: tuple[Entity, ...]
    score: float
    written: str

    @property
    def kind(self) -> Kind:
        return self.candidates[0].kind

    @property
    def is_clear(self) -> bool:
        return len(self.candidates) == 1

    @property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(entity.keys for entity in self.candidates))

    @property
    def name(self) -> str:
        return self.candidates[0].name


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, read. `left` are the words that nothing explains; `masked` shows names and dates as marks."""

    question: str
    words: tuple[Word, ...]
    dates: tuple[Dated, ...]
    mentions: tuple[Mention, ...]
    left: tuple[Word, ...]
    suggestions: tuple[Entity, ...] = ()
    masked: str = ""
    left_out: tuple[Mention, ...] = ()  # names that the question says are not to be counted
    written: dict[int, tuple[int, int, str]] = field(default_factory=dict)  # words put right, by their number

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(word.norm for word in self.left)

    def of(self, *kinds: Kind) -> list[Mention]:
        return [mention for mention in self.mentions if mention.kind in kinds]


@dataclass(slots=True)
class _Reader:
    names: Names
    words: list[Word]
    written: list[str]
    free: list[bool]
    quoted: list[bool]
    mentions: list[Mention] = field(default_factory=list)
    suggestions: list[Entity] = field(default_factory=list)


def read(question: str, names: Names, calendar: Calendar, fillers: frozenset[str] = frozenset()) -> Reading:
    """Read a question beside what a tier knows; `fillers` are words that say nothing here, such as the artist's name."""
    words = [_word(found) for found in _WORD.finditer(question)]
    quoted = [found.span("name") if found["name"] else found.span("single") for found in _QUOTED.finditer(question)]
    inside = [any(start <= word.start and word.end <= end + 1 for start, end in quoted) for word in words]
    written = [question[word.start : word.end] for word in words]
    reader = _Reader(names, words, written, [True] * len(words), inside)
    _exact(reader, least=2)
    dates = [one for one in dated(question, calendar) if not _covers(reader, one)]
    for number, word in enumerate(words):
        if any(one.start <= word.start < one.end for one in dates):
            reader.free[number] = False
    known = KNOWN | fillers
    _by_parts(reader, known)
    _exact(reader, least=1)
    written = _corrected(reader, known)
    mentions = sorted(reader.mentions, key=lambda mention: mention.first)
    taken = {number for mention in mentions for number in range(mention.first, mention.last)}
    left = [
        word
        for number, word in enumerate(words)
        if number not in taken and reader.free[number]
        if (not _explained(word, known) and number not in written) or _names_something(words, number, fillers)
        if not _whose(question, words, number, taken)
    ]
    return Reading(
        question, tuple(words), tuple(dates), tuple(mentions), tuple(left), tuple(reader.suggestions[:4]),
        masked(question, mentions, dates, written), (), written,
    )  # fmt: skip


def _word(found: re.Match[str]) -> Word:
    written = found[0]
    norm = written if written in ARROWS else normal(written)
    return Word(norm, found.start(), found.end(), written[:1].isupper() or written[:1].isdigit(), written.isupper())


def _names_something(words: Sequence[Word], number: int, fillers: frozenset[str]) -> bool:
    """Whether a known word is written as a name that nothing was found for ("Radio City")."""
    word = words[number]
    within = number > 0 and words[number - 1].end + 1 == word.start and not words[number - 1].is_upper
    telling = word.norm not in FUNCTION_WORDS and word.norm not in fillers and word.norm.isalpha()
    return word.capital and not word.is_upper and within and telling and len(word.norm) > 2


def _whose(question: str, words: Sequence[Word], number: int, taken: set[int]) -> bool:
    """Whether a word says no more than whose a thing is: "Dylan's" before a song, "Pigpen's" before "band"."""
    owner = re.search(r"['’]s?$", question[words[number].start : words[number].end + 1].rstrip())
    return (
        bool(owner) and number + 1 < len(words) and (number + 1 in taken or words[number + 1].norm in ("band", "song"))
    )


def _covers(reader: _Reader, one: Dated) -> bool:
    """Whether a name of several words holds what looks like a date ("Friday Night Blues")."""
    return any(mention.start <= one.start and one.end <= mention.end for mention in reader.mentions)


def _explained(word: Word, known: frozenset[str]) -> bool:
    parts = word.norm.split()
    if len(word.norm) <= 2 and not word.is_upper:
        return True
    return all(
        part in known or part.isdigit() or part in ARROWS or re.fullmatch(r"\d+(?:st|nd|rd|th|s|x)", part)
        for part in parts
    )


def _corrected(reader: _Reader, known: frozenset[str]) -> dict[int, tuple[int, int, str]]:
    """Read "diffrent" and "oftn" as the words of asking that they are; a name is not put right in this way."""
    found: dict[int, tuple[int, int, str]] = {}
    for number, word in enumerate(reader.words):
        if not reader.free[number] or len(word.norm) < 4 or word.capital or _explained(word, known):
            continue
        if is_a_word(word.norm):  # a word by itself, and not one of ours
            continue
        alike = process.extractOne(word.norm, _ASKED_WITH, scorer=fuzz.ratio, score_cutoff=84)
        if alike is not None:
            found[number] = word.start, word.end, alike[0]
    return found


def masked(
    question: str,
    mentions: Sequence[Mention],
    dates: Sequence[Dated],
    written: dict[int, tuple[int, int, str]] | None = None,
) -> str:
    """Write the question with marks in the place of names and dates, lower-case."""
    kinds = {"recording": "work"}
    marks = [kinds.get(mention.kind, mention.kind).upper() for mention in mentions]
    spans = [(mention.start, mention.end, f" {{{mark}}} ") for mention, mark in zip(mentions, marks, strict=True)]
    spans += [(one.start, one.end, " {DATE} ") for one in dates]
    spans += [(start, end, f" {word} ") for start, end, word in (written or {}).values()]
    masked, at = "", 0
    for start, end, mark in sorted(spans):
        if start >= at:
            masked, at = masked + question[at:start].lower() + mark, end
    return re.sub(r"\s+", " ", (masked + question[at:].lower()).replace("’", "'")).strip()


def _exact(reader: _Reader, least: int) -> None:
    longest = min(reader.names.longest, 12)
    for length in range(longest, least - 1, -1):
        for first in range(len(reader.words) - length + 1):
            if all(reader.free[first : first + length]):
                _exactly(reader, first, first + length)


def _exactly(reader: _Reader, first: int, last: int) -> None:
    words = reader.words[first:last]
    if words[0].norm in ARROWS or words[-1].norm in ARROWS:
        return
    said = normal(" ".join(word.norm for word in words))
    found = reader.names.exact.get(said) or _singular(reader.names, said)
    if not found and last - first == 1 and (letters := _initials(reader, first)):
        found = reader.names.acronyms.get(letters, [])
        if found:
            _keep(reader, first, last, _preferred(reader, first, last, found), 95.0)
        return
    if not found or not _meant(reader, first, last, found):
        return
    candidates = _preferred(reader, first, last, found)
    if candidates:
        _keep(reader, first, last, candidates, 100.0)


def _initials(reader: _Reader, at: int) -> str:
    """Give the letters of a word that is written like initials: MSG, GDTRFBs."""
    written = reader.written[at]
    letters = written.removesuffix("s") if written[:-1].isupper() else written
    return letters.lower() if letters.isupper() and 3 <= len(letters) <= 7 else ""


def _singular(names: Names, said: str) -> list[Entity]:
    """Understand "Dark Stars" as several times Dark Star."""
    for ending in ("s", "es"):
        if said.endswith(ending) and (found := names.exact.get(said.removesuffix(ending))):
            return [entity for entity in found if entity.kind in WORKS]
    return []


def _meant(reader: _Reader, first: int, last: int, found: Sequence[Entity]) -> bool:
    """Whether words that may as well say something else are meant as a name."""
    words = reader.words[first:last]
    if all(reader.quoted[first:last]):
        return True
    if not any(entity.weight for entity in found) and first and _preposition(reader, first) not in _TOWARDS:
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
    return capitals >= max(1, len(telling)) or _where_names_stand(reader, first, last)


def _where_names_stand(reader: _Reader, first: int, last: int) -> bool:
    """Whether a name is due here: after "play", beside an arrow, between "into" and the end."""
    opens = first == 0 and last < len(reader.words) and reader.words[last].norm in ("is", "was", "has", "count", "went")
    return opens or _preposition(reader, first) in _NAMING or _beside_arrow(reader, first, last)


def _preferred(reader: _Reader, first: int, last: int, found: Sequence[Entity]) -> list[Entity]:
    """Choose among things of one name by the word before them, then by what is asked about most."""
    before = _preposition(reader, first)
    wanted = _PREFERRED.get(before, ())
    arrow = _beside_arrow(reader, first, last)
    if arrow:
        return [entity for entity in found if entity.kind in WORKS]
    best = sorted(found, key=lambda entity: (_rank(entity, wanted), -entity.weight))
    kinds = [entity for entity in best if entity.kind == best[0].kind]
    if not wanted and not any(reader.quoted[first:last]) and (mixed := _song_and_place(best)):
        return mixed
    # A place that the lists do not know gives way to anything that they do.
    known = [entity for entity in best if entity.weight]
    if known and not kinds[0].weight:
        kinds = [entity for entity in known if entity.kind == known[0].kind]
    return _one_each(kinds)


def _song_and_place(found: Sequence[Entity]) -> list[Entity]:
    """Keep both where a song is called like a city: whoever answers asks which one is meant."""
    songs = [entity for entity in found if entity.kind == "work"]
    places = [entity for entity in found if entity.kind in PLACES and entity.weight]
    return _one_each([*songs[:1], *places]) if songs and places else []


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


def _preposition(reader: _Reader, first: int) -> str:
    at = first - 1
    while at >= 0 and reader.words[at].norm in ("the", "a", "an", "that", "this", "his", "her", "your"):
        at -= 1
    return reader.words[at].norm if at >= 0 else ""


def _beside_arrow(reader: _Reader, first: int, last: int) -> bool:
    return (first > 0 and reader.words[first - 1].norm in ARROWS) or (
        last < len(reader.words) and reader.words[last].norm in ARROWS
    )


def _keep(reader: _Reader, first: int, last: int, candidates: Iterable[Entity], score: float) -> None:
    start, end = reader.words[first].start, reader.words[last - 1].end
    written = " ".join(word.norm for word in reader.words[first:last])
    reader.mentions.append(Mention(first, last, start, end, tuple(candidates), score, written))
    for number in range(first, last):
        reader.free[number] = False


def _one_each(entities: Iterable[Entity]) -> list[Entity]:
    return list({entity.ident: entity for entity in entities}.values())


def _by_parts(reader: _Reader, known: frozenset[str]) -> None:
    """Find names that were written with typos, or of which only a part was said, in what is not explained."""
    for first, last in list(_unexplained(reader, known)):
        while first < last:
            best = max(
                _windows(reader, first, last, known), key=lambda found: _worth(reader, found, known), default=None
            )
            if best is None or best[0] < LIKENESS_MIN:
                if best is not None and best[0] >= SUGGESTED_FROM:
                    reader.suggestions += best[3]
                break
            _, start, end, candidates = best
            _keep(reader, start, end, candidates, best[0])
            first = max(first, end)
            while first < last and not reader.free[first]:
                first += 1


def _worth(reader: _Reader, found: "Found", known: frozenset[str]) -> float:
    """Prefer what explains more of the words that nothing else explains, and then what is longer."""
    score, start, end, _ = found
    explained = sum(not _explained(word, known) for word in reader.words[start:end])
    return (score if score >= LIKENESS_MIN else score - 50) + 8.0 * explained + 0.1 * (end - start)


def _unexplained(reader: _Reader, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Give the runs of words that no list explains; small words between two of them belong to the run."""
    at, count = 0, len(reader.words)
    while at < count:
        if not reader.free[at] or _explained(reader.words[at], known):
            at += 1
            continue
        end = at + 1
        ahead = end
        while ahead < count and ahead - end < 3 and reader.free[ahead]:
            if not _explained(reader.words[ahead], known):
                end = ahead + 1
            elif reader.words[ahead].norm in ARROWS | {"into", "at", "in", "after", "before", "on"}:
                break
            ahead += 1
        yield at, end
        at = end


Found = tuple[float, int, int, list[Entity]]


def _windows(reader: _Reader, first: int, last: int, known: frozenset[str]) -> Iterator[Found]:
    """Try stretches around an unexplained run, some words wider on either side."""
    low = first
    while low > 0 and first - low < 4 and reader.free[low - 1] and reader.words[low - 1].norm not in ARROWS:
        low -= 1
    high = last
    while high < len(reader.words) and high - last < 4 and reader.free[high] and reader.words[high].norm not in ARROWS:
        high += 1
    for start in range(low, last):
        for end in range(max(start, first) + 1, min(high, start + WINDOW_WORDS_MAX) + 1):
            holds = any(not _explained(reader.words[n], known) for n in range(start, end))
            hangs = any(reader.words[n].norm in FUNCTION_WORDS for n in (start, end - 1))
            if holds and not hangs and (found := _alike(reader, start, end)):
                yield found


def _alike(reader: _Reader, start: int, end: int) -> Found | None:
    said = normal(" ".join(word.norm for word in reader.words[start:end]))
    everyday = all(word.norm in COMMON or word.norm in KNOWN for word in reader.words[start:end])
    somewhere = _preposition(reader, start) in ("at", "in", "from", "near")
    if len(said) < 3 or (everyday and not (somewhere or _stands_out(reader, start))):
        return None
    # "the weather" is no song that begins so; "the Wheel", or "after Wheel", may be.
    after_article = (
        end - start == 1 and start > 0 and reader.words[start - 1].norm in ("the", "a", "an", "your", "that")
    )
    scored = [
        (score, entity) for score, entity in _scored(reader.names, said) if entity.weight or _is_due(reader, start, end)
    ]
    wanted = _PREFERRED.get(_preposition(reader, start), ())
    if _beside_arrow(reader, start, end):
        scored = [(score, entity) for score, entity in scored if entity.kind in WORKS]
    scored = [(score + (2.0 if entity.kind in wanted else 0.0), entity) for score, entity in scored]
    if after_article and not somewhere and not reader.words[start].capital and not reader.quoted[start]:
        scored = [(score, entity) for score, entity in scored if _is_misspelt(said, entity)]
    if everyday and somewhere and not _stands_out(reader, start):
        scored = [(score, entity) for score, entity in scored if entity.kind in (*PLACES, "event")]
    if not scored:
        return None
    scored.sort(key=lambda one: (-one[0], -one[1].weight))
    top, best = scored[0]
    close = _one_each(entity for score, entity in scored if top - score < MARGIN)
    popular = max(close, key=lambda entity: entity.weight)
    others = [entity.weight for entity in close if entity.ident != popular.ident]
    if top < 100 and others and popular.weight >= POPULAR_TIMES * max(others):
        close = [popular]
    elif wanted and best.kind in wanted:
        close = [entity for entity in close if entity.kind == best.kind]
    kinds = [entity for entity in close if entity.kind == close[0].kind]
    return top, start, end, kinds


def _is_due(reader: _Reader, start: int, end: int) -> bool:
    """Whether a country that no list has is meant: "in China", but not "after China Cat"."""
    goes_on = end < len(reader.words) and reader.free[end] and not _explained(reader.words[end], KNOWN)
    return _preposition(reader, start) in _TOWARDS and not goes_on


def _stands_out(reader: _Reader, at: int) -> bool:
    """Whether an everyday word is meant as a name here."""
    word = reader.words[at]
    into = at + 1 < len(reader.words) and reader.words[at + 1].norm == "into" and word.capital
    dated_next = at + 1 < len(reader.words) and not reader.free[at + 1] and word.capital
    return (
        reader.quoted[at] or (word.capital and at > 0) or into or dated_next or _where_names_stand(reader, at, at + 1)
    )


def _scored(names: Names, said: str) -> list[tuple[float, Entity]]:
    found: dict[int, tuple[float, Entity]] = {}

    def note(score: float, entity: Entity) -> None:
        if score >= SUGGESTED_FROM and score > found.get(id(entity), (0.0, entity))[0]:
            found[id(entity)] = score, entity

    for number in _sharing_a_word(names, said):
        entity = names.entities[number]
        note(max(_part_of(said, spelling) for spelling in entity.spellings), entity)
    if len(said) >= 4:
        alike = process.extract(said, names.spellings, scorer=fuzz.ratio, score_cutoff=SUGGESTED_FROM, limit=8)
        for spelling, score, _ in alike:
            if score < 92 and not _word_by_word(said, spelling):
                continue
            for entity in names.exact[spelling]:
                note(score - 1.0, entity)
    return list(found.values())


def _is_misspelt(said: str, entity: Entity) -> bool:
    """Whether the whole name was meant, and not a part of it."""
    return any(fuzz.ratio(said, spelling) >= LIKENESS_MIN for spelling in entity.spellings)


def _word_by_word(said: str, spelling: str) -> bool:
    """Whether every word has its like: "university of salamanca" is not Alabama's."""
    others = spelling.split()
    return all(
        word in FUNCTION_WORDS or any(word[0] == other[0] and fuzz.ratio(word, other) >= 75 for other in others)
        for word in said.split()
    )


def _sharing_a_word(names: Names, said: str) -> set[int]:
    words = [word for word in said.split() if word not in FUNCTION_WORDS]
    sets = [_holding(names, word) for word in words]
    return set.intersection(*sets) if sets and all(sets) else set()


def _holding(names: Names, word: str) -> set[int]:
    """Give the names that hold a word, in the plural or the singular, or one that begins with it."""
    found = names.tokens.get(word) or names.tokens.get(word.removesuffix("s")) or set()
    if len(word) < 3:
        return found
    return found | names.beginning_with(word)


def _part_of(said: str, spelling: str) -> float:
    """Score a part of a name: all its words stand there, in order, the last perhaps cut short ("Sugar Mag")."""
    if said == spelling:
        return 100.0
    rest, words = spelling.split(), [word for word in said.split() if word not in FUNCTION_WORDS]
    cut_short = 0
    for word in words:
        at = next((n for n, other in enumerate(rest) if _same_word(word, other)), None)
        if at is None and len(word) >= 3 and (len(words) > 1 or len(word) >= 4):
            at = next((n for n, other in enumerate(rest) if other.startswith(word)), None)
            cut_short += 1
        if at is None:
            return 0.0
        rest = rest[at + 1 :]
    extra = [word for word in said.split() if word in FUNCTION_WORDS and word not in spelling.split()]
    return 86.0 + 2.5 * min(1.0, len(said) / len(spelling)) - 6.0 * len(extra) - 3.0 * cut_short


def _same_word(word: str, other: str) -> bool:
    return word in (other, f"{other}s", f"{other}es") or f"{word}s" == other
