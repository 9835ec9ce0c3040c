"""The numbers of a question: which set, which show of a day, which place in a list, how many, at what time."""

import re

from knowledge.facts.patterns.parts import NUMBER_WORDS, ORDINALS, PLACE, SONG, THING, number_of, one_of

_NTH = "|".join(ORDINALS) + r"|\d{1,2}(?:st|nd|rd|th)|last|final|closing|opening|very first|very last"
_NUMBERS = "|".join(NUMBER_WORDS)

_SET = one_of(
    # like "the second set", "your last set", but not "the last set of the night"
    rf"\b(?:(?:the|your|of|in|on) )*(?P<nth>{'|'.join(ORDINALS)}|\d(?:st|nd|rd|th)|last|final)\s+sets?\b"
    r"(?! of (?:the )?(?:day|night|weekend))",
    r"\bset\s*(?P<number>one|two|three|four|five|[1-5])\b(?:,| only)?",  # "set 2"
    r"\bs(?P<short>[1-3])\b",  # "s2 opener"
)
_A_NIGHT = one_of(rf"{PLACE}|{THING}")
_OPENS_SO = re.compile(r"^(?:what|when|where)'?s? (?:was |is )?(?:your |the )?$")

_SHOW_OF_DAY = one_of(
    # like "the late show", "the second show of the day"
    r"\(?\b(?:(?P<early>early)|(?P<late>late)|(?P<nth>first|second|third|1st|2nd|3rd))\s+(?:show|gig|concert|set)"
    r"(?:\)| (?:of|on) (?:the|that|this) (?:day|date|night|evening)| that (?:day|night))",
    r"\b(?P<e2>early) (?:show|gig|set)\b",
    r"\b(?P<l2>late) (?:show|gig|set)\b",
)
_POSITION = one_of(
    rf"\b(?P<nth>{_NTH})[\s-]+(?:{SONG}|thing|one)\b",  # "the third song"
    # like "what was second in the set"
    r"\b(?P<bare>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:nd|rd|th))"
    r" (?:(?:in|of) )?(?:the |your )?(?:\{SET\}|set|show|night)",
    rf"{SONG} (?:number|no\.?|#) ?(?P<number>\d{{1,2}}|{_NUMBERS})\b",  # "song number 4"
    # like "which song did you play last"
    rf"(?:which|what) (?:\w+ )?{SONG}\b.* play(?:ed)? (?P<end>first|last)\b(?! (?:time|in))",
    r"(?P<pre>\d{1,2}(?:st|nd|rd|th)) in (?:the )?(?:list|order)",  # "4th in the list"
)
_TOP = one_of(
    rf"\btop[ -]?(\d{{1,2}}|{_NUMBERS})\b",  # "top ten"
    rf"\b(\d{{1,2}}|{_NUMBERS}) (?:most|songs? you played most|favou?rite)",  # "the 5 most played"
    rf"\b(\d{{1,2}}) {SONG}.* most",  # "which 5 songs were played most"
)
_HOURS = re.compile(r"\b(\d{1,2}) ?(?:hours?|hrs?|h)\b(?! (?:and )?\d)(?= (?:mark|in\b|into|point))")
_TIME = one_of(
    r"\bminute (\d{1,3})\b",  # "minute 42"
    r"(?<![\d:])(\d{1,2}:\d{2}(?::\d{2})?)(?![\d:])",  # "1:02:30"
    # like "1 hour and 5 minutes in", "42 minutes and 10 seconds"
    r"(?:(\d{1,2}) ?(?:h|hours?|hrs?)(?: and)? ?)?(\d{1,3}) ?(?:minutes?|mins?|min|m)\b"
    r"(?: and (\d{1,2}) sec\w*)? ?(?:in\b|into|mark|point)?",
)


def set_number(text: str) -> tuple[str, int]:
    """Take the set out of a question: `{SET}` stands in its place."""
    found = _SET.search(text)
    if found is None:
        return text, 0
    said = found["nth"] or found["number"] or found["short"]
    if said in ("last", "final", "first") and _A_NIGHT.search(text) and _OPENS_SO.search(text[: found.start()]):
        return text, 0  # "when was your last set at the club": a set is a night there
    number = -1 if said in ("last", "final") else number_of(said)
    return f"{text[: found.start()]} {{SET}} {text[found.end() :]}", number


def show_number(text: str) -> tuple[str, int]:
    """Take out which show of a day is meant; -1 is the last one."""
    found = _SHOW_OF_DAY.search(text)
    if found is None:
        return text, 0
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if found["early"] or found["e2"]:
        return rest, 1
    return rest, -1 if found["late"] or found["l2"] else number_of(found["nth"])


def position(text: str) -> int:
    """Give which item of a list is asked for; -1 is the last one, 0 none."""
    found = _POSITION.search(text)
    if found is None:
        return 0
    said = (found["nth"] or found["bare"] or found["number"] or found["pre"] or found["end"]).replace("very ", "")
    if said in ("last", "final", "closing"):
        return -1
    return 1 if said == "opening" else number_of(said)


def top(text: str) -> int:
    """Give how many of the most are asked for; 0 where no number was said."""
    found = _TOP.search(text)
    if found is None:
        return 0
    said = next(part for part in found.groups() if part)
    return NUMBER_WORDS.get(said) or int(said)


def seconds(text: str) -> int | None:
    """Give the moment of a set that a question names, in seconds."""
    for word, number in NUMBER_WORDS.items():
        text = re.sub(rf"\b{word}(?= (?:hours?|minutes?|mins?)\b)", str(number), text)
    if hours := _HOURS.search(text):
        return int(hours[1]) * 3600
    found = _TIME.search(text)
    if found is None:
        return None
    if found[1]:
        return int(found[1]) * 60
    if found[2]:
        return _clock(found[2])
    return int(found[3] or 0) * 3600 + int(found[4]) * 60 + int(found[5] or 0)


def _clock(written: str) -> int:
    total = 0
    for part in written.split(":"):
        total = total * 60 + int(part)
    return total
