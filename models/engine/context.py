"""The engine's working memory: cells that hold what was read, shared by many sequences.

Everything here belongs to one thread. Only `abort` may be called from another.
"""

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from llama_cpp import llama_cpp as c

from models.engine.murmurs import Murmurs
from models.engine.weights import Weights
from models.errors import ModelUnreadable

# llama.cpp asks this while it computes. A C function over a C string needs neither Python nor its
# lock: "" has length 0 and means go on, "x" has length 1 and means stop.
_STRLEN = c.ggml_abort_callback(("strlen", ctypes.CDLL(None)))

ABORTED = 2
HYPERTHREADS_FROM = 4
NO_ROOM = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One token of a batch: where it stands, in which sequence, and whether what follows it is wanted."""

    token: int
    position: int
    sequence: int
    wanted: bool = False


class Context:
    """Cells for `cells` tokens in up to `sequences` sequences; raises `ModelUnreadable` when memory lacks."""

    def __init__(
        self,
        weights: Weights,
        *,
        cells: int,
        sequences: int,
        batch: int,
        rows_wanted_max: int,
        threads: int | None,
        flash_attention: bool = False,
    ) -> None:
        self.weights = weights
        self.batch_max = batch
        self._abort = ctypes.create_string_buffer(2)
        wanted = c.llama_context_default_params()
        wanted.n_ctx, wanted.n_batch, wanted.n_ubatch = cells, batch, batch
        wanted.n_seq_max, wanted.n_outputs_max = sequences, min(batch, max(rows_wanted_max, sequences))
        wanted.kv_unified, wanted.swa_full, wanted.no_perf = True, True, True
        # Flash attention adds up in half precision, and in another order for one row than for many:
        # answers would depend on who else is being served.
        wanted.flash_attn_type = (
            c.LLAMA_FLASH_ATTN_TYPE_ENABLED if flash_attention else c.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        wanted.n_threads = wanted.n_threads_batch = threads or _cores()
        wanted.abort_callback = _STRLEN
        wanted.abort_callback_data = ctypes.cast(self._abort, ctypes.c_void_p)
        with Murmurs() as murmurs:
            self._handle: Any = c.llama_init_from_model(weights.handle, wanted)
        if not self._handle:
            raise ModelUnreadable(str(weights.path), murmurs.last() or "there is not enough memory for its context")
        self._memory: Any = c.llama_get_memory(self._handle)
        self.cells = int(c.llama_n_ctx(self._handle))
        self._columns = _Columns(batch)
        self.tokens_read = 0

    def decode(self, rows: Sequence[Row]) -> int:
        """Compute the rows in one go; gives 0, `ABORTED` or `NO_ROOM`, and raises for the rest."""
        code = int(c.llama_decode(self._handle, self._columns.filled(rows)))
        if code not in (0, ABORTED, NO_ROOM):
            raise RuntimeError(f"llama_decode gave {code}")
        self.tokens_read += len(rows) if code == 0 else 0
        return code

    def logits(self, row: int) -> npt.NDArray[np.float32]:
        """What may follow a wanted row, one figure per token of the vocabulary; valid until the next decode."""
        found = c.llama_get_logits_ith(self._handle, row)
        return np.ctypeslib.as_array(found, shape=(self.weights.vocabulary,))

    def share(self, source: int, target: int, length: int) -> None:
        """Let `target` begin with the first `length` tokens of `source`, without a copy."""
        c.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def forget(self, sequence: int, *, after: int = 0) -> bool:
        """Drop a sequence from position `after` on; false when the model cannot."""
        return bool(c.llama_memory_seq_rm(self._memory, sequence, after or -1, -1))

    def length(self, sequence: int) -> int:
        """How many tokens a sequence holds."""
        return int(c.llama_memory_seq_pos_max(self._memory, sequence)) + 1

    def saved(self, sequence: int) -> bytes:
        """Copy what was read in a sequence."""
        size = int(c.llama_state_seq_get_size(self._handle, sequence))
        room = (ctypes.c_uint8 * size)()
        written = int(c.llama_state_seq_get_data(self._handle, room, size, sequence))
        return bytes(memoryview(room)[:written])

    def restore(self, sequence: int, state: bytes) -> bool:
        """Put a saved state into a sequence; false, and nothing kept, when it does not fit."""
        room = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        with Murmurs():
            fits = int(c.llama_state_seq_set_data(self._handle, room, len(state), sequence)) > 0
        if not fits:
            self.forget(sequence)
        return fits

    def abort(self) -> None:
        """End the computation under way within milliseconds, and every later one; from any thread."""
        self._abort[0] = b"x"

    def close(self) -> None:
        """Free the memory; a second call does nothing."""
        if self._handle:
            c.llama_free(self._handle)
            self._handle = None


def _cores() -> int:
    """Give the processors that this process may use; of many, half are usually the other halves of the same cores."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return usable if usable <= HYPERTHREADS_FROM else usable // 2


class _Columns:
    """The arrays of a batch, made once; one sequence per row."""

    def __init__(self, size: int) -> None:
        self._token = np.zeros(size, np.int32)
        self._position = np.zeros(size, np.int32)
        self._count = np.ones(size, np.int32)
        self._sequence = np.zeros(size, np.int32)
        self._wanted = np.zeros(size, np.int8)
        address = self._sequence.ctypes.data
        self._pointers = np.arange(address, address + 4 * size, 4, dtype=np.uintp)

    def filled(self, rows: Sequence[Row]) -> Any:
        """Give the rows as llama.cpp's batch, valid until the next call."""
        count = len(rows)
        self._token[:count] = [row.token for row in rows]
        self._position[:count] = [row.position for row in rows]
        self._sequence[:count] = [row.sequence for row in rows]
        self._wanted[:count] = [row.wanted for row in rows]
        batch = c.llama_batch()
        batch.n_tokens = count
        batch.token = self._token.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        batch.pos = self._position.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        batch.n_seq_id = self._count.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        batch.seq_id = self._pointers.ctypes.data_as(ctypes.POINTER(ctypes.POINTER(ctypes.c_int32)))
        batch.logits = self._wanted.ctypes.data_as(ctypes.POINTER(ctypes.c_int8))
        return batch
