"""What a writer is: it reads a prompt with numbered sentences and points at them.

A writer's text is made of connecting sentences and of pointers `[n]`, nothing else. Where `[n]`
stands, code puts the sentence itself, verbatim, with its citation: a quotation costs a writer three
tokens, and none can misquote.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence that may be pointed at; `passage` and `position` say which stand together."""

    number: int
    text: str
    speaker: str
    title: str
    date: str
    passage: str
    position: int
    relevance: float  # comparable within one prompt only

    @property
    def line(self) -> str:
        """As a model reads it: number, where it stands, who says it, what it says."""
        return f"[{self.number}] ({self.title}, {self.speaker}) {' '.join(self.text.split())}"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange of the same conversation, as the writer saw and wrote it."""

    user: str
    answer: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a writer is told: a pure function of persona, evidence, question and conversation.

    `tier` and `conversation` say which kept state may serve: what was read at one tier, or in one
    conversation, never serves another. With `own_words` the writer may write sentences of its own,
    each with the pointers that it rests on; somebody else verifies them.
    """

    persona: str
    question: str
    sentences: tuple[NumberedSentence, ...]
    tier: int = 0
    conversation: str = ""
    turns: tuple[Turn, ...] = ()
    own_words: bool = False

    @property
    def system(self) -> str:
        """The stable part, the same for every question at one tier."""
        return self.persona

    @property
    def user(self) -> str:
        """The sources and the question, as text."""
        lines = "\n".join(sentence.line for sentence in self.sentences)
        return f"Sentences:\n{lines}\n\nQuestion: {self.question}\nAnswer:"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an answer may become: tokens for a model, pointers for everybody."""

    tokens_max: int = 200
    pointers_max: int = 4


@dataclass(slots=True)
class Usage:
    """What one answer took, filled in while it is written; a writer without tokens leaves zeros."""

    prompt_tokens: int = 0
    reused_tokens: int = 0  # of the prompt, not read again
    answer_tokens: int = 0


class Writer(Protocol):
    """Writes one answer per call, many calls at once; `stop` is looked at between tokens."""

    @property
    def name(self) -> str:
        """Shown to listeners and kept with each answer: `quoting`, or `llama:` and the model's name."""
        ...

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        """Give the answer in pieces of text; ends early, without an error, once `stop` is set."""
        ...

    def close(self) -> None:
        """Give back memory and threads; a second call does nothing."""
        ...
