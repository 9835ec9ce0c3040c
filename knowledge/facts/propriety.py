"""Whether every telling word of a question is accounted for by what it was taken to ask.

A question that says "after", "longest" or "encore" is not answered by a plain count: the word would be
lost, and the number would be that of another question.
"""

import re

from knowledge.facts.intents import Asked
from knowledge.facts.reading import Reading
from knowledge.facts.vocabulary import RESTRICTING

_GROUPS: dict[str, str] = {
    "order": "after before follow followed followers follower following follows preceded precedes preceding afterwards "
    "predecessor segue segued segues segueing transition transitions",
    "next": "next",
    "role": "start started starter starting begin began beginning opener openers open opened opening opens closer closers closed close closing closes ended ender ends end "
    "finish finished finisher finishes ending encore encored encores starter kick kicked",
    "gap": "gap gaps pause pauses hiatus shelf shelved between",
    "length": "longest shortest bust bustout",
    "rank": "most usual usually top rank ranked ranking common commonest often",
    "once": "single",
    "debut": "debut debuted debuts introduce introduced premiere premiered new newest",
    "compare": "difference different changed changes both common shared share identical overlap missing same",
    "position": "position slot second third fourth fifth sixth seventh eighth ninth tenth",
    "attribute": "bpm bpms key keys label labels duration slowest fastest",
    "partner": "b2b b2bs partner partners",
    "version": "remix remixes mixes version versions",
    "first": "first earliest oldest",
    "last": "last latest final finally",
    "id": "ids unknown",
}
_GROUP_OF = {word: group for group, words in _GROUPS.items() for word in words.split()}
_ALLOWED: dict[str, str] = {
    "around": "order next last first gap",
    "attribute": "attribute version first last next position",
    "compare": "gap compare order next position first last new once debut rank",
    "count": "role position first rank compare once version partner",
    "debuts": "debut first order",
    "distinct": "compare once first last position",
    "exists": "role compare first last once partner",
    "first_last": "first last role rank order debut compare partner",
    "gap": "gap length order compare rank once first last next",
    "length": "first last",
    "links": "next first last",
    "longest": "length rank compare first last position once attribute",
    "next": "order next rank role last first position once compare",
    "once": "once compare first last",
    "order": "order first position compare next last",
    "partners": "partner rank first last compare",
    "places": "compare first last once",
    "position": "position first last role next rank order",
    "position_of": "position first last",
    "previous": "order next rank role last first position compare",
    "release_tracks": "first last",
    "role": "role rank first last position next once compare",
    "set_list": "position first last order next compare",
    "thing": "rank compare",
    "time_of": "position first last role attribute",
    "together": "compare first last",
    "top": "rank role once first last position compare attribute version debut",
    "track_at": "position first last id next",
    "transition": "order next rank first last compare once role gap",
    "unknown_ids": "id first last",
    "upcoming": "next first last new",
    "by_artist": "compare first last",
    "tempo": "attribute rank compare",
    "top_value": "attribute rank compare",
    "versions": "version compare rank",
    "weekday": "first last",
    "when": "once compare first last partner",
    "where": "first last position compare",
}


def out_of_place(asked: Asked) -> bool:
    """Whether a telling word stands in the question that its intent has no use for."""
    allowed = set(_ALLOWED.get(asked.intent, "").split())
    said = re.findall(r"[a-z0-9]+", re.sub(r"\{[A-Z]+\}", " ", asked.masked))
    groups = {_GROUP_OF[word] for word in said if word in _GROUP_OF}
    if asked.role:
        allowed |= {"role", "position", "first", "last"} if asked.intent in ("count", "first_last", "exists", "when") else set()
    return bool(groups - allowed)


def restricted(reading: Reading, word: object) -> bool:
    """Whether a word follows one that opens a condition: "with", "without", "while"."""
    words = list(reading.words)
    at = words.index(word)  # type: ignore[arg-type]
    return any(before.norm in RESTRICTING for before in words[max(0, at - 4) : at])
