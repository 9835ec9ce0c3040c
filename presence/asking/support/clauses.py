"""Puts phrases together to clauses: who does what to whom, where, when, and under which condition.

What cannot be put together surely is marked as doubtful; a doubtful clause supports nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from presence.asking.support import lexicon
from presence.asking.support.phrases import Deed, Phrase, Small, Tail, Thing

# Of these a phrase with a preposition is surely said of the thing just before it.
OF_THINGS = frozenset({"of"})
OF_AGENTS = frozenset({"from", "about", "of"})
# A clause that hangs on another by one of these is told as a fact of its own.
FACTUAL = frozenset({"", "and", "but", "because", "although", "though", "rel", "reduced", "aside", "as", "while", "so"})
SPEAKS_OF_ITSELF = frozenset({"", "and", "but", "rel", "reduced", "aside"})
CONDITIONS = frozenset({"if", "unless", "whether", "lest", "provided", "or", "whenever", "wherever"})


@dataclass(slots=True)
class Adjunct:
    """A phrase with its preposition; `host` is the thing just before it, in case it speaks of that."""

    preposition: str
    thing: Thing
    host: "Adjunct | Thing | None" = None


@dataclass(slots=True)
class Clause:
    """One statement."""

    link: str = ""
    parent: "Clause | None" = None
    subject: Thing | None = None
    deed: Deed | None = None
    objects: list[Thing] = field(default_factory=list)
    adjuncts: list[Adjunct] = field(default_factory=list)
    adverbs: list[str] = field(default_factory=list)
    purposes: list["Clause"] = field(default_factory=list)
    under: tuple[str, ...] = ()  # "say", "hope": told by somebody, not stated
    reported: list["Clause"] = field(default_factory=list)
    whose: Thing | None = None  # who says or hopes it
    children: list["Clause"] = field(default_factory=list)
    doubtful: str = ""

    def whose_words(self, clause: "Clause") -> None:
        """Say of another clause that the same person says it."""
        clause.under, clause.whose, clause.parent = self.under, self.whose, self.parent
        if self.parent is not None:
            self.parent.reported.append(clause)

    @property
    def says_something(self) -> bool:
        """Whether there is any word in it."""
        words = self.objects or self.adjuncts or self.adverbs or self.purposes
        return bool(words or self.deed or self.subject or self.doubtful)


def roles_of(clause: Clause) -> Iterator[Clause]:
    """Give what is said by the way of who somebody is: "my grandmother, Nell Marsh, …"."""
    for thing in (clause.subject, *clause.objects):
        if thing is not None and thing.name and len(thing.roles) == 1 and not thing.others and thing.owner is not None:
            name = Thing(thing.head, name=True)
            role = Thing(next(iter(thing.roles)), definite=True, owner=thing.owner, binding=thing.binding)
            yield Clause("aside", subject=name, deed=Deed(("be",), "finite"), objects=[role])


def clauses_of(phrases: Sequence[Phrase], *, diary: bool = False) -> list[Clause]:
    """Give the clauses of a sentence in order, the first of each first.

    In a diary a sentence without a subject is about who writes it: "Played in a tea house".
    """
    building = _Building(phrases, diary=diary)
    building.build()
    return building.clauses


class _Building:
    """The state of putting a sentence together."""

    def __init__(self, phrases: Sequence[Phrase], *, diary: bool = False) -> None:
        self._diary = diary
        self.phrases = list(phrases)
        self.position = 0
        self.clauses: list[Clause] = []
        self.current = self._new("", None)
        self.preposition = ""
        self.waiting = ""  # the preposition of a phrase without its thing
        self.last: Thing | None = None  # the thing just read, with nothing after it
        self.last_adjunct: Adjunct | None = None
        self.dangling: Clause | None = None  # "Recorded in Leeds, …": whose subject is yet to come
        self.returns: list[tuple[Clause, str]] = []  # clauses that are open around an aside

    def _new(self, link: str, parent: Clause | None) -> Clause:
        clause = Clause(link, parent)
        if parent is not None:
            parent.children.append(clause)
        self.clauses.append(clause)
        return clause

    def build(self) -> None:
        while self.position < len(self.phrases):
            phrase = self.phrases[self.position]
            if isinstance(phrase, Thing):
                self._thing(phrase)
            elif isinstance(phrase, Deed):
                self._deed(phrase)
            else:
                getattr(self, f"_{phrase.kind}")(phrase)
            self.position += 1
        if self.waiting:
            self.current.doubtful = f"ends with {self.waiting}"
        self.clauses = [clause for clause in self.clauses if clause.says_something]
        for clause in self.clauses:
            _rejoin_particle(clause)
            for thing in (clause.subject, *clause.objects, *(adjunct.thing for adjunct in clause.adjuncts)):
                _owned_by(thing)
            _turn_passive(clause)
            if clause.link == "rel" and len(clause.objects) > 1:
                clause.doubtful = clause.doubtful or "the rumour that …"

    # -- things

    def _thing(self, thing: Thing) -> None:
        if self.waiting:
            self._with_preposition(thing)
        elif self._opens_object_relative():
            self._object_relative(thing)
        elif self.current.deed is None and thing.date and self._deed_at(self.position + 1) is None:
            self.current.adjuncts.append(Adjunct("on", thing))
        elif self.current.deed is None:
            self._as_subject(thing)
        elif thing.date and not self._takes_object():
            self.current.adjuncts.append(Adjunct("on", thing))
        else:
            self.current.objects.append(thing)
        self._saw(thing)

    def _takes_object(self) -> bool:
        deed = self.current.deed
        return deed is not None and deed.chain[-1:] == ("be",) and not self.current.objects

    def _saw(self, thing: Thing) -> None:
        self.last = thing

    def _with_preposition(self, thing: Thing) -> None:
        preposition, self.waiting = self.waiting, ""
        if (preposition in OF_THINGS and self.last is not None) or (
            self.current.deed is None and self.current.subject is not None and self.last is not None
        ):
            self.last.tails.append(Tail(preposition, thing))
        else:
            host: Adjunct | Thing | None = None
            if self.last is not None and self.current.deed is not None:
                host = (
                    self.last_adjunct
                    if self.last_adjunct is not None and self.last_adjunct.thing is self.last
                    else self.last
                )
            adjunct = Adjunct(preposition, thing, host)
            self.current.adjuncts.append(adjunct)
            self.last_adjunct = adjunct

    def _as_subject(self, thing: Thing) -> None:
        clause = self.current
        if clause.subject is None:
            clause.subject = thing
            if self.dangling is not None:
                self.dangling.subject, self.dangling = thing, None
        else:
            clause.doubtful = "two subjects"

    def _opens_object_relative(self) -> bool:
        """Whether "the song I wrote" begins: a thing, a thing, a verb in a tense."""
        before = self.phrases[self.position - 1] if self.position else None
        return (
            isinstance(before, Thing)
            and before is self.last
            and not before.date
            and not before.pronoun
            and (self.current.deed is not None or self.current.subject is before)
            and (deed := self._deed_at(self.position + 1)) is not None
            and deed.form == "finite"
            and not (self.current.deed is not None and self._reports())
        )

    def _object_relative(self, thing: Thing) -> None:
        before = self.phrases[self.position - 1]
        self.returns.append((self.current, "tight"))
        clause = self._new("rel", self.current)
        if isinstance(before, Thing):
            before.restricted = True
            clause.objects.append(before)
        clause.subject = thing
        self.current = clause

    # -- verbs

    def _deed_at(self, position: int) -> Deed | None:
        while position < len(self.phrases):
            phrase = self.phrases[position]
            if isinstance(phrase, Deed):
                return phrase
            if not (isinstance(phrase, Small) and phrase.kind == "adverb"):
                return None
            position += 1
        return None

    def _deed(self, deed: Deed) -> None:
        if deed.form == "inf":
            self._purpose(deed)
        elif deed.form == "finite":
            self._finite(deed)
        else:
            self._participle(deed)
        self.last = None
        self.last_adjunct = None

    def _finite(self, deed: Deed) -> None:
        clause = self.current
        if self._is_diary_entry(deed):
            clause.subject, clause.deed = Thing("i", pronoun=True, place=-1), deed
            return
        if self.position == 0 and deed.twin:
            deed.form, deed.tense, deed.passive = "part", "", True
            self._participle(deed)
            return
        if clause.deed is None:
            clause.deed = deed
            if clause.subject is None and clause.link != "rel":
                clause.doubtful = "no subject"
            return
        if deed.twin and self._after_comma():
            clause = self._new("reduced", clause)
            clause.deed, clause.doubtful = deed, "of whom it is said"
            self.returns.append((self.current, "aside"))
            self.current = clause
            return
        if self.returns:
            self._close()
            self._finite(deed)
            return
        if self.last is not None and clause.objects and clause.objects[-1] is self.last and self._reports_now(clause):
            thing = clause.objects.pop()
            self._report(clause, thing)
            self.current.deed = deed
            return
        clause.doubtful = "two verbs"

    def _is_diary_entry(self, deed: Deed) -> bool:
        opens = all(isinstance(phrase, Small) and phrase.kind == "adverb" for phrase in self.phrases[: self.position])
        plain = deed.tense in ("past", "any") and not deed.passive and not deed.modals and deed.chain != ("be",)
        following = self.phrases[self.position + 1] if self.position + 1 < len(self.phrases) else None
        alone = not any(isinstance(phrase, Deed) and phrase.form == "finite" for phrase in self._up_to_end())
        active = not deed.twin or isinstance(following, Thing) or deed.chain[-1] in lexicon.SHARED_DEEDS - {"record"}
        return self._diary and opens and plain and alone and active

    def _up_to_end(self) -> list[Phrase]:
        ahead: list[Phrase] = []
        for phrase in self.phrases[self.position + 1 :]:
            if isinstance(phrase, Small) and (phrase.key_is_end or phrase.kind in ("and", "sub", "rel")):
                break
            ahead.append(phrase)
        return ahead

    def _reports(self) -> bool:
        return self.current.deed is not None and self._reports_now(self.current)

    @staticmethod
    def _reports_now(clause: Clause) -> bool:
        return (
            clause.deed is not None
            and bool(set(clause.deed.chain) & lexicon.REPORTING)
            and clause.deed.chain != ("be",)
        )

    def _report(self, clause: Clause, subject: Thing | None) -> None:
        told = self._new("reported", clause)
        told.under = (*clause.under, *(clause.deed.chain if clause.deed is not None else ()))
        told.whose = clause.subject
        told.subject = subject
        clause.reported.append(told)
        self.current = told

    def _close(self) -> None:
        self.current, _ = self.returns.pop()

    def _purpose(self, deed: Deed) -> None:
        around = self.current
        purpose = Clause("inf", around, deed=deed)
        around.purposes.append(purpose)
        self.returns.append((around, "purpose"))
        self.current = purpose

    def _participle(self, deed: Deed) -> None:
        clause = self.current
        if self.waiting:
            preposition, self.waiting = self.waiting, ""
            gerund = Clause(f"ger {preposition}", clause, deed=deed)
            clause.purposes.append(gerund)
            self.returns.append((clause, "purpose"))
            self.current = gerund
        elif (self.last is not None and deed.form == "part" and (clause.deed is not None or self._finite_later())) or (
            self.last is not None and deed.form == "ing" and (clause.deed is not None or self._finite_later())
        ):
            self._reduced(deed, self.last)
        elif self.position == 0:
            self.dangling = self._new("reduced", clause)
            self.dangling.deed = deed
            self.returns.append((clause, "front"))
            self.current = self.dangling
        else:
            clause.doubtful = "a participle alone"
            clause.deed = clause.deed or deed

    def _finite_later(self) -> bool:
        return any(isinstance(phrase, Deed) and phrase.form == "finite" for phrase in self.phrases[self.position + 1 :])

    def _reduced(self, deed: Deed, thing: Thing) -> None:
        before = self.phrases[self.position - 1]
        aside = isinstance(before, Small) and before.kind == "stop"
        if not aside:
            thing.restricted = True
        self.returns.append((self.current, "aside" if aside else "tight"))
        clause = self._new("reduced", self.current)
        clause.subject = thing
        clause.deed = deed
        around = self.returns[-1][0]
        if around.deed is not None and set(around.deed.chain) & (lexicon.REPORTING | lexicon.WISHING):
            clause.doubtful = "what was wanted"
        self.current = clause

    # -- small words

    def _adverb(self, small: Small) -> None:
        self.current.adverbs.append(small.word)

    def _preposition(self, small: Small) -> None:
        if self.waiting:
            self.current.doubtful = "two prepositions"
        following = self.phrases[self.position + 1] if self.position + 1 < len(self.phrases) else None
        if isinstance(following, Thing) or (isinstance(following, Deed) and following.form == "ing"):
            self.waiting = small.word
        else:
            self.current.adverbs.append(small.word)

    def _sub(self, small: Small) -> None:
        around = self.current
        while self.returns:
            self._close()
            around = self.current
        clause = self._new(small.word, around)
        if around.deed is None and around.subject is None:
            self.returns.append((around, "front"))
        self.current = clause
        self.last = None

    def _rel(self, small: Small) -> None:
        before = self.phrases[self.position - 1]
        aside = isinstance(before, Small) and before.kind == "stop"
        thing = self.last
        if thing is None:
            self.current.doubtful = "a relative without its thing"
            return
        if not aside:
            thing.restricted = True
        if small.word == "that" and self._reports_now(self.current) and self.current.objects == []:
            return
        self.returns.append((self.current, "aside" if aside else "tight"))
        clause = self._new("rel", self.current)
        if small.word != "who" and self._hangs_on_another(thing):
            clause.doubtful = "a relative that may be of another thing"
        following = self._deed_at(self.position + 1)
        if small.word in ("where", "whose"):
            clause.doubtful = f"{small.word} is not read"
        if following is not None:
            clause.subject = thing
        else:
            clause.objects.append(thing)
        self.current = clause
        self.last = None

    def _hangs_on_another(self, thing: Thing) -> bool:
        """Whether a thing stands right after another: in "a caravan near Whitby that leaked" either may be meant."""
        return any(adjunct.thing is thing and adjunct.host is not None for adjunct in self.current.adjuncts)

    def _and(self, small: Small) -> None:
        starts = self._clause_starts(self.position + 1)
        listing = starts == "own" and self.current.deed is None and self.last is not None
        if starts and not listing:
            self._next_clause(small.word, shared=starts == "shared")
            return
        following = self.phrases[self.position + 1] if self.position + 1 < len(self.phrases) else None
        if isinstance(following, Thing) and self.last is not None and small.word in ("and", "or") and not self.waiting:
            self._beside(self.last, following, small.word)
        elif self.clauses and small is self.phrases[0]:
            return
        elif small.word == "and" and self._after_comma():
            self._next_clause("and", shared=False)
            self.current.doubtful = "and, without a verb"
        else:
            self.current.doubtful = f"{small.word} is not read"

    def _after_comma(self) -> bool:
        before = self.phrases[self.position - 1] if self.position else None
        return self.current.deed is not None and isinstance(before, Small) and before.word == ","

    def _beside(self, last: Thing, thing: Thing, word: str) -> None:
        first = self._first_of(last)
        if thing.head.startswith("@#") and not first.name:
            thing.head, thing.plural = first.head, first.plural  # "her third album and her first"
        if self.current.deed is not None and _unlike(first, thing):
            self.current.doubtful = "a verb may be left out"  # "Tom plays bass and Ben cello"
        if word == "or":
            thing.binding = (*thing.binding, "or")
        if word == "and" and last.modifiers and not thing.definite and not thing.name:
            thing.doubtful = True
        first.others.append(thing)
        self.position += 1
        # The list goes on from its last member; what is said after it may be of one or of all.
        self.last = thing

    def _first_of(self, thing: Thing) -> Thing:
        for clause in self.clauses:
            for candidate in [clause.subject, *clause.objects, *(adjunct.thing for adjunct in clause.adjuncts)]:
                if candidate is not None and any(other is thing for other in candidate.others):
                    return candidate
        return thing

    def _next_clause(self, word: str, *, shared: bool) -> None:
        around = self.current
        while self.returns and self.returns[-1][1] != "front" and not (shared and self._belongs_inside(around)):
            self._close()
            around = self.current
        clause = self._new(word if not around.link or around.link in ("and", "but") else around.link, around.parent)
        if around.link == "reported" and shared:
            around.whose_words(clause)
        elif around.link not in ("", "and", "but", "rel"):
            clause.doubtful = "and, inside a clause"
        if word in ("or", "nor"):
            clause.doubtful = around.doubtful = f"{word} is not read"
        clause.under, clause.whose = around.under, around.whose
        if shared:
            clause.subject = around.subject
            clause.adjuncts = [adjunct for adjunct in around.adjuncts if _opens(adjunct, around)]
            self._shares_verb(around, clause)
        self.current = clause
        self.last = None

    def _shares_verb(self, around: Clause, clause: Clause) -> None:
        """Say whether "was recorded and mixed" and "did not sing and play" share more than their subject."""
        deed, following = around.deed, self._deed_at(self.position + 1)
        if deed is None or following is None:
            clause.doubtful = "and, without a verb before"
            return
        own = bool(following.modals or following.perfect or following.passive or following.progressive)
        if not own and (deed.modals or deed.binding or len(deed.chain) > 1 or deed.progressive):
            clause.doubtful = "and, after a verb that may reach further"
        elif deed.passive and not own and following.twin and not self._object_follows():
            following.passive = True

    def _object_follows(self) -> bool:
        for number, phrase in enumerate(self.phrases[self.position + 1 :], start=self.position + 2):
            if isinstance(phrase, Deed):
                return number < len(self.phrases) and isinstance(self.phrases[number], Thing)
        return False

    @staticmethod
    def _belongs_inside(clause: Clause) -> bool:
        return clause.link == "rel" and clause.deed is not None

    def _clause_starts(self, position: int) -> str:
        """Say whether a clause starts here, with a subject of its own or with the one before."""
        seen_thing = False
        while position < len(self.phrases):
            phrase = self.phrases[position]
            if isinstance(phrase, Deed):
                if phrase.form != "finite":
                    return ""
                return "own" if seen_thing else "shared"
            if isinstance(phrase, Thing):
                seen_thing = True
            elif phrase.kind not in ("adverb", "preposition") and not (phrase.kind == "and" and seen_thing):
                return ""
            position += 1
        return ""

    def _stop(self, small: Small) -> None:
        if self.waiting:
            self.current.doubtful = f"ends with {self.waiting}"
            self.waiting = ""
        if small.key_is_end:
            self._ended()
        elif small.word == ":" and self.current.deed is None and self.current.subject is None:
            self.last = None  # "2 June 2017: …"
        elif small.word == ":" and self._clause_starts(self.position + 1) == "own":
            self._ended()
        elif small.word in (",", "-") and self._contrasts():
            self._skip_fragment()
        elif small.word in (",", "-", "(", ")"):
            self._comma()
        else:
            self.current.doubtful = "a sign is not read"

    def _contrasts(self) -> bool:
        """Whether ", not mine" follows: it says what is not so, and no more, up to the next stop."""
        following = self.phrases[self.position + 1] if self.position + 1 < len(self.phrases) else None
        if not (isinstance(following, Thing) and following.binding[-1:] == ("not",)) or self.current.deed is None:
            return False
        return not any(isinstance(phrase, Deed) for phrase in self._up_to_stop())

    def _is_fragment(self, thing: Thing) -> bool:
        """Whether ", most of it for tape" follows: no verb, and nothing that denies what was said."""
        words = {word for one in thing.all for word in one.binding}
        ahead = self._up_to_stop()
        plain = not any(
            isinstance(phrase, Deed) or (isinstance(phrase, Small) and phrase.kind == "and") for phrase in ahead
        )
        return (
            self.current.deed is not None
            and not thing.date
            and plain
            and not words & {"none", "neither", "not", "nothing"}
        )

    def _up_to_stop(self) -> list[Phrase]:
        ahead: list[Phrase] = []
        for phrase in self.phrases[self.position + 1 :]:
            if isinstance(phrase, Small) and phrase.kind == "stop":
                break
            ahead.append(phrase)
        return ahead

    def _skip_fragment(self) -> None:
        """Pass over words without a verb; whoever says them has to find them word for word."""
        self._new("fragment", None).doubtful = "words without a verb"
        self.position += len(self._up_to_stop())
        self.last = None

    def _ended(self) -> None:
        while self.returns:
            self._close()
        if self.position + 1 < len(self.phrases) and self._clause_starts(self.position + 1):
            self.current = self._new("and", None)
        self.last = None

    def _comma(self) -> None:
        if self._closes() or self._is_aside() or self._is_list():
            return
        following = self.phrases[self.position + 1] if self.position + 1 < len(self.phrases) else None
        if isinstance(following, Thing) and self.current.deed is not None:
            if self._clause_starts(self.position + 1) == "own":
                self._next_clause("and", shared=False)
                self.current.doubtful = "a comma between clauses"
                return
            if self._is_fragment(following):
                self._skip_fragment()
                return
        relative = isinstance(following, Small) and following.kind == "rel"
        if not relative and not (isinstance(following, Deed) and following.form in ("part", "ing")):
            self.last = None

    def _closes(self) -> bool:
        """Whether a comma closes an aside, or what stands before the main clause."""
        if not self.returns or self.current.deed is None:
            return False
        way = self.returns[-1][1]
        if way == "front" and not self._clause_starts(self.position + 1):
            return False
        self._close()
        if way == "aside":
            self.last = None
        return True

    def _is_aside(self) -> bool:
        """Read "Tom Reyes, the drummer, …" as a statement of its own."""
        ahead = self.phrases[self.position + 1 : self.position + 3]
        if self.last is None or not ahead or not isinstance(ahead[0], Thing) or self.last.others:
            return False
        closes = len(ahead) == 1 or (isinstance(ahead[1], Small) and ahead[1].kind == "stop")
        if not closes or self._and_ahead() or ahead[0].pronoun or ahead[0].date or self.last.date:
            return False
        described = self.last.definite and not self.last.plural and not ahead[0].definite and not ahead[0].plural
        if self.last.name == ahead[0].name and not (described and not self.last.name):
            return False
        if _merged(self.last, ahead[0]):
            self.position += 2
            return True
        clause = self._new("aside", self.current)
        clause.subject, clause.objects = self.last, [ahead[0]]
        clause.deed = Deed(("be",), "finite")
        self.position += 2
        return True

    def _and_ahead(self) -> bool:
        for number, phrase in enumerate(self.phrases[self.position + 1 :], start=self.position + 1):
            if isinstance(phrase, Deed):
                return False
            if isinstance(phrase, Small) and phrase.kind == "and":
                return not self._clause_starts(number + 1)
        return False

    def _is_list(self) -> bool:
        """Read "guitar, bass and drums"."""
        following = self.phrases[self.position + 1] if self.position + 1 < len(self.phrases) else None
        if isinstance(following, Small) and following.kind == "and" and self.last is not None and self.last_is_listed:
            return not self._clause_starts(self.position + 2)
        if self.last is None or not isinstance(following, Thing) or following.pronoun or not self._and_ahead():
            return False
        if self._clause_starts(self.position + 1) == "own" and self.current.deed is not None:
            return False
        self._beside(self.last, following, "and")
        return True

    @property
    def last_is_listed(self) -> bool:
        """Whether the thing just read is one of a list."""
        things = [phrase for phrase in self.phrases if isinstance(phrase, Thing)]
        return any(other is self.last for thing in things for other in thing.others)


def _opens(adjunct: Adjunct, clause: Clause) -> bool:
    """Whether a phrase stands before its clause, and so before what is joined to it: "In 2011 I moved and …"."""
    return clause.subject is not None and adjunct.host is None and adjunct.thing.place < clause.subject.place


def _unlike(first: Thing, thing: Thing) -> bool:
    """Whether two things can hardly be one list, so that a verb may have been left out."""
    named = any(word.startswith("name:") for word in thing.modifiers)
    return named or thing.head.startswith("@") != first.head.startswith("@") or (thing.name and not first.name)


def _owned_by(thing: Thing | None) -> None:
    """Say "the mother of the bride" as "the bride's mother"."""
    for one in thing.all if thing is not None else []:
        for tail in [tail for tail in one.tails if tail.preposition == "of" and one.owner is None and one.definite]:
            owner = tail.thing
            if (owner.name or owner.head in lexicon.PEOPLE) and not owner.others and one.head in lexicon.PEOPLE:
                one.tails.remove(tail)
                one.owner = owner


def _merged(thing: Thing, other: Thing) -> bool:
    """Read "Tom Reyes, the drummer," and "our drummer, Tom Reyes," as one thing with its role."""
    name, role = (thing, other) if thing.name else (other, thing)
    plain = not (
        role.binding or role.tails or role.number or role.plural or role.modifiers or name.owner or name.binding
    )
    if not plain or role.pronoun or not role.definite or thing.restricted:
        return False
    roles = name.roles | {role.head}
    thing.head, thing.name, thing.roles, thing.owner = name.head, True, roles, role.owner
    return True


def _rejoin_particle(clause: Clause) -> None:
    """Say "turned the offer down" as "turned down the offer"."""
    deed = clause.deed
    found = [word for word in clause.adverbs if word in lexicon.PARTICLES]
    if deed is None or len(found) != 1 or len(clause.objects) != 1 or "_" in deed.chain[-1] or deed.chain[-1] == "be":
        return
    clause.adverbs.remove(found[0])
    deed.chain = (*deed.chain[:-1], lexicon.same_verb(f"{deed.chain[-1]}_{found[0]}"))


def _turn_passive(clause: Clause) -> None:
    """Say "A was written by B" as "B wrote A"."""
    for purpose in clause.purposes:
        _turn_passive(purpose)
    deed = clause.deed
    if deed is None or not deed.passive:
        return
    if len(deed.chain) > 1:
        _split(clause, deed)
    if clause.subject is not None:
        clause.objects.insert(0, clause.subject)
        _tails_become_adjuncts(clause, clause.subject)
    clause.subject = None
    if clause.purposes and not any(adjunct.preposition == "by" for adjunct in clause.adjuncts):
        _agent_of_purpose(clause)
    by = [one for one in clause.adjuncts if one.preposition == "by" and not one.thing.date and _acts(one.thing)]
    if by:
        _becomes_subject(clause, by[0])


def _split(clause: Clause, deed: Deed) -> None:
    """Say "was taught to play it" as somebody's teaching, and her playing."""
    inner = Clause("inf", clause, deed=Deed(deed.chain[1:], "inf"), objects=clause.objects)
    inner.adjuncts = [adjunct for adjunct in clause.adjuncts if adjunct.preposition != "by"]
    clause.adjuncts = [adjunct for adjunct in clause.adjuncts if adjunct.preposition == "by"]
    clause.objects, clause.purposes = [], [inner, *clause.purposes]
    deed.chain = deed.chain[:1]


def _becomes_subject(clause: Clause, agent: Adjunct) -> None:
    clause.subject = agent.thing
    clause.adjuncts.remove(agent)
    for other in [other for other in clause.adjuncts if other.host is agent and other.preposition in OF_AGENTS]:
        clause.adjuncts.remove(other)
        agent.thing.tails.append(Tail(other.preposition, other.thing))
    for other in clause.adjuncts:
        other.host = None if other.host is agent else other.host


def _agent_of_purpose(clause: Clause) -> None:
    """Take "by her uncle" of "was taught to play by her uncle" for the one who taught."""
    last = clause.purposes[-1]
    for adjunct in [adjunct for adjunct in last.adjuncts if adjunct.preposition == "by"]:
        if adjunct.thing.name or adjunct.thing.head in lexicon.PEOPLE:
            last.adjuncts.remove(adjunct)
            clause.adjuncts.append(adjunct)


def _tails_become_adjuncts(clause: Clause, thing: Thing) -> None:
    """Say "the bass on track three was played" as "the bass was played on track three"."""
    for tail in [tail for tail in thing.tails if tail.preposition not in OF_THINGS]:
        thing.tails.remove(tail)
        clause.adjuncts.append(Adjunct(tail.preposition, tail.thing, thing))


def _acts(thing: Thing) -> bool:
    return thing.name or thing.pronoun or thing.definite or thing.head in lexicon.PEOPLE or not thing.plural


__all__ = ["Adjunct", "Clause", "clauses_of"]
