"""The local language model, through llama-cpp-python, in its simplest safe form.

One thread owns the context (shared by threads it crashes), answers wait for it one behind the
other, and the stop flag is looked at between tokens. Tokens become text by an incremental decoder
that never stalls on invalid bytes.
"""

import codecs
import os
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Before the engine is imported: spinning threads cost 3 to 29 times on shared cores.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

from llama_cpp import Llama, LlamaGrammar, llama_vocab_is_eog
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from models.contracts import Limits, NumberedSentence, Prompt, Usage
from models.errors import ModelError, ModelMissing, ModelUnreadable, WriterStopped
from models.grammar import pointing_grammar

CONTEXT_TOKENS = 4_096
CLOSE_SECONDS_MAX = 10.0
LOOK_AGAIN_S = 1.0
TEMPERATURE = 0.2


@dataclass(slots=True)
class _Job:
    prompt: Prompt
    limits: Limits
    stop: threading.Event
    pieces: "queue.SimpleQueue[str | Exception | None]" = field(default_factory=queue.SimpleQueue)
    abandoned: threading.Event = field(default_factory=threading.Event)

    @property
    def ended(self) -> bool:
        """Whether nobody wants more of it."""
        return self.stop.is_set() or self.abandoned.is_set()


class LlamaWriter:
    """Owns one GGUF model; `write` may be called from any thread."""

    def __init__(
        self, path: Path, *, context_tokens: int = CONTEXT_TOKENS, threads: int | None = None, seed: int = 1
    ) -> None:
        if not path.is_file():
            raise ModelMissing(f"There is no model at {path}. Set PRESENCE_MODELS__GGUF to a GGUF file.")
        self.name = f"llama:{path.stem}"
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._ready: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()
        self._options = {"n_ctx": context_tokens, "n_threads": threads, "n_threads_batch": threads, "seed": seed}
        self._thread = threading.Thread(target=self._own, args=(path,), name="llama", daemon=True)
        self._thread.start()
        failure = self._ready.get()
        if failure is not None:
            raise ModelUnreadable(str(path), str(failure)) from failure

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        if self._closing.is_set():
            raise WriterStopped
        if not prompt.sentences or limits.pointers_max < 1:
            return  # nothing to point at; a grammar without numbers would end the process
        job = _Job(prompt, limits, stop)
        self._jobs.put(job)
        try:
            while (piece := self._next_piece(job)) is not None:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            job.abandoned.set()  # also when nobody reads to the end

    def _next_piece(self, job: "_Job") -> "str | Exception | None":
        while True:
            try:
                return job.pieces.get(timeout=LOOK_AGAIN_S)
            except queue.Empty:
                if not self._thread.is_alive():  # the job came in behind the end
                    return WriterStopped()

    def close(self) -> None:
        """Stop what is being written and free the model."""
        self._closing.set()
        self._jobs.put(None)
        self._thread.join(CLOSE_SECONDS_MAX)

    def _own(self, path: Path) -> None:
        """Everything that touches the context happens on this thread."""
        try:
            # mmap would keep a second copy of the weights beside the repacked ones.
            model = Llama(str(path), use_mmap=False, verbose=False, **self._options)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with a file, whoever opened it is told
            self._ready.put(error)
            return
        self._ready.put(None)
        while (job := self._jobs.get()) is not None:
            self._answer(model, job)
        model.close()

    def _answer(self, model: Llama, job: _Job) -> None:
        try:
            for piece in self._pieces(model, job):
                job.pieces.put(piece)
        except Exception as error:  # noqa: BLE001  # the thread must outlive any single answer
            job.pieces.put(error if isinstance(error, ModelError) else ModelError(f"The model failed: {error}"))
        finally:
            job.pieces.put(None)

    def _pieces(self, model: Llama, job: _Job) -> Iterator[str]:
        tokens, shown = _fitted(model, job.prompt, job.limits)
        grammar = LlamaGrammar.from_string(
            pointing_grammar([s.number for s in shown], job.limits.pointers_max), verbose=False
        )
        vocab = model._model.vocab  # noqa: SLF001  # the high-level class has no other way to ask for the end
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        for written, token in enumerate(model.generate(tokens, temp=TEMPERATURE, grammar=grammar)):
            ended = llama_vocab_is_eog(vocab, token)
            if ended or written >= job.limits.tokens_max or job.ended or self._closing.is_set():
                break
            piece = decoder.decode(model.detokenize([token], prev_tokens=tokens))
            if piece:
                yield piece


def _fitted(model: Llama, prompt: Prompt, limits: Limits) -> tuple[list[int], tuple[NumberedSentence, ...]]:
    """Leave out the least telling sentences until the prompt fits the context."""
    sentences = prompt.sentences
    while True:
        tokens = _tokens(model, Prompt(prompt.persona, prompt.question, sentences))
        if len(tokens) + limits.tokens_max < model.n_ctx() or len(sentences) <= 1:
            return tokens[: model.n_ctx() - limits.tokens_max - 1], sentences
        sentences = sentences[:-1]


def _tokens(model: Llama, prompt: Prompt) -> list[int]:
    template = (model.metadata or {}).get("tokenizer.chat_template")
    if template is None:
        text = f"{prompt.system}\n\n{prompt.user}"
        return list(model.tokenize(text.encode(), add_bos=True, special=False))
    messages: Any = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
    formatter = Jinja2ChatFormatter(
        template=template,
        eos_token=_special(model, model.token_eos()),
        bos_token=_special(model, model.token_bos()),
    )
    text = formatter(messages=messages).prompt
    return list(model.tokenize(text.encode(), add_bos=False, special=True))


def _special(model: Llama, token: int) -> str:
    return model.detokenize([token], special=True).decode(errors="replace") if token >= 0 else ""
