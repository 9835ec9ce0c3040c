"""The words that are known here: small words by what they do, verbs with their forms, and safe paraphrases.

The lists are closed and short on purpose. A word that is missing costs a true sentence at most; a
paraphrase that is not one would let a false sentence through.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

WORDS_KEPT = 16_384
"""How many words' forms are kept: questions and notes may hold any number of others."""
_HERE = Path(__file__).parent


def words(text: str) -> frozenset[str]:
    """Give the words of a list."""
    return frozenset(text.split())


ARTICLES = words("a an the")
POINTING = words("this that these those")
OWNERS = words("my your his her its our their whose")
PERSONS = words("i me you he him she her it we us they them who whom one")
SELVES = words("myself yourself himself herself itself ourselves themselves")
QUANTIFIERS = words(
    "all every each both some any most many much few fewer several no none half more less least enough another"
    " other others either neither everything nothing something anything everyone nobody someone anyone everybody"
    " somebody anybody little lot lots plenty couple handful dozens hundreds thousands majority rest whole"
    " entire"
)
# Quantities that are somebody or something by themselves.
WHOLE_THINGS = words(
    "everything nothing something anything everyone nobody someone anyone everybody somebody anybody others"
)
PREPOSITIONS = words(
    "in on at by with from of for to into onto about above across after against along among around as before"
    " behind below beneath beside between beyond during except inside like near off out outside over past per"
    " since than through throughout till toward towards under underneath until up upon via without within"
    " despite besides amid down opposite alongside aboard unlike plus"
)
PARTICLES = words("up down off out away back apart over aside")
JOINING = words("and or but nor yet")
SUBORDINATING = words(
    "because since as although though while whilst when whenever if unless until till before after so whether"
    " where wherever once than lest provided"
)
RELATIVE = words("who whom which that whose where")
NEGATIONS = words("not never no nobody nothing none neither nor hardly scarcely barely seldom rarely nowhere cannot")
# What is said with one of these is not said without it, and the other way round.
BINDING = words(
    "almost nearly hardly scarcely barely seldom rarely only solely merely mostly mainly largely partly"
    " sometimes often usually always occasionally perhaps maybe probably possibly reportedly supposedly"
    " apparently allegedly arguably generally typically originally initially nominally virtually practically"
    " essentially half once twice thrice ever still already yet first last next previously formerly else instead"
    " otherwise rather more most less least better best worse worst not never no separately somewhat fairly"
    " approximately about around roughly halfway daily weekly monthly yearly nightly regularly frequently"
    " unsuccessfully likely unlikely unofficially secretly temporarily briefly partially theoretically ideally"
    " hopefully potentially presumably supposedly nowhere neither nor cannot without together both at-first"
)
# These may be left out of what a source says, but never put in.
DROPPED = words(
    "really very just quite actually simply well indeed certainly then now here there thus literally basically"
    " pretty so anyway anyhow however though meanwhile finally eventually personally honestly luckily"
    " fortunately sadly also too even again later earlier soon afterwards alone exactly entirely completely"
    " wholly fully surely definitely straight right hard fast oh yes okay ok of-course immediately quickly"
    " slowly carefully suddenly"
)
# Of these, the ones that only comment: where something is denied, the others say what of it is ("not very good").
COMMENTS = words(
    "actually indeed thus basically anyway anyhow however though meanwhile personally honestly luckily fortunately"
    " sadly also too then certainly definitely surely oh yes okay ok of-course"
)
# These add nothing to what is said.
ADDED = words("also too")
ADVERBS = words(
    "there here then now home upstairs downstairs outside inside abroad overnight forever live ahead alone"
    " together tonight today yesterday tomorrow away back ago straight right just hard fast long late early well"
    " far away everywhere somewhere elsewhere indoors outdoors everywhere somehow"
)
# Words that end like adverbs, or are some, and describe things as well.
DESCRIBING = words(
    "family early only reply july lovely lonely friendly elderly ugly silly long fast hard late live straight"
    " right pretty well very really quite daily weekly monthly yearly nightly overnight outside inside even"
    " little"
)
BE = {"be": "base", "am": "present", "is": "present", "are": "present", "was": "past", "were": "past",
      "been": "part", "being": "ing"}  # fmt: skip
HAVE = {"have": "present", "has": "present", "had": "past", "having": "ing"}
DO = {"do": "present", "does": "present", "did": "past"}
MODALS = words("will would can could may might must shall should ought")
# Verbs with a doer who may be one of several: "we played there" is also true of her.
SHARED_DEEDS = words(
    "play tour travel drive arrive fly return stay sleep rehearse perform record visit meet sing leave go come"
    " move eat wait walk cross spend stop live arrive busk cancel drink talk stand"
)
# Verbs whose forms are as often nouns: "plays", "shows", "covers".
NOUNS_TOO = words(
    "play perform show record tour mix release cover note tape track sound part cut hit set work love name"
    " place head end start drum look run walk drink talk call cause charge copy crack dance dream drive dress"
    " face fear fight fill film fire fit flow fold force form frame grant guess heat help hope house hum"
    " influence interest interview joke jump kick kill kiss knock label lack land laugh launch layer lift light"
    " limit link list load loan lock loop mail mark match matter measure mic move need notice number object"
    " offer order overdub pack paint pan pass phone photograph pick plan plant plug point post practice practise"
    " press print process program promise protest pull push question race rain reach remix rent repair repeat"
    " reply report request rescue rest result return review ride ring rise roll ruin rush sample saw scare score"
    " scream screen search sequence share shift shout sign slide slip smash smell smile smoke snow splice"
    " sponsor stand step stop store string strip struggle study supply support surprise swap swing switch tap"
    " taste test time title touch trade train transfer travel treat trust try tune turn type use value view"
    " visit vote wait wash watch whisper whistle wish witness wonder worry wrap wreck yell book double drop"
    " change check claim close cook cost cross cry cure dam damage date deal decline delay demand design doubt"
    " drag draw dub dump edit escape exchange finish flood focus"
)
# What holds in one of these need not hold outside of it.
APART = words(
    "dream theory story novel book film video song lyric mind head imagination plan version draft demo mix cut"
    " letter play poem chorus verse remix script legend myth joke rumour case"
)
# A statement inside one of these is not made by who tells it.
REPORTING = words(
    "say tell think believe feel hope guess suppose claim promise swear doubt wish hear suspect fear expect"
    " pretend assume imagine dream insist suggest argue agree admit deny decide reckon wonder want ask joke warn"
    " complain explain announce remember recall know realise mean predict bet consider propose call find read"
    " write note make let seem"
)
# What somebody wants, allows or has done need not have happened.
WISHING = words("want need like expect allow receive help force order hate loathe prefer get have try")
# An adjective of these changes what its noun is; it is never dropped and never added.
TURNING = words(
    "first second third last only same next previous former late future fake false alleged supposed imaginary"
    " planned unfinished unreleased original early final final new old different wrong right main best worst"
    " favourite favorite would-be so-called possible probable potential whole entire single certain main half"
    " double extra additional other another own self acting honorary adopted step near mock toy model virtual"
    " replica unrecorded missing lost cancelled canceled proposed intended rumoured never-released abandoned"
)
MEN = words("father brother son uncle grandfather man husband boy nephew king mr gentleman boyfriend widower")
WOMEN = words(
    "bride widow schoolgirl landlady waitress actress queen nun mother sister daughter aunt grandmother"
    " woman wife girl niece queen mrs ms lady girlfriend widow"
)
PEOPLE = (
    MEN
    | WOMEN
    | words(
        "constable doctor vicar priest fishmonger postman nurse farmer fan host owner clerk captain sailor waiter"
        " carpenter baker weaver fisherman electrician technician roadie assistant colleague lawyer judge journalist "
        "friend drummer bassist guitarist singer pianist violinist cellist producer engineer teacher neighbour neighbor"
        " manager player musician cousin parent child kid promoter landlord driver doctor partner friend painter poet"
        " writer composer luthier conductor student person someone everybody somebody people"
    )
)
PLACE_WORDS = words(
    "festival studio studios hall street lane road records club theatre theater church house arena park bar pub"
    " cafe bridge river station school college university square room rooms fields field centre center inn hotel"
    " city town valley hill hills island bay beach north south east west new old saint st lake mount cathedral"
    " chapel"
)


class VerbForm(NamedTuple):
    """A form of a verb: `base`, `present` (with an s), `past`, `part`, `ing`."""

    lemma: str
    form: str


@lru_cache(WORDS_KEPT)
def verb_forms(word: str) -> tuple[VerbForm, ...]:
    """Give every verb that a word may be a form of; unknown words give none."""
    if word.startswith("re-"):
        return tuple(VerbForm(f"re{found.lemma}", found.form) for found in _all_forms().get(word[3:], ()))
    return tuple(_all_forms().get(word, ()))


@cache
def _all_forms() -> dict[str, list[VerbForm]]:
    forms: dict[str, list[VerbForm]] = {}
    for line in _lines("verbs.txt"):
        base, *irregular = line.split()
        for word, form in _forms_of(base, irregular):
            found = VerbForm(base, form)
            if found not in forms.setdefault(word, []):
                forms[word].append(found)
    return forms


def _forms_of(base: str, irregular: list[str]) -> Iterable[tuple[str, str]]:
    yield base, "base"
    yield _with_s(base), "present"
    for stem in _stems(base):
        yield stem + "ing", "ing"
    if irregular:
        yield irregular[0], "past"
        yield irregular[1], "part"
    if not irregular or (irregular[0].endswith("t") and irregular[0] not in (base, "put", "set", "left")):
        for stem in _stems(base):
            yield stem + "ed", "past"
            yield stem + "ed", "part"


def _stems(base: str) -> list[str]:
    if base.endswith("e") and not base.endswith(("ee", "ye")):
        return [base[:-1]]
    if base.endswith("y") and base[-2:-1] not in "aeou":
        return [base, base[:-1] + "i"]
    doubled = len(base) > 2 and base[-1] in "bdgklmnprt" and base[-2] in "aeiou" and base[-3] not in "aeou"
    return [base, base + base[-1]] if doubled else [base]


def _with_s(base: str) -> str:
    if base.endswith("y") and base[-2:-1] not in "aeou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _lines(name: str) -> list[str]:
    text = (_HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _sameness() -> dict[str, dict[str, str]]:
    same: dict[str, dict[str, str]] = {"v": {}, "n": {}, "a": {}}
    for line in _lines("sameness.txt"):
        kind, first, *others = line.split()
        same[kind] |= dict.fromkeys(others, first)
    return same


def same_verb(lemma: str) -> str:
    """Give the verb that stands for all that mean the same."""
    return _sameness()["v"].get(lemma, lemma)


def same_noun(noun: str) -> str:
    """Give the noun that stands for all that mean the same."""
    return _sameness()["n"].get(noun, noun)


def same_word(word: str) -> str:
    """Give the adjective or adverb that stands for all that mean the same."""
    return _sameness()["a"].get(word, word)


_IRREGULAR_PLURALS = {
    "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "lives": "life",
    "wives": "wife", "knives": "knife", "halves": "half", "people": "person", "mice": "mouse", "leaves": "leaf",
    "shelves": "shelf", "selves": "self", "thieves": "thief", "choruses": "chorus", "buses": "bus",
}  # fmt: skip


@lru_cache(WORDS_KEPT)
def singular(word: str) -> tuple[str, bool]:
    """Give a noun in the singular, and whether it stood in the plural."""
    if word in _IRREGULAR_PLURALS:
        return _IRREGULAR_PLURALS[word], True
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is", "news", "series")):
        return word, False
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y", True
    if word.endswith(("sses", "xes", "ches", "shes", "zes", "oes")):
        return word[:-2], True
    return word[:-1], True
