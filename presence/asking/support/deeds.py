"""Reads a group of verbs: tense, voice, mood, what is denied or hedged, and the verb that counts."""

from collections.abc import Sequence

from presence.asking.support import lexicon
from presence.asking.support.phrases import Deed, Phrase, Small, Thing
from presence.asking.support.terms import Kind, Term

_AUXILIARIES = set(lexicon.BE) | set(lexicon.HAVE) | set(lexicon.DO) | lexicon.MODALS | {"'d", "'s"}
# Verbs that take another one directly: "started writing".
_WITH_ING = lexicon.words(
    "start stop begin keep finish like love hate enjoy avoid consider remember try go continue quit regret practise"
    " imagine spend mind miss"
)
_INSIDE = (lexicon.BINDING | lexicon.DROPPED | lexicon.ADDED) - lexicon.QUANTIFIERS | {"not", "never", "all", "both"}


def is_verb_here(terms: Sequence[Term], position: int, before: list[Phrase]) -> bool:
    """Whether a group of verbs begins here, seen from what came before."""
    term = terms[position]
    word = term.word
    if not word:
        return False
    if word in _AUXILIARIES:
        return True
    if word in ("not", "never") or word in _INSIDE:
        return _verb_soon(terms, position + 1, before)
    forms = {found.form for found in lexicon.verb_forms(word)}
    if not forms:
        return word.endswith("ed") and len(word) > 4 and bool(before) and isinstance(before[-1], Thing)
    return _fits(forms, terms, position, before)


def _verb_soon(terms: Sequence[Term], position: int, before: list[Phrase]) -> bool:
    while position < len(terms) and (terms[position].word in _INSIDE or terms[position].word.endswith("ly")):
        position += 1
    if position >= len(terms) or not terms[position].word:
        return False
    word = terms[position].word
    if word in _AUXILIARIES:
        return True
    forms = {found.form for found in lexicon.verb_forms(word)}
    return bool(forms) and _fits(forms, terms, position, before)


def _fits(forms: set[str], terms: Sequence[Term], position: int, before: list[Phrase]) -> bool:
    last = _last(before)
    if forms & {"past", "part", "ing"}:
        return True
    if last is None:
        return False  # "Play …": no statement begins with a bare verb
    if isinstance(last, Small) and last.word in (",", ")", "-") and "present" in forms and "base" not in forms:
        return any(isinstance(phrase, Thing) for phrase in before)
    if isinstance(last, Thing):
        bare_subject = last.pronoun and last.head in ("i", "we", "you", "they", "who")
        many = last.plural or bool(last.others) or bare_subject
        return (
            ("base" in forms and (many or last.pronoun))
            or ("present" in forms and not last.plural)
            or ("base" in forms and not last.date and _past_twin(terms[position].word))
        )
    return isinstance(last, Small) and last.kind in ("and", "rel", "adverb") and _verbal_before(before)


def _past_twin(word: str) -> bool:
    return any(found.form == "past" for found in lexicon.verb_forms(word))


def _last(before: list[Phrase]) -> Phrase | None:
    for phrase in reversed(before):
        if not (isinstance(phrase, Small) and phrase.kind == "adverb"):
            return phrase
    return None


def _verbal_before(before: list[Phrase]) -> bool:
    return isinstance(_last(before), Small) and getattr(_last(before), "kind", "") in ("rel", "and")


def read_deed(terms: Sequence[Term], position: int) -> tuple[Deed, int]:
    """Read one group of verbs; gives the place after it."""
    words: list[str] = []
    adverbs: list[str] = []
    infinitive = terms[position].word == "to"
    position += infinitive
    while position < len(terms):
        word = terms[position].word
        if word in _AUXILIARIES:
            words.append(_written_out(terms, position))
        elif word and (word in _INSIDE or word.endswith("ly")) and not _is_main(word, terms, position, words):
            adverbs.append(word)
        else:
            break
        position += 1
    position = _back_to_verbs(terms, position, words, adverbs)
    counts = terms[position].word if position < len(terms) else ""
    main, position = _main(terms, position, words)
    return _deed(words, main, adverbs, counts, infinitive=infinitive), position


def _is_main(word: str, terms: Sequence[Term], position: int, words: list[str]) -> bool:
    return bool(lexicon.verb_forms(word)) and word not in _INSIDE


def _back_to_verbs(terms: Sequence[Term], position: int, words: list[str], adverbs: list[str]) -> int:
    """Leave adverbs that no verb follows to what comes after: "was not only …" keeps "not"."""
    follows = position < len(terms) and _continues(terms[position].word, words)
    while not follows and adverbs and terms[position - 1].word == adverbs[-1] and adverbs[-1] not in ("not", "never"):
        adverbs.pop()
        position -= 1
    return position


def _continues(word: str, words: list[str]) -> bool:
    forms = {found.form for found in lexicon.verb_forms(word)}
    if not words:
        return bool(forms) or (word.endswith("ed") and len(word) > 4)
    last = words[-1]
    if last in lexicon.BE:
        return bool(forms & {"part", "ing"}) or (word.endswith("ed") and len(word) > 4)
    if last in lexicon.HAVE:
        return "part" in forms or (word.endswith("ed") and len(word) > 4)
    return "base" in forms


def _written_out(terms: Sequence[Term], position: int) -> str:
    word = terms[position].word
    if word not in ("'d", "'s"):
        return word
    ahead = position + 1
    while ahead < len(terms) and (terms[ahead].word in _INSIDE or terms[ahead].word.endswith("ly")):
        ahead += 1
    forms = {found.form for found in lexicon.verb_forms(terms[ahead].word)} if ahead < len(terms) else set()
    if word == "'d":
        following = terms[ahead].word if ahead < len(terms) else ""
        return "would" if "base" in forms or following in ("be", "have") else "had"
    been = ahead < len(terms) and terms[ahead].word in ("been", "had", "got")
    return "has" if been or ("part" in forms and "ing" not in forms) else "is"


def _main(terms: Sequence[Term], position: int, words: list[str]) -> tuple[list[tuple[str, str]], int]:
    """Read the verb that counts and those it takes: lemma and form of each."""
    if position >= len(terms) or not _continues(terms[position].word, words):
        if not words:
            return [], position + 1
        last = words.pop()
        lemma = "be" if last in lexicon.BE else "have" if last in lexicon.HAVE else "do" if last in lexicon.DO else last
        chain = [(lemma, _form_of_auxiliary(last))]
    else:
        chain = [_lemma(terms[position].word, words)]
        position += 1
    lemma, form = chain[0]
    if position < len(terms) and _is_particle(terms, position, lemma):
        chain[0] = (f"{lemma}_{terms[position].word}", form)
        position += 1
    return _chained(terms, position, chain)


def _form_of_auxiliary(word: str) -> str:
    return {**lexicon.BE, **lexicon.HAVE, **lexicon.DO}.get(word, "base")


def _lemma(word: str, words: list[str]) -> tuple[str, str]:
    forms = lexicon.verb_forms(word)
    wanted: tuple[str, ...]
    if words and words[-1] in lexicon.BE:
        wanted = ("part", "ing")
    elif words and words[-1] in lexicon.HAVE:
        wanted = ("part",)
    elif words:
        wanted = ("base",)
    else:
        wanted = ("past", "present", "base", "part", "ing")
    for form in wanted:
        for found in forms:
            if found.form == form:
                return found.lemma, form
    stem = word.removesuffix("ed")
    return stem, "part" if words else "past"


def _is_particle(terms: Sequence[Term], position: int, lemma: str) -> bool:
    word = terms[position].word
    if word not in lexicon.PARTICLES or lemma == "be":
        return False
    following = terms[position + 1].word if position + 1 < len(terms) else ""
    return not (word in ("off", "down", "over", "out") and following == "of")


def _chained(terms: Sequence[Term], position: int, chain: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], int]:
    while position < len(terms):
        word = terms[position].word
        if word == "to" and position + 1 < len(terms):
            ahead = position + 1 + (terms[position + 1].word in ("not", "never"))
            following = terms[ahead].word if ahead < len(terms) else ""
            if not (
                following in ("be", "have", "do")
                or any(found.form == "base" for found in lexicon.verb_forms(following))
            ):
                break
            if ahead > position + 1:
                chain.append(("not", "base"))
            chain.append((following, "base"))
            position = ahead + 1
        elif chain[-1][0] in _WITH_ING and any(found.form == "ing" for found in lexicon.verb_forms(word)):
            chain.append((next(found.lemma for found in lexicon.verb_forms(word) if found.form == "ing"), "ing"))
            position += 1
        else:
            break
        if position < len(terms) and _is_particle(terms, position, chain[-1][0]):
            chain[-1] = (f"{chain[-1][0]}_{terms[position].word}", chain[-1][1])
            position += 1
    return chain, position


def _deed(words: list[str], main: list[tuple[str, str]], adverbs: list[str], counts: str, *, infinitive: bool) -> Deed:
    lemma, form = main[0] if main else ("", "base")
    first = words[0] if words else ""
    finite = "inf" if infinitive else form if not words and form in ("ing", "part") else "finite"
    finite = "ing" if first in ("having", "being") else finite
    if (not words and form == "past") or first in ("was", "were", "had", "did"):
        tense = "past"
    elif infinitive or finite != "finite":
        tense = ""
    else:
        tense = "present"
    if not words and form == "past" and any(found.form == "base" for found in lexicon.verb_forms(counts)):
        tense = "any"
    modals = tuple(word for word in words if word in lexicon.MODALS)
    perfect = any(word in lexicon.HAVE for word in words)
    be = any(word in lexicon.BE for word in words)
    progressive = be and (form == "ing" or "being" in words[1:])
    binding = tuple(sorted(_bound(word) for word in adverbs if word in lexicon.BINDING or word in lexicon.QUANTIFIERS))
    if lemma == "bear" and be and form == "part":
        main, be = [("be_born", "past"), *main[1:]], False  # nobody does it to anybody
    chain = tuple("to-not" if one == "not" else lexicon.same_verb(one) for one, _ in main)
    return Deed(
        chain, finite, tense, modals, perfect, progressive, (be and form == "part") or finite == "part",
        binding, frozenset(word for word in adverbs if word not in lexicon.BINDING and word not in lexicon.QUANTIFIERS),
        not words and form == "past" and _may_be_participle(counts),
    )  # fmt: skip


def _may_be_participle(word: str) -> bool:
    return word.endswith("ed") or any(found.form == "part" for found in lexicon.verb_forms(word))


def _bound(word: str) -> str:
    return {"nearly": "almost", "perhaps": "maybe", "possibly": "maybe", "scarcely": "hardly", "barely": "hardly"}.get(
        word, word
    )


__all__ = ["Kind", "is_verb_here", "read_deed"]
