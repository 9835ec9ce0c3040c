"""Questions about order: what went into what, what came before and after, at which place of a set, two nights."""

import re

from knowledge.facts.asked import Asked
from knowledge.facts.patterns.parts import PLACE, THING, one_of, things

_STRAIGHT = r"(?:straight |right |directly )?"

_INTO = (
    re.compile(rf"{THING} ?(?:-+>|>|→) ?{THING}"),  # "X > Y"
    # like "X into Y", "X and then Y", "X segued into Y"
    re.compile(
        rf"{THING} ?{_STRAIGHT}(?:in ?to|to|and then|then|segue[ds]? (?:in)?to|segue[ds]?"
        rf"|going (?:straight |right )?into|w?ent (?:straight |right )?into|/) {THING}"
    ),
    # like "did X ever go into Y"
    re.compile(
        rf"{THING} (?:\w+ )?(?:go(?:es)?|went|gone|run|ran|segue[ds]?|move[ds]?|lead|led|drop(?:ped)?|flow(?:ed)?"
        rf"|melt(?:ed)?|slid\w*|blend(?:ed)?) (?:straight |right |directly |back )?(?:in ?)?to {THING}"
    ),
    # like "you mixed X into Y"
    re.compile(
        r"(?:segue[ds]?|go(?:es)?|went|gone|mix(?:ed)?|transition(?:ed)?|run|ran|drop(?:ped)?|slid|move[ds]?) "
        rf"{_STRAIGHT}(?:from )?{THING} {_STRAIGHT}(?:in ?to|to|out of) {THING}"
    ),
    # like "X followed by Y", "Y out of X"
    re.compile(
        rf"{THING} (?:was |is |be )?(?:directly |immediately |right )?followed"
        rf" (?:directly |immediately |right |straight )?by {THING}"
        rf"|{THING} {_STRAIGHT}(?:out of|after|following) {THING}"
    ),
)

_NEXT = one_of(
    rf"\b(?:after|follow(?:ed|s|ing)?|next|out of|off the back of|coming out of)\b.*{THING}",  # "what came after X"
    rf"{THING}.*\b(?:into|followed by|follow|next|after that|lead to|led to|to what|after)\b",  # "what X went into"
    r"segue[ds]?\b",
)
_PREVIOUS = one_of(
    rf"(?<!segue )(?<!go )\binto (?:the )?{THING}",  # "what went into X"
    # like "what came right before X"
    r"\b(?:before|preced\w+|prior to|led (?:up )?(?:in)?to|leads? (?:in)?to|ahead of|comes? (?:right )?before"
    rf"|previous to)\b.*{THING}",
    # like "what X came out of"
    rf"{THING}.*\b(?:preceded by|came? out of|comes? out of|come from|came from|follow (?:what|which)"
    r"|before (?:it|that)|predecessor)\b",
    r"predecessor",
    r"\blead[ -]in\b",
)
_WHAT_FOLLOWED = re.compile(rf"what (?:song )?(?:did|does|was) {THING} (?:follow|come after)")
_WHAT_USUALLY_FOLLOWED = re.compile(rf"what (?:song )?(?:did|does|was) {THING} (?:usually )?(?:follow\b|come after)")
_HOW_OFTEN = re.compile(r"\bhow often\b")
_WHEN = re.compile(r"\bwhen\b")
_WHAT = re.compile(r"\b(?:what|which|song)\b")
_SINCE_A_DATE = re.compile(r"\b(?:after|before) \{DATE\}")
_PLACE_AFTER = re.compile(rf"{PLACE} after")
_AFTER_A_THING = re.compile(rf"after {THING}|follow|into|segue")

_ORDER = one_of(
    r"\b(?:did|was) {WORK} (?:\w+ )?(?:before|after|ahead of) {WORK}",  # "did X come before Y"
    r"\bbefore or after\b",
    r"\bafter or before\b",
    r"\bwhich (?:one |song )?(?:\w+ )?(?:came |was |played )?first\b",  # "which came first, X or Y"
    r"\border\b",
)
_PLACE_IN_LIST = one_of(
    r"\b(?:what|which) (?:position|number|slot|place)\b",  # "which slot did X have"
    r"\bposition of\b",
    r"\bhow (?:far|deep|late|early) into the (?:show|set)",
    r"\b(?:what|which) set\b",  # "which set was X in"
)
_A_DAY_ASKED = re.compile(r"\bwhen\b|\bhow (?:long|many days)\b|\bwhat date\b|\bwhich (?:date|show|night)\b")
_AWAY_AND_BACK = one_of(
    # like "when did X come back after {DATE}"
    r"\b(?:come|came|brought|bring|turn(?:ed)?|pop(?:ped)?|show(?:ed)?|bust(?:ed)?) (?:it )?(?:back|up|out)\b",
    r"\breturn",
    r"\bagain\b",
    r"\bbefore (?:that|you|the|they)\b",  # "when was the last time before that"
    r"\bnext (?:time|one|played)\b",
    r"\bafter (?:that|the|you)\b",
    r"\bprevious",
    r"\bnext\b.*\bplayed",
    r"\bto the next\b",
)

_TWO_NIGHTS = one_of(
    # like "what did you play on {DATE} but not on {DATE}"
    r"\b(?:not|n'?t|hadn'?t|wasn'?t|weren'?t|didn'?t|chang(?:ed?|es)|differ\w*|compar\w+|both|common|shared?|only"
    r"|overlap|same|repeat(?:ed|s)?|new|missing|dropped|added|vs\.?|versus|also|again|but)\b"
)
_NIGHT_BESIDE = one_of(
    r"(?:night|day|show|gig|evening) (?:before|after|earlier|previous)",  # "the night before"
    r"(?:previous|next|following|preceding|second|other) (?:night|day|show|evening)",
)


def is_transition(text: str, _asked: Asked) -> bool:
    """Whether one thing went into another: "did X ever go into Y"."""
    return any(pattern.search(text) for pattern in _INTO)


def is_next(text: str, asked: Asked) -> bool:
    """Whether what came after a thing is asked: "what did X go into"."""
    if (asked.counting and not _HOW_OFTEN.search(text)) or _asks_for_a_date(text):
        return False
    bare = _SINCE_A_DATE.sub(" ", text)
    if things(bare) != 1 or (_PLACE_AFTER.search(bare) and not _AFTER_A_THING.search(bare)):
        return False
    if _WHAT_FOLLOWED.search(bare):
        return False
    return bool(_NEXT.search(bare)) and not _PREVIOUS.search(bare)


def is_previous(text: str, _asked: Asked) -> bool:
    """Whether what came before a thing is asked: "what led into X", "what did X follow"."""
    if things(text) != 1 or _asks_for_a_date(text):
        return False
    return bool(_PREVIOUS.search(text) or _WHAT_USUALLY_FOLLOWED.search(text))


def _asks_for_a_date(text: str) -> bool:
    return _WHEN.search(text) is not None and not _WHAT.search(text)


def is_order(text: str, _asked: Asked) -> bool:
    """Whether several things are put in order: "was X before or after Y"."""
    return things(text) >= 2 and bool(_ORDER.search(text))


def is_position_of(text: str, asked: Asked) -> bool:
    """Whether the place of a thing in a list is asked: "which set was X in"."""
    return things(text) == 1 and bool(_PLACE_IN_LIST.search(text)) and not asked.counting


def is_around(text: str, _asked: Asked) -> bool:
    """Whether the play before or after a date is asked: "when did X come back after {DATE}"."""
    return (
        things(text) == 1
        and _A_DAY_ASKED.search(text) is not None
        and _AWAY_AND_BACK.search(text) is not None
        and "{DATE}" in text
    )


def is_compare(text: str, _asked: Asked) -> bool:
    """Whether two nights are compared: "what did you repeat the next night"."""
    dates = text.count("{DATE}")
    two = dates >= 2 or (dates >= 1 and _NIGHT_BESIDE.search(text))
    return bool(two and _TWO_NIGHTS.search(text)) and things(text) == 0
