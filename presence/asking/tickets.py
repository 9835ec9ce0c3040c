"""Opens tickets: everything that can refuse a question refuses here, before the first byte."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field, replace
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from billing import Offer
from models import Places
from presence.asking.answering import Ticket
from presence.asking.contracts import HERSELF, Holds, Listener, Prices, TermsOfAsking, TierOf, Unlimited, WithHer
from presence.asking.conversations import Contexts, NoConversations
from presence.asking.offers import Offers, offer_for
from presence.asking.question import Question
from presence.asking.repeats import Marks
from presence.asking.today import DayLimits, day_limits
from presence.asking.transcripts import Asked, Transcripts
from presence.errors import Busy, KeyReused, PriceNotAgreed, RoomClosed, TierTooLow, UnknownQuestion

TURNS = 64
"""So many keys can be handed in at the same time without waiting for each other by chance."""
HANDS_MAX = 5
"""So often it is looked again where a conversation changes hands between two looks."""


class _Held(Exception):  # nothing is wrong
    """The artist holds the conversation: nothing is written or charged, the question waits for her."""


class _HandedBack(Exception):
    """She holds it no more."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Where questions are handed in."""

    offers: Offers
    prices: Prices
    tier_of: TierOf
    places: Places
    holds: Holds
    transcripts: Transcripts
    writer_name: Callable[[], str]
    cited_tier: Callable[[str], int] = lambda _ident: 0  # the highest that anything cited has now
    conversations: Contexts = field(default_factory=NoConversations)
    marks: Marks | None = None
    terms_of: Callable[[int], TermsOfAsking] = lambda _tier: Unlimited()
    turns_max: int = 100
    people_per_address: int = 50
    with_her: WithHer | None = None
    turns: tuple[Lock, ...] = field(default_factory=lambda: tuple(Lock() for _ in range(TURNS)))

    def open(self, question: Question) -> Ticket | Asked:
        """Give a new ticket, or the question that this idempotency key opened before.

        Who sends the same at the same moment waits for the first; the key itself is kept by the database.
        """
        with self._in_turn(question):
            return self._opened(question)

    def _in_turn(self, question: Question) -> AbstractContextManager[object]:
        if question.idempotency_key is None:
            return nullcontext()
        return self.turns[hash((question.listener.ident, question.idempotency_key)) % len(self.turns)]

    def _opened(self, question: Question) -> Ticket | Asked:
        for _ in range(HANDS_MAX):
            try:
                return self._for_her(question) or self._for_the_presence(question)
            except (_Held, _HandedBack):  # a moment ago it was otherwise
                continue
        raise Busy

    def _for_her(self, question: Question) -> Asked | None:
        """Let a question wait for the artist, where she holds the conversation; it is free, and no writer's."""
        with_her, conversation = self.with_her, question.conversation
        if with_her is None or conversation is None or not self.transcripts.look(with_her.is_held, conversation):
            return None
        if (earlier := self._earlier(question)) is not None:
            return earlier
        tier = self.tier_of(question.listener).tier
        self.conversations.context(question.listener, conversation, tier)  # refuses somebody else's
        limits = DayLimits(turns=self._limits(question.listener, tier).turns)
        ident = secrets.token_urlsafe(16)
        keep = self.transcripts.keeping(ident, question, tier=tier, price_micros=0, writer=HERSELF, limits=limits)

        def keep_for_her(owner: Connection) -> None:
            if not with_her.is_held(owner, conversation):
                raise _HandedBack
            keep(owner)
            with_her.wait(owner, ident)

        try:
            return self.transcripts.open(ident, keep_for_her)
        except IntegrityError:  # the same key, a moment earlier
            if (earlier := self._earlier(question)) is None:
                raise
            return earlier

    def _for_the_presence(self, question: Question) -> Ticket | Asked:
        if (earlier := self._earlier(question)) is not None:
            return earlier
        standing = self.tier_of(question.listener)
        context = self.conversations.context(question.listener, question.conversation, standing.tier)
        mark = self.marks.mark(question, standing, context) if self.marks else None
        if (before := self._before(question, mark)) is not None:
            return before
        limits = self._limits(question.listener, standing.tier)
        offer = self._offer(question, standing.tier)
        ident = secrets.token_urlsafe(16)
        with ExitStack() as given_back:
            place = self.places.take(ident)
            given_back.callback(self.places.give_back, place)
            payer, client, allowance = question.listener.payer, question.listener.client, question.listener.allowance
            keep = self.transcripts.keeping(
                ident,
                question,
                tier=standing.tier,
                price_micros=offer.ceiling_micros,
                writer=self.writer_name(),
                mark=mark,
                limits=limits,
            )
            unless = self._unless_held(question, keep)
            try:
                hold = self.holds.place(ident, payer, offer, client=client, allowance=allowance, before=unless)
            except IntegrityError:  # the same key, a moment earlier
                if (earlier := self._earlier(question)) is None:
                    raise
                return earlier
            given_back.pop_all()
        context = replace(context, ident=context.ident or ident)
        sentences = limits.answer_sentences or None
        return Ticket(ident, question, standing, place, hold, context, sentences_max=sentences)

    def _unless_held(self, question: Question, keep: Callable[[Connection], None]) -> Callable[[Connection], None]:
        with_her, conversation = self.with_her, question.conversation
        if with_her is None or conversation is None:
            return keep

        def unless_held(owner: Connection) -> None:
            if with_her.is_held(owner, conversation):
                raise _Held
            keep(owner)

        return unless_held

    def is_repeat(self, question: Question) -> bool:
        """Whether this was asked before, and nothing that its answer rests on has changed."""
        standing = self.tier_of(question.listener)
        context = self.conversations.context(question.listener, question.conversation, standing.tier)
        mark = self.marks.mark(question, standing, context) if self.marks else None
        return self._before(question, mark) is not None

    def readable(self, ident: str, listener: Listener, tier: int | None = None) -> Asked:
        """Find a stored answer that this listener may read now; `tier` is hers, where it was computed just now."""
        asked = self.transcripts.find(ident)
        if asked is None or asked.listener != listener.ident:
            raise UnknownQuestion
        tier = self.tier_of(listener).tier if tier is None else tier
        if asked.sources_tier > tier or self.cited_tier(ident) > tier:
            raise TierTooLow
        return asked

    def _limits(self, listener: Listener, tier: int) -> DayLimits:
        """Give how much she may ask today, or raise `RoomClosed`; the operator asks as she likes."""
        if listener.operator_session is not None:
            return DayLimits()
        terms = self.terms_of(tier)
        if not terms.may_ask:
            raise RoomClosed
        return day_limits(
            terms,
            listener,
            is_let_in=tier > 0,
            turns_max=self.turns_max,
            people_per_address=self.people_per_address,
        )

    def _before(self, question: Question, mark: str | None) -> Asked | None:
        """Give her own answer of before, where she may read it still."""
        asked = self.transcripts.answered_before(question.listener.ident, mark) if mark else None
        if asked is not None:
            with suppress(TierTooLow):
                self.readable(asked.ident, question.listener)
                return asked
        return None

    def _earlier(self, question: Question) -> Asked | None:
        if question.idempotency_key is None:
            return None
        earlier = self.transcripts.by_key(question.listener.ident, question.idempotency_key)
        if earlier is None:
            return None
        if earlier.body_sha256 != question.body_sha256:
            raise KeyReused
        return self.readable(earlier.ident, question.listener)

    def _offer(self, question: Question, tier: int) -> Offer:
        """Give the price that was agreed to: by an offer, or by a cap that it keeps within."""
        if question.offer_id is not None:
            return self.offers.pinned(question.offer_id, question, tier)
        offer = offer_for(question, tier, self.writer_name(), self.prices)
        if offer.ceiling_micros > (question.max_price_micros or 0):
            raise PriceNotAgreed(self.offers.pin(question, tier, offer), question.listener.payer)
        return offer
