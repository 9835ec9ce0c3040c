"""Embedders are opened by a setting; what goes wrong with the fast form costs speed and nothing else."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.embedders import fast
from models.embedders.brought import pack, unpack
from models.embedders.fast import FastForm
from models.embedders.hashed import HashedEmbedder
from models.embedders.likeness import likeness, processor
from models.embedders.opening import open_embedder
from models.embedders.plain import PlainForm
from models.embedders.samples import SAMPLES
from models.embedders.shelf import NoFastForm, Shelf
from models.embedders.weights import folder_weights
from models.errors import ModelMissing, WeightsTampered
from tests.models.embedders.tiny_model import DIMENSION, write_tiny_model

OPEN = """
import sys
from pathlib import Path
from models.embedders.opening import open_embedder
embedder = open_embedder("folder", Path(sys.argv[1]), Path(sys.argv[2]))
assert embedder.embed(["a piano"]).shape == (1, 32)
print(embedder.form)
"""


def printed(code: str, *arguments: Path) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout.strip()


def test_the_hashed_words_need_no_cache(tmp_path: Path) -> None:
    assert isinstance(open_embedder("hashed", tmp_path / "cache"), HashedEmbedder)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("name", ["miniln", "folder", ""])
def test_an_unknown_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelMissing, match="minilm, hashed"):
        open_embedder(name, tmp_path)


def test_changed_weights_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"someone else's weights")
    with pytest.raises(WeightsTampered):
        open_embedder("minilm", tmp_path / "cache", tmp_path)
    assert not (tmp_path / "cache").exists()


@pytest.mark.slow
def test_a_folder_model_gives_the_plain_answers_under_the_same_name(cache: Path, tiny_model: Path) -> None:
    ours, plain = open_embedder("folder", cache, tiny_model), PlainForm(folder_weights(tiny_model))
    assert re.fullmatch("openvino (bf16|f32)", ours.form)
    assert plain.form == "torch f32"
    assert (ours.name, ours.dimension) == (plain.name, DIMENSION)
    assert likeness(plain.embed(SAMPLES), ours.embed(SAMPLES)).enough


@pytest.mark.slow
def test_the_fast_form_brings_neither_torch_nor_its_friends_nor_reports(cache: Path, tiny_model: Path) -> None:
    heavy = """
from openvino.tools.ovc import telemetry_utils
heavy = {"torch", "transformers", "sentence_transformers", "openvino_telemetry"}
print(sorted(name for name in heavy if sys.modules.get(name)), telemetry_utils.tm.__name__.rpartition(".")[2])
"""
    form, loaded = printed(OPEN + heavy, cache, tiny_model).splitlines()
    assert form.startswith("openvino")
    assert loaded == "[] telemetry_stub"


@pytest.mark.slow
def test_without_openvino_the_plain_form_says_so(cache: Path, tiny_model: Path) -> None:
    missing = "import sys; sys.modules['openvino'] = None\n"
    assert printed(missing + OPEN, cache, tiny_model) == "torch f32: openvino is not installed"


@pytest.mark.slow
def test_a_fast_form_that_answers_otherwise_is_not_used_and_not_checked_again(tmp_path: Path) -> None:
    """This pooling leaves the prompt out, which a graph of ids and mask cannot know."""
    model = write_tiny_model(
        tmp_path / "left-out", include_prompt=False, prompts={"q": "find what this asks: "}, default_prompt_name="q"
    )
    embedder = open_embedder("folder", tmp_path / "cache", model)
    assert embedder.form.startswith("torch f32: the fast form differs too much (")
    assert embedder.embed(["a piano"]).shape == (1, DIMENSION)
    sheet = Shelf.of(folder_weights(model), tmp_path / "cache").folder / "sheet.json"
    made_at = sheet.stat().st_mtime_ns
    assert open_embedder("folder", tmp_path / "cache", model).form == embedder.form
    assert sheet.stat().st_mtime_ns == made_at


@pytest.mark.slow
def test_a_prefix_stands_before_every_text_in_both_forms(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "prefixed", prompts={"query": "query: ", "passage": "passage: "})
    fast = open_embedder("folder", tmp_path / "cache", model)
    plain = PlainForm(folder_weights(model))
    assert fast.form.startswith("openvino")
    assert likeness(plain.embed(SAMPLES), fast.embed(SAMPLES)).enough
    bare = write_tiny_model(tmp_path / "bare")
    by_hand = PlainForm(folder_weights(bare)).embed(["query: a piano"])
    assert (by_hand @ plain.embed(["a piano"]).T).item() == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["graph.bin", "graph.xml", "tokenizer.json", "sheet.json"])
def test_a_spoiled_file_is_made_anew(cache: Path, tiny_model: Path, file: str) -> None:
    before = open_embedder("folder", cache, tiny_model)
    spoiled = Shelf.of(folder_weights(tiny_model), cache).folder / file
    content = spoiled.read_bytes()
    spoiled.unlink()  # the file may be mapped into the memory of the embedder that is open
    spoiled.write_bytes(content[: len(content) // 2])
    after = open_embedder("folder", cache, tiny_model)
    assert after.form == before.form
    assert np.array_equal(after.embed(SAMPLES), before.embed(SAMPLES))
    assert spoiled.stat().st_size > len(content) // 2


@pytest.mark.slow
def test_a_graph_that_openvino_cannot_read_leaves_the_plain_form(cache: Path, tiny_model: Path) -> None:
    """The sheet is doctored to fit, so only the reading itself can fail."""
    shelf = Shelf.of(folder_weights(tiny_model), cache)
    sheet = shelf.sheet()
    assert sheet is not None
    shelf.graph.write_text("<net>")
    shelf.write_sheet(sheet.dimension, sheet.figures)
    embedder = open_embedder("folder", cache, tiny_model)
    assert re.match("torch f32: .*(graph.xml|model)", embedder.form)
    assert embedder.embed(["a piano"]).shape == (1, DIMENSION)


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_leaves_the_plain_form(tmp_path: Path, tiny_model: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should")
    assert open_embedder("folder", tmp_path / "cache", tiny_model).form.startswith("torch f32: ")


@pytest.mark.slow
def test_a_making_that_is_cut_off_leaves_nothing_and_the_next_one_clears_up(tmp_path: Path, tiny_model: Path) -> None:
    cache = tmp_path / "cache"
    command = [sys.executable, "-c", OPEN, str(cache), str(tiny_model)]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while not list(cache.glob(".making-*/new/graph.xml")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not Shelf.of(folder_weights(tiny_model), cache).folder.exists()
    assert list(cache.glob(".making-*"))
    assert open_embedder("folder", cache, tiny_model).form.startswith("openvino")
    assert not list(cache.glob(".making-*"))


@pytest.mark.slow
def test_a_model_that_cannot_be_read_leaves_nothing_in_the_cache(tmp_path: Path, tiny_model: Path) -> None:
    from models.embedders.opening import made
    from models.embedders.shelf import NoFastForm

    model = tmp_path / "broken"
    model.mkdir()
    (model / "modules.json").write_bytes((tiny_model / "modules.json").read_bytes())
    weights = folder_weights(model)
    with pytest.raises(NoFastForm, match="could not be made: "):
        made(weights, Shelf.of(weights, tmp_path / "cache"), tmp_path / "cache")
    assert [file.name for file in (tmp_path / "cache").iterdir()] == [".lock"]


@pytest.mark.slow
def test_what_was_brought_along_is_compared_again_and_needs_no_torch(tmp_path: Path, tiny_model: Path) -> None:
    weights, brought = folder_weights(tiny_model), tmp_path / "brought"
    packed = pack(weights, brought)
    sheet = packed.folder / "sheet.json"
    sheet.write_text(sheet.read_text().replace(processor(), "x86_64-of-somebody-else"))  # made on another processor
    without = "import sys; sys.modules['torch'] = sys.modules['sentence_transformers'] = None\n"
    there = OPEN.replace("Path(sys.argv[2]))", "Path(sys.argv[2]), Path(sys.argv[3]))")
    assert printed(without + there, tmp_path / "cache", tiny_model, brought).startswith("openvino")
    kept = (tmp_path / "cache" / packed.folder.name / "sheet.json").read_text()
    assert processor() in kept
    with pytest.raises(subprocess.CalledProcessError) as lost:
        printed(
            without.replace("import sys;", "import sys; sys.modules['openvino'] = None;") + there,
            tmp_path / "other",
            tiny_model,
            brought,
        )
    assert "needs torch here, which is not installed: openvino is not installed" in lost.value.stderr


@pytest.mark.slow
def test_what_is_brought_along_is_half_as_large_and_as_alike(tmp_path: Path, tiny_model: Path, cache: Path) -> None:
    weights = folder_weights(tiny_model)
    packed, made_here = pack(weights, tmp_path / "brought"), Shelf.of(weights, cache)
    sizes = [shelf.graph.with_suffix(".bin").stat().st_size for shelf in (packed, made_here)]
    assert sizes[0] < 0.6 * sizes[1]
    sheet, wanted = packed.sheet(), PlainForm(weights).embed(SAMPLES)
    assert sheet is not None
    given = FastForm(weights, packed, sheet, sheet.precision())
    assert likeness(wanted, given.embed(SAMPLES)).enough
    alone = np.concatenate([given.embed([text]) for text in SAMPLES])
    assert np.array_equal(alone, given.embed(SAMPLES))


@pytest.mark.slow
@pytest.mark.parametrize("is_alike", [True, False])
def test_a_short_question_alone_has_a_graph_of_its_own_only_where_it_gives_the_very_same(
    tmp_path: Path, tiny_model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, is_alike: bool
) -> None:
    weights = folder_weights(tiny_model)
    shelf = Shelf.of(weights, cache)
    open_embedder("folder", cache, tiny_model)
    sheet = shelf.sheet()
    assert sheet is not None
    asked: list[tuple[int, ...]] = []
    one_shape = fast._OfOneShape.__call__

    def read(graph: Any, *given: Any) -> Any:
        asked.append(given[0].shape)
        return one_shape(graph, *given) * (1 if is_alike else 1 + 1e-6)

    monkeypatch.setattr(fast._OfOneShape, "__call__", read)
    form = FastForm(weights, shelf, sheet, sheet.precision())
    asked.clear()
    alone = [form.embed([text]) for text in ("Where was it?", "Where was it? " * 20)]
    assert asked == ([(1, 16)] if is_alike else [])
    assert np.array_equal(np.concatenate(alone), form.embed(["Where was it?", "Where was it? " * 20]))


@pytest.mark.slow
def test_what_was_brought_along_and_is_another_model_is_not_taken(tmp_path: Path, tiny_model: Path) -> None:
    weights = folder_weights(tiny_model)
    packed = pack(weights, tmp_path / "brought")
    reference = packed.folder / "reference.npy"
    np.save(reference, np.load(reference)[:, ::-1].copy())
    (tmp_path / "new").mkdir()
    sheet = unpack(weights, tmp_path / "brought", tmp_path / "new")
    assert sheet is not None
    with pytest.raises(NoFastForm, match="differs too much"):
        sheet.precision()


@pytest.mark.slow
def test_where_nothing_was_brought_along_nothing_is_taken(tmp_path: Path, tiny_model: Path) -> None:
    assert unpack(folder_weights(tiny_model), tmp_path / "nowhere", tmp_path) is None
