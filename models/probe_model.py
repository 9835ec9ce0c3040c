"""Writes the model that the check of a native build reads: random weights, wide enough for the fast kernels.

Only the check imports this; it needs `gguf`. The other formats are made from it by the engine itself.
"""

from pathlib import Path

import gguf
import numpy as np

LAYERS = 2
WIDTH = 1_024  # k-quants want multiples of 256
HEADS = 16
KEY_HEADS = 4
INNER = 2_048
VOCABULARY = 512
CONTEXT_TOKENS = 256


def write_probe_model(path: Path, seed: int = 7) -> Path:
    """Write the model in 32-bit floats; always the same bytes for the same seed."""
    writer = gguf.GGUFWriter(str(path), "llama")
    _describe(writer)
    _add_weights(writer, np.random.default_rng(seed))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _describe(writer: gguf.GGUFWriter) -> None:
    writer.add_name("probe")
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(VOCABULARY)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    # Tokens are given as numbers, so no words are needed.
    writer.add_tokenizer_model("none")


def _add_weights(writer: gguf.GGUFWriter, random: np.random.Generator) -> None:
    def weights(name: str, rows: int, columns: int) -> None:
        # This spread keeps the size of what flows through: errors neither vanish nor grow by themselves.
        made = random.normal(0, columns**-0.5, (rows, columns))
        writer.add_tensor(f"{name}.weight", made.astype(np.float32))

    def ones(name: str) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(WIDTH, dtype=np.float32))

    keys = WIDTH // HEADS * KEY_HEADS
    weights("token_embd", VOCABULARY, WIDTH)
    for layer in range(LAYERS):
        ones(f"blk.{layer}.attn_norm")
        for part, rows in (("attn_q", WIDTH), ("attn_k", keys), ("attn_v", keys), ("attn_output", WIDTH)):
            weights(f"blk.{layer}.{part}", rows, WIDTH)
        ones(f"blk.{layer}.ffn_norm")
        weights(f"blk.{layer}.ffn_gate", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_up", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_down", WIDTH, INNER)
    ones("output_norm")
    weights("output", VOCABULARY, WIDTH)
