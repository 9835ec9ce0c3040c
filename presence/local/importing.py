"""Taking material in, as deeds: at once, or looked at first and then confirmed or thrown away."""

from pathlib import Path
from typing import Any

from knowledge.imported import FileResult, ImportReport, ImportRequest, Preview, Step
from knowledge.tiering import TIER_NAMES
from presence.bootstrap import Services
from presence.bringing.fetching import brought, is_address
from presence.local.contracts import Tell
from trustgraph import tier_named


def import_material(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Take in a file or a folder. Exit 0 when every file could be read, 1 when none could."""
    report = services.library.import_path(_request(services, arguments, tell), lambda step: tell(_step(step)))
    return imported(report, tell)


def stage(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Read a file or a folder and tell what would be taken in; it waits under its import's id."""
    preview = services.library.stage_path(_request(services, arguments, tell), lambda step: tell(_step(step)))
    tell(
        {
            "event": "preview",
            "import": preview.import_id,
            "files": [_file(result) for result in preview.files],
            **_counted(preview),
        }
    )
    return 1 if preview.count("refused") == len(preview.files) else 0


def publish(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Show an import that waits."""
    return imported(services.library.publish_staged(arguments["import"]), tell)


def discard(services: Services, arguments: dict[str, Any], tell: Tell) -> int:
    """Throw away an import that waits."""
    services.library.discard_staged(arguments["import"])
    tell({"event": "discarded", "import": arguments["import"]})
    return 0


def imported(report: ImportReport, tell: Tell) -> int:
    """Tell what became of an import; gives its exit code."""
    tell({"event": "imported", "import": report.import_id, **_counted(report), "seconds": round(report.seconds, 2)})
    return 1 if report.count("refused") == len(report.files) else 0


IMPORTING = {
    "import": import_material,
    "import stage": stage,
    "import publish": publish,
    "import discard": discard,
}


def _request(services: Services, arguments: dict[str, Any], tell: Tell) -> ImportRequest:
    tier, path = arguments.get("tier"), Path(arguments["path"])
    if is_address(arguments["path"]):
        bytes_max = services.settings.knowledge.file_bytes_max
        site = bool(arguments.get("site"))
        path = brought(services.home.folder, arguments["path"], site=site, bytes_max=bytes_max, tell=tell)
    return ImportRequest(
        path,
        artist=services.settings.artist_name,
        tier=None if tier is None else int(tier_named(tier)),
        speaker=arguments.get("speaker"),
        file_bytes_max=services.settings.knowledge.file_bytes_max,
    )


def _counted(told: Preview | ImportReport) -> dict[str, int]:
    counts = {status: told.count(status) for status in ("ok", "unchanged", "partial", "refused")}
    return {**counts, "passages": told.passages, "statements": told.statements, "replaced": told.replaced}


def _file(result: FileResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "status": result.status,
        "tier": None if result.tier is None else TIER_NAMES[result.tier],
        "passages": result.passages,
        "statements": result.statements,
        "remarks": list(result.remarks),
    }


def _step(step: Step) -> dict[str, Any]:
    told: dict[str, Any] = {
        "event": "step",
        "name": step.name,
        "files_done": step.files_done,
        "files": step.files,
        "passages_done": step.passages_done,
        "passages": step.passages,
    }
    if step.result is not None:
        told |= {**_file(step.result), "event": "file", "name": step.name}
    return told
