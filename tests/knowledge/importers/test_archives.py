"""Zips."""

import random
import stat
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import archives
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats"
INDEX = """post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle,podcast_url
12.low-tide,2019-03-04T20:48:19.814Z,FALSE,,newsletter,only_paid,Low tide,,
"""


def packed(*members: tuple[str | zipfile.ZipInfo, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def read(data: bytes) -> list[ImportedDoc]:
    file = Sniffed(data, PurePosixPath("notes.zip"))
    assert archives.is_it(file)
    return list(archives.read(file))


def left_out(*members: tuple[str | zipfile.ZipInfo, bytes | str]) -> str:
    return " ".join(read(packed(("a.md", "Text."), *members))[0].left_out)


def test_every_member_is_read_by_its_own_format() -> None:
    documents = read(packed(("b/One.md", "# One\n\nText."), ("two.html", "<p>Text.</p>")))
    assert [(one.format, one.title, one.part) for one in documents] == [
        ("markdown", "One", "b/One.md"),
        ("html", "two", "two.html"),
    ]


def test_a_date_in_a_members_name_is_its_own() -> None:
    assert read(packed(("2019-03-04-leeds.md", "Text.")))[0].date == "2019-03-04"


def test_what_is_refused_is_named_with_its_reason() -> None:
    assert "b.txt: The file is empty." in left_out(("b.txt", " "))


def test_what_a_computer_put_in_is_skipped() -> None:
    assert left_out(("__MACOSX/._a.md", b"\x00"), (".DS_Store", b"\x00"), ("b/.git/x", "x"), ("Thumbs.db", b"x")) == ""


@pytest.mark.parametrize("name", ["../a.md", "/etc/a.md", "a/../../b.md", "C:\\a.md", "..\\a.md"])
def test_names_that_point_outside_are_not_followed(name: str) -> None:
    assert "points out" in left_out((name, "Text."))


def test_links_are_not_followed() -> None:
    link = zipfile.ZipInfo("b.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "A link" in left_out((link, "/etc/passwd"))


def test_an_archive_inside_is_not_opened() -> None:
    assert "An archive inside" in left_out(("b.md", packed(("c.md", "Text."))))


def test_a_locked_member_says_so() -> None:
    data = bytearray(packed(("a.md", "Text."), ("b.md", "Text.")))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert "locked with a password" in read(bytes(data))[0].left_out[0]


def test_a_member_that_unpacks_to_far_more_is_left_out() -> None:
    noise = ("noise.bin", random.Random(7).randbytes(60_000))
    assert "unpacks to far more" in left_out(("b.md", b"a" * 3_000_000), noise)


def test_a_zip_that_unpacks_to_far_more_is_refused() -> None:
    with pytest.raises(ImportRefused, match="far more than its size"):
        read(packed(("a.md", b"a" * 5_000_000)))


@pytest.mark.parametrize(("limit", "value"), [("ENTRIES_MAX", 1), ("UNPACKED_BYTES_MAX", 5)])
def test_limits_are_kept(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(archives, limit, value)
    with pytest.raises(ImportRefused, match=r"This zip (has|unpacks to) more than"):
        read(packed(("a.md", "Text."), ("b.md", "Text.")))


def test_what_takes_too_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "SECONDS_MAX", -1.0)
    with pytest.raises(ImportRefused, match=r"a\.md: Reading the archive took too long"):
        read(packed(("a.md", "Text.")))


def test_a_size_that_lies_harms_nobody() -> None:
    data = bytearray(packed(("a.md", "Text."), ("b.md", "Text. " * 9_000)))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (10).to_bytes(4, "little")
    assert "damaged" in read(bytes(data))[0].left_out[0]


def test_a_torn_member_costs_only_itself() -> None:
    data = bytearray(packed(("a.md", "Text."), ("b.md", "".join(f"Text {n}. " for n in range(900)))))
    at = data.index(b"b.md") + 4
    data[at : at + 40] = b"\xff" * 40
    assert "damaged inside" in read(bytes(data))[0].left_out[0]


def test_posts_of_substack_are_joined_with_their_index() -> None:
    members = (("posts/12.low-tide.html", "<p>Text.</p>"), ("posts.csv", INDEX), ("posts/13.other.html", "<p>Two.</p>"))
    first, second = read(packed(*members))
    assert (first.format, first.title, first.date, first.tier_name, first.draft) == (
        "substack",
        "Low tide",
        "2019-03-04",
        "supporter",
        True,
    )
    assert second.tier_name is None


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04", b"PK\x03\x04" + bytes(80), packed(("a.md", "Text."))[:60]],
    ids=["begun", "empty", "torn"],  # a zip bears the time: every process would name it otherwise
)
def test_a_broken_zip_is_refused(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="broken"):
        read(data)


def test_a_zip_of_nothing_is_refused() -> None:
    with pytest.raises(ImportRefused, match="Nothing in this zip"):
        read(packed())


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_documents_that_are_zips_are_told_apart() -> None:
    for name in ("test.docx", "test.epub"):
        assert not archives.is_it(Sniffed((SAMPLES / "documents" / name).read_bytes(), PurePosixPath(name)))
