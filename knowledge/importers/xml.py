"""XML without surprises: no entities of its own, no network, no DTD; elements are matched by their local name.

Files in the wild leave their namespace out, use an old one or invent a prefix, so that a name is only
what stands after it. A document whose DOCTYPE declares entities is refused; none of them is ever resolved.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from knowledge.errors import ImportRefused

Element: TypeAlias = Any  # lxml says nothing of its types
_BROKEN = "This XML is broken{where}; export it once more."
_ENTITIES = "This XML declares entities of its own, which can blow it up; export it without a DOCTYPE."


def parsed(data: bytes, *, recover: bool = False) -> Element:
    """Read XML, or raise `ImportRefused`; with `recover` what stands before and after a fault is kept."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=recover, remove_pis=True
    )
    if _DECLARES_ENTITIES.match(data[:_PROLOG_BYTES].replace(b"\x00", b"")):
        raise ImportRefused(_ENTITIES)
    try:
        root = etree.fromstring(_with_whole_letters(data) if recover else data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        where = f" (line {error.lineno})" if isinstance(error, etree.XMLSyntaxError) and error.lineno else ""
        raise ImportRefused(_BROKEN.format(where=where)) from None
    if root is None:
        raise ImportRefused(_BROKEN.format(where=""))
    if recover and not _is_whole(root):
        raise ImportRefused(_BROKEN.format(where=""))
    document_type = root.getroottree().docinfo.internalDTD
    if document_type is not None and any(True for _ in document_type.iterentities()):
        raise ImportRefused(_ENTITIES)
    return root


def _is_whole(root: Element) -> bool:
    """Whether every name and word in it can be read, whatever its encoding was said to be."""
    try:
        return all((one.tag, one.text, one.tail, one.items()) for one in root.iter())
    except UnicodeDecodeError:
        return False


def _with_whole_letters(data: bytes) -> bytes:
    """Mend torn letters: a parser that recovers keeps them, and stumbles over them when they are asked for."""
    encoding = _ENCODING.search(data[:200])
    named = encoding["name"].decode("ascii") if encoding else "utf-8"
    if named.lower() not in ("utf-8", "utf8") or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return data.decode("utf-8", errors="replace").encode()


def local(element: Element) -> str:
    """Give an element's name without its namespace, "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Give the direct children of this local name."""
    return (child for child in element if local(child) == name)


def child_text(element: Element, name: str) -> str:
    """Give the text of the first child of this local name, "" where there is none."""
    found = next(children(element, name), None)
    return "".join(str(part) for part in found.itertext()).strip() if found is not None else ""


def root_name(opening: str) -> str:
    """Give the local name of a text's first element, "" where it does not begin like XML."""
    found = _ROOT.match(opening)
    return found["name"] if found else ""


_PROLOG_BYTES = 100_000
_DECLARES_ENTITIES = re.compile(
    rb"[\xef\xbb\xbf\xff\xfe]*\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<!DOCTYPE[^\[>]*\[[^\]]*?<!ENTITY", re.DOTALL
)
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"'](?P<name>[A-Za-z0-9._-]+)")
_ROOT = re.compile(
    r"\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)*"
    r"<(?:[\w.-]+:)?(?P<name>[\w.-]+)",
    re.DOTALL,
)
