"""Many changes in a random order, some of them taken back: rows are always what holds makes of their own keys."""

import random
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeError
from knowledge.facts.known import Known
from knowledge.facts.rekeying import KINDS, bring_in_line
from presence.bootstrap import Services
from tests.knowledge.facts.curating import keys, night, seen, tell

ARTISTS = ("Zeno", "Zeno O.", "Z. Obuya", "Petra")
TITLES = ("Monday", "Door", "Roof (Dub)", "Roof", "Monday (Dub)")
VENUES = ("The Dock", "Dock Yard", "The Chapel")
TIERS = ("public", "follower", "circle")
KIND_OF = ("artist", "work", "place", "recording", "event")
STEPS = 24


def random_nights(choose: random.Random) -> dict[str, str]:
    def tracks() -> list[str]:
        return [f"{choose.choice(ARTISTS)} - {choose.choice(TITLES)}" for _ in range(3)]

    return {
        f"n{number}": night(
            f"N{number}", f"2019-07-{choose.randint(1, 3):02}", choose.choice(VENUES), *tracks(),
            tier=choose.choice(TIERS),
        )
        for number in range(8)
    }  # fmt: skip


def change(services: Services, choose: random.Random, made: list[str]) -> None:
    """Do something; what is refused changes nothing."""
    kind = choose.choice(KIND_OF)
    rows = [row for row in keys(services) if row[1] == f"{kind}_key" and row[-1]]
    # By what they say: ids come out otherwise each time.
    rows.sort(key=lambda row: (row[-1], row[0]))
    (_, _, ident, key), (*_, target) = choose.choices(rows, k=2)
    one, other = Known(kind, key, key), Known(kind, target, target)
    deed = choose.random()
    with suppress(KnowledgeError):
        if deed < 0.3 and made:
            services.curation.undo(made.pop(choose.randrange(len(made))))
        elif deed < 0.75:
            made.append(services.curation.merge(one, other).ident)
        else:
            name = choose.choice((None, "Gate", "Another"))
            made.append(services.curation.split(one, name=name, row_ids=[ident]).ident)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_left_of_what_was_taken_back(small_shelf: Services, tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)
    tell(small_shelf, tmp_path / "notes", **random_nights(choose))
    before, public = keys(small_shelf), seen(small_shelf, 0)
    made: list[str] = []
    for _ in range(STEPS):
        change(small_shelf, choose, made)
        for kind in KINDS:
            assert small_shelf.lane.run(partial(bring_in_line, kind=kind)) == set()
    assert len(small_shelf.curation.changes(undone=True)) >= STEPS // 4
    choose.shuffle(made)
    for ident in made:
        small_shelf.curation.undo(ident)
    assert keys(small_shelf) == before
    assert [row for row in seen(small_shelf, 0) if len(row) > 4] == [row for row in public if len(row) > 4]
    assert small_shelf.library.check() == []
