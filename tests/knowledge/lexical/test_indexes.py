"""The lexical index of each database, and its statistics, pooled over the tiers that may be read."""

from collections import Counter
from pathlib import Path

import pytest

from knowledge.lexical import Analyser, KeptWords, LexicalIndex, LexicalMatch, lexical_index_for
from presence.bootstrap import Services
from tests.knowledge.notes import note, tell
from tests.nodes import open_node

ODD_WORDS = (
    "AC/DC 3e5 1.5 1e5 12a4 0x1f C3-PO naïve Ωmega ½ cup of 1,000 notes at x_y_z, foo.bar at x@y"
    " and https://example.org/a-b?c=d, ’twas rock’n’roll in 5e, ピアノ and Straße, 100% of №5, п'яно"
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def index_of(services: Services, analyser: Analyser) -> LexicalIndex:
    return lexical_index_for(services.database.dialect, analyser)


def postings(services: Services, analyser: Analyser, term: str, tier: int = 0) -> list[tuple[int, int]]:
    with services.database.reader(tier) as reader:
        numbers, times = index_of(services, analyser).postings(reader, tier, term)
    return list(zip(numbers.tolist(), times.tolist(), strict=True))


def ranks(services: Services, analyser: Analyser, question: str, tier: int) -> dict[str, LexicalMatch]:
    """Rank as a search does, with the pool of 0..t; keys are texts, since numbers differ between nodes."""
    words, [terms] = KeptWords(index_of(services, analyser), analyser), analyser.content_terms([question])
    with services.database.reader(tier) as reader:
        matches, _ = words.matches(reader, tier, terms)
        texts = {row[0]: row[1] for row in reader.exec_driver_sql("SELECT number, text FROM passages")}
    return {texts[number]: match for number, match in matches.of(list(texts)).items()}


def test_a_posting_says_how_often_a_term_stands_in_a_passage(
    shelf: Services, analyser: Analyser, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", piano=note("The piano was a rented piano.", title="Leeds"))
    [(_, times)] = postings(shelf, analyser, "piano")
    assert times == 2


def test_every_passage_of_a_tier_has_its_length(shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note("The piano was a rented piano."), b=note("One secret.", tier="circle"))
    index = index_of(shelf, analyser)
    with shelf.database.reader(4) as reader:
        assert [index.lengths(reader, tier)[1].tolist() for tier in range(5)] == [[6], [], [], [2], []]


def test_a_term_is_counted_however_often_it_stands_in_a_passage(shelf: Services, analyser: Analyser) -> None:
    """PostgreSQL keeps 255 places of a term in a passage, and its counts are read back from ranks."""
    times = [1, 2, 3, 7, 20, 60, 150, 254, 255]
    bodies = [(n, "piano and ferry " * n) for n in times]
    shelf.lane.run(lambda owner: index_of(shelf, analyser).add(owner, 0, bodies))
    assert postings(shelf, analyser, "piano") == list(zip(times, times, strict=True))


def test_titles_and_headings_are_indexed_too(shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", piano=note("# Ferry\n\nIt was rented.", title="Leeds"))
    assert len(postings(shelf, analyser, "leed")) == 1
    assert len(postings(shelf, analyser, "ferri")) == 1


def test_a_term_that_nobody_wrote_has_no_postings(shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note("Piano, piano, piano."), b=note("One piano."), c=note("A ferry."))
    assert len(postings(shelf, analyser, "piano")) == 2
    assert postings(shelf, analyser, "nobodi") == []


def test_both_databases_know_every_term_that_the_analyser_cuts(
    shelf: Services, analyser: Analyser, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", odd=note(ODD_WORDS, title="Untitled"))
    expected = Counter(analyser.terms([ODD_WORDS])[0])
    found = {term: sum(times for _, times in postings(shelf, analyser, term)) for term in expected}
    assert found == dict(expected)


def test_a_term_of_a_higher_tier_has_no_postings_below(shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note("One piano."), b=note("Heronshaw is secret.", tier="circle"))
    assert postings(shelf, analyser, "heronshaw", tier=0) == []
    assert len(postings(shelf, analyser, "heronshaw", tier=3)) == 1


def test_scores_below_do_not_change_by_a_bit_when_a_higher_tier_grows(
    shelf: Services, analyser: Analyser, tmp_path: Path
) -> None:
    tell(
        shelf,
        tmp_path / "notes",
        a=note("The rented piano had two dead keys, and nobody slept."),
        b=note("A piano is a piano."),
        c=note("We rented a ferry for the keys of the chapel."),
    )
    question = "the rented piano and its dead keys"
    before = ranks(shelf, analyser, question, 0)
    secrets = {
        f"s{n}": note(f"The piano of chapel {n} was rented, dead, without keys.", tier="circle") for n in range(7)
    }
    tell(shelf, tmp_path / "more", **secrets)
    after = ranks(shelf, analyser, question, 0)
    assert {text: match.score for text, match in after.items()} == {text: match.score for text, match in before.items()}
    assert len(ranks(shelf, analyser, question, 3)) == 10


def test_both_databases_score_alike_to_the_last_bit(shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    notes = {f"n{n}": note(f"Piano number {n} " + "and a key " * n + ODD_WORDS) for n in range(1, 6)}
    tell(shelf, tmp_path / "notes", **notes)
    question = "piano key number acdc"
    with open_node(tmp_path / "other") as other:
        tell(other, tmp_path / "same", **notes)
        there = ranks(other, analyser, question, 0)
    here = ranks(shelf, analyser, question, 0)
    assert {text: match.score for text, match in here.items()} == {text: match.score for text, match in there.items()}


def test_removed_passages_leave_the_index(shelf: Services, analyser: Analyser, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note("One piano."))
    tell(shelf, tmp_path / "notes", a=note("One ferry."))
    assert postings(shelf, analyser, "piano") == []
    assert len(postings(shelf, analyser, "ferri")) == 1
