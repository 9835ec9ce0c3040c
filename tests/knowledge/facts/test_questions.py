"""Questions in free human words over a band's 2,358 shows and a DJ's sixty sets, graded against independent SQL.

What was written to be looked at while the rules were made (`questions/`), and what others wrote without
knowing them (`held_out*/`), which has been looked at since: all of it keeps what was reached.
"""

import datetime
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.facts.exact import ExactQuestions
from knowledge.memory import MemoryIndex
from presence.bootstrap import Services
from tests.knowledge.facts.grading import Grade, graded, questions, scratch, told, truth_of
from tests.nodes import open_node, take_in

HERE = Path(__file__).parent
SHOWS = HERE.parents[3] / "shared" / "data" / "grateful-dead" / "csv"
OTHER = HERE / "held_out" / "other"
TODAY = datetime.date(2026, 11, 21)
EXACT_MIN, WRONG_MAX = 0.92, 0.01

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def band(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A node that knows a band's shows."""
    if not SHOWS.is_dir():
        pytest.skip("the shared data is not here")
    with open_node(tmp_path_factory.mktemp("band"), index=MemoryIndex()) as services:
        take_in(services, SHOWS)
        yield services


@pytest.fixture(scope="module")
def dj(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A node that knows a DJ's sets."""
    with open_node(tmp_path_factory.mktemp("dj"), index=MemoryIndex()) as services:
        take_in(services, OTHER)
        yield services


def grades(services: Services, path: Path, artist: str, data: str | None = None) -> list[Grade]:
    tables = (
        {"sets": OTHER / "sets.csv", "plays": OTHER / "plays.csv"}
        if data == "other" or path.name == "other.jsonl"
        else {"shows": SHOWS / "shows.csv", "performances": SHOWS / "performances.csv"}
    )
    truths = scratch(**tables)
    exact = ExactQuestions(services.database.reader, artist, lambda: TODAY)
    return [graded(one, exact.answer(one.question, 0), truth_of(truths, one)) for one in questions(path, data)]


def share(found: list[Grade], grade: str) -> float:
    return Counter(one.grade for one in found)[grade] / len(found)


@pytest.mark.parametrize(
    ("path", "exact_min", "wrong_max"),
    [
        ("questions/shows_seen.jsonl", EXACT_MIN, WRONG_MAX),
        ("held_out/shows.jsonl", EXACT_MIN, WRONG_MAX),
        ("held_out_last/shows.jsonl", 0.90, WRONG_MAX),
        ("held_out_later/shows.jsonl", 0.78, 0.03),  # asked in stories, on purpose as hard as people can be
    ],
)
def test_questions_about_the_bands_shows(band: Services, path: str, exact_min: float, wrong_max: float) -> None:
    found = grades(band, HERE / path, "Grateful Dead")
    assert share(found, "exact") >= exact_min, told(found)
    assert share(found, "wrong") <= wrong_max, told(found)


@pytest.mark.parametrize("path", ["held_out/other.jsonl", "held_out_later/other.jsonl", "held_out_last/other.jsonl"])
def test_questions_about_the_djs_sets(dj: Services, path: str) -> None:
    found = grades(dj, HERE / path, "DJ Someone")
    assert share(found, "exact") >= EXACT_MIN, told(found)
    assert share(found, "wrong") <= WRONG_MAX, told(found)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("questions/shows_unanswerable.jsonl", None),
        ("held_out/unanswerable.jsonl", "shows"),
        ("held_out_later/unanswerable.jsonl", "shows"),
        ("held_out_last/unanswerable.jsonl", "shows"),
    ],
)
def test_what_the_rows_cannot_decide_is_not_answered_by_them(band: Services, path: str, data: str | None) -> None:
    found = grades(band, HERE / path, "Grateful Dead", data)
    assert share(found, "exact") == 1, told(found)


@pytest.mark.parametrize(
    "path", ["held_out/unanswerable.jsonl", "held_out_later/unanswerable.jsonl", "held_out_last/unanswerable.jsonl"]
)
def test_what_the_djs_rows_cannot_decide_is_not_answered(dj: Services, path: str) -> None:
    found = grades(dj, HERE / path, "DJ Someone", "other")
    assert share(found, "exact") == 1, told(found)
