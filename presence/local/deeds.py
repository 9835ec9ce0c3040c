"""What can be done at a terminal, as functions that tell what happens while it happens.

The same deed runs in the command's own process when nobody owns the home, and inside the running
node, over the home's socket, when somebody does.
"""

import time
from dataclasses import replace
from typing import Any

from models import Fallback
from presence.asking.answering import Ticket
from presence.bootstrap import Services
from presence.local.contracts import Deed, Tell
from presence.local.evaluating import EVALUATING
from presence.local.importing import IMPORTING
from presence.local.inbox import INBOX
from presence.local.keeping import KEEPING
from presence.local.money import MONEY
from presence.local.music import MUSIC
from presence.local.notes import NOTES
from presence.local.people import PEOPLE
from presence.local.recordings import RECORDINGS
from presence.local.reports import REPORTS
from presence.local.sites import SITES
from presence.local.trust import TRUST
from presence.sight.doctor import doctor
from trustgraph import Tier, tier_named

LOOK_EVERY_S = 0.03


def ask(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Ask as a tier and tell each sentence when it is verified."""
    tier = tier_named(arguments.get("as") or Tier.PUBLIC.slug)
    listener = services.local.listener_as(tier)
    if isinstance(services.writer, Fallback):
        services.writer.awaited()
    act, thing = arguments.get("act"), arguments.get("thing")
    question = services.acts.question(act, arguments["question"], thing, listener, int(tier))
    opened = services.counter.open(replace(question, conversation=arguments.get("conversation")))
    ident = opened.ident
    if isinstance(opened, Ticket):
        services.desk.start(opened)
    after, done = 0, False
    while not done:
        for event in services.desk.transcripts.events(ident, after):
            after, done = event.seq, done or event.kind == "done"
            tell({"event": event.kind, **event.body})
        if not done:
            time.sleep(LOOK_EVERY_S)
    tell({"event": "answer", **services.answers.read(ident, listener)})
    return 0


def reindex(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Build the indexes anew from the database."""
    count = services.library.reindex(lambda done, whole: tell({"event": "embedded", "done": done, "whole": whole}))
    tell({"event": "reindexed", "passages": count})
    return 0


def sign_in_link(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Make a one-time way in for the operator."""
    tell({"event": "token", "token": services.operator.new_token(), "address": services.origins.first})
    return 0


DEEDS: dict[str, Deed] = {
    **IMPORTING,
    "ask": ask,
    "reindex": reindex,
    "doctor": doctor,
    "operator": sign_in_link,
    **NOTES,
    **INBOX,
    **REPORTS,
    **MUSIC,
    **RECORDINGS,
    **TRUST,
    **PEOPLE,
    **MONEY,
    **SITES,
    **EVALUATING,
    **KEEPING,
}
