"""Questions of what is new: among the notes that bear on them, the later dated go first."""

import re
from collections.abc import Sequence

from knowledge.candidates import Candidate, by_score

WEIGHT = 0.3
# Only what is relevant by itself is lifted: half as good as the best, at least.
RELEVANT_SHARE = 0.5

_ASKS = re.compile(r"\b(?:lately|recently|recent|these days|nowadays|latest|newest)\b", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def asks_for_news(question: str) -> bool:
    """Whether a question asks for what is new."""
    return _ASKS.search(question) is not None


def without_asking(question: str) -> str:
    """Leave out the words that ask for news: no note says them of itself."""
    return _ASKS.sub(" ", question)


def freshest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Lift each dated candidate by where its date lies between the first and the last of the relevant ones."""
    least = RELEVANT_SHARE * max((candidate.score for candidate in candidates), default=0.0)
    years = {c.passage.date: _year(c.passage.date) for c in candidates if c.score >= least}
    dated = [year for year in years.values() if year is not None]
    first, span = min(dated, default=0.0), max(dated, default=0.0) - min(dated, default=0.0)

    def lifted(candidate: Candidate) -> Candidate:
        year = years.get(candidate.passage.date) if candidate.score >= least else None
        if year is None:
            return candidate
        score = round(candidate.score + WEIGHT * ((year - first) / span if span else 1.0), 6)
        return candidate.scored(score, candidate.concerned)

    return by_score(lifted(candidate) for candidate in candidates)


def _year(date: str) -> float | None:
    """Read an ISO date of any precision as years; None for none."""
    found = _ISO.match(date)
    return int(found[1]) + (int(found[2] or 1) - 1) / 12 + (int(found[3] or 1) - 1) / 372 if found else None
