"""Asks the demo artist's node questions whose right sentence is known, and counts what came first.

The questions with their answers stand in tests/demo_questions.md; four of them have none.
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import Evidence
from knowledge.imported import ImportRequest
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


def measure() -> dict[str, Any]:
    """Count right first sources, right best lines, and questions rightly left unanswered."""
    with (
        tempfile.TemporaryDirectory() as folder,
        bootstrap(Settings(home=Path(folder) / "home", artist_name=DEMO_ARTIST)) as services,
    ):
        services.library.import_path(ImportRequest(MATERIAL, artist=DEMO_ARTIST, tier=0), lambda _step: None)
        return _counted(services, known_questions())


def _counted(services: Services, asked: list[Known]) -> dict[str, Any]:
    first = line = refused = 0
    cpu = time.process_time()
    for known in asked:
        found = services.search.find(known.question, known.tier)
        if known.file == UNANSWERABLE:
            refused += not isinstance(found, Evidence)
        elif isinstance(found, Evidence):
            first += found.sentences[0].passage.file_name == known.file
            line += any(" ".join(s.text.split()) == known.sentence for s in found.sentences[:4])
    answerable = sum(known.file != UNANSWERABLE for known in asked)
    return {
        "figures": {
            "questions": len(asked),
            "answerable": answerable,
            "right_source_first": first,
            "right_sentence_in_4": line,
            "rightly_refused": refused,
            "cpu_ms_per_search": round(1000 * (time.process_time() - cpu) / len(asked), 1),
        },
        "ratios": {"right_source_first": round(first / answerable, 3)},
    }
