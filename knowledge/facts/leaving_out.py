"""Finds what a question leaves out: "excluding Drums and Space", "drums and space aside", "outside the US"."""

import re
from dataclasses import replace

from knowledge.facts.patterns.parts import one_of
from knowledge.facts.reading import Mention, Reading
from knowledge.facts.vocabulary import words

_WITHOUT = (
    r"leaving out|leaving|leave out|excluding|except(?:ing)?(?: for)?|not counting|without|other than|apart from"
    r"|besides|aside from|ignoring|minus|outside|outside of"
)
_EXCLUDING = re.compile(rf"(?:{_WITHOUT})\s+(?:the\s+)?$", re.IGNORECASE)
_JOINING = re.compile(r"^\s*(?:,|and|or|&|,\s*and)\s*(?:the\s+)?$", re.IGNORECASE)
_ASIDE = re.compile(r"^\s*(?:aside|excluded|apart|not counted|left out)\b", re.IGNORECASE)
_SAYING_SO = words(
    "leaving leave excluding exclude except excepting counting without other than apart besides aside ignoring minus"
    " outside excluded"
)
_AND = r" ?(?:,|and|or|&|, and)? ?"
_OUT = one_of(
    # like "excluding {WORK} and {WORK}"
    r"(?:,? ?(?:and|while|when|if you)?,? ?\b(?:leaving out|leaving|leave out|excluding|exclude|except(?:ing)?(?: for)?"
    r"|not counting|without|other than|apart from|besides|aside from|ignoring|minus|outside|outside of) (?:the )?)"
    rf"(?:\{{[A-Z]+\}})(?:{_AND}(?:the )?\{{(?:WORK|COUNTRY|REGION|CITY|PLACE)\}})*(?: aside)?,?",
    # like "{WORK} and {WORK} aside"
    rf"(?:\{{WORK\}})(?:{_AND}\{{WORK\}})* (?:aside|excluded|apart|not counted|left out),?",
)


def excluded(reading: Reading) -> list[Mention]:
    """Give the names that a question leaves out: "excluding Drums and Space", "drums and space aside"."""
    found: list[Mention] = []
    for number, mention in enumerate(reading.mentions):
        before = reading.question[: mention.start]
        joined = number > 0 and _JOINING.match(reading.question[reading.mentions[number - 1].end : mention.start])
        if _EXCLUDING.search(before) or (joined and reading.mentions[number - 1] in found):
            found.append(mention)
    return found or _aside(reading)


def _aside(reading: Reading) -> list[Mention]:
    chain: list[Mention] = []
    for mention in reversed(reading.mentions):
        after = reading.question[mention.end :]
        joined = chain and _JOINING.match(reading.question[mention.end : chain[-1].start])
        if joined or (not chain and _ASIDE.match(after)):
            chain.append(mention)
    return chain


def without_excluded(reading: Reading) -> Reading:
    """Set aside what is left out, with the words that say so."""
    out = excluded(reading)
    if not out:
        return reading
    kept = tuple(one for one in reading.mentions if one not in out)
    left = tuple(word for word in reading.left if word.norm not in _SAYING_SO)
    return replace(reading, mentions=kept, left=left, left_out=tuple(out), masked=_unsaid(reading.masked))


def _unsaid(text: str) -> str:
    return re.sub(r"\s+", " ", _OUT.sub(" ", text)).strip()
