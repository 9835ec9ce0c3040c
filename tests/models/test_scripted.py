"""The writer for tests and rehearsals."""

import threading

from models import Limits, ScriptedWriter
from tests.models.prompts import prompt_of


def test_it_says_its_script_and_keeps_the_prompt() -> None:
    writer, prompt = ScriptedWriter(["It was ", "[1]"]), prompt_of("A sentence.")
    assert "".join(writer.write(prompt, Limits(), threading.Event())) == "It was [1]"
    assert writer.prompts == [prompt]


def test_something_can_happen_before_each_piece() -> None:
    stop = threading.Event()
    writer = ScriptedWriter(["[1] ", "[2] "], before_each=stop.set)
    assert list(writer.write(prompt_of("A sentence."), Limits(), stop)) == []
