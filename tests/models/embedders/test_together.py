"""Callers are embedded together, each gets its own, and nobody waits for an import."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from models.embedders.batches import BATCH
from models.embedders.contracts import Vectors
from models.embedders.hashed import HashedEmbedder
from models.embedders.together import BrokenOff, Together

SECONDS = 20


class Gated(HashedEmbedder):
    """Tells what it is asked, and computes one batch for each time it is let."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self._asked = threading.Semaphore(0)
        self._let = threading.Semaphore(0)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        self._asked.release()
        assert self._let.acquire(timeout=SECONDS)
        if "bad" in texts:
            raise ValueError("bad")
        if "interrupt" in texts:
            raise KeyboardInterrupt
        return super().embed(texts)

    def wait_until_asked(self) -> list[str]:
        assert self._asked.acquire(timeout=SECONDS)
        return self.batches[-1]

    def let(self, batches: int = 1) -> None:
        self._let.release(batches)


class Callers:
    """Threads that ask."""

    def __init__(self, together: Together, pool: ThreadPoolExecutor) -> None:
        self._together, self._pool = together, pool

    def ask(self, *texts: str) -> "Future[Vectors]":
        """Ask in a thread, and come back when the question is waiting or being computed."""
        waiting = self._waiting()
        computing = self._together._computing
        asked = self._pool.submit(self._together.embed, texts)
        until = time.monotonic() + SECONDS
        while self._waiting() == waiting and self._together._computing == computing and not asked.done():
            assert time.monotonic() < until
            time.sleep(0.001)
        return asked

    def _waiting(self) -> int:
        return len(self._together._questions) + len(self._together._long_works)


def callers(gated: Gated, pool: ThreadPoolExecutor) -> Callers:
    return Callers(Together(gated), pool)


def rows(asked: "Future[Vectors]") -> Vectors:
    return asked.result(timeout=SECONDS)


def test_sixteen_threads_get_their_own_rows_in_their_own_order() -> None:
    together, small = Together(HashedEmbedder()), HashedEmbedder()
    texts = [[f"caller {c} song {n} " * (1 + n % 5) for n in range(1 + c * 3)] for c in range(16)]
    begin = threading.Barrier(16)

    def ask(caller: int) -> bool:
        begin.wait(SECONDS)
        return all(np.array_equal(together.embed(texts[caller]), small.embed(texts[caller])) for _ in range(20))

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(16), timeout=60))


def test_callers_that_arrive_during_a_computation_are_one_batch() -> None:
    gated = Gated()
    with ThreadPoolExecutor(16) as pool:
        room = callers(gated, pool)
        first = room.ask("first")
        gated.wait_until_asked()
        later = {text: room.ask(text) for text in ("piano", "ferry", "tide", "chapel")}
        gated.let(2)
        assert rows(first).shape == (1, 384)
        for text, asked in later.items():
            assert np.array_equal(rows(asked), HashedEmbedder().embed([text]))
    assert gated.batches == [["first"], ["piano", "ferry", "tide", "chapel"]]


def test_an_exception_reaches_every_caller_of_its_batch_and_no_later_one() -> None:
    gated = Gated()
    with ThreadPoolExecutor(16) as pool:
        room = callers(gated, pool)
        first = room.ask("first")
        gated.wait_until_asked()
        unlucky = [room.ask("good"), room.ask("bad")]
        gated.let(3)
        rows(first)
        for asked in unlucky:
            with pytest.raises(ValueError, match="bad"):
                rows(asked)
        assert np.array_equal(rows(room.ask("good")), HashedEmbedder().embed(["good"]))


def test_an_interrupted_caller_does_not_leave_the_others_waiting() -> None:
    gated = Gated()
    together = Together(gated)
    with ThreadPoolExecutor(16) as pool:
        room = Callers(together, pool)
        first = room.ask("first")
        gated.wait_until_asked()
        other, interrupted = room.ask("other"), room.ask("interrupt")
        gated.let(3)
        rows(first)
        ends = {type(asked.exception(timeout=SECONDS)) for asked in (other, interrupted)}
        assert ends <= {BrokenOff, KeyboardInterrupt}
        assert BrokenOff in ends
        assert np.array_equal(rows(room.ask("later")), HashedEmbedder().embed(["later"]))


def test_a_question_waits_for_one_small_batch_of_an_import() -> None:
    gated = Gated()
    with ThreadPoolExecutor(16) as pool:
        room = callers(gated, pool)
        imported = [f"passage {number}" for number in range(20 * BATCH)]
        importing = room.ask(*imported)
        assert len(gated.wait_until_asked()) == BATCH
        question = room.ask("a question")
        gated.let()
        assert gated.wait_until_asked() == ["a question"]
        gated.let(1)
        rows(question)
        gated.let(20)
        assert np.array_equal(rows(importing), HashedEmbedder().embed(imported))


def test_an_import_takes_its_turn_between_questions() -> None:
    gated = Gated()
    with ThreadPoolExecutor(16) as pool:
        room = callers(gated, pool)
        importing = room.ask(*[f"passage {number}" for number in range(2 * BATCH)])
        gated.wait_until_asked()
        questions = [room.ask(*[f"question {caller}"] * BATCH) for caller in range(3)]
        gated.let(5)
        rows(importing)
        for asked in questions:
            rows(asked)
    assert [batch[0].split()[0] for batch in gated.batches] == [
        "passage",
        "question",
        "passage",
        "question",
        "question",
    ]


def test_a_failed_import_asks_nothing_more() -> None:
    gated = Gated()
    with ThreadPoolExecutor(16) as pool:
        room = callers(gated, pool)
        importing = room.ask("bad", *["la"] * (3 * BATCH - 1))  # the longest is in the first batch
        gated.let()
        with pytest.raises(ValueError, match="bad"):
            rows(importing)
        gated.let(2)
        rows(room.ask("later"))
        rows(room.ask("later still"))
    assert len(gated.batches) == 3


def test_no_texts_are_no_rows_and_no_computation() -> None:
    gated = Gated()
    assert Together(gated).embed([]).shape == (0, 384)
    assert gated.batches == []


def test_it_bears_the_name_and_form_of_what_it_wraps() -> None:
    small = HashedEmbedder()
    together = Together(small)
    assert (together.name, together.dimension, together.form) == (small.name, small.dimension, small.form)
