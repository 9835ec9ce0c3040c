"""Ten nights of two sets, invented: two shows on one day, and one night of which no list is known."""

import datetime
from pathlib import Path

from knowledge.facts.exact import Exact, ExactQuestions
from presence.bootstrap import Services
from tests.nodes import take_in, write_notes

TODAY = datetime.date(2026, 11, 21)
SHOWS = """show_id,date,venue,city,country
a,2011-03-04,Lamp Room,Galway,Ireland
b,2011-03-05,Lamp Room,Galway,Ireland
c,2011-08-20,Salt Cellar,Cork,Ireland
d,2011-08-20,Salt Cellar,Cork,Ireland
e,2012-05-11,Weighhouse,Bergen,Norway
f,2012-05-12,Weighhouse,Bergen,Norway
g,2013-10-31,Lamp Room,Galway,Ireland
h,2014-02-14,Old Cannery,Porto,Portugal
i,2014-02-15,Old Cannery,Porto,Portugal
j,2014-12-31,Salt Cellar,Cork,Ireland
"""
PLAYS = """show_id,set_no,position,song,segued
a,1,1,Brass Lantern,0
a,1,2,Quiet Ledger,1
a,1,3,Mill Race,0
a,2,1,Slow Ferry,0
a,2,2,Night Heron,0
b,1,1,Mill Race,0
b,1,2,Brass Lantern,0
b,2,1,Quiet Ledger,0
b,2,2,Night Heron,0
c,1,1,Brass Lantern,0
c,1,2,Slow Ferry,0
c,2,1,Copper Moth,0
c,2,2,Velvet Plough,0
d,1,1,Quiet Ledger,1
d,1,2,Mill Race,0
d,2,1,Slow Ferry,0
d,2,2,Brass Lantern,0
e,1,1,Brass Lantern,0
e,1,2,Tin Weather,0
e,2,1,Mill Race,0
e,2,2,Night Heron,0
f,1,1,Tin Weather,0
f,1,2,Quiet Ledger,0
f,2,1,Slow Ferry,0
f,2,2,Night Heron,0
g,1,1,Brass Lantern,0
g,1,2,Mill Race,0
g,2,1,Quiet Ledger,0
g,2,2,Slow Ferry,0
h,1,1,Brass Lantern,0
h,1,2,Quiet Ledger,1
h,1,3,Mill Race,0
h,2,1,Tin Weather,0
h,2,2,Night Heron,0
j,1,1,Slow Ferry,0
j,1,2,Brass Lantern,0
j,2,1,Orchard Hymn,0
j,2,2,Night Heron,0
"""


def tour(services: Services, folder: Path) -> ExactQuestions:
    """Take the ten nights in, open to everybody."""
    take_in(services, write_notes(folder / "tour", {"shows.csv": SHOWS, "plays.csv": PLAYS}))
    return ExactQuestions(services.database.reader, "Ada Marsh", lambda: TODAY)


def more(services: Services, folder: Path, shows: str, plays: str, tier: int = 0) -> None:
    """Take further nights in, from a tier on."""
    head, plays_head = SHOWS.splitlines()[0], PLAYS.splitlines()[0]
    notes = {"shows.csv": f"{head}\n{shows}\n", "plays.csv": f"{plays_head}\n{plays}\n"}
    take_in(services, write_notes(folder / f"more{tier}", notes), tier=tier)


def sentences(answer: Exact) -> list[str]:
    """Give the sentences of an answer, or nothing."""
    return [sentence.text for sentence in getattr(answer, "sentences", ())]


def cited(answer: Exact) -> list[list[str]]:
    """Give the raw rows that each sentence of an answer rests on."""
    return [[row.raw for row in sentence.rows] for sentence in getattr(answer, "sentences", ())]
