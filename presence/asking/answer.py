"""Writes one answer into its transcript; the hold ends here, whichever way the writing ends."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from sqlalchemy import Connection

from billing import Cited, Hold, Receipt, Sale
from billing.errors import HoldAlreadyEnded
from knowledge import AskBack, Evidence, FactRow, Facts, Nothing, SourcePassage, SourceSentence
from models import Limits, Place, Places, Writer
from presence.asking.contracts import Holds, Outcome, Retrieval, StandBy, Standing, TierOf
from presence.asking.prompt import AboveTier, compose
from presence.asking.question import Question
from presence.asking.transcripts import Source, Transcripts
from presence.asking.verify import Pointed, pointers
from presence.asking.walk import Walk

log = structlog.get_logger()

# Words by others are named, and quoted only briefly: so many sentences of an answer at most.
OTHERS_SENTENCES_MAX = 2
SIGNED = (Outcome.ANSWERED, Outcome.STOPPED)


@dataclass(slots=True)
class Ticket:
    """An accepted question: nothing can refuse it any more."""

    ident: str
    question: Question
    standing: Standing
    place: Place
    hold: Hold
    stop: threading.Event = field(default_factory=threading.Event)
    revoked: threading.Event = field(default_factory=threading.Event)
    needs_tier: int | None = None
    """The highest tier of what the writer was given; before that, what the question was asked with."""
    walk: Walk = field(default_factory=Walk)

    def falls_with(self, tier: int) -> bool:
        """Whether somebody who may read up to this tier may not read this answer any more."""
        return tier < (self.standing.tier if self.needs_tier is None else self.needs_tier)

    def revoke(self) -> None:
        """End the answer for want of trust; the writer stops at once."""
        self.revoked.set()
        self.stop.set()


@dataclass(frozen=True, slots=True)
class Answering:
    """What writing an answer takes."""

    artist_name: str
    retrieval: Retrieval
    writer: Writer
    tier_of: TierOf
    holds: Holds
    places: Places
    transcripts: Transcripts
    notes_at: Callable[[int], int]
    stand_by: StandBy = lambda *_said: None
    watch: Callable[[Ticket, Outcome], object] = lambda *_ended: None  # told of every answer once it is settled
    limits: Limits = field(default_factory=Limits)
    sentences_at: Callable[[int], int] | None = None  # how many sentences of the notes, by tier

    def limits_at(self, tier: int) -> Limits:
        """Give how long an answer for a tier may become."""
        if self.sentences_at is None:
            return self.limits
        return replace(self.limits, pointers_max=self.sentences_at(tier))


def write_answer(ticket: Ticket, using: Answering) -> Outcome:
    """Carry a ticket to its end; never raises."""
    outcome, more = Outcome.FAILED, dict[str, Any]()
    ticket.walk.began()
    try:
        outcome, more = _written(ticket, using)
        if outcome in SIGNED and is_revoked(ticket, using):  # who stopped may have been shut out before
            outcome, more = Outcome.REVOKED, {}
    except Exception:
        log.exception("answer failed", question=ticket.ident)
    finally:
        with ExitStack() as settling:  # each of these happens, whatever the others do
            settling.callback(using.places.give_back, ticket.place)
            outcome = settle(ticket, using, outcome, more)
            ticket.walk.ended()
    using.watch(ticket, outcome)
    return outcome


def _written(ticket: Ticket, using: Answering) -> tuple[Outcome, dict[str, Any]]:
    if is_revoked(ticket, using):
        return Outcome.REVOKED, {}
    tier = ticket.standing.tier
    using.transcripts.commit(ticket.ident, "status", {"stage": "looking", "notes": using.notes_at(tier)})
    with ticket.walk.searching():
        found = using.retrieval.find(ticket.question.text, tier)
    if is_revoked(ticket, using):  # while it was looked for: nothing of it is told
        return Outcome.REVOKED, {}
    if isinstance(found, AskBack):
        return Outcome.ASK_BACK, {"choices": list(found.choices)}
    if isinstance(found, Nothing):
        why = {"reason": found.why} if found.why else {}
        return Outcome.NOT_IN_NOTES, {"nearest": [nearest(passage) for passage in found.nearest], **why}
    if isinstance(found, Facts):
        return _told(ticket, using, found, tier), {}
    return _quoted(ticket, using, found, tier), {}


def settle(ticket: Ticket, using: Answering, outcome: Outcome, more: dict[str, Any]) -> Outcome:
    """End the hold and the answer together: what is owed is charged with the last event, or not at all."""
    try:
        more = {**more, **_signed(ticket, using, outcome)}
        said = [event.body for event in using.transcripts.events(ticket.ident) if event.kind == "sentence"]
        owed, sale = owed_for(ticket, outcome, said, using.transcripts.cited_notes(ticket.ident))
        if sale is None:
            using.holds.release(ticket.hold)
            using.transcripts.finish(ticket.ident, outcome, **more)
            return outcome

        def end(owner: Connection, receipt: Receipt | None) -> None:
            ticket.walk.charged_micros = receipt.said["micros"] if receipt is not None else 0
            using.transcripts.end(owner, ticket.ident, outcome, shown(receipt, ticket), **more)

        using.holds.capture(ticket.hold, owed, sale, beside=end)
        using.transcripts.announce(ticket.ident)
    except Exception:
        log.exception("answer not settled", question=ticket.ident)
        return _given_up(ticket, using)
    return outcome


def _given_up(ticket: Ticket, using: Answering) -> Outcome:
    """Nothing was charged: the hold goes, and the answer says so; what was committed after all stays."""
    asked = using.transcripts.find(ticket.ident)
    if asked is not None and asked.outcome is not None:
        return asked.outcome
    with ExitStack() as settling:
        settling.callback(using.transcripts.finish, ticket.ident, Outcome.FAILED)
        with suppress(HoldAlreadyEnded):
            using.holds.release(ticket.hold)
    return Outcome.FAILED


def owed_for(
    ticket: Ticket, outcome: Outcome, said: Sequence[dict[str, Any]], notes: Mapping[int, str]
) -> tuple[int, Sale | None]:
    """Give what is owed, and what for; no sale at all where the published rule says that it is free.

    An answer is paid; one that was stopped is, from the writer's first sentence on (her best line does
    not count); everything else is free.
    """
    written = [body for body in said if not body.get("best_line")]
    if outcome is not Outcome.ANSWERED and not (outcome is Outcome.STOPPED and written):
        return 0, None
    sentences = sum(1 for body in said if not body.get("connecting"))
    quoted = [one for body in said for one in body.get("cited", ())]
    cited = [Cited(notes[one["n"]], len(one["quote"])) for one in quoted if one["n"] in notes]
    sale = Sale(ticket.question.act, ticket.question.text, sentences, cited)
    return ticket.hold.offer.owed(sentences), sale


def shown(receipt: Receipt | None, ticket: Ticket) -> dict[str, Any] | None:
    """Tell of a receipt in the stream of the answer."""
    if receipt is None:
        return None
    said = receipt.said
    paid = {"micros": said["micros"], "given_micros": said["given"], "currency": said["currency"]}
    return {"id": receipt.ident, **paid, "set_aside_micros": ticket.hold.ceiling_micros}


def _signed(ticket: Ticket, using: Answering, outcome: Outcome) -> dict[str, Any]:
    """Have the presence stand by what it said, where its key may speak."""
    if outcome not in SIGNED:
        return {}
    try:
        said = [e.body["text"] for e in using.transcripts.events(ticket.ident) if e.kind == "sentence"]
        statement = using.stand_by(ticket.ident, ticket.question.text, " ".join(said), outcome)
    except Exception:
        log.exception("answer not signed", question=ticket.ident)
        return {}
    return {"statement": statement} if statement is not None else {}


def is_revoked(ticket: Ticket, using: Answering) -> bool:
    """Compute the tier again where it may differ; one that does not reach any more ends the answer."""
    if not ticket.revoked.is_set() and using.tier_of.may_differ(ticket.standing):
        standing = using.tier_of(ticket.question.listener)
        if ticket.falls_with(standing.tier):
            ticket.revoke()
        elif standing.tier >= ticket.standing.tier:
            ticket.standing = replace(standing, tier=ticket.standing.tier)
    return ticket.revoked.is_set()


def _told(ticket: Ticket, using: Answering, facts: Facts, tier: int) -> Outcome:
    """Show what was counted, sentence by sentence; each cites its rows, as they were imported."""
    if facts.tier > tier:
        raise AboveTier
    ticket.needs_tier = facts.tier
    n = 0
    for sentence in facts.sentences:
        if is_revoked(ticket, using):
            return Outcome.REVOKED
        cited = [fact_citation(number, row) for number, row in enumerate(sentence.rows, start=n + 1)]
        n += len(cited)
        body = {"text": sentence.text, "citations": [one["n"] for one in cited], "cited": cited}
        highest = max((row.tier for row in sentence.rows), default=facts.tier)
        sources = [
            Source(one["n"], "fact", row.document_id, row.ident) for one, row in zip(cited, sentence.rows, strict=True)
        ]
        using.transcripts.commit(ticket.ident, "sentence", body, sources_tier=highest, sources=sources)
        ticket.walk.said(len(sources))
        if ticket.stop.is_set():
            return Outcome.STOPPED
    return Outcome.ANSWERED


def _quoted(ticket: Ticket, using: Answering, evidence: Evidence, tier: int) -> Outcome:
    prompt = compose(using.artist_name, evidence, ticket.question.text, tier=tier)
    limits = using.limits_at(tier)
    ticket.needs_tier = max((sentence.passage.tier for sentence in evidence.sentences), default=tier)
    said = _Said(ticket, using, evidence.sentences, ticket.needs_tier)
    said.quote(Pointed(1, ""), best_line=True)  # evidence comes best first
    if _tells_itself(using, evidence):
        pieces = _as_told(limits)
    else:
        pieces = using.writer.write(prompt, limits, ticket.stop, ticket.walk.usage)
    numbers = [sentence.number for sentence in prompt.sentences]
    for pointed in pointers(_until(pieces, ticket), numbers, shown=[1]):
        if is_revoked(ticket, using) or said.quotes >= limits.pointers_max:
            break
        said.quote(pointed)
        if said.quotes >= limits.pointers_max:
            break
    return Outcome.STOPPED if ticket.stop.is_set() else Outcome.ANSWERED


def _tells_itself(using: Answering, evidence: Evidence) -> bool:
    """Whether sentences that stand together are best left so; a language model may choose among them."""
    return evidence.as_told and using.writer.name.startswith("quoting")


def _as_told(limits: Limits) -> Iterator[str]:
    return (f"[{number}] " for number in range(2, limits.pointers_max + 1))


def _until(pieces: Iterator[str], ticket: Ticket) -> Iterator[str]:
    for piece in pieces:
        if ticket.stop.is_set():
            return
        yield piece


class _Said:
    """What has been said in one answer: commits sentence by sentence and numbers the citations."""

    def __init__(
        self, ticket: Ticket, using: Answering, sentences: tuple[SourceSentence, ...], prompt_tier: int
    ) -> None:
        self._ident = ticket.ident
        self._walk = ticket.walk
        self._prompt_tier = prompt_tier
        self._using = using
        self._sentences = sentences
        self._by_others = 0
        self.quotes = 0

    def quote(self, pointed: Pointed, *, best_line: bool = False) -> None:
        """Show the sentence that was pointed at, after its connecting words."""
        sentence = self._sentences[pointed.number - 1]
        if sentence.passage.speaker != self._using.artist_name:
            self._by_others += 1
            if self._by_others > OTHERS_SENTENCES_MAX and not best_line:
                return
        self.quotes += 1
        cited = citation(self.quotes, sentence)
        if pointed.connection:  # the writer's own words, who had the whole prompt before its eyes
            body: dict[str, Any] = {"text": pointed.connection, "citations": [], "connecting": True}
            self._commit(body, self._prompt_tier)
        body = {"text": sentence.text, "citations": [self.quotes], "cited": [cited]}
        if best_line:
            body["best_line"] = True
        passage = sentence.passage
        self._commit(body, passage.tier, Source(self.quotes, "passage", passage.document_id, passage.ident))

    def _commit(self, body: dict[str, Any], tier: int, *sources: Source) -> None:
        self._using.transcripts.commit(self._ident, "sentence", body, sources_tier=tier, sources=sources)
        self._walk.said(len(sources))


def citation(n: int, sentence: SourceSentence) -> dict[str, Any]:
    """Tie a statement to its place: what a card shows, and where a click leads."""
    passage = sentence.passage
    return {
        "n": n,
        "kind": "passage",
        "title": passage.title,
        "speaker": passage.speaker,
        "date": passage.date,
        "locator": sentence.locator,
        "quote": sentence.text,
        "url": f"/sources/{passage.ident}#s{sentence.index}",
        "tier": passage.tier,
    }


def fact_citation(n: int, row: FactRow) -> dict[str, Any]:
    """Tie a counted or looked-up statement to a row, verbatim as imported."""
    return {
        "n": n,
        "kind": "fact",
        "title": row.title,
        "speaker": row.speaker,
        "date": row.date,
        "locator": row.locator,
        "quote": row.raw,
        "url": f"/rows/{row.ident}",
        "tier": row.tier,
    }


def nearest(passage: SourcePassage) -> dict[str, Any]:
    """Point at a note that is near, without claiming that it answers."""
    return {
        "title": passage.title,
        "date": passage.date,
        "heading": passage.heading,
        "url": f"/sources/{passage.ident}",
    }
