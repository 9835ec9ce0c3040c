"""Questions about the music itself: its label, speed, key and credits, its versions, its moment in a set."""

import re

from knowledge.facts.asked import Asked
from knowledge.facts.patterns.parts import (
    HOW_OFTEN,
    SONG,
    THING,
    TOP_WORDS,
    Named,
    first_fitting,
    one_of,
    things,
)  # fmt: skip

_ATTRIBUTES: Named = (
    # like "which label is X on"
    ("label", one_of(r"\blabels?\b", r"\bwho (?:released|put out)\b", r"\breleased (?:on|by)\b", r"\bimprint\b")),
    # like "how fast is X"
    ("bpm", one_of(r"\bbpms?\b", r"\btempo\b", r"\bhow fast\b", r"\bspeed\b")),
    # like "what key is X in"
    (
        "key",
        one_of(
            r"\b(?:what|which|musical|camelot|the) key\b",
            r"\bkey (?:of|is|was)\b",
            r"\bin (?:what|which) key\b",
            r"\bkey\?",
        ),
    ),
    ("isrc", one_of(r"\bisrc\b")),
    ("catalogue", one_of(r"\bcat(?:alog(?:ue)?)?(?: no\.?| number| nr\.?|#)")),
    # like "how long is X", "the longest X", but not "the longest X gap"
    (
        "duration",
        one_of(
            r"\bhow long (?:is|was|are|were|does)\b",
            r"\bhow many (?:minutes|mins|hours)\b",
            r"\bduration\b",
            r"\blength of\b",
            r"\brunning time\b",
            rf"\b(?:longest|shortest) (?:\w+ )?{THING}(?! (?:gap|break|pause))",
        ),
    ),
    # like "when did X come out"
    (
        "released",
        one_of(
            r"\b(?:when|(?:what|which) year|(?:what|which) date)"
            r".*\b(?:released?|come out|came out|put out|drop(?:ped)? (?:as|on))\b",
            r"\brelease (?:date|year)\b",
        ),
    ),
    ("licence", one_of(r"\blicen[cs]e[ds]?\b")),
    # like "who is X by"
    (
        "artist",
        one_of(
            r"\bwho (?:is|was|are|made|did|plays|played|recorded|produced)"
            r" (?:the artist|by|it|{WORK}|that|behind)",
            r"\bwhose (?:track|song|record)",
            r"\bwho(?:'s| is| was| are)? {WORK} by",
            r"\bartist (?:of|behind)",
        ),
    ),
    # like "who sang X"
    (
        "credits",
        one_of(
            r"\bwho (?:\w+ )?(?:played|sang|sings|wrote|produced|mixed|mastered|composed|remixed|recorded"
            r"|engineered|plays|drums|drummed)\b",
            r"\bcredits?\b",
            r"\bwritten by\b",
            r"\bproducer\b",
            r"\bcomposer\b",
            r"\bpersonnel\b",
        ),
    ),
)

_TEMPO = re.compile(r"\b(slowest|fastest|lowest|highest)\b")
_OF_SPEED = re.compile(r"\bbpm|tempo")
_TOP_VALUE = re.compile(r"\b(?:what|which|most\b.*) (?:musical )?(key|bpm|tempo)\b")
_VALUES = {"key": "key", "bpm": "bpm", "tempo": "bpm"}
_BY_ARTIST = re.compile(r"\{(?:ARTIST|LABEL)\}")
_DIFFERENT_TITLES = one_of(r"\b(?:different|distinct|separate|unique|individual)\b", rf"\bhow many (?:\w+ )?{SONG}\b")
_LISTED_TITLES = re.compile(rf"\b(?:what|which|all|list|name)\b(?: \w+){{0,3}} {SONG}\b")

_IN_SET = one_of(
    r"\bwhen in\b",
    r"\b(?:what|which) (?:time|point|minute|timestamp|moment)",  # "at what point did X come in"
    r"\bhow far (?:in|into)",
    r"\btimestamps?\b",
    r"\bwhat minute",
    r"\bat which point",
    r"\bwhereabouts in",
    r"\bhow many minutes",
    r"\bwhere in (?:the|that|your)",
)
_ON_RELEASE = one_of(rf"\b{SONG}\b", r"what'?s on", r"track ?list")
_VERSIONS = one_of(r"\b(?:re)?mixes\b", r"\bremix(?:ed)?\b", r"\bversions?\b", r"\bedits?\b")
_WHICH = re.compile(r"\b(?:which|what|list|all|any|how many|who)\b")
_UNKNOWN = one_of(
    r"\bunknown (?:tracks|ids?|songs)",
    r"\bids\b",
    r"\bunidentified\b",
    r"\bid (?:-|–) id\b",
    r"\bunknown\b",
)


def attribute(text: str, asked: Asked) -> str | None:
    """Which property of a thing is asked, or of what played at a moment: "how fast was the track at 0:42"."""
    return first_fitting(_ATTRIBUTES, text) if things(text) or asked.seconds is not None else None


def tempo(text: str, _asked: Asked) -> str | None:
    """The slowest or fastest thing played; how many were above or below a speed."""
    found = _TEMPO.search(text)
    return found[1] if found and (found[1] in ("slowest", "fastest") or _OF_SPEED.search(text)) else None


def top_value(text: str, _asked: Asked) -> str | None:
    """Which key or speed comes up most: "what key do you play in most"."""
    if things(text) or not TOP_WORDS.search(text):
        return None
    found = _TOP_VALUE.search(text)
    return _VALUES[found[1]] if found else None


def by_artist(text: str, asked: Asked) -> str | None:
    """The titles of an artist or a label that were played, or how many they are."""
    if not _BY_ARTIST.search(text) or "{WORK}" in text or TOP_WORDS.search(text):
        return None
    wanted = _DIFFERENT_TITLES if asked.counting else _LISTED_TITLES
    return "titles" if wanted.search(text) else None


def is_track_at(text: str, asked: Asked) -> bool:
    """Whether what played at a moment is asked: "what was on at 42 minutes"."""
    return asked.seconds is not None and not things(text)


def is_time_of(text: str, _asked: Asked) -> bool:
    """Whether the moment of a thing is asked: "how far in did X come"."""
    return things(text) > 0 and bool(_IN_SET.search(text))


def is_unknown_ids(text: str, _asked: Asked) -> bool:
    """Whether the unnamed tracks are asked for: "how many IDs are left"."""
    return bool(_UNKNOWN.search(text))


def is_release_tracks(text: str, _asked: Asked) -> bool:
    """Whether the tracks of a release are asked for: "what's on {RELEASE}"."""
    return "{RELEASE}" in text and bool(_ON_RELEASE.search(text))


def is_versions(text: str, _asked: Asked) -> bool:
    """Whether the mixes of a work are asked for: "which remixes of X did you play"."""
    if "{WORK}" not in text or not _VERSIONS.search(text) or HOW_OFTEN.search(text):
        return False
    return bool(_WHICH.search(text))
