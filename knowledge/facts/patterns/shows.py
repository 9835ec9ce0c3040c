"""Questions about nights: what was played there, where and when they were, with whom, and which are to come."""

import re

from knowledge.facts.asked import Asked
from knowledge.facts.patterns.parts import A_SHOW, PLACE, SHOW, SONG, TOP_WORDS, Named, first_fitting, one_of, things

_LINKS = one_of(
    # like "where can I buy {RELEASE}"
    r"\b(?:buy|purchase|order|shop|get (?:hold of|a copy)|stream|listen to|download|bandcamp|merch)\b"
    r".*(?:\{WORK\}|\{RELEASE\}|vinyl|record|music|album)",
    r"\btickets?\b",
    r"\bwhere can i (?:buy|get|hear|find|listen)",
)
_UPCOMING = one_of(
    # like "where are you next", but not "what was the next song"
    r"\b(?:where|when|what)(?:'s| is| are)? (?:you |your |the )?next\b(?! (?:song|track|tune|after|to))",
    r"\bnext (?:show|gig|concert|date|set|party|event)s?\b",
    r"\bupcoming\b",
    r"\bcoming up\b",
    r"\bfuture (?:shows|dates|gigs)",
    r"\bplaying (?:next|soon)\b",
    r"\bwhere (?:are|will) you (?:be )?play",
)
_LENGTH = one_of(r"\bhow long (?:is|was|were|did)\b(?! ago)", r"\blength of\b", r"\bduration\b")
_NOT_LENGTH = re.compile(r"\blongest\b|\bbetween\b")
_WEEKDAY = one_of(r"\b(?:what|which) (?:day of the week|weekday)\b", r"\bday of the week\b")
_THAT_NIGHT = re.compile(r"\bthat (?:date|night|day)\b")
_ASKED_PLACES = r"(?:^|\b(?:which|what|all|list|enumerate|name|the)\b(?: \w+){0,3} ?)\b"
_PLACES: Named = tuple(
    (name, re.compile(rf"{_ASKED_PLACES}(?:{nouns})\b"))
    for name, nouns in (
        ("place", r"venues|clubs|halls|theat(?:er|re)s|festivals"),
        ("city", r"cities|towns"),
        ("country", r"countries|lands"),
        ("region", r"states|regions|provinces"),
    )
)
_NAMED_LIST = one_of(
    r"\bset ?-?lists?\b",
    r"\btrack ?-?list(?:ing)?s?\b",
    r"\beverything\b.*\b(?:play|perform)",  # "everything you played"
)
_WHAT_WAS_PLAYED = one_of(
    r"\bset ?-?lists?\b",
    r"\btrack ?-?list(?:ing)?s?\b",
    # like "what did you play at {PLACE}"
    rf"\bwhat(?:'d|'s| all)? (?:else )?(?:{SONG} )?"
    r"(?:did|was|were|got|have|made|are|is|in|you|y'all|on)?"
    r".*\b(?:play(?:ed)?|perform(?:ed)?|do|spin|spun|in|heard|up|on)\b",
    rf"\b(?:which|what) {SONG}\b",
    r"\bfull (?:set|show|list)",
    rf"\b{SONG} (?:from|of|on|at|played)\b",  # "songs from {DATE}"
    r"{SET}",
    r"\bplayed (?:on|at)\b",
    r"\bgo(?:t)? played",
    r"\bsongs?\b",
)
_A_PLACE = re.compile(PLACE)
_OTHERWISE_WHEN = re.compile(r"\bwhen\b|\bdates\b|\bwhich shows\b")
_PARTNERS = one_of(
    r"\bb2b\b",
    r"\bback[ -]to[ -]back\b",
    r"\bpartners?\b",
    r"\balongside\b",
    r"\bwho (?:did|have|else|were|was) (?:you|they|she|he)?.*(?:with|share)",  # "who did you play with"
    r"\bwith wh(?:om|o)\b",
    r"\bshared? the (?:decks|booth)\b",
)
_WHERE = one_of(
    r"\bwhere(?:'d|'s|bouts)?\b",
    r"\b(?:what|which) (?:venue|city|town|place|country|state|hall|club)\b",
    r"^(?:the )?(?:venue|city|town|place|location)\b",  # "venue for {DATE}?"
    r"\bvenue (?:on|for|of)",
)
_OF_A_NIGHT = re.compile(rf"\b{SHOW}\b|\btime\b|\bplay|\bperform|\bvisit|{PLACE}")
_EVER = re.compile(r"\bever\b|\bany\b|\bat all\b|\bat any point\b")
_NOT_YES_OR_NO = re.compile(r"\b(?:when|which|what|list|where|dates)\b")
_LIST_WORDS = one_of(
    r"\b(?:when|what dates?|which dates?|dates|what days?|which days?|what nights?|which nights?|what shows?"
    r"|which shows?|which sets?|what sets?|which gigs?|which concerts?|which performances?|all|list|every|each"
    r"|show me|give me|where|what (?:was|were) the (?:date|day|show)s?|how long ago|what year|which year"
    r"|in what year|on what)\b"
)
_YES_OR_NO = re.compile(r"^(?:did|have|has|was|were|is|are)\b")
_SAYS_PLAYED = one_of(r"\b(?:did|have|has|was|were|is|been|played?|perform\w*|do|done)\b")


def is_links(text: str, _asked: Asked) -> bool:
    """Whether something is to be had: "where can I buy the album"."""
    return bool(_LINKS.search(text))


def is_upcoming(text: str, _asked: Asked) -> bool:
    """Whether it is about what is to come: "where are you playing next"."""
    return bool(_UPCOMING.search(text))


def is_length(text: str, _asked: Asked) -> bool:
    """Whether the length of a night is asked: "how long was the set"."""
    return not things(text) and bool(_LENGTH.search(text)) and not _NOT_LENGTH.search(text)


def is_weekday(text: str, _asked: Asked) -> bool:
    """Whether the day of the week is asked: "what day of the week was {DATE}"."""
    return bool(_WEEKDAY.search(text))


def places(text: str, asked: Asked) -> str | None:
    """Which venues, towns, countries or festivals there were: "list the cities of {TOUR}"."""
    if asked.counting or TOP_WORDS.search(text) or things(text) or _THAT_NIGHT.search(text):
        return None
    return first_fitting(_PLACES, text)


def names_set_list(text: str, asked: Asked) -> bool:
    """Whether a set list is asked for by its name: "setlist for {DATE}"."""
    if things(text) or asked.counting:
        return False
    return bool(_NAMED_LIST.search(text)) and not TOP_WORDS.search(text)


def is_set_list(text: str, _asked: Asked) -> bool:
    """Whether what was played at a night is asked: "what'd you play at {PLACE}"."""
    if things(text) or not _WHAT_WAS_PLAYED.search(text):
        return False
    somewhere = "{DATE}" in text or "{SET}" in text or _A_PLACE.search(text) is not None
    return somewhere and not _OTHERWISE_WHEN.search(text)


def is_partners(text: str, asked: Asked) -> bool:
    """Whether it is asked with whom: "who did you play back to back with"."""
    return bool(_PARTNERS.search(text)) and "{PERSON}" not in text and not asked.counting


def is_count(_text: str, asked: Asked) -> bool:
    """Whether a number is asked for that no other rule has taken: "how often did you play X"."""
    return asked.counting


def is_role(_text: str, asked: Asked) -> bool:
    """Whether the opener, the closer or the encore is asked for: "what opened {DATE}"."""
    return bool(asked.role)


def is_position(text: str, asked: Asked) -> bool:
    """Whether what stood at a place of a list is asked: "the third song of {DATE}"."""
    return bool(asked.nth) and not things(text)


def is_where(text: str, asked: Asked) -> bool:
    """Whether the place of a night is asked: "where were you on {DATE}"."""
    if things(text) or asked.wants_first or asked.wants_last or "{DATE}" not in text:
        return False
    return bool(_WHERE.search(text))


def is_first_last(text: str, asked: Asked) -> bool:
    """Whether the first or the last time is asked: "when did you last play X"."""
    if not (asked.wants_first or asked.wants_last):
        return False
    return things(text) > 0 or bool(_OF_A_NIGHT.search(text))


def is_exists(text: str, _asked: Asked) -> bool:
    """Whether yes or no is asked: "did you ever play X"."""
    return bool(_EVER.search(text)) and not _NOT_YES_OR_NO.search(text)


def is_when(text: str, _asked: Asked) -> bool:
    """Whether dates are asked for: "when did you play X", "shows at {PLACE}"."""
    return bool(_LIST_WORDS.search(text)) or (bool(A_SHOW.search(text)) and not _YES_OR_NO.search(text))


def says_played(text: str, _asked: Asked) -> bool:
    """Whether a question at least says that something was done: "you played X in {CITY}, right?"."""
    return bool(_SAYS_PLAYED.search(text))


def is_thing(text: str, _asked: Asked) -> bool:
    """Whether one thing is named and nothing more said: "{WORK}?"."""
    return things(text) == 1
