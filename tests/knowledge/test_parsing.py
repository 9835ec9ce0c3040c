"""The process in which files are parsed: what it may cost, and that the next file still works."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from knowledge.errors import ImportRefused
from knowledge.parsing import Parser
from tests.parsers import KeptParser


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.md"
    path.write_text("# Leeds\n\nI wrote it on a rented piano.\n")
    return path


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A file that nobody ever finishes reading."""
    path = tmp_path / "pipe.md"
    os.mkfifo(path)
    return path


@pytest.fixture(autouse=True)
def _no_other(kept_parser: KeptParser) -> None:
    """The parser that other tests share is none of these; it starts again when it is needed."""
    kept_parser.close()


@pytest.fixture
def parser() -> Iterator[Parser]:
    with Parser() as opened:
        yield opened


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "knowledge.importers.child" in child.cmdline()]


def test_a_file_is_parsed_in_another_process(parser: Parser, good: Path) -> None:
    assert parser.read(good, "good.md")[0].title == "Leeds"
    assert len(children()) == 1


def test_one_process_serves_many_files(parser: Parser, good: Path) -> None:
    parser.read(good, "good.md")
    [first] = children()
    parser.read(good, "again.md")
    assert children() == [first]


def test_a_refusal_comes_back_with_its_reason(parser: Parser, tmp_path: Path) -> None:
    (tmp_path / "empty.md").touch()
    with pytest.raises(ImportRefused, match="empty"):
        parser.read(tmp_path / "empty.md", "empty.md")


def test_a_file_that_is_gone_is_refused(parser: Parser, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="could not be opened"):
        parser.read(tmp_path / "gone.md", "gone.md")


def test_a_name_with_a_line_break_is_one_request(parser: Parser, good: Path, tmp_path: Path) -> None:
    odd = tmp_path / "two\nlines “ü”.md"
    odd.write_text("Text.")
    assert parser.read(odd, odd.name)[0].blocks[0].text == "Text."
    assert parser.read(good, "good.md")[0].title == "Leeds"


def test_a_file_that_takes_too_long_is_refused_and_the_next_works(good: Path, pipe: Path) -> None:
    with Parser() as parser:
        parser.read(good, "good.md")
        parser._seconds_max = 0.2  # only now: to start may take longer
        with pytest.raises(ImportRefused, match=r"longer than 0\.2 seconds"):
            parser.read(pipe, "pipe.md")
        parser._seconds_max = 60
        assert parser.read(good, "good.md")[0].title == "Leeds"


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_works(good: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"A sentence of a note. " * 5_000_000)
    with Parser(memory_bytes_max=150 * 1024**2) as parser:
        parser.read(good, "good.md")
        with pytest.raises(ImportRefused, match=r"memory|failed"):
            parser.read(large, "large.txt")
        assert parser.read(good, "good.md")[0].title == "Leeds"


def test_a_process_that_is_killed_is_a_refusal_and_is_started_again(parser: Parser, good: Path, pipe: Path) -> None:
    parser.read(good, "good.md")
    [child] = children()

    def kill_it_soon() -> None:
        time.sleep(0.2)
        child.kill()

    threading.Thread(target=kill_it_soon).start()
    with pytest.raises(ImportRefused, match="failed"):
        parser.read(pipe, "pipe.md")
    assert parser.read(good, "good.md")[0].title == "Leeds"
    assert children() != [child]


def test_a_process_that_died_between_two_files_is_started_again(parser: Parser, good: Path) -> None:
    parser.read(good, "good.md")
    [child] = children()
    child.kill()
    child.wait()
    assert parser.read(good, "good.md")[0].title == "Leeds"


def test_a_deeply_nested_file_is_refused_and_the_next_works(parser: Parser, good: Path, tmp_path: Path) -> None:
    deep = tmp_path / "deep.html"
    deep.write_text("<div>" * 20_000 + "Text.")
    with pytest.raises(ImportRefused, match=r"nested|failed"):
        parser.read(deep, "deep.html")
    assert parser.read(good, "good.md")[0].title == "Leeds"


def test_closing_ends_the_process(good: Path) -> None:
    with Parser() as parser:
        parser.read(good, "good.md")
        [child] = children()
    assert not child.is_running()
    parser.close()


def test_a_parser_that_read_nothing_started_nothing() -> None:
    with Parser():
        assert children() == []


def test_threads_take_turns(parser: Parser, tmp_path: Path) -> None:
    read: list[str] = []

    def read_one(number: int) -> None:
        path = tmp_path / f"{number}.md"
        path.write_text(f"Sentence {number}.")
        read.append(parser.read(path, path.name)[0].blocks[0].text)

    threads = [threading.Thread(target=read_one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == [f"Sentence {number}." for number in range(8)]


def test_the_folder_one_stands_in_is_not_searched_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = tmp_path / "knowledge" / "importers"
    planted.mkdir(parents=True)
    for file in (tmp_path / "knowledge" / "__init__.py", planted / "__init__.py", planted / "child.py"):
        file.write_text("raise SystemExit('planted')\n")
    (tmp_path / "note.md").write_text("The piano was green.\n")
    monkeypatch.chdir(tmp_path)
    with Parser() as parser:
        assert parser.read(tmp_path / "note.md", "note.md")[0].blocks[0].text == "The piano was green."
