"""A small node with a night that can be heard, prices and a real mail server: for the tests of listening."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from knowledge import Wish
from presence.bootstrap import Services
from tests.knowledge.recordings.sounds import write
from tests.mailing import USER, Mailroom
from tests.nodes import open_node, take_in, write_notes
from tests.ports import free_port
from tests.rig.opened import opened_at

AFTER_THE_FIRST = "What did you play after Monday Dub at Night ferry?"
SECOND_PIECE_S = 370.0
LENGTH_S = 600.0
PRICES = {"acts": {"ask": {"price": "0.02"}}, "free": {"first": 3, "first_per_client_a_day": 1_000}}
NOTES = {
    "ferry.md": """---
title: Night ferry
date: 2015-06-20
kind: set
tier: public
venue: MS Ragna
city: Holm
licence: CC BY 4.0
tickets: https://tickets.example/ferry
---
We played on the upper deck until the coast guard called. Monday Dub was for the coast guard.

[0:00:00] Zeno Obuya - Monday Dub [Lantern]
[0:06:10] Ada Marsh - Low Tide (Long Mix) [Dock]
[0:15:10] ID - ID
""",
    "record.md": """---
title: Tide Tables
date: 2014-05-23
kind: release
tier: public
label: Dock
licence: CC BY 4.0
buy: https://shop.example/tide
tracks:
  - Low Tide
  - High Water
---
Tide Tables is my first record. It was made in a kitchen with a kettle in E.
""",
    "piano.md": """---
title: The rented piano
date: 2019-03-04
tier: public
---
I wrote Pilot Ladder on a rented piano in Leeds. The piano had two dead keys, and both were B flat.
""",
    "talk.md": """---
title: Marta asks about the kitchen
date: 2020-02-01
kind: interview
tier: public
---
The kitchen was the only room with a door that closed. I recorded the kettle there at night.
""",
    "friends.md": """---
title: What I told my friends
tier: circle
---
The next record has the working title Heronshaw.
""",
}


@dataclass(frozen=True, slots=True)
class Sounding:
    """The node, and where it is open."""

    services: Services
    address: str


@contextmanager
def sounding(folder: Path, room: Mailroom) -> Iterator[Sounding]:
    """Serve it; the recording ends before the third piece of the night begins."""
    home, url = folder / "home", SecretStr(room.url)
    with open_node(home, port=free_port(), smtp_url=url, mail_from=USER) as services:
        take_in(services, write_notes(folder / "notes", NOTES), tier=None)
        services.paying.pricing.write(PRICES)
        [night] = [one for one in services.acts.things.every(0) if one.kind == "event"]
        sound = write(folder / "night.flac", LENGTH_S)
        wish = Wish(sound.stat().st_size, 0, "From the desk", "event", night.key)
        services.recordings.add(sound, wish, lambda _done, _whole: None)
        with opened_at(services) as address:
            yield Sounding(services, address)
