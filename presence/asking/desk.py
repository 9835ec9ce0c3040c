"""The desk where answers are written: tasks that belong to nobody's connection, and those who watch them."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import TypeVar

import structlog

from models import Places
from presence.asking.answer import write_answer
from presence.asking.answering import Answering, Ticket, is_revoked
from presence.asking.contracts import Outcome
from presence.asking.steps import Event
from presence.asking.transcripts import Transcripts
from presence.stores import refusal_of

log = structlog.get_logger()
T = TypeVar("T")
Opens = Callable[[Callable[[Ticket], object]], T]
"""Opens a ticket, hands it to what it is given, and says what is told of it."""
Beside = Callable[[Opens[T], Callable[[Ticket], object]], Awaitable[T]]

# How often a watcher looks by itself, should a word of news be missed or the answer be written elsewhere.
LOOK_AGAIN_S = 1.0
# How often it is looked whether answers that are being written may still be read by who asked.
LOOK_AT_TRUST_S = 0.1
CLOSE_SECONDS_MAX = 10.0


class News:
    """Wakes those who watch an answer, from whichever thread it is written on."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = defaultdict(set)
        self._lock = threading.Lock()

    def announce(self, ident: str) -> None:
        """Say that there is something new."""
        with self._lock:
            watchers = list(self._watchers.get(ident, ()))
        for loop, event in watchers:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def announce_all(self) -> None:
        """Wake everybody, as when something was signed that may concern any of them."""
        with self._lock:
            idents = list(self._watchers)
        for ident in idents:
            self.announce(ident)

    def watch(self, ident: str) -> asyncio.Event:
        """Give an event that is set at every news; end with `leave`."""
        event = asyncio.Event()
        with self._lock:
            self._watchers[ident].add((asyncio.get_running_loop(), event))
        return event

    def leave(self, ident: str, event: asyncio.Event) -> None:
        """Stop watching."""
        with self._lock:
            self._watchers[ident] = {pair for pair in self._watchers[ident] if pair[1] is not event}
            if not self._watchers[ident]:
                del self._watchers[ident]


class Desk:
    """Writes answers on a few threads."""

    def __init__(self, answering: Answering, places: Places, news: News, *, answers_at_once: int) -> None:
        self._answering = answering
        self._places = places
        self._news = news
        self._threads = ThreadPoolExecutor(answers_at_once, thread_name_prefix="answer")
        self._free = answers_at_once  # threads that nothing waits for; below nothing where something waits for them
        self._open: dict[str, Ticket] = {}
        self._left: set[str] = set()  # their listeners want no more of them
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._trust = threading.Thread(target=self._watch_trust, name="watch-trust", daemon=True)
        self._trust.start()

    @property
    def transcripts(self) -> Transcripts:
        return self._answering.transcripts

    def start(self, ticket: Ticket) -> "Future[Outcome]":
        """Begin writing; the answer goes on whoever listens."""
        with self._lock:
            self._free -= 1
        self._note(ticket)
        return self._threads.submit(self._alone, self._write, ticket)

    async def opened(self, opens: "Opens[T]", beside: "Beside[T]") -> T:
        """Have a ticket opened and begin writing; give what is told of it, or raise why none was opened.

        A thread that is free does both, so that a question is not handed from one to another; where all of them write,
        it is opened `beside` them, where requests are worked on, and waits.
        """
        with self._lock:
            is_free = self._free > 0 and not self._closed.is_set()
            self._free -= is_free
        if not is_free:
            return await beside(opens, self.start)
        told: Future[T] = Future()
        told.set_running_or_notify_cancel()  # whoever waits may leave; what she asked is asked
        self._threads.submit(self._alone, self._open_and_write, copy_context().run, opens, told)
        return await asyncio.wrap_future(told)

    def stop(self, ident: str) -> None:
        """Ask the writer to stop; what has been shown stays. Who waits for the artist waits no more."""
        with self._lock:
            ticket = self._open.get(ident)
            if ticket is not None:
                self._left.add(ident)
                ticket.stop.set()
        if ticket is None:
            self.transcripts.stop_waiting(ident)

    def break_off(self, ident: str) -> None:
        """Let the writer of an answer stop, if it is written here."""
        with self._lock:
            ticket = self._open.get(ident)
        if ticket is not None:
            ticket.stop.set()

    def ahead(self, ident: str) -> int:
        """How many questions are before this one."""
        return self._places.ahead(ident)

    @property
    def under_way(self) -> int:
        """How many answers wait or are being written."""
        return self._places.taken

    def is_revoked(self, ident: str) -> bool:
        """Whether an answer that is being written here was ended for want of trust."""
        with self._lock:
            ticket = self._open.get(ident)
        return ticket is not None and ticket.revoked.is_set()

    def look_at_trust(self) -> None:
        """End the answers whose listeners may not read them any more; their writers stop."""
        with self._lock:
            tickets = list(self._open.values())
        for ticket in tickets:
            if not ticket.revoked.is_set() and is_revoked(ticket, self._answering):
                self._news.announce(ticket.ident)

    async def events(self, ident: str, after: int = 0) -> AsyncIterator[list[Event]]:
        """Give committed events as they come, several at once, none when there is nothing new; ends after `done`."""
        news = self._news.watch(ident)
        is_expected = self._is_written_here(ident)
        try:
            while True:
                news.clear()
                fresh, is_over = self.transcripts.fresh(ident, after), False
                if not fresh and not is_expected:  # what woke us was done elsewhere, or never told
                    fresh, is_over = await asyncio.to_thread(self._look, ident, after)
                is_expected = False
                if fresh:
                    after = fresh[-1].seq
                    yield fresh
                    is_over = any(event.kind == "done" for event in fresh)
                if is_over:
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_S):  # `wait_for` would make a task of it
                        await news.wait()
                if not self.transcripts.fresh(ident, after):
                    yield []
        finally:
            self._news.leave(ident, news)

    def is_over(self, ident: str, after: int) -> bool:
        """Whether an answer has ended before this step: somebody who saw its end, or claims to, asks for more."""
        fresh, is_over = self._look(ident, after)
        return is_over and not fresh

    def _look(self, ident: str, after: int) -> tuple[list[Event], bool]:
        """Read what came after a step, and, where that is nothing, whether nothing will."""
        fresh = self.transcripts.events(ident, after)
        if fresh:
            return fresh, False
        asked = self.transcripts.find(ident)
        is_over = asked is None or asked.outcome is not None  # what was deleted meanwhile says nothing more
        return (self.transcripts.events(ident, after), True) if is_over else ([], False)

    def _is_written_here(self, ident: str) -> bool:
        with self._lock:
            return ident in self._open

    def close(self) -> None:
        """Let nobody in, stop what is being written, and wait until it is settled."""
        self._places.close()
        self._closed.set()
        self._trust.join()
        with self._lock:
            for ticket in self._open.values():
                ticket.stop.set()
        self._answering.writer.close()  # ends what it is computing; between two steps may be seconds away
        self._threads.shutdown(wait=True, cancel_futures=False)

    def _watch_trust(self) -> None:
        """A writer may be busy for seconds; trust does not wait for it. A database that is away is told of once."""
        is_told = False
        while not self._closed.wait(LOOK_AT_TRUST_S):
            try:
                self.look_at_trust()
                is_told = False
            except Exception as error:
                if not is_told or refusal_of(error) is None:
                    log.exception("looking at trust failed")
                is_told = True

    def _note(self, ticket: Ticket) -> None:
        with self._lock:
            self._open[ticket.ident] = ticket

    def _alone(self, does: Callable[..., T], *what: object) -> T:
        """Do it on this thread, which is free again after it."""
        try:
            return does(*what)
        finally:
            with self._lock:
                self._free += 1

    def _open_and_write(self, within: Callable[..., T], opens: "Opens[T]", told: "Future[T]") -> None:
        tickets: list[Ticket] = []

        def start(ticket: Ticket) -> None:
            self._note(ticket)
            tickets.append(ticket)

        try:
            told.set_result(within(opens, start))
        except BaseException as error:  # noqa: BLE001  # whatever it is, she who waits for it is told
            told.set_exception(error)
        for ticket in tickets:
            self._write(ticket)

    def _write(self, ticket: Ticket) -> Outcome:
        try:
            return write_answer(ticket, self._answering)
        finally:
            with self._lock:
                self._open.pop(ticket.ident, None)
                is_left = ticket.ident in self._left
                self._left.discard(ticket.ident)
            if is_left:  # one that the artist took over meanwhile; its money is settled now
                self.transcripts.stop_waiting(ticket.ident)
