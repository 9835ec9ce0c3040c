"""One suite for every writer: the quoting one, the scripted one, the local model and a remote one."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models import Limits, Prompt, QuotingWriter, ScriptedWriter, Writer
from presence.asking.verify import pointers
from tests.models.prompts import TEXTS, prompt_of

PROMPT = prompt_of(*TEXTS)
USUAL = Limits()


SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("llama", "remote")]


@pytest.fixture(params=["quoting", "scripted", *SLOW])
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Writer]:
    if request.param == "quoting":
        yield QuotingWriter()
    elif request.param == "scripted":
        yield ScriptedWriter(["In a note: ", "[1] ", "[2]"])
    elif request.param == "remote":
        pytest.importorskip("xllamacpp")
        from models.remote import RemoteWriter
        from tests.models.remote.llama_server import llama_server
        from tests.models.tiny_gguf import CHATML, write_tiny_model

        with llama_server(write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML)) as url:
            away = RemoteWriter(url)
            yield away
            away.close()
    else:
        from models.llama import LlamaWriter
        from tests.models.tiny_gguf import CHATML, write_tiny_model

        opened = LlamaWriter(write_tiny_model(tmp_path / "tiny.gguf", chat_template=CHATML))
        yield opened
        opened.close()


def written(writer: Writer, prompt: Prompt = PROMPT, limits: Limits = USUAL) -> str:
    return "".join(writer.write(prompt, limits, threading.Event()))


def test_it_has_a_name_to_show(writer: Writer) -> None:
    assert writer.name


def test_an_answer_points_at_numbers_of_the_prompt_only(writer: Writer) -> None:
    answer = written(writer)
    found = [pointed.number for pointed in pointers([answer], range(10_000))]
    assert found
    assert set(found) <= {1, 2, 3, 4}


def test_a_writer_told_to_stop_beforehand_writes_nothing(writer: Writer) -> None:
    stop = threading.Event()
    stop.set()
    assert list(writer.write(PROMPT, Limits(), stop)) == []


def test_a_writer_told_to_stop_ends_without_an_error(writer: Writer) -> None:
    stop = threading.Event()
    answer = writer.write(PROMPT, Limits(), stop)
    next(answer)
    stop.set()
    assert len(list(answer)) < 190


def test_an_answer_has_no_more_pieces_than_tokens_allowed(writer: Writer) -> None:
    assert len(list(writer.write(PROMPT, Limits(tokens_max=2, pointers_max=2), threading.Event()))) <= 2


def test_many_answers_are_written_one_after_the_other(writer: Writer) -> None:
    prompts = [prompt_of(*TEXTS[:count]) for count in (1, 2, 3, 4)] * 5
    answers = [written(writer, prompt) for prompt in prompts]
    assert all(answers)
    assert answers[:4] == answers[16:]


def test_answers_asked_for_at_once_do_not_mix(writer: Writer) -> None:
    prompts = [prompt_of(*TEXTS[:count]) for count in (1, 2, 3, 4)]
    alone = [written(writer, prompt) for prompt in prompts]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda prompt: written(writer, prompt), prompts))
    assert together == alone


def test_closing_twice_is_fine(writer: Writer) -> None:
    written(writer)
    writer.close()
    writer.close()


@pytest.mark.parametrize("pointers_max", [1, 2])
@pytest.mark.parametrize("kind", ["quoting", pytest.param("llama", marks=pytest.mark.slow)])
def test_an_answer_has_no_more_pointers_than_allowed(kind: str, pointers_max: int, tmp_path: Path) -> None:
    with _opened(kind, tmp_path) as writer:
        answer = written(writer, limits=Limits(tokens_max=2_000, pointers_max=pointers_max))
    assert 1 <= answer.count("[") <= pointers_max


@pytest.mark.parametrize("kind", ["quoting", pytest.param("llama", marks=pytest.mark.slow)])
def test_a_prompt_without_sentences_is_answered_with_nothing(kind: str, tmp_path: Path) -> None:
    with _opened(kind, tmp_path) as writer:
        assert written(writer, prompt_of()) == ""


class _opened:  # noqa: N801  # reads as what it does
    """Open a writer that has as much to say as it may."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._writer: Writer = QuotingWriter()
        if kind == "llama":
            from models.llama import LlamaWriter
            from tests.models.tiny_gguf import CHATML, write_tiny_model

            self._writer = LlamaWriter(write_tiny_model(folder / "talk.gguf", chat_template=CHATML, talkative=True))

    def __enter__(self) -> Writer:
        return self._writer

    def __exit__(self, *_: object) -> None:
        self._writer.close()
