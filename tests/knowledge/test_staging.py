"""An import is looked at before it is taken in: seen by nobody meanwhile, and taken whole or not at all."""

from pathlib import Path

import pytest

from knowledge import staging
from knowledge.contracts import TIERS
from knowledge.errors import NothingToImport, PreviewGone, PreviewOutdated
from knowledge.imported import ImportRequest, Preview
from knowledge.memory import MemoryIndex
from presence.bootstrap import Services
from tests.knowledge.notes import note, quotes, tell, texts
from tests.nodes import open_node, write_notes

PIANO = "I wrote Pilot Ladder on a rented piano."
FERRY = "We played on the upper deck."


def previewed(services: Services, folder: Path, **notes: str) -> Preview:
    path = write_notes(folder, {f"{name}.md": content for name, content in notes.items()})
    return services.library.stage_path(
        ImportRequest(path, artist=services.settings.artist_name, tier=0), lambda _step: None
    )


def test_what_waits_is_seen_by_nobody_until_it_is_confirmed(
    shelf: Services, index: MemoryIndex, tmp_path: Path
) -> None:
    preview = previewed(shelf, tmp_path / "notes", a=note(PIANO))
    assert (preview.count("ok"), preview.passages, preview.replaced) == (1, 1, 0)
    assert texts(shelf, 4) == []
    assert not any(index.ids(tier) for tier in TIERS)
    report = shelf.library.publish_staged(preview.import_id)
    assert (report.count("ok"), report.import_id) == (1, preview.import_id)
    assert quotes(shelf, "Where did you write Pilot Ladder?") == [PIANO]
    assert shelf.library.check() == []


def test_what_is_discarded_leaves_nothing(shelf: Services, tmp_path: Path) -> None:
    preview = previewed(shelf, tmp_path / "notes", a=note(PIANO))
    shelf.library.discard_staged(preview.import_id)
    assert shelf.library.check() == []
    with pytest.raises(PreviewGone):
        shelf.library.publish_staged(preview.import_id)
    with pytest.raises(PreviewGone):
        shelf.library.discard_staged(preview.import_id)
    assert texts(shelf, 4) == []


def test_a_preview_says_how_many_notes_it_would_replace(small_shelf: Services, tmp_path: Path) -> None:
    tell(small_shelf, tmp_path / "notes", a=note(PIANO), b=note(FERRY))
    preview = previewed(small_shelf, tmp_path / "notes", a=note("I wrote it on an organ."), b=note(FERRY))
    assert (preview.count("ok"), preview.count("unchanged"), preview.replaced) == (1, 1, 1)
    assert texts(small_shelf, 4) == [PIANO, FERRY]
    assert small_shelf.library.publish_staged(preview.import_id).replaced == 1


def test_the_doctor_does_not_mind_an_import_that_waits(small_shelf: Services, tmp_path: Path) -> None:
    previewed(small_shelf, tmp_path / "notes", a=note(PIANO))
    assert small_shelf.library.check() == []


def test_a_preview_of_notes_that_changed_meanwhile_is_refused(shelf: Services, tmp_path: Path) -> None:
    preview = previewed(shelf, tmp_path / "notes", a=note(PIANO))
    tell(shelf, tmp_path / "others", b=note(FERRY))
    with pytest.raises(PreviewOutdated):
        shelf.library.publish_staged(preview.import_id)
    assert texts(shelf, 4) == [FERRY]
    assert shelf.library.check() == []


def test_what_waits_does_not_outlive_the_node(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services:
        preview = previewed(services, tmp_path / "notes", a=note(PIANO))
    with open_node(tmp_path / "home") as services:
        with pytest.raises(PreviewGone):
            services.library.publish_staged(preview.import_id)
        assert services.library.check() == []


def test_what_waits_for_too_long_is_thrown_away_by_the_next(
    small_shelf: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = previewed(small_shelf, tmp_path / "notes", a=note(PIANO))
    monkeypatch.setattr(staging, "WAIT_SECONDS_MAX", -1)
    previewed(small_shelf, tmp_path / "notes", a=note(PIANO))
    with pytest.raises(PreviewGone):
        small_shelf.library.publish_staged(old.import_id)


def test_nothing_to_import_leaves_nothing_to_wait_for(small_shelf: Services, tmp_path: Path) -> None:
    with pytest.raises(NothingToImport):
        small_shelf.library.stage_path(ImportRequest(tmp_path / "nowhere", artist="Ada"), lambda _step: None)
    assert small_shelf.library.check() == []


def test_a_table_says_what_its_columns_were_taken_for(small_shelf: Services, tmp_path: Path) -> None:
    folder = write_notes(tmp_path / "notes", {"shows.csv": "date,venue,city\n1977-05-08,Barton Hall,Ithaca\n"})
    preview = small_shelf.library.stage_path(ImportRequest(folder, artist="Ada", tier=0), lambda _step: None)
    assert "Columns: date → date, venue → venue, city → city." in preview.files[0].remarks
    assert (preview.files[0].status, preview.statements) == ("ok", 1)
