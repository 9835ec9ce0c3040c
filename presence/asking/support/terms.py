"""Cuts a sentence into terms: words, names, numbers, dates, quotations and stops.

A date, a number, a name or a quotation is one term whatever it was written like, so that it can only
agree as a whole.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from presence.asking.support import lexicon
from presence.asking.support.clock import times_in
from presence.asking.support.dates import dates_in
from presence.asking.support.numbers import numbers_in, plain_number


class Kind(StrEnum):
    """What a term is."""

    WORD = "word"
    NAME = "name"
    NUMBER = "number"
    ORDINAL = "ordinal"
    DATE = "date"
    QUOTE = "quote"
    OWNS = "owns"  # the apostrophe of a possessive
    STOP = "stop"  # a comma, a dash, a bracket …


@dataclass(frozen=True, slots=True)
class Term:
    """One term: as it is written, what is compared, and where it stood."""

    kind: Kind
    text: str
    key: str
    start: int = 0

    @property
    def word(self) -> str:
        """The word in lower case, or "" for what is no word."""
        return self.key if self.kind is Kind.WORD else ""


_QUOTED = re.compile(
    r"“([^”]{1,200})”|\"([^\"]{1,200})\"|‘([^’]{1,80}(?:’\w[^’]*){0,3})’(?!\w)|(?<!\w)'([^']{1,80})'(?!\w)"
    r"|(?<![\w*])\*([^*\n]{1,80})\*(?![\w*])|(?<![\w_])_([^_\n]{1,80})_(?![\w_])"
)
_WORD = re.compile(
    r"(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|Mt)\.(?=\s?[A-Z])|[^\W\d_]+(?:[-’'&.][^\W\d_]+|-\d+)*[’']?|\d+(?:[.,]\d+)*(?:-?[^\W\d_]+)?|[^\s\w]"
)
_STOPS = {",": ",", ";": ";", ":": ":", "—": "-", "–": "-", "(": "(", ")": ")", "[": "(", "]": ")", "…": ";",
          ".": ".", "!": ".", "?": "?", "-": "-", "/": "/"}  # fmt: skip

_NOT = re.compile(r"^(?P<base>ca|wo|sha|[a-z]+)n['’]t$")
_SHORT = re.compile(r"^(?P<base>[^\W\d_]+)['’](?P<rest>ll|ve|re|m|d|s)$", re.IGNORECASE)
_IS_SHORT = lexicon.PERSONS | {"that", "there", "here", "what", "who", "where", "how", "this"}
_REST = {"ll": "will", "ve": "have", "re": "are", "m": "am"}
_NOT_BASES = {"ca": "can", "wo": "will", "sha": "shall"}


def terms_of(
    sentence: str, known_names: frozenset[str] = frozenset(), *, date: str = "", whole: Iterable[str] = ()
) -> tuple[Term, ...]:
    """Give the terms of one sentence.

    `known_names` are words that are names also where a sentence opens, `whole` names that are one, whatever
    words they are made of: "Tin Roof in November".
    """
    fixed = sorted(_fixed(sentence, date, whole), key=lambda term: term.start)
    told: list[Term] = []
    position = 0
    for term in [*fixed, None]:
        end = len(sentence) if term is None else term.start
        told += _plain(sentence, position, end)
        if term is not None:
            told.append(term)
            position = term.start + len(term.text)
    return tuple(_named(_with_numbers(told), known_names))


def _fixed(sentence: str, date: str, whole: Iterable[str]) -> Iterator[Term]:
    """Give what no rule for words may touch: quotations, dates and times of day."""
    taken: list[tuple[int, int]] = []
    for term in [*_quotations(sentence), *_known(sentence, whole), *dates_as_terms(sentence, date), *_times(sentence)]:
        span = (term.start, term.start + len(term.text))
        if not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
            yield term


def _quotations(sentence: str) -> Iterator[Term]:
    for found in _QUOTED.finditer(sentence):
        inner = next(group for group in found.groups() if group is not None)
        words = re.findall(r"[^\W_]+", inner)
        if words:
            kind = Kind.NAME if _is_title(words) else Kind.QUOTE
            yield Term(kind, found[0], folded(inner), found.start())


def _known(sentence: str, whole: Iterable[str]) -> Iterator[Term]:
    for name in sorted(whole, key=len, reverse=True):
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", sentence):
            yield Term(Kind.NAME, found[0], folded(name), found.start())


def _is_title(words: list[str]) -> bool:
    return (
        len(words) <= 10
        and words[0][:1].isupper() | words[0][:1].isdigit()
        and sum(word[0].isupper() or word[0].isdigit() or len(word) <= 4 for word in words) == len(words)
    )


def dates_as_terms(sentence: str, date: str) -> Iterator[Term]:
    """Give the dates of a sentence as terms."""
    for start, end, key in dates_in(sentence, date):
        yield Term(Kind.DATE, sentence[start:end], key, start)


def _times(sentence: str) -> Iterator[Term]:
    for start, end, key in times_in(sentence):
        yield Term(Kind.DATE, sentence[start:end], key, start)


def folded(text: str) -> str:
    """Give a name as it is compared: lower case, words only, without an article before it."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower().replace("’", "'").replace("&", " and "))
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)


def _plain(sentence: str, start: int, end: int) -> Iterator[Term]:
    for found in _WORD.finditer(sentence, start, end):
        text = found[0]
        if not text[0].isalnum():
            if text in "£$€%":
                yield Term(Kind.WORD, text, text, found.start())
            else:
                yield Term(Kind.STOP, text, _STOPS.get(text, "."), found.start())
        else:
            yield from _opened(text, found.start())


def _opened(text: str, start: int) -> Iterator[Term]:
    """Write out a contraction; split a possessive."""
    lower = text.lower().replace("’", "'")
    if negated := _NOT.match(lower):
        base = _NOT_BASES.get(negated["base"], negated["base"])
        yield Term(Kind.WORD, base, base, start)
        yield Term(Kind.WORD, "not", "not", start + 1)
    elif short := _SHORT.match(text):
        yield from _shortened(short["base"], short["rest"].lower(), start)
    elif lower == "cannot":
        yield Term(Kind.WORD, "can", "can", start)
        yield Term(Kind.WORD, "not", "not", start + 1)
    elif lower.endswith("'"):
        yield Term(Kind.WORD, text[:-1], lower[:-1], start)
        yield Term(Kind.OWNS, text[-1], "'s", start + 1)
    else:
        first, hyphen, rest = lower.rstrip(".").partition("-")
        counted = (
            plain_number(first)
            if hyphen and not plain_number(rest) and not rest.endswith(("st", "nd", "rd", "th"))
            else ""
        )
        key = f"{counted}-{rest}" if counted else lower.rstrip(".")
        yield Term(Kind.WORD, text, _ANYBODY.get(key, key), start)


def _shortened(base: str, rest: str, start: int) -> Iterator[Term]:
    yield Term(Kind.WORD, base, base.lower(), start)
    if rest in _REST:
        yield Term(Kind.WORD, _REST[rest], _REST[rest], start + 1)
    elif rest == "d":
        yield Term(Kind.WORD, "'d", "'d", start + 1)
    elif base.lower() == "let":
        yield Term(Kind.WORD, "us", "us", start + 1)
    elif base.lower() in _IS_SHORT:
        yield Term(Kind.WORD, "'s", "'s", start + 1)
    else:
        yield Term(Kind.OWNS, "'s", "'s", start + 1)


_CURRENCIES = {"£": "pounds", "€": "euros", "$": "dollars"}


def _with_numbers(told: list[Term]) -> list[Term]:
    """Join the words of each number to one term."""
    told = _times_counted(_currency_after(told))
    joined: list[Term] = []
    spans = {start: (end, key, ordinal) for start, end, key, ordinal in numbers_in([term.word for term in told])}
    position = 0
    while position < len(told):
        if position in spans and not _named_number(told, position):
            end, key, ordinal = spans[position]
            text = " ".join(term.text for term in told[position:end])
            kind = Kind.ORDINAL if ordinal else Kind.NUMBER
            joined.append(Term(kind, text, key, told[position].start))
            position = end
        else:
            joined.append(told[position])
            position += 1
    return joined


def _named_number(told: list[Term], position: int) -> bool:
    """Whether a number is written as part of a name: "Weather for Two"."""
    term = told[position]
    return term.text[:1].isupper() and not _opens(told, position) and not term.text.isupper()


def _times_counted(told: list[Term]) -> list[Term]:
    """Read "twice" as "two times", and "no one" as "nobody"."""
    counted: list[Term] = []
    for term in told:
        if term.word == "one" and counted and counted[-1].word == "no":
            counted[-1] = Term(Kind.WORD, "nobody", "nobody", counted[-1].start)
        elif term.word in ("twice", "thrice"):
            counted.append(Term(Kind.WORD, term.text, "two" if term.word == "twice" else "three", term.start))
            counted.append(Term(Kind.WORD, "times", "times", term.start))
        else:
            counted.append(term)
    return counted


_ANYBODY = {"everyone": "everybody", "someone": "somebody", "anyone": "anybody"}


def _currency_after(told: list[Term]) -> list[Term]:
    """Read "£80" as "80 pounds"."""
    told = list(told)
    for number, term in enumerate(told[:-1]):
        if term.key in _CURRENCIES and told[number + 1].key[:1].isdigit():
            told[number], told[number + 1] = (
                told[number + 1],
                Term(Kind.WORD, _CURRENCIES[term.key], _CURRENCIES[term.key], told[number + 1].start),
            )
    return told


_INSIDE_NAMES = {"of", "de", "la", "van", "von", "der", "du", "del", "di", "the"}
_NEVER_NAMES = frozenset({"i", "ok", "okay"})


def _named(told: list[Term], known: frozenset[str]) -> Iterator[Term]:
    """Join words with capitals to names; the first word of a sentence only where it can be nothing else."""
    position = 0
    while position < len(told):
        end = _name_end(told, position, known)
        if end > position:
            text = " ".join(term.text for term in told[position:end])
            yield Term(Kind.NAME, text, folded(text), told[position].start)
            position = end
        else:
            yield told[position]
            position += 1


def _name_end(told: list[Term], position: int, known: frozenset[str]) -> int:
    if not _capital(told[position]) or (_opens(told, position) and not _names_opening(told, position, known)):
        return position
    end = position + 1
    while end < len(told):
        if _capital(told[end]) or _numeral(told, end):
            end += 1
            continue
        inside = end
        while inside < len(told) and told[inside].text in _INSIDE_NAMES and inside - end < 2:
            inside += 1
        if told[end].text == "for" and end + 1 < len(told) and plain_number(told[end + 1].key):
            inside = end + 1
        if inside == end or inside >= len(told) or not _capital(told[inside]):
            break
        end = inside + 1
    return end


def _numeral(told: list[Term], position: int) -> bool:
    """Whether a figure belongs to the name before it: "Studio 2"."""
    text = told[position].text
    return told[position].kind is Kind.NUMBER and text.isdigit() and len(text) == 1 and _capital(told[position - 1])


def _capital(term: Term) -> bool:
    return term.kind is Kind.WORD and term.text[:1].isupper() and term.key not in _NEVER_NAMES


def _opens(told: list[Term], position: int) -> bool:
    before = told[position - 1] if position else None
    return before is None or (before.kind is Kind.STOP and before.key in (".", ":", "?"))


_SMALL = frozenset().union(
    lexicon.PREPOSITIONS, lexicon.SUBORDINATING, lexicon.ARTICLES, lexicon.OWNERS, lexicon.PERSONS, lexicon.QUANTIFIERS,
    lexicon.JOINING, lexicon.POINTING, lexicon.BINDING, lexicon.DROPPED, lexicon.ADVERBS, lexicon.MODALS,
    lexicon.RELATIVE, {"there", "what", "how", "let", "to"},
)  # fmt: skip


def _names_opening(told: list[Term], position: int, known: frozenset[str]) -> bool:
    word = told[position].key
    if word in known:
        return True
    if word in _SMALL:
        return False
    following = told[position + 1] if position + 1 < len(told) else None
    if following is None or lexicon.verb_forms(word):
        return False
    return (
        _capital(following)
        or following.kind is Kind.OWNS
        or bool(lexicon.verb_forms(following.word))
        or _auxiliary(following)
    )


def _auxiliary(term: Term) -> bool:
    return (
        term.word in lexicon.MODALS or term.word in lexicon.BE or term.word in lexicon.HAVE or term.word in lexicon.DO
    )


def names_inside(sentence: str) -> frozenset[str]:
    """Give the single words that are written with a capital inside a sentence: names wherever they stand."""
    found = set()
    for term in terms_of(sentence):
        if term.kind is Kind.NAME and term.start > 0:
            found |= {word for word in term.key.split() if word not in _INSIDE_NAMES | _SMALL}
    return frozenset(found)


def without_stops(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Give the terms without commas and the like."""
    return tuple(term for term in terms if term.kind is not Kind.STOP)


def renamed(term: Term, key: str) -> Term:
    """Give a term under another name."""
    return replace(term, key=key)
