"""Says for whom and for what pronouns stand, where only one reading is left."""

from collections.abc import Iterator, Sequence

from presence.asking.support import lexicon
from presence.asking.support.clauses import Clause
from presence.asking.support.names import Names
from presence.asking.support.phrases import ARTIST, ARTIST_AND_OTHERS, Thing

_I = lexicon.words("i me my mine myself")
_WE = lexicon.words("we us our ours ourselves")
_HE = lexicon.words("he him his himself")
_SHE = lexicon.words("she her hers herself")
_THEY = lexicon.words("they them their theirs themselves")
_IT = lexicon.words("it its itself")
UNKNOWN = "@unknown"
# Things that belong to her where they belong to "us".
_OURS_IS_HERS = lexicon.PEOPLE | lexicon.words(
    "record band song tour gig show single ep set track van studio music lyric"
)


class Referring:
    """Remembers who and what was spoken of, in one text."""

    def __init__(self, names: Names, speaker: str, *, told_of: str = "") -> None:
        """Begin a text; `told_of` is whom "she" means before anybody was named."""
        self._names = names
        self._speaker = names.full(speaker) if speaker else UNKNOWN
        self._told_of = told_of
        self._persons: list[Thing] = []
        self._weighty: set[int] = set()  # subjects, objects and names: "she" is rather one of these
        self._objects: list[list[Thing]] = [[]]
        self._many: list[list[Thing]] = [[]]
        self._begins: list[int] = [0]  # how many persons were known when each sentence began
        self._it: Thing | None = None  # what "it" meant last
        self._beside: list[str] = []  # who does it: "the label took it" is not said of the label
        self._subjects: set[int] = set()

    def settle(self, clauses: Sequence[Clause]) -> None:
        """Settle the pronouns of one sentence, in the order of its clauses."""
        self._objects.append([])
        self._many.append([])
        self._begins.append(len(self._persons))
        things = {id(thing): (thing, weighty, clause) for clause in clauses for thing, weighty in _things_of(clause)}
        self._subjects = {id(clause.subject) for clause in clauses if clause.subject is not None}
        for thing, weighty, clause in sorted(things.values(), key=lambda found: found[0].place):
            doer = clause.subject if thing is not clause.subject else None
            self._beside = [] if doer is None else [_identity(_meant(one)) for one in doer.all]
            self._settle(thing, weighty=weighty)

    def _settle(self, thing: Thing, *, weighty: bool) -> None:
        for one in thing.all:
            if one.owner is not None:
                beside, self._beside = self._beside, []
                self._settle(one.owner, weighty=False)
                self._beside = beside
            for tail in one.tails:
                self._settle(tail.thing, weighty=False)
            if one.pronoun:
                self._pronoun(one)
            elif one.head in ("artist", "musician") and one.definite and self._told_of and _is_plain(one):
                one.head, one.name = self._told_of, True
            elif one.name and not one.date:
                one.head = self._names.full(one.head)
            one.modifiers = frozenset(
                f"name:{self._names.full(word[5:])}" if word.startswith("name:") else word for word in one.modifiers
            )
            self._remember(one, weighty=weighty)

    def _pronoun(self, thing: Thing) -> None:
        word = thing.head
        if word in _I:
            thing.head, thing.pronoun = self._speaker, False
        elif word in _WE:
            thing.head = f"{self._speaker}+" if self._speaker != UNKNOWN else UNKNOWN
            thing.pronoun = False
        elif word in _HE | _SHE:
            self._person(thing, _SHE if word in _SHE else _HE)
        elif word in _IT:
            self._object(thing)
        elif word in _THEY:
            self._several(thing)

    def _person(self, thing: Thing, words: frozenset[str]) -> None:
        wrong = lexicon.MEN if words is _SHE else lexicon.WOMEN
        fitting: dict[str, Thing] = {}
        weighty = [person for person in self._persons if id(person) in self._weighty]
        for person in self._nearest(weighty or self._persons, wrong):
            if person.head not in wrong and not person.roles & wrong and _identity(person) not in self._beside:
                fitting[_identity(person)] = person
        sure = {ident: person for ident, person in fitting.items() if self._is_person(person)}
        fitting = sure or fitting
        doers = {ident: person for ident, person in fitting.items() if id(person) in self._subjects}
        if len(fitting) > 1 and len(doers) == 1 and self._told_of and self._told_of not in fitting:
            fitting = doers
        if len(fitting) == 1:
            thing.also = next(iter(fitting.values()))
            if thing.also.head.startswith("@"):
                thing.head, thing.pronoun = thing.also.head, False
        elif not fitting and self._told_of:
            thing.head, thing.pronoun = self._told_of, False
            self._persons.append(Thing(self._told_of, name=True))
        else:
            thing.head = UNKNOWN

    def _nearest(self, persons: list[Thing], wrong: frozenset[str]) -> list[Thing]:
        """Give the persons of this sentence, else those of the one before, else all."""
        fit = [one for one in persons if one.head not in wrong and _identity(one) not in self._beside]
        for since in (self._begins[-1], self._begins[-2]):
            near = [one for one in fit if self._persons.index(one) >= since]
            if near:
                return near
        return persons

    def _several(self, thing: Thing) -> None:
        for objects in (self._many[-1], self._many[-2]):
            fitting = {_identity(one): one for one in objects}
            if fitting:
                thing.also = next(iter(fitting.values())) if len(fitting) == 1 else None
                thing.head = thing.head if thing.also is not None else UNKNOWN
                return
        thing.head, thing.pronoun = (ARTIST_AND_OTHERS if self._told_of == ARTIST else UNKNOWN), False

    def _object(self, thing: Thing) -> None:
        for objects in (self._objects[-1], self._objects[-2]):
            fitting = {_identity(one): one for one in objects if _identity(one) not in self._beside}
            if len(fitting) > 1 and self._it is not None and _identity(self._it) in fitting:
                fitting = {"": self._it}  # "it" again
            if len(fitting) == 1:
                thing.also = self._it = next(iter(fitting.values()))
                self._objects[-1].append(thing.also)
                return
            if fitting:
                thing.head = UNKNOWN
                return
        thing.head = "@it"

    def _remember(self, thing: Thing, *, weighty: bool) -> None:
        if thing.pronoun or thing.date or thing.head in ("", UNKNOWN) or thing.head.endswith("+"):
            return
        if thing.head == self._speaker and not self._told_of:
            return  # who speaks of herself as "she"?
        person = thing.head == ARTIST or thing.head in lexicon.PEOPLE or bool(thing.roles & lexicon.PEOPLE)
        if person or (thing.name and self._may_be_person(thing)):
            self._persons.append(thing)
            self._weighty |= {id(thing)} if weighty or thing.name else set()
        if weighty and (thing.plural or thing.others) and not thing.head.startswith("@"):
            self._many[-1].append(thing)
        elif not person and weighty and thing.head != ARTIST and thing.head not in self._names.persons:
            self._objects[-1].append(thing)

    def _is_person(self, thing: Thing) -> bool:
        known = thing.head == ARTIST or thing.head in lexicon.PEOPLE or thing.head in self._names.persons
        return known or bool(thing.roles & lexicon.PEOPLE)

    def _may_be_person(self, thing: Thing) -> bool:
        if thing.head in self._names.things:
            return False
        words = thing.head.split()
        return len(words) <= 3 and not set(words) & (lexicon.PLACE_WORDS | lexicon.ARTICLES | {"of", "and"})


def _is_plain(thing: Thing) -> bool:
    return not (thing.owner or thing.modifiers or thing.binding or thing.tails or thing.plural or thing.restricted)


def _identity(thing: Thing) -> str:
    owner = thing.owner.head if thing.owner is not None else ""
    return f"{owner}'s {thing.head}" if owner else thing.head


def _meant(thing: Thing) -> Thing:
    return thing.also if thing.also is not None else thing


def _things_of(clause: Clause) -> Iterator[tuple[Thing, bool]]:
    """Give the things of a clause in order, and whether each is a subject or an object."""
    if clause.subject is not None:
        yield clause.subject, True
    be = clause.deed is not None and clause.deed.chain[-1:] == ("be",) and clause.subject is not None
    be = be and clause.subject is not None and clause.subject.head != "@there"
    for thing in clause.objects:
        yield thing, not be  # "the thunder is real": nothing new that "it" might be
    for adjunct in clause.adjuncts:
        yield adjunct.thing, False
    for purpose in clause.purposes:
        yield from _things_of(purpose)


__all__ = ["ARTIST", "UNKNOWN", "Referring"]
