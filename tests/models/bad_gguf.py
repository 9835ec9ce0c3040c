"""Files that look like models and cannot be the writer."""

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np

from tests.models.tiny_gguf import CHATML, write_tiny_model


def truncated(path: Path) -> Path:
    """Write the first half of a model."""
    whole = write_tiny_model(path, chat_template=CHATML).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def unknown_architecture(path: Path) -> Path:
    """Write a model of a kind that nobody knows."""
    whole = write_tiny_model(path, chat_template=CHATML).read_bytes()
    path.write_bytes(
        whole.replace(b"\x05\x00\x00\x00\x00\x00\x00\x00llama", b"\x05\x00\x00\x00\x00\x00\x00\x00lyrae", 1)
    )
    return path


def without_template(path: Path) -> Path:
    """Write a model that was never taught to answer."""
    return write_tiny_model(path)


def broken_template(path: Path) -> Path:
    """Write a model whose chat template is no Jinja."""
    return write_tiny_model(path, chat_template="{% for message in %}")


def no_gguf(path: Path) -> Path:
    """Write a note."""
    path.write_text("# The rented piano\n")
    return path


def embedding_model(path: Path) -> Path:
    """Write a BERT, which makes vectors."""
    width, inner, tokens = 32, 64, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "▁a", "b"]
    writer = gguf.GGUFWriter(str(path), "bert")
    writer.add_name("a tiny BERT")
    writer.add_context_length(64)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(value=False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_tokenizer_model("bert")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * len(tokens))
    writer.add_token_type_count(2)
    writer.add_chat_template(CHATML)
    random = np.random.default_rng(1)
    shapes = {
        "token_embd.weight": (len(tokens), width),
        "position_embd.weight": (64, width),
        "token_types.weight": (2, width),
        **{f"blk.0.attn_{part}.weight": (width, width) for part in ("q", "k", "v", "output")},
        "blk.0.ffn_up.weight": (inner, width),
        "blk.0.ffn_down.weight": (width, inner),
        **{f"blk.0.attn_{part}.bias": (width,) for part in ("q", "k", "v", "output")},
        "blk.0.ffn_up.bias": (inner,),
        "blk.0.ffn_down.bias": (width,),
        **{f"{norm}.{kind}": (width,) for norm in _NORMS for kind in ("weight", "bias")},
    }
    for name, shape in shapes.items():
        writer.add_tensor(name, random.normal(0, 0.1, shape).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


_NORMS = ("token_embd_norm", "blk.0.attn_output_norm", "blk.0.layer_output_norm")

BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "truncated": (truncated, "corrupted or incomplete"),
    "unknown architecture": (unknown_architecture, "unknown model architecture: 'lyrae'"),
    "embedding model": (embedding_model, "makes vectors or encodes"),
    "without a template": (without_template, "no chat template"),
    "a broken template": (broken_template, "chat template does not work"),
    "no GGUF": (no_gguf, "is not a GGUF file"),
}
"""By name: how to make the file, and what the sentence about it says."""
