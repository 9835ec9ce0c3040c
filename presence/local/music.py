"""What the artist puts right of what the notes say of music, as deeds: join, set apart, name, take back."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from knowledge import NameUnclear, NameUnknown
from presence.local.contracts import Tell
from trustgraph import Tier, tier_named

if TYPE_CHECKING:
    from presence.bootstrap import Services


_DOCUMENTS = text("SELECT id, file_name, title FROM documents WHERE id = :said OR file_name = :said ORDER BY id")


def merge(services: "Services", arguments: dict[str, Any], tell: Tell) -> int:
    """Join two names of one thing, or only tell what that would do."""
    source, target = services.curation.find_two(arguments["one"], arguments["other"], arguments.get("kind"))
    tell({"event": "joining", **services.curation.plan(source, target).as_json()})
    if not arguments.get("only_tell"):
        tell({"event": "changed", **services.curation.merge(source, target).as_json()})
    return 0


def split(services: "Services", arguments: dict[str, Any], tell: Tell) -> int:
    """Set rows apart from what they were taken for."""
    document = arguments.get("document")
    change = services.curation.split(
        services.curation.find(arguments["name"], arguments.get("kind")),
        name=arguments.get("called"),
        document_id=None if document is None else _document(services, document),
        row_ids=arguments.get("rows") or (),
    )
    tell({"event": "changed", **change.as_json()})
    return 0


def alias(services: "Services", arguments: dict[str, Any], tell: Tell) -> int:
    """Give a thing another name; without a tier it is for the innermost one."""
    tier = tier_named(arguments["tier"]) if arguments.get("tier") else Tier.INNER
    one = services.curation.find(arguments["name"], arguments.get("kind"))
    tell({"event": "changed", **services.curation.alias(one, arguments["alias"], int(tier)).as_json()})
    return 0


def undo(services: "Services", arguments: dict[str, Any], tell: Tell) -> int:
    """Take a change back."""
    services.curation.undo(arguments["id"])
    tell({"event": "undone", "id": arguments["id"]})
    return 0


def list_changes(services: "Services", arguments: dict[str, Any], tell: Tell) -> int:
    """Tell every change that holds, or every one there was."""
    for change in services.curation.changes(undone=bool(arguments.get("all"))):
        tell({"event": "change", **change.as_json()})
    return 0


def _document(services: "Services", said: str) -> str:
    with services.database.reader(int(Tier.INNER)) as reader:
        found = reader.execute(_DOCUMENTS, {"said": said}).all()
    if len(found) > 1:
        raise NameUnclear(said, tuple(f"{row.title}: {row.id}" for row in found))
    if not found:
        raise NameUnknown(said)
    return str(found[0].id)


MUSIC = {
    "music merge": merge,
    "music split": split,
    "music alias": alias,
    "music undo": undo,
    "music list": list_changes,
}
