"""The tree as a picture: SVG, a row for each from the artist on, without a script and without a colour alone.

Who was let in by somebody stands below her and one step in, as folders do, so that a few steps fit a phone and no
line runs through a name. A tier is a disc filled by quarters, and a word. A branch that holds no more is dashed and
ends in a cross. The table beside it says the same.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from presence.languages import later, say, wording
from presence.people.introductions import ARTIST
from presence.people.tree import Person

STEP, ROW, RADIUS, MARGIN = 24, 44, 8, 14
WORDS_CHARS_MAX, CHAR_WIDTH = 20, 7.4
WAY_WORDS = {"door": later("by link, request"), "till": later("by paying"), "presence": later("by the presence")}


@dataclass(slots=True)
class Node:
    """One place of the picture: a person, the artist, or a way in."""

    key: str
    name: str
    word: str
    person: Person | None = None
    layer: int = 0
    row: int = 0

    @property
    def x(self) -> float:
        return MARGIN + RADIUS + self.layer * STEP

    @property
    def words_x(self) -> float:
        """Where its name begins."""
        return self.x + RADIUS + 6

    @property
    def y(self) -> float:
        return MARGIN + ROW / 2 + self.row * ROW

    @property
    def kind(self) -> str:
        """Its class: `way`, or how it stands with a person."""
        return "root" if self.person is None else "in" if self.person.is_in else "out"


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything in its place, and who hangs on whom."""

    nodes: list[Node]
    below: dict[str, list[Node]]
    width: float
    height: float


def drawn(people: Sequence[Person], artist: str, tier_names: Sequence[str], *, ident: str = "tree") -> str:
    """Draw the tree as one SVG element."""
    layout = laid_out(people, artist, tier_names)
    svg = ElementTree.Element(
        "svg",
        {
            "class": "tree",
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {layout.width:g} {layout.height:g}",
            "width": f"{layout.width:g}",
            "height": f"{layout.height:g}",
            "role": "img",
            "aria-labelledby": f"{ident}-title {ident}-desc",
        },
    )
    _text(svg, "title", say("Who introduced whom, from {artist} on", artist=artist), id=f"{ident}-title")
    _text(svg, "desc", description(people), id=f"{ident}-desc")
    ways = [(node, child) for node in layout.nodes for child in layout.below.get(node.key, ())]
    for node, child in sorted(ways, key=lambda way: way[1].kind != "out"):  # what holds lies above what does not
        _way(svg, node, child)
    for node in layout.nodes:
        _node(svg, node)
    return ElementTree.tostring(svg, encoding="unicode")


def description(people: Sequence[Person]) -> str:
    """Say in a sentence what the picture shows."""
    out = sum(not person.is_in for person in people)
    if out:
        form = later("{people} people, {out} of them not in any more (dashed). The table says the same in words.")
        return say(form, people=len(people), out=out)
    return say("{people} people. The table says the same in words.", people=len(people))


def laid_out(people: Sequence[Person], artist: str, tier_names: Sequence[str]) -> Layout:
    """Give everything its place: a row of its own, one step in from whoever is above."""
    root = Node(ARTIST, artist, say("the artist"))
    below: dict[str, list[Node]] = defaultdict(list)
    for node in _hung(people, tier_names, below):
        below[ARTIST].append(node)
    nodes = list(_placed(root, below))
    width = max(node.words_x for node in nodes) + WORDS_CHARS_MAX * CHAR_WIDTH + MARGIN
    return Layout(nodes, below, width, 2 * MARGIN + len(nodes) * ROW)


def _hung(people: Sequence[Person], tier_names: Sequence[str], below: dict[str, list[Node]]) -> Iterator[Node]:
    """Hang everybody on whoever is above, and give those that hang on the artist herself."""
    nodes = {person.did: Node(person.did, person.shown, _word(person, tier_names), person) for person in people}
    by, ways = {person.did: person.by for person in people}, dict[str, Node]()
    for person in people:
        node = nodes[person.did]
        if person.by in WAY_WORDS:
            if person.by not in ways:
                ways[person.by] = Node(person.by, wording(WAY_WORDS[person.by]), "")
                yield ways[person.by]
            below[person.by].append(node)
        elif person.by in nodes and not _in_a_circle(person.did, by):
            below[person.by].append(node)
        else:
            yield node


def _in_a_circle(did: str, by: dict[str, str]) -> bool:
    """Whether the way up never ends: two who let each other in, and neither way holds."""
    above, seen = by[did], {did}
    while above in by and above not in seen:
        seen.add(above)
        above = by[above]
    return above in seen


def _placed(root: Node, below: dict[str, list[Node]]) -> Iterator[Node]:
    """Give every place of a tree, each with its own branch right below it."""
    row, waiting = 0, [root]
    while waiting:
        node = waiting.pop()
        node.row, row = row, row + 1
        children = below.get(node.key, [])
        for child in children:
            child.layer = node.layer + 1
        waiting += reversed(children)
        yield node


def _way(svg: ElementTree.Element, above: Node, below: Node) -> None:
    path = f"M {above.x:g} {above.y + RADIUS:g} V {below.y:g} H {below.x - RADIUS:g}"
    ElementTree.SubElement(svg, "path", {"class": f"way {below.kind}", "d": path})


def _node(svg: ElementTree.Element, node: Node) -> None:
    group = ElementTree.SubElement(svg, "g", {"class": f"person {node.kind}"})
    _text(group, "title", f"{node.name}: {node.word}" if node.word else node.name)
    for name, attributes in _sign(node):
        ElementTree.SubElement(group, name, attributes)
    left = f"{node.words_x:g}"
    _text(group, "text", _short(node.name), x=left, y=f"{node.y - 2 if node.word else node.y + 4:g}")
    if node.word:
        _text(group, "text", _short(node.word), x=left, y=f"{node.y + 13:g}", **{"class": "word"})


def _sign(node: Node) -> Iterator[tuple[str, dict[str, str]]]:
    """A disc filled by quarters; a cross for who is out; a square for the artist and for a way in."""
    x, y, r = node.x, node.y, RADIUS
    if node.person is None:
        filled = "disc full" if node.key == ARTIST else "disc"
        yield "rect", _attributes(x=x - r, y=y - r, width=2 * r, height=2 * r) | {"class": filled}
        return
    yield "circle", _attributes(cx=x, cy=y, r=r) | {"class": "disc"}
    if not node.person.is_in:
        arm = r / 2
        cross = (
            f"M {x - arm:g} {y - arm:g} L {x + arm:g} {y + arm:g} M {x - arm:g} {y + arm:g} L {x + arm:g} {y - arm:g}"
        )
        yield "path", {"class": "cross", "d": cross}
    elif node.person.tier >= 4:
        yield "circle", _attributes(cx=x, cy=y, r=r) | {"class": "full"}
    elif node.person.tier:
        angle = node.person.tier * math.pi / 2
        end_x, end_y = x + r * math.sin(angle), y - r * math.cos(angle)
        large = int(node.person.tier > 2)
        yield "path", {"class": "full", "d": f"M {x:g} {y:g} V {y - r:g} A {r} {r} 0 {large} 1 {end_x:g} {end_y:g} Z"}


def _word(person: Person, tier_names: Sequence[str]) -> str:
    return tier_names[person.tier] if person.is_in else wording(person.state.value)


def _short(words: str) -> str:
    return words if len(words) <= WORDS_CHARS_MAX else words[: WORDS_CHARS_MAX - 1] + "…"


def _attributes(**numbers: float) -> dict[str, str]:
    return {name: f"{number:g}" for name, number in numbers.items()}


def _text(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, tag, attributes).text = "".join(char for char in text if char.isprintable())
