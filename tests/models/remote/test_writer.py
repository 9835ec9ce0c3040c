"""A remote writer has a name, can be checked, and stops when it is told to."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from models import Limits, Turn
from models.errors import WriterStopped, WriterUnreachable
from models.remote import RemoteWriter
from tests.models.prompts import prompt_of
from tests.models.remote.imitation import Imitation, Reply, event, said
from tests.models.remote.writing import PROMPT, Open, written


def test_an_answer_comes_in_units(opened: Open) -> None:
    writer, _ = opened(said("In a ", "note: [", "1", "] ", "Also: [2]"))
    assert list(writer.write(PROMPT, Limits(), threading.Event())) == ["In a note: [1] ", "Also: [2] "]


def test_it_is_named_for_the_model_it_was_told(opened: Open) -> None:
    writer, imitation = opened(said("[1]"), models=("small", "big"), to={"model": "big"})
    assert writer.name == "remote:big"
    written(writer)
    assert imitation.asked[0]["model"] == "big"


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        ("/home/ada/models/small.Q4.gguf", "small.Q4"),
        ("C:\\models\\small.gguf", "small"),
        ("./small", "small"),
        ("people/small-4b", "people/small-4b"),
        ("small:4b", "small:4b"),
    ],
)
def test_its_name_does_not_tell_where_a_file_lies(model: str, shown: str) -> None:
    writer = RemoteWriter("http://127.0.0.1:9", model=model)
    assert writer.name == f"remote:{shown}"
    writer.close()


def test_without_a_name_it_takes_the_first_model_listed(opened: Open) -> None:
    writer, imitation = opened(said("[1]"), models=("small", "big"))
    assert writer.name == f"remote:{imitation.url.removeprefix('http://')}"
    written(writer)
    assert (writer.name, imitation.asked[0]["model"]) == ("remote:small", "small")


def test_a_server_is_met_once(opened: Open) -> None:
    writer, imitation = opened(said("[1]"))
    written(writer)
    written(writer)
    assert (imitation.looked, len(imitation.asked)) == (1, 2)


def test_the_conversation_is_sent_in_turns(opened: Open) -> None:
    writer, imitation = opened(said("[1]"))
    prompt = replace(PROMPT, turns=(Turn("Before?", "[3] "),))
    list(writer.write(prompt, Limits(), threading.Event()))
    contents = [message["content"] for message in imitation.asked[0]["messages"]]
    assert contents == [PROMPT.system, "Before?", "[3] ", PROMPT.user]


def test_a_server_that_is_away_does_not_keep_a_writer_from_opening() -> None:
    writer = RemoteWriter("http://127.0.0.1:9", model="small")
    assert writer.name == "remote:small"
    with pytest.raises(WriterUnreachable, match="does not answer"):
        written(writer)
    assert "does not answer" in (writer.check() or "")
    writer.close()


def test_a_server_that_is_there_passes_the_check(opened: Open) -> None:
    writer, _ = opened(said("[1]"))
    assert writer.check() is None


def test_a_server_without_models_does_not_pass_the_check(opened: Open) -> None:
    writer, _ = opened(said("[1]"), models=())
    assert "no model" in (writer.check() or "")


def test_a_server_without_a_list_serves_when_the_model_is_named(opened: Open) -> None:
    writer, _ = opened(said("[1]"), list_reply=Reply(status=404), to={"model": "small"})
    assert writer.check() is None
    assert written(writer) == "[1] "


def test_a_list_that_is_no_json_is_a_sentence(opened: Open) -> None:
    writer, _ = opened(said("[1]"), list_reply=Reply((b"<html>",)))
    assert "/v1" in (writer.check() or "")


def _set_once_silent(stop: threading.Event, imitation: Imitation) -> None:
    def watch() -> None:
        imitation.silent.wait(20)
        stop.set()

    threading.Thread(target=watch).start()


@pytest.mark.parametrize("blocks", [(), (event(content="[1]"),)], ids=["before-a-word", "mid-answer"])
def test_a_stop_is_seen_while_nothing_comes(opened: Open, blocks: tuple[bytes, ...]) -> None:
    writer, imitation = opened(Reply(blocks, ending="silent"))
    stop = threading.Event()
    _set_once_silent(stop, imitation)
    assert list(writer.write(PROMPT, Limits(), stop)) == ["[1] "] * len(blocks)
    assert imitation.hung_up.wait(20)


def test_a_stop_is_seen_before_the_server_says_a_word(opened: Open) -> None:
    writer, imitation = opened(Reply(ending="silent"), list_reply=Reply(ending="silent"))
    stop = threading.Event()
    _set_once_silent(stop, imitation)
    assert list(writer.write(PROMPT, Limits(), stop)) == []
    assert imitation.hung_up.wait(20)


def test_a_stop_beforehand_asks_nobody(opened: Open) -> None:
    writer, imitation = opened(said("[1]"))
    stop = threading.Event()
    stop.set()
    assert list(writer.write(PROMPT, Limits(), stop)) == []
    writer.close()
    assert (imitation.connections, imitation.asked) == (0, [])


def test_nobody_reading_ends_the_request(opened: Open) -> None:
    writer, imitation = opened(Reply((event(content="[1]"),), ending="silent"))
    answer = writer.write(PROMPT, Limits(), threading.Event())
    next(answer)
    del answer
    gc.collect()
    assert imitation.hung_up.wait(20)


def test_closing_breaks_off_what_is_written(opened: Open) -> None:
    writer, imitation = opened(Reply((event(content="[1]"),), ending="silent"))
    answer = writer.write(PROMPT, Limits(), threading.Event())
    next(answer)
    writer.close()
    with pytest.raises(WriterStopped):
        next(answer)
    assert imitation.hung_up.wait(20)
    with pytest.raises(WriterStopped):
        written(writer)


def test_a_prompt_without_sentences_asks_nobody(opened: Open) -> None:
    writer, imitation = opened(said("[1]"))
    assert list(writer.write(prompt_of(), Limits(), threading.Event())) == []
    assert (imitation.looked, imitation.asked) == (0, [])


def test_many_threads_may_write_at_once(opened: Open) -> None:
    writer, imitation = opened(said("[1]"))
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: written(writer), range(16)))
    assert answers == ["[1] "] * 16
    assert imitation.looked == 1
