"""The local writer, with the real engine and a tiny model of random weights."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models import Limits, ModelMissing, Prompt, Turn, Usage
from models.errors import ModelUnreadable, WriterStopped
from presence.asking.verify import pointers
from tests.models.prompts import TEXTS, prompt_of
from tests.models.tiny_gguf import CHATML, write_tiny_model

pytest.importorskip("llama_cpp", reason="the language engine is not built yet: setup/engine.sh")
from models.engine.contracts import Room  # only where there is an engine
from models.llama import LlamaWriter

pytestmark = pytest.mark.slow

PROMPT = prompt_of(*TEXTS)
OTHER = prompt_of("We played on the upper deck.", "The coast guard called.", question="Who called?")
USUAL = Limits()
LONG = Limits(tokens_max=4_000, pointers_max=300)
ROOM = Room(cells=16_384, answer_tokens=8_192, threads=1)
SMALL = Room(cells=1_024, answer_tokens=1_024, threads=1)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LlamaWriter]:
    opened = LlamaWriter(write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML), room=ROOM)
    yield opened
    opened.close()


@pytest.fixture
def talkative(tmp_path: Path) -> Iterator[LlamaWriter]:
    opened = LlamaWriter(write_tiny_model(tmp_path / "talk.gguf", chat_template=CHATML, talkative=True), room=ROOM)
    yield opened
    opened.close()


def written(writer: LlamaWriter, prompt: Prompt = PROMPT, limits: Limits = USUAL) -> str:
    return "".join(writer.write(prompt, limits, threading.Event()))


def opened_within(path: Path, seconds: float) -> Exception | None:
    """Open a model on another thread, since an engine that hangs would hang the test; gives what was raised."""
    raised: list[Exception | None] = []

    def open_it() -> None:
        try:
            LlamaWriter(path, room=ROOM).close()
        except Exception as error:  # noqa: BLE001  # handed to the test
            raised.append(error)
        else:
            raised.append(None)

    thread = threading.Thread(target=open_it, daemon=True)
    thread.start()
    thread.join(seconds)
    assert raised, "the model was neither opened nor refused"
    return raised[0]


def test_an_answer_points_at_a_sentence_of_the_prompt(writer: LlamaWriter) -> None:
    answer = written(writer)
    assert list(pointers([answer], range(1, 5)))
    assert set("".join(part.split("]")[0] for part in answer.split("[")[1:])) <= set("1234")


def test_the_writer_is_named_for_its_model(writer: LlamaWriter) -> None:
    assert writer.name == "llama:tiny"


def test_an_answer_ends_when_the_model_says_so(writer: LlamaWriter) -> None:
    assert len(written(writer, limits=LONG)) < LONG.tokens_max / 4


def test_the_same_question_is_answered_alike(writer: LlamaWriter) -> None:
    assert written(writer) == written(writer)


def test_a_stop_is_seen_between_two_tokens(talkative: LlamaWriter) -> None:
    stop = threading.Event()
    answer = talkative.write(PROMPT, LONG, stop)
    next(answer)
    stop.set()
    assert len(list(answer)) < LONG.tokens_max / 4


def test_an_answer_after_a_stopped_one_is_what_it_would_have_been(talkative: LlamaWriter, tmp_path: Path) -> None:
    fresh = LlamaWriter(tmp_path / "talk.gguf", room=ROOM)
    reference = written(fresh, OTHER)
    fresh.close()
    stop = threading.Event()
    answer = talkative.write(PROMPT, LONG, stop)
    next(answer)
    stop.set()
    list(answer)
    assert written(talkative, OTHER) == reference


def test_an_answer_that_nobody_reads_to_its_end_does_not_spoil_the_next(talkative: LlamaWriter) -> None:
    reference = written(talkative, OTHER)
    abandoned = talkative.write(PROMPT, Limits(tokens_max=50), threading.Event())
    next(abandoned)
    del abandoned
    assert written(talkative, OTHER) == reference


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"nowhere\.gguf"):
        LlamaWriter(tmp_path / "nowhere.gguf")


@pytest.mark.parametrize("content", [b"", b"GGUF", b"# A note, not a model\n", b"GGUF" + bytes(range(256)) * 20])
def test_a_file_that_is_no_model_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    assert isinstance(opened_within(path, 20), ModelUnreadable)


def test_half_a_model_is_unreadable(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "half.gguf")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert isinstance(opened_within(path, 20), ModelUnreadable)


def test_a_model_with_a_broken_chat_template_is_unreadable(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "template.gguf", chat_template="{% for message in %}")
    assert isinstance(opened_within(path, 20), ModelUnreadable)


def test_the_models_own_chat_template_is_used(writer: LlamaWriter, tmp_path: Path) -> None:
    templated = LlamaWriter(
        write_tiny_model(tmp_path / "chat.gguf", chat_template=CHATML.replace("<<", "##")), room=ROOM
    )
    answer = written(templated)
    templated.close()
    assert list(pointers([answer], range(1, 5)))
    assert answer != written(writer)


def test_a_prompt_longer_than_the_context_keeps_its_most_telling_sentences(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "talk.gguf", chat_template=CHATML, talkative=True)
    small = LlamaWriter(path, room=SMALL)
    many = prompt_of(*(f"This is the sentence that stands at place {place} of many." for place in range(1, 200)))
    answer = written(small, many, Limits(tokens_max=400, pointers_max=20))
    small.close()
    found = [pointed.number for pointed in pointers([answer], range(1, 200))]
    assert found
    assert max(found) < 20


def test_a_single_sentence_that_is_too_long_still_gets_an_answer(tmp_path: Path) -> None:
    small = LlamaWriter(
        write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML), room=replace(SMALL, answer_tokens=512)
    )
    answer = written(small, prompt_of("word " * 1_000))
    small.close()
    assert [pointed.number for pointed in pointers([answer], [1])] == [1]


def test_letters_beyond_ascii_reach_the_model(writer: LlamaWriter) -> None:
    assert list(pointers([written(writer, prompt_of("Das Klavier stand in Köln. 🎹"))], [1]))


def test_closing_while_an_answer_is_written_is_quick(talkative: LlamaWriter) -> None:
    answer = talkative.write(PROMPT, LONG, threading.Event())
    next(answer)
    began = time.monotonic()
    talkative.close()
    assert time.monotonic() - began < 5
    with pytest.raises(WriterStopped):
        list(answer)


def test_a_closed_writer_begins_no_answer(writer: LlamaWriter) -> None:
    writer.close()
    with pytest.raises(WriterStopped):
        written(writer)


def test_answers_that_wait_for_the_model_end_when_it_is_closed(talkative: LlamaWriter) -> None:
    ended = threading.Barrier(4, timeout=20)

    def ask() -> None:
        with contextlib.suppress(WriterStopped):
            written(talkative, limits=LONG)
        ended.wait()

    for _ in range(3):
        threading.Thread(target=ask, daemon=True).start()
    time.sleep(0.2)
    talkative.close()
    ended.wait()


def test_a_slow_machine_reads_fewer_sentences_but_some(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML)
    writer = LlamaWriter(path, room=ROOM, first_token_s=2.0)
    many = prompt_of(*(f"This is sentence {place:03}." for place in range(1, 101)))
    read = []
    for pace in (10_000.0, 200.0, 0.001):
        writer.engine.pace = pace
        read.append(len(writer.fitted(many, USUAL)[1]))
    writer.close()
    assert read[0] == 100
    assert 3 < read[1] < 10
    assert read[2] == 3


def test_earlier_turns_are_left_out_before_sentences(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML)
    writer = LlamaWriter(path, room=SMALL)
    turns = (Turn("first " + "x" * 600, "[1]"), Turn("second", "[2]"))
    tokens, shown = writer.fitted(replace(PROMPT, turns=turns), USUAL)
    text = b"".join(writer._weights.piece(token) for token in tokens).decode()  # what the model reads
    writer.close()
    assert ("first" in text, "second" in text, len(shown)) == (False, True, len(TEXTS))


def test_what_an_answer_took_is_counted(writer: LlamaWriter) -> None:
    first, second = Usage(), Usage()
    for usage in (first, second):
        answer = "".join(writer.write(PROMPT, USUAL, threading.Event(), usage))
    prefix = len(writer.chat.prefix(PROMPT.system))
    assert (first.reused_tokens, second.reused_tokens) == (0, prefix)
    assert first.prompt_tokens == len(writer.chat.tokens(PROMPT))
    assert second.answer_tokens == len(answer)  # a letter is a token to this model


def test_a_persona_that_was_read_beforehand_is_not_read_again(writer: LlamaWriter) -> None:
    writer.warm([(0, PROMPT.system)])
    usage = Usage()
    list(writer.write(PROMPT, USUAL, threading.Event(), usage))
    assert usage.reused_tokens == len(writer.chat.prefix(PROMPT.system))


def test_a_number_is_pointed_at_once_however_much_there_is_to_say(talkative: LlamaWriter) -> None:
    answer = written(talkative, limits=Limits(tokens_max=4_000, pointers_max=10))
    numbers = [part.split("]")[0] for part in answer.split("[")[1:]]
    assert sorted(numbers) == ["1", "2", "3", "4"]
