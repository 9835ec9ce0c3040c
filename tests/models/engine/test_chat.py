"""Prompts as the model's own template wants them."""

from pathlib import Path

import pytest

from models import Prompt, Turn
from tests.models.engine.opened import ENGINE_MISSING
from tests.models.prompts import TEXTS, prompt_of
from tests.models.tiny_gguf import CHATML, write_tiny_model

pytestmark = pytest.mark.slow

THINKING = CHATML + "{% if enable_thinking is defined and not enable_thinking %}(no thoughts){% endif %}"
NO_SYSTEM = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system here') }}{% endif %}" + CHATML


def read(tmp_path: Path, template: str, prompt: Prompt) -> str:
    """Give the whole prompt as the model reads it."""
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    from models.engine.chat import Chat
    from models.engine.weights import Weights

    weights = Weights(write_tiny_model(tmp_path / "tiny.gguf", chat_template=template))
    try:
        return b"".join(weights.piece(token, special=True) for token in Chat(weights).tokens(prompt)).decode()
    finally:
        weights.close()


def test_persona_sentences_and_question_are_where_the_template_puts_them(tmp_path: Path) -> None:
    text = read(tmp_path, CHATML, prompt_of(*TEXTS))
    assert text.startswith("<<system>>Answer by pointing at sentences.<<user>>Sentences:\n[1]")
    assert text.endswith("Question: Where was it written?\nAnswer:<s><<answer>>")


def test_earlier_turns_stand_between_persona_and_question(tmp_path: Path) -> None:
    prompt = Prompt("Point.", "And after that?", (), turns=(Turn("Who?", "[1]"), Turn("When?", "[2]")))
    text = read(tmp_path, CHATML, prompt)
    assert text.startswith("<<system>>Point.<<user>>Who?<<assistant>>[1]<<user>>When?<<assistant>>[2]<<user>>")


def test_thinking_is_off(tmp_path: Path) -> None:
    assert read(tmp_path, THINKING, prompt_of(*TEXTS)).endswith("(no thoughts)")


def test_a_template_that_knows_no_system_gets_the_persona_before_the_question(tmp_path: Path) -> None:
    text = read(tmp_path, NO_SYSTEM, prompt_of(*TEXTS))
    assert text.startswith("<<user>>Answer by pointing at sentences.\n\nSentences:")


def test_every_prompt_of_a_persona_begins_with_its_prefix(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)
    from models.engine.chat import Chat
    from models.engine.weights import Weights

    weights = Weights(write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML))
    chat = Chat(weights)
    prompt = prompt_of(*TEXTS)
    prefix = chat.prefix(prompt.system)
    assert chat.tokens(prompt)[: len(prefix)] == prefix
    assert chat.tokens(prompt_of("Other."))[: len(prefix)] == prefix
    assert len(prefix) > len(prompt.system)
    weights.close()
