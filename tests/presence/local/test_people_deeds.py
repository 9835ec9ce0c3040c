"""People and their ways in as deeds: what a command does, here or in the running node."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from presence.bootstrap import Services
from presence.errors import TermsWrong
from presence.local.deeds import DEEDS
from tests.presence.web.inviting import open_house
from tests.trusting import Artist, key
from trustgraph import Tier

House = tuple[Services, Artist]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "home") as opened:
        yield opened


def do(house: House, deed: str, **arguments: Any) -> tuple[int, list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    return DEEDS[deed](house[0], arguments, told.append), told


def ask(house: House, name: str) -> str:
    did = key(name).did
    house[0].people.requests.ask(did, name=name, words="")
    return did


def test_terms_are_shown_and_changed(house: House) -> None:
    _, told = do(house, "people terms")
    assert [one["tier"] for one in told] == ["public", "follower", "supporter", "circle", "inner"]
    _, (changed,) = do(house, "people terms", tier="circle", changes={"sentences": 3, "teaser": "Mine."})
    assert (changed["sentences"], changed["teaser"]) == (3, "Mine.")
    with pytest.raises(TermsWrong):
        do(house, "people terms", tier="circle", changes={"sentences": 99})


def test_a_link_is_made_named_and_closed(house: House) -> None:
    _, (made,) = do(house, "people invite", people=3, hours=2, label="ferry")
    house[0].people.invites.take(made["link"].rpartition("/")[2], key("ann").did)
    _, (named,) = do(house, "people invites")
    assert (named["taken"], named["people"], named["open"], "link" in named) == (1, 3, True, False)
    _, (closed,) = do(house, "people invites close", id=made["id"])
    assert (closed["open"], closed["why"]) == (False, "This invitation was closed. You can still ask to follow.")


def test_all_who_ask_are_let_in_but_who_needs_the_artists_key(house: House) -> None:
    ann, bob = ask(house, "ann"), ask(house, "bob")
    house[0].people.requests.ask_above(key("cyd").did, Tier.CIRCLE, "A place was kept")
    _, asking = do(house, "people requests")
    assert [one["needs_artist"] for one in asking] == [False, False, True]
    code, told = do(house, "people let in", dids=["all"])
    assert (code, [one["did"] for one in told]) == (0, [ann, bob])
    code, (left,) = do(house, "people let in", dids=[key("cyd").did])
    assert (code, left["event"]) == (1, "for_artist")
    _, (gone,) = do(house, "people dismiss", dids=[key("cyd").did])
    assert gone["count"] == 1


def test_names_that_look_like_the_artists_are_remarked_on(house: House) -> None:
    ask(house, "ada marsh")
    _, (one,) = do(house, "people requests")
    assert one["odd"] == ["It looks like the artist’s own name."]


def test_rules_are_told_and_set(house: House) -> None:
    _, told = do(house, "people rule", name="follow", value="open", per_day=9)
    assert [(one["name"], one["value"]) for one in told] == [("follow", "open"), ("tree_seen_by", "own")]
    assert told[0]["per_day"] == 9
    _, told = do(house, "people rule", name="tree_seen_by", value="circle")
    assert told[1]["value"] == "circle"


def test_a_place_is_kept_and_named_without_its_address(house: House) -> None:
    _, (kept,) = do(house, "people keep", address="ann@example.org", tier="circle", label="Ann")
    assert kept["door_can"] is False
    _, (place,) = do(house, "people kept")
    assert (place["label"], place["taken_by"]) == ("Ann", None)
    assert "example" not in str(place)
