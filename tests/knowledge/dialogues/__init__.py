"""Whole conversations, and what their last turns mean."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.evidence import AskBack, Before, Evidence, Finding
from knowledge.facts.told import Facts
from knowledge.finding import Knowing

HERE = Path(__file__).parent
ASK = "ask:"


@dataclass(frozen=True)
class Dialogue:
    """Turns, and the plain question that the last one means; or the choices that it is asked back with."""

    turns: tuple[str, ...]
    plain: str
    choices: tuple[str, ...]


def dialogues(name: str) -> list[Dialogue]:
    """Read a file of them: `turn | turn => plain question`, or `=> ask: choice | choice`."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [_dialogue(line) for line in lines if line and not line.startswith("#")]


def _dialogue(line: str) -> Dialogue:
    said, _, meant = line.partition(" => ")
    choices = _parts(meant.removeprefix(ASK)) if meant.startswith(ASK) else ()
    return Dialogue(_parts(said), "" if choices else meant.strip(), choices)


def _parts(said: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in said.split("|"))


def text_of(found: Finding) -> str:
    """Write an answer as a transcript keeps it: its sentences in one text."""
    if isinstance(found, Facts):
        return found.text
    return " ".join(one.text for one in found.sentences) if isinstance(found, Evidence) else ""


def held(knowing: Knowing, turns: tuple[str, ...], tier: int = 0) -> list[Finding]:
    """Hold a conversation; give what was found at each turn."""
    earlier: list[Before] = []
    found: list[Finding] = []
    for turn in turns:
        found.append(knowing.find(turn, tier, tuple(earlier)))
        earlier.append(Before(turn, text_of(found[-1])))
    return found


def is_right(knowing: Knowing, dialogue: Dialogue) -> bool:
    """Whether the last turn finds what its plain question finds, which has to be something of the rows."""
    last = held(knowing, dialogue.turns)[-1]
    if dialogue.choices:
        plain = tuple(choice.replace("“", "").replace("”", "") for choice in dialogue.choices)
        asked = [choice.replace("“", "").replace("”", "") for choice in getattr(last, "choices", ())]
        return isinstance(last, AskBack) and tuple(asked) == plain
    return last == knowing.find(dialogue.plain, 0)
