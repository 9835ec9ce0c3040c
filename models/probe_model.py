"""Writes the model that the check of a native build reads: random weights, wide enough for the fast kernels.

Only the check imports this; it needs `gguf`. The other formats are made from it by the engine itself.
"""

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a llama model of random weights."""

    name: str
    layers: int
    width: int
    heads: int
    key_heads: int
    inner: int
    context_tokens: int


# Wide enough for the fast kernels: k-quants want multiples of 256.
PROBE = Shape("probe", layers=2, width=1_024, heads=16, key_heads=4, inner=2_048, context_tokens=256)
VOCABULARY = 512


def write_probe_model(path: Path, seed: int = 7) -> Path:
    """Write the model in 32-bit floats; always the same bytes for the same seed."""
    writer = gguf.GGUFWriter(str(path), "llama")
    describe(writer, PROBE)
    # Tokens are given as numbers, so no words are needed.
    writer.add_vocab_size(VOCABULARY)
    writer.add_tokenizer_model("none")
    _add_weights(writer, np.random.default_rng(seed))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    """Write the head of a model in 32-bit floats; its vocabulary comes apart."""
    writer.add_name(shape.name)
    writer.add_context_length(shape.context_tokens)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)


def _add_weights(writer: gguf.GGUFWriter, random: np.random.Generator) -> None:
    def weights(name: str, rows: int, columns: int) -> None:
        # This spread keeps the size of what flows through: errors neither vanish nor grow by themselves.
        made = random.normal(0, columns**-0.5, (rows, columns))
        writer.add_tensor(f"{name}.weight", made.astype(np.float32))

    def ones(name: str) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(PROBE.width, dtype=np.float32))

    width, inner = PROBE.width, PROBE.inner
    keys = width // PROBE.heads * PROBE.key_heads
    weights("token_embd", VOCABULARY, width)
    for layer in range(PROBE.layers):
        ones(f"blk.{layer}.attn_norm")
        for part, rows in (("attn_q", width), ("attn_k", keys), ("attn_v", keys), ("attn_output", width)):
            weights(f"blk.{layer}.{part}", rows, width)
        ones(f"blk.{layer}.ffn_norm")
        weights(f"blk.{layer}.ffn_gate", inner, width)
        weights(f"blk.{layer}.ffn_up", inner, width)
        weights(f"blk.{layer}.ffn_down", width, inner)
    ones("output_norm")
    weights("output", VOCABULARY, width)
