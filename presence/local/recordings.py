"""The artist's recordings at a terminal, as deeds: take in, list, take out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge import Wish
from presence.local.contracts import Tell
from trustgraph import Tier, tier_named

if TYPE_CHECKING:
    from presence.bootstrap import Services


def add(services: "Services", arguments: dict[str, Any], tell: Tell) -> int:
    """Take a recording in, for a tier and those above it; of a night or a work, where one is named."""
    path = Path(arguments["path"])
    tier = tier_named(arguments["tier"]) if arguments.get("tier") else Tier.INNER
    wish = Wish(path.stat().st_size, int(tier), arguments.get("title") or path.stem, *_pinned(services, arguments))
    made = services.recordings.add(path, wish, lambda done, whole: tell({"event": "copied", "done": done, "of": whole}))
    tell({"event": "recording", **made.as_json()})
    return 0


def list_recordings(services: "Services", _arguments: dict[str, Any], tell: Tell) -> int:
    """Tell every recording."""
    for one in services.recordings.every(int(Tier.INNER)):
        tell({"event": "recording", **one.as_json()})
    return 0


def remove(services: "Services", arguments: dict[str, Any], tell: Tell) -> int:
    """Take a recording out, with its bytes."""
    services.recordings.remove(arguments["id"])
    tell({"event": "removed", "id": arguments["id"]})
    return 0


def _pinned(services: "Services", arguments: dict[str, Any]) -> tuple[str, str] | tuple[None, None]:
    for name, kind in (("set", "event"), ("work", "work")):
        if arguments.get(name):
            one = services.curation.find(arguments[name], kind)
            return one.kind, one.key
    return None, None


RECORDINGS = {"recordings add": add, "recordings list": list_recordings, "recordings remove": remove}
