"""What a whole answer costs: ticket, search, prompt, verification, transcript, with the instant quoting writer.

Real embedder, the demo artist's notes, SQLite, embedded Chroma; CPU seconds of this process beside wall time.
"""

import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.demo_quality import known_questions
from knowledge.imported import ImportRequest
from presence.asking.answering import Ticket
from presence.asking.question import Question
from presence.bootstrap import Services, bootstrap
from presence.cli.demo import DEMO_ARTIST, MATERIAL
from presence.settings import Settings
from trustgraph import Tier

ROUNDS = 5


def measure() -> dict[str, Any]:
    """Answer every demo question a few times; the first round warms the sentence vectors."""
    with (
        tempfile.TemporaryDirectory() as folder,
        bootstrap(Settings(home=Path(folder) / "home", artist_name=DEMO_ARTIST)) as services,
    ):
        began, cpu = time.perf_counter(), time.process_time()
        request = ImportRequest(MATERIAL, artist=DEMO_ARTIST, tier=0)
        report = services.library.import_path(request, lambda _step: None)
        taken_in = {
            "import_wall_s": round(time.perf_counter() - began, 2),
            "import_cpu_s": round(time.process_time() - cpu, 2),
            "passages": report.passages,
        }
        rounds = [_round(services, number) for number in range(ROUNDS)]
    cold, warm = rounds[0], [figure for later in rounds[1:] for figure in later]
    return {
        "figures": {
            **taken_in,
            "answer_cpu_ms_p50_cold": _median_ms([cpu for cpu, _ in cold]),
            "answer_cpu_ms_p50": _median_ms([cpu for cpu, _ in warm]),
            "answer_wall_ms_p50": _median_ms([wall for _, wall in warm]),
        },
        "ratios": {"warm_vs_cold_cpu": round(_median_ms([c for c, _ in warm]) / _median_ms([c for c, _ in cold]), 3)},
    }


def _round(services: Services, number: int) -> list[tuple[float, float]]:
    # Somebody else each time: who repeats her own question is given the answer that is there.
    listener = replace(services.local.listener_as(Tier.INNER), ident=f"anon:{number}")
    figures = []
    for known in known_questions():
        cpu, wall = time.process_time(), time.perf_counter()
        ticket = services.counter.open(Question(known.question, listener))
        assert isinstance(ticket, Ticket)
        services.desk.start(ticket).result()
        figures.append((time.process_time() - cpu, time.perf_counter() - wall))
    return figures


def _median_ms(seconds: list[float]) -> float:
    return round(1000 * statistics.median(seconds), 1)
