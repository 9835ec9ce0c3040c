"""Judges which sentences the quoting writer quotes, beside the selection that it had before.

Each question names the sentences that a fair reader would want among those that the search gives, by
file, line and place in the passage; "-" where none of them answers. The weights of the writer were set
on `TUNED_ON`; `HELD_BACK` says what they are worth. One question more or less moves a figure by 0.02 to
0.03, so smaller steps mean nothing. Questions about the shared data are left out where it is not here.
"""

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from knowledge import Evidence, SourceSentence
from knowledge.imported import ImportRequest
from models import Limits, NumberedSentence, Prompt, QuotingWriter
from presence.asking.prompt import compose
from presence.asking.verify import pointers
from presence.bootstrap import Services, bootstrap
from presence.cli.demo import DEMO_ARTIST, MATERIAL
from presence.settings import Settings
from trustgraph import Tier

SHARED = Path(__file__).parents[2] / "shared" / "data"
CORPORA = {
    "demo": (MATERIAL, DEMO_ARTIST),
    "letters": (SHARED / "beethoven-letters-v1" / "13065-8.txt", "Ludwig van Beethoven"),
    "site": (SHARED / "artist-site" / "basspistol", "Setto"),
}
POINTERS_MAX = Limits().pointers_max

TUNED_ON = """
demo | Where did you record the bass on Low Tide Ledger, and on what? | low-tide-ledger 9.0 9.1; 2014-neap 20.0
demo | Why do you always finish on the same record? | home-by-the-long-wall 9.2
demo | When did you move to Portugal? | bio 3.5; neighbours-parrot 9.0
demo | What did your aunt think when she got the EP? | -
demo | Who sings on The Ice House Inventory? | 2018-the-ice 16.0 28.0
demo | What is wrong with the Korg? | korg-fault 11.3 11.5 11.4 11.7
demo | How do you use the tide books? | tide-books 17.7 15.2 17.4
demo | What happened at your first gig? | nineteen-people 9.0 11.6 9.2 11.5 11.7
demo | Who mastered your records? | 2023-a-window 16.4; 2014-neap 16.3; 2018-the-ice 16.5; track-order 9.1
demo | When did you first play in Berlin, and what went wrong? | 2014-06-05-berlin-schleuse 13.0
demo | How was the foghorn recorded? | foghorn-figures 9.0 11.4 11.3 11.5; 2018-the-ice 16.3
demo | Do you take requests? | requests 11.5 11.3 11.2 11.4 9.0
demo | How long did you work at Brannick's, and what did you do there? | bio 3.3; echo-sounders 9.0
demo | How has the running order of Mudlark Psalter changed? | track-order 9.0 9.2
demo | Who is Petra and what does she play? | 2018-the-ice 16.7; generator 11.7
demo | What is the reverb on the Ice House album? | interview-marta-oake 18.0 18.1; 2018-the-ice 14.6 14.5
demo | How did you learn to programme music? | nine-beds 9.0 9.3 9.1 9.2
demo | How many of the nineteen came back? | skerrow-return-diary 13.5
demo | Are you thinking of giving up clubs? | letter-not-posted 13.2
demo | Where does the name Low Tide Ledger come from? | low-tide-ledger 15.1 15.0
demo | What did you play too fast for nine years? | osaka-diary 13.8 13.9
demo | How did you play when your records did not arrive in Helsinki? | bag-that-went-to-tampere 9.0 11.4 13.7 11.5
demo | What did you learn from hospital radio? | nine-beds 9.0 11.4
demo | When was Marmalade Logic made, and who plays on it? | 2023-a-window 16.1
demo | Why do the hi-hats sit on the right? | parrot-hi-hat 15.1 15.2 15.3; left-ear 15.0
demo | What did the first listeners in the garage think of the new pieces? | after-the-garage 15.10 15.9 13.8 11.4
demo | Who is Joachim? | requests 13.1 13.0 13.8 13.6
demo | What did your grandfather do for a living? | bio 1.2; tide-books 11.2
demo | How many keys of the harmonium work? | mudlark-psalter 11.3
demo | Who is Signe Aaby? | 2025-02-08-almada-garage 15.4; mudlark-psalter 15.1 15.10
demo | How was the kick of Brine Pump treated? | brine-pump-kick 15.0 11.5 15.2 11.6 15.1
demo | When did you play the ferry, and for how much? | -
demo | What is A Window on the Wrong Sea about? | 2023-a-window 12.3 12.2 12.1 12.0
demo | Where can I leave Wrong Sea when I mix it? | wrong-sea-tempo 15.0 15.2 15.3
demo | Why were you cross with Ilse? | track-order 9.0 9.2 14.0
letters | When did your hearing begin to get worse? | 13065-8 1038.3 938.6
letters | Why do you avoid society? | 13065-8 1060.4 7377.1
letters | What do you think of the metronome? | 13065-8 7457.0 3197.6 7465.0 3194.4 7459.1
letters | Why did you not marry? | 13065-8 1335.3 1333.2
letters | Why do you want to keep your nephew away from his mother? | 13065-8 6368.2 6552.3
letters | Who should inherit your fortune? | 13065-8 1764.2
letters | What do you think of Vering as a doctor? | 13065-8 1317.0 1313.3 1053.0
letters | What did you give up using in your new compositions? | 13065-8 7459.1 7457.0
letters | Which baths did the doctor prescribe? | 13065-8 1048.2 1055.1
letters | Why are you kept in Vienna in the summer of 1814? | 13065-8 4747.2
letters | Who was Giulietta? | 13065-8 1331.1 1219.3
site | When was Basspistol founded? | 2020-10-14 26.0
site | What is PeerTube and why do you use it? | 2020-11-08 38.8 36.2 38.0 38.9
site | Why did Sakrecoer put a record on Spotify? | 2019-01-18-waitinggame 32.3
site | How much do you pay the DJs at the virtual party? | 2020-11-13 34.3 36.6
site | Can I donate bitcoins? | 2020-11-30 30.2 42.0
site | What is DEF CON? | 2018-08-23-defconradio 22.0
site | When did Dj Criket begin? | 2018-08-27-cricketsummermix 22.0
site | Do you track your visitors? | cookies 44.1 44.0; about 20.1
site | What does A-WA sing? | 2018-08-30-A-Wa-habib galbi 22.0
site | Who plays on Travel3? | -
site | What is Acid December? | 2018-12-05-AcidDecember2018 22.2 22.0 22.1
site | How can I buy the music? | about 26.1
"""
HELD_BACK = """
demo | How many people turned up to the first show you ever did? | nineteen-people 9.0 9.2; bio 3.4
demo | Who kept the music going when the electricity failed at the Dutch festival? | generator 11.6 11.7 11.8
demo | Why is there no beat in Ammonia Blue? | interview-marta-oake 30.2 26.2 30.1; 2018-the-ice 16.2
demo | How did you keep the needles in the groove on the boat? | 2015-06-20 15.4
demo | What does Dez have against limiters? | vilnius-soup 11.5 13.0 13.2 13.1
demo | When did your grandfather die, and what did he leave? | tide-books 9.0 9.1
demo | Where did the kick drum of Brine Pump come from? | brine-pump-kick 9.0 9.1
demo | Which records have you made? | bio 5.6
demo | Why did you fall out with Lorcan? | the-two-chords 11.4 9.1 11.7 11.5 9.0
demo | What happened to your ear? | left-ear 9.0 9.1 9.2 9.3
demo | Who is Almirante? | neighbours-parrot 11.4 11.3 13.8; 2020-05-02 28.7
demo | Why does Wrong Sea speed up? | wrong-sea-tempo 9.0 9.2
demo | What did Ilse say about the running order? | track-order 9.0 9.2 11.0
demo | Why did the generator stop at Lepelaar? | generator 13.9 13.10
demo | Where was A Window on the Wrong Sea made? | 2023-a-window 14.4
demo | When did Dez get married and to whom? | parnu-diary 9.0; 2022-08-27-parnu-wedding 13.0
demo | What did the piper do at midnight in Glasgow? | 2017-12-31 15.4; glasgow-diary 9.2 13.7
demo | Why can people ask your notes questions? | why-notes-answer 11.3 9.0 9.2 13.7
demo | What is the bass clarinet on Tin Roof in November recorded in? | petra-in-the-stairwell 9.0 9.2
demo | What do echo sounders have to do with music? | echo-sounders 15.9 9.1 9.2 15.0 15.1
demo | Who put out your first record? | 2014-neap 12.0 14.4
letters | What did the doctors try against your deafness? | 13065-8 1048.2 1058.2 1044.0 1053.0
letters | What kept you from ending your life? | 13065-8 1771.5 2884.0
letters | How much does Lichnowsky pay you a year? | 13065-8 1027.1 948.3
letters | When will Fidelio be given for your benefit? | 13065-8 4755.5
letters | What salary do you ask of the theatre? | 13065-8 2324.0
letters | How are your rooms in Vienna? | 13065-8 5517.1 2380.5
letters | Whom should I tell of your deafness? | 13065-8 984.1
site | Who founded the Outernational Music Syndicate? | 2018-09-07-v4.20 25.2 25.3
site | Where was Synapset formed? | synapset 8.0
site | When is the glance floor party? | 2020-11-13 32.0
site | Who drew the cover of Darkweb? | 2019-02-09-darkweb 38.1; 2-darkweb 34.0
site | Who is Franky Fresco? | 2013-04-01-DustAndSoda 23.6 20.2
site | What music do Los Ganglios play? | 2018-10-05-LosGanglios 22.0 24.4
site | What tools do you use to run this website? | about 20.0
"""

Choice = Callable[[Prompt], list[int]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what the writer is given for it, and the numbers that a fair reader would want."""

    prompt: Prompt
    wanted: frozenset[int]


def measure() -> dict[str, Any]:
    """Quote for every question, as before and as now, and count what was wanted."""
    figures: dict[str, Any] = {}
    for name, table in (("tuned_on", TUNED_ON), ("held_back", HELD_BACK)):
        judged = [one for corpus in CORPORA for one in _judged(corpus, table)]
        figures[name] = {"before": _counted(judged, before), "now": _counted(judged, now)}
    held = figures["held_back"]
    return {
        "figures": figures,
        "ratios": {f"{key}_now": held["now"][key] for key in ("precision", "recall")},
    }


def _judged(corpus: str, table: str) -> list[Judged]:
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    path, artist = CORPORA[corpus]
    if not path.exists():
        return []
    with (
        tempfile.TemporaryDirectory() as folder,
        bootstrap(Settings(home=Path(folder) / "home", artist_name=artist)) as services,
    ):
        services.library.import_path(ImportRequest(path, artist=artist, tier=0), lambda _step: None)
        found = [_found(services, artist, question, refs) for name, question, refs in rows if name == corpus]
    return [one for one in found if one]


def _found(services: Services, artist: str, question: str, refs: str) -> Judged | None:
    evidence = services.search.find(question, Tier.INNER)
    if not isinstance(evidence, Evidence):
        return None
    places = [(group.split()[0], place) for group in refs.split(";") for place in group.split()[1:]]
    wanted = {n for n, sentence in enumerate(evidence.sentences, start=1) if _place(sentence, places)}
    return Judged(compose(artist, evidence, question, tier=Tier.INNER), frozenset(wanted))


def _place(sentence: SourceSentence, places: list[tuple[str, str]]) -> bool:
    stem, at = PurePosixPath(sentence.passage.file_name).stem, f"{sentence.line}.{sentence.index}"
    return any(stem.startswith(file) and place == at for file, place in places)


def _counted(judged: list[Judged], choice: Choice) -> dict[str, float]:
    answers = [(one.wanted, _shown(choice(one.prompt))) for one in judged]
    right = sum(len(wanted.intersection(shown)) for wanted, shown in answers)
    quoted = sum(len(shown) for _, shown in answers)
    sought = sum(min(len(wanted), POINTERS_MAX) for wanted, _ in answers)
    return {
        "questions": len(answers),
        "first_wanted": round(sum(shown[0] in wanted for wanted, shown in answers) / len(answers), 3),
        "any_wanted": round(sum(not wanted.isdisjoint(shown) for wanted, shown in answers) / len(answers), 3),
        "precision": round(right / quoted, 3),
        "recall": round(right / sought, 3),
        "sentences": round(quoted / len(answers), 2),
    }


def _shown(numbers: list[int]) -> list[int]:
    """Put the best line first, as the desk does."""
    return [1, *(number for number in numbers if number != 1)][:POINTERS_MAX]


def now(prompt: Prompt) -> list[int]:
    """Read what the writer writes."""
    pieces = QuotingWriter().write(prompt, Limits(), threading.Event())
    return [pointed.number for pointed in pointers(pieces, [s.number for s in prompt.sentences])]


def before(prompt: Prompt) -> list[int]:
    """Select by relevance alone, as the writer did at first."""
    best = max(prompt.sentences, key=lambda sentence: sentence.relevance)

    def worth(sentence: NumberedSentence) -> bool:
        follows = sentence.passage == best.passage and sentence.position == best.position + 1
        return sentence.relevance >= (0.5 if follows else 0.74) * best.relevance

    kept = sorted((s for s in prompt.sentences if s is not best and worth(s)), key=lambda s: -s.relevance)
    return [best.number, *(sentence.number for sentence in kept[: POINTERS_MAX - 1])]
