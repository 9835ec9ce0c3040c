"""Answers that are about one thing: a record, a walk along a set, something that is recommended."""

from collections.abc import Iterator
from typing import Any

from knowledge import Pick, Step, Thing, Walk
from presence.asking.acts import RECOMMEND
from presence.asking.answering import Answering, Ticket, is_revoked
from presence.asking.by_notes import Ended, quoted, told
from presence.asking.contracts import Outcome
from presence.asking.prompt import AboveTier
from presence.asking.saying import Said


def about_record(ticket: Ticket, using: Answering) -> Ended:
    """Say what the rows say of a record, then what her notes do."""
    thing, tier = _thing(ticket), ticket.standing.tier
    with ticket.walk.searching():
        facts = using.acts.things.told(thing, tier)
        evidence = using.acts.things.notes(thing, tier, ticket.question.text)
    if is_revoked(ticket, using):
        return Outcome.REVOKED, {}
    if not facts.sentences and evidence is None:
        return _not_in_notes(ticket, using)
    said = Said(ticket, using)
    outcome = told(ticket, using, said, facts)
    if evidence is not None and outcome is Outcome.ANSWERED:
        outcome = quoted(ticket, using, said, evidence)
    return outcome, {}


def along_set(ticket: Ticket, using: Answering) -> Ended:
    """Walk along a set, piece by piece, each with what her notes say of it."""
    tier = ticket.standing.tier
    with ticket.walk.searching():
        walk = using.acts.walks.walk(_thing(ticket), tier)
    if is_revoked(ticket, using):
        return Outcome.REVOKED, {}
    if walk is None:
        return _not_in_notes(ticket, using)
    if walk.tier > tier:
        raise AboveTier
    ticket.needs(walk.tier)
    return _walked(ticket, using, walk), {}


def _walked(ticket: Ticket, using: Answering, walk: Walk) -> Outcome:
    said = Said(ticket, using)
    for line in walk.opening:
        said.quote(line, best_line=line is walk.opening[0])
    for step in walk.steps:
        if ticket.stop.is_set():
            return Outcome.STOPPED
        said.told(step.sentence, **_place(walk, step))
        for line in step.said:
            said.quote(line)
    return Outcome.ANSWERED


def recommended(ticket: Ticket, using: Answering) -> Ended:
    """Name a record or a night, and why, from her notes."""
    question, tier = ticket.question, ticket.standing.tier
    remembered = using.remembering.of(question.listener, tier)
    words = "" if question.text == RECOMMEND else question.text
    with ticket.walk.searching():
        but = {*remembered.told, *_named_before(ticket, using)}
        pick = using.acts.recommending.pick(
            words, tier, liked=remembered.liked, but=but, seed=question.listener.did or question.listener.ident
        )
    if is_revoked(ticket, using):
        return Outcome.REVOKED, {}
    if pick is None:
        return _not_in_notes(ticket, using)
    if pick.thing.row.tier > tier:
        raise AboveTier
    ticket.needs(max(tier, ticket.context.tier))
    said = Said(ticket, using, floor=ticket.context.tier)
    for sentence in _why(using, pick, tier):
        said.told(sentence, tier)
    outcome = quoted(ticket, using, said, pick.evidence)
    if outcome is not Outcome.ANSWERED:
        return outcome, {}
    thing = ticket.recommended = pick.thing  # it is remembered with the end
    return outcome, {"recommended": {"id": thing.ident, "kind": thing.kind, "name": thing.name, "url": thing.url}}


def _why(using: Answering, pick: Pick, tier: int) -> Iterator[Any]:
    yield from using.acts.things.told(pick.thing, tier).sentences[:1]
    if pick.today is not None:
        yield pick.today


def _named_before(ticket: Ticket, using: Answering) -> set[str]:
    """Give what was recommended in this conversation already, by name."""
    idents = [turn.ident for turn in ticket.context.turns]
    return {named["name"] for named in using.transcripts.recommended_in(idents)}


def _place(walk: Walk, step: Step) -> dict[str, Any]:
    """Say where in the recording a piece begins, for whoever may hear it."""
    item = step.item
    place: dict[str, Any] = {"part": item.set_name} if item.set_name else {}
    if item.time_ms is not None:
        place["at_ms"] = item.time_ms
        if walk.recording is not None:
            place["audio"] = f"/audio/{walk.recording}#t={item.time_ms / 1000:g}"
    return place


def _thing(ticket: Ticket) -> Thing:
    thing = ticket.question.thing
    if thing is None:
        raise LookupError("an act about a thing without a thing")
    return thing


def _not_in_notes(ticket: Ticket, using: Answering) -> Ended:
    return Outcome.NOT_IN_NOTES, {"nearest": [], "message": using.personas.at(ticket.standing.tier).no_answer}
