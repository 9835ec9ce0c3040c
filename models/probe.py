"""Reads the probe model with whatever libraries this process was given, and writes down what came out.

`python -m models.probe quantise FOLDER` and `python -m models.probe read FOLDER OUT [FOLLOW]`: a process of
its own, because a wrong build ends its process or never ends. FOLLOW is what another build came to: its tokens
are read again, so that both say what they expect behind the same text.
"""

import ctypes
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from llama_cpp import llama_cpp as c

FORMATS = {"q4_0": c.LLAMA_FTYPE_MOSTLY_Q4_0, "q8_0": c.LLAMA_FTYPE_MOSTLY_Q8_0, "q4_k": c.LLAMA_FTYPE_MOSTLY_Q4_K_S}
WHOLE = "f32.gguf"
PROMPT = [(37 * n + 11) % 509 for n in range(64)]
STEPS = 16
REPEATS = 5
Floats = npt.NDArray[np.float32]


def quantise(folder: Path) -> None:
    """Make the other formats from the whole numbers."""
    for name, kind in FORMATS.items():
        wanted = c.llama_model_quantize_default_params()
        wanted.ftype = kind
        wanted.nthread = 1
        wanted.pure = True  # every matrix in the format that is asked about
        made = c.llama_model_quantize(
            os.fsencode(folder / WHOLE), os.fsencode(folder / f"{name}.gguf"), ctypes.byref(wanted)
        )
        if made != 0:
            raise SystemExit(f"{name} cannot be made")


def read(folder: Path, out: Path, follow: Path | None) -> None:
    """Evaluate every format; logits, tokens and CPU times go into one file."""
    told: dict[str, Any] = {}
    followed = dict(np.load(follow)) if follow is not None else {}
    for name in FORMATS:
        reader = _Reader(folder / f"{name}.gguf")
        tokens = followed.get(f"{name}_tokens")
        logits, written = reader.run(None if tokens is None else [int(token) for token in tokens])
        told[f"{name}_logits"], told[f"{name}_tokens"] = logits, np.array(written)
        told[f"{name}_prefill_s"], told[f"{name}_decode_s"] = reader.seconds(written)
    np.savez(out, **told)


class _Reader:
    """One model with one context."""

    def __init__(self, path: Path) -> None:
        self.model = c.llama_model_load_from_file(os.fsencode(path), c.llama_model_default_params())
        wanted = c.llama_context_default_params()
        wanted.n_ctx, wanted.n_batch, wanted.n_ubatch = 128, 64, 64
        wanted.n_threads = wanted.n_threads_batch = min(2, len(os.sched_getaffinity(0)))
        self.context = c.llama_init_from_model(self.model, wanted)
        if not self.context:
            raise SystemExit(f"{path.name} cannot be loaded")
        self.vocabulary = c.llama_vocab_n_tokens(c.llama_model_get_vocab(self.model))

    def run(self, follow: list[int] | None) -> tuple[Floats, list[int]]:
        """Read the prompt in one batch, then take single steps; gives what is expected behind each."""
        c.llama_memory_clear(c.llama_get_memory(self.context), True)  # noqa: FBT003  # C's own argument
        rows = [self._decode(PROMPT)]
        tokens = []
        for step in range(STEPS):
            tokens.append(int(rows[-1].argmax()) if follow is None else follow[step])
            rows.append(self._decode([tokens[-1]]))
        return np.stack(rows), tokens

    def seconds(self, follow: list[int]) -> tuple[float, float]:
        """Measure prompt and steps in CPU time, the best of a few, on one thread: that bears a busy machine."""
        c.llama_set_n_threads(self.context, 1, 1)
        taken = []
        for _ in range(REPEATS):
            c.llama_memory_clear(c.llama_get_memory(self.context), True)  # noqa: FBT003
            began = time.process_time()
            self._decode(PROMPT)
            prefilled = time.process_time()
            for token in follow:
                self._decode([token])
            taken.append((prefilled - began, time.process_time() - prefilled))
        return min(prefill for prefill, _ in taken), min(decode for _, decode in taken)

    def _decode(self, tokens: list[int]) -> Floats:
        given = (c.llama_token * len(tokens))(*tokens)  # the batch only points at it
        if c.llama_decode(self.context, c.llama_batch_get_one(given, len(tokens))) != 0:
            raise SystemExit("a batch cannot be evaluated")
        logits = c.llama_get_logits_ith(self.context, -1)
        return np.array(np.ctypeslib.as_array(logits, shape=(self.vocabulary,)), dtype=np.float32)


if __name__ == "__main__":
    c.llama_backend_init()
    deed, *paths = sys.argv[1:]
    places = [Path(path) for path in paths]
    if deed == "quantise":
        quantise(places[0])
    else:
        read(places[0], places[1], places[2] if len(places) > 2 else None)
