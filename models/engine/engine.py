"""The engine: one thread, one context, many answers.

Each step computes one batch: the next token of every answer that is being written, and a chunk of
the prompts that are being read. The chunk is small while somebody is being written for, so that a
newcomer delays the others by one chunk at most; it is large when nobody is.
"""

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from models.engine.answers import Answer, Stream
from models.engine.context import ABORTED, Context, Row
from models.engine.contracts import Request, Room, Savings
from models.engine.keeping import PrefixFiles
from models.engine.lookup import GUESSED_MAX, Lookup
from models.engine.sampling import NothingFits, Sampler
from models.engine.seats import Seats
from models.engine.text import Transcriber
from models.engine.weights import Weights
from models.errors import ModelError, WriterBusy, WriterStopped

CLOSE_SECONDS_MAX = 2.0
RETRY_AFTER_S = 20
# Guessing pays while computing more rows costs little more: with few answers under way.
GUESS_FOR_ANSWERS_MAX = 2
PACE_TOKENS = 128
# A step takes about so long, on any machine: those being written for wait for the first, a stop and a newcomer for the
# second. Chunks smaller than the least would cost more than they give.
CHUNK_S, LARGE_CHUNK_S = 0.5, 1.0
CHUNK_MIN = 16


class Engine:
    """Owns the context of `weights`; `submit` may be called from any thread. Closing it frees both."""

    def __init__(
        self, weights: Weights, room: Room, savings: Savings | None = None, *, prefix_folder: Path | None = None
    ) -> None:
        self.weights = weights
        self.room = room
        self.savings = savings or Savings()
        rows = room.answers * (1 + (GUESSED_MAX if self.savings.lookup else 0))
        self._context = Context(
            weights,
            cells=room.cells,
            sequences=room.answers + room.prefixes,
            batch=room.batch,
            rows_wanted_max=rows,
            threads=room.threads,
            flash_attention=room.flash_attention,
        )
        files = PrefixFiles(prefix_folder, weights.fingerprint())
        self._seats = Seats(self._context, room, self.savings, files)
        self._waiting: list[Answer] = []
        self._seated: list[Answer] = []
        self._arrivals = 0
        self._turn = 0
        self._seated_last: dict[str, int] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._alive = threading.Event()
        self._alive.set()
        self.failure: str | None = None
        self.pace = 0.0
        self._paced = threading.Event()
        self._thread = threading.Thread(target=self._own, name="engine", daemon=True)
        self._thread.start()
        self._paced.wait()

    def submit(self, request: Request) -> Stream:
        """Let a request wait for its turn; raises `WriterBusy`, `WriterStopped`, or `ModelError` if it cannot fit."""
        if not request.tokens or not self.fits(len(request.tokens) + request.sampling.tokens_max):
            raise ModelError("This prompt does not fit the model's context. Raise PRESENCE_MODELS__CONTEXT_TOKENS.")
        stream = Stream(self._alive)
        with self._changed:
            if self._closing or not self._alive.is_set():
                raise WriterStopped
            if len(self._waiting) >= self.room.waiting:
                raise WriterBusy(len(self._waiting), RETRY_AFTER_S)
            self._arrivals += 1
            answer = Answer(request, stream, self._arrivals, transcriber=Transcriber(request.sampling.stop_texts))
            self._waiting.append(answer)
            self._changed.notify()
        return stream

    def fits(self, tokens: int) -> bool:
        """Whether a prompt and its answer of so many tokens in all can be seated at all."""
        return tokens <= min(self.room.answer_tokens, self._context.cells)

    def ahead(self, stream: Stream) -> int:
        """How many wait before this one; 0 once it is its turn."""
        with self._changed:
            waiting = [answer.stream for answer in self._waiting]
        return waiting.index(stream) if stream in waiting else 0

    @property
    def alive(self) -> bool:
        """Whether it takes requests."""
        return self._alive.is_set() and not self._closing

    @property
    def tokens_read(self) -> int:
        """How many tokens were computed since the start."""
        return self._context.tokens_read

    def close(self) -> None:
        """End everything within moments, whatever is being computed; a second call does nothing."""
        with self._changed:
            self._closing = True
            self._context.abort()
            self._changed.notify()
        self._thread.join(CLOSE_SECONDS_MAX)

    # What follows runs on the engine's thread alone.

    def _own(self) -> None:
        reason: ModelError = WriterStopped()
        try:
            self.pace = self._measured_pace()
            self._paced.set()
            while self._wait_for_work():
                self._step()
        except _Aborted:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it was, those who wait are told
            self.failure = f"The language engine stopped: {error}"
            reason = ModelError(self.failure)
        finally:
            self._paced.set()
            self._end_all(reason)
            self._context.close()
            self.weights.close()

    def _measured_pace(self) -> float:
        """Read a little and tell how many tokens a second that was."""
        count = min(PACE_TOKENS, self.room.batch, self.room.cells)
        rows = [Row(at % self.weights.vocabulary, at, 0) for at in range(count)]
        self._compute(rows[: count // 4])  # the first computation prepares buffers
        began = time.perf_counter()
        self._compute(rows[count // 4 :])
        seconds = time.perf_counter() - began
        self._context.forget(0)
        return (count - count // 4) / max(seconds, 1e-6)

    def _wait_for_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._waiting or self._seated)
            return not self._closing

    def _step(self) -> None:
        self._let_go()
        self._admit()
        rows, wanted = self._plan()
        if rows:
            self._compute(rows)
            for answer, places in wanted:
                self._guarded(answer, places)

    def _let_go(self) -> None:
        """End answers that nobody wants any more, between two steps."""
        with self._changed:
            gone = [answer for answer in self._waiting if answer.given_up]
            self._waiting = [answer for answer in self._waiting if not answer.given_up]
        for answer in gone:
            answer.stream.put(None)
        for answer in [answer for answer in self._seated if answer.given_up]:
            self._end(answer)

    def _admit(self) -> None:
        while (answer := self._next_waiting()) is not None:
            if not self._seats.take(answer):
                return
            with self._changed:
                self._waiting.remove(answer)
                self._remember(answer)
            answer.deadline = self._context.tokens_read + answer.unread
            self._seated.append(answer)

    def _remember(self, answer: Answer) -> None:
        """Note whose turn it was, for as long as somebody of that party waits."""
        waiting = {other.party for other in self._waiting}
        self._seated_last = {party: turn for party, turn in self._seated_last.items() if party in waiting}
        self._turn += 1
        self._seated_last[answer.party] = self._turn

    def _next_waiting(self) -> Answer | None:
        """Take turns: who has the fewest answers under way, then who was seated longest ago, then who came first."""
        under_way = [answer.party for answer in self._seated]
        with self._changed:
            ready = [answer for answer in self._waiting if not self._seats.being_read_by_another(answer, self._seated)]
        return min(
            ready,
            key=lambda a: (under_way.count(a.party), self._seated_last.get(a.party, 0), a.arrival),
            default=None,
        )

    def _sampler(self, answer: Answer) -> Sampler:
        """Give the answer's sampler, made when its first token is chosen."""
        if answer.sampler is None:
            answer.sampler = Sampler(self.weights, answer.request.sampling)
            if self.savings.lookup:
                answer.lookup = Lookup(answer.request.tokens)
        return answer.sampler

    def _plan(self) -> tuple[list[Row], list[tuple[Answer, range]]]:
        rows: list[Row] = []
        wanted: list[tuple[Answer, range]] = []
        writing = [answer for answer in self._seated if answer.pending]
        for answer in writing:
            if len(writing) <= GUESS_FOR_ANSWERS_MAX:
                self._guess(answer)
            places = range(len(rows), len(rows) + len(answer.pending))
            rows += _rows(answer, answer.pending, wanted=True)
            wanted.append((answer, places))
        chunk = (
            len(rows) + self._chunk(CHUNK_S, self.room.chunk)
            if writing
            else self._chunk(LARGE_CHUNK_S, self.room.batch)
        )
        for answer in sorted((a for a in self._seated if a.unread), key=lambda a: (a.deadline, a.arrival)):
            budget = min(chunk, self.room.batch) - len(rows)
            if budget <= 0:
                break
            stop = min(self._seats.next_stop(answer), answer.position + budget)
            rows += _rows(answer, answer.request.tokens[answer.position : stop], wanted=False)
            ends = stop == len(answer.request.tokens)
            if ends:
                rows[-1] = Row(rows[-1].token, rows[-1].position, rows[-1].sequence, wanted=True)
            wanted.append((answer, range(len(rows) - 1, len(rows)) if ends else range(0)))
            answer.stream.counts.read += stop - answer.position
            answer.position = stop
        return rows, wanted

    def _chunk(self, seconds: float, most: int) -> int:
        return min(most, max(CHUNK_MIN, int(self.pace * seconds)))

    def _guess(self, answer: Answer) -> None:
        left = answer.request.sampling.tokens_max - len(answer.written)
        if answer.lookup is not None and self.weights.can_go_back and left > 1:
            answer.pending += answer.lookup.guess()[: min(GUESSED_MAX, left - 1)]

    def _compute(self, rows: list[Row]) -> None:
        code = self._context.decode(rows)
        if code == ABORTED:
            raise _Aborted
        if code:
            raise RuntimeError("its memory for what is read is full")

    def _write(self, answer: Answer, places: range) -> None:
        """Choose what follows, and keep those guesses that were chosen too."""
        self._seats.reached(answer)
        if not places:
            return
        if answer.request.sampling.tokens_max <= 0:
            self._end(answer)
            return
        guessed, answer.pending = answer.pending[1:], []
        right = 0
        for at, place in enumerate(places):
            answer.position += 1 if answer.written else 0
            token = self._chosen(answer, place)
            if token is None:
                self._end(answer)
                return
            if at < len(guessed) and guessed[at] == token:
                right += 1
                continue
            answer.pending = [token]
            break
        if guessed:
            self._settle_guesses(answer, len(guessed), right)

    def _settle_guesses(self, answer: Answer, tried: int, right: int) -> None:
        if answer.lookup is not None:
            answer.lookup.judge(tried, right)
        answer.stream.counts.guessed += tried
        answer.stream.counts.guessed_right += right
        if right < tried:
            self._context.forget(answer.sequence, after=answer.position)

    def _chosen(self, answer: Answer, place: int) -> int | None:
        """Choose one token and show what it says; None when the answer ends with it."""
        sampling = answer.request.sampling
        try:
            token = self._sampler(answer).choose(self._context.logits(place))
        except NothingFits:
            return None
        if self.weights.ends(token):
            return None
        answer.written.append(token)
        answer.stream.counts.written += 1
        piece = self.weights.piece(token)
        answer.raw += piece
        if answer.lookup is not None:
            answer.lookup.add([token])
        if text := answer.transcriber.take(piece):
            answer.stream.put(text)
        if answer.transcriber.stopped or len(answer.written) >= sampling.tokens_max:
            return None
        return token if self._may_go_on(answer) else None

    def _may_go_on(self, answer: Answer) -> bool:
        grammar = answer.request.sampling.grammar
        if grammar is None or not grammar.renews(answer.text):
            return True
        rules = grammar.rules(answer.text)
        self._sampler(answer).follow(rules)
        return rules is not None

    def _guarded(self, answer: Answer, places: range) -> None:
        """What goes wrong with one answer is told to its reader alone."""
        try:
            self._write(answer, places)
        except Exception as error:  # noqa: BLE001  # the engine outlives any single answer
            answer.stream.put(error if isinstance(error, ModelError) else ModelError(f"The model failed: {error}"))
            self._end(answer)

    def _end(self, answer: Answer) -> None:
        if answer not in self._seated:
            return
        self._seated.remove(answer)
        self._seats.leave(answer)
        if answer.sampler is not None:
            answer.sampler.close()
        if rest := answer.transcriber.take(b"", last=True):
            answer.stream.put(rest)
        answer.stream.put(None)

    def _end_all(self, reason: ModelError) -> None:
        with self._changed:
            self._closing = True
            left, self._waiting = [*self._seated, *self._waiting], []
            self._seated = []
        for answer in left:
            if answer.sampler is not None:
                answer.sampler.close()
            if not answer.given_up:
                answer.stream.put(reason)
            answer.stream.put(None)
        self._alive.clear()


class _Aborted(Exception):
    """The engine is closing."""


def _rows(answer: Answer, tokens: Iterable[int], *, wanted: bool) -> list[Row]:
    return [Row(token, answer.position + at, answer.sequence, wanted) for at, token in enumerate(tokens)]
