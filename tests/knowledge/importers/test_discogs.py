"""Exports of Discogs."""

from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import discogs
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Release

DATA = Path(__file__).parents[4] / "shared" / "data" / "formats" / "discogs"
HEADER = "Catalog#,Artist,Title,Label,Format,Rating,Released,release_id,CollectionFolder\n"


def document(text: str) -> ImportedDoc:
    file = Sniffed(text.encode(), PurePosixPath("collection.csv"))
    assert discogs.is_it(file)
    (only,) = discogs.read(file)
    return only


def releases(text: str) -> list[Release]:
    return [one for one in document(text).statements if isinstance(one, Release)]


def test_a_row_is_a_release() -> None:
    (release,) = releases(HEADER + 'KO 2,Ada (3),Low Tide,"Kontur, Human (2)","7"", EP",,1979,77,All\n')
    assert (release.catalogue_number, release.artist, release.label) == ("KO 2", "Ada", "Kontur, Human")
    assert (release.medium, release.kind, release.date, release.ref) == ('7", EP', "ep", "1979", "77")
    assert release.at.line == 2


@pytest.mark.parametrize(
    ("written", "read"), [("0", ""), ("0000", ""), ("", ""), ("1979", "1979"), ("1979-05-00", "1979-05")]
)
def test_a_year_of_nought_is_unknown(written: str, read: str) -> None:
    assert releases(HEADER + f"KO 2,Ada,Low Tide,Kontur,LP,,{written},77,All\n")[0].date == read


def test_a_name_with_a_year_in_brackets_stays() -> None:
    assert releases(HEADER + "KO 2,Ada (1979),Low Tide,Kontur,LP,,1979,77,All\n")[0].artist == "Ada (1979)"


def test_prices_are_not_taken_and_make_an_inventory_private() -> None:
    found = document(
        "listing_id,artist,title,label,catno,format,release_id,price\n9,Ada,Low Tide,Kontur,KO,LP,7,49.99\n"
    )
    assert found.private
    assert "49.99" not in str(found)
    assert not document(HEADER + "KO 2,Ada,Low Tide,Kontur,LP,,1979,77,All\n").private


def test_rows_without_a_title_are_named_and_a_file_of_nothing_else_is_refused() -> None:
    rows = "KO 2,Ada,,Kontur,LP,,1979,77,All\n"
    assert "line 2" in document(HEADER + rows + rows.replace("Ada,", "Ada,Low Tide")).left_out[-1]
    with pytest.raises(ImportRefused, match="has a title"):
        document(HEADER + rows)


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are not here")
def test_a_real_excerpt_is_read() -> None:
    found = document((DATA / "collection_excerpt.csv").read_text())
    releases_ = [one for one in found.statements if isinstance(one, Release)]
    assert len(releases_) == 5
    assert releases_[1].label == "021 Records, Human Records"
    assert releases_[2].medium == '12"'
    assert found.left_out[-1] == "2 rows with fewer cells than the header, read as far as they go: line 2, 5."
