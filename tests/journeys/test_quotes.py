"""Every quotation is a slice of its source at its locator: 500 random answers."""

import html
import random
import re
from pathlib import Path

import pytest

from knowledge import Evidence
from knowledge.importers.decoding import decode
from knowledge.importers.private import without_private
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question
from presence.asking.rendered import answer_json
from presence.cli.demo import MATERIAL
from tests.nodes import open_node, take_in
from trustgraph import Tier

pytestmark = pytest.mark.slow

SHARED = Path(__file__).parents[3] / "shared" / "data"
CORPORA = {
    "demo": MATERIAL,
    "letters": SHARED / "beethoven-letters-v1" / "13065-8.txt",
    "site": SHARED / "artist-site" / "basspistol",
}
ANSWERS = 500
_MARKUP = re.compile(r"\\[rn]|[*_`\\>#]|\]\([^)]*\)|[\[\]]|<[^>]*>|\{:[^}]*\}|\s")


def without_markup(text: str) -> str:
    """What stays of Markdown and HTML when marks and white space are gone."""
    return "".join(html.unescape(_MARKUP.sub("", text)).split())


@pytest.mark.parametrize("corpus", CORPORA)
def test_every_quote_stands_in_its_file_at_its_line(corpus: str, tmp_path: Path) -> None:
    path = CORPORA[corpus]
    if not path.exists():
        pytest.skip("the shared data is not here")
    root = path if path.is_dir() else path.parent
    choose = random.Random(2)
    quotes = answers = 0
    with open_node(tmp_path / "home") as services:
        take_in(services, path)
        session = services.operator.session(services.operator.sign_in(services.operator.new_token()))
        services.operator.look_as(session, Tier.INNER)
        words = _vocabulary(path)
        while answers < ANSWERS // len(CORPORA) + 1:
            listener = Listener("anon:reader", session)
            text = " ".join(choose.sample(words, 4)) + "?"
            if not isinstance(services.search.find(text, Tier.INNER), Evidence):
                continue
            ticket = services.counter.open(Question(text, listener))
            assert isinstance(ticket, Ticket)
            services.desk.start(ticket).result(20)
            asked = services.counter.readable(ticket.ident, listener)
            answer = answer_json(asked, services.counter.transcripts.events(ticket.ident))
            answers += 1
            for cited in answer["citations"]:
                quotes += 1
                _stands_in_its_source(cited, root)
    assert quotes >= answers


def _stands_in_its_source(cited: dict[str, object], root: Path) -> None:
    quote, locator = str(cited["quote"]), cited["locator"]
    assert isinstance(locator, dict)
    lines = decode((root / str(locator["file"])).read_bytes()).text.split("\n")
    from_line = "\n".join(lines[int(locator["line"]) - 1 :])
    if quote in from_line[: len(quote) + 2000]:
        return
    # An address or a telephone number is left out of what is quoted, and a mark stands in its place.
    source = without_private(from_line[: 4 * len(quote) + 4000])
    assert without_markup(quote) in without_markup(source), (locator, quote)


def _vocabulary(path: Path) -> list[str]:
    files = [path] if path.is_file() else sorted(path.rglob("*.md"))
    text = " ".join(decode(file.read_bytes()).text for file in files if file.stat().st_size)
    return sorted(set(re.findall(r"[A-Za-z]{5,}", text)))
