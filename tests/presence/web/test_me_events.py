"""An open page is told at once how far its listener may read now."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence

import pytest

from presence.asking.contracts import Listener
from presence.bootstrap import Services
from presence.web import me_events
from tests.awaiting import awaited
from tests.nodes import client_of
from tests.trusting import Artist, key
from trustgraph import Tier


@pytest.fixture
def artist(node: Services) -> Artist:
    return Artist(node.trust)


async def told(events: AsyncIterator[str]) -> tuple[str, str]:
    """Give the next event that is none of the stream's own."""
    async for part in events:
        if part.startswith("event:"):
            kind, data = part.removeprefix("event: ").strip().split("\ndata: ")
            return kind, json.loads(data)["tier"]
    return "", ""


def watched(node: Services, deeds: Sequence[Callable[[str], object]]) -> list[tuple[str, str]]:
    """Watch ann's standing, do one deed after each event, and give all events."""

    async def watch() -> list[tuple[str, str]]:
        did = key("ann").did
        secret = node.sessions.begin(did)
        events = me_events._stream(node, Listener(did, None, did, int(Tier.INNER), "key"), secret)
        found = [await told(events)]
        for deed in deeds:
            await asyncio.to_thread(deed, secret)
            found.append(await asyncio.wait_for(told(events), 20))
        await events.aclose()
        return found

    return awaited(watch())


def test_letting_in_and_taking_back_is_told(node: Services, artist: Artist) -> None:
    granted = []
    deeds = [
        lambda _: granted.append(artist.grant(key("ann").did, Tier.CIRCLE)),
        lambda _: artist.revoke(granted[0].entry.event),
    ]
    assert watched(node, deeds) == [("standing", "public"), ("standing", "circle"), ("standing", "public")]
    assert node.news._watchers == {}


def test_what_concerns_somebody_else_is_not_told(node: Services, artist: Artist) -> None:
    def both(_: str) -> None:
        artist.grant(key("bob").did, Tier.INNER)
        artist.grant(key("ann").did, Tier.FOLLOWER)

    assert watched(node, [both]) == [("standing", "public"), ("standing", "follower")]


def test_a_trust_that_runs_out_is_told_though_nothing_was_signed(node: Services, artist: Artist) -> None:
    artist.grant(key("ann").did, Tier.CIRCLE, seconds=100)

    def later(_: str) -> None:
        now = node.trust.now
        node.trust.now = lambda: now() + 200
        node.trust._known._now = node.trust.now

    assert watched(node, [later]) == [("standing", "circle"), ("standing", "public")]


@pytest.mark.usefixtures("artist")
def test_the_stream_ends_with_the_session(node: Services) -> None:
    assert watched(node, [node.sessions.end]) == [("standing", "public"), ("ended", "public")]


@pytest.mark.usefixtures("artist")
def test_a_page_that_lies_open_keeps_no_session_alive(node: Services) -> None:
    began = node.sessions._now()
    secret = node.sessions.begin(key("ann").did)
    node.sessions._now = lambda: began + 3000
    assert node.sessions.find(secret, is_there=False) is not None
    node.sessions._now = lambda: began + 3601
    assert node.sessions.find(secret) is None


def test_who_has_no_session_is_told_not_to_come_again(node: Services) -> None:
    with client_of(node) as client:
        assert client.get("/api/me/events").status_code == 204


@pytest.mark.usefixtures("artist")
def test_a_house_that_closes_waits_for_no_open_page(node: Services) -> None:
    async def watch() -> list[str]:
        did = key("ann").did
        listener = Listener(did, None, did, int(Tier.INNER), "key")
        return [part async for part in me_events._stream(node, listener, node.sessions.begin(did), lambda: True)]

    assert awaited(watch()) == ["retry: 2000\n\n"]  # not that the session is over: the page comes again
