"""What a stranger can see is a function of what is open to strangers.

Two nodes: one has everything, the other only what is public. The same 200 questions, asked in the
same order as a stranger, must give the same bytes, opaque ids and times aside; and no prompt that
a recording writer saw may hold a word that was only written above the tier.
"""

import random
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from knowledge.chroma import ChromaIndex
from knowledge.tiering import tier_of_name
from models import Limits, Prompt, QuotingWriter, ScriptedWriter, Usage
from presence.asking.answering import Ticket
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.cli.demo import MATERIAL
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.stores import ON_SERVERS
from trustgraph import Tier

pytestmark = pytest.mark.slow

QUESTIONS = 200
# Ids where ids stand, and nowhere else; and times.
_OPAQUE = re.compile(
    r"(?:(?<=card-)|(?<=id=\"report-)|(?<=id=\"share-)|(?<=\"reason-)|(?<=\"words-)|(?<=/questions/)|(?<=/answers/)"
    r"|(?<=\"id\":\")|(?<=conversation\":\")"
    r"|(?<=name=\"conversation\" value=\")|(?<=data-conversation=\")|(?<=name=\"answer\" value=\"))[\w-]{22}"
    r"|(?:(?<=/sources/)|(?<=/rows/)|(?<=/sets/)|(?<=/songs/)|(?<=/releases/)|(?<=/audio/)|(?<=id=\"i)|(?<=offer_id\":\")"
    r"|(?<=name=\"thing\" value=\")|(?<=name=\"once\" value=\"))[\w-]{16}"
    r"|(?<=expires_at\":)\d+"
)
CANARIES = {1: "Quillfeather", 2: "Zanzibarium", 3: "Obsidianette", 4: "Wolframina"}


class Recording(QuotingWriter):
    """The quoting writer, remembering its prompts."""

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        self.prompts.append(prompt)
        return super().write(prompt, limits, stop)


def tier_of_file(path: Path) -> int:
    found = re.search(r"^tier: *(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return 0 if found is None else (tier_of_name(found[1]) or 0)


def material_up_to(folder: Path, tier: int) -> Path:
    """The demo artist's notes up to a tier, and notes that repeat public words around a canary."""
    for file in sorted(MATERIAL.rglob("*")):
        if file.is_file() and tier_of_file(file) <= tier:
            write_notes(folder, {str(file.relative_to(MATERIAL)): file.read_text(encoding="utf-8")})
    for level, canary in CANARIES.items():
        if level <= tier:
            names = ("public", "follower", "supporter", "circle", "inner")
            text = (
                f"---\ntitle: {canary} and the Ice House\ntier: {names[level]}\ndate: 2018-03-0{level}\n---\n"
                f"{canary} carried the piano into the Ice House. Low Tide Ledger was {canary}'s idea. "
                "The generator died and Petra played Brine Pump on the ferry.\n"
            )
            write_notes(folder, {f"aa-canary-{level}.md": text})
    return folder


def questions() -> list[str]:
    """Words that stand side by side in some note of any tier, canaries, and questions about nothing."""
    choose = random.Random(7)
    texts = [file.read_text(encoding="utf-8") for file in sorted(MATERIAL.rglob("*.md"))]
    runs = [run for text in texts for run in re.findall(r"(?:[A-Za-z']{3,} ){5}[A-Za-z']{3,}", text)]
    asked = [f"What about {run}?" for run in choose.sample(runs, QUESTIONS - 8)]
    return [*asked, *(f"Who is {canary}?" for canary in CANARIES.values()), *("What about it?",) * 4]


def bytes_of(client: TestClient, question: str) -> list[tuple[int, dict[str, str], str]]:
    """Everything a stranger gets for one question: offer, ticket, stream, answer, page, sources."""
    got = [client.post("/api/offers", json={"question": question})]
    ticket = client.post("/api/questions", json={"question": question})
    got.append(ticket)
    got.append(client.get(ticket.json()["events"]))
    answer = client.get(f"/api/questions/{ticket.json()['id']}")
    got.append(answer)
    got.append(client.get(f"/answers/{ticket.json()['id']}", headers={"Accept": "text/html"}))
    places = [*answer.json()["citations"], *answer.json().get("nearest", [])]
    got.extend(client.get(place["url"], headers={"Accept": "text/html"}) for place in places)
    return [(r.status_code, _headers(dict(r.headers)), _OPAQUE.sub("…", r.text)) for r in got]


def _headers(headers: dict[str, str]) -> dict[str, str]:
    opaque = {"location", "set-cookie", "content-length"}
    return {name: _OPAQUE.sub("…", value) for name, value in headers.items() if name not in opaque}


def asked_of(services: Services) -> list[list[tuple[int, dict[str, str], str]]]:
    with client_of(services) as client:
        first = client.get("/", headers={"Accept": "text/html"})
        front = [[(first.status_code, _headers(dict(first.headers)), _OPAQUE.sub("…", first.text))]]
        return front + [bytes_of(client, question) for question in questions()]


def test_a_stranger_cannot_tell_whether_there_is_more(tmp_path: Path) -> None:
    heard: list[list[list[tuple[int, dict[str, str], str]]]] = []
    for name, tier in (("everything", 4), ("public-only", 0)):
        writer = Recording()
        folder = material_up_to(tmp_path / name, tier)
        home = tmp_path / f"home-{name}"
        index = None if ON_SERVERS else ChromaIndex.embedded(tmp_path / f"chroma-{name}")
        with open_node(home, index=index, writer=writer) as services:
            take_in(services, folder)
            heard.append(asked_of(services))
            said = "\n".join(prompt.system + prompt.user for prompt in writer.prompts)
            assert len(writer.prompts) > QUESTIONS / 4
            sources = said.split("Question:")
            assert not [c for c in CANARIES.values() if any(c in part.split("Sentences:")[-1] for part in sources)]
    for one, other in zip(*heard, strict=True):
        assert one == other


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_no_prompt_holds_words_from_above_its_tier(tier: int, tmp_path: Path) -> None:
    writer = ScriptedWriter(["[1] [2] [3] [4] [5] [6]"])
    with open_node(tmp_path / "home", writer=writer) as services:
        take_in(services, material_up_to(tmp_path / "all", 4))
        for question in questions()[-60:]:
            ticket = services.counter.open(Question(question, services.local.listener_as(Tier(tier))))
            assert isinstance(ticket, Ticket)
            services.desk.start(ticket).result(20)
        above = [canary for level, canary in CANARIES.items() if level > tier]
        for prompt in writer.prompts:
            shown = prompt.user.rsplit("Question:", 1)[0]
            assert not [canary for canary in above if canary in shown]
        below = [canary for level, canary in CANARIES.items() if level <= tier]
        assert any(canary in prompt.user for prompt in writer.prompts for canary in below)
