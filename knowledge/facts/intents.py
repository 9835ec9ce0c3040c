"""What a question asks for, told by rules over the question with its names and dates masked.

The rules are tried in order; the first that fits decides. They are written for how people talk
("opener 5/8/77?", "what'd you close with", "whats the longest you went without playing X"), and they
never look at what a name is called, only at what kind of thing it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

NUMBER_WORDS = {word: number for number, word in enumerate(
    "one two three four five six seven eight nine ten eleven twelve".split(), start=1)}  # fmt: skip
ORDINALS = {word: number for number, word in enumerate(
    "first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)}  # fmt: skip
_NTH = "|".join(ORDINALS) + r"|\d{1,2}(?:st|nd|rd|th)|last|final|closing|opening|very first|very last"
_SONG = r"(?:songs?|tracks?|tunes?|titles?|numbers?|pieces?|records?|works?|cuts?)"
_SHOW = r"(?:shows?|gigs?|concerts?|nights?|performances?|sets?|dates?|appearances?|times?|parties|events?)"
THING = r"\{(?:WORK|ARTIST|LABEL|RELEASE)\}"
PLACE = r"\{(?:PLACE|CITY|REGION|COUNTRY|EVENT|TOUR)\}"

_SET_NO = re.compile(
    rf"\b(?:(?:the|your|of|in|on) )*(?P<nth>{'|'.join(ORDINALS)}|\d(?:st|nd|rd|th)|last|final)\s+sets?\b(?! of (?:the )?(?:day|night|weekend))"
    r"|\bset\s*(?P<number>one|two|three|four|five|[1-5])\b(?:,| only)?|\bs(?P<short>[1-3])\b"
)
_SHOW_NO = re.compile(
    r"\(?\b(?:(?P<early>early)|(?P<late>late)|(?P<nth>first|second|third|1st|2nd|3rd))\s+(?:show|gig|concert|set)"
    r"(?:\)| (?:of|on) (?:the|that|this) (?:day|date|night|evening)| that (?:day|night))|\b(?P<e2>early) (?:show|gig|set)\b|\b(?P<l2>late) (?:show|gig|set)\b"
)
_TIME = re.compile(
    r"\bminute (\d{1,3})\b|(?<![\d:])(\d{1,2}:\d{2}(?::\d{2})?)(?![\d:])|(?:(\d{1,2}) ?(?:h|hours?|hrs?)(?: and)? ?)?(\d{1,3}) ?(?:minutes?|mins?|min|m)\b(?: and (\d{1,2}) sec\w*)? ?(?:in\b|into|mark|point)?"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `set_no` -1 is the last set, `nth` -1 the last item; 0 where nothing was said."""

    intent: str
    masked: str
    set_no: int = 0
    show_no: int = 0
    nth: int = 0
    wants_first: bool = False
    wants_last: bool = False
    counting: bool = False
    usual: bool = False
    role: str = ""  # opener, closer, encore
    top: int = 0
    seconds: int | None = None
    of: str = ""  # what a top list is of; what attribute is asked


def asked_for(masked: str) -> Asked:
    """Understand a masked question; intent "" where no rule fits."""
    text, set_no = _set_number(_plainly(masked))
    text, show_no = _show_number(text)
    nth = _position(text)
    role = _role(text)
    first = bool(
        re.search(
            r"\b(?:first|earliest|debut(?:ed)?|initial(?:ly)?|premiered?|1st)\b|\bstart(?:ed)? (?:to play|playing|doing)\b|\b(?:begin|began) (?:to play|playing)\b|introduced",
            text,
        )
    )
    last = bool(
        re.search(r"\b(?:last|latest|most recent(?:ly)?|final(?:ly)?|newest|stop(?:ped)? (?:playing|doing))\b", text)
    )
    base = Asked(
        "", text, set_no, show_no, nth, first, last,
        counting=bool(_COUNT.search(text)), usual=bool(_USUAL.search(text)), role=role, top=_top(text), seconds=_seconds(text),
    )  # fmt: skip
    if base.nth in (1, -1) and _things(text) and re.search(r"\b(?:shows?|sets?|nights?|gigs?|concerts?)\b", text):
        base = replace(base, role=base.role or ("opener" if base.nth == 1 else "closer"), nth=0)
    for name, fits in _RULES:
        of = fits(text, base)
        if of is not None and of is not False:
            return replace(base, intent=name, of=of if isinstance(of, str) else "")
    return base




_PLAINLY: tuple[tuple[str, str], ...] = (
    (r"\bmore (\w+ )?than any(?: (?:other|else))?(?: \w+)?", r"the most \1"),
    (r",? (?:with |all )?encores? (?:included|counted)", ""),
    (r"\bnever\b(.*), ?(?:did|have|were|was|has) (?:they|you|he|she)\b\W*$", r"ever\1"),
    (r"\b(?:break|broke|broken|bust|busted|busting) (?:it )?out\b", "play"),
    (r"\bcover(?:ed|s)? (?=\{WORK\})", "play "),
    (r"\bput together\b", ""),
    (r"\b(?:made|make) it (?:out )?to\b", "play in"),
)


def _plainly(text: str) -> str:
    """Say in plain words what people say in many."""
    for pattern, plain in _PLAINLY:
        text = re.sub(pattern, plain, text)
    return " ".join(text.split())


_COUNT = re.compile(
    r"\bhow (?:many|often|much)\b|(?<!closing )(?<!opening )(?<!last )(?<!first )\bnumber of\b|\bcounts?\b|\btotal\b|\bhow (?:m|meny) |\bno\. of\b|\bamount of\b|\bquantity\b|\bfrequen(?:cy|tly did)\b|\btimes (?:was|were|did|have|has|you|they)\b|\bhowmany\b|\bwhat'?s the (?:tally|count|number)"
)
_USUAL = re.compile(
    r"\b(?:most|usual(?:ly)?|typical(?:ly)?|common(?:ly|est)?|often(?:est)?|frequent(?:ly)?|regular(?:ly)?|favou?rite|tend(?:ed)? to|normally|generally|mostly|biggest|top|used to|number one)\b"
)


def _set_number(text: str) -> tuple[str, int]:
    found = _SET_NO.search(text)
    if found is None:
        return text, 0
    said = found["nth"] or found["number"] or found["short"]
    number = -1 if said in ("last", "final") else _ordinal(said)
    if (
        said in ("last", "final", "first")
        and re.search(rf"{PLACE}|{THING}", text)
        and re.search(r"^(?:what|when|where)'?s? (?:was |is )?(?:your |the )?$", text[: found.start()])
    ):
        return text, 0  # "when was your last set at the club": a set is a night there
    return f"{text[: found.start()]} {{SET}} {text[found.end() :]}", number


def _ordinal(said: str) -> int:
    if said in NUMBER_WORDS or said in ORDINALS:
        return NUMBER_WORDS.get(said, 0) or ORDINALS[said]
    return int(re.sub(r"\D", "", said))


def _show_number(text: str) -> tuple[str, int]:
    found = _SHOW_NO.search(text)
    if found is None:
        return text, 0
    if found["early"] or found["e2"]:
        number = 1
    elif found["late"] or found["l2"]:
        number = -1
    else:
        number = _ordinal(found["nth"])
    return f"{text[: found.start()]} {text[found.end() :]}", number


_POSITION = re.compile(
    rf"\b(?P<nth>{_NTH})[\s-]+(?:{_SONG}|thing|one)\b|\b(?P<bare>second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{{1,2}}(?:nd|rd|th)) (?:(?:in|of) )?(?:the |your )?(?:\{{SET\}}|set|show|night)|{_SONG} (?:number|no\.?|#) ?(?P<number>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})\b|(?:which|what) (?:\w+ )?{_SONG}\b.* play(?:ed)? (?P<end>first|last)\b(?! (?:time|in))|(?P<pre>\d{{1,2}}(?:st|nd|rd|th)) in (?:the )?(?:list|order)"
)


def _position(text: str) -> int:
    found = _POSITION.search(text)
    if found is None:
        return 0
    said = (found["nth"] or found["bare"] or found["number"] or found["pre"] or found["end"]).replace("very ", "")
    if said in ("last", "final", "closing"):
        return -1
    return 1 if said == "opening" else _ordinal(said)


def _role(text: str) -> str:
    if re.search(r"\bencores?d?\b", text):
        return "encore"
    if re.search(r"\bc[ao]me out (?:with|to)\b|\bcame on with\b", text):
        return "opener"
    if re.search(
        r"\bopen(?:ed|er|ers|ing|s)?\b|\b(?:start(?:ed|ing|er)?|kick(?:ed|ing)?|beg[aiu]n|beginning|led) (?:off |out |things off |it off )?(?:with|off)\b|\bkick(?:ed)? (?:it |things )?off\b|\b(?:set|show|night|concert) (?:start|begin|began|open)|\bset (?:starter|opener)",
        text,
    ):
        return "opener"
    if re.search(
        r"\bclos(?:ed|er|ers|ing|e|es)\b|\b(?:end(?:ed|ing)?|finish(?:ed|ing)?|wrap(?:ped)?|conclud\w+)(?: \w+){0,3} (?:with|on)\b|\bend(?:ed|er)?\b(?! of)|\bwrap(?:ped)? up\b|\b(?:finish|end|close)(?:ed)? (?:up|out)\b|\bended (?:on|{WORK})|\bfinisher\b|\bfinished\b",
        text,
    ):
        return "closer"
    return ""


def _top(text: str) -> int:
    found = re.search(
        r"\btop[ -]?(\d{1,2}|"
        + "|".join(NUMBER_WORDS)
        + r")\b|\b(\d{1,2}|"
        + "|".join(NUMBER_WORDS)
        + rf") (?:most|songs? you played most|favou?rite)|\b(\d{{1,2}}) {_SONG}.* most",
        text,
    )
    if found is None:
        return 0
    said = next(part for part in found.groups() if part)
    return NUMBER_WORDS.get(said) or int(said)


def _seconds(text: str) -> int | None:
    for word, number in NUMBER_WORDS.items():
        text = re.sub(rf"\b{word}(?= (?:hours?|minutes?|mins?)\b)", str(number), text)
    hours = re.search(r"\b(\d{1,2}) ?(?:hours?|hrs?|h)\b(?! (?:and )?\d)(?= (?:mark|in\b|into|point))", text)
    if hours:
        return int(hours[1]) * 3600
    found = _TIME.search(text)
    if found is None:
        return None
    if found[1]:
        return int(found[1]) * 60
    if found[2]:
        total = 0
        for part in found[2].split(":"):
            total = total * 60 + int(part)
        return total
    return int(found[3] or 0) * 3600 + int(found[4]) * 60 + int(found[5] or 0)


Fits = Callable[[str, Asked], str | bool | None]


def _says(pattern: str) -> Fits:
    compiled = re.compile(pattern)
    return lambda text, _base: bool(compiled.search(text))


def _things(text: str) -> int:
    return len(re.findall(THING, text))


_PROSE = re.compile(
    r"\bwhy\b|\bhow come\b|\bthinking\b|\bthought\b|\bfeel(?:ing|s)?\b|\bfelt\b|\bwrong\b|\bhappen(?:ed|s|ing)?\b|\bstor(?:y|ies)\b|\btell (?:me|us) (?:more )?about\b"
    r"|\bwhat (?:was|is) (?:it|that|this|the \w+) like\b|\bhow (?:was|were|did (?:it|that|you (?:like|manage|come|get|end up|decide|make|write)))\b|\bwhat did you (?:think|say|write|mean|learn|eat|wear|see|hear|notice|remember|tell)\b"
    r"|\bremember (?:about|of|from|most)\b|\bmemor\w+|\bdescribe\b|\bmood\b|\bexplain\b|\breason\b|\bmade you\b|\bmeaning\b|\bidea behind\b|\binspir\w+|\bwhat made\b|\bwhat's (?:it|that) about\b|\bwho (?:persuaded|told|asked|convinced|suggested)\b|\bwho made (?!{WORK})|\bwhat (?:broke|failed|went)\b"
)


def wants_prose(text: str) -> bool:
    """Whether a question says itself that it asks for a story, a reason or a feeling."""
    return bool(_PROSE.search(text))


# What is asked is something else that happened when something was played.
_CIRCUMSTANCE = re.compile(
    r"\b(?:what|who|whom|how|which|where|whose)\b.+\b(?:when|while|the (?:night|time|day|moment)(?: that)?) (?:you|they|we|the band|{WORK})\b"
)


def _is_prose(text: str, base: Asked) -> bool:
    if re.search(r"\bwhat went (?:before|after|into|with)\b", text) or re.search(r"happened to (?:play|be)", text):
        return False
    if _CIRCUMSTANCE.search(text) and not re.search(r"\b(?:remember|recall|know) when\b|^when\b", text):
        return True
    return bool(_PROSE.search(text)) and not (base.counting and not re.search(r"\bwhy\b|\bhow come\b", text))


def _transition(text: str, _base: Asked) -> bool:
    return bool(
        re.search(rf"{THING} ?(?:-+>|>|→) ?{THING}", text)
        or re.search(
            rf"{THING} ?(?:straight |right |directly )?(?:in ?to|to|and then|then|segue[ds]? (?:in)?to|segue[ds]?|going (?:straight |right )?into|w?ent (?:straight |right )?into|/) {THING}",
            text,
        )
        or re.search(
            rf"{THING} (?:\w+ )?(?:go(?:es)?|went|gone|run|ran|segue[ds]?|move[ds]?|lead|led|drop(?:ped)?|flow(?:ed)?|melt(?:ed)?|slid\w*|blend(?:ed)?) (?:straight |right |directly |back )?(?:in ?)?to {THING}",
            text,
        )
        or re.search(
            rf"(?:segue[ds]?|go(?:es)?|went|gone|mix(?:ed)?|transition(?:ed)?|run|ran|drop(?:ped)?|slid|move[ds]?) (?:straight |right |directly )?(?:from )?{THING} (?:straight |right |directly )?(?:in ?to|to|out of) {THING}",
            text,
        )
        or re.search(
            rf"{THING} (?:was |is |be )?(?:directly |immediately |right )?followed (?:directly |immediately |right |straight )?by {THING}|{THING} (?:straight |right |directly )?(?:out of|after|following) {THING}",
            text,
        )
    )


_NEXT = re.compile(
    rf"\b(?:after|follow(?:ed|s|ing)?|next|out of|off the back of|coming out of)\b.*{THING}|{THING}.*\b(?:into|followed by|follow|next|after that|lead to|led to|to what|after)\b|segue[ds]?\b"
)
_PREV = re.compile(
    rf"(?<!segue )(?<!go )\binto (?:the )?{THING}|\b(?:before|preced\w+|prior to|led (?:up )?(?:in)?to|leads? (?:in)?to|ahead of|comes? (?:right )?before|previous to)\b.*{THING}|{THING}.*\b(?:preceded by|came? out of|comes? out of|come from|came from|follow (?:what|which)|before (?:it|that)|predecessor)\b|predecessor|\blead[ -]in\b"
)


def _next(text: str, base: Asked) -> bool:
    if base.counting and not re.search(r"\bhow often\b", text):
        return False
    if re.search(r"\bwhen\b", text) and not re.search(r"\b(?:what|which|song)\b", text):
        return False
    bare = re.sub(r"\b(?:after|before) \{DATE\}", " ", text)
    if (
        _things(bare) != 1
        or re.search(rf"{PLACE} after", bare)
        and not re.search(rf"after {THING}|follow|into|segue", bare)
    ):
        return False
    if re.search(rf"what (?:song )?(?:did|does|was) {THING} (?:follow|come after)", bare):
        return False
    return bool(_NEXT.search(bare)) and not _PREV.search(bare)


def _previous(text: str, _base: Asked) -> bool:
    if _things(text) != 1 or (re.search(r"\bwhen\b", text) and not re.search(r"\b(?:what|which|song)\b", text)):
        return False
    return bool(
        _PREV.search(text)
        or re.search(rf"what (?:song )?(?:did|does|was) {THING} (?:usually )?(?:follow\b|come after)", text)
    )


_TWO_NIGHTS = re.compile(
    r"\b(?:not|n'?t|hadn'?t|wasn'?t|weren'?t|didn'?t|chang(?:ed?|es)|differ\w*|compar\w+|both|common|shared?|only|overlap|same|repeat(?:ed|s)?|new|missing|dropped|added|vs\.?|versus|also|again|but)\b"
)


def _compare(text: str, _base: Asked) -> bool:
    dates = text.count("{DATE}")
    relative = re.search(
        r"(?:night|day|show|gig|evening) (?:before|after|earlier|previous)|(?:previous|next|following|preceding|second|other) (?:night|day|show|evening)",
        text,
    )
    return bool((dates >= 2 or (dates >= 1 and relative)) and _TWO_NIGHTS.search(text)) and _things(text) == 0


_GAP = _says(
    r"\bgaps?\b|\bhiatus|\blongest (?:\w+ ){0,3}(?:break|pause|time|stretch|absence|wait|run|period|drought|layoff|interval)\b|\bshel(?:f|ved)\b|\bwithout (?:playing|a|doing|it|performing)\b|\blongest .*(?:without|between)|\bbetween (?:which|what) (?:two )?(?:shows|dates|plays|nights)|\bhow long .*(?:gone|missing|absent|between|before (?:it )?(?:came|return)|away|not play|didn'?t play|unplayed)|\bwait(?:ed)? (?:the )?longest|bust-?outs?\b"
)
_ONCE = _says(
    r"\b(?:only|just|exactly|precisely|but) (?:ever )?(?:the )?(?:once|one time|a single time|one (?:show|night|performance))\b|\bone[ -](?:offs?|timers?|time only|and only)\b|\b(?:a|one) single time\b|\bonce (?:ever|only|and never)\b|\bplayed once\b|\bnever (?:again|repeated|played again)\b|\bsingle performance|\bone time (?:only|ever)\b|\bonce in (?:your|the)\b"
)
_TOP_WORDS = r"\b(?:most|top|busiest|usual(?:ly)?|commonest|common|often|frequent(?:ly)?|favou?rites?|regular|biggest|number one|more than any|popular)\b"
_LIST_WORDS = r"\b(?:when|what dates?|which dates?|dates|what days?|which days?|what nights?|which nights?|what shows?|which shows?|which sets?|what sets?|which gigs?|which concerts?|which performances?|all|list|every|each|show me|give me|where|what (?:was|were) the (?:date|day|show)s?|how long ago|what year|which year|in what year|on what)\b"


def _top_of(text: str, base: Asked) -> str | None:
    if not (re.search(_TOP_WORDS, text) or base.top) or re.search(
        r"\bmost recent|\bhow (?:often|many|frequently)\b", text
    ):
        return None
    if base.role:
        return base.role if base.role != "encore" else None
    if base.nth in (1, -1) and not base.set_no:
        return "opener" if base.nth == 1 else "closer"
    if re.search(
        r"\bmost (?:number of )?songs\b|\bgreatest number of songs|\bmost (?:tracks|tunes)\b", text
    ) and re.search(rf"\b{_SHOW}\b", text):
        return None
    objects = (
        ("place", r"\bvenues?\b|\bclubs?\b|\bhalls?\b|\bplaces?\b|\brooms?\b|\btheat(?:er|re)s?\b"),
        ("city", r"\bcit(?:y|ies)\b|\btowns?\b"),
        ("region", r"\bstates?\b|\bregions?\b|\bprovinces?\b"),
        ("country", r"\bcountr(?:y|ies)\b"),
        ("month", r"\b(?:which|what|busiest|biggest) (?:calendar )?months?\b|\bmonth of the year\b"),
        ("year", r"\b(?:which|what|busiest|biggest) years?\b|\byear\b.*\bmost\b.*\b(?:shows|gigs|concerts)"),
        ("artist", r"\bartists?\b|\bproducers?\b|\bacts?\b|\bwhose (?:records|tracks|music|songs|tunes)\b"),
        ("label", r"\blabels?\b"),
        ("partner", r"\bb2b\b|\bback[ -]to[ -]back\b|\bpartners?\b"),
        ("work", rf"\b{_SONG}\b|\bplayed\b|\bplay\b|\bthings?\b"),
    )
    asked = [(found.start(), name) for name, pattern in objects if (found := re.search(pattern, text))]
    named = {name for _, name in asked}
    if _things(text) and not named & {"work"} and not named & {"place", "city", "region", "country", "month", "year"}:
        return None
    for name in ("place", "city", "region", "country", "month", "year", "artist", "label", "partner"):
        if name in named and re.search(rf"\b(?:which|what|top|most|favou?rite|whose|biggest|busiest)\b", text):
            return name
    return "work" if "work" in named else None


def _attribute(text: str, base: Asked) -> str | None:
    if not _things(text) and base.seconds is None:
        return None
    for name, pattern in (
        ("label", r"\blabels?\b|\bwho (?:released|put out)\b|\breleased (?:on|by)\b|\bimprint\b"),
        ("bpm", r"\bbpms?\b|\btempo\b|\bhow fast\b|\bspeed\b"),
        ("key", r"\b(?:what|which|musical|camelot|the) key\b|\bkey (?:of|is|was)\b|\bin (?:what|which) key\b|\bkey\?"),
        ("isrc", r"\bisrc\b"),
        ("catalogue", r"\bcat(?:alog(?:ue)?)?(?: no\.?| number| nr\.?|#)"),
        (
            "duration",
            rf"\bhow long (?:is|was|are|were|does)\b|\bhow many (?:minutes|mins|hours)\b|\bduration\b|\blength of\b|\brunning time\b|\b(?:longest|shortest) (?:\w+ )?{THING}(?! (?:gap|break|pause))",
        ),
        (
            "released",
            r"\b(?:when|(?:what|which) year|(?:what|which) date).*\b(?:released?|come out|came out|put out|drop(?:ped)? (?:as|on))\b|\brelease (?:date|year)\b",
        ),
        ("licence", r"\blicen[cs]e[ds]?\b"),
        (
            "artist",
            r"\bwho (?:is|was|are|made|did|plays|played|recorded|produced) (?:the artist|by|it|{WORK}|that|behind)|\bwhose (?:track|song|record)|\bwho(?:'s| is| was| are)? {WORK} by|\bartist (?:of|behind)",
        ),
        (
            "credits",
            r"\bwho (?:\w+ )?(?:played|sang|sings|wrote|produced|mixed|mastered|composed|remixed|recorded|engineered|plays|drums|drummed)\b|\bcredits?\b|\bwritten by\b|\bproducer\b|\bcomposer\b|\bpersonnel\b",
        ),
    ):
        if re.search(pattern, text):
            return name
    return None


def _tempo(text: str) -> str | None:
    """The slowest or fastest thing played; how many were above or below a speed."""
    found = re.search(r"\b(slowest|fastest|lowest|highest)\b", text)
    return found[1] if found and (found[1] in ("slowest", "fastest") or re.search(r"\bbpm|tempo", text)) else None


def _top_value(text: str) -> str | None:
    """Which key, label or speed comes up most."""
    if _things(text) or not re.search(_TOP_WORDS, text):
        return None
    found = re.search(r"\b(?:what|which|most\b.*) (?:musical )?(key|bpm|tempo)\b", text)
    return {"key": "key", "bpm": "bpm", "tempo": "bpm"}[found[1]] if found else None


def _by_artist(text: str, base: Asked) -> str | None:
    """The titles of an artist or a label that were played, or how many they are."""
    if not re.search(r"\{(?:ARTIST|LABEL)\}", text) or "{WORK}" in text or re.search(_TOP_WORDS, text):
        return None
    several = base.counting and re.search(rf"\b(?:different|distinct|separate|unique|individual)\b|\bhow many (?:\w+ )?{_SONG}\b", text)
    listed = re.search(rf"\b(?:what|which|all|list|name)\b(?: \w+){{0,3}} {_SONG}\b", text)
    return "titles" if several or (listed and not base.counting) else None


def _places(text: str, base: Asked) -> str | None:
    """Which venues, towns, countries or festivals there were."""
    if base.counting or re.search(_TOP_WORDS, text) or _things(text) or re.search(r"\bthat (?:date|night|day)\b", text):
        return None
    for name, pattern in (
        ("place", r"venues|clubs|halls|theat(?:er|re)s|festivals"),
        ("city", r"cities|towns"),
        ("country", r"countries|lands"),
        ("region", r"states|regions|provinces"),
    ):
        if re.search(rf"(?:^|\b(?:which|what|all|list|enumerate|name|the)\b(?: \w+){{0,3}} ?)\b(?:{pattern})\b", text):
            return name
    return None


_RULES: tuple[tuple[str, Fits], ...] = (
    (
        "links",
        _says(
            r"\b(?:buy|purchase|order|shop|get (?:hold of|a copy)|stream|listen to|download|bandcamp|merch)\b.*(?:\{WORK\}|\{RELEASE\}|vinyl|record|music|album)|\btickets?\b|\bwhere can i (?:buy|get|hear|find|listen)"
        ),
    ),
    (
        "upcoming",
        _says(
            r"\b(?:where|when|what)(?:'s| is| are)? (?:you |your |the )?next\b(?! (?:song|track|tune|after|to))|\bnext (?:show|gig|concert|date|set|party|event)s?\b|\bupcoming\b|\bcoming up\b|\bfuture (?:shows|dates|gigs)|\bplaying (?:next|soon)\b|\bwhere (?:are|will) you (?:be )?play"
        ),
    ),
    ("prose", _is_prose),
    ("length", lambda t, b: not _things(t) and bool(re.search(r"\bhow long (?:is|was|were|did)\b(?! ago)|\blength of\b|\bduration\b", t)) and not re.search(r"\blongest\b|\bbetween\b", t)),
    ("weekday", _says(r"\b(?:what|which) (?:day of the week|weekday)\b|\bday of the week\b")),
    ("tempo", lambda t, b: _tempo(t)),
    ("top_value", lambda t, b: _top_value(t)),
    ("by_artist", lambda t, b: _by_artist(t, b)),
    ("places", lambda t, b: _places(t, b)),
    (
        "set_list",
        lambda t, b: (
            not _things(t)
            and bool(re.search(r"\bset ?-?lists?\b|\btrack ?-?list(?:ing)?s?\b|\beverything\b.*\b(?:play|perform)", t))
            and not b.counting
            and not re.search(_TOP_WORDS, t)
        ),
    ),
    (
        "order",
        lambda t, b: (
            _things(t) >= 2
            and bool(
                re.search(
                    r"\b(?:did|was) {WORK} (?:\w+ )?(?:before|after|ahead of) {WORK}|\bbefore or after\b|\bafter or before\b|\bwhich (?:one |song )?(?:\w+ )?(?:came |was |played )?first\b|\border\b",
                    t,
                )
            )
        ),
    ),
    (
        "position_of",
        lambda t, b: (
            _things(t) == 1
            and bool(
                re.search(
                    r"\b(?:what|which) (?:position|number|slot|place)\b|\bposition of\b|\bhow (?:far|deep|late|early) into the (?:show|set)|\b(?:what|which) set\b",
                    t,
                )
            )
            and not b.counting
        ),
    ),
    (
        "around",
        lambda t, b: (
            _things(t) == 1
            and bool(re.search(r"\bwhen\b|\bhow (?:long|many days)\b|\bwhat date\b|\bwhich (?:date|show|night)\b", t))
            and bool(
                re.search(
                    r"\b(?:come|came|brought|bring|turn(?:ed)?|pop(?:ped)?|show(?:ed)?|bust(?:ed)?) (?:it )?(?:back|up|out)\b|\breturn|\bagain\b|\bbefore (?:that|you|the|they)\b|\bnext (?:time|one|played)\b|\bafter (?:that|the|you)\b|\bprevious|\bnext\b.*\bplayed|\bto the next\b",
                    t,
                )
            )
            and "{DATE}" in t
        ),
    ),
    ("transition", _transition),
    ("compare", _compare),
    ("track_at", lambda t, b: b.seconds is not None and not _things(t)),
    (
        "time_of",
        lambda t, b: (
            _things(t) > 0
            and bool(
                re.search(
                    r"\bwhen in\b|\b(?:what|which) (?:time|point|minute|timestamp|moment)|\bhow far (?:in|into)|\btimestamps?\b|\bwhat minute|\bat which point|\bwhereabouts in|\bhow many minutes|\bwhere in (?:the|that|your)",
                    t,
                )
            )
        ),
    ),
    (
        "partners",
        lambda t, b: (
            bool(
                re.search(
                    r"\bb2b\b|\bback[ -]to[ -]back\b|\bpartners?\b|\balongside\b|\bwho (?:did|have|else|were|was) (?:you|they|she|he)?.*(?:with|share)|\bwith wh(?:om|o)\b|\bshared? the (?:decks|booth)\b",
                    t,
                )
            )
            and "{PERSON}" not in t
            and not b.counting
        ),
    ),
    ("attribute", _attribute),
    ("unknown_ids", _says(r"\bunknown (?:tracks|ids?|songs)|\bids\b|\bunidentified\b|\bid (?:-|–) id\b|\bunknown\b")),
    ("release_tracks", lambda t, b: "{RELEASE}" in t and bool(re.search(rf"\b{_SONG}\b|what'?s on|track ?list", t))),
    ("previous", _previous),
    ("next", _next),
    (
        "versions",
        lambda t, b: (
            "{WORK}" in t
            and bool(re.search(r"\b(?:re)?mixes\b|\bremix(?:ed)?\b|\bversions?\b|\bedits?\b", t))
            and not re.search(r"\bhow (?:often|many times)\b", t)
            and bool(re.search(r"\b(?:which|what|list|all|any|how many|who)\b", t))
        ),
    ),
    ("gap", _GAP),
    ("once", _ONCE),
    (
        "debuts",
        lambda t, b: (
            not _things(t)
            and bool(
                re.search(
                    rf"\bdebut\w*|{_SONG}.*\bnew\b|\bbrand[ -]new\b|\bnew (?:\w+ )?{_SONG}|\bpremier\w+|\bintroduc\w+|{_SONG}.*\b(?:first time|for the first)|\bfirst time\b.*{_SONG}|\bplay(?:ed)? for the first time|\bfirst (?:ever )?played\b|\badded to (?:the|your) (?:repertoire|rotation)|\bentered (?:the|your) (?:repertoire|rotation)",
                    t,
                )
            )
            and not re.search(r"\bfirst (?:show|gig|concert)", t)
        ),
    ),
    (
        "longest",
        lambda t, b: (
            not _things(t)
            and bool(
                re.search(
                    rf"\b(?:longest|shortest|biggest)\b.*\b(?:shows?|sets?|gigs?|concerts?|nights?)\b|\b(?:shows?|sets?|gigs?|concerts?|nights?|date)\b.*\b(?:longest|shortest)\b|\bmost (?:number of )?(?:different )?{_SONG}\b.*|\b(?:greatest|highest|largest) number of {_SONG}|\bplay(?:ed)? the most {_SONG}",
                    t,
                )
            )
            and bool(re.search(rf"\b{_SHOW}\b|\bdate\b|\bset\b", t))
            and not re.search(rf"\bmost (?:played|common|frequent)|{_SONG}.* most\b", t)
        ),
    ),
    ("top", _top_of),
    (
        "distinct",
        lambda t, b: (
            b.counting
            and not _things(t)
            and bool(
                re.search(
                    rf"\b(?:different|distinct|unique|individual|separate|various|single)\b.*\b(?:{_SONG}|venues?|cit(?:y|ies)|countries|states|towns|places|clubs|artists?|labels?)\b|\bhow many (?:\w+ )?{_SONG}\b|\bnumber of {_SONG}|\bhow many (?:venues?|cit(?:y|ies)|countries|states|towns|places|clubs|artists|labels)\b|\bhow many (?:other )?(?:clubs|halls)",
                    t,
                )
            )
        ),
    ),
    (
        "together",
        lambda t, b: (
            _things(t) >= 2
            and bool(
                re.search(
                    r"\bboth\b|\band\b|\btogether\b|\bsame (?:show|night|set|gig|concert)|\balong ?with\b|\bwith\b|&", t
                )
            )
            and not re.search(r"\bor\b|\bmore\b", t)
        ),
    ),
    ("count", lambda t, b: b.counting),
    ("role", lambda t, b: bool(b.role)),
    ("position", lambda t, b: bool(b.nth) and not _things(t)),
    (
        "where",
        lambda t, b: (
            not _things(t)
            and bool(
                re.search(
                    r"\bwhere(?:'d|'s|bouts)?\b|\b(?:what|which) (?:venue|city|town|place|country|state|hall|club)\b|^(?:the )?(?:venue|city|town|place|location)\b|\bvenue (?:on|for|of)",
                    t,
                )
            )
            and "{DATE}" in t
            and not b.wants_first
            and not b.wants_last
        ),
    ),
    (
        "first_last",
        lambda t, b: (
            (b.wants_first or b.wants_last)
            and (_things(t) > 0 or bool(re.search(rf"\b{_SHOW}\b|\btime\b|\bplay|\bperform|\bvisit|{PLACE}", t)))
        ),
    ),
    (
        "exists",
        lambda t, b: (
            bool(re.search(r"\bever\b|\bany\b|\bat all\b|\bat any point\b", t))
            and not re.search(r"\b(?:when|which|what|list|where|dates)\b", t)
        ),
    ),
    (
        "set_list",
        lambda t, b: (
            not _things(t)
            and bool(
                re.search(
                    rf"\bset ?-?lists?\b|\btrack ?-?list(?:ing)?s?\b|\bwhat(?:'d|'s| all)? (?:else )?(?:{_SONG} )?(?:did|was|were|got|have|made|are|is|in|you|y'all|on)?.*\b(?:play(?:ed)?|perform(?:ed)?|do|spin|spun|in|heard|up|on)\b|\b(?:which|what) {_SONG}\b|\bfull (?:set|show|list)|\b{_SONG} (?:from|of|on|at|played)\b|{{SET}}|\bplayed (?:on|at)\b|\bgo(?:t)? played|\bsongs?\b",
                    t,
                )
            )
            and ("{DATE}" in t or bool(re.search(PLACE, t)) or "{SET}" in t)
            and not re.search(r"\bwhen\b|\bdates\b|\bwhich shows\b", t)
        ),
    ),
    (
        "when",
        lambda t, b: (
            bool(re.search(_LIST_WORDS, t))
            or (bool(re.search(rf"\b{_SHOW}\b", t)) and not re.search(r"^(?:did|have|has|was|were|is|are)\b", t))
        ),
    ),
    ("exists", _says(r"\b(?:did|have|has|was|were|is|been|played?|perform\w*|do|done)\b")),
    ("thing", lambda t, b: _things(t) == 1),
)
