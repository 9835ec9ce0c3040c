"""What listeners do in these tests, over HTTP."""

import time
from typing import Any

from fastapi.testclient import TestClient

from presence.bootstrap import Services
from tests.trusting import key

ANN, BOB = key("ann"), key("bob")
HTML = {"Accept": "text/html"}
NOTES = {
    "ferry.md": """---
title: Night ferry
date: 2015-06-20
kind: set
tier: public
---
We played on the upper deck until the coast guard called. Low Tide was meant as a joke.

[0:00:00] Zeno Obuya - Monday Dub [Lantern]
[0:07:30] Ada Marsh - Low Tide (Long Mix) [Dock]
""",
    "piano.md": "---\ntitle: The rented piano\ntier: public\n---\nI wrote Pilot Ladder on a rented piano in Leeds.\n",
    "barn.md": "---\ntitle: The cold barn\ntier: public\n---\nI wrote Saltmarsh in a cold barn in Whitby.\n",
    "chapel.md": "---\ntitle: The chapel\ntier: circle\n---\nThe next record was recorded in a chapel on Ebba.\n",
    "cellar.md": """---
title: Cellar of the Quartermain
date: 2016-02-12
kind: set
tier: circle
---
The lamps went out, and the cellar sang along in the dark.

[0:00:00] Ada Marsh - Low Tide (Long Mix) [Dock]
""",
}
RECORDS = """title,artist,date,label,catalogue number
Pilot Ladder,Ada Marsh,2019-03-04,Lantern,LAN 001
Saltmarsh,Ada Marsh,2021-10-02,Lantern,LAN 003
"""


def thing(services: Services, name: str, tier: int = 3) -> str:
    return next(one.ident for one in services.acts.things.every(tier) if name in one.names)


def perform(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post("/api/questions", json=body)
    assert response.status_code == 201, response.text
    client.get(response.json()["events"])
    answer: dict[str, Any] = client.get(f"/api/questions/{response.json()['id']}").json()
    return answer


def remembered(client: TestClient, kind: str) -> list[str]:
    response = client.get("/api/memory")
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"] if item["kind"] == kind]


def soon(client: TestClient, kind: str) -> list[str]:
    """Wait until something is remembered: an answer is told a moment before what it was about is noted."""
    for _ in range(200):
        if found := remembered(client, kind):
            return found
        time.sleep(0.02)
    raise AssertionError(kind)


def agree(client: TestClient) -> None:
    assert client.put("/api/memory", json={"agreed": True}).json()["agreed"] is True
