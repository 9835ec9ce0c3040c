"""The ways in which people go on from what was said: "and after that?", "what about 1977?", "the second one".

Each form is tried on a question with its names and dates masked, without the small words that open and
close it. Whatever fits none of them stands by itself.
"""

import re

_OPENS = re.compile(
    r"^(?:(?:and|but|so|or|also|ok|okay|well|oh|hm+|right|thanks|cool|great|nice|please)\b(?!$)[ ,.!]*)+"
)
_CLOSES = re.compile(r"(?:[ ,]+(?:please|exactly|though|again|as well|too|instead))*[ ?.!]*$")

_NIGHT = r"(?:at|on|in|during|for|of) (?:that|this|the same) (?:very )?(?:show|night|gig|concert|day|evening|date)"
THAT_NIGHT = re.compile(rf"\b(?:{_NIGHT}|(?:that|the same) (?:very )?(?:night|day|evening))\b")
SHOW_ITSELF = re.compile(r"(?<=opened )(?:it|that)\b|(?<=closed )(?:it|that)\b|(?<=ended )(?:it|that)\b")
THERE = re.compile(
    r"(?<!is )(?<!was )(?<!are )(?<!were )(?<!be )(?<!been )(?<!over )\bthere\b(?! (?:is|was|are|were|s|be|been|ever))"
    r"|\b(?:at|in) (?:that|the same) (?:place|venue|hall|city|town|club|theatre|theater)\b"
)
IT = re.compile(
    r"\b(?:(?:that|this|the same) (?:song|tune|track|number|one)"
    r"|(?<=play )(?:it|that)|(?<=played )(?:it|that)|(?<=playing )(?:it|that)|(?<=perform )(?:it|that)"
    r"|(?<=performed )(?:it|that)|(?<=sing )it|(?<=hear )it|(?<=debut )it|(?<=open with )(?:it|that)"
    r"|(?<=close with )(?:it|that)|(?<=opened with )(?:it|that)|(?<=closed with )(?:it|that)"
    r"|(?<=after )it|(?<=before )it|(?<=into )it"
    r"|(?<=was )it(?= (?:ever |first |last )*(?:played|performed))|(?<=did )it(?= (?:ever )?(?:open|close|go into))"
    r")\b(?! (?:show|night|gig|set|time))"
)

_SLOT = r"(?:(?:at|in|on|with|for|during|from) )?(?:the )?\{[A-Z]+\}"
SWAP = re.compile(
    rf"(?:(?:(?:and|but|or|so|also|what about|how about|what of|same for|now|and what about|and how about"
    rf"|and for)(?: (?:with|for))? )+|(?P<of_them>how many of (?:them|those|these)(?: were| was)? ))"
    rf"(?P<beside>after |before )?{_SLOT}(?:,? (?:and )?{_SLOT})?(?: then)?"
)

ROLE = re.compile(
    r"(?:and|what about|how about) (?:(?:what|which song) )?(?:the )?(?P<role>open|clos)(?:e|ed|er|ing)?(?: with)?"
)

_RIGHT = r"(?:right |straight |directly |immediately )?"
_WHO = r"(?:you|they|he|she|the band)"
_POINTED = r"(?: (?:it|that|this|that one|this one|that song|that tune|that track))?"
AFTER = re.compile(
    rf"{_RIGHT}after(?:wards)?{_POINTED}"
    rf"|what (?:song )?(?:came|comes|was|is|went|followed|was played|was done){_POINTED}"
    rf"(?: {_RIGHT}(?:after|next|afterwards))?{_POINTED}|what(?: song)? did {_WHO} (?:play|do|go into|drop)"
    rf" {_RIGHT}(?:after|next|afterwards){_POINTED}|(?:and )?(?:the )?(?:one|song|track|next)(?: one| song| track)?"
    rf"(?: (?:right |straight )?after{_POINTED})?|(?:and )?(?:then|next)|what next|(?:then )?what(?: then)?"
    rf"|what did it (?:go|segue) into|what did {_WHO} follow (?:it|that) with"
)
BEFORE = re.compile(
    rf"{_RIGHT}before{_POINTED}|what (?:song )?(?:came|comes|was|is|went|was played|was done) {_RIGHT}before{_POINTED}"
    rf"|what(?: song)? did {_WHO} (?:play|do|drop) {_RIGHT}before{_POINTED}|what preceded (?:it|that)"
    rf"|(?:and )?the (?:one|song|track|previous)(?: one| song| track)? {_RIGHT}before{_POINTED}|the previous one"
)
NEEDS_WORD = re.compile(r"\b(?:after|afterwards|next|before|preceded|followed|then|follow|into|previous)\b")

DAY_AFTER = re.compile(
    r"(?:on )?the (?:next|following) (?:night|day|evening|show)|the (?:night|day|evening) after(?: that)?"
)
DAY_BEFORE = re.compile(r"(?:on )?the (?:previous) (?:night|day|evening)|the (?:night|day|evening) before(?: that)?")

COUNT = re.compile(
    r"how (?:many times|often|many)(?: (?:was|is) (?:that|it))?"
    r"(?P<all>(?: in all| in total| altogether| overall| ever)*)"
)
EDGE = re.compile(
    r"(?:when (?:was|is) )?(?:the |your )?(?:very )?(?P<edge>last|first) time(?: then)?"
    r"|when (?:was|is) (?:the |your )?(?:very )?(?P<one>last|first) one(?: then)?|when (?P<bare>last|first)"
    r"(?: then)?"
)
WHERE = re.compile(
    r"where(?: (?:was|is) (?:it|that|this)(?: (?:show|night|gig|concert))?)?"
    r"|(?:at )?(?:which|what) venue(?: was (?:it|that))?|where did (?:that|it) happen"
)
WHEN = re.compile(
    r"when(?: (?:was|is) (?:it|that|this)(?: (?:show|night|gig|concert))?)?"
    r"|(?:what|which) (?:date|day|year)(?: was (?:it|that))?|when did (?:that|it) happen"
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "1st": 0, "2nd": 1, "3rd": 2}
WHICH = re.compile(
    rf"(?:what about |how about )?(?:the )?(?P<nth>{'|'.join(_ORDINALS)})(?: (?:one|of (?:them|those|these)))"
)
WHICH_OF = re.compile(rf"\b(?P<at>at |on |in )?the (?P<nth>{'|'.join(_ORDINALS)}) (?:one|of (?:them|those|these))\b")

MORE = re.compile(
    r"(?:(?:can|could) you )?(?:please )?(?:tell (?:me|us) (?:some )?more|say more|go on|continue|keep going)"
    r"(?: about (?:it|that|this|them))?|(?:any(?:thing)? )?more(?: about (?:it|that|this))?"
    r"|is there (?:any ?)?(?:thing )?more|(?:what|who|anything|anybody|anyone|any) else"
    r"(?: (?:is|was) there| happened| do you know| can you tell (?:me|us))?"
    r"|(?:are|were) there (?:any )?(?:others?|more)|any (?:others?|more)|others"
)
OF_PROSE = re.compile(
    r"why(?: not| so| that| (?:was|is) (?:that|it)| did (?:you|they) (?:do|play) (?:that|it))?|how (?:come|so)"
    r"|how was (?:it|that)|what happened(?: then| there| next| after(?: that)?)?|what was (?:it|that) like"
    r"|who(?: else)? (?:was|were) (?:there|with (?:you|them))|with whom|what for|how did (?:it|that) (?:go|feel)"
    r"|who (?:else )?(?:played|was|sat in|sang|came)(?: with (?:you|them|us))?(?: there| that night| at that show)?"
)


def bare(masked: str) -> str:
    """Give a masked question without the small words that open and close it."""
    said = _CLOSES.sub("", masked)
    return _OPENS.sub("", said)


def unclosed(masked: str) -> str:
    """Give a masked question without the small words that close it."""
    return _CLOSES.sub("", masked)


def number_of(word: str) -> int:
    """Give the index that "second" means in a list; -1 is the last."""
    return _ORDINALS[word]
