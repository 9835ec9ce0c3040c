"""A fast form that was made elsewhere and is brought along, as by an image that has no torch in it.

Its weights are kept in half precision, which halves the folder; they are computed with as they were before. Beside the
form lies what the plain form gave for the samples, so that here and on another processor the two are compared again,
without torch. Whoever can change that folder can change the program, too.
    python -P -m models.embedders.brought FOLDER           packs all-MiniLM-L6-v2; needs torch, once
    python -P -m models.embedders.brought --try FOLDER     opens it from there, and says in which form
"""

import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from models.embedders.contracts import Vectors
from models.embedders.fast import FastForm, openvino, precisions
from models.embedders.likeness import Likeness, likeness
from models.embedders.samples import SAMPLES
from models.embedders.shelf import NoFastForm, Sheet, Shelf
from models.embedders.weights import Weights, minilm_weights

_REFERENCE = "reference.npy"


def pack(weights: Weights, folder: Path) -> Shelf:
    """Make the fast form in a folder, with the plain form's vectors of the samples; `NoFastForm` says why not.

    It is as alike with its weights in half precision, or there is none to bring along.
    """
    from models.embedders.opening import made
    from models.embedders.plain import PlainForm

    shelf = Shelf.of(weights, folder)
    made(weights, shelf, folder)
    wanted = PlainForm(weights).embed(SAMPLES)
    _halve(shelf.graph)
    sheet = shelf.write_sheet(wanted.shape[1], _measured(weights, shelf, wanted))
    sheet.precision()
    np.save(shelf.folder / _REFERENCE, wanted, allow_pickle=False)
    return shelf


def _halve(graph: Path) -> None:
    """Write the graph anew, each weight in 16 bits; OpenVINO widens them again when it opens it."""
    module, half = openvino(), graph.with_stem("half")
    module.save_model(module.Core().read_model(graph), half, compress_to_fp16=True)
    for file in (half, half.with_suffix(".bin")):
        file.replace(graph.with_suffix(file.suffix))


def unpack(weights: Weights, brought: Path, target: Path) -> Sheet | None:
    """Copy the form that was brought along, and measure it on this processor; None where there is none for here.

    Raises `OSError` where it cannot be copied, `NoFastForm` where no precision is alike enough.
    """
    packed, shelf = Shelf.of(weights, brought), Shelf(target)
    reference = packed.folder / _REFERENCE
    if not reference.is_file():
        return None
    for file in (packed.graph, packed.graph.with_suffix(".bin"), packed.tokenizer):
        shutil.copyfile(file, target / file.name)
    wanted: Vectors = np.load(reference, allow_pickle=False)
    shelf.write_sheet(wanted.shape[1], _measured(weights, shelf, wanted))
    return shelf.sheet()


def _measured(weights: Weights, shelf: Shelf, wanted: Vectors) -> dict[str, Likeness]:
    """Try the precisions of this processor, the fastest first, until one is alike enough."""
    draft = Sheet(wanted.shape[1], "", {}, {})
    figures: dict[str, Likeness] = {}
    for precision in precisions():
        given = FastForm(weights, shelf, draft, precision).embed(SAMPLES)
        if given.shape != wanted.shape:
            raise NoFastForm("what was brought along is of another model")
        figures[precision] = likeness(wanted, given)
        if figures[precision].enough:
            break
    return figures


def main() -> None:
    """Pack the default embedder into the folder that the command names, or try what was packed."""
    folder = Path(sys.argv[-1])
    if "--try" in sys.argv:
        _try(folder)
        return
    with tempfile.TemporaryDirectory(dir=folder.parent) as half:
        pack(minilm_weights(), Path(half))
        (Path(half) / ".lock").unlink()
        Path(half).chmod(0o755)
        shutil.copytree(half, folder)


def _try(folder: Path) -> None:
    from models.embedders.opening import open_embedder

    with tempfile.TemporaryDirectory() as cache:
        embedder = open_embedder("minilm", Path(cache), brought=folder)
        print(f"{embedder.name}: {embedder.form}, {embedder.embed(['a piano']).shape[1]} figures")  # noqa: T201


if __name__ == "__main__":
    main()
