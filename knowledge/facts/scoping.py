"""From names and dates in a question to the nights and the music that it is about.

Where a name can mean several things, the other conditions of the question decide: what leaves nothing
is not meant. What is still open after that is asked back.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from knowledge.facts.archive import Archive
from knowledge.facts.asked import Asked
from knowledge.facts.days import When
from knowledge.facts.names import Entity, Kind
from knowledge.facts.played import Night, Played
from knowledge.facts.reading import WORKS, Mention, Reading
from knowledge.facts.scope import Scope, Subject

CHOICES_MAX = 4
_PLACE_COLUMNS: dict[Kind, str] = {
    "place": "place_key", "city": "city_key", "region": "region_key", "country": "country_key", "tour": "tour_key",
    "event": "event_key",
}  # fmt: skip
_SUBJECT_COLUMNS: dict[Kind, str] = {
    "work": "work_key", "recording": "recording_key", "artist": "artist_key", "label": "label_key",
}  # fmt: skip
_BEFORE_PLACE = {"place": "at", "event": "at", "city": "in", "region": "in", "country": "in", "tour": "on"}
_TOGETHER = re.compile(r"\b(?:both|altogether|combined|counted together|all of them)\b", re.IGNORECASE)
_KIND_WORDS = re.compile(r"\b(festival|radio show|radio|livestream|open deck)s?\b")
_KINDS = {
    "festival": "festival",
    "radio show": "radio",
    "radio": "radio",
    "livestream": "livestream",
    "open deck": "open decks",
}


class Unclear(Exception):
    """A name of the question means several things that all fit: `choices` are questions that are clear."""

    def __init__(self, choices: Iterable[str]) -> None:
        super().__init__()
        self.choices = tuple(dict.fromkeys(choices))[:CHOICES_MAX]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question is about: the scope in words and as conditions, and the things that were played."""

    scope: Scope
    places: tuple[str, ...]  # "at Winterland", "in Ithaca"
    subjects: tuple["Thing", ...] = ()
    left_out: frozenset[str] = frozenset()  # keys of works that are not to be counted


@dataclass(frozen=True, slots=True)
class Thing:
    """A work, a recording, an artist or a label, as it is called."""

    kind: Kind
    name: str
    detail: str
    subject: Subject

    @property
    def shown(self) -> str:
        return f"“{self.name}”" if self.kind in ("work", "recording") else self.name


def meant(reading: Reading, asked: Asked, archive: Archive) -> Meant:
    """Say which nights and what music a question is about; raises `Unclear`."""
    for mention in reading.mentions:
        if len({entity.kind for entity in mention.candidates}) > 1:
            raise Unclear(_instead(reading.question, mention, entity) for entity in mention.candidates)
    without = tuple((_PLACE_COLUMNS[one.kind], one.keys) for one in reading.left_out if one.kind in _PLACE_COLUMNS)
    scope = Scope(when_of(reading), ordinal=max(0, asked.show_no), kinds=_kinds(asked, archive), without=without)
    scope, places = _placed(reading, scope, archive, for_prose=asked.intent == "prose")
    scope = _other_reading(reading, scope, archive)
    if asked.show_no == -1:
        scope = replace(scope, ordinal=max((night.ordinal for night in archive.nights(scope)), default=0))
    left_out = frozenset(key for mention in reading.left_out if mention.kind in WORKS for key in mention.keys)
    words = _KIND_WORDS.search(asked.masked)
    said = [f"at {words[1]}s", *places] if scope.kinds and words else places
    return Meant(scope, tuple(said), tuple(_things(reading, scope, archive, asked)), left_out)


def _kinds(asked: Asked, archive: Archive) -> frozenset[str]:
    """Narrow to festivals, or to radio, where the question says so and the lists know which were."""
    found = _KIND_WORDS.search(asked.masked)
    if found is None:
        return frozenset()
    kind = _KINDS[found[1]]
    return frozenset({kind}) if archive.nights(Scope(kinds=frozenset({kind}))) else frozenset()


def when_of(reading: Reading) -> When:
    """Join what the dates of a question say."""
    days = [one.when for one in reading.dates if one.when.is_day]
    if len(days) == 2 and days[0].first != days[1].first:
        first, last = sorted(days, key=lambda day: day.first)
        words = f"from {first.words.removeprefix('on ')} to {last.words.removeprefix('on ')}"
        return When(first.first, last.last, words=words)
    whole = When()
    for one in reading.dates:
        whole = whole.with_(one.when)
    return whole


def _other_reading(reading: Reading, scope: Scope, archive: Archive) -> Scope:
    """Take "5/8/77" as 5 August where nothing happened on 8 May."""
    others = [one.otherwise for one in reading.dates if one.otherwise is not None]
    if len(reading.dates) == 1 and others and not archive.nights(scope):
        swapped = replace(scope, when=others[0])
        return swapped if archive.nights(swapped) else scope
    return scope


def _placed(reading: Reading, scope: Scope, archive: Archive, *, for_prose: bool) -> tuple[Scope, list[str]]:
    said: list[str] = []
    waiting: list[Mention] = []
    for mention in reading.mentions:
        column = _PLACE_COLUMNS.get(mention.kind)
        if column is None:
            if mention.kind == "person":
                scope = replace(scope, performers=scope.performers | mention.keys)
                said.append(f"with {mention.name}")
        elif mention.is_clear or mention.kind == "event":
            scope = replace(scope, places=(*scope.places, (column, mention.keys)))
            said.append(f"{_BEFORE_PLACE[mention.kind]} {mention.candidates[0].shown}")
        else:
            waiting.append(mention)
    for mention in waiting:
        entity = _only(reading, mention, _held_there(archive, scope), for_prose=for_prose)
        scope = _with(scope, entity)
        said.append(f"{_BEFORE_PLACE[mention.kind]} {entity.shown}")
    return scope, said


def _held_there(archive: Archive, scope: Scope) -> Callable[[Entity], bool]:
    return lambda entity: bool(archive.nights(_with(scope, entity)))


def _with(scope: Scope, entity: Entity) -> Scope:
    return replace(scope, places=(*scope.places, (_PLACE_COLUMNS[entity.kind], entity.keys)))


def _only(reading: Reading, mention: Mention, fits: Callable[[Entity], bool], *, for_prose: bool = False) -> Entity:
    """Give the one candidate that fits; when none does the first is as good as any, when several do ask."""
    fitting = [entity for entity in mention.candidates if fits(entity)] or list(mention.candidates[:1])
    if len(fitting) > 1 and for_prose:
        return replace_entity(fitting[0], frozenset().union(*(entity.keys for entity in fitting)))
    if len(fitting) > 1 and _TOGETHER.search(reading.question):
        keys = frozenset().union(*(entity.keys for entity in fitting))
        return replace_entity(fitting[0], keys)
    if len(fitting) > 1:
        raise Unclear(_instead(reading.question, mention, entity) for entity in fitting)
    return fitting[0]


def replace_entity(entity: Entity, keys: frozenset[str]) -> Entity:
    """Mean several things of one name at once."""
    return Entity(entity.kind, keys, entity.name, entity.spellings, entity.weight)


def _instead(question: str, mention: Mention, entity: Entity) -> str:
    name = f"“{entity.shown}”" if entity.kind in ("work", "recording") else entity.shown
    if entity.kind in _BEFORE_PLACE and mention.kind in WORKS:
        name = f"{_BEFORE_PLACE[entity.kind]} {name}"
    return question[: mention.start] + name + question[mention.end :]


def _things(reading: Reading, scope: Scope, archive: Archive, asked: Asked) -> Iterator[Thing]:
    nights = None
    mentions = reading.of("work", "recording", "artist", "label")
    for mention in mentions:
        entity = mention.candidates[0]
        if not mention.is_clear:
            nights = archive.nights(scope) if nights is None else nights
            paired = asked.intent == "transition"
            narrower = _of_a_pair(mention, mentions, archive, nights) if paired else mention
            entity = _only(reading, narrower, _played_at(archive, nights), for_prose=asked.intent == "prose")
        yield Thing(entity.kind, entity.name, entity.detail, subject_of(entity))


def _of_a_pair(mention: Mention, mentions: list[Mention], archive: Archive, nights: list[Night]) -> Mention:
    """Of several candidates take the one that is played on nights of the other, far more than any."""
    other = next((one for one in mentions if one is not mention and one.is_clear), None)
    if other is None:
        return mention
    beside = set(archive.plays(subject_of(other.candidates[0]), nights))
    shared = [len(beside & set(archive.plays(subject_of(entity), nights))) for entity in mention.candidates]
    best = max(range(len(shared)), key=shared.__getitem__)
    others = [count for number, count in enumerate(shared) if number != best]
    return (
        replace(mention, candidates=(mention.candidates[best],))
        if shared[best] >= 6 * max(others, default=0)
        else mention
    )


def _played_at(archive: Archive, nights: list[Night]) -> Callable[[Entity], bool]:
    return lambda entity: bool(archive.plays(subject_of(entity), nights))


def subject_of(entity: Entity) -> Subject:
    """Give the column and the keys by which an entity's items are found."""
    return Subject(_SUBJECT_COLUMNS[entity.kind], entity.keys)


def plays_of(meant: Meant, archive: Archive, nights: list[Night] | None = None) -> dict[str, list[Played]]:
    """Give the items that are about all the things of a question together ("Glue by Bicep"), by night."""
    nights = archive.nights(meant.scope) if nights is None else nights
    found: dict[str, list[Played]] | None = None
    for thing in meant.subjects:
        plays = archive.plays(thing.subject, nights)
        if found is not None:
            known = {item.ident for items in found.values() for item in items}
            plays = {key: [item for item in items if item.ident in known] for key, items in plays.items()}
        found = {key: items for key, items in plays.items() if items}
    return found or {}
