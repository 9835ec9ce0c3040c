"""Invented liner notes of any number, the same each time: some 340 words about a song, with one fact planted in each.

Whoever finds the right note can tell the fact. Every song can be asked about in some hundred ways, so that
nobody has to ask the same thing twice.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.tiering import TIER_NAMES

WORDS_PER_NOTE = 340
SENTENCES_PER_PARAGRAPH = 5
_FIRST = (
    "Amber Brackish Copper Distant Eastern Folded Granite Hollow Inland Jagged Kindled Lantern Marble Narrow Offshore "
    "Paper Quarry Rented Salted Tidal Upturned Velvet Winter Yellow Burnt Crooked Drifting Empty Feral Gilded Harbour "
    "Idle Juniper Knotted Leaden Midnight Northern Oaken Pewter Quiet"
)
_SECOND = (
    "Anchor Bellows Cistern Dovecote Engine Foghorn Gantry Hinge Inlet Jetty Kettle Ladder Meadow Needle Orchard "
    "Pantry Quilt Rudder Signal Trestle Umbrella Viaduct Whistle Yard Almanac Bridge Chapel Dial Estuary Furnace "
    "Gallery Hawser Island Junction Kiln Ledger Mooring Nocturne Oar Pulley Quay Rafter Siding Thimble Vane Weir Atlas "
    "Beacon Causeway Drawbridge"
)
_INSTRUMENTS = (
    "a harmonium with a torn bellows", "a borrowed cello", "a four-track recorder", "a pump organ", "a toy piano",
    "a broken synthesiser", "an upright bass with three strings", "a glass harp", "a telephone", "two wire recorders",
    "a church organ at half past four", "a biscuit tin", "a dulcimer from a skip", "an accordion without its straps",
    "a vibraphone", "a reed organ", "a pair of kettledrums", "a hurdy-gurdy", "a marimba", "a tape loop of nine metres",
)  # fmt: skip
_PLACES = (
    "Hull", "Leeds", "Lisbon", "Pärnu", "Tampere", "Vilnius", "Gdansk", "Porto", "Aarhus", "Bergen", "Cork", "Dundee",
    "Esbjerg", "Faro", "Ghent", "Haarlem", "Inverness", "Jena", "Kiel", "Lyon", "Malmö", "Nantes", "Oulu", "Penzance",
    "Riga", "Split", "Turku", "Utrecht", "Whitby", "York",
)  # fmt: skip
_PEOPLE = (
    "Dez", "Winnie", "Petra", "Lorcan", "Hester", "Juna", "Marta", "Harold", "Kadri", "Ragna", "Zeno", "Almira", "Tove",
    "Osric", "Bettina", "Ivo", "Carys", "Magnus", "Noor", "Philippa",
)  # fmt: skip
_THINGS = (
    "microphone", "kettle", "ladder", "carpet", "speaker", "window", "bicycle", "coat", "van", "cable", "lamp", "stove",
    "blanket", "suitcase", "radio", "fiddle case", "tin whistle", "flask", "tuning fork", "metronome",
)  # fmt: skip
_SAYINGS = (
    "{who} came from {place} with a {thing} under each arm and stayed until the Sunday.",
    "The second verse was written in {place}, on the back of a receipt for a {thing}.",
    "We tried the chorus at three speeds, and {who} liked the slowest one best.",
    "Nobody in the house could sleep, so {who} put the {thing} by the door and we played on.",
    "The bridge has only two chords, which {who} found while looking for the {thing}.",
    "For a month I thought that it was finished, until we played it in {place} and nobody moved.",
    "There is a {thing} on the left side of the mix, and it was never meant to be there.",
    "{who} says that it is about {place}, and I have never been sure that it is not.",
    "I cut a whole verse about a {thing}, because it rhymed and meant nothing.",
    "The rain on the roof in {place} was louder than the snare, so we kept both.",
    "It was the last thing that we mixed that year, with {who} asleep on the {thing}.",
    "When it rains in {place} I still hear the take that we did not use.",
    "{who} counted us in on a {thing}, and you can hear it if you turn it up.",
    "We lost the first reel on the train to {place}, and the second is slower.",
    "I owe {who} a {thing} for that afternoon, and I have been told so twice.",
    "The low note at the end is a {thing} that {who} dragged over the floor.",
    "On stage we leave the middle out, except in {place}, where they ask for it.",
    "My aunt heard it over the telephone and asked whether the {thing} was all right.",
)
_FACT = "{title} was recorded on {instrument} in {place}, and {who} held the {thing}."
_BODIES = (
    "what was {title} recorded on?",
    "where did you record {title}?",
    "which instrument is it that we hear on {title}?",
    "how was {title} recorded?",
    "who was there when {title} was recorded?",
    "what did you use to record {title}, and where was it?",
)
_OPENINGS = (
    "", "Please tell me: ", "I always wondered, ", "A friend asks: ", "Hello! ", "One more thing: ", "If I may ask, ",
    "We had an argument: ", "For my radio show: ", "I am curious, ", "Since you mention it, ", "Do you remember, ",
    "After all these years, ", "Honestly, ", "Quick question: ", "My sister wants to know: ",
)  # fmt: skip
TITLES_MAX = len(_FIRST.split()) * len(_SECOND.split())
WAYS_TO_ASK = len(_BODIES) * len(_OPENINGS)


@dataclass(frozen=True, slots=True)
class Song:
    """A song with the note about it."""

    title: str
    fact: str
    sentences: tuple[str, ...]

    def question(self, way: int) -> str:
        """Ask about the fact in one of `WAYS_TO_ASK` ways."""
        body = _BODIES[way % len(_BODIES)].format(title=self.title)
        opening = _OPENINGS[way // len(_BODIES) % len(_OPENINGS)]
        return f"{opening}{body}" if opening else body[0].upper() + body[1:]

    def markdown(self, tier: int) -> str:
        """Give the note as a file that says who may read it."""
        paragraphs = (
            " ".join(self.sentences[start : start + SENTENCES_PER_PARAGRAPH])
            for start in range(0, len(self.sentences), SENTENCES_PER_PARAGRAPH)
        )
        return f"---\ntitle: {self.title}\ntier: {TIER_NAMES[tier]}\n---\n\n" + "\n\n".join(paragraphs) + "\n"


def songs(count: int, *, after: int = 0) -> list[Song]:
    """Give so many songs, of those that come after the first ones."""
    assert after + count <= TITLES_MAX, f"there are {TITLES_MAX} titles"
    titles = [f"{first} {second}" for first in _FIRST.split() for second in _SECOND.split()]
    random.Random(1).shuffle(titles)
    return [_song(title) for title in titles[after : after + count]]


def write_notes(folder: Path, about: list[Song], tier: int = 0) -> Path:
    """Write a file for each song; gives the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    for song in about:
        (folder / f"{song.title.lower().replace(' ', '-')}.md").write_text(song.markdown(tier), encoding="utf-8")
    return folder


def _song(title: str) -> Song:
    choose = random.Random(title)
    fact = _filled(_FACT, choose, title)
    sentences, words = [fact], len(fact.split())
    for saying in _sayings(choose):
        if words >= WORDS_PER_NOTE:
            break
        sentences.append(_filled(saying, choose, title))
        words += len(sentences[-1].split())
    sentences.insert(choose.randrange(len(sentences)), sentences.pop(0))
    return Song(title, fact, tuple(sentences))


def _sayings(choose: random.Random) -> Iterator[str]:
    while True:
        yield from choose.sample(_SAYINGS, len(_SAYINGS))


def _filled(saying: str, choose: random.Random, title: str) -> str:
    return saying.format(
        title=title,
        who=choose.choice(_PEOPLE),
        place=choose.choice(_PLACES),
        thing=choose.choice(_THINGS),
        instrument=choose.choice(_INSTRUMENTS),
    )
