"""Word documents."""

import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import docx
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed

SAMPLES = Path(__file__).parents[4] / "shared" / "data" / "formats" / "documents"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
Target="word/document.xml"/></Relationships>"""


def paragraph(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def word(body: str, *, doctype: str = "", title: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", TYPES)
        packed.writestr("_rels/.rels", RELATIONS)
        packed.writestr("word/document.xml", f"{doctype}<w:document {W}><w:body>{body}</w:body></w:document>")
        if title:
            packed.writestr("docProps/core.xml", f'<c xmlns:dc="urn:dc"><dc:title>{title}</dc:title></c>')
    return out.getvalue()


def read(data: bytes, name: str = "bio.docx") -> ImportedDoc:
    file = Sniffed(data, PurePosixPath(name))
    assert docx.is_it(file)
    [document] = docx.read(file)
    return document


def test_paragraphs_are_blocks_and_are_counted() -> None:
    document = read(word(paragraph("Low tide", "Heading1") + paragraph("") + paragraph("One.") + paragraph("Two.")))
    assert [(block.kind, block.text, block.place) for block in document.blocks] == [
        ("heading", "Low tide", "paragraph 1"),
        ("prose", "One.", "paragraph 2"),
        ("prose", "Two.", "paragraph 3"),
    ]


def test_the_title_is_the_writers_or_the_first_heading_or_the_files() -> None:
    assert read(word(paragraph("Text."), title="My life")).title == "My life"
    assert read(word(paragraph("Head", "Heading1") + paragraph("Text."), title="Microsoft Word - x")).title == "Head"
    assert read(word(paragraph("Text."))).title == "bio"


def test_a_document_without_text_is_refused() -> None:
    with pytest.raises(ImportRefused, match="no text"):
        read(word(paragraph("")))


def test_entities_are_refused() -> None:
    with pytest.raises(ImportRefused, match="entities"):
        read(word(paragraph("&x;"), doctype='<!DOCTYPE a [<!ENTITY x "y">]>'))


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "_PART_BYTES_MAX", 500)
    with pytest.raises(ImportRefused, match="unpacks"):
        read(word(paragraph("Text. " * 200)))


@pytest.mark.parametrize("broken", [b"<w:document", b"", b"\x00" * 50])
def test_a_broken_one_is_refused(broken: bytes) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", broken)
    with pytest.raises(ImportRefused, match=r"broken|no text"):
        read(out.getvalue())


def test_torn_zips_are_no_word_documents() -> None:
    assert not docx.is_it(Sniffed(word(paragraph("Text."))[:200], PurePosixPath("a.docx")))


def test_a_locked_or_old_one_says_so() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    with pytest.raises(ImportRefused, match="password"):
        read(old)
    with pytest.raises(ImportRefused, match="old Word file"):
        read(old, "bio.doc")


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are elsewhere")
def test_a_real_one_has_no_pictures_in_its_text() -> None:
    document = read((SAMPLES / "test.docx").read_bytes())
    text = "\n".join(block.text for block in document.blocks)
    assert 1_000 < len(text) < 8_000
    assert "base64" not in text
    assert "AutoGen is an open-source framework" in text
