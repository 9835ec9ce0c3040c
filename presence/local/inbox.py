"""What listeners left for the artist, as deeds: their unanswered questions, and answers that do not hold any more."""

from typing import Any

from knowledge.tiering import TIER_NAMES
from presence.asking.inbox import Group
from presence.bootstrap import Services
from presence.local.contracts import Tell
from presence.local.importing import imported
from presence.local.notes import iso
from trustgraph import tier_named


def list_groups(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell what waits, like questions together, the largest group first."""
    for group in services.inbox.groups():
        tell({"event": "group", **_group_json(group)})
    return 0


def answer(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Make a note of an answer."""
    tier = int(tier_named(arguments["tier"]))
    group, report = services.inbox.answer(
        arguments["group"], arguments["text"], name=arguments.get("name") or "answer.md", tier=tier
    )
    imported(report, tell)
    at = report.files[0].tier if report.files[0].tier is not None else tier
    unheard = sum(count for asked, count in group.tiers.items() if asked < at)
    tell({"event": "group_settled", "state": "answered", "unheard": unheard, **_group_json(group)})
    return 0


def dismiss(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Put a group away without an answer."""
    group = services.inbox.dismiss(arguments["group"])
    tell({"event": "group_settled", "state": "dismissed", "unheard": 0, **_group_json(group)})
    return 0


def list_answers(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Tell the answers that cite something, or only those that the notes do not bear out any more."""
    for past in services.answers.past(stale=bool(arguments.get("stale"))):
        tell(
            {
                "event": "past_answer",
                "id": past.ident,
                "question": past.question,
                "tier": TIER_NAMES[past.tier],
                "asked_at": past.asked_at,
                "stale": past.is_stale,
                "withdrawn": list(past.withdrawn),
            }
        )
    return 0


INBOX = {
    "inbox list": list_groups,
    "inbox answer": answer,
    "inbox dismiss": dismiss,
    "answers": list_answers,
}


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "group": group.ident,
        "question": group.question,
        "count": len(group.questions),
        "tiers": {TIER_NAMES[tier]: count for tier, count in group.tiers.items()},
        "names": list(group.names),
        "first_at": iso(min(one.forwarded_at for one in group.questions)),
        "questions": list(dict.fromkeys(one.text for one in group.questions)),
    }
