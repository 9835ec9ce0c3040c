"""Answers a question: from the rows where it is exact, else by pointing at sentences of the notes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from knowledge import AskBack, Before, Evidence, Facts, Nothing
from models import Limits, Writer
from presence.asking.answering import Answering, Ticket, is_revoked, let_out
from presence.asking.contracts import Outcome
from presence.asking.prompt import AboveTier, compose
from presence.asking.retelling import retell
from presence.asking.saying import Said, nearest
from presence.asking.verify import pointers

Ended = tuple[Outcome, dict[str, Any]]
WORDS = "words"
"""Says of an answer that its notes were found by their words alone: the search by meaning was away."""


def asked(ticket: Ticket, using: Answering) -> Ended:
    """Look for what answers a question, and say it."""
    tier, context = ticket.standing.tier, ticket.context
    earlier = tuple(Before(turn.question, turn.text) for turn in context.turns)
    with ticket.walk.searching():
        found = using.retrieval.find(ticket.question.text, tier, earlier)
    by_words = {"found_by": WORDS} if using.by_words_alone() else {}
    if isinstance(found, AskBack):
        return Outcome.ASK_BACK, {"choices": list(found.choices)}
    if isinstance(found, Nothing):
        why = {"reason": found.why} if found.why else {}
        near = [nearest(passage) for passage in found.nearest]
        message = using.personas.at(tier).no_answer
        return Outcome.NOT_IN_NOTES, {"nearest": near, "message": message, **why, **by_words}
    said = Said(ticket, using, floor=context.tier)
    if isinstance(found, Facts):
        return told(ticket, using, said, found), {}
    return quoted(ticket, using, said, found), by_words


def told(ticket: Ticket, using: Answering, said: Said, facts: Facts) -> Outcome:
    """Show what was counted, sentence by sentence; each cites the most telling of its rows, as they were imported.

    It was counted among all that stood open, of which few rows are shown: so it rests on the tier that it was asked at.
    """
    if facts.tier > ticket.standing.tier:
        raise AboveTier
    ticket.needs(max(ticket.standing.tier, ticket.context.tier))
    for sentence in facts.sentences:
        said.told(sentence, ticket.standing.tier)
        if ticket.stop.is_set():
            return Outcome.STOPPED
    return Outcome.ANSWERED


def quoted(ticket: Ticket, using: Answering, said: Said, evidence: Evidence) -> Outcome:
    """Show her best line, then what the writer points at."""
    tier = ticket.standing.tier
    voice, context = using.personas.at(tier), ticket.context
    prompt = compose(using.artist_name, evidence, ticket.question.text, tier=tier, voice=voice, context=context)
    limits = using.limits_of(ticket)
    seen = max(max((sentence.passage.tier for sentence in evidence.sentences), default=tier), ticket.context.tier)
    ticket.needs(seen)
    said.quote(evidence.sentences[0], best_line=True)  # evidence comes best first
    _let_out_slowly(ticket, using)
    if prompt.own_words and not quotes_only(using.writer):
        pieces = until_stopped(using.writer.write(prompt, limits, ticket.stop, ticket.walk.usage), ticket)
        return retell(ticket, using, said, evidence, pieces)
    if _tells_itself(using, evidence):
        pieces = _as_told(limits)
    else:
        prompt = replace(prompt, own_words=False)
        pieces = using.writer.write(prompt, limits, ticket.stop, ticket.walk.usage)
    numbers = [sentence.number for sentence in prompt.sentences]
    for pointed in pointers(until_stopped(pieces, ticket), numbers, shown=[1]):
        if said.quotes >= limits.pointers_max:
            break
        said.quote(evidence.sentences[pointed.number - 1], after=pointed.connection, seen_tier=seen)
        if not _let_out_slowly(ticket, using) or said.quotes >= limits.pointers_max:
            break
    return Outcome.STOPPED if ticket.stop.is_set() else Outcome.ANSWERED


def _let_out_slowly(ticket: Ticket, using: Answering) -> bool:
    """Let out what was said so far where the writer takes its time; False where nobody may read on.

    Her best line waits for no language model. Who only quotes is done at once: all of it is committed with the end.
    """
    if quotes_only(using.writer):
        return True
    if is_revoked(ticket, using):
        return False
    let_out(ticket, using)
    return True


def until_stopped(pieces: Iterator[str], ticket: Ticket) -> Iterator[str]:
    """Let a writer's pieces through until the answer is stopped."""
    for piece in pieces:
        if ticket.stop.is_set():
            return
        yield piece


def _tells_itself(using: Answering, evidence: Evidence) -> bool:
    """Whether sentences that stand together are best left so; a language model may choose among them."""
    return evidence.as_told and quotes_only(using.writer)


def quotes_only(writer: Writer) -> bool:
    """Whether a writer has no words of its own."""
    return writer.name.startswith("quoting")


def _as_told(limits: Limits) -> Iterator[str]:
    return (f"[{number}] " for number in range(2, limits.pointers_max + 1))
