"""How a node bears 8, 32 and 128 listeners at once, on its own folder and on servers: `room`, once for each.

`python -m benchmarks load --minutes 5` takes half an hour, and wants the machine for itself.
"""

import json
import sys
from typing import Any

from benchmarks.room import filled
from benchmarks.stores import ALL

LISTENERS = (8, 32, 128)


def measure(minutes: float) -> dict[str, Any]:
    """Fill the room anew for each number of listeners and each kind of stores, for so many minutes."""
    rooms = []
    for on in ALL:
        for listeners in LISTENERS:
            rooms.append(filled(listeners, minutes * 60, on=on)["figures"])
            print(json.dumps(rooms[-1]), file=sys.stderr)  # half an hour is long: what is measured is told at once
    by_name = {f"{room['stores']}_{room['listeners']}": room["answers_per_s"] for room in rooms}
    return {"figures": rooms, "ratios": by_name}
