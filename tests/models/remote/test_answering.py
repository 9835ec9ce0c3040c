"""Whatever a server streams, only checked units come out."""

import threading

from models import Limits, Usage
from tests.models.remote.imitation import DONE, FINISH, Reply, chunk, event, said
from tests.models.remote.writing import PROMPT, Open, written

UNITS = '{"units": [{"say": "In a note:", "point": 2}, {"say": "", "point": 1}]}'


def test_json_is_given_as_text_while_it_is_written(opened: Open) -> None:
    so_far = tuple(event(content=piece) for piece in UNITS[: UNITS.index("}") + 1])
    writer, imitation = opened(Reply(so_far, ending="silent"), to={"constraint": "json"}, knows={"response_format"})
    answer = writer.write(PROMPT, Limits(), threading.Event())
    assert next(answer) == "In a note: [2] "
    assert not imitation.hung_up.is_set()


def test_pointers_at_other_sentences_and_repeated_ones_are_left_out(opened: Open) -> None:
    writer, _ = opened(said("Here: [9] [1] Again: [1] Then: [2]"))
    assert written(writer) == "[1] Then: [2] "


def test_nothing_comes_after_the_last_pointer_allowed(opened: Open) -> None:
    blocks = (event(content="[1] [2] [3] [4]"), chunk({"choices": [], "usage": {"completion_tokens": 99}}))
    writer, imitation = opened(Reply(blocks, ending="silent"))
    usage = Usage()
    assert written(writer, usage, limits=Limits(pointers_max=2)) == "[1] [2] "
    assert usage == Usage(answer_tokens=1)  # nobody waited for what comes later
    assert imitation.hung_up.wait(20)


def test_a_constrained_answer_waits_for_the_count_but_not_for_ever(opened: Open) -> None:
    blocks = (event(content="[1] [2]"),)
    knows = frozenset({"grammar", "chat_template_kwargs"})
    writer, imitation = opened(Reply(blocks, ending="silent"), owner="llamacpp", knows=knows)
    assert written(writer, limits=Limits(pointers_max=2)) == "[1] [2] "
    assert imitation.hung_up.wait(20)


def test_more_tokens_than_allowed_are_not_read(opened: Open) -> None:
    blocks = tuple(event(content=piece) for piece in ("[1] ", "[2] ", "[3] "))
    writer, imitation = opened(Reply(blocks, ending="silent"))
    assert written(writer, limits=Limits(tokens_max=2)) == "[1] [2] "
    assert imitation.hung_up.wait(20)


def test_thoughts_are_not_shown(opened: Open) -> None:
    thinking = (event(reasoning_content="Maybe [4]"), event(content="<thi"), event(content="nk>Or [3]? </th"))
    writer, _ = opened(Reply((*thinking, event(content="ink>[1]"), FINISH, DONE)))
    assert written(writer) == "[1] "


def test_an_answer_that_never_stops_thinking_is_empty(opened: Open) -> None:
    writer, _ = opened(said("<think>Maybe [1]"))
    assert written(writer) == ""


def test_lines_and_characters_may_be_split_anywhere(opened: Open) -> None:
    whole = b": a comment\r\n\r\n" + event(content="Für Ümläute: [1]").replace(b"\n", b"\r\n") + b"data: [DONE]"
    writer, _ = opened(Reply(tuple(bytes([byte]) for byte in whole)))
    assert written(writer) == "Für Ümläute: [1] "


def test_the_count_of_the_server_is_believed(opened: Open) -> None:
    counts = {"prompt_tokens": 90, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 60}}
    writer, imitation = opened(
        Reply((event(content="[1]"), FINISH, chunk({"choices": [], "usage": counts}), DONE)),
    )
    usage = Usage()
    written(writer, usage)
    assert usage == Usage(prompt_tokens=90, reused_tokens=60, answer_tokens=7)
    assert imitation.asked[0]["stream_options"] == {"include_usage": True}


def test_without_a_count_the_pieces_are_counted(opened: Open) -> None:
    writer, _ = opened(said("In a note: ", "[1] ", "[2]"))
    usage = Usage()
    written(writer, usage)
    assert usage == Usage(answer_tokens=3)
