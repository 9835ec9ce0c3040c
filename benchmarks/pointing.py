"""A thousand pointing answers of models that know nothing: their form has to hold all the same.

Three vocabularies, random weights, prompts of 1 to 20 sentences of the demo artist's notes. Then what pointing saves:
the same quotations written out, token by token, by a model of real shape.
"""

import random
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.listening import ROOM, THREADS, Spent, dictated, spent
from benchmarks.shapes import SMALL, TINY, shape_file, shelf
from models import Limits, NumberedSentence, Prompt, Usage
from models.engine.contracts import Request, Sampling
from models.llama import LlamaWriter
from presence.asking.prompt import persona
from presence.asking.verify import pointers
from presence.cli.demo import DEMO_ARTIST, MATERIAL

ANSWERS = 1_000
VOCABULARIES = ("qwen2", "llama-spm", "gpt-2")
SENTENCES_MAX = 20
# Room for four connections of eighty characters, each of them a token of its own.
ROOMY = Limits(tokens_max=400)
USUAL = Limits()
TIMED = 4

_UNIT = r"(?:[A-Z][a-z ,']{5,80}[.:] )?\[\d+\]"
_WELL_FORMED = re.compile(rf"{_UNIT}(?: {_UNIT})*")
_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass
class Seen:
    """What was counted over all answers."""

    answers: int = 0
    malformed: int = 0
    cut_off: int = 0
    longer_than_usual: int = 0
    pointers: int = 0
    dropped: int = 0
    outside: int = 0
    twice: int = 0
    not_verbatim: int = 0
    tokens: int = 0
    tokens_written_out: int = 0
    texts: set[str] = field(default_factory=set)


def measure(source: Path | None, models: Path | None) -> dict[str, Any]:
    """Look at every answer, then time a few."""
    seen, chance = Seen(), random.Random(1)
    with shelf(models) as folder:
        for at, vocabulary in enumerate(VOCABULARIES):
            model = shape_file(folder, TINY, source, vocabulary=vocabulary)
            share = ANSWERS // len(VOCABULARIES) + (at < ANSWERS % len(VOCABULARIES))
            _write(model, [prompt_of_notes(chance) for _ in range(share)], seen)
        saved = _saved(shape_file(folder, SMALL, source))
    counted = {name: value for name, value in vars(seen).items() if name != "texts"}
    return {
        "figures": {**counted, "distinct": len(seen.texts), **saved},
        "ratios": {
            "tokens_pointing_vs_written_out": round(seen.tokens / seen.tokens_written_out, 3),
            "cpu_pointing_vs_written_out": round(saved["pointing_cpu_s"] / saved["written_out_cpu_s"], 3),
            "cpu_bare_pointers_vs_written_out": round(saved["bare_cpu_s"] / saved["written_out_cpu_s"], 3),
        },
    }


def notes() -> list[str]:
    """Give the sentences of the demo artist's notes."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(MATERIAL.rglob("*.md"))]
    found = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text)]
    return [sentence for sentence in found if 20 < len(sentence) < 300]


def prompt_of_notes(chance: random.Random, count: int | None = None) -> Prompt:
    """Ask something about 1 to 20 sentences."""
    texts = chance.sample(notes(), count or chance.randint(1, SENTENCES_MAX))
    sentences = tuple(
        NumberedSentence(number, text, DEMO_ARTIST, "Notes", "2020-01-01", f"{number}", 0, 1 / number)
        for number, text in enumerate(texts, start=1)
    )
    asked = " ".join(chance.choice(notes()).split()[: chance.randint(3, 12)])
    return Prompt(persona(DEMO_ARTIST), f"What about: {asked}?", sentences)


def _write(model: Path, prompts: Sequence[Prompt], seen: Seen) -> None:
    writer = LlamaWriter(model, room=replace(ROOM, answers=1, threads=1))
    try:
        for prompt in prompts:
            usage = Usage()
            pieces = list(writer.write(prompt, ROOMY, threading.Event(), usage))
            _look(writer, prompt, pieces, usage, seen)
    finally:
        writer.close()


def _look(writer: LlamaWriter, prompt: Prompt, pieces: Sequence[str], usage: Usage, seen: Seen) -> None:
    answer = "".join(pieces)
    texts = {sentence.number: sentence.text for sentence in prompt.sentences}
    written = [int(number) for number in _NUMBER.findall(answer)]
    held = [pointed.number for pointed in pointers(pieces, texts)]
    quoted = [texts[number] for number in held]
    seen.answers += 1
    seen.malformed += _WELL_FORMED.fullmatch(answer) is None
    seen.cut_off += usage.answer_tokens >= ROOMY.tokens_max
    seen.longer_than_usual += usage.answer_tokens > USUAL.tokens_max
    seen.pointers += len(held)
    seen.dropped += len(written) - len(held)
    seen.outside += sum(number not in texts for number in written)
    seen.twice += len(written) - len(set(written))
    seen.not_verbatim += sum(text not in prompt.user and " ".join(text.split()) not in prompt.user for text in quoted)
    seen.tokens += usage.answer_tokens
    seen.tokens_written_out += len(writer.engine.weights.tokens(" ".join(quoted)))
    seen.texts.add(answer)


def _saved(model: Path) -> dict[str, float]:
    """Answer a few prompts three ways: pointing as random weights do, pointing barely, the quotations written out."""
    took: dict[str, list[Spent]] = {"pointing": [], "bare": [], "written_out": []}
    counts = dict.fromkeys(took, 0)
    writer = LlamaWriter(model)
    chance = random.Random(2)
    try:
        for _ in range(TIMED):
            prompt = prompt_of_notes(chance, 6)
            list(writer.write(prompt, Limits(tokens_max=1), threading.Event()))  # whatever can be kept is kept now
            usage, answer = Usage(), ""
            pieces: list[str] = []
            took["pointing"].append(spent(_writing(writer, prompt, usage, pieces)))
            counts["pointing"] += usage.answer_tokens
            answer = "".join(pieces)
            numbers = [int(number) for number in _NUMBER.findall(answer)]
            bare = " ".join(f"[{number}]" for number in numbers)
            out = " ".join(prompt.sentences[number - 1].text for number in numbers)
            for name, text in (("bare", bare), ("written_out", out)):
                tokens = writer.engine.weights.tokens(text)
                counts[name] += len(tokens)
                took[name].append(_dictation(writer, prompt, tokens))
    finally:
        writer.close()
    spans = {f"{name}_cpu_s": round(sum(one.cpu_s for one in all_), 2) for name, all_ in took.items()}
    return {**spans, **{f"{name}_tokens": count for name, count in counts.items()}, "threads": THREADS}


def _writing(writer: LlamaWriter, prompt: Prompt, usage: Usage, pieces: list[str]) -> Any:
    return lambda: pieces.extend(writer.write(prompt, USUAL, threading.Event(), usage))


def _dictation(writer: LlamaWriter, prompt: Prompt, tokens: Sequence[int]) -> Spent:
    prefix = len(writer.chat.prefix(prompt.system))
    request = Request(tuple(writer.chat.tokens(prompt)), Sampling(len(tokens), seed=1), prefix)
    with dictated({1: tokens}):
        return spent(lambda: list(writer.engine.submit(request)))
