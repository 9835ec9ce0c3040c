"""A model file, loaded: its vocabulary, its chat template, and what marks it as this very file.

The calls are llama.cpp's own, through `llama_cpp.llama_cpp`; the vocabulary may be asked from any thread.
"""

import ctypes
import hashlib
import os
import threading
from pathlib import Path
from typing import Any

# Before the engine is imported: spinning threads cost 3 to 29 times on shared cores.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from llama_cpp import llama_cpp as c

from models.engine.memory import available_bytes
from models.engine.murmurs import Murmurs
from models.errors import ModelMissing, ModelUnreadable, WriterStopped

FINGERPRINT_BYTES = 1024**2
PIECE_BYTES_MAX = 256
TEMPLATE_KEY = b"tokenizer.chat_template"
TEMPLATE_CHARS_MAX = 1024**2


class Weights:
    """One GGUF in memory; raises `ModelMissing` or `ModelUnreadable` with the loader's own reason."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise ModelMissing(f"There is no model at {path}. Set PRESENCE_MODELS__GGUF to a GGUF file.")
        size, free = path.stat().st_size, available_bytes()
        if free is not None and size > free:
            raise ModelUnreadable(
                str(path),
                f"it needs {size / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB are free; choose a smaller one",
            )
        c.llama_backend_init()
        wanted = c.llama_model_default_params()
        # mmap would keep a second copy of the weights beside the repacked ones.
        wanted.load_mode = c.LLAMA_LOAD_MODE_NONE
        with Murmurs() as murmurs:
            self.handle: Any = c.llama_model_load_from_file(os.fsencode(path), wanted)
        if not self.handle:
            raise ModelUnreadable(str(path), murmurs.last() or "llama.cpp does not say why")
        self.path = path
        self._open = threading.Lock()  # nobody may ask a vocabulary that was freed
        self.vocab: Any = c.llama_model_get_vocab(self.handle)
        self.vocabulary: int = c.llama_vocab_n_tokens(self.vocab)
        self._pieces: dict[tuple[int, bool], bytes] = {}
        self._ends: dict[int, bool] = {}

    @property
    def writes(self) -> bool:
        """Whether it writes text, token by token; embedding models and encoders do not."""
        architecture = self.described("general.architecture") or ""
        looks_ahead = self.described(f"{architecture}.attention.causal") == "false"
        decodes = bool(c.llama_model_has_decoder(self.handle)) and not c.llama_model_has_encoder(self.handle)
        return decodes and not looks_ahead and "bert" not in architecture

    @property
    def trained_context(self) -> int:
        """How many tokens it was trained to read, 0 when the file does not say."""
        return int(c.llama_model_n_ctx_train(self.handle))

    @property
    def can_go_back(self) -> bool:
        """Whether the end of a sequence can be forgotten; recurrent models cannot."""
        return not (c.llama_model_is_recurrent(self.handle) or c.llama_model_is_hybrid(self.handle))

    @property
    def bytes_in_memory(self) -> int:
        """Size of all tensors."""
        return int(c.llama_model_size(self.handle))

    @property
    def bytes_per_token(self) -> int:
        """What one token takes in the context: a key and a value per layer, in half precision."""
        heads = max(1, c.llama_model_n_head(self.handle))
        width = c.llama_model_n_embd(self.handle) // heads * c.llama_model_n_head_kv(self.handle)
        return int(4 * c.llama_model_n_layer(self.handle) * width)

    @property
    def template(self) -> str | None:
        """The chat template that the file carries, in Jinja."""
        return self.described(TEMPLATE_KEY.decode())

    def described(self, key: str) -> str | None:
        """Give one value of the file's metadata, or None."""
        room = ctypes.create_string_buffer(TEMPLATE_CHARS_MAX)
        length = c.llama_model_meta_val_str(self.handle, key.encode(), room, TEMPLATE_CHARS_MAX)
        return room.value.decode(errors="replace") if length >= 0 else None

    def tokens(self, text: str, *, special: bool = True, begin: bool = False) -> list[int]:
        """Give the tokens of a text; `special` reads markers such as `<|im_end|>` as themselves."""
        data = text.encode(errors="replace")
        room = (ctypes.c_int32 * (len(data) + 8))()
        with self._open:
            if not self.handle:
                raise WriterStopped
            count = c.llama_tokenize(self.vocab, data, len(data), room, len(room), begin, special)
        return list(room[:count])

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """Give the bytes a token stands for; a marker stands for none unless `special`."""
        key = (token, special)
        if key not in self._pieces:
            room = ctypes.create_string_buffer(PIECE_BYTES_MAX)
            length = c.llama_token_to_piece(self.vocab, token, room, PIECE_BYTES_MAX, 0, special)
            self._pieces[key] = room.raw[: max(0, length)]
        return self._pieces[key]

    def ends(self, token: int) -> bool:
        """Whether this token ends an answer."""
        if token not in self._ends:
            self._ends[token] = bool(c.llama_vocab_is_eog(self.vocab, token))
        return self._ends[token]

    @property
    def begin_text(self) -> str:
        """The marker that begins a text, as templates want it."""
        return self._marker(c.llama_vocab_bos(self.vocab))

    @property
    def end_text(self) -> str:
        """The marker that ends a text."""
        return self._marker(c.llama_vocab_eos(self.vocab))

    def _marker(self, token: int) -> str:
        return self.piece(token, special=True).decode(errors="replace") if token >= 0 else ""

    def fingerprint(self) -> str:
        """Tell this file, on this build of the engine, from any other: size, time, beginning and end.

        Hashing gigabytes at every start would cost seconds; a state that outlived its weights by
        having all four in common would have to be made on purpose.
        """
        known = self.path.stat()
        digest = hashlib.sha256(f"{known.st_size} {known.st_mtime_ns}".encode())
        with self.path.open("rb") as file:
            digest.update(file.read(FINGERPRINT_BYTES))
            file.seek(max(0, known.st_size - FINGERPRINT_BYTES))
            digest.update(file.read(FINGERPRINT_BYTES))
        digest.update(c.llama_print_system_info())
        return digest.hexdigest()

    def close(self) -> None:
        """Free the memory; a second call does nothing."""
        with self._open:
            if self.handle:
                c.llama_model_free(self.handle)
                self.handle = None
