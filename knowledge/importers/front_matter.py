"""Front matter of Jekyll, Hugo and Obsidian notes: YAML between `---`, or TOML between `+++`.

YAML is read with all values as strings: PyYAML would give a date as three different types and
read `no` as a boolean. What a value means is decided here, field by field.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from knowledge.importers.dates import iso_date

# Both build strings, lists and mappings and nothing else; the one in C is ten times as fast.
_LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
_DEPTH_MAX = 100
_UNFOLDED_MAX = 1_000_000
_YAML_FENCE = re.compile(
    r"\A---[ \t]*\n(?P<head>.*?)(?:^---[ \t]*(?:\n|\Z)|^\.\.\.[ \t]*(?:\n|\Z))", re.DOTALL | re.MULTILINE
)
_TOML_FENCE = re.compile(r"\A\+\+\+[ \t]*\n(?P<head>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TIER_KEYS = ("tier", "access", "audience", "visibility")
_YES = {"true", "yes", "on", "1", "y"}
_NO = {"false", "no", "off", "0", "n"}
UNREADABLE = "(the head cannot be read)"
"""What a broken head asks for: no tier of that name exists, so the note is kept for `inner`."""
_TITLE_KEYS = ("title", "name", "display_name")
_SPEAKER_KEYS = ("speaker", "author", "by")
_LICENCE_KEYS = ("licence", "license", "rights")
# A scalar this long is written to be read; a shorter one is a label, a path or a code.
_TELLING_CHARS_MIN = 40
_OTHER_NOTE = re.compile(r"next|prev|related", re.IGNORECASE)
_CODE_LIKE = re.compile(r"^(?:/|https?://|[A-Za-z]:\\|[\w+/=.:-]+$|[{\[])")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a note. `lines` is how many lines of the file it takes."""

    values: dict[str, Any]
    body: str
    lines: int
    head: str = ""
    broken: str = ""  # why the head could not be read, if it could not

    def first(self, keys: tuple[str, ...]) -> str:
        """Give the first of these keys that holds a plain, non-empty value; keys are written in any case."""
        for key in keys:
            value = self._lowered.get(key)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""

    @property
    def _lowered(self) -> dict[str, Any]:
        return {str(key).lower(): value for key, value in self.values.items()}

    @property
    def title(self) -> str:
        return self.first(_TITLE_KEYS)

    @property
    def speaker(self) -> str:
        return self.first(_SPEAKER_KEYS)

    @property
    def licence(self) -> str:
        return self.first(_LICENCE_KEYS)

    @property
    def tier_name(self) -> str | None:
        """What the note asks for; what cannot be understood is given as it stands, and is no tier."""
        if self.broken:
            return UNREADABLE
        asked = next((self._lowered[key] for key in _TIER_KEYS if self._lowered.get(key)), None)
        return None if asked is None else asked.strip() if isinstance(asked, str) else str(asked)

    @property
    def date(self) -> str:
        """The date as ISO 8601 with the precision that was written, or ""."""
        return iso_date(self.first(("date", "released", "published_at", "created")))

    @property
    def draft(self) -> bool:
        hidden = self.first(("draft", "private")).lower() in _YES
        return hidden or bool(_NO & {self.first((key,)).lower() for key in ("published", "publish")})

    @property
    def speakers(self) -> tuple[str, ...]:
        value = self.values.get("speakers")
        return tuple(str(name) for name in value) if isinstance(value, list) else ()


@lru_cache(maxsize=1)  # a note is asked for its head more than once
def split(text: str) -> FrontMatter:
    """Separate head and body; a text without a head is all body."""
    for fence, read in ((_YAML_FENCE, _read_yaml), (_TOML_FENCE, _read_toml)):
        found = fence.match(text)
        if found is None:
            continue
        head, body = found["head"], text[found.end() :]
        lines = text[: found.end()].count("\n")
        try:
            values = read(head)
        except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as error:
            return FrontMatter({}, body, lines, head, broken=str(error).splitlines()[0])
        return FrontMatter(values, body, lines, head)
    return FrontMatter({}, text, 0)


def telling_values(front: FrontMatter) -> Iterator[tuple[str, int, bool]]:
    """Give the prose inside the head (descriptions, lyrics, biographies), its line, and whether it keeps its lines."""
    try:
        node = yaml.compose(_harmless(front.head), Loader=_LOADER)
    except yaml.YAMLError:
        return
    seen: set[str] = set()
    for scalar in _scalars(node):
        value = scalar.value.replace("\r\n", "\n").strip()
        told = len(value) >= _TELLING_CHARS_MIN and " " in value and not _CODE_LIKE.match(value)
        if told and value not in seen:
            seen.add(value)
            below = scalar.style in ("|", ">")  # the text begins on the line after the mark
            yield value, scalar.start_mark.line + 2 + below, scalar.style == "|"  # the fence is line 1


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            # The track before or after, copied into this one's head, is another note's words.
            if isinstance(value, yaml.ScalarNode) or not _OTHER_NOTE.match(str(key.value)):
                yield from _scalars(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _scalars(value)


def _read_yaml(head: str) -> dict[str, Any]:
    values = yaml.load(_harmless(head), Loader=_LOADER)  # noqa: S506  # builds only strings, lists, mappings
    return values if isinstance(values, dict) else {}


def _harmless(head: str) -> str:
    """Look at a head before anything is built of it: what is nested, or unfolds, without end would end the process."""
    sizes, counts, anchors = dict[str, int](), [0], list[str]()
    for event in yaml.parse(head, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise yaml.YAMLError("a part of it stands within itself")
            counts[-1] += sizes[event.anchor]
        elif isinstance(event, yaml.CollectionStartEvent):
            counts.append(1)
            anchors.append(event.anchor or "")
        elif isinstance(event, yaml.CollectionEndEvent):
            size = counts.pop()
            sizes[anchors.pop()] = size
            counts[-1] += size
        elif isinstance(event, yaml.ScalarEvent):
            sizes[event.anchor or ""] = 1
            counts[-1] += 1
        if len(counts) > _DEPTH_MAX or counts[-1] > _UNFOLDED_MAX:
            raise yaml.YAMLError("nested too deeply")
    return head


def _read_toml(head: str) -> dict[str, Any]:
    return {key: _plain(value) for key, value in tomllib.loads(head).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
