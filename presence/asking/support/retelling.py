"""Whether a clause of an answer may be told for a clause of a source."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from presence.asking.support import lexicon
from presence.asking.support.agreement import agrees, is_definite, is_universal, same_place
from presence.asking.support.clauses import CONDITIONS, FACTUAL, SPEAKS_OF_ITSELF, Adjunct, Clause
from presence.asking.support.phrases import Deed, Thing

_DENYING = lexicon.words("not never no hardly seldom rarely neither nor none nobody nothing nowhere without only")
_TAKING_BACK = frozenset({"though", "although", "but", "while"})
_NARROWING = frozenset({"than", "except", "but", "unlike", "instead of", "besides", "minus"})
# What follows a thing after one of these may be said of that thing.
_HOLDING = frozenset({"about", "from", "like", "to", "for", "between", "near", "by", "of", "with"})
_TIMES = frozenset({"when", "after", "since", "once", "where", "until", "till"})
_KEEPS_PURPOSE = lexicon.REPORTING | lexicon.WISHING
_DATIVE = lexicon.words("give send sell lend teach tell show offer bring hand play leave write sing pay loan")
_MEASURES = lexicon.words(
    "day week month year hour minute second night morning evening afternoon weekend summer winter time"
)
_EXTENT = frozenset({"time", "way"})
_OF_THINGS = lexicon.words("from about of like without for with between")
_CONVERSE = {
    "sell": ("to", "buy", "from"), "lend": ("to", "borrow", "from"), "teach": ("to", "learn", "from"),
    "give": ("to", "receive", "from"), "buy": ("from", "sell", "to"), "borrow": ("from", "lend", "to"),
}  # fmt: skip


def ways_of(clause: Clause) -> Iterator[Clause]:
    """Give a clause in every form that says the same: "sold it to him", "he bought it from her"."""
    clause = _dative(clause)
    yield clause
    deed = clause.deed
    if deed is None or len(deed.chain) != 1:
        return
    verb = deed.chain[0]
    if verb in _CONVERSE and len(clause.objects) == 1:
        yield from _converse(clause, deed, *_CONVERSE[verb])
    elif verb == "release" and len(clause.objects) == 1:
        yield replace(
            clause, subject=clause.objects[0], objects=[], deed=replace(deed, chain=("come_out",), passive=False)
        )
    elif verb == "come_out" and clause.subject is not None and not clause.objects:
        yield replace(clause, subject=None, objects=[clause.subject], deed=replace(deed, chain=("release",)))
    elif verb in ("meet", "marry", "be") and len(clause.objects) == 1 and clause.subject is not None:
        first, second = clause.subject, clause.objects[0]
        if verb != "be" or (is_definite(first) and is_definite(second) and not first.pronoun):
            yield replace(clause, subject=second, objects=[first])


def _dative(clause: Clause) -> Clause:
    """Say "gave me a guitar" as "gave a guitar to me"."""
    deed = clause.deed
    if deed is None or len(clause.objects) != 2 or deed.chain[-1] not in _DATIVE:
        return clause
    to = Adjunct("to", clause.objects[0], clause.objects[1])
    return replace(clause, objects=[clause.objects[1]], adjuncts=[*clause.adjuncts, to])


def _converse(clause: Clause, deed: Deed, preposition: str, verb: str, other: str) -> Iterator[Clause]:
    for adjunct in clause.adjuncts:
        if adjunct.preposition == preposition:
            rest = [one for one in clause.adjuncts if one is not adjunct]
            if clause.subject is not None:
                rest.append(Adjunct(other, clause.subject, clause.objects[0]))
            yield replace(clause, subject=adjunct.thing, adjuncts=rest, deed=replace(deed, chain=(verb,)))


def may_tell(said: Clause, source: Clause) -> bool:
    """Whether a clause may be told for a clause of a source, whatever hangs on it."""
    if said.doubtful or source.doubtful or said.deed is None or source.deed is None:
        return False
    return any(_tells(one, other) for one in _said_ways(said) for other in ways_of(source))


def _said_ways(said: Clause) -> Iterator[Clause]:
    yield _dative(said)


def _tells(said: Clause, source: Clause) -> bool:
    if said.deed is None or source.deed is None or not _same_deed(said.deed, source.deed):
        return False
    tight = is_denied(source) or bool(source.under) or _restricts(said, source)
    return (
        _binding(said, source)
        and _adverbs(said, source, tight=tight)
        and _subject(said, source, tight=tight)
        and _objects(said, source, tight=tight)
        and _adjuncts(said, source, tight=tight)
        and _purposes(said, source, tight=tight)
    )


def _restricts(said: Clause, source: Clause) -> bool:
    """Whether a clause says which of several is meant: less of it would mean more of them."""
    things = [source.subject, *source.objects]
    universal = any(thing is not None and thing.restricted and is_universal(thing) for thing in things)
    return source.link in ("rel", "reduced") and (universal or (said.link == source.link and _is_tight(said)))


def _is_tight(clause: Clause) -> bool:
    return any(thing is not None and thing.restricted for thing in (clause.subject, *clause.objects))


def is_denied(clause: Clause) -> bool:
    """Whether something in a clause denies or narrows it, so that leaving out a word would say more."""
    things = [clause.subject, *clause.objects, *(adjunct.thing for adjunct in clause.adjuncts)]
    words = {word for thing in things if thing is not None for one in thing.all for word in one.binding}
    return bool((words | set(_bound(clause))) & _DENYING) or (clause.deed is not None and "to-not" in clause.deed.chain)


def _same_deed(said: Deed, source: Deed) -> bool:
    return (
        said.chain == source.chain
        and said.modals == source.modals
        and said.progressive == source.progressive
        and _same_time(said, source)
    )


def _same_time(said: Deed, source: Deed) -> bool:
    told, given = _time(said), _time(source)
    done = said.passive and source.passive and said.perfect and said.tense == "present" == source.tense
    return told == given or "" in (told, given) or "any" in (told, given) or done  # "is booked" has been booked


def _time(deed: Deed) -> str:
    """Give when something was done; "has played" and "had played" are past."""
    return "past" if deed.perfect else deed.tense


def _bound(clause: Clause) -> list[str]:
    words = list(clause.deed.binding) if clause.deed is not None else []
    words += [word for word in clause.adverbs if word in lexicon.BINDING]
    same = {"nearly": "almost", "perhaps": "maybe", "possibly": "maybe", "scarcely": "hardly", "barely": "hardly"}
    return sorted(same.get(word, word) for word in words)


def _binding(said: Clause, source: Clause) -> bool:
    told, given = _bound(said), _bound(source)
    return told == given or (told == ["not"] and given == ["never"])


def _loose(clause: Clause) -> set[str]:
    words = {word for word in clause.adverbs if word not in lexicon.BINDING}
    return words | set(clause.deed.adverbs if clause.deed is not None else ())


def _adverbs(said: Clause, source: Clause, *, tight: bool) -> bool:
    told, given = _loose(said), _loose(source)
    if not told - lexicon.ADDED <= given:
        return False
    left = given - told
    dropped = lexicon.COMMENTS if is_denied(source) else lexicon.DROPPED
    return all(word in dropped or (not tight and _leaves(word)) for word in left)


def _leaves(word: str) -> bool:
    return word in lexicon.ADVERBS or word.endswith("ly")


def _subject(said: Clause, source: Clause, *, tight: bool) -> bool:
    if said.subject is None:
        return True
    shared = source.deed is not None and source.deed.chain[-1] in lexicon.SHARED_DEEDS
    return source.subject is not None and agrees(said.subject, source.subject, tight=tight, shared=shared)


def _objects(said: Clause, source: Clause, *, tight: bool) -> bool:
    if len(said.objects) < len(source.objects) and not tight and source.objects[-1].head in _EXTENT:
        source = replace(source, objects=source.objects[:-1])  # "three times", "the whole way": how often, how far
    if len(said.objects) != len(source.objects):
        return False
    be = said.deed is not None and said.deed.chain[-1] == "be"
    return all(
        agrees(one, other, tight=tight, shared=True) and (not be or _same_kind(one, other))
        for one, other in zip(said.objects, source.objects, strict=True)
    )


def _same_kind(said: Thing, source: Thing) -> bool:
    return said.definite == source.definite or said.name or source.name


def _adjuncts(said: Clause, source: Clause, *, tight: bool) -> bool:
    left = list(source.adjuncts)
    for adjunct in said.adjuncts:
        found = next((other for other in left if _same_adjunct(adjunct, other, said, tight=tight)), None)
        if found is None:
            return False
        left.remove(found)
    return not left or (not tight and not any(_narrows(other) for other in left))


def _narrows(adjunct: Adjunct) -> bool:
    """Whether a clause says another thing without a phrase: "than …", "in my dream"."""
    return adjunct.preposition in _NARROWING or (adjunct.preposition == "in" and adjunct.thing.head in lexicon.APART)


def _same_adjunct(said: Adjunct, source: Adjunct, clause: Clause, *, tight: bool) -> bool:
    if not same_place(said.preposition, said.thing, source.preposition, source.thing, tight=tight):
        return False
    if source.thing.date or source.thing.head in _MEASURES:
        return True
    told, given = _host(said), _host(source)
    if isinstance(source.host, Adjunct) and not _keeps(source.host, clause):
        return False
    if said.preposition in _OF_THINGS or (
        isinstance(said.host, Adjunct) and said.host.preposition in _HOLDING - {"with"}
    ):
        return told is None or (given is not None and agrees(told, given))
    return True


def _host(adjunct: Adjunct) -> Thing | None:
    thing = adjunct.host.thing if isinstance(adjunct.host, Adjunct) else adjunct.host
    return None if thing is None or thing.date or thing.head in _MEASURES else thing


def _keeps(host: Adjunct, clause: Clause) -> bool:
    """Whether what stood before a phrase is told as well, or was a place or a time itself."""
    if host.preposition not in _HOLDING or host.thing.date or host.thing.head in _MEASURES:
        return True
    return any(
        same_place(other.preposition, other.thing, host.preposition, host.thing, tight=False)
        for other in clause.adjuncts
    )


def _purposes(said: Clause, source: Clause, *, tight: bool) -> bool:
    left = list(source.purposes)
    for purpose in said.purposes:
        found = next((other for other in left if purpose.link == other.link and _tells(purpose, other)), None)
        if found is None:
            return False
        left.remove(found)
    chain = set(source.deed.chain) if source.deed is not None else set()
    return not left or not (tight or chain & _KEEPS_PURPOSE)


def stands_alone(clause: Clause) -> bool:
    """Whether a source states a clause as a fact, not under a condition and not as somebody's words."""
    if clause.under or any(child.link in CONDITIONS for child in clause.children):
        return False
    if clause.parent is not None and not stands_alone(clause.parent) and clause.link != "rel":
        return False
    if clause.link in ("rel", "reduced") and clause.parent is not None and _is_open(clause.parent):
        return False
    past = clause.deed is not None and _time(clause.deed) in ("past", "any", "")
    return clause.link in FACTUAL or (clause.link in _TIMES - {"until", "till"} and past)


def _is_open(clause: Clause) -> bool:
    """Whether a clause leaves open what hangs on its things: "it was not Lena who …", "it may have been Tom who …"."""
    modals = clause.deed is not None and bool(clause.deed.modals)
    return is_denied(clause) or modals or bool(_bound(clause))


def hangs_alike(said: Clause, source: Clause, matched: Sequence[tuple[Clause, Clause]]) -> bool:
    """Whether a clause hangs on the others as it does in the source."""
    if said.link in SPEAKS_OF_ITSELF and not said.under:
        return stands_alone(source)
    if said.parent is None:
        return False
    parent = next((given for told, given in matched if told is said.parent), None)
    if said.link == "while" and parent is not None and parent.link == "while" and parent.parent is source:
        return True  # what goes on at the same time goes on both ways
    return said.link == source.link and source.parent is parent and said.under == source.under


def leaves_nothing_open(said: Clause, source: Clause, matched: Sequence[tuple[Clause, Clause]]) -> bool:
    """Whether no condition and no reported words of the source's clause were left out."""
    needed = [child for child in source.children if child.link in CONDITIONS]
    words = [child for child in source.children if child in source.reported]
    if words and not any(given is child for _, given in matched for child in words):
        return False  # "Tom said" alone says nothing
    # "every song, though never the last one": what has no verb takes something back all the same.
    needed += [child for child in source.children if child.deed is None and child.link in _TAKING_BACK]
    if is_denied(source):
        needed += [child for child in source.children if child.link not in SPEAKS_OF_ITSELF]
    return all(any(given is child for _, given in matched) for child in needed)
