"""Who is speaking: a question that code answers, whatever the writer, the voice or the notes would say."""

import re
from functools import lru_cache

from knowledge.facts.keys import normal

_OPENING = r"(?:(?:hi|hello|hey|wait|so|ok|okay|and|but|sorry|please|honestly|tell me|just tell me|be honest)\W+)*"
_MACHINE = (
    r"(?:an? |the |some |just an? |only an? )?(?:ai|a i|bot|chat ?bot|robot|machine|program|computer|llm|"
    r"language model|chat ?gpt|gpt|artificial intelligence|assistant|algorithm|recording)"
)
_HUMAN = r"(?:an? |the )?(?:real |actual |living |true )*(?:human(?: being)?|person|man|woman|artist|musician|one)"
_SURELY = r"(?:really |actually |truly |in fact |even |just |only |the real |the actual |real |still |now )*"
_DOING = r"(?:talking|speaking|chatting|writing|typing|answering)"
_ENDING = (
    r"(?: (?:herself|himself|themselves|themself|in person|for real|really|actually|then|here|now|right now|today|"
    r"right|are you|aren t you|or not|or what|or (?:just |only |really |is it |are you |the real |the actual )*"
    r"(?:{what}|someone else|somebody else)))*"
)
_OTHERS = (
    r"(?:bist du|sind sie|seid ihr) (?:wirklich |echt )*(?:{who}|sie|er|eine? ki|ein bot|ein mensch|echt)",
    r"(?:es tu|etes vous|est ce que (?:tu es|vous etes)) (?:vraiment )?(?:{who}|elle|lui|une ia|un robot|un humain)",
    r"(?:eres|es usted) (?:realmente |de verdad )*(?:{who}|ella|el|una ia|un bot|una persona|un humano)(?: de verdad)?",
)

NAMES_KEPT = 16


def asks_who_speaks(question: str, artist: str) -> bool:
    """Whether a question asks if the artist herself answers, or what it is that does."""
    return _pattern(artist).fullmatch(normal(question)) is not None


def who_speaks(artist: str, writer: str) -> str:
    """Say it: true of every writer and of every voice."""
    by = "picks her own sentences" if writer.startswith("quoting") else "is a language model that points at sentences"
    by = by.replace("her own", f"{artist}’s own")
    return (
        f"This is a program, not {artist}: an AI that answers from {artist}’s notes. "
        f"What writes here {by}; each of them has its source. "
        f"Only a line that is marked as {artist}’s own is by {artist}."
    )


@lru_cache(NAMES_KEPT)
def _pattern(artist: str) -> re.Pattern[str]:
    names = {normal(artist), *normal(artist).split()} - {"the", "and", "of", "dj", ""}
    who = "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "the artist"
    her = rf"(?:her|him|them|she|he|{who}|the (?:artist|musician|singer|band|real {_HUMAN}))"
    what = rf"(?:{her}|{_MACHINE}|{_HUMAN}|human|real|alive|automated|automatic|fake|you)"
    asked = (
        rf"(?:are|r) (?:you|u) {_SURELY}{what}",
        rf"(?:you are|you re|youre) (?:not )?{_SURELY}(?:not )?{what}",
        rf"(?:is|was) (?:this|that|it|there) {_SURELY}(?:{what}|me talking to {what})(?: {_DOING})?",
        rf"am i {_SURELY}{_DOING} (?:to|with) {_SURELY}{what}",
        rf"is {_SURELY}{her} {_SURELY}(?:here|there|online|reading|{_DOING})(?: me| to me| this)?",
        rf"(?:who|what) {_SURELY}(?:are you|am i {_DOING} (?:to|with)|is this|is {_DOING}(?: here| this| to me)?)",
        r"(?:who|what) (?:writes|answers|wrote) (?:this|these|here|these answers|this answer)",
        rf"(?:who|what) {_SURELY}am i {_SURELY}{_DOING} (?:to|with)",
        rf"do you {_SURELY}(?:claim|pretend) to be {what}",
        rf"did {_SURELY}{her} {_SURELY}(?:write|say|answer|type) (?:this|that|these|it)(?: answer| answers)?",
        *(one.replace("{who}", who) for one in _OTHERS),
    )
    return re.compile(rf"{_OPENING}(?:{'|'.join(asked)}){_ENDING.replace('{what}', what)}")
