"""Invented notes of any number whose words are spread as in prose: a few stand everywhere, most hardly anywhere.

Content words are those of the embedder's own vocabulary, which begins with the commonest; the n-th is chosen as often
as Zipf's law says. Of ten passages of a note one has a planted fact, and the note can be asked about it in some
hundred ways. The first notes are the same in each number of them.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

from benchmarks.liner_notes import Song
from knowledge.lexical.analyser import STOPWORDS
from knowledge.tiering import TIER_NAMES
from models.embedders.weights import packaged_weights

PASSAGES_PER_NOTE = 10
SENTENCES_PER_PASSAGE = (4, 6)
_FLATTENED = 20.0
"""Zipf and Mandelbrot: the n-th word is chosen as often as 1 / (n + this)."""
_TITLE_WORDS = slice(500, 8_500)
_LETTERS_MIN = 4
# A hole is filled with a content word; what stands between is in every prose.
_SENTENCES = (
    "It was the {} of {} that we had not {} before.",
    "When the {} came, nobody of us had a {} for the {}.",
    "There is a {} {} under it, and after that only {}.",
    "She would not {} it until the {} was {} enough.",
    "We had it from a {} who is over the {} now.",
    "In {} they have the {} where we have {}, and it shows.",
    "I am not {} that the {} should have been so {}.",
    "He was {} with the {}, and I with the {} of it.",
    "What is {} about it is not the {} but the {}.",
    "After the {} there was a {}, and then a {} of {}.",
    "Most of the {} is {}, but for the {} at the end.",
    "Once a {} had it in his {}, and we could not get it out again.",
    "The {} of that {} is in the {}, behind the {}.",
    "Let it {}, she said, and the {} will be {} by itself.",
    "You can have the {} without the {}, but not the {}.",
    "They were all {} before we had so much as a {}.",
    "For the {} it needs no {}, and for the {} too many.",
    "My own {} was more of a {} than a {}.",
    "Between {} and {} there was just the one {}.",
    "Nothing in the {} had been {} since the {}.",
)
_FACTS = (
    ("recorded", "{title} was recorded on a {a} in {b}, and {c} held the {d}."),
    ("written", "{title} was written on a {a} near {b}, while {c} kept the {d}."),
    ("mixed", "{title} was mixed through a {a} from {b}, with {c} on the {d}."),
    ("played", "{title} was played on a {a} behind {b}, and {c} counted the {d}."),
    ("finished", "{title} was finished with a {a} out of {b}, and {c} paid the {d}."),
    ("rehearsed", "{title} was rehearsed beside a {a} at {b}, and {c} moved the {d}."),
    ("taped", "{title} was taped over a {a} under {b}, and {c} broke the {d}."),
    ("performed", "{title} was performed with a {a} before {b}, and {c} carried the {d}."),
)
_BODIES = (
    "what was {title} {deed} on?",
    "how was {title} {deed}?",
    "where was {title} {deed}, and with what?",
    "who was there when {title} was {deed}?",
    "what did you have when {title} was {deed}?",
    "which thing is it that {title} was {deed} with?",
)
_OPENINGS = (
    "", "Please tell me: ", "I always wondered, ", "A friend asks: ", "Hello! ", "One more thing: ", "If I may ask, ",
    "We had an argument: ", "For my radio show: ", "I am curious, ", "Since you mention it, ", "Do you remember, ",
    "After all these years, ", "Honestly, ", "Quick question: ", "My sister wants to know: ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note(Song):
    """A note, whose song was `deed`, such as recorded; `sentences` are paragraphs here."""

    deed: str

    def question(self, way: int) -> str:
        """Ask about the fact in one of as many ways as there are for a song."""
        body = _BODIES[way % len(_BODIES)].format(title=self.title, deed=self.deed)
        opening = _OPENINGS[way // len(_BODIES) % len(_OPENINGS)]
        return f"{opening}{body}" if opening else body[0].upper() + body[1:]

    def markdown(self, tier: int) -> str:
        """Give the note as a file: each passage of it stands under a heading of its own."""
        parts = (f"## Part {number}\n\n{part}" for number, part in enumerate(self.sentences, 1))
        return f"---\ntitle: {self.title}\ntier: {TIER_NAMES[tier]}\n---\n\n" + "\n\n".join(parts) + "\n"


@cache
def vocabulary() -> tuple[str, ...]:
    """Give content words, the commonest first."""
    lines = (packaged_weights() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    words = (word for word in lines if word.isascii() and word.isalpha() and len(word) >= _LETTERS_MIN)
    return tuple(word for word in words if word not in STOPWORDS)


@cache
def _shares() -> list[float]:
    return list(accumulate(1 / (place + _FLATTENED) for place in range(1, len(vocabulary()) + 1)))


def notes(count: int) -> list[Note]:
    """Give so many notes of `PASSAGES_PER_NOTE` passages."""
    choose, titles = random.Random(1), dict[str, None]()
    names = [word.capitalize() for word in vocabulary()[_TITLE_WORDS]]
    while len(titles) < count:
        titles[" ".join(choose.sample(names, 2))] = None
    return [_note(title) for title in titles]


def write_notes(folder: Path, about: Sequence[Note], tier: int = 0) -> Path:
    """Write a file for each; gives the folder back."""
    folder.mkdir(parents=True)
    for note in about:
        (folder / f"{note.title.lower().replace(' ', '-')}.md").write_text(note.markdown(tier), encoding="utf-8")
    return folder


def _note(title: str) -> Note:
    choose = random.Random(title)
    deed, fact = choose.choice(_FACTS)
    a, b, c, d = _words(choose, 4)
    told = fact.format(title=title, a=a, b=b.capitalize(), c=c.capitalize(), d=d)
    parts = [_part(choose) for _ in range(PASSAGES_PER_NOTE)]
    place = choose.randrange(PASSAGES_PER_NOTE)
    parts[place] = f"{told} {parts[place]}"
    return Note(title, told, tuple(parts), deed)


def _part(choose: random.Random) -> str:
    chosen = choose.sample(_SENTENCES, choose.randint(*SENTENCES_PER_PASSAGE))
    return " ".join(_filled(sentence, choose) for sentence in chosen)


def _filled(sentence: str, choose: random.Random) -> str:
    return sentence.format(*_words(choose, sentence.count("{}")))


def _words(choose: random.Random, count: int) -> list[str]:
    return choose.choices(vocabulary(), cum_weights=_shares(), k=count)
