"""A question from the door to the cited place."""

from pathlib import Path

from presence.bootstrap import Services
from tests.nodes import client_of, take_in


def test_a_question_is_answered_with_a_citation_that_opens_its_place(both: Services, material: Path) -> None:
    take_in(both, material, tier=None)
    with client_of(both) as client:
        opened = client.post("/api/questions", json={"question": "Where did you write Pilot Ladder?"})
        assert opened.status_code == 201
        with client.stream("GET", opened.json()["events"]) as stream:
            body = "".join(stream.iter_text())
        assert "event: sentence" in body
        assert body.rstrip().endswith('data: {"outcome": "answered"}')
        answer = client.get(f"/api/questions/{opened.json()['id']}").json()
        first = answer["citations"][0]
        assert first["quote"] == "I wrote Pilot Ladder on a rented piano in Leeds."
        assert answer["text"] == " ".join(sentence["text"] for sentence in answer["sentences"])
        place = client.get(first["url"], headers={"Accept": "text/html"})
        assert place.status_code == 200
        assert first["quote"] in place.text
