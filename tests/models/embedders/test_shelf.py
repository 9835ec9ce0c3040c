"""A fast form on the shelf is believed only whole, here and with good figures."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.embedders.likeness import Likeness
from models.embedders.shelf import NoFastForm, Shelf
from models.embedders.weights import Weights

GOOD, BAD = Likeness(1.0, 1.0, 1.0), Likeness(0.97, 0.99, 0.8)
FILES = ("graph.xml", "graph.bin", "tokenizer.json")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    for name in FILES:
        (tmp_path / name).write_text(name)
    shelf = Shelf(tmp_path)
    shelf.write_sheet(384, {"bf16": GOOD})
    return shelf


def doctor(shelf: Shelf, **changed: Any) -> None:
    file = shelf.folder / "sheet.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))


def test_what_was_written_is_read(shelf: Shelf) -> None:
    sheet = shelf.sheet()
    assert sheet is not None
    assert (sheet.dimension, sheet.precision()) == (384, "bf16")


@pytest.mark.parametrize("name", [*FILES, "sheet.json"])
def test_a_file_that_is_cut_off_or_gone_makes_it_nothing(shelf: Shelf, name: str) -> None:
    (shelf.folder / name).write_text("g")
    assert shelf.sheet() is None
    (shelf.folder / name).unlink()
    assert shelf.sheet() is None


def test_another_processor_checks_anew(shelf: Shelf) -> None:
    doctor(shelf, processor="another")
    assert shelf.sheet() is None


def test_a_sheet_that_leaves_a_file_out_is_nothing(shelf: Shelf) -> None:
    doctor(shelf, files={})
    assert shelf.sheet() is None


@pytest.mark.parametrize("figures", [None, [], {"bf16": None}, {"bf16": {"accepted": True}}])
def test_a_sheet_without_figures_is_nothing(shelf: Shelf, figures: Any) -> None:
    doctor(shelf, figures=figures)
    assert shelf.sheet() is None


def test_the_fastest_precision_that_is_alike_is_taken(shelf: Shelf) -> None:
    shelf.write_sheet(384, {"bf16": BAD, "f32": GOOD})
    sheet = shelf.sheet()
    assert sheet is not None
    assert sheet.precision() == "f32"


def test_figures_that_are_not_good_enough_refuse_with_the_figures(shelf: Shelf) -> None:
    shelf.write_sheet(384, {"bf16": BAD})
    sheet = shelf.sheet()
    assert sheet is not None
    with pytest.raises(NoFastForm, match=r"differs too much \(bf16: lowest cosine 0\.97"):
        sheet.precision()


def test_the_folder_is_named_after_weights_and_version(tmp_path: Path) -> None:
    one, two = (Shelf.of(Weights("tiny", tmp_path, digit * 64), tmp_path).folder for digit in "12")
    assert one != two
    assert one.name.startswith("tiny-1111111111111111-openvino-2")
