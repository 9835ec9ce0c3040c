"""Ten nights are told of in plain sentences, word for word, each with the rows that it rests on."""

from collections.abc import Iterator

import pytest

from knowledge.evidence import AskBack
from knowledge.facts.exact import ExactQuestions
from knowledge.facts.told import AboutNights, Facts, NotKnown
from knowledge.memory import MemoryIndex
from tests.knowledge.facts.tour import cited, sentences, tour
from tests.nodes import open_node

BASIS = "That is from the lists of 10 shows, 4 March 2011 to 31 December 2014; for 1 of them no list is known."
SAID: dict[str, tuple[list[str], list[str]]] = {
    "How often did you play Brass Lantern?": (
        ["“Brass Lantern” was played at 8 shows.",
         "The first was 4 March 2011 at Lamp Room, Galway, the last 31 December 2014 at Salt Cellar, Cork.", BASIS],
        ["a,1,1,Brass Lantern,0", "j,1,2,Brass Lantern,0"],
    ),
    "How many shows did you play in Ireland?": (
        ["There were 6 shows in Ireland, on 5 days.",
         "The first was 4 March 2011 at Lamp Room, Galway, the last 31 December 2014 at Salt Cellar, Cork."],
        ["a,2011-03-04,Lamp Room,Galway,Ireland", "j,2014-12-31,Salt Cellar,Cork,Ireland"],
    ),
    "When did you first play Tin Weather?": (
        ["“Tin Weather” was first played on 11 May 2012 at Weighhouse, Bergen.", BASIS],
        ["e,1,2,Tin Weather,0", "e,2012-05-11,Weighhouse,Bergen,Norway"],
    ),
    "When did you last play Quiet Ledger?": (
        ["“Quiet Ledger” was last played on 14 February 2014 at Old Cannery, Porto.", BASIS],
        ["h,1,2,Quiet Ledger,1", "h,2014-02-14,Old Cannery,Porto,Portugal"],
    ),
    "When did Brass Lantern come back after 2013?": (
        ["After 2013, “Brass Lantern” was next played on 14 February 2014 at Old Cannery, Porto."],
        ["h,1,1,Brass Lantern,0"],
    ),
    "When did you play Tin Weather?": (
        ["“Tin Weather” was played at 3 shows: on 11 May 2012 at Weighhouse, Bergen, 12 May 2012 at Weighhouse, Bergen"
         " and 14 February 2014 at Old Cannery, Porto."],
        ["e,1,2,Tin Weather,0", "f,1,1,Tin Weather,0", "h,2,1,Tin Weather,0"],
    ),
    "Where were you on 11 May 2012?": (
        ["The show on 11 May 2012 was at Weighhouse, Bergen, Norway."],
        ["e,2012-05-11,Weighhouse,Bergen,Norway"],
    ),
    "Did you ever play Copper Moth?": (["Yes: “Copper Moth” was played at 1 show.", BASIS], ["c,2,1,Copper Moth,0"]),
    "Did you ever play Copper Moth in Norway?": (
        ["No: “Copper Moth” is in none of the listed shows in Norway. It is in 1 other listed show.",
         "That is from the lists of 2 shows, 11 May 2012 to 12 May 2012."],
        [],
    ),
    "What is the longest gap between Tin Weathers?": (
        ["The longest gap between two plays of “Tin Weather” was 643 days, from 12 May 2012 at Weighhouse, Bergen"
         " to 14 February 2014 at Old Cannery, Porto, with 1 show between."],
        ["f,1,1,Tin Weather,0", "h,2,1,Tin Weather,0"],
    ),
    "What did you play on 4 March 2011?": (
        ["This was played on 4 March 2011 at Lamp Room, Galway.", "Set 1: Brass Lantern, Quiet Ledger > Mill Race.",
         "Set 2: Slow Ferry, Night Heron."],
        ["a,2011-03-04,Lamp Room,Galway,Ireland"],
    ),
    "What was set 2 on 5 March 2011?": (
        ["Set 2 on 5 March 2011 at Lamp Room, Galway: Quiet Ledger, Night Heron."],
        ["b,2,1,Quiet Ledger,0", "b,2,2,Night Heron,0"],
    ),
    "What opened the show on 11 May 2012?": (
        ["“Brass Lantern” opened the show on 11 May 2012 at Weighhouse, Bergen."], ["e,1,1,Brass Lantern,0"],
    ),
    "What closed the first set on 5 March 2011?": (
        ["“Brass Lantern” closed set 1 of the show on 5 March 2011 at Lamp Room, Galway."], ["b,1,2,Brass Lantern,0"],
    ),
    "What opened the last set on 5 March 2011?": (
        ["“Quiet Ledger” opened the last set of the show on 5 March 2011 at Lamp Room, Galway."],
        ["b,2,1,Quiet Ledger,0"],
    ),
    "What do you usually open with?": (
        ["The most usual opener was “Brass Lantern”, 5 times of 9; then “Mill Race” (1), “Quiet Ledger” (1)"
         " and “Slow Ferry” (1).", BASIS],
        ["a,1,1,Brass Lantern,0"],
    ),
    "How often did you open with Brass Lantern?": (
        ["“Brass Lantern” opened 5 shows.",
         "The first was 4 March 2011 at Lamp Room, Galway, the last 14 February 2014 at Old Cannery, Porto.", BASIS],
        ["a,1,1,Brass Lantern,0", "h,1,1,Brass Lantern,0"],
    ),
    "What was the second song on 12 May 2012?": (
        ["Number 2 on 12 May 2012 at Weighhouse, Bergen was “Quiet Ledger”."], ["f,1,2,Quiet Ledger,0"],
    ),
    "Which set was Night Heron in on 4 March 2011?": (
        ["On 4 March 2011 at Lamp Room, Galway, “Night Heron” was number 2 of set 2."], ["a,2,2,Night Heron,0"],
    ),
    "What came after Quiet Ledger on 4 March 2011?": (
        ["On 4 March 2011 at Lamp Room, Galway, “Mill Race” came straight after “Quiet Ledger”."],
        ["a,1,3,Mill Race,0", "a,1,2,Quiet Ledger,1"],
    ),
    "What came before Mill Race on 14 February 2014?": (
        ["On 14 February 2014 at Old Cannery, Porto, “Quiet Ledger” came straight before “Mill Race”."],
        ["h,1,2,Quiet Ledger,1", "h,1,3,Mill Race,0"],
    ),
    "What do you play after Quiet Ledger?": (
        ["What came after “Quiet Ledger” most often was “Mill Race”, 3 times of 6; then “Night Heron” (1)"
         " and “Slow Ferry” (1).", "“Quiet Ledger” was played at 6 shows."],
        ["a,1,3,Mill Race,0"],
    ),
    "Did Quiet Ledger ever go into Mill Race?": (
        ["Yes: “Quiet Ledger > Mill Race” was played 3 times, at 3 shows, each time straight into it.",
         "On 4 March 2011 at Lamp Room, Galway, 20 August 2011 at Salt Cellar, Cork"
         " and 14 February 2014 at Old Cannery, Porto."],
        ["a,1,2,Quiet Ledger,1", "a,1,3,Mill Race,0"],
    ),
    "Was Quiet Ledger before or after Mill Race on 4 March 2011?": (
        ["On 4 March 2011 at Lamp Room, Galway: first “Quiet Ledger”, then “Mill Race”."],
        ["a,1,2,Quiet Ledger,1", "a,1,3,Mill Race,0"],
    ),
    "What did you play on 14 February 2014 that you did not play on 31 October 2013?": (
        ["Only on 14 February 2014 at Old Cannery, Porto: Tin Weather and Night Heron.",
         "Only on 31 October 2013 at Lamp Room, Galway: Slow Ferry."],
        ["h,2,1,Tin Weather,0", "h,2,2,Night Heron,0"],
    ),
    "Did you play both Tin Weather and Copper Moth at one show?": (
        ["No listed show has “Tin Weather” and “Copper Moth” together.", BASIS], [],
    ),
    "Which song did you play most?": (
        ["Most played: “Brass Lantern”, at 8 shows; then “Mill Race” (6), “Night Heron” (6), “Quiet Ledger” (6)"
         " and “Slow Ferry” (6).", BASIS],
        ["a,1,1,Brass Lantern,0"],
    ),
    "Which venue did you play most?": (
        ["Most played: Lamp Room, Galway and Salt Cellar, Cork, at 3 shows each; then Old Cannery, Porto (2)"
         " and Weighhouse, Bergen (2)."],
        ["a,2011-03-04,Lamp Room,Galway,Ireland", "c,2011-08-20,Salt Cellar,Cork,Ireland"],
    ),
    "Which songs did you play only once?": (
        ["3 were played at one show only: “Copper Moth” (20 August 2011), “Velvet Plough” (20 August 2011)"
         " and “Orchard Hymn” (31 December 2014).", BASIS],
        ["c,2,1,Copper Moth,0", "c,2,2,Velvet Plough,0", "j,2,1,Orchard Hymn,0"],
    ),
    "What was your longest set?": (
        ["The longest list is that of 4 March 2011 at Lamp Room, Galway and 14 February 2014 at Old Cannery, Porto,"
         " with 5 entries."],
        ["a,2011-03-04,Lamp Room,Galway,Ireland", "h,2014-02-14,Old Cannery,Porto,Portugal"],
    ),
    "What were your first and last shows?": (
        ["The first show was on 4 March 2011 at Lamp Room, Galway.",
         "The last show was on 31 December 2014 at Salt Cellar, Cork."],
        ["a,2011-03-04,Lamp Room,Galway,Ireland"],
    ),
    "What did you debut in 2012?": (
        ["Played for the first time in 2012: “Tin Weather” (11 May 2012)."], ["e,1,2,Tin Weather,0"],
    ),
    "How many different songs did you play in 2014?": (
        ["7 different songs were played in 2014 (9 entries in all).",
         "That is from the lists of 3 shows, 14 February 2014 to 31 December 2014; for 1 of them no list is known."],
        ["h,1,1,Brass Lantern,0"],
    ),
    "How many venues have you played?": (
        ["There were 4 different venues.", BASIS], ["a,2011-03-04,Lamp Room,Galway,Ireland"],
    ),
    "Which countries have you played?": (
        ["3: Ireland, Norway and Portugal.", BASIS],
        ["a,2011-03-04,Lamp Room,Galway,Ireland", "e,2012-05-11,Weighhouse,Bergen,Norway",
         "h,2014-02-14,Old Cannery,Porto,Portugal"],
    ),
    "What day of the week was 4 March 2011?": (
        ["4 March 2011 was a Friday (Lamp Room, Galway)."], ["a,2011-03-04,Lamp Room,Galway,Ireland"],
    ),
    "How many shows did you play in China?": (["No show in China is in the lists."], []),
}  # fmt: skip


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExactQuestions]:
    """Asks the ten nights, which nobody changes here."""
    folder = tmp_path_factory.mktemp("tour")
    with open_node(folder / "home", index=MemoryIndex()) as services:
        yield tour(services, folder)


@pytest.mark.parametrize("question", SAID)
def test_an_answer_says_what_the_rows_say_and_cites_them(exact: ExactQuestions, question: str) -> None:
    answer = exact.answer(question, 0)
    said, rows = SAID[question]
    assert sentences(answer) == said
    assert cited(answer)[0] == rows


def test_a_few_nights_are_named_for_the_prose(exact: ExactQuestions) -> None:
    answer = exact.answer("What did you play on 4 March 2011?", 0)
    assert isinstance(answer, Facts)
    assert [(night.date, night.names) for night in answer.nights] == [("2011-03-04", ("Lamp Room", "Galway"))]


def test_two_shows_of_one_day_are_asked_back_and_each_choice_is_answered(exact: ExactQuestions) -> None:
    answer = exact.answer("What did you play on 20 August 2011?", 0)
    assert isinstance(answer, AskBack)
    assert answer.choices == (
        "What did you play on 20 August 2011 (first show of the day)?",
        "What did you play on 20 August 2011 (second show of the day)?",
    )
    first, second = (sentences(exact.answer(choice, 0)) for choice in answer.choices)
    assert first[1:] == ["Set 1: Brass Lantern, Slow Ferry.", "Set 2: Copper Moth, Velvet Plough."]
    assert second[1:] == ["Set 1: Quiet Ledger > Mill Race.", "Set 2: Slow Ferry, Brass Lantern."]
    assert sentences(exact.answer("What did you play at the late show on 20 August 2011?", 0)) == second


def test_an_opener_on_a_day_of_two_shows_is_asked_back(exact: ExactQuestions) -> None:
    answer = exact.answer("What opened the show on 20 August 2011?", 0)
    assert isinstance(answer, AskBack)
    assert len(answer.choices) == 2


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What did you play on 15 February 2014?", "For 15 February 2014 at Old Cannery, Porto no list is known."),
        ("What opened on 9 September 1999?", "No list on 9 September 1999 is known."),
        ("What was the encore on 4 March 2011?", "The lists do not mark encores."),
        ("Where are you playing next?", "No coming date is in the notes."),
    ],
)
def test_what_the_lists_do_not_tell_is_said_to_be_unknown(exact: ExactQuestions, question: str, why: str) -> None:
    assert exact.answer(question, 0) == NotKnown(why)


@pytest.mark.parametrize(
    "question",
    [
        "How often did you play Golden Anchor?",
        "How often did you play Mill Race with an orchestra?",
        "How often did you play Mill Race for longer than ten minutes?",
        "Which songs did you never open with?",
        "How often did you play Mill Race after the hiatus?",
        "hello there",
    ],
)
def test_half_a_question_is_not_answered(exact: ExactQuestions, question: str) -> None:
    assert exact.answer(question, 0) is None


def test_a_question_why_is_one_for_the_prose_of_its_night(exact: ExactQuestions) -> None:
    answer = exact.answer("Why did you open with Brass Lantern on 11 May 2012?", 0)
    assert isinstance(answer, AboutNights)
    assert [night.date for night in answer.nights] == ["2012-05-11"]
    assert answer.is_of_prose


def test_a_name_with_a_typo_is_answered_as_the_name(exact: ExactQuestions) -> None:
    plain = exact.answer("How often did you play Brass Lantern?", 0)
    assert exact.answer("How often did you play Brass Lanten?", 0) == plain
    assert exact.answer("how many brass lanterns", 0) == plain


def test_several_songs_are_answered_one_by_one(exact: ExactQuestions) -> None:
    said = sentences(exact.answer("How often did you play Tin Weather or Copper Moth?", 0))
    assert "“Tin Weather” was played at 3 shows." in said
    assert "“Copper Moth” was played at 1 show." in said
    assert said.count(BASIS) == 1
