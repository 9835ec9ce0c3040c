"""`doctor` as a deed: every check that needs the node open, and at last what there is."""

from typing import Any

from models import chosen_libraries
from presence.bootstrap import Services
from presence.local.contracts import Tell
from presence.sight.checked import carried_out
from presence.sight.inside import inside_checks
from presence.stores import FAILURES
from trustgraph import Tier

NO_ENGINE = {
    "building": "being built",
    "failed": "its build was broken off; make run goes on with it",
    "missing": "not built; make run builds it",
}


def doctor(services: Services, _arguments: dict[str, Any], tell: Tell) -> int:
    """Look for what does not agree, and say what to do. Exit 1 when something was found."""
    wrong = 0
    for checked in carried_out(inside_checks(services)):
        wrong += checked.state == "wrong"
        tell(checked.as_json())
    embedding = services.library.embedding
    tell(
        {
            "event": "checked",
            "findings": wrong,
            **_counted(services),
            "writer": services.writer.name,
            "embedding": None if embedding is None else {"done": embedding.done, "whole": embedding.whole},
            "database": services.database.dialect,
            "engine": services.engine_readiness().state,
            "engine_build": engine_build(services),
        }
    )
    return 1 if wrong else 0


def _counted(services: Services) -> dict[str, int]:
    """Count what is there; nothing where the database is away, which was found before."""
    try:
        counts = services.library.counts(int(Tier.INNER))
    except FAILURES:
        return {}
    return {"documents": counts.documents, "passages": counts.passages}


def engine_build(services: Services) -> str:
    """Say which build answers and why, or why there is none."""
    readiness = services.engine_readiness()
    if readiness.state in ("ready", "no model"):
        return chosen_libraries(services.settings.models.build_folder).sentence
    return readiness.reason or NO_ENGINE[readiness.state]
