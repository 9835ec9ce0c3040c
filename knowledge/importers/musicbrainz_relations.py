"""The relations of an entity of MusicBrainz: who did what, where it can be heard, what else it is called."""

from collections.abc import Iterator
from typing import Any

from knowledge.importers import codes, jsonfile, statements
from knowledge.importers.jsonfile import mapping, mappings, words
from knowledge.importers.statements import Alias, At, Credit, Link

_DEPTH_MAX = 60
_LINKS = {"purchase for download": "buy", "purchase for mail-order": "buy", "bandcamp": "buy", "ticketing": "tickets",
          "download for free": "listen", "streaming": "listen", "free streaming": "listen", "soundcloud": "listen",
          "youtube": "watch", "video channel": "watch", "youtube music": "listen"}  # fmt: skip


def dashed(value: Any, depth: int = 0) -> Any:
    """Write every key with dashes, as the web service does."""
    if depth > _DEPTH_MAX:
        return None
    if isinstance(value, dict):
        return {str(key).replace("_", "-"): dashed(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [dashed(inner, depth + 1) for inner in value]
    return value


def at(value: dict[str, Any], place: str) -> At:
    """Give the place of a statement; its row is what stands in the entity itself, not below it."""
    shown = {key: inner for key, inner in value.items() if isinstance(inner, (str, int, float)) and inner != ""}
    return At(0, statements.raw(jsonfile.row(shown)), place)


def artist_credit(entity: dict[str, Any]) -> str:
    """Join the names of a credit as they are printed."""
    parts = mappings(entity.get("artist-credit"))
    joined = "".join(
        (words(part.get("name")) or words(mapping(part.get("artist")).get("name"))) + str(part.get("joinphrase") or "")
        for part in parts
    )
    return " ".join(joined.split())


def relations(entity: dict[str, Any], target: str) -> Iterator[dict[str, Any]]:
    """Give the relations to one kind of thing, in whichever list they stand."""
    for key in ("relations", f"{target}-relations"):
        for relation in mappings(entity.get(key)):
            if isinstance(relation.get(target), dict):
                yield relation


def has_relation(entity: dict[str, Any], kind: str, *, whole: bool) -> bool:
    """Whether an artist has this relation to an entity - to all of it, where `whole` is asked."""
    return any(
        words(one.get("type")) == kind and not (whole and any("medium" in word for word in _attributes(one)))
        for one in relations(entity, "artist")
    )


def credits_of(entity: dict[str, Any], of_kind: str, of: str, *, artist: str = "") -> Iterator[Credit]:
    """Give who did what."""
    for relation in relations(entity, "artist"):
        person, role = words(relation["artist"].get("name")), _role(relation)
        if person and role:
            shown = {"type": relation.get("type"), "artist": person, "attributes": ", ".join(_attributes(relation))}
            yield Credit(at(shown, f"credits of {of}"), of_kind, of, person, role, artist)


def links_of(entity: dict[str, Any], of_kind: str, of: str) -> Iterator[Link]:
    """Give where it can be bought, heard and seen."""
    for relation in relations(entity, "url"):
        url, kind = codes.web_address(words(relation["url"].get("resource"))), words(relation.get("type"))
        if url:
            shown = {"type": kind, "url": url}
            yield Link(at(shown, f"links of {of}"), of_kind, of, _LINKS.get(kind, "elsewhere"), url, kind)


def other_names(entity: dict[str, Any], kind: str) -> Iterator[Alias]:
    """Give what else it is called."""
    name = words(entity.get("title")) or words(entity.get("name"))
    for one in mappings(entity.get("aliases")):
        alias = words(one.get("name"))
        if alias and alias != name:
            yield Alias(at(one, f"aliases of {name}"), kind, name, alias)


def works_of(recording: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the works that a recording is one of."""
    return [mapping(one["work"]) for one in relations(recording, "work")]


def _role(relation: dict[str, Any]) -> str:
    """Say the role in words: "electric guitar", "executive producer", "mix-DJ (medium 2)"."""
    kind, attributes = words(relation.get("type")), _attributes(relation)
    where = [word for word in attributes if word.startswith("medium")]
    how = [word for word in attributes if word not in where]
    role = ", ".join(how) if kind == "instrument" and how else " ".join([*how, kind])
    if kind == "vocal" and any("vocal" in word for word in how):
        role = ", ".join(how)
    return f"{role} ({', '.join(where)})" if where and role else role


def _attributes(relation: dict[str, Any]) -> list[str]:
    written = relation.get("attributes")
    return [words(one) for one in written if words(one)] if isinstance(written, list) else []
