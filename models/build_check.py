"""Checks a native build of the engine against the portable one: `python -m models.build_check .engine/native`.

Both read the same small models of random weights, each in a process of its own. A native build that crashes,
hangs or comes to other numbers gets a verdict that says so, and is never loaded.
"""

import math
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.builds import (
    LIBRARIES,
    OPENMP,
    VERDICT,
    Verdict,
    engine_version,
    libraries_hash,
    processor_identity,
    write_verdict,
)
from models.probe_model import write_probe_model

LIMIT_S = 120.0
# Between gcc's AVX2 and clang's AVX-512 and AMX, over formats and seeds, the worst were 0.9996 and 0.11 of the
# spread: activations are rounded to 8 bits in another order. A wrong kernel is off by whole spreads.
COSINE_MIN = 0.999
DIFFERENCE_MAX = 0.25
FASTER_MIN = 0.95

Results = dict[str, npt.NDArray[np.float64]]


class _Failed(Exception):  # never leaves this module
    """What a child came to instead of numbers."""


@dataclass(frozen=True, slots=True)
class _Bench:
    """One interpreter, and the folder with the models."""

    python: str
    folder: Path
    limit_s: float

    def child(self, libraries: Path | None, *words: str) -> None:
        """Run the probe to its end, or raise in words what became of it."""
        surroundings = {name: value for name, value in os.environ.items() if name != "LLAMA_CPP_LIB_PATH"} | OPENMP
        if libraries is not None:
            surroundings["LLAMA_CPP_LIB_PATH"] = str(libraries.absolute())
        command = [self.python, "-m", "models.probe", *words]
        root = Path(__file__).parents[1]
        try:
            done = subprocess.run(  # noqa: S603  # our own module
                command, cwd=root, env=surroundings, capture_output=True, timeout=self.limit_s, check=False
            )
        except subprocess.TimeoutExpired:
            raise _Failed(f"hung in its check (longer than {self.limit_s:.0f} s)") from None
        if done.returncode < 0:
            raise _Failed(f"crashed in its check (signal {-done.returncode})")
        if done.returncode:
            raise _Failed(f"failed in its check ({_last_line(done.stderr)})")

    def read(self, libraries: Path | None, name: str, *follow: str) -> Results:
        """Read the models with these libraries."""
        out = self.folder / f"{name}.npz"
        self.child(libraries, "read", str(self.folder), str(out), *follow)
        with np.load(out) as results:
            return {key: results[key].astype(np.float64) for key in results.files}


def check_native(folder: Path, *, python: str = sys.executable, limit_s: float = LIMIT_S) -> Verdict:
    """Compare the libraries in `folder`/lib with the portable ones, and write the verdict into `folder`."""
    (folder / VERDICT).unlink(missing_ok=True)  # whatever ends this check early leaves no verdict
    libraries = libraries_hash(folder / LIBRARIES)
    ok, sentence, prefill, decode = _judged(folder / LIBRARIES, python, limit_s)
    verdict = Verdict(ok, sentence, processor_identity(), engine_version(), libraries, prefill, decode)
    write_verdict(folder, verdict)
    return verdict


def _judged(libraries: Path, python: str, limit_s: float) -> tuple[bool, str, float | None, float | None]:
    with tempfile.TemporaryDirectory() as temporary:
        bench = _Bench(python, Path(temporary), limit_s)
        try:
            write_probe_model(bench.folder / "f32.gguf")
            bench.child(None, "quantise", temporary)
            portable = bench.read(None, "portable")
        except _Failed as failed:
            return False, f"could not be checked: the portable build {failed}", None, None
        try:
            native = bench.read(libraries, "native", str(bench.folder / "portable.npz"))
        except _Failed as failed:
            return False, str(failed), None, None
    wrong = _wrong_numbers(portable, native)
    if wrong is not None:
        return False, wrong, None, None
    prefill, decode = _ratio(portable, native, "_prefill_s"), _ratio(portable, native, "_decode_s")
    if prefill < FASTER_MIN:
        return False, f"is not faster in its check ({prefill:.1f} times the portable build)", prefill, decode
    return (
        True,
        f"passed its check, reads {prefill:.1f} times and writes {decode:.1f} times as fast as portable",
        prefill,
        decode,
    )


def _wrong_numbers(portable: Results, native: Results) -> str | None:
    """Name the first format that is off. What is not a number compares as false, and is off too."""
    for key in portable:
        if not key.endswith("_logits"):
            continue
        right, got = portable[key], native.get(key)
        if got is None or got.shape != right.shape:
            return f"gave other numbers in its check ({key.removesuffix('_logits')}: of another shape)"
        with np.errstate(all="ignore"):
            cosine = ((right * got).sum(1) / np.linalg.norm(right, axis=1) / np.linalg.norm(got, axis=1)).min()
            off = (np.abs(right - got).max(1) / right.std(1)).max()
        if not (cosine >= COSINE_MIN and off <= DIFFERENCE_MAX):
            told = f"{key.removesuffix('_logits')}: cosine {cosine:.4f}, off by {off:.2f} of the spread"
            return f"gave other numbers in its check ({told})"
    return None


def _ratio(portable: Results, native: Results, ending: str) -> float:
    """Portable by native CPU time, the geometric mean over the formats."""
    ratios = [float(portable[key] / native[key]) for key in portable if key.endswith(ending)]
    return round(math.prod(ratios) ** (1 / len(ratios)), 2)


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "it does not say why"


def main() -> int:
    """Check, say what was found, and give 1 when it is not to be used."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))  # a crash is expected
    verdict = check_native(Path(sys.argv[1]))
    sys.stdout.write(f"The native build {verdict.sentence}.\n")
    return 0 if verdict.ok else 1


if __name__ == "__main__":
    sys.exit(main())
