"""All that the house keeps about people and their ways in, opened together."""

from collections.abc import Callable
from dataclasses import dataclass

from presence.database import Database
from presence.people.arriving import Arrivals
from presence.people.door import Door
from presence.people.invites import Invites
from presence.people.names import Names
from presence.people.places import KeptPlaces
from presence.people.requests import Requests
from presence.people.rules import Rules
from presence.people.terms import TierTerms
from presence.people.till import Till
from presence.people.tree import Tree
from presence.write_lane import WriteLane
from trustgraph import GrantLog, Key


@dataclass(frozen=True, slots=True)
class People:
    """One per node."""

    terms: TierTerms
    rules: Rules
    names: Names
    door: Door
    till: Till
    invites: Invites
    requests: Requests
    places: KeptPlaces
    tree: Tree
    arrivals: Arrivals


def open_people(
    database: Database,
    lane: WriteLane,
    log: GrantLog,
    door_key: Key | None,
    till_key: Key | None,
    mailbox_of: Callable[[str], str],
) -> People:
    """Open it; `door_key` and `till_key` are the node's, `mailbox_of` gives the keyed hash of an address."""
    rules, names, door = Rules(database, lane), Names(database, lane), Door(log, door_key)
    requests = Requests(database, lane, log, door, rules, names)
    kept = KeptPlaces(database, lane, door, requests, mailbox_of)
    return People(
        TierTerms(database, lane),
        rules,
        names,
        door,
        Till(log, till_key),
        Invites(database, lane, door),
        requests,
        kept,
        Tree(log, names),
        Arrivals(lane, kept, requests),
    )
