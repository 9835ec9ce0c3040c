"""Models of random weights in real shapes: their speed is real, what they write is not.

The vocabularies are files that llama-cpp-python's source carries. They are looked for where the set-up
unpacks that source while it builds, and where `--source` says; `--models` keeps what was made for the next time.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt

SOURCE = Path(".engine/src")
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{{ '<|im_start|>assistant\n' }}"
)
BLOCK = 32
SCALE = 0.004


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers that make a model as large and as slow as it is."""

    name: str
    layers: int
    width: int
    inner: int
    heads: int
    key_value_heads: int


SMALL = Shape("0.5B", 24, 896, 4_864, 14, 2)
TINY = Shape("tiny", 2, 64, 128, 2, 1)
MEDIUM = Shape("1.5B", 28, 1_536, 8_960, 12, 2)
CONTEXT_TOKENS = 8_192


def vocabulary_file(name: str, source: Path | None = None) -> Path:
    """Find `ggml-vocab-NAME.gguf`; raises `FileNotFoundError` with what to do."""
    found = next((path for path in (source or SOURCE).glob(f"**/ggml-vocab-{name}.gguf")), None)
    if found is None:
        raise FileNotFoundError(
            f"There is no vocabulary {name!r}. Unpack the source of llama-cpp-python and name its folder with --source."
        )
    return found


def shape_file(folder: Path, shape: Shape, source: Path | None = None, *, vocabulary: str = "qwen2") -> Path:
    """Give the model of this shape from the folder, made there if it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{shape.name}.gguf" if vocabulary == "qwen2" else folder / f"{shape.name}-{vocabulary}.gguf"
    return path if path.exists() else write_shape(path, shape, vocabulary_file(vocabulary, source))


@contextmanager
def shelf(models: Path | None) -> Iterator[Path]:
    """Give the folder that keeps models, or one for this run only."""
    if models is not None:
        yield models
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def write_shape(path: Path, shape: Shape, vocabulary: Path, *, seed: int = 1, template: str = CHATML) -> Path:
    """Write the model as Q4_0; gives the path back."""
    writer = gguf.GGUFWriter(str(path), "qwen2")
    tokens = _vocabulary(writer, gguf.GGUFReader(str(vocabulary)))
    writer.add_chat_template(template)
    _describe(writer, shape)
    _weights(writer, shape, tokens, np.random.default_rng(seed))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(writer: gguf.GGUFWriter, source: gguf.GGUFReader) -> int:
    for key, field in source.fields.items():
        if key.startswith("tokenizer.") and key != "tokenizer.chat_template":
            value: Any = field.contents()
            kind = field.types[0]
            writer.add_key_value(key, value, kind, sub_type=field.types[-1] if len(field.types) > 1 else None)
    return len(source.fields["tokenizer.ggml.tokens"].data)


def _describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name(f"random {shape.name}")
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)


def _weights(writer: gguf.GGUFWriter, shape: Shape, tokens: int, random: np.random.Generator) -> None:
    def matrix(name: str, rows: int, columns: int) -> None:
        writer.add_tensor(name, _blocks(random, rows, columns), raw_dtype=gguf.GGMLQuantizationType.Q4_0)

    def vector(name: str, size: int, value: float) -> None:
        writer.add_tensor(name, np.full(size, value, np.float32))

    head = shape.width // shape.heads
    matrix("token_embd.weight", tokens, shape.width)
    vector("output_norm.weight", shape.width, 1.0)
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        vector(block + "attn_norm.weight", shape.width, 1.0)
        vector(block + "ffn_norm.weight", shape.width, 1.0)
        for part, size in (("q", shape.heads), ("k", shape.key_value_heads), ("v", shape.key_value_heads)):
            matrix(block + f"attn_{part}.weight", size * head, shape.width)
            vector(block + f"attn_{part}.bias", size * head, 0.0)
        matrix(block + "attn_output.weight", shape.width, shape.width)
        matrix(block + "ffn_gate.weight", shape.inner, shape.width)
        matrix(block + "ffn_up.weight", shape.inner, shape.width)
        matrix(block + "ffn_down.weight", shape.width, shape.inner)


def _blocks(random: np.random.Generator, rows: int, columns: int) -> npt.NDArray[np.uint8]:
    """Q4_0 as it lies in memory: a half-precision scale, then 32 numbers of four bits."""
    count = rows * columns // BLOCK
    made = np.empty((count, 2 + BLOCK // 2), np.uint8)
    scales = random.uniform(0.5, 1.5, count) * SCALE * (896 / columns) ** 0.5
    made[:, :2] = scales.astype(np.float16).view(np.uint8).reshape(count, 2)
    made[:, 2:] = random.integers(0, 256, (count, BLOCK // 2), np.uint8)
    return made.reshape(rows, -1)
