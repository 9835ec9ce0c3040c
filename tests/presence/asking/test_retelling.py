"""The adaptive voice: what a model retells is verified sentence by sentence before it is shown."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from models import Prompt
from models.contracts import Limits, Usage
from presence.asking.retelling import Claim, claims
from tests.nodes import client_of, open_node, take_in, write_notes

NOTES = {
    "piano.md": "---\ntitle: The rented piano\ntier: public\ndate: 2019-03-04\n---\n"
    "I wrote Pilot Ladder on a rented piano in Leeds. Winnie lent the piano to the band. "
    "The piano of Pilot Ladder had two dead keys. The piano was never tuned.\n",
}
QUESTION = "What about the piano of Pilot Ladder?"


class Retells:
    """Writes what it was told to, in small pieces; keeps its prompt."""

    name = "retells"

    def __init__(self, *said: str) -> None:
        self._said = said
        self.prompts: list[Prompt] = []

    def write(self, prompt: Prompt, limits: Limits, stop: Any, usage: Usage | None = None) -> Any:
        del limits, stop, usage
        self.prompts.append(prompt)
        by_text = {sentence.text: sentence.number for sentence in prompt.sentences}
        whole = " ".join(self._said)
        for words, number in by_text.items():
            whole = whole.replace(f"<{words[:20]}>", f"[{number}]")
        for at in range(0, len(whole), 3):
            yield whole[at : at + 3]

    def close(self) -> None:
        """Nothing to close."""


def answered(home: Path, *said: str, voice: str = "adaptive") -> tuple[dict[str, Any], Retells]:
    (home / "persona").mkdir(parents=True)
    (home / "persona" / "persona.md").write_text(f"# Voice\n{voice}\n")
    writer = Retells(*said)
    with open_node(home, writer=writer) as services, client_of(services) as client:
        take_in(services, write_notes(home.parent / "notes", NOTES), tier=None)
        ticket = client.post("/api/questions", json={"question": QUESTION}).json()
        client.get(ticket["events"])
        return client.get(f"/api/questions/{ticket['id']}").json(), writer


def test_a_true_sentence_of_its_own_is_shown_with_its_source(tmp_path: Path) -> None:
    answer, writer = answered(tmp_path / "home", "Ada Marsh wrote Pilot Ladder in Leeds. <I wrote Pilot Ladder>")
    assert writer.prompts[0].own_words
    assert "Ada Marsh wrote Pilot Ladder in Leeds." in [one["text"] for one in answer["sentences"]]
    cited = {one["n"]: one["quote"] for one in answer["citations"]}
    retold = next(one for one in answer["sentences"] if one["text"].startswith("Ada Marsh wrote"))
    assert [cited[n] for n in retold["citations"]] == ["I wrote Pilot Ladder on a rented piano in Leeds."]


@pytest.mark.parametrize(
    "wrong",
    [
        "Winnie wrote Pilot Ladder in Leeds. <I wrote Pilot Ladder>",
        "Ada Marsh wrote Pilot Ladder in York. <I wrote Pilot Ladder>",
        "The band lent the piano to Winnie. <Winnie lent the pian>",
        "The piano of Pilot Ladder had three dead keys. <The piano of Pilot L>",
        "The piano was always tuned. <The piano was never >",
    ],
)
def test_what_its_source_does_not_say_becomes_her_own_words(tmp_path: Path, wrong: str) -> None:
    answer, _ = answered(tmp_path / "home", wrong)
    shown = [one["text"] for one in answer["sentences"]]
    assert wrong.split(" <")[0] not in shown
    assert all(any(text in note for note in NOTES.values()) for text in shown)
    meant = wrong.split("<")[1].rstrip(">")
    assert any(text.startswith(meant) for text in shown), "her own line stands in its place"


def test_what_rests_on_nothing_is_left_out(tmp_path: Path) -> None:
    answer, _ = answered(tmp_path / "home", "She loves the sea more than anything. It cost 400 pounds. [99]")
    assert [one for one in answer["sentences"] if "sea" in one["text"] or "400" in one["text"]] == []
    assert answer["outcome"] == "answered"


def test_the_strict_voice_takes_no_sentence_of_its_own(tmp_path: Path) -> None:
    said = "Ada Marsh wrote Pilot Ladder in Leeds. <I wrote Pilot Ladder>"
    answer, writer = answered(tmp_path / "home", said, voice="strict")
    assert not writer.prompts[0].own_words
    assert not any(one["text"].startswith("Ada Marsh wrote") for one in answer["sentences"])


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["It was so. [1] Then it ", "was not. [2]"], [Claim("It was so.", (1,)), Claim("Then it was not.", (2,))]),
        (["It was so [1]. ", "[3] And on."], [Claim("It was so.", (1, 3)), Claim("And on.", ())]),
        (["[2]"], []),
        (["One [1][2]."], [Claim("One.", (1, 2))]),
    ],
)
def test_sentences_are_cut_with_their_pointers(pieces: Iterable[str], expected: list[Claim]) -> None:
    assert list(claims(pieces)) == expected
