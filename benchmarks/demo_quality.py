"""Asks the demo artist's node questions whose right sentence is known, and counts what came first.

The questions with their answers stand in tests/demo_questions.md; four of them have none.
"""

import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from knowledge import Evidence
from knowledge.ingest import ImportRequest
from presence.bootstrap import Services, bootstrap
from presence.cli.demo import DEMO_ARTIST, MATERIAL
from presence.settings import Settings
from trustgraph import tier_named

QUESTIONS = Path(__file__).parent.parent / "tests" / "demo_questions.md"
UNANSWERABLE = "-"


@dataclass(frozen=True, slots=True)
class Known:
    """A question, who asks, the file that answers, and the sentence that answers best."""

    question: str
    tier: int
    file: str
    sentence: str


def known_questions() -> list[Known]:
    """Read the table."""
    rows = [line.strip().strip("|").split("|") for line in QUESTIONS.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in rows[2:]]
    return [Known(q, int(tier_named(t)), file.strip("`"), sentence.strip('"“”')) for q, t, file, sentence in cells]


def measure(services: Services) -> dict[str, float]:
    """Count right first sources, right best lines, and questions rightly left unanswered."""
    first = line = refused = answerable = 0
    cpu = time.process_time()
    asked = known_questions()
    for known in asked:
        found = services.search.find(known.question, known.tier)
        if known.file == UNANSWERABLE:
            refused += not isinstance(found, Evidence)
            continue
        answerable += 1
        if isinstance(found, Evidence):
            best = found.sentences[0]
            first += best.passage.file_name == known.file
            line += any(" ".join(s.text.split()) == known.sentence for s in found.sentences[:4])
    return {
        "questions": len(asked),
        "answerable": answerable,
        "right_source_first": first,
        "right_sentence_in_4": line,
        "rightly_refused": refused,
        "cpu_ms_per_question": round(1000 * (time.process_time() - cpu) / len(asked), 1),
    }


def main() -> None:
    """Print one JSON object."""
    with (
        tempfile.TemporaryDirectory() as home,
        bootstrap(Settings(home=Path(home) / "home", artist_name=DEMO_ARTIST)) as services,
    ):
        services.library.import_path(ImportRequest(MATERIAL, artist=DEMO_ARTIST, tier=0), lambda _step: None)
        print(json.dumps({"bench": "demo_quality", "figures": measure(services)}))


if __name__ == "__main__":
    main()
