"""What the engine is asked and what it gives."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Grammar(Protocol):
    """Says what may follow; `models.grammar.Pointing` is one, `Fixed` another."""

    def rules(self, written: str) -> str | None:
        """Give the GBNF of what may follow `written`; None when nothing may."""
        ...

    def renews(self, written: str) -> bool:
        """Whether `rules` has to be asked anew, now that `written` stands there."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """A grammar that stays what it is."""

    gbnf: str

    def rules(self, written: str) -> str | None:
        return self.gbnf

    def renews(self, written: str) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen; temperature 0 takes the likeliest, and the same prompt gives the same answer."""

    tokens_max: int = 200
    temperature: float = 0.0
    top_k: int = 40
    top_p: float = 0.95
    seed: int = 1
    logit_bias: Mapping[int, float] = field(default_factory=dict)
    grammar: Grammar | None = None
    stop_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One answer that is wanted.

    `tokens` is the whole prompt. Its first `prefix` tokens are a persona's words, kept for every later
    request of the same `tier`; what is written in a `conversation` is kept for its next turn at that tier.
    """

    tokens: tuple[int, ...]
    sampling: Sampling = field(default_factory=Sampling)
    prefix: int = 0
    tier: int = 0
    conversation: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class Counts:
    """What one answer took, in tokens."""

    prompt: int = 0
    reused: int = 0
    read: int = 0
    written: int = 0
    guessed: int = 0
    guessed_right: int = 0


@dataclass(frozen=True, slots=True)
class Savings:
    """The engine's savings, each with a switch for the benchmark that measures it."""

    prefixes: bool = True
    conversations: bool = True
    lookup: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """How much the engine holds: answers at once, answers waiting, tokens in all, bytes of kept conversations."""

    answers: int = 8
    waiting: int = 32
    cells: int = 8_192
    answer_tokens: int = 4_096
    chunk: int = 64
    batch: int = 512
    prefixes: int = 8
    conversation_bytes: int = 256 * 1024**2
    threads: int | None = None
    flash_attention: bool = False  # faster with many long answers, but answers then differ in company
