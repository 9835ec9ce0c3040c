"""The artist's files about how her presence speaks, and what code says whatever they are."""

from pathlib import Path

import pytest

from knowledge.lexical import Analyser
from presence.asking.prompt import persona as told
from presence.errors import PersonaWrong
from presence.persona.files import Persona, Personas, Refused, read_persona
from presence.persona.identity import asks_who_speaks, who_speaks
from presence.persona.refusing import Refusing
from presence.sight.inside import inside_checks
from tests.nodes import client_of, open_node, take_in, write_notes

FILE = """# Voice
adaptive

# Tone
Dry, short,
never sweet.

# Boundaries
Nothing about people who did not agree.

# Rules
- Say the year when you know it.
- No superlatives.

# Refuse
- my family – I keep them out of this.
- unreleased contracts

# No answer
I never wrote that down.
"""


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    read = read_persona(write(tmp_path, "persona.md", FILE))
    assert (read.voice, read.tone, read.no_answer) == (
        "adaptive",
        "Dry, short, never sweet.",
        "I never wrote that down.",
    )
    assert read.rules == ("Say the year when you know it.", "No superlatives.")
    assert read.refuse == (Refused("my family", "I keep them out of this."), Refused("unreleased contracts"))
    assert "No superlatives." in told("Ada Marsh", read)
    assert "You are not Ada Marsh" in told("Ada Marsh", read)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Be nice.\n# Tone\nDry.", "before the first heading"),
        ("# Tune\nDry.", "“tune” is no heading here"),
        ("# Tone\nDry.\n# Tone\nWet.", "twice"),
        ("# Voice\nloud", "strict or adaptive"),
        ("# Tone\n" + "x" * 40_000, "longer than"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path / "persona", "persona.md", text)
    with pytest.raises(PersonaWrong, match=says):
        read_persona(path)
    with pytest.raises(PersonaWrong):
        Personas(path.parent)


def test_a_tier_has_its_own_voice_and_those_above_it(tmp_path: Path) -> None:
    write(tmp_path, "persona.md", "# Tone\nCool.")
    write(tmp_path, "persona.circle.md", "# Tone\nWarm.")
    personas = Personas(tmp_path)
    assert [personas.at(tier).tone for tier in range(5)] == ["Cool.", "Cool.", "Cool.", "Warm.", "Warm."]


def test_an_edit_holds_at_once_and_a_broken_one_does_not(tmp_path: Path) -> None:
    path = write(tmp_path, "persona.md", "# Tone\nCool.")
    personas = Personas(tmp_path)
    write(tmp_path, "persona.md", "# Tone\nWarmer now.")
    assert personas.at(0).tone == "Warmer now."
    write(tmp_path, "persona.md", "# Nonsense\nWarmer now, and then some.")
    assert personas.at(0).tone == "Warmer now."
    assert "no heading" in personas.check()[0]
    path.unlink()
    assert personas.at(0) == Persona()


def test_a_folder_is_no_voice(tmp_path: Path) -> None:
    (tmp_path / "persona.md").mkdir()
    assert Personas(tmp_path).at(2) == Persona()


def test_topics_are_known_in_any_form() -> None:
    refusing = Refusing(Analyser())
    topics = (Refused("my family", "I keep them out of this."), Refused("tax returns"))
    assert refusing.refused("How many FAMILIES does she have?", topics) == topics[0]
    assert refusing.refused("Did you return the tax form?", topics) == topics[1]
    assert refusing.refused("Did you return the piano?", topics) is None
    assert refusing.refused("What is a familiar tune?", topics) is None


WHO = """
Are you really her?
are you Ada Marsh?
Are you a bot?
Hey, are you an AI or the real Ada?
Is this really Ada Marsh?
Is this an AI?
Who are you?
What are you?
Am I talking to Ada?
am I speaking with a real person
is she here right now
Are you human?
who am I talking to?
You are not really her, are you?
Did she write this?
Is Ada really answering this?
are you a real person or a bot?
Bist du wirklich Ada?
es-tu vraiment elle?
¿Eres realmente ella?
wait, is this a bot?
Are you her for real?
is it really you
""".strip().splitlines()
NOT_WHO = """
Are you playing in Leeds?
Who wrote Pilot Ladder?
Is this the first take?
Who are the players on Low Tide?
Are you her daughter?
Did she write Low Tide?
Is she in Leeds now?
who is the person on the cover
Is there a bot in the song Robot?
Did Ada write this song?
""".strip().splitlines()


@pytest.mark.parametrize("question", WHO)
def test_who_speaks_is_asked(question: str) -> None:
    assert asks_who_speaks(question, "Ada Marsh")


@pytest.mark.parametrize("question", NOT_WHO)
def test_other_questions_are_not_about_who_speaks(question: str) -> None:
    assert not asks_who_speaks(question, "Ada Marsh")


def test_who_speaks_is_said_by_code_and_costs_nothing(tmp_path: Path) -> None:
    """Whatever the artist wrote in her file, and whatever her notes say."""
    write(tmp_path / "home" / "persona", "persona.md", "# Rules\n- Say that you are Ada Marsh herself.")
    with open_node(tmp_path / "home") as services, client_of(services) as client:
        notes = {"me.md": "---\ntitle: Me\ntier: public\n---\nAre you really her? Yes, I am Ada Marsh.\n"}
        take_in(services, write_notes(tmp_path / "notes", notes), tier=None)
        ticket = client.post("/api/questions", json={"question": "Are you really her?"}).json()
        client.get(ticket["events"])
        answer = client.get(f"/api/questions/{ticket['id']}").json()
    assert answer["text"] == who_speaks("Ada Marsh", services.writer.name)
    assert "not Ada Marsh" in answer["text"]
    assert answer["citations"] == []
    assert answer["receipt"] is None


def test_a_refused_topic_is_refused_in_her_words(tmp_path: Path) -> None:
    write(tmp_path / "home" / "persona", "persona.md", FILE.replace("adaptive", "strict"))
    with open_node(tmp_path / "home") as services, client_of(services) as client:
        notes = {"me.md": "---\ntitle: Me\ntier: public\n---\nMy family lives in Leeds.\n"}
        take_in(services, write_notes(tmp_path / "notes", notes), tier=None)
        answers = []
        for question in ("Where does your family live?", "What did the drummer eat in Oslo?"):
            ticket = client.post("/api/questions", json={"question": question}).json()
            client.get(ticket["events"])
            answers.append(client.get(f"/api/questions/{ticket['id']}").json())
    assert [one["outcome"] for one in answers] == ["refused", "not_in_notes"]
    assert [one["message"] for one in answers] == ["I keep them out of this.", "I never wrote that down."]
    assert answers[0]["text"] == ""


def test_the_doctor_names_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    write(tmp_path / "home" / "persona", "persona.md", "# Tone\nCool.")
    with open_node(tmp_path / "home") as services:
        [fine] = inside_checks(services)["voice"]()
        write(tmp_path / "home" / "persona", "persona.md", "# Tune\nCool, cool.")
        [wrong] = inside_checks(services)["voice"]()
    assert (fine.state, wrong.state) == ("ok", "wrong")
    assert "no heading" in wrong.sentence
