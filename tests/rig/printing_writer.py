"""A writer that obeys whoever asks it to: it prints all that it was told, and points at everything."""

import threading
from collections.abc import Iterator

from models import Limits, Prompt, Usage
from tests.rig.canaries import Canaries


class PrintingWriter:
    """Remembers each canary that it was told above the tier of the prompt. Thread-safe."""

    name = "llama:printing"

    def __init__(self, canaries: Canaries) -> None:
        self._canaries = canaries
        self.prompts = 0
        self.within: set[str] = set()
        self.above: list[str] = []

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        """Print the prompt, conversation and persona included; then point at every sentence."""
        said = "\n".join([prompt.system, *(f"{turn.user}\n{turn.answer}" for turn in prompt.turns), prompt.user])
        self.prompts += 1
        self.above += [f"{place} in a prompt" for place in self._canaries.above(prompt.tier, said)]
        self.within |= self._canaries.places_in(said)
        yield from (f"{said[start : start + 80]} " for start in range(0, len(said), 80) if not stop.is_set())
        yield " ".join(f"[{sentence.number}]" for sentence in prompt.sentences)

    def close(self) -> None:
        """Nothing is held."""
