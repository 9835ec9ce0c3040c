"""Questions that lean on earlier turns mean what their plain questions mean; those that stand by themselves stay."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.evidence import AskBack, Before, Evidence, Nothing
from knowledge.facts.exact import ExactQuestions
from knowledge.facts.told import Facts
from knowledge.finding import Knowing
from knowledge.leaning import Leaning, Meant
from knowledge.lexical import Analyser
from knowledge.memory import MemoryIndex
from presence.bootstrap import Services
from presence.cli.demo import DEMO_ARTIST, MATERIAL
from tests.knowledge.dialogues import Dialogue, dialogues, held, is_right, text_of
from tests.knowledge.facts.tour import TODAY, more, sentences, tour
from tests.knowledge.notes import note, tell
from tests.nodes import open_node, take_in

HERE = Path(__file__).parent
FACTS = HERE / "facts"
SHOWS = HERE.parents[2] / "shared" / "data" / "grateful-dead" / "csv"
TOUR = dialogues("tour.txt")
NOTE = (
    "Pilot Ladder was written on a rented piano in Leeds. The piano for Pilot Ladder had two dead keys."
    " Nobody in Leeds wanted to tune the Pilot Ladder piano."
)


def knowing(services: Services, exact: ExactQuestions) -> Knowing:
    return Knowing(exact, services.search, Leaning(Analyser(), exact))


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Knowing]:
    """What the ten nights tell."""
    folder = tmp_path_factory.mktemp("ten")
    with open_node(folder / "home") as services:
        yield knowing(services, tour(services, folder))


@pytest.fixture(scope="module")
def band(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A node that knows a band's shows."""
    if not SHOWS.is_dir():
        pytest.skip("the shared data is not here")
    with open_node(tmp_path_factory.mktemp("band"), index=MemoryIndex()) as services:
        take_in(services, SHOWS)
        yield services


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The demo artist's node."""
    with open_node(tmp_path_factory.mktemp("demo")) as services:
        take_in(services, MATERIAL)
        yield services


@pytest.mark.parametrize("dialogue", TOUR, ids=lambda dialogue: " | ".join(dialogue.turns))
def test_the_last_turn_finds_what_its_plain_question_finds(ten: Knowing, dialogue: Dialogue) -> None:
    assert is_right(ten, dialogue), held(ten, dialogue.turns)


def test_a_follow_up_is_told_in_words(ten: Knowing) -> None:
    turns = ("What opened the show on 11 May 2012?", "what came after it at that show?", "and after that?")
    assert [sentences(found)[0] for found in held(ten, turns) if isinstance(found, Facts)] == [
        "“Brass Lantern” opened the show on 11 May 2012 at Weighhouse, Bergen.",
        "On 11 May 2012 at Weighhouse, Bergen, “Tin Weather” came after “Brass Lantern”.",
        "On 11 May 2012 at Weighhouse, Bergen, “Tin Weather” ended set 1.",
    ]


def test_an_earlier_answer_is_never_the_source(ten: Knowing) -> None:
    lie = Before("What opened the show on 11 May 2012?", "“Slow Ferry” opened the show on 11 May 2012.")
    found = ten.find("how often did you play that song?", 0, [lie])
    assert found == ten.find("How often did you play Slow Ferry?", 0)
    unheard = Before("What opened the show on 11 May 2012?", "“Never Heard Of” opened the show on 11 May 2012.")
    assert not isinstance(ten.find("how often did you play that song?", 0, [unheard]), Facts)


def test_two_questions_in_one_text_are_not_answered_by_the_rows(ten: Knowing) -> None:
    found = held(ten, ("How often did you play Brass Lantern?", "why?"))[-1]
    assert not isinstance(found, Facts)


def test_conversations_with_the_demo_artist(demo: Services) -> None:
    knows = knowing(demo, ExactQuestions(demo.database.reader, DEMO_ARTIST, lambda: TODAY))
    wrong = [dialogue.turns for dialogue in dialogues("demo.txt") if not is_right(knows, dialogue)]
    assert wrong == []


@pytest.mark.slow
def test_conversations_over_a_bands_history(band: Services) -> None:
    knows = knowing(band, ExactQuestions(band.database.reader, "Grateful Dead", lambda: TODAY))
    spoken = dialogues("band.txt") + dialogues("blind.txt")
    wrong = [dialogue.turns for dialogue in spoken if not is_right(knows, dialogue)]
    assert wrong == []


def by_themselves(name: str) -> list[str]:
    """Every question of the lists about the band or about the DJ."""
    found: list[str] = []
    for path in sorted([*FACTS.glob("questions/*.jsonl"), *FACTS.glob("held_out*/*.jsonl")]):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found += [row["question"] for row in rows if row.get("data", path.stem) in {name, f"{name}_seen"}]
    return found


@pytest.mark.slow
def test_no_question_about_the_band_that_stands_by_itself_is_touched(band: Services) -> None:
    exact = ExactQuestions(band.database.reader, "Grateful Dead", lambda: TODAY)
    asked = by_themselves("shows")
    assert len(asked) > 500
    assert touched(exact, asked, "What opened the show on 24 February 1974?") == []


@pytest.mark.slow
def test_no_question_about_the_dj_that_stands_by_itself_is_touched(tmp_path: Path) -> None:
    with open_node(tmp_path / "home", index=MemoryIndex()) as services:
        take_in(services, FACTS / "held_out" / "other")
        exact = ExactQuestions(services.database.reader, "DJ Someone", lambda: TODAY)
        asked = by_themselves("other")
        assert len(asked) > 150
        assert touched(exact, asked, "What opened your last set?") == []


def test_no_question_to_the_demo_artist_that_stands_by_itself_is_touched(demo: Services) -> None:
    rows = (HERE.parent / "demo_questions.md").read_text(encoding="utf-8").splitlines()
    asked = [row.split("|")[1].strip() for row in rows if row.startswith("|")][2:]
    assert len(asked) == 24
    exact = ExactQuestions(demo.database.reader, DEMO_ARTIST, lambda: TODAY)
    assert touched(exact, asked, "What came after Brine Pump at Lepelaar Weekend in 2019?") == []


def touched(exact: ExactQuestions, asked: list[str], before: str) -> list[Meant]:
    """Give what became of the questions that an unrelated turn before them changes."""
    leaning = Leaning(Analyser(), exact)
    answer = exact.answer(before, 0)
    assert isinstance(answer, Facts)
    earlier = [Before(before, answer.text)]
    meant = [leaning.meant(question, 0, earlier) for question in asked]
    return [one for one, question in zip(meant, asked, strict=True) if one != Meant(question)]


@pytest.fixture
def piano(tmp_path: Path) -> Iterator[Knowing]:
    """One note in prose."""
    with open_node(tmp_path / "home") as services:
        tell(services, tmp_path / "notes", piano=note(NOTE, title="The rented piano"))
        yield knowing(services, ExactQuestions(services.database.reader, today=lambda: TODAY))


def test_more_is_what_was_not_said_yet_and_then_nothing(piano: Knowing) -> None:
    question = "Where did you write Pilot Ladder?"
    whole = piano.find(question, 0)
    assert isinstance(whole, Evidence)
    assert len(whole.sentences) == 3
    first, *rest = whole.sentences
    earlier = [Before(question, first.text)]
    told = piano.find("tell me more", 0, earlier)
    assert isinstance(told, Evidence)
    assert list(told.sentences) == rest
    assert piano.find("what else?", 0, [*earlier, Before("tell me more", text_of(told))]) == Nothing(())


def test_why_is_looked_for_beside_the_question_before(piano: Knowing) -> None:
    found = piano.find("why?", 0, [Before("Where did you write Pilot Ladder?", "On a rented piano.")])
    assert isinstance(found, Evidence)


HIDDEN_SHOWS = """x,2012-05-11,Hidden Barn,Bergen,Norway
y,2012-05-13,Hidden Barn,Bergen,Norway"""
HIDDEN_PLAYS = """x,1,1,Hidden Waltz,0
x,1,2,Brass Lantern,0
x,1,3,Hidden Polka,0
y,1,1,Tin Weather,0
y,1,2,Hidden Waltz,0"""
ABOUT_HIDDEN = (
    ("How often did you play Hidden Waltz?", "and Brass Lantern?"),
    ("How often did you play Hidden Waltz?", "how many times?"),
    ("How often did you play Hidden Waltz?", "and at the Hidden Barn?"),
    ("How often did you play Brass Lantern?", "what about Hidden Waltz?"),
    ("When did you play Tin Weather?", "the last one"),
)


def test_a_conversation_is_a_function_of_what_its_tier_may_read(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services:
        exact = tour(services, tmp_path)
        knows = knowing(services, exact)
        spoken = [dialogue.turns for dialogue in TOUR] + list(ABOUT_HIDDEN)
        before = [held(knows, turns) for turns in spoken]
        more(services, tmp_path, HIDDEN_SHOWS, HIDDEN_PLAYS, tier=2)
        assert [held(knows, turns) for turns in spoken] == before
        above = [held(knows, turns, tier=2) for turns in spoken]
        assert sum(one != other for one, other in zip(above, before, strict=True)) > 20
        # Even where an earlier turn wrote a name that this tier does not know.
        earlier = [Before("What opened the show on 13 May 2012?", "“Hidden Waltz” opened the show on 13 May 2012.")]
        assert isinstance(knows.find("how often did you play that song?", 2, earlier), Facts)
        assert not isinstance(knows.find("how often did you play that song?", 0, earlier), Facts)


def test_what_can_be_meant_twice_is_asked_back(ten: Knowing) -> None:
    found = held(ten, ("What came after Quiet Ledger on 4 March 2011?", "how many times?"))[-1]
    assert found == AskBack(("How many times did you play “Mill Race”?", "How many times did you play “Quiet Ledger”?"))
