"""What must never be quoted goes, and nothing else."""

import time
from pathlib import Path

import pytest

from knowledge.importers import read_file
from knowledge.importers.private import without_private

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to ada.marsh+press@low-tide.example.org, please.", "Write to [e-mail], please."),
        ("mailto:ada@example.org", "mailto:[e-mail]"),
        ("<jürgen@müller.de>", "<[e-mail]>"),
        ("ada (at) example [dot] org", "[e-mail]"),
        ("Booking: +44 (0)20 7946 0958.", "Booking: [phone]."),
        ("+49 30 901820", "[phone]"),
        ("+493012345678", "[phone]"),
        ("0049 30 1234567", "[phone]"),
        ("0161 496 0000", "[phone]"),
        ("030/1234567", "[phone]"),
        ("(0161) 496-0000", "[phone]"),
        ("07700 900123", "[phone]"),
        ("06 12 34 56 78", "[phone]"),
        ("(212) 555-0199", "[phone]"),
        ("1-800-555-0199", "[phone]"),
        ("Tel. 01614960000", "Tel. [phone]"),
        ("from 192.168.1.20, at night", "from [address], at night"),
        ("2001:db8::ff00:42:8329", "[address]"),
        ("::ffff:10.0.0.1", "[address]"),
        ("kept in /Users/ada/Music/Low.mp3.", "kept in [path]"),
        ("/Users/Ada Marsh/My Music/low.mp3 is it", "[path] is it"),
        ("/home/ada, /mnt/usb32gb/a", "[path], [path]"),
        (r"C:\Users\Ada Marsh\Music\low.mp3 is it", "[path] is it"),
        ("file://localhost/Users/ada/low.mp3", "[path]"),
        ("file:///C:/Users/ada/low.mp3", "[path]"),
    ],
)
def test_what_is_private_leaves_a_mark(text: str, left: str) -> None:
    assert without_private(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "2019-03-04 and 04.03.2019 and 4/3/19",
        "01.02.2019 - 05.02.2019",
        "from 01.02.2019 20.00 to 02.02.2019 06.00",
        "Phone 01.02.2019 20.30",
        "GB-AYE-01-00001, GBAYE0100001, US-S1Z-99-00001",
        "T-034.524.680-1",
        "barcode 0 602547 288233, 0602547288233, 5 060236 630001, 5060236630001",
        "ISBN 978-3-16-148410-0 and 0-306-40615-2",
        "ISNI 0000 0001 2150 090X",
        "IPI 00258345678",
        "0:12:30, 00:12:30.500, 23:00 - 06:00",
        "doors 0330 0445 0600",
        "01 02 03 04 05",
        "128 BPM, 174.50 BPM, $12,500.00, £1 250 300, 0.99",
        "The 1977-05-08 show, in 1969 1970 1971 1972",
        "TIDE 001, CAT-0123-4567, LC 0193",
        "250 300 4000",
        "version 10.0.19045.1 and v1.2.3.4",
        "section 4.2.1.3",
        "std::cout, a::b, 12:30:45",
        "https://low-tide.example.org/home/music/0161-496-0000",
        "https://medium.com/@ada and @ada",
        "and/or, he/she, /home and away, 24/7",
        "either C: or D:",
        "https://open.spotify.com/track/6NPVjNh8Jhru9xOmyQigds?si=0123456789",
        "b10a8db1-64e0-4a5f-8b1f-012345678901",
        "+1, +2 dB, +10 %, plus 3",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert without_private(text) == text


def test_no_line_is_lost() -> None:
    text = "Tel.\n0161 4960000\n/Users/ada/a\n/Users/ada/b\nada@example.org\n\n+49 30\n901820\nC:\\a\\\nb\n"
    assert without_private(text).count("\n") == text.count("\n")


def test_a_file_is_read_without_them() -> None:
    [document] = read_file(b"# Ring 0161 496 0000\n\nWrite to ada@example.org.\n", "a.md")
    assert document.title == "Ring [phone]"
    assert document.blocks[-1].text == "Write to [e-mail]."


@pytest.mark.parametrize(
    "unit",
    ["The tide came in at nine, and Winnie wrote it down. ", "0 1 2 3 ", "0161-", "a.b.", "1.2.", "a:b:", "/home/a b ",
     "C:\\a b ", "x@", "@", "a (at) b ", "::", "+1 (2) "],
)  # fmt: skip
@pytest.mark.parametrize("megabytes", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_megabytes_are_seen_through_in_a_moment(unit: str, megabytes: int) -> None:
    text = unit * (megabytes * 1_000_000 // len(unit))
    begun = time.thread_time()
    without_private(text)
    assert time.thread_time() - begun < 1.5 * megabytes


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are elsewhere")
@pytest.mark.parametrize("folder", ["beethoven-letters-v1", "artist-site"])
def test_prose_is_left_as_it_is(folder: str) -> None:
    files = [file for ending in ("txt", "md") for file in (DATA / folder).rglob(f"*.{ending}") if file.is_file()]
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace").partition("*** END OF TH")[0]
        lines = zip(text.split("\n"), without_private(text).split("\n"), strict=True)
        changed = [before for before, after in lines if before != after]
        assert all(any(sign in line for sign in ("@", "/mnt/", "/home/", "/Users/")) for line in changed), changed
        if folder.startswith("beethoven"):
            assert not changed
