"""PDFs to blocks that name their page."""

from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest
from pypdf import PdfReader, PdfWriter

from knowledge.errors import ImportRefused
from knowledge.importers import pdf
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "documents"
FULL = "The tide came in at nine, and Winnie wrote it down in her"


def pdf_of(*pages: list[str]) -> bytes:
    """A PDF with these lines on these pages, as a program would write it."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -14 Td\n" for line in lines)
        stream = f"BT /F1 12 Tf 50 750 Td\n{shown}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        resources = "<< /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /Resources {resources} /Contents {len(objects)} 0 R >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /MediaBox [0 0 612 792] /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = "%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    tail = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 {count}\n0000000000 65535 f \n{table}{tail}".encode()


def read(data: bytes, name: str = "press.pdf") -> ImportedDoc:
    file = Sniffed(data, PurePosixPath(name))
    assert pdf.is_it(file)
    [document] = pdf.read(file)
    return document


def locked(password: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf_of(["Text."]))))
    writer.encrypt(password, owner, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_every_block_names_its_page() -> None:
    document = read(pdf_of(["One."], ["Two."]))
    assert [(block.text, block.place) for block in document.blocks] == [("One.", "page 1"), ("Two.", "page 2")]


def test_a_word_cut_at_the_end_of_a_line_is_whole() -> None:
    [block] = read(pdf_of([f"{FULL} note-", f"book. {FULL} hand."])).blocks
    assert "notebook." in block.text


def test_a_hyphen_of_its_own_stays() -> None:
    [block] = read(pdf_of([f"{FULL} tide-", f"book. A tide-book is {FULL}"])).blocks
    assert "tide-book. A" in block.text


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [["The tide books", f"Text number {word}.", "Ada Marsh", f"Page {n}"] for n, word in enumerate("abcd")]
    text = [block.text for block in read(pdf_of(*pages)).blocks]
    assert text == [f"Text number {word}." for word in "abcd"]


def test_a_short_line_ends_a_paragraph() -> None:
    document = read(pdf_of([FULL, FULL, "book.", FULL, FULL]))
    assert [block.text.count("\n") for block in document.blocks] == [2, 1]


def test_a_section_has_its_heading() -> None:
    document = read(pdf_of(["1 Introduction", FULL, FULL]))
    assert [block.kind for block in document.blocks] == ["heading", "prose"]
    assert document.title == "1 Introduction"


def test_a_picture_says_so() -> None:
    with pytest.raises(ImportRefused, match="This PDF is a picture: there is no text in it"):
        read(pdf_of([]))


def test_a_page_without_text_is_named() -> None:
    assert read(pdf_of(["One."], [], ["Two."])).left_out == ("1 page without text: 2.",)


@pytest.mark.parametrize("data", [b"%PDF-", b"%PDF-1.4 ...", pdf_of(["Text."])[:120], b"%PDF-1.7\n" + bytes(999)])
def test_a_broken_one_is_refused(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="PDF is"):
        read(data)


def test_a_password_is_asked_for_by_nobody() -> None:
    with pytest.raises(ImportRefused, match="locked with a password"):
        read(locked("secret", "owner"))


def test_a_pdf_that_may_only_not_be_printed_is_read() -> None:
    assert read(locked("", "owner")).blocks[0].text == "Text."


def test_limits_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PAGES_MAX", 2)
    assert read(pdf_of(["A."], ["B."], ["C."])).left_out == ("Only the first 2 of 3 pages were read.",)
    monkeypatch.setattr(pdf, "LINES_MAX", 1)
    assert "lines were read, up to page 1." in read(pdf_of(["A."], ["B."])).left_out[0]


def test_an_invoice_is_private() -> None:
    assert read(pdf_of(["Invoice 12", "Net amount $250.00", "Amount due $300.00"])).private
    assert not read(pdf_of(["The fee was $50 that night."])).private


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_real_ones() -> None:
    paper = read((SAMPLES / "test.pdf").read_bytes())
    text = " ".join(block.text for block in paper.blocks)
    assert paper.blocks[0].text == "1 Introduction"
    assert "confirming its general" in text.replace("\n", " ")
    assert {block.place for block in paper.blocks} == {"page 1"}
    booking = read((SAMPLES / "movie-theater-booking-2024.pdf").read_bytes())
    assert booking.private
    with pytest.raises(ImportRefused, match="is a picture"):
        read((SAMPLES / "scan_only.pdf").read_bytes())
