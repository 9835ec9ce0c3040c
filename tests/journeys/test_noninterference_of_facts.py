"""What a stranger can count is a function of the rows that are open to strangers.

Two nodes know the same public nights. One of them also knows inner nights, plays, names and notes: of the
same songs, in the same clubs, on the same days, and of songs that only it knows. Whatever a stranger asks,
both say the same, byte for byte; and a song that a public list has is not hidden because an inner note names it.
"""

import csv
import io
import random
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from knowledge.memory import MemoryIndex
from presence.bootstrap import Services
from tests.journeys.test_noninterference import bytes_of
from tests.nodes import client_of, open_node, take_in, write_notes

pytestmark = pytest.mark.slow

SONGS = ["Brine Pump", "Pilot Ladder", "Low Tide Ledger", "Slack Water", "Ferry Lamp", "Salt Clock", "Harbour Psalm"]
HIDDEN_SONGS = ["Wolframina", "Slack Waltz", "Ferry Lantern"]
CLUBS = [("Ice House", "Leeds", "England"), ("Vinegar Hall", "Hull", "England"), ("Lichtspiel", "Bremen", "Germany")]
HIDDEN_CLUBS = [("Quillfeather", "Leeds", "England"), ("Ice House", "Oslo", "Norway")]


def tables(folder: Path, chance: random.Random, songs: list[str], clubs: list[tuple[str, str, str]], mark: str) -> None:
    """Thirty nights and what was played there, in two linked tables."""
    nights, plays = io.StringIO(), io.StringIO()
    shows, items = csv.writer(nights), csv.writer(plays)
    shows.writerow(["show_id", "date", "venue", "city", "country"])
    items.writerow(["show_id", "set_no", "position", "song", "segued"])
    for number in range(30):
        venue, city, country = chance.choice(clubs)
        shows.writerow(
            [
                f"{mark}{number}",
                f"20{chance.randint(10, 19)}-0{chance.randint(1, 9)}-1{number % 10}",
                venue,
                city,
                country,
            ]
        )
        for position, song in enumerate(chance.sample(songs, 4), start=1):
            items.writerow([f"{mark}{number}", 1, position, song, int(chance.random() < 0.3)])
    write_notes(folder, {"shows.csv": nights.getvalue(), "plays.csv": plays.getvalue()})


def public(folder: Path) -> Path:
    tables(folder / "open", random.Random(1), SONGS, CLUBS, "p")
    note = (
        "---\ntitle: On Brine Pump\ntier: public\ndate: 2014-03-12\n---\nBrine Pump came from the noise of the ferry.\n"
    )
    write_notes(folder / "open", {"brine.md": note})
    return folder / "open"


def inner(folder: Path) -> Path:
    tables(folder / "inner", random.Random(2), SONGS + HIDDEN_SONGS, CLUBS + HIDDEN_CLUBS, "i")
    head = "---\ntitle: {title}\ntier: inner\ndate: 2014-03-12\naliases: [The Pump, Wolfie]\nkind: song\n---\n"
    notes = {
        f"inner-{number}.md": head.format(title=song) + f"{song} was played at Quillfeather, and nobody may know.\n"
        for number, song in enumerate(SONGS[:3] + HIDDEN_SONGS)
    }
    write_notes(folder / "inner", notes)
    return folder / "inner"


def questions() -> list[str]:
    names = [*SONGS, *HIDDEN_SONGS, "The Pump", "Wolfie"]
    places = ["the Ice House", "Vinegar Hall", "Quillfeather", "Leeds", "Oslo", "Bremen", "Norway", "England"]
    asked = [
        *(f"How many times did you play {name}?" for name in names),
        *(f"When did you first play {name}?" for name in names),
        *(f"What came after {name} most often?" for name in names),
        *(f"did you ever play {name} in Norway?" for name in names),
        *(f"how often did you play {name.lower()[:-2]}?" for name in names),
        *(f"How many shows did you play at {place}?" for place in places),
        *(f"When were you last in {place}?" for place in places),
        *(f"What was the opener at {place} in 201{number}?" for number, place in enumerate(places)),
        *(f"most played song in 201{number}?" for number in range(10)),
        *(f"songs debuted in 201{number}" for number in range(10)),
        "Which songs were played only once?",
        "What was the longest gap between shows?",
        "Which venue did you play most?",
        "How many different songs did you play?",
        "Why did you play Brine Pump?",
        "What is Wolframina?",
    ]
    chance = random.Random(3)
    chance.shuffle(asked)
    return asked


def heard(services: Services) -> list[object]:
    with client_of(services) as client:
        return [bytes_of(client, question) for question in questions()]


def test_what_only_inner_rows_know_changes_nothing_below(tmp_path: Path) -> None:
    told = []
    for name, knows_more in (("more", True), ("less", False)):
        with open_node(tmp_path / name, index=MemoryIndex()) as services:
            if knows_more:
                take_in(services, inner(tmp_path / f"m-{name}"), tier=4)
            take_in(services, public(tmp_path / f"m-{name}"), tier=0)
            told.append(heard(services))
    for question, one, other in zip(questions(), *told, strict=True):
        assert one == other, question


def answer(client: TestClient, question: str) -> dict[str, object]:
    ticket = client.post("/api/questions", json={"question": question}).json()
    client.get(ticket["events"])
    found: dict[str, object] = client.get(f"/api/questions/{ticket['id']}").json()
    return found


def test_a_song_that_an_inner_note_names_is_not_hidden_and_one_that_only_it_knows_does_not_exist(
    tmp_path: Path,
) -> None:
    with open_node(tmp_path / "home", index=MemoryIndex()) as services:
        take_in(services, inner(tmp_path / "m"), tier=4)
        take_in(services, public(tmp_path / "m"), tier=0)
        with client_of(services) as client:
            known = answer(client, "How many times did you play Brine Pump?")
            assert known["outcome"] == "answered"
            assert "“Brine Pump” was played at" in str(known["text"])
            hidden = answer(client, "How many times did you play Wolframina?")
            assert hidden["outcome"] == "not_in_notes"
            assert "Wolframina" not in str(hidden["nearest"]) + str(hidden.get("reason", ""))
