"""Broken, lying and malicious files in one folder: each gets a sentence, the others are taken in, and nothing leaks."""

import os
import stat
import threading
import zipfile
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath
from random import Random

import psutil
import pytest
from sqlalchemy import text

from knowledge import ImportReport
from knowledge.parsing import PARSE_MEMORY_BYTES_MAX, Parser
from presence.bootstrap import Services
from tests.knowledge.importers.examples import examples, zipped
from tests.knowledge.importers.mutations import joined, mutated, reencoded, renamed, truncated
from tests.knowledge.importers.test_docx import paragraph, word
from tests.knowledge.importers.test_pdf import pdf_of
from tests.nodes import take_in

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "formats"
CANARY = "Heronshaw was never to be read by anybody."
GOOD = "The good note says that the piano was green."
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
MUTATED = tuple((name, data) for _, name, data in examples())


def outside(path: Path) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{path}"><!ENTITY % p SYSTEM "file://{path}">%p;]>'
    )


def rss(said: str) -> str:
    return f"<rss><channel><item><title>A</title><description>{said}</description></item></channel></rss>"


def linked(target: str) -> bytes:
    link = zipfile.ZipInfo("b.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.md", "The tide came in.")
        packed.writestr(link, target)
    return out.getvalue()


def hostile(canary: Path) -> dict[str, bytes | str]:
    """Files by name; the sentence of each holds the word in `SAID`."""
    inner = zipped(("c.md", "The tide went out."))
    return {
        "bomb.zip": zipped(("a.md", b"a" * 20_000_000)),
        "nested.zip": zipped(("inner.zip", zipped(("inner.zip", zipped(("inner.zip", inner)))))),
        "outside.zip": zipped(
            ("../../../evil.md", "x"), ("/etc/evil.md", "x"), ("C:\\evil.md", "x"), ("a.md", "The tide.")
        ),
        "linked.zip": linked(str(canary)),
        "many.zip": zipped(*[(f"{n}.md", "x") for n in range(10_001)]),
        "laughs.xml": BOMB + rss("&l9;"),
        "laughs.nml": BOMB + "<NML><COLLECTION><ENTRY TITLE='&l9;'/></COLLECTION></NML>",
        "laughs.xspf": BOMB + "<playlist><trackList><track><title>&l9;</title></track></trackList></playlist>",
        "laughs.docx": word(paragraph("&l9;"), doctype=BOMB.partition("?>")[2]),
        "entity.xml": outside(canary) + rss("&e;"),
        "entity.xspf": outside(canary)
        + "<playlist><trackList><track><title>&e;</title></track></trackList></playlist>",
        "scan.pdf": pdf_of([], []),
        "packed.pdf": _packed_pdf(200_000),
        "empty.md": "",
        "spaces.csv": " \n\t \r\n",
        "deep.html": "<div>" * 5_000 + "The tide.",
        "deep.json": '{"posts": ' + "[" * 20_000,
        "unfolds.md": "---\na: &a [x, x]\n"
        + "".join(
            f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\n"
            for before, one in zip("abcdefg", "bcdefgh", strict=True)
        )
        + "---\nThe tide came in.\n",
        "LICENSE": "All rights.",
        "good.md": GOOD,
    }


def _packed_pdf(size: int) -> bytes:
    """A page whose content unpacks to far more than it is."""
    packed = zlib.compress(b"BT /F1 12 Tf (a) Tj " * (size // 20), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream"
    whole = pdf_of(["Text."])
    start = whole.index(b"<< /Length")
    end = whole.index(b"endstream", start) + len(b"endstream")
    return whole[:start] + stream + whole[end:]


# What has to be said of whom; a file that is not here is read.
SAID = {
    "bomb.zip": "far more than its size",
    "nested.zip": "archive inside",
    "outside.zip": "points out",
    "linked.zip": "A link",
    "many.zip": "10,000 files",
    "laughs.xml": "entities",
    "laughs.nml": "entities",
    "laughs.xspf": "entities",
    "laughs.docx": "entities",
    "entity.xml": "entities",
    "entity.xspf": "entities",
    "scan.pdf": "picture",
    "empty.md": "empty",
    "spaces.csv": "empty",
    "deep.html": "nested",
    "deep.json": "JSON",
    "unfolds.md": "nested too deeply",
    "LICENSE": "licence",
    "large.txt": "63 MB",
    os.fsdecode(b"odd \xff\xfe\n\xe9.bin"): ".bin files",
}


def write(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def assert_all_is_well(services: Services, report: ImportReport, folder: Path) -> None:
    """Every file has an end and a sentence where it needs one; what was refused is nowhere."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(report.files) == len(files)
    for result in report.files:
        told = " ".join(result.remarks)
        assert result.status in ("ok", "unchanged", "partial", "refused"), result
        assert result.status not in ("partial", "refused") or told.rstrip().endswith((".", "!", "”")), result
        assert "failed on it" not in told, result  # an exception that no reader meant
    with services.database.reader(4) as reader:
        shown = set(reader.execute(text("SELECT file_name FROM documents")).scalars())
    assert not shown & {result.name for result in report.files if result.status == "refused"}
    # Entries that name nights of no table are told of, and are no disagreement of the indexes.
    assert [one for one in services.library.check() if "nights that no table" not in one.sentence] == []
    assert GOOD in set(_passages(services))


def _passages(services: Services) -> list[str]:
    with services.database.reader(4) as reader:
        return list(reader.execute(text("SELECT text FROM passages")).scalars())


def test_every_one_of_them_gets_its_sentence_and_the_good_one_is_taken_in(both: Services, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(CANARY)
    folder = write(tmp_path / "hostile", hostile(tmp_path / "secret.txt"))
    (folder / os.fsdecode(b"odd \xff\xfe\n\xe9.bin")).write_bytes(bytes(range(256)))
    (folder / os.fsdecode(b"odd \xff\n\xe9.md")).write_text("The tide came in at nine.")
    (folder / "loop").symlink_to(folder)
    (folder / "secret.md").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(folder / "pipe.md")
    with (folder / "large.txt").open("wb") as large:
        large.truncate(60 * 1024**2)
    report = take_in(both, folder)
    assert_all_is_well(both, report, folder)
    told = {result.name: " ".join(result.remarks) for result in report.files}
    said = {name.encode("utf-8", "backslashreplace").decode(): word for name, word in SAID.items()}
    assert {name: told[name] for name, word in said.items() if word not in told[name]} == {}
    assert not any("Heronshaw" in passage for passage in _passages(both))
    assert "The tide came in at nine." in _passages(both)
    assert not (tmp_path.parent / "evil.md").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every file is open")
def test_a_file_that_may_not_be_read_is_refused(node: Services, tmp_path: Path) -> None:
    folder = write(tmp_path / "notes", {"a.md": "Text.", "good.md": GOOD})
    (folder / "a.md").chmod(0)
    report = take_in(node, folder)
    assert_all_is_well(node, report, folder)
    assert "could not be opened" in report.files[0].remarks[0]


def test_a_file_that_goes_while_it_is_taken_in_is_refused(
    node: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For whom root is no other: opening fails here, whoever asks."""
    folder = write(tmp_path / "notes", {"a.md": "Text.", "good.md": GOOD})
    whole = Path.open

    def opened(path: Path, *arguments: str, **named: str) -> object:
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied")
        return whole(path, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", opened)
    report = take_in(node, folder)
    assert_all_is_well(node, report, folder)
    assert report.files[0].remarks == ("The file could not be opened (Permission denied).",)


def broken_hundred(folder: Path, files: tuple[tuple[str, bytes], ...], how_many: int = 100) -> Path:
    """Write files that were torn, flipped, renamed, saved in other encodings and joined."""
    ways = (truncated, reencoded, renamed, joined)
    for number in range(how_many):
        chance = Random(f"hostile {number}")
        one, other = chance.choice(files), chance.choice(files)
        name, data = ways[number % 8](chance, one, other) if number % 8 < 4 else mutated(f"hostile {number}", files)
        write(folder, {f"{number:03d} {PurePosixPath(name).name}": data})
    return write(folder, {"good.md": GOOD})


def test_a_hundred_broken_files_cost_nobody_else_anything(both: Services, tmp_path: Path) -> None:
    folder = broken_hundred(tmp_path / "broken", MUTATED)
    report = take_in(both, folder)
    assert_all_is_well(both, report, folder)
    assert report.count("refused") < 80
    assert report.count("ok") + report.count("partial") > 20
    again = take_in(both, folder)
    assert again.count("refused") == report.count("refused")
    assert again.count("unchanged") == len(again.files) - again.count("refused")


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_five_hundred_broken_samples_cost_nobody_else_anything(both: Services, tmp_path: Path) -> None:
    samples = tuple((path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("*/*")))
    folder = broken_hundred(tmp_path / "broken", samples, 500)
    assert_all_is_well(both, take_in(both, folder), folder)


@pytest.mark.slow
def test_the_parsers_process_stays_within_its_memory(node: Services, tmp_path: Path) -> None:
    """What unpacks, and the largest files that are let in: the child is watched while it reads them."""
    prose = "The tide came in at nine, and Winnie wrote it down.\nThen it went out again.\n\n"
    folder = write(
        tmp_path / "large",
        {
            "book.txt": prose * (4_000_000 // len(prose)),
            "bomb.zip": zipped(("a.md", b"a" * 200_000_000)),
            "bomb.docx": word(paragraph("a" * 39_000_000)),
            "bomb.pdf": _packed_pdf(10_000_000),
            "wide.csv": "show_id,song\n" + "1,Harbour\n" * 150_000,
            "flat.json": '{"posts": [' + ",".join(['{"title": "x"}'] * 200_000) + "]}",
            "good.md": GOOD,
        },
    )
    peaks = list[int]()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            for child in psutil.Process().children():
                try:
                    if "knowledge.importers.child" in child.cmdline():
                        peaks.append(child.memory_info().rss)
                except psutil.Error:
                    continue

    watching = threading.Thread(target=watch)
    watching.start()
    report = take_in(node, folder)
    done.set()
    watching.join()
    assert_all_is_well(node, report, folder)
    assert 0 < max(peaks) < PARSE_MEMORY_BYTES_MAX


def test_the_limit_on_memory_is_set_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("The tide came in.")
    with Parser() as parser:
        parser.read(tmp_path / "a.md", "a.md")
        assert parser._child is not None
        limit = psutil.Process(parser._child.pid).rlimit(psutil.RLIMIT_AS)
    assert limit == (PARSE_MEMORY_BYTES_MAX, PARSE_MEMORY_BYTES_MAX)
