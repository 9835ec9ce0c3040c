"""Questions about many nights at once: the most, the longest, the only ones, the new ones, how many different."""

import re

from knowledge.facts.asked import Asked
from knowledge.facts.patterns.parts import A_SHOW, SHOW, SONG, TOP_WORDS, Named, fitting, one_of, things

_GAP = one_of(
    r"\bgaps?\b",
    r"\bhiatus",
    # like "the longest break", "the longest you went without playing it"
    r"\blongest (?:\w+ ){0,3}"
    r"(?:break|pause|time|stretch|absence|wait|run|period|drought|layoff|interval)\b",
    r"\bshel(?:f|ved)\b",
    r"\bwithout (?:playing|a|doing|it|performing)\b",
    r"\blongest .*(?:without|between)",
    r"\bbetween (?:which|what) (?:two )?(?:shows|dates|plays|nights)",
    # like "how long was it gone"
    r"\bhow long .*(?:gone|missing|absent|between|before (?:it )?(?:came|return)|away|not play|didn'?t play|unplayed)",
    r"\bwait(?:ed)? (?:the )?longest",
    r"bust-?outs?\b",
)
_ONCE = one_of(
    # like "played only once"
    r"\b(?:only|just|exactly|precisely|but) (?:ever )?(?:the )?"
    r"(?:once|one time|a single time|one (?:show|night|performance))\b",
    r"\bone[ -](?:offs?|timers?|time only|and only)\b",
    r"\b(?:a|one) single time\b",
    r"\bonce (?:ever|only|and never)\b",
    r"\bplayed once\b",
    r"\bnever (?:again|repeated|played again)\b",
    r"\bsingle performance",
    r"\bone time (?:only|ever)\b",
    r"\bonce in (?:your|the)\b",
)
_DEBUTS = one_of(
    r"\bdebut\w*",
    rf"{SONG}.*\bnew\b",
    r"\bbrand[ -]new\b",
    rf"\bnew (?:\w+ )?{SONG}",  # "new songs in {DATE}"
    r"\bpremier\w+",
    r"\bintroduc\w+",
    rf"{SONG}.*\b(?:first time|for the first)",
    rf"\bfirst time\b.*{SONG}",
    r"\bplay(?:ed)? for the first time",
    r"\bfirst (?:ever )?played\b",
    r"\badded to (?:the|your) (?:repertoire|rotation)",
    r"\bentered (?:the|your) (?:repertoire|rotation)",
)
_FIRST_SHOW = re.compile(r"\bfirst (?:show|gig|concert)")
_LONGEST = one_of(
    r"\b(?:longest|shortest|biggest)\b.*\b(?:shows?|sets?|gigs?|concerts?|nights?)\b",  # "your longest set"
    r"\b(?:shows?|sets?|gigs?|concerts?|nights?|date)\b.*\b(?:longest|shortest)\b",
    rf"\bmost (?:number of )?(?:different )?{SONG}\b.*",  # "the show with the most songs"
    rf"\b(?:greatest|highest|largest) number of {SONG}",
    rf"\bplay(?:ed)? the most {SONG}",
)
_OF_A_SHOW = re.compile(rf"\b{SHOW}\b|\bdate\b|\bset\b")
_MOST_PLAYED = re.compile(rf"\bmost (?:played|common|frequent)|{SONG}.* most\b")

_NO_RANKING = re.compile(r"\bmost recent|\bhow (?:often|many|frequently)\b")
_MOST_SONGS = re.compile(r"\bmost (?:number of )?songs\b|\bgreatest number of songs|\bmost (?:tracks|tunes)\b")
_OBJECTS: Named = (
    (
        "place",
        one_of(r"\bvenues?\b", r"\bclubs?\b", r"\bhalls?\b", r"\bplaces?\b", r"\brooms?\b", r"\btheat(?:er|re)s?\b"),
    ),
    ("city", one_of(r"\bcit(?:y|ies)\b", r"\btowns?\b")),
    ("region", one_of(r"\bstates?\b", r"\bregions?\b", r"\bprovinces?\b")),
    ("country", one_of(r"\bcountr(?:y|ies)\b")),
    ("month", one_of(r"\b(?:which|what|busiest|biggest) (?:calendar )?months?\b", r"\bmonth of the year\b")),
    (
        "year",
        one_of(
            r"\b(?:which|what|busiest|biggest) years?\b",
            r"\byear\b.*\bmost\b.*\b(?:shows|gigs|concerts)",
        ),
    ),
    (
        "artist",
        one_of(
            r"\bartists?\b",
            r"\bproducers?\b",
            r"\bacts?\b",
            r"\bwhose (?:records|tracks|music|songs|tunes)\b",
        ),
    ),
    ("label", one_of(r"\blabels?\b")),
    ("partner", one_of(r"\bb2b\b", r"\bback[ -]to[ -]back\b", r"\bpartners?\b")),
    ("work", one_of(rf"\b{SONG}\b", r"\bplayed\b", r"\bplay\b", r"\bthings?\b")),
)
_OF_NIGHTS = ("place", "city", "region", "country", "month", "year")
_BY_NAME = (*_OF_NIGHTS, "artist", "label", "partner")
_ASKS_WHICH = re.compile(r"\b(?:which|what|top|most|favou?rite|whose|biggest|busiest)\b")

_DISTINCT = one_of(
    # like "how many different songs"
    r"\b(?:different|distinct|unique|individual|separate|various|single)\b"
    rf".*\b(?:{SONG}|venues?|cit(?:y|ies)|countries|states|towns|places|clubs|artists?|labels?)\b",
    rf"\bhow many (?:\w+ )?{SONG}\b",
    rf"\bnumber of {SONG}",
    r"\bhow many (?:venues?|cit(?:y|ies)|countries|states|towns|places|clubs|artists|labels)\b",
    r"\bhow many (?:other )?(?:clubs|halls)",
)
_TOGETHER = one_of(
    r"\bboth\b",
    r"\band\b",
    r"\btogether\b",
    r"\bsame (?:show|night|set|gig|concert)",  # "X and Y at the same show"
    r"\balong ?with\b",
    r"\bwith\b",
    r"&",
)
_EITHER = re.compile(r"\bor\b|\bmore\b")


def is_gap(text: str, _asked: Asked) -> bool:
    """Whether the longest time between is asked: "the longest you went without playing X"."""
    return bool(_GAP.search(text))


def is_once(text: str, _asked: Asked) -> bool:
    """Whether what was played a single time is asked: "which songs were one-offs"."""
    return bool(_ONCE.search(text))


def is_debuts(text: str, _asked: Asked) -> bool:
    """Whether what was new is asked: "what did you debut in {DATE}"."""
    return not things(text) and bool(_DEBUTS.search(text)) and not _FIRST_SHOW.search(text)


def is_longest(text: str, _asked: Asked) -> bool:
    """Whether the longest night is asked: "what was your longest set"."""
    if things(text) or not _LONGEST.search(text) or not _OF_A_SHOW.search(text):
        return False
    return not _MOST_PLAYED.search(text)


def top_of(text: str, asked: Asked) -> str | None:
    """What stands first by number: "which city did you play most"; gives what is ranked."""
    if not (TOP_WORDS.search(text) or asked.top) or _NO_RANKING.search(text):
        return None
    if asked.role:
        return asked.role if asked.role != "encore" else None
    if asked.nth in (1, -1) and not asked.set_no:
        return "opener" if asked.nth == 1 else "closer"
    if _MOST_SONGS.search(text) and A_SHOW.search(text):
        return None
    return _ranked(text)


def _ranked(text: str) -> str | None:
    named = set(fitting(_OBJECTS, text))
    if things(text) and not named & {"work", *_OF_NIGHTS}:
        return None
    wanted = next((name for name in _BY_NAME if name in named), None) if _ASKS_WHICH.search(text) else None
    return wanted or ("work" if "work" in named else None)


def is_distinct(text: str, asked: Asked) -> bool:
    """Whether different things are counted: "how many venues have you played"."""
    return asked.counting and not things(text) and bool(_DISTINCT.search(text))


def is_together(text: str, _asked: Asked) -> bool:
    """Whether the nights are asked that had several things: "both X and Y"."""
    return things(text) >= 2 and bool(_TOGETHER.search(text)) and not _EITHER.search(text)
