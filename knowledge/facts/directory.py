"""Every thing that the notes name, for the artist: by the page, searched, with its sources and what may be the same.

It reads as the innermost tier does, so it is for her alone. The list is made once for each version of the
material; what is looked for in it costs no database.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, text

from knowledge.contracts import HIGHEST_TIER, Readers
from knowledge.corpus_versions import corpus_versions_of
from knowledge.facts.exact import ExactQuestions
from knowledge.facts.keys import name_key, normal
from knowledge.facts.known import Known

KINDS = ("release", "work", "event", "artist", "person", "place", "city", "label", "tour")
PAGE = 50
ROWS_SHOWN = 100
ALIKE_MAX = 200
SLIP_CHARS_MIN = 6
"""From this length on, names that differ by one letter may be one name."""
CROWD_MAX = 6
"""More names than this that look alike are a series, and no slips."""

_SPOKEN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "release": (("releases", "release_key", "title"),),
    "work": (("set_items", "work_key", "title"), ("tracks", "work_key", "title")),
    "event": (("events", "event_key", "title"),),
    "artist": tuple((table, "artist_key", "artist") for table in ("set_items", "tracks", "releases")),
    "person": (("credits", "person_key", "person"),),
    "place": (("events", "place_key", "venue"),),
    "city": (("events", "city_key", "city"),),
    "label": tuple((table, "label_key", "label") for table in ("set_items", "tracks", "releases")),
    "tour": (("events", "tour_key", "tour"),),
}
_EVENTS = text(
    "SELECT event_key, date, title, venue, city, count(*) AS held FROM events GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 1"
)
_ALIASES = text("SELECT alias FROM aliases WHERE kind = :kind AND name_key = :key ORDER BY alias")


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing: how it is called, what tells it from others of that name, and how many rows speak of it."""

    kind: str
    key: str
    name: str
    detail: str
    rows: int
    searched: str

    @property
    def known(self) -> Known:
        """Give it as `Curation` takes it."""
        return Known(self.kind, self.key, self.name, self.rows)


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """One page of things; `count` is how many there are on all pages."""

    entries: tuple[Entry, ...]
    count: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class Row:
    """A row that speaks of a thing, as it was taken in, with the note that it stands in."""

    ident: str
    called: str
    raw: str
    document_id: str
    title: str
    tier: int


@dataclass(frozen=True, slots=True)
class Sources:
    """What speaks of a thing: other names of it, and its rows, so many of `count`."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    count: int


class Directory:
    """One per node; thread-safe."""

    def __init__(self, readers: Readers, exact: ExactQuestions) -> None:
        self._readers = readers
        self._exact = exact
        self._lock = threading.Lock()
        self._kept: tuple[tuple[tuple[int, str], ...], dict[tuple[str, str], Entry]] = ((), {})

    def page(self, kind: str, words: str, number: int) -> DirectoryPage:
        """Give one page of the things of a kind, "" for every kind, whose names hold these words."""
        wanted = normal(words).split()
        found = [
            one
            for one in self._entries().values()
            if kind in ("", one.kind) and all(word in one.searched for word in wanted)
        ]
        number = max(1, min(number, -(-len(found) // PAGE)))
        return DirectoryPage(tuple(found[(number - 1) * PAGE : number * PAGE]), len(found), number)

    def counts(self) -> dict[str, int]:
        """Say how many things of each kind there are."""
        counts = dict.fromkeys(KINDS, 0)
        for kind, _ in self._entries():
            counts[kind] += 1
        return counts

    def find(self, kind: str, key: str) -> Entry | None:
        """Give a thing by its key, or None."""
        return self._entries().get((kind, key))

    def sources(self, one: Entry) -> Sources:
        """Give what speaks of a thing, the first rows of it."""
        names: dict[str, None] = {}
        rows: list[Row] = []
        with self._readers(HIGHEST_TIER) as reader:
            for table, key, name in _SPOKEN[one.kind]:
                for found in _rows(reader, table, key, name, one.key):
                    names[found.called] = None
                    rows.append(found)
            names |= dict.fromkeys(reader.execute(_ALIASES, {"kind": one.kind, "key": one.key}).scalars())
        others = tuple(name for name in names if name and name != one.name)
        return Sources(others, tuple(rows[:ROWS_SHOWN]), one.rows)

    def alike(self, apart: Collection[frozenset[str]] = (), kind: str = "") -> list[tuple[Entry, Entry]]:
        """Give pairs of things that may be one, the surest first; `apart` are the keys of pairs that are two."""
        by_kind: dict[str, list[Entry]] = defaultdict(list)
        for one in self._entries().values():
            if one.kind != "event" and kind in ("", one.kind):
                by_kind[one.kind].append(one)
        pairs = [
            (likeness, pair)
            for entries in by_kind.values()
            for likeness, pair in _alike(entries)
            if frozenset(one.key for one in pair) not in apart
        ]
        pairs.sort(key=lambda found: (found[0], -sum(one.rows for one in found[1]), found[1][0].key))
        return [pair for _, pair in pairs[:ALIKE_MAX]]

    def _entries(self) -> dict[tuple[str, str], Entry]:
        with self._readers(HIGHEST_TIER) as reader:
            versions = tuple((one.tier, one.version) for one in corpus_versions_of(reader))
            with self._lock:
                if self._kept[0] == versions and versions:
                    return self._kept[1]
            found = {(one.kind, one.key): one for one in self._read(reader)}
        with self._lock:
            self._kept = (versions, found)
        return found

    def _read(self, reader: Connection) -> Iterator[Entry]:
        by_kind: dict[str, list[Entry]] = defaultdict(list)
        entities = self._exact.names(reader).entities
        called = {name_key(one.name): one.name for one in entities if one.weight and one.kind in ("artist", "city")}
        for entity in entities:
            if entity.weight and entity.kind in KINDS and entity.kind != "event":
                key = max(sorted(entity.keys), key=len)
                beside = key.partition("|")[2]
                detail = entity.detail or called.get(beside, beside)
                searched = " ".join([normal(entity.name), normal(detail), *sorted(entity.spellings)])
                by_kind[entity.kind].append(Entry(entity.kind, key, entity.name, detail, entity.weight, searched))
        by_kind["event"] = list(_events(reader))
        for kind in KINDS:
            if kind != "event":
                by_kind[kind].sort(key=lambda one: (name_key(one.name), one.key))
            yield from by_kind[kind]


def _events(reader: Connection) -> Iterator[Entry]:
    seen = set[str]()
    for row in reader.execute(_EVENTS):
        if row.event_key in seen:
            continue
        seen.add(row.event_key)
        where = ", ".join(part for part in (row.title, row.venue, row.city) if part)
        yield Entry(
            "event",
            row.event_key,
            where or "a night",
            row.date,
            row.held,
            f"{row.date} {normal(row.date)} {normal(where)}",
        )


def _rows(reader: Connection, table: str, key: str, name: str, of: str) -> Iterator[Row]:
    query = text(
        f"SELECT x.id, x.{name} AS called, x.raw, x.document_id, d.title, x.tier"  # noqa: S608  # own tables
        f" FROM {table} x"
        f" JOIN documents d ON d.id = x.document_id WHERE x.{key} = :key"
        " ORDER BY d.date, d.title, x.ordinal LIMIT :most"
    )
    for row in reader.execute(query, {"key": of, "most": ROWS_SHOWN}):
        yield Row(row.id, row.called, row.raw, row.document_id, row.title, row.tier)


def _alike(entries: list[Entry]) -> Iterator[tuple[int, tuple[Entry, Entry]]]:
    """Give pairs with how far they are apart: 0 the same letters, 1 the same words, 2 a slip of one letter."""
    seen = set[tuple[str, str]]()
    for distance, forms in enumerate((_letters, _words, _slips)):
        for one, other in _crowded(entries, forms):
            pair = (min(one.key, other.key), max(one.key, other.key))
            if pair in seen or one.key == other.key or (forms is _slips and not _is_slip(one, other)):
                continue
            if _may_be_one(one, other):
                seen.add(pair)
                yield distance, ((one, other) if one.rows >= other.rows else (other, one))


def _crowded(entries: list[Entry], forms: Callable[[Entry], Iterable[str]]) -> Iterator[tuple[Entry, Entry]]:
    """Give pairs that share a form, but for forms that many share."""
    crowds: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        for form in forms(one):
            crowds[form].append(one)
    for crowd in crowds.values():
        if len(crowd) <= CROWD_MAX:
            yield from combinations(crowd, 2)


def _may_be_one(one: Entry, other: Entry) -> bool:
    """Whether nothing tells them apart: a number in the name, another artist, another town."""
    if _digits(one.name) != _digits(other.name):
        return False
    beside = [entry.key.partition("|")[2].strip("|") for entry in (one, other)]
    return not all(beside) or beside[0].replace(" ", "") == beside[1].replace(" ", "")


def _digits(name: str) -> str:
    return "".join(char for char in name if char.isdigit())


def _letters(one: Entry) -> Iterable[str]:
    return (name_key(one.name).replace(" ", ""),)


def _words(one: Entry) -> Iterable[str]:
    words = sorted(set(normal(one.name).split()) - {"the", "and", "a", "of"})
    return (" ".join(words),) if len(words) > 1 else ()


def _is_slip(one: Entry, other: Entry) -> bool:
    """Whether one letter was left out, added, mistaken or changed places with its neighbour."""
    return OSA.distance(*("".join(_letters(entry)) for entry in (one, other)), score_cutoff=1) <= 1


def _slips(one: Entry) -> Iterable[str]:
    letters = name_key(one.name).replace(" ", "")
    if len(letters) < SLIP_CHARS_MIN or any(char.isdigit() for char in letters):
        return ()
    return {letters, *(letters[:place] + letters[place + 1 :] for place in range(len(letters)))}
