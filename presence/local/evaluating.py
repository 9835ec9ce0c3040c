"""How well the node answers a list of questions whose answers are known: the artist's own list, as a rule."""

from typing import Any

from knowledge import ExactQuestions, Finding, Knowing
from knowledge.candidates import Candidate
from knowledge.evaluation import QuestionsUnreadable, evaluate, read_questions
from presence.bootstrap import Services
from presence.errors import PresenceError
from presence.local.contracts import Deed, Tell
from trustgraph import Tier, tier_named


class Answering:
    """What is measured: passages as the search ranks them, findings by the whole path."""

    def __init__(self, services: Services) -> None:
        exact = ExactQuestions(services.database.reader, services.settings.artist_name)
        self._search = services.search
        self._knowing = Knowing(exact, services.search)

    def passages(self, question: str, tier: int) -> list[Candidate]:
        return self._search.passages(question, tier)

    def find(self, question: str, tier: int) -> Finding:
        return self._knowing.find(question, tier)


def evaluate_questions(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Ask every question of a list as a tier and tell the figures."""
    tier = int(tier_named(arguments.get("as") or Tier.PUBLIC.slug))
    try:
        questions = read_questions(arguments["questions"])
    except QuestionsUnreadable as error:
        raise PresenceError(str(error)) from error
    tell({"event": "evaluated", "figures": evaluate(Answering(services), questions, tier)})
    return 0


EVALUATING: dict[str, Deed] = {"evaluate": evaluate_questions}
