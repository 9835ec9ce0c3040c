"""The voice over HTTP: kept as the artist's file, checked first, and nothing typed is lost."""

import stat
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from presence.bootstrap import Services
from presence.persona.files import parts_of, written
from tests.nodes import client_of
from tests.trusting import operator_of

HTML = {"Accept": "text/html"}
SAID = {
    "voice": "adaptive",
    "tone": "Dry & <short>.",
    "boundaries": "",
    "rules": "- Name the boat.\r\nName the year.",
    "refuse": "my family – I keep them out of this.\r\nmoney",
    "no_answer": "That I never wrote down.",
}


@pytest.fixture
def client(told_node: Services) -> Iterator[TestClient]:
    with client_of(told_node) as opened:
        operator_of(opened, told_node)
        yield opened


def test_a_voice_is_kept_and_holds_at_once(told_node: Services, client: TestClient) -> None:
    done = client.post("/studio/voice", data=SAID, headers=HTML)
    assert "Kept." in done.text
    assert "Dry &amp; &lt;short&gt;." in done.text
    voice = told_node.personas.at(0)
    assert (voice.voice, voice.rules, voice.no_answer) == (
        "adaptive", ("Name the boat.", "Name the year."), "That I never wrote down."
    )  # fmt: skip
    assert (voice.refuse[0].topic, voice.refuse[0].said) == ("my family", "I keep them out of this.")
    page = client.get("/studio/why", params={"question": "How much money was it?"}, headers=HTML).text
    assert "I do not speak about that here." in page
    file = told_node.home.persona / "persona.md"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(told_node.home.persona.iterdir()) == [file]


def test_to_look_keeps_nothing(told_node: Services, client: TestClient) -> None:
    page = client.post("/studio/voice", data=SAID | {"look": "yes"}, headers=HTML).text
    assert "Nothing is kept yet." in page
    assert "Rule: Name the boat." in page
    assert "my family: “I keep them out of this.”" in page
    assert "- Name the boat.\nName the year." in page
    assert told_node.personas.content(None) is None


def test_what_cannot_be_used_is_said_and_not_lost(told_node: Services, client: TestClient) -> None:
    client.post("/studio/voice", data=SAID)
    before = told_node.personas.content(None)
    for wrong in ({"boundaries": "Keep <off>\n\n# Speed\n\nFast."}, {"voice": "loud"}, {"tone": "x" * 39_000}):
        refused = client.post("/studio/voice", data=SAID | {"boundaries": "Keep <off>"} | wrong, headers=HTML)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert "Keep &lt;off&gt;" in refused.text
    assert told_node.personas.content(None) == before


def test_a_tier_has_a_voice_of_its_own_until_it_is_taken_away(told_node: Services, client: TestClient) -> None:
    client.post("/studio/voice", data=SAID)
    page = client.get("/studio/voice?tier=circle", headers=HTML).text
    assert "There is none of its own yet" in page
    assert "That I never wrote down." in page
    client.post("/studio/voice", data=SAID | {"tier": "circle", "no_answer": "Ask me at the pier."})
    assert [told_node.personas.at(tier).no_answer for tier in (2, 3, 4)] == [
        "That I never wrote down.", "Ask me at the pier.", "Ask me at the pier."
    ]  # fmt: skip
    assert "Ask me at the pier." not in client.get("/studio/voice", headers=HTML).text
    client.post("/studio/voice/remove", data={"tier": "circle"})
    assert told_node.personas.at(3).no_answer == "That I never wrote down."


def test_a_file_that_cannot_be_read_is_shown_whole_and_mended(told_node: Services, client: TestClient) -> None:
    folder = told_node.home.persona
    folder.mkdir()
    (folder / "persona.md").write_text("Words before <any> heading.\n")
    page = client.get("/studio/voice", headers=HTML).text
    assert "words stand before the first heading" in page
    assert "Words before &lt;any&gt; heading." in page
    assert client.post("/studio/voice", data={"whole": "Still none.\r\n"}, headers=HTML).status_code == 422
    client.post("/studio/voice", data={"whole": "# Tone\r\n\r\nPlain.\r\n"})
    assert told_node.personas.at(0).tone == "Plain."


def test_what_is_written_is_read_again() -> None:
    parts = {"voice": "strict", "rules": "- One.\n- Two,\n  and more.", "no answer": "No."}
    assert parts_of(written(parts), "x") == parts
