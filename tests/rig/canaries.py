"""Words that exist nowhere else, one in every place of every gated document: whoever sees one has seen the document.

Around the canaries stand the same words at every tier, so that whatever finds the open notes would find
the gated ones as well.
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from knowledge import Wish
from presence.bootstrap import Services
from tests.knowledge.recordings.sounds import wav
from tests.nodes import take_in, write_notes
from trustgraph import Tier

PLACES = (
    "body", "title", "heading", "file", "tag", "alt", "speaker", "licence", "set title", "artist", "song", "label",
    "venue", "city", "cue title", "cue song", "page title", "page alt", "lyric", "lyric file", "transcript",
    "row venue", "row city", "row note", "recording", "tone", "refusal", "no answer",
)  # fmt: skip
ALIKE = "The harbour piano rang in the ice house when the ferry left and the generator died on the long pier."
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnprstvz"
SOUND_SECONDS = 0.2


class Canaries:
    """The words of one seed. `exist_to` leaves out what stands above a tier."""

    def __init__(self, seed: int) -> None:
        choose = Random(f"canaries {seed}")
        self._words = {(tier, place): _word(choose) for tier in Tier for place in PLACES}
        self._named = {word: (int(tier), place) for (tier, place), word in self._words.items()}
        self._any = re.compile("|".join(sorted(self._named)), re.IGNORECASE)

    def word(self, tier: int, place: str) -> str:
        return self._words[Tier(tier), place]

    def above(self, tier: int, said: str) -> list[str]:
        """Say which canaries of more than a tier stand in a text."""
        found = {self._named[word.lower()] for word in self._any.findall(said)}
        return [f"{place} of {Tier(of).slug}" for of, place in sorted(found) if of > tier]

    def places_in(self, said: str) -> set[str]:
        found = {self._named[word.lower()] for word in self._any.findall(said)}
        return {f"{place} of {Tier(of).slug}" for of, place in found}


def _word(choose: Random) -> str:
    return "q" + "".join(choose.choice(_CONSONANTS) + choose.choice(_VOWELS) for _ in range(7))


def take_in_up_to(services: Services, folder: Path, canaries: Canaries, tier: int = int(Tier.INNER)) -> None:
    """Take in the notes, nights, tables and recordings of every tier up to one."""
    for level in range(tier + 1):
        take_in(services, write_notes(folder / f"tier{level}", dict(_files(canaries, level))), tier=level)
        sound = folder / f"{level}.wav"
        sound.write_bytes(wav(SOUND_SECONDS))
        wish = Wish(sound.stat().st_size, level, f"Harbour tape {canaries.word(level, 'recording')}")
        services.recordings.add(sound, wish, lambda _done, _whole: None)


def write_persona(home: Path, canaries: Canaries, tier: int = int(Tier.INNER)) -> None:
    """Write how the presence speaks at every tier up to one; read when a node opens."""
    for level in range(1, tier + 1):
        parts = {
            "Tone": f"Plain, as at the {canaries.word(level, 'tone')}.",
            "Refuse": f"- the pantry of the lighthouse: ask the {canaries.word(level, 'refusal')}",
            "No answer": f"That is not in my notes, says the {canaries.word(level, 'no answer')}.",
        }
        text = "".join(f"# {name}\n\n{said}\n\n" for name, said in parts.items())
        write_notes(home / "persona", {f"persona.{Tier(level).slug}.md": text})


def _files(canaries: Canaries, tier: int) -> Iterator[tuple[str, str]]:
    def of(place: str) -> str:
        return canaries.word(tier, place)

    year = 2015 + tier
    yield (
        f"harbour {of('file')}.md",
        f"---\ntitle: The harbour piano and {of('title')}\nspeaker: Winnie {of('speaker')}\nlicence: {of('licence')}\n"
        f"tags: [{of('tag')}, piano]\ndate: {year}-03-04\ntier: {Tier(tier).slug}\n---\n\n"
        f"# Ice house {of('heading')}\n\n{ALIKE} The tuner of it was {of('body')}, who carried the harbour piano.\n\n"
        f"![the ferry with {of('alt')}](ferry.jpg)\n",
    )
    yield (
        f"night-{tier}.md",
        f"---\ntitle: Long Pier {of('set title')}\nkind: set\ndate: {year}-07-14\nvenue: Pier Hall {of('venue')}\n"
        f"city: {of('city').title()}\ntier: {Tier(tier).slug}\n---\n{ALIKE}\n\n"
        f"[0:00:00] Zeno {of('artist')} - Ferry Song {of('song')} [{of('label').title()}]\n"
        f"[0:07:30] Ada Marsh - Low Tide [Dock]\n",
    )
    yield (
        f"mix-{tier}.cue",
        f'PERFORMER "Ada Marsh"\nTITLE "Harbour mix {of("cue title")}"\nREM DATE {year}\nFILE "a.wav" WAVE\n'
        f'  TRACK 01 AUDIO\n    TITLE "Ferry {of("cue song")}"\n    PERFORMER "Zeno"\n    INDEX 01 00:00:00\n'
        f'  TRACK 02 AUDIO\n    TITLE "Low Tide"\n    PERFORMER "Ada Marsh"\n    INDEX 01 05:00:00\n',
    )
    yield (
        f"page-{tier}.html",
        f"<html><head><title>The ferry page {of('page title')}</title></head><body><article><h1>The ferry</h1>"
        f"<p>{html.escape(ALIKE)}</p><img src=a.jpg alt='the pier and {of('page alt')}'></article></body></html>",
    )
    yield f"words of {of('lyric file')}.txt", f"The ferry left the long pier\nand {of('lyric')} took the piano home.\n"
    yield f"tape-{tier}.srt", f"1\n00:00:01,000 --> 00:00:04,000\n{ALIKE} So said {of('transcript')}.\n"
    yield (
        f"shows-{tier}.csv",
        "date,venue,city,country,notes\n"
        f"{year}-09-01,Dock {of('row venue')},{of('row city').title()},GB,with {of('row note')}\n"
        f"{year}-09-02,Long Pier,Hull,GB,{json.dumps(ALIKE)[1:-1].replace(',', '')}\n",
    )
