"""What is said with the question, whatever it asks: first or last, how many, usually, opened or closed."""

import re

from knowledge.facts.patterns.parts import one_of

_PLAINLY: tuple[tuple[str, str], ...] = (
    (r"\bmore (\w+ )?than any(?: (?:other|else))?(?: \w+)?", r"the most \1"),
    (r",? (?:with |all )?encores? (?:included|counted)", ""),
    (r"\bnever\b(.*), ?(?:did|have|were|was|has) (?:they|you|he|she)\b\W*$", r"ever\1"),
    (r"\b(?:break|broke|broken|bust|busted|busting) (?:it )?out\b", "play"),
    (r"\bcover(?:ed|s)? (?=\{WORK\})", "play "),
    (r"\bput together\b", ""),
    (r"\b(?:made|make) it (?:out )?to\b", "play in"),
)

_FIRST = one_of(
    r"\b(?:first|earliest|debut(?:ed)?|initial(?:ly)?|premiered?|1st)\b",  # "when did you debut it"
    r"\bstart(?:ed)? (?:to play|playing|doing)\b",
    r"\b(?:begin|began) (?:to play|playing)\b",
    r"introduced",
)
_LAST = one_of(
    r"\b(?:last|latest|most recent(?:ly)?|final(?:ly)?|newest|stop(?:ped)? (?:playing|doing))\b",
)
_COUNTING = one_of(
    r"\bhow (?:many|often|much)\b",
    r"(?<!closing )(?<!opening )(?<!last )(?<!first )\bnumber of\b",  # but not "the opening number of the show"
    r"\bcounts?\b",
    r"\btotal\b",
    r"\bhow (?:m|meny) ",
    r"\bno\. of\b",
    r"\bamount of\b",
    r"\bquantity\b",
    r"\bfrequen(?:cy|tly did)\b",
    r"\btimes (?:was|were|did|have|has|you|they)\b",  # "times you played it"
    r"\bhowmany\b",
    r"\bwhat'?s the (?:tally|count|number)",
)
_USUAL = one_of(
    r"\b(?:most|usual(?:ly)?|typical(?:ly)?|common(?:ly|est)?|often(?:est)?|frequent(?:ly)?|regular(?:ly)?"
    r"|favou?rite|tend(?:ed)? to|normally|generally|mostly|biggest|top|used to|number one)\b"
)

_ENCORE = re.compile(r"\bencores?d?\b")
_CAME_OUT = re.compile(r"\bc[ao]me out (?:with|to)\b|\bcame on with\b")
_OPENED = one_of(
    r"\bopen(?:ed|er|ers|ing|s)?\b",  # "what opened the show"
    # like "started off with", "kicked things off with"
    r"\b(?:start(?:ed|ing|er)?|kick(?:ed|ing)?|beg[aiu]n|beginning|led)"
    r" (?:off |out |things off |it off )?(?:with|off)\b",
    r"\bkick(?:ed)? (?:it |things )?off\b",
    r"\b(?:set|show|night|concert) (?:start|begin|began|open)",
    r"\bset (?:starter|opener)",
)
_CLOSED = one_of(
    r"\bclos(?:ed|er|ers|ing|e|es)\b",  # "show closer"
    # like "wrapped the night with", "finished on"
    r"\b(?:end(?:ed|ing)?|finish(?:ed|ing)?|wrap(?:ped)?|conclud\w+)(?: \w+){0,3} (?:with|on)\b",
    r"\bend(?:ed|er)?\b(?! of)",
    r"\bwrap(?:ped)? up\b",
    r"\b(?:finish|end|close)(?:ed)? (?:up|out)\b",
    r"\bended (?:on|{WORK})",
    r"\bfinisher\b",
    r"\bfinished\b",
)


def plainly(text: str) -> str:
    """Say in plain words what people say in many."""
    for pattern, plain in _PLAINLY:
        text = re.sub(pattern, plain, text)
    return " ".join(text.split())


def wants_first(text: str) -> bool:
    """Whether the first of several is asked for: "when did you debut it"."""
    return bool(_FIRST.search(text))


def wants_last(text: str) -> bool:
    """Whether the last of several is asked for: "your most recent show"."""
    return bool(_LAST.search(text))


def counting(text: str) -> bool:
    """Whether a number is asked for: "how often", "total of"."""
    return bool(_COUNTING.search(text))


def usual(text: str) -> bool:
    """Whether the habit is asked for: "what do you usually open with"."""
    return bool(_USUAL.search(text))


def role(text: str) -> str:
    """Give the part in a show that is asked about: opener, closer, encore, or none."""
    if _ENCORE.search(text):
        return "encore"
    if _CAME_OUT.search(text) or _OPENED.search(text):
        return "opener"
    return "closer" if _CLOSED.search(text) else ""
