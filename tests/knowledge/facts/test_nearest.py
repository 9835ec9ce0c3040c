"""Plain questions stand in for unusual ones, with the names and dates that are there."""

from collections.abc import Sequence

import numpy as np

from knowledge.contracts import Vectors
from knowledge.facts.intents import asked_for
from knowledge.facts.nearest import PLAIN, NearestQuestion


class ByWords:
    """Embeds by shared words: near is what says the same words."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}

    def __call__(self, texts: Sequence[str]) -> Vectors:
        rows: Vectors = np.zeros((len(texts), 400), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[self._words.setdefault(word, len(self._words))] = 1
        lengths: Vectors = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
        return rows / lengths


class Chooses:
    def __init__(self, number: int | None) -> None:
        self._number = number
        self.asked: list[Sequence[str]] = []

    def choose(self, _question: str, among: Sequence[str]) -> int | None:
        self.asked.append(among)
        return self._number


def test_every_plain_question_is_understood_by_the_rules() -> None:
    assert [text for text in PLAIN if not asked_for(text).intent] == []


def test_the_nearest_with_the_same_kinds_of_names_is_meant() -> None:
    nearest = NearestQuestion(ByWords())
    assert nearest.plain("the first time {WORK} was played for") == "when was {WORK} played for the first time"
    assert nearest.plain("how many shows were there in {CITY}") == "how many shows were there at {PLACE}"


def test_what_is_near_nothing_or_near_two_is_not_guessed() -> None:
    nearest = NearestQuestion(ByWords())
    assert nearest.plain("gibberish {WORK} frobnicates") is None
    assert nearest.plain("what came {WORK} most often") is None
    assert nearest.plain("how are you") is None


def test_a_parser_is_asked_when_nothing_is_near_enough() -> None:
    parser = Chooses(0)
    assert (
        NearestQuestion(ByWords(), parser).plain("gibberish {WORK} frobnicates") == "how many times was {WORK} played"
    )
    assert all("that song" in text for text in parser.asked[0])
    assert NearestQuestion(ByWords(), Chooses(None)).plain("gibberish {WORK} frobnicates") is None
