"""Whether a question is answered whole: whether every telling word is accounted for by what it was taken to ask.

A question that says "after", "longest" or "encore" is not answered by a plain count: the word would be
lost, and the number would be that of another question. The same holds for a word that nothing explains.
"""

import re

from knowledge.facts.asked import Asked
from knowledge.facts.keys import normal
from knowledge.facts.patterns.parts import one_of
from knowledge.facts.reading import WORKS, Reading, Word
from knowledge.facts.vocabulary import RESTRICTING, words

# Telling words, by what they tell.
_GROUPS: dict[str, frozenset[str]] = {
    "order": words(
        "after before follow followed followers follower following follows preceded precedes preceding afterwards"
        " predecessor segue segued segues segueing transition transitions"
    ),
    "next": words("next"),
    "role": words(
        "start started starter starting begin began beginning opener openers open opened opening opens closer closers"
        " closed close closing closes ended ender ends end finish finished finisher finishes ending encore encored"
        " encores starter kick kicked"
    ),
    "gap": words("gap gaps pause pauses hiatus shelf shelved between"),
    "length": words("longest shortest bust bustout"),
    "rank": words("most usual usually top rank ranked ranking common commonest often"),
    "once": words("single"),
    "debut": words("debut debuted debuts introduce introduced premiere premiered new newest"),
    "compare": words("difference different changed changes both common shared share identical overlap missing same"),
    "position": words("position slot second third fourth fifth sixth seventh eighth ninth tenth"),
    "attribute": words("bpm bpms key keys label labels duration slowest fastest"),
    "partner": words("b2b b2bs partner partners"),
    "version": words("remix remixes mixes version versions"),
    "first": words("first earliest oldest"),
    "last": words("last latest final finally"),
    "id": words("ids unknown"),
}
_GROUP_OF = {word: group for group, telling in _GROUPS.items() for word in telling}
# What each intent has a use for.
_USES: dict[str, frozenset[str]] = {
    "around": words("order next last first gap"),
    "attribute": words("attribute version first last next position"),
    "by_artist": words("compare first last"),
    "compare": words("gap compare order next position first last new once debut rank"),
    "count": words("role position first rank compare once version partner"),
    "debuts": words("debut first order"),
    "distinct": words("compare once first last position"),
    "exists": words("role compare first last once partner"),
    "first_last": words("first last role rank order debut compare partner"),
    "gap": words("gap length order compare rank once first last next"),
    "length": words("first last"),
    "links": words("next first last"),
    "longest": words("length rank compare first last position once attribute"),
    "next": words("order next rank role last first position once compare"),
    "once": words("once compare first last"),
    "order": words("order first position compare next last"),
    "partners": words("partner rank first last compare"),
    "places": words("compare first last once"),
    "position": words("position first last role next rank order"),
    "position_of": words("position first last"),
    "previous": words("order next rank role last first position compare"),
    "release_tracks": words("first last"),
    "role": words("role rank first last position next once compare"),
    "set_list": words("position first last order next compare"),
    "tempo": words("attribute rank compare"),
    "thing": words("rank compare"),
    "time_of": words("position first last role attribute"),
    "together": words("compare first last"),
    "top": words("rank role once first last position compare attribute version debut"),
    "top_value": words("attribute rank compare"),
    "track_at": words("position first last id next"),
    "transition": words("order next rank first last compare once role gap"),
    "unknown_ids": words("id first last"),
    "upcoming": words("next first last new"),
    "versions": words("version compare rank"),
    "weekday": words("first last"),
    "when": words("once compare first last partner"),
    "where": words("first last position compare"),
}
# What each has a use for beside them where a role is named: "how often did you open with it first".
_OF_ROLES = words("role position first last")
_WITH_ROLES = words("count first_last exists when")

# Words that belong to what is asked, and only there.
_OWN_WORDS: dict[str, frozenset[str]] = {
    "around": words("brought bring returned return back"),
    "attribute": words(
        "isrc bpm bpms tempo speed fast key camelot label labels licence license catalogue catalog cat number barcode"
        " long minutes mins hours duration length running release date year who wrote written produced producer"
        " composed composer credits credit personnel mixed mastered remixed recorded engineered drums drummed sang"
        " imprint artist behind"
    ),
    "gap": words("bust outs bustout dry spell drought layoff interval apart without"),
    "links": words(
        "buy purchase order shop vinyl copy record merch bandcamp stream download listen ticket tickets get music"
    ),
    "longest": words("minutes hours"),
    "partners": words("people persons person djs dj alongside joint"),
    "time_of": words("minutes minute mins time timestamp far whereabouts point"),
    "track_at": words("minutes minute mins min hours hour seconds h m in mark point"),
    "unknown_ids": words("unidentified ids id"),
    "upcoming": words("upcoming future soon playing next"),
}
_OF_ONE_NIGHT = words("set_list role position next previous where order position_of compare")

# What turns a question round; only some questions are made of it.
_TURNED = one_of(
    r"\b(?:not|without|except|excluding|instead|neither|nor|besides|apart from|other than|fewer|less|never)\b",
    r"\bno (?:shows?|gigs?|concerts?|sets?)\b",
    r"\bwhich months?\b",
    r"\w+n't\b",
    r"\b(?:did|had|was|were|has|have|is|are|do|does|would|could)nt\b",
)
# "didn't you play it in Ithaca?" asks whether you did.
_POLITE = one_of(
    r"^(?:did|have|has|was|were|is|are|do)n'?t (?:you|they|the|y'all|she|he)\b",
    r"\b(?:did|have|was|were|is|are|do)n'?t (?:you|they|it)\W*$",
    r"don'?t (?:know|remember|mind)",
)
_MAY_TURN = words("compare gap once prose set_list")
_LENGTH = one_of(
    r"\bhow many (?:minutes|mins|hours|seconds)\b",
    r"\bin (?:minutes|hours)\b",
    r"\b\d+[ -]?(?:minutes?|mins?|hours?|secs?|seconds)\b",
    r"\b(?:longer|shorter|faster|slower) than\b",
)
_OF_LENGTH = words("attribute time_of track_at longest gap tempo length")


# Rows count what somebody played; who somebody is, the notes tell.
_WHO_IS = re.compile(
    r"^\W*(?:who|what)(?:'s| is| was| are| were) (?:the |an? )?\{(?:WORK|ARTIST|LABEL|PERSON|RELEASE|PLACE|EVENT)\}\W*$"
)


# Intents that count without the songs that a question leaves out; "without X" is a condition in any other.
_LEAVING_OUT = words("top distinct compare once debuts longest role")


def is_whole(reading: Reading, asked: Asked) -> bool:
    """Whether nothing of a question would be lost in an answer of its intent."""
    leaves_out_songs = any(one.kind in WORKS for one in reading.left_out)
    if _WHO_IS.search(asked.masked) or (leaves_out_songs and asked.intent not in _LEAVING_OUT):
        return False
    if asked.intent != "prose" and (_unexplained(reading, asked) or _out_of_place(asked)):
        return False
    if asked.intent not in _MAY_TURN and _TURNED.search(_POLITE.sub(" ", asked.masked)):
        return False
    return asked.intent in _OF_LENGTH or not _LENGTH.search(asked.masked)


def _out_of_place(asked: Asked) -> bool:
    """Whether a telling word stands in the question that its intent has no use for."""
    uses = _USES.get(asked.intent, frozenset())
    if asked.role and asked.intent in _WITH_ROLES:
        uses |= _OF_ROLES
    said = re.findall(r"[a-z0-9]+", re.sub(r"\{[A-Z]+\}", " ", asked.masked))
    return any(_GROUP_OF[word] not in uses for word in said if word in _GROUP_OF)


def _unexplained(reading: Reading, asked: Asked) -> bool:
    """Whether a word that nothing explains may be a condition.

    Where one day is named, a word more about the night ("the acoustic one", "at Woodstock") changes
    nothing, unless it opens a condition.
    """
    own = _OWN_WORDS.get(asked.intent, frozenset())
    asking = set(re.findall(r"\w+", normal(asked.masked)))
    unknown = [word for word in reading.left if word.norm not in own and word.norm in asking]
    if not unknown or asked.intent not in _OF_ONE_NIGHT or not any(one.when.is_day for one in reading.dates):
        return bool(unknown)
    return any(_is_restricted(reading, word) for word in unknown)


def _is_restricted(reading: Reading, word: Word) -> bool:
    """Whether a word follows one that opens a condition: "with", "without", "while"."""
    at = reading.words.index(word)
    return any(before.norm in RESTRICTING for before in reading.words[max(0, at - 4) : at])
