"""The local writer: prompts for the engine, and answers that point.

The prompt is made to fit twice: into the context, and into the time a listener is willing to wait
for the first word, at the speed at which this machine reads.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from models.contracts import Limits, NumberedSentence, Prompt, Usage
from models.engine.answers import Stream
from models.engine.chat import Chat
from models.engine.contracts import Request, Room, Sampling, Savings
from models.engine.engine import Engine
from models.engine.memory import available_bytes
from models.engine.weights import Weights
from models.errors import ModelUnreadable, WriterStopped
from models.grammar import Pointing

# However slow the machine, so many of the most telling sentences are read.
SENTENCES_MIN = 3
CHARS_PER_TOKEN = 2
PREFIXES_MAX = 32


class LlamaWriter:
    """Owns one GGUF model; `write` may be called from any thread, many answers are written at once."""

    def __init__(
        self,
        path: Path,
        *,
        room: Room | None = None,
        savings: Savings | None = None,
        first_token_s: float | None = None,
        prefix_folder: Path | None = None,
        sha256: str | None = None,
    ) -> None:
        self.name = f"llama:{path.stem}"
        self.sha256 = sha256
        self._first_token_s = first_token_s
        self._prefixes: dict[str, list[int]] = {}
        weights = Weights(path)
        try:
            if not weights.writes:
                raise ModelUnreadable(str(path), "it makes vectors or encodes, it does not write; choose a chat model")
            self.chat = Chat(weights)
            self.engine = Engine(weights, room or Room(), savings, prefix_folder=prefix_folder)
        except BaseException:
            weights.close()
            raise
        self._weights = weights

    def warm(self, personas: Iterable[tuple[int, str]]) -> None:
        """Read each tier's persona now, so that no listener waits for it; one that cannot fit is refused."""
        for tier, system in personas:
            prefix = self.chat.prefix(system)
            if not self.engine.fits(len(prefix) + 1):
                raise ModelUnreadable(
                    str(self._weights.path),
                    f"its context of {self.engine.room.answer_tokens} tokens is smaller than what the persona alone "
                    f"takes ({len(prefix)}); raise PRESENCE_MODELS__CONTEXT_TOKENS",
                )
            if prefix:
                wanted = Request(tuple(prefix), Sampling(tokens_max=0), prefix=len(prefix), tier=tier)
                list(self.engine.submit(wanted))

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        if not prompt.sentences or limits.pointers_max < 1 or stop.is_set():
            if not self.alive:
                raise WriterStopped
            return  # nothing to point at; a grammar without numbers would end the process
        tokens, shown = self.fitted(prompt, limits)
        grammar = None if prompt.own_words else Pointing([one.number for one in shown], limits.pointers_max)
        stream = self.engine.submit(
            Request(
                tuple(tokens),
                Sampling(limits.tokens_max, grammar=grammar),
                prefix=self._prefix(prompt, tokens),
                tier=prompt.tier,
                conversation=prompt.conversation,
                stop=stop,
            )
        )
        try:
            yield from stream
        finally:
            stream.abandoned.set()
            _count(stream, usage)

    @property
    def alive(self) -> bool:
        """Whether answers can be begun."""
        return self.engine.alive

    def facts(self) -> dict[str, str | int]:
        """Say what there is to know of the model."""
        described = {key: self._weights.described(f"general.{key}") for key in ("name", "architecture", "license")}
        known: dict[str, str | int] = {key: value for key, value in described.items() if value}
        known["trained_context_tokens"] = self._weights.trained_context
        known["bytes"] = self._weights.bytes_in_memory
        return known

    def memory_lacking(self, context_tokens: int) -> str | None:
        """Say how much memory a context of so many tokens lacks, None when it fits."""
        needed, free = context_tokens * self._weights.bytes_per_token, available_bytes()
        if free is None or needed <= free:
            return None
        return (
            f"its context of {context_tokens} tokens needs {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB are "
            "free; choose a smaller model, or lower PRESENCE_MODELS__CONTEXT_TOKENS"
        )

    def close(self) -> None:
        """Stop what is being written and free the model."""
        self.engine.close()

    def fitted(self, prompt: Prompt, limits: Limits) -> tuple[list[int], tuple[NumberedSentence, ...]]:
        """Leave out earlier turns and the least telling sentences until the prompt fits; the first stays."""
        prompt = replace(prompt, sentences=self._readable_in_time(prompt.sentences))
        while True:
            tokens = self.chat.tokens(prompt)
            too_many = len(tokens) + limits.tokens_max - self.engine.room.answer_tokens
            if too_many <= 0:
                return tokens, prompt.sentences
            prompt = _shorter(prompt, too_many)

    def _readable_in_time(self, sentences: tuple[NumberedSentence, ...]) -> tuple[NumberedSentence, ...]:
        if self._first_token_s is None:
            return sentences
        left = self.engine.pace * self._first_token_s
        for count, sentence in enumerate(sentences):
            left -= len(self._weights.tokens(sentence.line))
            if left < 0 and count >= SENTENCES_MIN:
                return sentences[:count]
        return sentences

    def _prefix(self, prompt: Prompt, tokens: list[int]) -> int:
        """Give the length of the persona's words; a template that tells the date renders other ones tomorrow."""
        known = self._prefixes.get(prompt.system)
        if known is None or tokens[: len(known)] != known:
            if len(self._prefixes) >= PREFIXES_MAX:
                self._prefixes.clear()
            known = self._prefixes[prompt.system] = self.chat.prefix(prompt.system)
        return len(known) if tokens[: len(known)] == known else 0


def _shorter(prompt: Prompt, too_many: int) -> Prompt:
    if prompt.turns:
        return replace(prompt, turns=prompt.turns[1:])
    if len(prompt.sentences) > 1:
        return replace(prompt, sentences=prompt.sentences[:-1])
    [only] = prompt.sentences
    kept = len(only.text) - CHARS_PER_TOKEN * too_many
    if kept > 0:  # the model reads less of it; what is quoted is whole all the same
        return replace(prompt, sentences=(replace(only, text=only.text[:kept]),))
    if only.text:
        return replace(prompt, sentences=(replace(only, text=""),))
    if len(prompt.question) > too_many:
        return replace(prompt, question=prompt.question[:-too_many])
    raise ModelUnreadable(
        "The model", "its context is too small for this question; raise PRESENCE_MODELS__CONTEXT_TOKENS"
    )


def _count(stream: Stream, usage: Usage | None) -> None:
    if usage is not None:
        usage.prompt_tokens = stream.counts.prompt
        usage.reused_tokens = stream.counts.reused
        usage.answer_tokens = stream.counts.written
