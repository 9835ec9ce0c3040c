"""An exact repeat of a listener's own question is free, as long as nothing that its answer rests on has changed.

What an answer rests on is in its mark: the tier and that tier's material, the writer and the voice it
writes in, what was said before in the conversation, what is remembered of her, and the day, since
"next" and "this year" mean another thing tomorrow. The mark is looked for among her own answers only.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass

from presence.asking.contracts import Listener, Standing
from presence.asking.conversations import Context
from presence.asking.question import Question, sha256

FREE_BECAUSE = "You asked this before, and nothing it rests on has changed."


@dataclass(frozen=True, slots=True)
class Marks:
    """Makes the mark of a question."""

    versions: Callable[[int], list[str]]  # of the material that a tier may read
    writer_name: Callable[[], str]
    voice_at: Callable[[int], str] = lambda _tier: ""
    memory_of: Callable[[Listener, int], str] = lambda _listener, _tier: ""
    today: Callable[[], datetime.date] = datetime.date.today

    def mark(self, question: Question, standing: Standing, context: Context) -> str:
        """Give the mark, in hexadecimal."""
        tier = standing.tier
        about = [question.act, question.thing_bought, " ".join(question.text.split())]
        told_by = [self.versions(tier), self.writer_name(), self.voice_at(tier)]
        # Only what is recommended is chosen by what is remembered.
        remembered = self.memory_of(question.listener, tier) if question.act == "recommend" else ""
        before = [context.ident, [turn.ident for turn in context.turns], remembered]
        return sha256(json.dumps([about, tier, told_by, before, self.today().isoformat()]))
