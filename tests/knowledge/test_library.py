"""The artist's material as a whole: taken in once, replaced at once, and indexed exactly."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from knowledge import Evidence
from knowledge.contracts import TIERS
from knowledge.errors import NothingToImport
from knowledge.imported import ImportRequest, Step
from knowledge.lexical import Analyser, lexical_index_for
from knowledge.memory import MemoryIndex
from models.embedders.hashed import HashedEmbedder
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell, texts
from tests.nodes import open_node, take_in, write_notes

PIANO = "I wrote Pilot Ladder on a rented piano."
FERRY = "We played on the upper deck."


class BrokenOff(BaseException):
    """Somebody pulled the plug."""


def broken_off_at(file: str) -> Callable[[Step], None]:
    def progress(step: Step) -> None:
        if step.name == file:
            raise BrokenOff

    return progress


def counted(services: Services, table: str) -> int:
    with services.database.owner.connect() as owner:
        return int(owner.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def live_ids(services: Services, tier: int) -> set[str]:
    with services.database.reader(tier) as reader:
        return set(reader.execute(text("SELECT id FROM passages WHERE tier = :tier"), {"tier": tier}).scalars())


def lexical_numbers(services: Services) -> set[int]:
    lexical = lexical_index_for(services.database.dialect, Analyser())
    return services.lane.run(lambda owner: {number for tier in TIERS for number in lexical.numbers(owner, tier)})


def assert_in_step(services: Services, index: MemoryIndex) -> None:
    """The doctor finds nothing, and neither do we, looking for ourselves."""
    assert services.library.check() == []
    assert [index.ids(tier) for tier in TIERS] == [live_ids(services, tier) for tier in TIERS]
    with services.database.reader(4) as reader:
        assert lexical_numbers(services) == set(reader.execute(text("SELECT number FROM passages")).scalars())
        for tier, passages, words in reader.execute(text("SELECT tier, passages, words FROM corpus_versions")):
            found = list(
                reader.execute(text("SELECT words FROM passages WHERE tier = :tier"), {"tier": tier}).scalars()
            )
            assert (passages, words) == (len(found), sum(found))


def test_an_empty_library_is_in_step(shelf: Services, index: MemoryIndex) -> None:
    assert_in_step(shelf, index)


def test_what_was_taken_in_is_in_step(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note(FERRY, tier="circle"))
    assert texts(shelf, 4) == [PIANO, FERRY]
    assert_in_step(shelf, index)


def test_importing_again_changes_nothing(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO), "b.md": note(FERRY)})
    take_in(shelf, folder)
    before, ids = index.version(0), index.ids(0)
    report = take_in(shelf, folder)
    assert (report.count("unchanged"), report.count("ok"), report.passages, report.replaced) == (2, 0, 0, 0)
    assert (index.version(0), index.ids(0)) == (before, ids)
    assert_in_step(shelf, index)


def test_the_same_content_from_another_folder_is_known_already(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    report = take_in(shelf, write_notes(tmp_path / "copies", {"copy.md": note(PIANO)}))
    assert report.count("unchanged") == 1
    assert texts(shelf, 0) == [PIANO]


def test_an_edited_file_replaces_the_older_version_at_once(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note(FERRY))
    older = index.ids(0)
    report = take_in(shelf, write_notes(tmp_path / "notes", {"a.md": note("I wrote it on an organ.")}))
    assert report.replaced == 1
    assert texts(shelf, 0) == ["I wrote it on an organ.", FERRY]
    assert len(index.ids(0) & older) == 1
    assert_in_step(shelf, index)


def test_a_file_edited_back_is_as_it_was(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    for body in (PIANO, FERRY, PIANO):
        tell(shelf, tmp_path / "notes", a=note(body))
    assert texts(shelf, 0) == [PIANO]
    assert_in_step(shelf, index)


def test_a_file_edited_into_a_copy_of_another_leaves_nothing_of_what_it_said(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note(FERRY))
    tell(shelf, tmp_path / "notes", b=note(PIANO))
    assert FERRY not in texts(shelf, 4)
    assert_in_step(shelf, index)


def test_a_stricter_copy_elsewhere_does_not_keep_a_file_public(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    notes = {"a.md": "It was a rented piano."}
    folder = write_notes(tmp_path / "notes", notes)
    take_in(shelf, folder, tier=0)
    take_in(shelf, write_notes(tmp_path / "copies", notes), tier=3)
    take_in(shelf, folder, tier=3)
    assert texts(shelf, 2) == []
    assert_in_step(shelf, index)


def test_another_tier_moves_a_file(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO, tier="public")})
    take_in(shelf, folder, tier=0)
    report = take_in(shelf, folder, tier=3)
    assert (report.files[0].tier, report.replaced) == (3, 1)
    assert [texts(shelf, tier) for tier in (0, 2, 3)] == [[], [], [PIANO]]
    assert_in_step(shelf, index)


def test_a_note_made_a_draft_goes_to_the_inner_tier(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    tell(shelf, tmp_path / "notes", a=note(PIANO, head="draft: true\n"))
    assert [texts(shelf, tier) for tier in (0, 3, 4)] == [[], [], [PIANO]]
    assert_in_step(shelf, index)


def test_another_speaker_replaces_a_file(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO)})
    take_in(shelf, folder)
    assert take_in(shelf, folder, speaker="Winifred Marsh").replaced == 1
    found = shelf.search.find("Where is the rented piano?", 0)
    assert isinstance(found, Evidence)
    assert {sentence.passage.speaker for sentence in found.sentences} == {"Winifred Marsh"}
    assert_in_step(shelf, index)


def test_an_import_is_invisible_until_it_is_whole(shelf: Services, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO), "b.md": note(FERRY)})
    seen: list[list[str]] = []
    shelf.library.import_path(ImportRequest(folder, artist="Ada", tier=0), lambda _: seen.append(texts(shelf, 4)))
    assert seen
    assert not any(seen)
    assert texts(shelf, 0) == [PIANO, FERRY]


def test_the_older_version_can_be_read_until_the_import_is_whole(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    folder = write_notes(tmp_path / "notes", {"a.md": note(FERRY)})
    seen: list[list[str]] = []
    shelf.library.import_path(ImportRequest(folder, artist="Ada", tier=0), lambda _: seen.append(texts(shelf, 4)))
    assert all(at_that_time == [PIANO] for at_that_time in seen)


def test_a_broken_off_import_leaves_nothing_to_see_and_is_swept_away(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO), "b.md": note(FERRY)})
    with pytest.raises(BrokenOff):
        shelf.library.import_path(ImportRequest(folder, artist="Ada", tier=0), broken_off_at("b.md"))
    assert texts(shelf, 4) == []
    assert quotes(shelf, "Where is the rented piano?", 4) == []
    assert ["broken off" in finding.sentence for finding in shelf.library.check()] == [True]
    assert [finding.healed for finding in shelf.library.start()] == [True]
    assert [counted(shelf, table) for table in ("imports", "documents", "passages")] == [0, 0, 0]
    assert_in_step(shelf, index)


def test_a_broken_off_import_does_not_touch_what_was_there(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    folder = write_notes(tmp_path / "notes", {"a.md": note("Another version."), "b.md": note(FERRY)})
    with pytest.raises(BrokenOff):
        shelf.library.import_path(ImportRequest(folder, artist="Ada", tier=0), broken_off_at("b.md"))
    shelf.library.start()
    assert texts(shelf, 4) == [PIANO]
    assert_in_step(shelf, index)


def test_an_import_after_a_broken_off_one_takes_everything_in(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO), "b.md": note(FERRY)})
    with pytest.raises(BrokenOff):
        shelf.library.import_path(ImportRequest(folder, artist="Ada", tier=0), broken_off_at("b.md"))
    shelf.library.start()
    assert take_in(shelf, folder).count("ok") == 2
    assert_in_step(shelf, index)


def test_a_path_without_files_leaves_no_trace(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    with pytest.raises(NothingToImport):
        take_in(shelf, tmp_path / "nowhere")
    assert counted(shelf, "imports") == 0
    assert_in_step(shelf, index)


def test_imports_at_the_same_time_are_all_taken_in(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    folders = [write_notes(tmp_path / f"n{n}", {"a.md": note(f"Sentence number {n}.")}) for n in range(3)]
    threads = [threading.Thread(target=take_in, args=(shelf, folder)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts(shelf, 0) == [f"Sentence number {n}." for n in range(3)]
    assert_in_step(shelf, index)


def remove_vector(services: Services, index: MemoryIndex) -> None:
    index.delete(0, sorted(index.ids(0))[:1])


def add_foreign_vector(services: Services, index: MemoryIndex) -> None:
    index.upsert(2, ["foreign"], HashedEmbedder().embed(["foreign"]))


def unmark(services: Services, index: MemoryIndex) -> None:
    index.mark(0, "another version")


def remove_words(services: Services, index: MemoryIndex) -> None:
    lexical = lexical_index_for(services.database.dialect, Analyser())
    services.lane.run(lambda owner: lexical.remove(owner, 0, sorted(lexical.numbers(owner, 0))[:1]))


def add_foreign_words(services: Services, index: MemoryIndex) -> None:
    lexical = lexical_index_for(services.database.dialect, Analyser())
    services.lane.run(lambda owner: lexical.add(owner, 1, [(99_999, "foreign")]))


@pytest.mark.parametrize("damage", [remove_vector, add_foreign_vector, unmark, remove_words, add_foreign_words])
def test_damage_to_an_index_is_noticed_and_a_reindex_repairs_it(
    shelf: Services, index: MemoryIndex, tmp_path: Path, damage: Callable[[Services, MemoryIndex], None]
) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO), b=note(FERRY))
    damage(shelf, index)
    assert len(shelf.library.check()) == 1
    assert shelf.library.reindex(lambda _done, _all: None) == 2
    assert_in_step(shelf, index)
    assert quotes(shelf, "Where is the rented piano?")[0] == PIANO


def test_a_reindex_leaves_out_what_was_replaced(shelf: Services, index: MemoryIndex, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO))
    tell(shelf, tmp_path / "notes", a=note(FERRY))
    assert shelf.library.reindex(lambda _done, _all: None) == 1
    assert_in_step(shelf, index)


def test_a_lost_vector_index_is_built_again_at_the_next_start(
    tmp_path: Path, database_url: str | None, index: MemoryIndex
) -> None:
    with open_node(tmp_path / "home", database_url=database_url) as services:
        tell(services, tmp_path / "notes", a=note(PIANO))
    with open_node(tmp_path / "home", database_url=database_url, index=index) as services:
        assert_in_step(services, index)
        assert services.library.start() == []


def test_a_vector_index_that_is_behind_catches_up_at_the_next_start(
    tmp_path: Path, database_url: str | None, index: MemoryIndex
) -> None:
    with open_node(tmp_path / "home", database_url=database_url, index=index) as services:
        tell(services, tmp_path / "notes", a=note(PIANO))
    with open_node(tmp_path / "home", database_url=database_url) as services:
        tell(services, tmp_path / "notes", a=note(FERRY), b=note("Another one.", tier="circle"))
    with open_node(tmp_path / "home", database_url=database_url, index=index) as services:
        assert_in_step(services, index)


def test_counts_are_of_what_a_tier_may_read(shelf: Services, tmp_path: Path) -> None:
    tell(
        shelf,
        tmp_path / "notes",
        a=note(PIANO, head="date: 2019-03-04\n"),
        b=note(FERRY, head="kind: set\ndate: 2015-06\n"),
        c=note("The record was made at sea.", head="type: album\ndate: 2021\n", tier="circle"),
        d=note("It has no date."),
    )
    below, above = shelf.library.counts(0), shelf.library.counts(3)
    assert (below.documents, below.sets, below.releases, below.notes, below.passages) == (3, 1, 0, 2, 3)
    assert (below.first_date, below.last_date) == ("2015-06", "2019-03-04")
    assert (above.documents, above.releases, above.last_date) == (4, 1, "2021")


def test_an_empty_library_counts_nothing(shelf: Services) -> None:
    counts = shelf.library.counts(4)
    assert (counts.documents, counts.notes, counts.passages, counts.first_date) == (0, 0, 0, "")


def test_example_questions_are_of_different_kinds_and_of_the_tier(shelf: Services, tmp_path: Path) -> None:
    tell(
        shelf,
        tmp_path / "notes",
        a=note(PIANO, title="The piano"),
        b=note(FERRY, title="The ferry", head="kind: set\n"),
        c=note("Secret.", title="Heronshaw", tier="inner"),
    )
    assert shelf.library.examples(0) == ["What happened at “The ferry”?", "What is the story behind “The piano”?"]
    assert len(shelf.library.examples(4, limit=2)) == 2


def test_examples_are_those_of_now(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", ferry=note("We played.", title="The ferry"), ice=note("Cold.", title="Ice"))
    assert len(shelf.library.examples(0)) == 2
    for one in shelf.library.shelf.notes():
        if one.title == "Ice":
            shelf.library.shelf.retract(one.ident)
    assert shelf.library.examples(0) == ["What is the story behind “The ferry”?"]
    assert shelf.library.examples(0) == ["What is the story behind “The ferry”?"]


def test_a_title_that_is_a_question_is_asked_as_it_stands(shelf: Services, tmp_path: Path) -> None:
    notes = {"a": note(PIANO, title="How did you come to music?"), "b": note(FERRY, title="About Ada Marsh")}
    tell(shelf, tmp_path / "notes", **notes)
    assert sorted(shelf.library.examples(0)) == ["How did you come to music?", "What do the notes say about Ada Marsh?"]


def test_a_passage_opens_with_its_neighbours(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note("# One\n\nFirst.\n\n# Two\n\nSecond.\n\n# Three\n\nThird."))
    with shelf.database.reader(0) as reader:
        first, second, third = reader.execute(text("SELECT id FROM passages ORDER BY ordinal")).scalars()
    opened = shelf.library.passage(second, 0)
    assert opened is not None
    assert (opened.before, opened.after) == (first, third)
    assert (opened.passage.text, opened.passage.heading) == ("Second.", "Two")
    assert [(start, end, line) for start, end, line, _ in opened.sentences] == [(0, 7, 11)]


def test_a_passage_above_the_tier_does_not_exist(shelf: Services, tmp_path: Path) -> None:
    tell(shelf, tmp_path / "notes", a=note(PIANO, tier="circle"))
    [ident] = live_ids(shelf, 3)
    assert shelf.library.passage(ident, 2) is None
    assert shelf.library.passage(ident, 3) is not None
    assert shelf.library.passage("nobody", 4) is None
