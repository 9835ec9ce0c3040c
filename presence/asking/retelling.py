"""The adaptive voice: the writer's own sentences, each verified before it is shown.

One that its sources do not support is replaced by the verbatim line it leaned on, or left out. So the worst
that a model can do in this voice is to say less than the notes do.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge import Evidence, SourceSentence
from presence.asking.answering import Answering, Ticket, is_revoked, let_out
from presence.asking.contracts import Outcome
from presence.asking.saying import Said
from presence.asking.support import Cited, How, Persons, sentences_of, supported

_POINTER = re.compile(r"\s*\[\s*(\d{1,4})\s*\]")
_LEADING = re.compile(r"(?:\s*\[\s*\d{1,4}\s*\])+\s*[.]?")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence as the writer wrote it, and the numbers that it rests on by its own account."""

    text: str
    numbers: tuple[int, ...]


def retell(ticket: Ticket, using: Answering, said: Said, evidence: Evidence, pieces: Iterable[str]) -> Outcome:
    """Show the writer's sentences that hold, and her own words where one does not."""
    sentences, limit = evidence.sentences, using.limits_of(ticket).pointers_max
    seen = max([ticket.context.tier, *(one.passage.tier for one in sentences)])
    persons = Persons(using.artist_name)
    shown = {1}  # her best line stands there already
    for claim in claims(pieces):
        if is_revoked(ticket, using) or said.quotes >= limit:
            break
        leaned = [number for number in claim.numbers if 1 <= number <= len(sentences)]
        held = _held(claim.text, leaned, sentences, persons)
        if held is None:
            left = next((number for number in leaned if number not in shown), None)
            if left is not None:
                shown.add(left)
                said.quote(sentences[left - 1])
        elif held:
            said.retold(claim.text, [sentences[number - 1] for number in held], seen)
        elif shown.isdisjoint(leaned):
            shown.update(leaned)
            said.quote(sentences[leaned[0] - 1])
        let_out(ticket, using)
    return Outcome.STOPPED if ticket.stop.is_set() else Outcome.ANSWERED


def claims(pieces: Iterable[str]) -> Iterator[Claim]:
    """Cut what is written into sentences with their pointers; one that opens a sentence is of the one before."""
    text, numbers = "", list[int]()
    for sentence in sentences_of(pieces):
        opening = _LEADING.match(sentence)
        if opening is not None:
            numbers += _numbers(opening[0])
        rest = sentence[opening.end() :] if opening else sentence
        words = " ".join(_POINTER.sub("", rest).split())
        if not any(char.isalnum() for char in words):
            numbers += _numbers(rest)
            continue
        if text:
            yield Claim(text, tuple(dict.fromkeys(numbers)))
        text, numbers = words, _numbers(rest)
    if text:
        yield Claim(text, tuple(dict.fromkeys(numbers)))


def _numbers(text: str) -> list[int]:
    return [int(number) for number in _POINTER.findall(text)]


def _held(text: str, leaned: list[int], sentences: tuple[SourceSentence, ...], persons: Persons) -> list[int] | None:
    """Give the numbers of what supports a sentence; none where it is a quotation, None where nothing does.

    What it points at comes first; a pointer that is missing or wrong costs a sentence nothing where another holds.
    """
    among = [*leaned, *(number for number in range(1, len(sentences) + 1) if number not in leaned)]
    for numbers in (leaned, among):
        if not numbers:
            continue
        found = supported(text, [_cited(sentences[number - 1]) for number in numbers], persons)
        if found:
            held = [numbers[index] for index in found.sources]
            return [] if found.how is How.VERBATIM and held == leaned[:1] else held
    return None


def _cited(sentence: SourceSentence) -> Cited:
    passage = sentence.passage
    return Cited(sentence.text, passage.speaker, passage.title, passage.date)
