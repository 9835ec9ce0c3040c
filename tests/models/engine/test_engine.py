"""How the engine shares itself between many."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from models.errors import ModelError, WriterBusy, WriterStopped
from tests.models.engine.opened import ENGINE_MISSING, engine_of, text_of, tiny

if TYPE_CHECKING:
    from models.engine.contracts import Request
    from models.engine.engine import Engine

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _needs_the_engine() -> None:
    pytest.importorskip("llama_cpp", reason=ENGINE_MISSING)


def request(engine: "Engine", text: str, tokens_max: int = 30, **more: Any) -> "Request":
    from models.engine.contracts import Request, Sampling

    sampling = {name: more.pop(name) for name in list(more) if name in Sampling.__slots__}
    return Request(tuple(engine.weights.tokens(text)), Sampling(tokens_max, **sampling), **more)


def batches_of(engine: "Engine") -> list[list[Any]]:
    """Note every batch the engine computes from now on."""
    seen: list[list[Any]] = []
    decode = engine._context.decode  # the only place where steps can be seen

    def noted(rows: list[Any]) -> int:
        seen.append(list(rows))
        return decode(rows)

    engine._context.decode = noted  # type: ignore[assignment,method-assign]
    return seen


@contextmanager
def held(engine: "Engine") -> Iterator[None]:
    """Let the engine compute nothing meanwhile: it writes on, whether anybody reads or not."""
    decode, go_on = engine._context.decode, threading.Event()

    def waits(rows: list[Any]) -> int:
        go_on.wait(60)
        return decode(rows)

    engine._context.decode = waits  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        engine._context.decode = decode  # type: ignore[method-assign]
        go_on.set()


def test_a_newcomer_delays_those_reading_by_one_chunk_at_most(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    room = Room(answers=3, chunk=16, batch=256, threads=1)
    with engine_of(tiny(tmp_path), room) as engine:
        seen = batches_of(engine)
        reading = iter(engine.submit(request(engine, "short", 400)))
        next(reading)
        with held(engine):
            newcomer = engine.submit(request(engine, "x" * 600, 1))
        list(newcomer)
        list(reading)
    beside = [rows for rows in seen if any(row.wanted and row.sequence != rows[-1].sequence for row in rows)]
    assert beside
    assert max(len(rows) for rows in beside) <= room.chunk + 2


def test_a_prompt_is_read_in_large_chunks_when_nobody_is_kept_waiting(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    with engine_of(tiny(tmp_path), Room(chunk=16, batch=256, threads=1)) as engine:
        seen = batches_of(engine)
        list(engine.submit(request(engine, "x" * 600, 1)))
    assert max(map(len, seen)) == 256


def test_a_short_prompt_is_not_kept_waiting_by_a_long_one(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    room = Room(answers=3, chunk=8, batch=64, cells=8_192, threads=1)
    ended: list[str] = []
    with engine_of(tiny(tmp_path), room) as engine:

        def ask(name: str, length: int) -> None:
            list(engine.submit(request(engine, "x" * length, 2)))
            ended.append(name)

        keeps_writing = iter(engine.submit(request(engine, "a", 2_000)))
        next(keeps_writing)  # so that chunks are small
        threads = [threading.Thread(target=ask, args=asked) for asked in (("long", 4_000), ("short", 40))]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
        for thread in threads:
            thread.join(60)
    assert ended == ["short", "long"]


@pytest.mark.parametrize("seats", [1, 2])
def test_one_party_does_not_take_every_turn(tmp_path: Path, seats: int) -> None:
    from models.engine.contracts import Room

    with engine_of(tiny(tmp_path), Room(answers=seats, waiting=20, threads=1)) as engine:
        begun = [iter(engine.submit(request(engine, "first", 200, conversation="greedy"))) for _ in range(seats)]
        for stream in begun:
            next(stream)
        stop = threading.Event()
        with held(engine):
            again = request(engine, "again", 3_000, conversation="greedy", stop=stop)
            queue = [engine.submit(again) for _ in range(3)]
            polite = engine.submit(request(engine, "may I?", 20, conversation="polite"))
            assert engine.ahead(polite) == 3
        list(polite)
        assert queue[-1].counts.written < 3_000
        stop.set()
        for stream in (*begun, *map(iter, queue)):
            list(stream)


def test_the_queue_is_bounded(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    with engine_of(tiny(tmp_path), Room(answers=1, waiting=2, threads=1)) as engine:
        begun = iter(engine.submit(request(engine, "first", 1_000)))
        next(begun)
        with held(engine):
            waiting = [engine.submit(request(engine, "next", 5)) for _ in range(2)]
            with pytest.raises(WriterBusy) as refused:
                engine.submit(request(engine, "one too many"))
            assert refused.value.waiting == 2
            assert [engine.ahead(stream) for stream in waiting] == [0, 1]


def test_what_waits_can_be_given_up(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    with engine_of(tiny(tmp_path), Room(answers=1, waiting=2, threads=1)) as engine:
        begun = iter(engine.submit(request(engine, "first", 300)))
        next(begun)
        stop = threading.Event()
        with held(engine):
            waiting = engine.submit(request(engine, "next", 5, stop=stop))
            stop.set()
        assert list(waiting) == []
        list(begun)


def test_cancelling_one_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    with engine_of(tiny(tmp_path)) as engine:
        alone = text_of(engine, request(engine, "the one that stays", 120))
        stop = threading.Event()
        cancelled = iter(engine.submit(request(engine, "the one that goes", 2_000, stop=stop)))
        next(cancelled)
        stays = engine.submit(request(engine, "the one that stays", 120))
        stop.set()
        list(cancelled)
        assert "".join(stays) == alone


def test_closing_ends_every_answer_with_a_refusal(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    with engine_of(tiny(tmp_path), Room(answers=1, threads=1)) as engine:
        writing = iter(engine.submit(request(engine, "first", 3_000)))
        next(writing)
        waiting = engine.submit(request(engine, "second", 10))
        engine.close()
        for stream in (writing, iter(waiting)):
            with pytest.raises(WriterStopped):
                list(stream)
        with pytest.raises(WriterStopped):
            engine.submit(request_of_nothing())
        engine.close()


def request_of_nothing() -> "Request":
    from models.engine.contracts import Request

    return Request((1, 2, 3))


def test_what_breaks_one_answer_is_told_to_it_alone(tmp_path: Path) -> None:
    from models.engine.contracts import Fixed

    with engine_of(tiny(tmp_path)) as engine:
        with pytest.raises(ModelError, match="grammar"):
            text_of(engine, request(engine, "broken", grammar=Fixed("root ::= (((")))
        assert engine.failure is None
        assert text_of(engine, request(engine, "whole"))


def test_a_grammar_is_followed_to_its_end(tmp_path: Path) -> None:
    from models.engine.contracts import Fixed

    with engine_of(tiny(tmp_path)) as engine:
        grammar = Fixed('root ::= "Yes, " ("on Monday" | "on Sunday") "."')
        assert text_of(engine, request(engine, "When?", 60, grammar=grammar)) in ("Yes, on Monday.", "Yes, on Sunday.")


def test_a_seed_gives_the_same_answer_and_another_seed_another(tmp_path: Path) -> None:
    with engine_of(tiny(tmp_path)) as engine:
        first, again, other = (
            text_of(engine, request(engine, "Tell", 60, temperature=1.5, seed=seed)) for seed in (1, 1, 2)
        )
    assert first == again
    assert first != other


def test_a_temperature_goes_together_with_a_grammar(tmp_path: Path) -> None:
    from models.engine.contracts import Fixed

    with engine_of(tiny(tmp_path)) as engine:
        asked = request(engine, "Tell", 60, temperature=1.5, grammar=Fixed("root ::= [a-c]{10}"))
        answers = {text_of(engine, replace(asked, sampling=replace(asked.sampling, seed=seed))) for seed in range(5)}
    assert len(answers) > 1
    assert all(len(answer) == 10 and set(answer) <= set("abc") for answer in answers)


def test_a_token_can_be_forbidden(tmp_path: Path) -> None:
    with engine_of(tiny(tmp_path)) as engine:
        letters = dict.fromkeys(range(259), -1e9)
        usual = text_of(engine, request(engine, "Tell", 1, logit_bias=letters))
        [token] = engine.weights.tokens(usual)
        assert text_of(engine, request(engine, "Tell", 1, logit_bias=letters | {token: -1e9})) != usual


def test_a_stop_string_ends_an_answer_before_it(tmp_path: Path) -> None:
    with engine_of(tiny(tmp_path)) as engine:
        usual = text_of(engine, request(engine, "Tell", 60))
        mark = usual[10:12]
        assert text_of(engine, request(engine, "Tell", 60, stop_texts=(mark,))) == usual[: usual.index(mark)]


def test_a_guess_changes_no_answer_and_saves_steps(tmp_path: Path) -> None:
    from models.engine.contracts import Fixed, Savings

    text = "the harbour light went out and the harbour light went on"
    grammar = Fixed(f'root ::= "{text}"')
    steps = []
    for lookup in (False, True):
        with engine_of(tiny(tmp_path), savings=Savings(lookup=lookup)) as engine:
            asked = request(engine, f"Say: {text}", 100, grammar=grammar, logit_bias=dict.fromkeys(range(259), -1e9))
            seen = batches_of(engine)
            assert text_of(engine, asked) == text
            steps.append(len(seen))
    assert steps[1] < steps[0] / 2


def test_a_context_too_small_for_all_serves_them_one_after_the_other(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    room = Room(answers=4, cells=512, answer_tokens=512, threads=1)
    with engine_of(tiny(tmp_path), room) as engine:
        streams = [engine.submit(request(engine, f"{number} " + "x" * 250, 60)) for number in range(6)]
        assert all("".join(stream) for stream in streams)
        assert engine.failure is None


def test_a_prompt_that_can_never_fit_is_refused_at_once(tmp_path: Path) -> None:
    from models.engine.contracts import Room

    with engine_of(tiny(tmp_path), Room(cells=512, answer_tokens=512, threads=1)) as engine:
        for text in ("x" * 600, ""):
            with pytest.raises(ModelError, match="does not fit"):
                engine.submit(request(engine, text, 10))
