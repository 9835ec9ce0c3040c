"""How many sentences pass that should not, and how many that should do not, on pairs labelled by hand.

Wilson bounds at 95 % stand beside the shares: the pairs are a few hundred.
"""

import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from presence.asking.support import Cited, Persons, Support, supported

PAIRS = Path(__file__).parents[1] / "tests" / "presence" / "asking" / "support" / "pairs.jsonl"


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled pair and what was found."""

    sentence: str
    kind: str
    is_true: bool
    found: Support


def judged(path: Path = PAIRS) -> list[Judged]:
    """Judge every pair of a file."""
    return [_judged(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _judged(pair: dict[str, Any]) -> Judged:
    sources = [
        Cited(one["text"], one.get("speaker") or "", one.get("title") or "", one.get("date") or "")
        for one in pair["sources"]
    ]
    found = supported(pair["sentence"], sources, Persons(pair["artist"]))
    return Judged(pair["sentence"], pair["kind"], pair["label"] == "supported", found)


def figures(all_judged: Sequence[Judged]) -> dict[str, Any]:
    """Count what passed wrongly and what passed rightly, whole and by kind."""
    false = [one for one in all_judged if not one.is_true]
    true = [one for one in all_judged if one.is_true]
    wrong, right = sum(bool(one.found) for one in false), sum(bool(one.found) for one in true)
    return {
        "pairs": len(all_judged),
        "unsupported": len(false),
        "supported": len(true),
        "false_support": wrong,
        "false_support_share": round(wrong / len(false), 4),
        "false_support_share_at_most": round(_wilson(wrong, len(false), upper=True), 4),
        "found_support": right,
        "found_support_share": round(right / len(true), 4),
        "found_support_share_at_least": round(_wilson(right, len(true), upper=False), 4),
        "found_by": dict(Counter(str(one.found.how) for one in true)),
        "passed_by_kind": _by_kind(all_judged),
    }


def _by_kind(all_judged: Sequence[Judged]) -> dict[str, str]:
    kinds = sorted({(one.is_true, one.kind) for one in all_judged})
    told = {}
    for is_true, kind in kinds:
        of_kind = [one for one in all_judged if (one.is_true, one.kind) == (is_true, kind)]
        label = "supported" if is_true else "unsupported"
        told[f"{label}: {kind}"] = f"{sum(bool(one.found) for one in of_kind)} of {len(of_kind)}"
    return told


def _wilson(hits: int, of: int, *, upper: bool) -> float:
    z, share = 1.96, hits / of
    middle, reach = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle + (reach if upper else -reach)) / (1 + z * z / of)


def measure() -> dict[str, Any]:
    """Judge the labelled pairs and take the time."""
    started = time.process_time()
    all_judged = judged()
    cpu_ms = (time.process_time() - started) * 1_000 / len(all_judged)
    counted = figures(all_judged)
    shares = {name: counted[name] for name in ("false_support_share", "found_support_share")}
    return {"figures": {**counted, "cpu_ms_per_sentence": round(cpu_ms, 2)}, "ratios": shares}
