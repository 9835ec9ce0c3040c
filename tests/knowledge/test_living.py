"""Notes are taken back, shown again, moved and edited; each time at once, in every index and for every reader."""

from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge import Facts
from knowledge.contracts import TIERS
from knowledge.errors import ImportRefused, NoteIsAway, NoteIsShown, NotProse, UnknownNote
from knowledge.facts.exact import ExactQuestions
from knowledge.imported import ImportReport
from knowledge.memory import MemoryIndex
from knowledge.noted import Note
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell, texts
from tests.knowledge.test_library import assert_in_step
from tests.nodes import take_in, write_notes

PIANO = "I wrote Pilot Ladder on a rented piano."
ORGAN = "I wrote Pilot Ladder on a borrowed organ."
FERRY = "We played on the upper deck."
WHERE = "Where did you write Pilot Ladder?"
SHOWS = "show_id,date,venue,city\n1,1977-05-08,Barton Hall,Ithaca\n2,1978-05-08,Old Mill,Leeds\n"
PLAYS = "show_id,position,song\n1,1,Low Tide\n2,1,Low Tide\n2,2,Pilot Ladder\n"


def only(services: Services) -> Note:
    (found,) = services.library.shelf.notes()
    return found


def counted(services: Services, question: str, tier: int) -> str:
    found = services_exact(services).answer(question, tier)
    return found.text if isinstance(found, Facts) else ""


def services_exact(services: Services) -> ExactQuestions:
    exact = services.desk._answering.retrieval._exact  # type: ignore[attr-defined]  # the one whose names are cached
    assert isinstance(exact, ExactQuestions)
    return exact


def test_a_note_that_is_taken_back_is_found_no_more_and_can_be_shown_again(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    ident = only(shelf).ident
    assert shelf.library.shelf.retract(ident).state == "taken back"
    assert (texts(shelf, 4), quotes(shelf, WHERE, 4)) == ([], [])
    assert shelf.library.counts(4).passages == 0
    assert_in_step(shelf, index)
    with pytest.raises(NoteIsAway):
        shelf.library.shelf.retract(ident)
    assert shelf.library.shelf.restore(ident).state == "shown"
    assert quotes(shelf, WHERE) == [PIANO]
    assert_in_step(shelf, index)
    with pytest.raises(NoteIsShown):
        shelf.library.shelf.restore(ident)


def test_a_note_taken_back_stays_away_when_its_file_comes_again_until_the_file_changes(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note(FERRY, title="Ferry"))
    ident = next(one.ident for one in shelf.library.shelf.notes() if one.file_name == "a.md")
    shelf.library.shelf.retract(ident)
    report = take_in(shelf, tmp_path / "notes")
    assert [one.status for one in report.files] == ["unchanged", "unchanged"]
    assert "restore" in report.files[0].remarks[0]
    assert texts(shelf, 4) == [FERRY]
    tell(shelf, tmp_path / "notes", a=note(ORGAN))
    assert texts(shelf, 4) == [ORGAN, FERRY]
    assert_in_step(shelf, index)


@pytest.mark.parametrize(("before", "after"), [("public", 3), ("circle", 0)])
def test_another_tier_holds_at_once(
    shelf: Services, index: MemoryIndex, tmp_path: Path, before: str, after: int
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO, tier=before), b=note(FERRY, title="Ferry", tier=before))
    ident = next(one.ident for one in shelf.library.shelf.notes() if one.file_name == "a.md")
    moved = shelf.library.shelf.retier(ident, after)
    assert moved.tier == after
    for tier in TIERS:
        assert (PIANO in quotes(shelf, WHERE, tier)) == (tier >= after)
        assert (PIANO in texts(shelf, tier)) == (tier >= after)
    assert_in_step(shelf, index)


def test_a_tier_set_by_hand_outlives_the_next_import_and_a_stricter_head(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    shelf.library.shelf.retier(only(shelf).ident, 2)
    take_in(shelf, tmp_path / "notes")
    assert only(shelf).tier == 2
    report = take_in(shelf, write_notes(tmp_path / "notes", {"a.md": note(ORGAN)}))
    assert (only(shelf).tier, report.files[0].tier) == (2, 2)
    assert "by hand" in report.files[0].remarks[0]
    tell(shelf, tmp_path / "notes", a=note(PIANO, tier="inner"))
    assert only(shelf).tier == 4


def test_an_earlier_version_comes_back_on_the_tier_that_was_set_since(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    first = only(shelf).ident
    tell(shelf, tmp_path / "notes", a=note(ORGAN))
    shelf.library.shelf.retier(only(shelf).ident, 3)
    shelf.library.shelf.restore(first)
    assert (texts(shelf, 2), texts(shelf, 3)) == ([], [PIANO])


def test_facts_follow_a_note_to_its_new_tier_and_out_of_sight(shelf: Services, tmp_path: Path) -> None:
    take_in(shelf, write_notes(tmp_path / "notes", {"shows.csv": SHOWS, "performances.csv": PLAYS}), tier=0)
    question = "How often did you play Low Tide?"
    before = counted(shelf, question, 0)
    assert "2" in before or "twice" in before.lower()
    plays = next(one.ident for one in shelf.library.shelf.notes() if one.file_name == "performances.csv")
    shelf.library.shelf.retier(plays, 2)
    assert counted(shelf, question, 0) == ""
    assert counted(shelf, question, 2) == before
    shelf.library.shelf.retier(plays, 0)
    assert counted(shelf, question, 0) == before
    shelf.library.shelf.retier(plays, 2)
    with shelf.database.reader(4) as reader:
        assert set(reader.execute(text("SELECT tier FROM set_items")).scalars()) == {2}
    shelf.library.shelf.retract(plays)
    assert counted(shelf, question, 4) == ""
    shelf.library.shelf.restore(plays)
    assert counted(shelf, question, 2) == before


def test_plays_know_their_night_no_more_when_its_table_is_taken_back(shelf: Services, tmp_path: Path) -> None:
    take_in(shelf, write_notes(tmp_path / "notes", {"shows.csv": SHOWS, "performances.csv": PLAYS}), tier=0)
    shows = next(one.ident for one in shelf.library.shelf.notes() if one.file_name == "shows.csv")

    def nights() -> set[str]:
        with shelf.database.reader(0) as reader:
            return set(reader.execute(text("SELECT event_key FROM set_items")).scalars())

    joined = nights()
    assert len(joined) == 2
    shelf.library.shelf.retract(shows)
    assert nights() == {""}
    shelf.library.shelf.restore(shows)
    assert nights() == joined


def test_an_edit_takes_the_place_of_the_note_and_keeps_it_as_an_earlier_version(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO, title="Pilot", tier="follower", head="date: 2019-03-04\n"))
    first = only(shelf)
    report = edited(shelf, first.ident, ORGAN)
    second = only(shelf)
    assert (report.replaced, report.files[0].tier) == (1, 1)
    assert (second.title, second.date, second.tier, second.origin) == ("Pilot", "2019-03-04", 1, first.origin)
    assert quotes(shelf, WHERE, 1) == [ORGAN]
    assert quotes(shelf, WHERE, 0) == []
    versions = shelf.library.shelf.history(second.ident)
    assert [(one.ident, one.state) for one in versions] == [(second.ident, "shown"), (first.ident, "replaced")]
    assert shelf.library.shelf.note(first.ident).text == PIANO
    assert_in_step(shelf, index)


def edited(services: Services, ident: str, new: str) -> ImportReport:
    return services.library.shelf.edit(ident, new)


def test_the_head_of_an_edit_is_read_like_any_other_but_opens_a_note_to_nobody(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO, tier="supporter"))
    edited(shelf, only(shelf).ident, note(ORGAN, title="Organ", tier="public", head="speaker: Winnie\n"))
    assert (only(shelf).title, only(shelf).speaker, only(shelf).tier) == ("Organ", "Winnie", 2)
    edited(shelf, only(shelf).ident, note(PIANO, title="Organ", tier="inner"))
    assert only(shelf).tier == 4


def test_an_edit_stays_when_its_old_file_comes_again_and_goes_when_the_file_changes(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    edited(shelf, only(shelf).ident, ORGAN)
    report = take_in(shelf, tmp_path / "notes")
    assert "edited" in report.files[0].remarks[0]
    assert texts(shelf, 4) == [ORGAN]
    tell(shelf, tmp_path / "notes", a=note(FERRY))
    assert texts(shelf, 4) == [FERRY]
    assert_in_step(shelf, index)


def test_an_edit_of_one_part_leaves_the_other_parts_of_its_file(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    first = only(shelf).ident
    shelf.lane.run(lambda owner: owner.execute(text("UPDATE documents SET part = 'one' WHERE id = :id"), {"id": first}))
    twin = write_notes(tmp_path / "others", {"b.md": note(FERRY, title="Ferry")})
    take_in(shelf, twin)
    second = next(one for one in shelf.library.shelf.notes() if one.ident != first)
    same_file = "UPDATE documents SET origin = (SELECT origin FROM documents WHERE id = :first) WHERE id = :id"
    shelf.lane.run(lambda owner: owner.execute(text(same_file), {"first": first, "id": second.ident}))
    edited(shelf, first, ORGAN)
    assert texts(shelf, 4) == [ORGAN, FERRY]


def test_an_edit_that_changes_nothing_makes_no_version(small_shelf: Services, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note(PIANO))
    assert edited(small_shelf, only(small_shelf).ident, note(PIANO)).count("unchanged") == 1
    assert len(small_shelf.library.shelf.history(only(small_shelf).ident)) == 1
    assert small_shelf.library.check() == []


def test_the_lines_of_an_edit_are_those_of_its_text(small_shelf: Services, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note(PIANO))
    edited(small_shelf, only(small_shelf).ident, f"\n{ORGAN}\n")
    with small_shelf.database.reader(0) as reader:
        (sentences,) = reader.execute(text("SELECT sentences FROM passages")).scalars()
    assert f"{sentences}".replace("'", "").startswith("[[0, 41, 2")


def test_what_cannot_be_edited_is_refused_and_leaves_nothing(small_shelf: Services, tmp_path: Path) -> None:
    take_in(small_shelf, write_notes(tmp_path / "notes", {"shows.csv": SHOWS}), tier=0)
    table = only(small_shelf).ident
    with pytest.raises(NotProse):
        edited(small_shelf, table, ORGAN)
    tell(small_shelf, tmp_path / "notes", a=note(PIANO))
    ident = next(one.ident for one in small_shelf.library.shelf.notes() if one.ident != table)
    with pytest.raises(ImportRefused):
        edited(small_shelf, ident, "# Only a heading\n")
    small_shelf.library.shelf.retract(ident)
    with pytest.raises(NoteIsAway):
        edited(small_shelf, ident, ORGAN)
    with pytest.raises(UnknownNote):
        small_shelf.library.shelf.note("nobody")
    assert small_shelf.library.check() == []


def test_the_list_shows_what_is_shown_and_on_request_what_is_away(small_shelf: Services, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note(PIANO), b=note(FERRY, title="Ferry"))
    first = small_shelf.library.shelf.notes()[0]
    small_shelf.library.shelf.retract(first.ident)
    assert [one.file_name for one in small_shelf.library.shelf.notes()] == ["b.md"]
    away = small_shelf.library.shelf.notes(away=True)
    assert [(one.file_name, one.state) for one in away] == [("a.md", "taken back"), ("b.md", "shown")]
