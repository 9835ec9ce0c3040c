"""Dates, venues and rare titles lead to their nights: nine of ten at least, by the whole path."""

import csv
import datetime
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowledge.evidence import AskBack
from knowledge.facts.exact import Exact, ExactQuestions
from knowledge.facts.told import Facts
from knowledge.memory import MemoryIndex
from tests.nodes import open_node, take_in

SHOWS = Path(__file__).parents[4] / "shared" / "data" / "grateful-dead" / "csv"
ASKED, HIT_MIN, RARE_MAX = 60, 0.9, 5

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not SHOWS.is_dir(), reason="the shared data is not here")]

Row = dict[str, str]


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExactQuestions]:
    with open_node(tmp_path_factory.mktemp("band"), index=MemoryIndex()) as services:
        take_in(services, SHOWS)
        yield ExactQuestions(services.database.reader, "Grateful Dead", lambda: datetime.date(2026, 11, 21))


def rows(name: str) -> list[Row]:
    with (SHOWS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(show: Row) -> str:
    date = datetime.date.fromisoformat(show["date"])
    return f"{date.day} {date:%B} {date.year}"


def listed_shows() -> list[Row]:
    known = {row["show_id"] for row in rows("performances.csv")}
    return random.Random(5).sample([show for show in rows("shows.csv") if show["show_id"] in known], ASKED)


def hits(
    exact: ExactQuestions, asked: list[Row], question: Callable[[Row], str], found: Callable[[Row, Exact], bool]
) -> float:
    return sum(found(show, exact.answer(question(show), 0)) for show in asked) / len(asked)


def tells_the_day(show: Row, answer: Exact) -> bool:
    """Whether the night is told, counted among too many to list, or one of those asked back."""
    if isinstance(answer, AskBack):
        return len(answer.choices) >= 2
    many = isinstance(answer, Facts) and "The first was" in answer.text
    return isinstance(answer, Facts) and (day(show) in answer.text or many)


@pytest.mark.parametrize(
    "question",
    [
        lambda show: f"What did you play on {day(show)}?",
        lambda show: f"{show['date']} set list",
        lambda show: f"When did you play at {show['venue']} in {show['city']} in {show['date'][:4]}?",
        lambda show: f"When did you play {show['venue']}?",
    ],
)
def test_a_date_or_a_place_leads_to_the_night(exact: ExactQuestions, question: Callable[[Row], str]) -> None:
    assert hits(exact, listed_shows(), question, tells_the_day) >= HIT_MIN


def test_a_rare_title_leads_to_every_night_of_it(exact: ExactQuestions) -> None:
    days, at = {show["show_id"]: day(show) for show in rows("shows.csv")}, defaultdict[str, set[str]](set)
    for row in rows("performances.csv"):
        at[row["song"]].add(days[row["show_id"]])
    rare = random.Random(6).sample(sorted(song for song in at if len(at[song]) <= RARE_MAX), ASKED)

    def told(song: Row, answer: Exact) -> bool:
        return isinstance(answer, Facts) and all(one in answer.text for one in at[song["song"]])

    assert (
        hits(exact, [{"song": song} for song in rare], lambda song: f"When did you play {song['song']}?", told)
        >= HIT_MIN
    )
