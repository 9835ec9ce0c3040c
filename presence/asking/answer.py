"""Writes one answer into its transcript; the hold ends here, whichever way the writing ends."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from types import MappingProxyType
from typing import Any

import structlog
from sqlalchemy import Connection

from billing import Cited, Receipt, Sale
from billing.errors import HoldAlreadyEnded
from presence.asking.answering import Answering, Ticket, is_revoked
from presence.asking.by_notes import Ended, asked
from presence.asking.contracts import Outcome
from presence.asking.of_things import about_record, along_set, recommended
from presence.asking.quoted import quoted_in
from presence.asking.saying import Said
from presence.asking.steps import EndedAlready, Event, Step, TakenOver
from presence.persona.identity import asks_who_speaks, who_speaks

log = structlog.get_logger()

SIGNED = (Outcome.ANSWERED, Outcome.STOPPED)
DROPPED = (Outcome.REVOKED, Outcome.FAILED)
"""Ends at which what is not shown yet is not shown any more."""
WAYS: Mapping[str, Callable[[Ticket, Answering], Ended]] = {
    "ask": asked,
    "recommend": recommended,
    "record": about_record,
    "set": along_set,
}
"""How each act is answered."""


class ShutOut(Exception):  # nothing is wrong
    """Whoever asked may not read that far any more: nothing of it is shown, and nothing is charged."""


def write_answer(ticket: Ticket, using: Answering) -> Outcome:
    """Carry a ticket to its end; never raises."""
    outcome, more = Outcome.FAILED, dict[str, Any]()
    ticket.walk.began()
    try:
        outcome, more = written(ticket, using)
        if is_revoked(ticket, using):  # of what is not shown yet nothing is told
            outcome, more = Outcome.REVOKED, {}
    except (TakenOver, EndedAlready):
        outcome = Outcome.STOPPED
    except Exception:
        log.exception("answer failed", question=ticket.ident)
    finally:
        with ExitStack() as settling:  # each of these happens, whatever the others do
            settling.callback(using.places.give_back, ticket.place)
            outcome = settle(ticket, using, outcome, more)
            ticket.walk.ended()
    using.watch(ticket, outcome)
    return outcome


def written(ticket: Ticket, using: Answering) -> Ended:
    """Write an answer by the way of its act; give how it ended, and what its end tells."""
    if is_revoked(ticket, using):
        return Outcome.REVOKED, {}
    if ticket.stop.is_set():  # who left the queue wants nothing looked for
        return Outcome.STOPPED, {}
    question, tier = ticket.question, ticket.standing.tier
    if asks_who_speaks(question.text, using.artist_name):
        Said(ticket, using).by_code(who_speaks(using.artist_name, using.writer.name))
        return Outcome.ANSWERED, {}
    refused = using.refuses.refused(question.text, using.personas.at(tier).refuse)
    if refused is not None:
        return Outcome.REFUSED, {"message": refused.said}
    ticket.says(Step("status", {"stage": "looking", "notes": using.notes_at(tier)}))
    return WAYS[question.act](ticket, using)


def settle(ticket: Ticket, using: Answering, outcome: Outcome, more: dict[str, Any]) -> Outcome:
    """End the hold and the answer together: what is owed is charged with the last event, or not at all."""
    if outcome is Outcome.STOPPED and not ticket.walk.sentences:  # nothing was shown, so nothing is, and it is free
        ticket.forget()
    try:
        more = {**more, **_signed(ticket, using, outcome), **_counted(ticket, outcome)}
        steps = ticket.shown() if outcome not in DROPPED else []
        # Only what is paid is divided, and only then does it matter which note came before which.
        earlier = using.transcripts.earlier_versions(set(ticket.notes.values())) if ticket.hold.is_kept else {}
        owed, sale = owed_for(ticket, outcome, ticket.said, ticket.notes, earlier)
        if sale is None:
            using.holds.release(ticket.hold)
            using.transcripts.finish(ticket.ident, outcome, steps, **more)
        else:
            remember = _remembered(ticket, using, outcome)

            def end(owner: Connection, receipt: Receipt | None) -> list[Event]:
                if ticket.revoked.is_set():  # since it was looked at last
                    raise ShutOut
                ended = using.transcripts.end(owner, ticket.ident, outcome, shown(receipt, ticket), steps, **more)
                remember(owner)
                return ended

            ended = using.holds.capture(ticket.hold, owed, sale, beside=end)
            using.transcripts.tell(ticket.ident, ended)
            ticket.walk.charged_micros = sum(event.body["micros"] for event in ended if event.kind == "receipt")
        ticket.walk.said(steps)
    except ShutOut:
        return settle(ticket, using, Outcome.REVOKED, {})
    except TakenOver:  # that is our doing: nothing is charged, and she ends it
        with suppress(HoldAlreadyEnded):
            using.holds.release(ticket.hold)
        return Outcome.STOPPED
    except Exception:
        log.exception("answer not settled", question=ticket.ident)
        return _given_up(ticket, using)
    return outcome


def _remembered(ticket: Ticket, using: Answering, outcome: Outcome) -> Callable[[Connection], object]:
    """Give what notes that something was recommended: that was told only where it was answered to the end."""
    if ticket.recommended is None or outcome is not Outcome.ANSWERED:
        return lambda _owner: None
    return using.remembering.recommended(ticket.question.listener, ticket.recommended)


def _counted(ticket: Ticket, outcome: Outcome) -> dict[str, Any]:
    """Tell how many tokens were read and written, where a language model wrote and counted them."""
    usage = ticket.walk.usage
    if outcome not in SIGNED or not usage.answer_tokens:
        return {}
    return {"usage": {"prompt_tokens": usage.prompt_tokens, "answer_tokens": usage.answer_tokens}}


def _given_up(ticket: Ticket, using: Answering) -> Outcome:
    """Nothing was charged: the hold goes, and the answer says so; what was committed after all stays."""
    asked = using.transcripts.find(ticket.ident)
    if asked is not None and asked.outcome is not None:
        with suppress(HoldAlreadyEnded):
            using.holds.release(ticket.hold)
        return asked.outcome
    with suppress(TakenOver, EndedAlready), ExitStack() as settling:
        settling.callback(using.transcripts.finish, ticket.ident, Outcome.FAILED)
        with suppress(HoldAlreadyEnded):
            using.holds.release(ticket.hold)
    return Outcome.FAILED


def owed_for(
    ticket: Ticket,
    outcome: Outcome,
    said: Sequence[dict[str, Any]],
    notes: Mapping[int, str],
    earlier: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[int, Sale | None]:
    """Give what is owed, and what for; no sale at all where the published rule says that it is free.

    `notes` are the documents by the numbers of citations, `earlier` those that stood in their places before.
    An answer is paid; one that was stopped is, from the writer's first sentence on (her best line does
    not count); everything else is free, and so is what code says by itself.
    """
    said = [body for body in said if not body.get("by_code")]
    if not said:
        return 0, None
    written = [body for body in said if not body.get("best_line")]
    if outcome is not Outcome.ANSWERED and not (outcome is Outcome.STOPPED and written):
        return 0, None
    sentences = sum(1 for body in said if not body.get("connecting"))
    kind, _, release = (ticket.question.thing_bought or "").partition(":")
    about = release if kind == "release" else None
    cited = [Cited(note, count, about, earlier.get(note, ())) for note, count in quoted_in(said, notes)]
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
        text = " ".join(body["text"] for body in ticket.said)
        statement = using.stand_by(ticket.ident, ticket.question.text, text, outcome)
    except Exception:
        log.exception("answer not signed", question=ticket.ident)
        return {}
    return {"statement": statement} if statement is not None else {}
