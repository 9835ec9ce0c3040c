"""What becomes of each file of an import."""

import os
from pathlib import Path

import pytest

from knowledge.errors import NothingToImport, TooManyFiles
from knowledge.found_files import found_files
from knowledge.imported import ImportRequest, Step
from knowledge.ingest import FILES_MAX
from knowledge.passages import Cut
from knowledge.searched import searched_text, spoken_date
from presence.bootstrap import Services
from tests.knowledge.notes import note, texts
from tests.nodes import take_in, write_notes

PIANO = "I wrote Pilot Ladder on a rented piano."
BOOK = """The Project Gutenberg eBook of Tides

Title: Tides

*** START OF THE PROJECT GUTENBERG EBOOK TIDES ***

The tide came in at nine.

*** END OF THE PROJECT GUTENBERG EBOOK TIDES ***
The licence.
"""


def names(folder: Path) -> list[str]:
    return [name for _, name in found_files(folder)]


def test_the_report_says_what_became_of_each_file(shelf: Services, tmp_path: Path) -> None:
    folder = write_notes(
        tmp_path / "notes",
        {
            "a.md": note(PIANO),
            "book.txt": BOOK,
            "empty.md": "",
            "picture.png": "x",
            "headings.md": "# Only\n\n## Heads\n",
        },
    )
    report = take_in(shelf, folder)
    assert {file.name: file.status for file in report.files} == {
        "a.md": "ok",
        "book.txt": "partial",
        "empty.md": "refused",
        "picture.png": "refused",
        "headings.md": "refused",
    }
    assert (report.count("ok"), report.count("partial"), report.count("refused"), report.passages) == (1, 1, 3, 2)
    assert all(file.remarks for file in report.files if file.status != "ok")
    assert texts(shelf, 0) == [PIANO, "The tide came in at nine."]


def test_what_says_nothing_keeps_the_tier_that_it_had(shelf: Services, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": PIANO, "b.md": "The tide came in at nine."})
    take_in(shelf, folder, tier=1)
    write_notes(folder, {"b.md": "The tide came in at ten.", "new.md": "Nobody knows this yet."})
    files = {file.name: file for file in take_in(shelf, folder, tier=None).files}
    assert {name: (file.status, file.tier) for name, file in files.items()} == {
        "a.md": ("unchanged", 1),
        "b.md": ("ok", 1),
        "new.md": ("ok", 4),
    }
    assert "keeps the tier that it had" in files["b.md"].remarks[0]
    assert texts(shelf, 1) == [PIANO, "The tide came in at ten."]
    write_notes(folder, {"b.md": "---\ndraft: true\n---\nThe tide came in at ten.", "a.md": note(PIANO, tier="circle")})
    take_in(shelf, folder, tier=None)
    assert texts(shelf, 2) == []
    take_in(shelf, write_notes(tmp_path / "elsewhere", {"a.md": PIANO}), tier=None)
    assert texts(shelf, 2) == []


def test_an_import_of_refused_files_alone_changes_nothing(shelf: Services, tmp_path: Path) -> None:
    report = take_in(shelf, write_notes(tmp_path / "notes", {"empty.md": ""}))
    assert (report.count("refused"), report.passages) == (1, 0)
    assert shelf.library.check() == []


def test_a_tier_that_is_chosen_for_safety_says_why(small_shelf: Services, tmp_path: Path) -> None:
    [file] = take_in(small_shelf, write_notes(tmp_path / "notes", {"a.md": note(PIANO, tier="everybody")})).files
    assert (file.tier, file.status) == (4, "ok")
    assert "everybody" in file.remarks[0]


def test_a_note_whose_head_cannot_be_read_is_kept_for_the_inner_tier(small_shelf: Services, tmp_path: Path) -> None:
    """It may have asked for a tier: whatever is in doubt is for the innermost."""
    broken = f"---\ntitle: [A note\ntier: inner\n---\n{PIANO}\n"
    [file] = take_in(small_shelf, write_notes(tmp_path / "notes", {"a.md": broken}), tier=0).files
    assert (file.status, file.tier) == ("partial", 4)
    assert texts(small_shelf, 3) == []


@pytest.mark.parametrize("head", ["tier: [inner]", "tier: {name: inner}", "Tier: inner", "TIER: inner"])
def test_a_tier_written_in_an_odd_way_is_never_public(small_shelf: Services, tmp_path: Path, head: str) -> None:
    content = f"---\ntitle: A note\n{head}\n---\n{PIANO}\n"
    [file] = take_in(small_shelf, write_notes(tmp_path / "notes", {"a.md": content}), tier=0).files
    assert file.tier == 4


@pytest.mark.parametrize("head", ["published: no", "publish: off", "draft: on", "Draft: true"])
def test_every_way_of_saying_unpublished_is_a_draft(small_shelf: Services, tmp_path: Path, head: str) -> None:
    content = f"---\ntitle: A note\n{head}\n---\n{PIANO}\n"
    [file] = take_in(small_shelf, write_notes(tmp_path / "notes", {"a.md": content}), tier=0).files
    assert file.tier == 4


def test_a_file_over_the_size_limit_is_refused_with_both_numbers(small_shelf: Services, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO), "long.md": "A sentence. " * 200_000})
    request = ImportRequest(folder, artist="Ada", tier=0, file_bytes_max=1_000_000)
    report = small_shelf.library.import_path(request, lambda _: None)
    assert report.count("refused") == 1
    assert "2 MB" in report.files[1].remarks[0]
    assert "1 MB" in report.files[1].remarks[0]
    assert texts(small_shelf, 0) == [PIANO]


def test_a_name_that_is_no_text_costs_nobody_else_the_import(shelf: Services, tmp_path: Path) -> None:
    """An old disk has file names in Latin-1."""
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO)})
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("The café was closed.")
    take_in(shelf, folder)
    assert PIANO in texts(shelf, 0)


def test_half_a_letter_in_a_title_costs_nobody_else_the_import(shelf: Services, tmp_path: Path) -> None:
    odd = '---\ntitle: "half \\ud800"\ntier: public\n---\nIt stands alone.\n'
    take_in(shelf, write_notes(tmp_path / "notes", {"a.md": note(PIANO), "odd.md": odd}))
    assert PIANO in texts(shelf, 0)


def test_a_zero_in_a_text_costs_nobody_else_the_import(shelf: Services, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note(PIANO)})
    (folder / "zero.txt").write_bytes("The tide\x00 came in at nine.".encode("utf-16"))
    (folder / "late.txt").write_bytes(b"The tide came in at nine. " * 4_000 + b"\x00 And out.")
    (folder / "title.md").write_text('---\ntitle: "a\\0b"\ntier: public\n---\nIt stands alone.\n')
    take_in(shelf, folder)
    assert PIANO in texts(shelf, 0)


def test_words_are_the_artists_unless_the_import_or_the_file_says_otherwise(
    small_shelf: Services, tmp_path: Path
) -> None:
    take_in(small_shelf, write_notes(tmp_path / "one", {"a.md": note("One.")}))
    take_in(small_shelf, write_notes(tmp_path / "two", {"b.md": note("Two.")}), speaker="Winifred Marsh")
    own = note("Three.", head="speaker: Zeno Obuya\n")
    take_in(small_shelf, write_notes(tmp_path / "three", {"c.md": own}), speaker="Winifred Marsh")
    with small_shelf.database.reader(0) as reader:
        rows = list(reader.exec_driver_sql("SELECT text, speaker FROM passages ORDER BY number"))
    assert rows == [("One.", "Ada Marsh"), ("Two.", "Winifred Marsh"), ("Three.", "Zeno Obuya")]


def test_progress_comes_to_the_last_file(small_shelf: Services, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": note("Word. " * 700), "b.md": note(PIANO)})
    steps: list[Step] = []
    small_shelf.library.import_path(ImportRequest(folder, artist="Ada", tier=0), steps.append)
    assert [(step.name, step.files_done, step.files) for step in steps if step.result] == [
        ("a.md", 1, 2),
        ("b.md", 2, 2),
    ]
    embedding = [step.passages_done for step in steps if step.name == "a.md" and not step.result]
    assert embedding == sorted(embedding)
    assert embedding[-1] == steps[0].passages > 1


def test_a_single_file_is_called_by_its_name(tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"deep/a.md": "A."})
    assert names(folder / "deep" / "a.md") == ["a.md"]


def test_files_of_a_folder_are_called_by_their_place_in_it(tmp_path: Path) -> None:
    assert names(write_notes(tmp_path / "notes", {"b.md": "B.", "deep/er/a.md": "A."})) == ["b.md", "deep/er/a.md"]


def test_hidden_files_and_folders_are_not_read(tmp_path: Path) -> None:
    folder = write_notes(
        tmp_path / "notes", {"a.md": "A.", ".secret.md": "S.", ".git/config.md": "C.", "b/.c/d.md": "D."}
    )
    assert names(folder) == ["a.md"]


def test_a_folder_below_a_hidden_one_can_be_imported(tmp_path: Path) -> None:
    assert names(write_notes(tmp_path / ".vault" / "notes", {"a.md": "A."})) == ["a.md"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = write_notes(tmp_path / "outside", {"secret.md": "S."})
    folder = write_notes(tmp_path / "notes", {"a.md": "A."})
    (folder / "file.md").symlink_to(outside / "secret.md")
    (folder / "folder").symlink_to(outside)
    (folder / "circle").symlink_to(folder)
    (folder / "dangling.md").symlink_to(tmp_path / "nowhere")
    assert names(folder) == ["a.md"]


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"a.md": "A."})
    os.mkfifo(folder / "pipe.md")
    assert names(folder) == ["a.md"]


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_nothing_to_import_is_said(small_shelf: Services, tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToImport, match=path):
        take_in(small_shelf, tmp_path / path)


def test_a_folder_with_too_many_files_is_refused_before_any_is_read(small_shelf: Services, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(FILES_MAX + 1):
        (folder / f"{number}.md").touch()
    with pytest.raises(TooManyFiles) as refusal:
        take_in(small_shelf, folder)
    assert refusal.value.files_max == FILES_MAX
    assert small_shelf.library.check() == []


def test_a_search_reads_title_heading_and_date_above_the_text() -> None:
    piece = Cut(0, "Two keys were dead.", "The piano", "Ada", ())
    read = searched_text("Leeds", "2019-07-04", piece)
    assert read == "Leeds · The piano · 2019-07-04, 4 July 2019\nTwo keys were dead."


def test_a_search_reads_no_empty_places() -> None:
    assert searched_text("Leeds", "", Cut(0, "Text.", "", "Ada", ())) == "Leeds\nText."


@pytest.mark.parametrize(
    ("date", "spoken"),
    [
        ("2019-07-14", "2019-07-14, 14 July 2019"),
        ("2019-07-04", "2019-07-04, 4 July 2019"),
        ("2019-07", "2019-07, July 2019"),
        ("2019", "2019"),
        ("2019-13-45", "2019-13-45"),
        ("", ""),
    ],
)
def test_a_date_is_written_as_people_ask_for_it(date: str, spoken: str) -> None:
    assert spoken_date(date) == spoken
