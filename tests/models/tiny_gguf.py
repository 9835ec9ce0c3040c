"""Writes a language model of random weights, under a megabyte, that the real engine loads.

It knows every byte and every printable ASCII character as a token of its own, so that a grammar can
always be followed. It says nothing that makes sense, and always the same.
"""

from pathlib import Path

import gguf
import numpy as np
import numpy.typing as npt

from models.probe_model import Shape, describe

TINY = Shape("tiny", layers=2, width=32, heads=4, key_heads=4, inner=64, context_tokens=8_192)
LAYERS, WIDTH, INNER = TINY.layers, TINY.width, TINY.inner
SPECIAL = ("<unk>", "<s>", "</s>")
END = SPECIAL.index("</s>")
CHATML = (
    "{% for message in messages %}<<{{ message['role'] }}>>{{ message['content'] }}{% endfor %}"
    "{{ bos_token }}<<answer>>"
)


def write_tiny_model(path: Path, *, chat_template: str | None = None, talkative: bool = False, seed: int = 1) -> Path:
    """Write the model; gives the path back. A talkative one never ends an answer by itself."""
    writer = gguf.GGUFWriter(str(path), "llama")
    describe(writer, TINY)
    vocabulary = _add_vocabulary(writer)
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    _add_weights(writer, np.random.default_rng(seed), vocabulary, end_weight=-9.0 if talkative else 0.0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_vocabulary(writer: gguf.GGUFWriter) -> int:
    """Special tokens, the 256 bytes, the printable characters; a space is written as ▁."""
    letters = ["▁" if char == " " else char for char in map(chr, range(32, 127))]
    tokens = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), *letters]
    kinds = [
        gguf.TokenType.UNKNOWN,
        *[gguf.TokenType.CONTROL] * 2,
        *[gguf.TokenType.BYTE] * 256,
        *[gguf.TokenType.NORMAL] * len(letters),
    ]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_space_prefix(False)
    writer.add_vocab_size(len(tokens))
    return len(tokens)


def _add_weights(writer: gguf.GGUFWriter, random: np.random.Generator, vocabulary: int, *, end_weight: float) -> None:
    def weights(name: str, *shape: int) -> npt.NDArray[np.float32]:
        made = random.normal(0, 0.2, shape).astype(np.float32)
        writer.add_tensor(name, made)
        return made

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(WIDTH, dtype=np.float32))

    # The first column is the same for every token, so that the end can be made unlikely everywhere.
    weights("token_embd.weight", vocabulary, WIDTH)[:, 0] = 2.0
    for layer in range(LAYERS):
        ones(f"blk.{layer}.attn_norm.weight")
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights(f"blk.{layer}.{part}.weight", WIDTH, WIDTH)
        ones(f"blk.{layer}.ffn_norm.weight")
        weights(f"blk.{layer}.ffn_gate.weight", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_up.weight", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_down.weight", WIDTH, INNER)
    ones("output_norm.weight")
    output = weights("output.weight", vocabulary, WIDTH)
    output[:, 0] = 0.0
    output[END, 0] = end_weight
