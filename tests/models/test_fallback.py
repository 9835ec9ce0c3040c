"""Quoting while there is no model, the model as soon as there is."""

import threading
from collections.abc import Iterator

import pytest

from models import Fallback, Limits, Prompt, QuotingWriter, ScriptedWriter, Usage, Writer
from models.errors import EngineMissing, ModelError, ModelUnreadable, WriterBusy, WriterUnreachable
from tests.models.prompts import TEXTS, prompt_of

PROMPT = prompt_of(*TEXTS)
QUOTED = "".join(QuotingWriter().write(PROMPT, Limits(), threading.Event()))


def written(writer: Writer) -> str:
    return "".join(writer.write(PROMPT, Limits(), threading.Event()))


def refusing(error: ModelError) -> Writer:
    raise error


class Failing:
    """A writer that fails after so many pieces."""

    name = "failing"
    alive = True

    def __init__(self, pieces: int, error: ModelError) -> None:
        self._pieces = pieces
        self.error: ModelError | None = error

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        for _ in range(self._pieces):
            yield "[2] "
        if self.error is not None:
            raise self.error
        yield "[1] "

    def close(self) -> None:
        """Nothing is held."""


def test_it_quotes_until_the_model_is_open() -> None:
    open_it = threading.Event()

    def opening() -> Writer:
        open_it.wait()
        return ScriptedWriter(["[1]"])

    writer = Fallback(opening, QuotingWriter())
    assert (writer.state, writer.name, written(writer)) == ("opening", "quoting", QUOTED)
    open_it.set()
    assert writer.settled.wait(10)
    assert (writer.state, writer.name, written(writer)) == ("ready", "scripted", "[1]")


def test_it_goes_on_quoting_when_the_model_is_bad_and_says_why() -> None:
    writer = Fallback(lambda: refusing(ModelUnreadable("x.gguf", "half of it is missing")), QuotingWriter())
    assert writer.settled.wait(10)
    assert (writer.state, written(writer)) == ("failed", QUOTED)
    assert writer.reason is not None
    assert "half of it is missing" in writer.reason


def test_whatever_goes_wrong_while_opening_does_not_end_the_node() -> None:
    def opening() -> Writer:
        raise ZeroDivisionError

    writer = Fallback(opening, QuotingWriter())
    assert writer.settled.wait(10)
    assert writer.state == "failed"
    assert written(writer) == QUOTED


@pytest.mark.parametrize("error", [EngineMissing("being built"), WriterUnreachable("the server is away")])
def test_it_tries_again_while_the_engine_is_built_or_the_server_is_away(error: ModelError) -> None:
    answers: list[ModelError | None] = [error, error, None]
    opened = threading.Event()

    def opening() -> Writer:
        if (refused := answers.pop(0)) is not None:
            raise refused
        opened.set()
        return ScriptedWriter(["[1]"])

    writer = Fallback(opening, QuotingWriter(), retry_s=0.01)
    assert opened.wait(10)
    while writer.state != "ready":
        pass
    assert writer.reason is None


def test_an_answer_that_could_not_begin_is_quoted_and_the_next_is_tried_again() -> None:
    failing = Failing(0, WriterUnreachable("the server is away"))
    writer = Fallback(lambda: failing, QuotingWriter())
    assert writer.settled.wait(10)
    assert written(writer) == QUOTED
    assert writer.reason == "the server is away"
    failing.error = None
    assert written(writer) == "[1] "
    assert writer.reason is None


def test_an_answer_that_breaks_off_is_not_continued_by_somebody_else() -> None:
    writer = Fallback(lambda: Failing(2, ModelError("it broke")), QuotingWriter())
    assert writer.settled.wait(10)
    pieces = writer.write(PROMPT, Limits(), threading.Event())
    assert [next(pieces), next(pieces)] == ["[2] ", "[2] "]
    with pytest.raises(ModelError, match="it broke"):
        next(pieces)


def test_a_full_queue_stays_a_refusal() -> None:
    writer = Fallback(lambda: Failing(0, WriterBusy(3, 20)), QuotingWriter())
    assert writer.settled.wait(10)
    with pytest.raises(WriterBusy):
        written(writer)


def test_a_model_whose_engine_died_is_left() -> None:
    failing = Failing(0, ModelError("it broke"))
    writer = Fallback(lambda: failing, QuotingWriter())
    assert writer.settled.wait(10)
    failing.alive = False
    assert (writer.name, written(writer)) == ("quoting", QUOTED)


def test_closing_while_the_model_is_opened_closes_it_when_it_is() -> None:
    open_it, closed = threading.Event(), threading.Event()

    class Noted(ScriptedWriter):
        def close(self) -> None:
            closed.set()

    def opening() -> Writer:
        open_it.wait()
        return Noted([])

    writer = Fallback(opening, QuotingWriter())
    writer.close()
    open_it.set()
    assert closed.wait(10)
