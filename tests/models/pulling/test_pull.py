"""A model arrives whole and right, or not under its name."""

import resource
import threading
from pathlib import Path

import pytest

from models.errors import DownloadFailed
from models.pulling import Pulled, pull
from models.shelf import Shelf
from tests.models.pulling.hub import CUT_AFTER, SHA256, WEIGHTS, Hub, entry, hub

OTHER_SHA256 = "f" * 64


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def failing(shelf: Shelf, at: Hub, **other: object) -> str:
    """Pull, and give the sentence that it fails with; nothing has the final name then."""
    with pytest.raises(DownloadFailed) as raised:
        pull(entry(**other), shelf, hub_url=at.url)
    assert not shelf.has(entry())
    return str(raised.value)


def begun(shelf: Shelf) -> int:
    return shelf.begun_bytes(entry())


def test_a_model_arrives_byte_for_byte_and_the_progress_ends_at_the_whole(shelf: Shelf) -> None:
    seen: list[tuple[int, int]] = []
    with hub() as at:
        pulled = pull(entry(), shelf, hub_url=at.url + "/", progress=lambda done, whole: seen.append((done, whole)))
    assert pulled == Pulled(shelf.path(entry()), SHA256, pinned=True, fetched=True)
    assert pulled.path.read_bytes() == WEIGHTS
    assert seen[0] == (0, len(WEIGHTS))
    assert seen[-1] == (len(WEIGHTS), len(WEIGHTS))
    assert [path.name for path in shelf.folder.iterdir()] == [entry().file]


def test_what_is_here_and_right_is_not_fetched_again_even_without_a_network(shelf: Shelf) -> None:
    with hub() as at:
        pull(entry(), shelf, hub_url=at.url)
    assert not pull(entry(), shelf, hub_url=at.url).fetched


def test_what_is_here_and_spoilt_is_replaced(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.path(entry()).write_bytes(b"spoilt")
    with hub() as at:
        assert pull(entry(), shelf, hub_url=at.url).fetched
    assert shelf.path(entry()).read_bytes() == WEIGHTS


def test_a_cut_line_is_taken_up_again_and_only_the_rest_is_fetched(shelf: Shelf) -> None:
    with hub(cuts=[CUT_AFTER]) as at:
        assert pull(entry(), shelf, hub_url=at.url).path.read_bytes() == WEIGHTS
    first, second = at.ranges
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= CUT_AFTER


def test_a_later_pull_goes_on_where_one_was_cut(shelf: Shelf) -> None:
    with hub(cuts=[CUT_AFTER], statuses=[200, 503]) as at:
        assert "503" in failing(shelf, at)
        there = begun(shelf)
        assert 0 < there <= CUT_AFTER
        seen: list[int] = []
        pull(entry(), shelf, hub_url=at.url, progress=lambda done, _whole: seen.append(done))
    assert at.ranges[-1] == f"bytes={there}-"
    assert seen[0] == there
    assert shelf.path(entry()).read_bytes() == WEIGHTS
    assert begun(shelf) == 0


def test_a_hub_that_knows_no_ranges_begins_anew_and_nothing_is_doubled(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.part(entry(), SHA256).write_bytes(WEIGHTS[:CUT_AFTER])
    with hub(knows_ranges=False) as at:
        pull(entry(), shelf, hub_url=at.url)
    assert shelf.path(entry()).read_bytes() == WEIGHTS


def test_a_pull_that_was_killed_before_the_name_only_needs_the_name(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.part(entry(), SHA256).write_bytes(WEIGHTS)
    with hub() as at:
        pull(entry(), shelf, hub_url=at.url)
    assert at.ranges == []
    assert shelf.has(entry())


def test_a_part_that_is_too_long_is_thrown_away(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.part(entry(), SHA256).write_bytes(WEIGHTS + b"x")
    with hub() as at:
        pull(entry(), shelf, hub_url=at.url)
    assert at.ranges == [None]


def test_other_bytes_than_the_pinned_ones_are_deleted(shelf: Shelf) -> None:
    with hub(weights=WEIGHTS[:-1] + b"x") as at:
        sentence = failing(shelf, at)
    assert SHA256[:12] in sentence
    assert "deleted" in sentence
    assert begun(shelf) == 0


def test_what_is_here_stays_until_something_right_has_come(shelf: Shelf) -> None:
    shelf.folder.mkdir()
    shelf.path(entry()).write_bytes(b"of another version")
    with hub(weights=WEIGHTS[:-1] + b"x") as at, pytest.raises(DownloadFailed, match="deleted"):
        pull(entry(), shelf, hub_url=at.url)
    assert shelf.path(entry()).read_bytes() == b"of another version"


def test_a_hub_that_states_another_hash_is_refused_before_the_first_byte(shelf: Shelf) -> None:
    with hub(stated_sha256=OTHER_SHA256) as at:
        assert "another file" in failing(shelf, at)
    assert at.ranges == []


def test_a_hub_that_states_another_size_is_refused_before_the_first_byte(shelf: Shelf) -> None:
    with hub(stated_bytes=5) as at:
        assert "another file" in failing(shelf, at)
    assert at.ranges == []


def test_fewer_bytes_than_stated_are_not_a_model(shelf: Shelf) -> None:
    with hub(weights=WEIGHTS[:-9]) as at:
        assert "length" in failing(shelf, at)
        assert "presence models remove" in failing(shelf, at)


def test_more_bytes_than_stated_are_not_a_model(shelf: Shelf) -> None:
    with hub(weights=WEIGHTS + b"more") as at:
        assert "length" in failing(shelf, at)


def test_without_a_pinned_hash_the_hub_vouches_and_it_is_said(shelf: Shelf) -> None:
    unpinned = entry(sha256=None)
    with hub() as at:
        assert not pull(unpinned, shelf, hub_url=at.url).pinned
        assert not pull(unpinned, shelf, hub_url=at.url).fetched
    with hub(weights=WEIGHTS[:-1] + b"x") as at:
        shelf.remove(unpinned)
        assert "deleted" in failing(shelf, at, sha256=None)


def test_without_any_hash_nothing_is_fetched(shelf: Shelf) -> None:
    with hub(stated_sha256=None) as at:
        assert "SHA-256" in failing(shelf, at, sha256=None)
    assert at.ranges == []


@pytest.mark.parametrize("other", [{"file": "no.gguf"}, {"revision": "a" * 40}], ids=["file", "revision"])
def test_what_the_hub_has_not_is_named(shelf: Shelf, other: dict[str, object]) -> None:
    with hub() as at:
        assert "has no" in failing(shelf, at, **other)


@pytest.mark.parametrize("gated", [True, False], ids=["gated", "unknown repository"])
def test_what_asks_for_a_sign_in_says_how_to_get_it(shelf: Shelf, gated: bool) -> None:
    with hub(gated=gated) as at:
        sentence = failing(shelf, at, repo=entry().repo if gated else "nobody/nothing")
    assert "presence models use FILE" in sentence


def test_a_hub_that_is_away_is_a_sentence(shelf: Shelf) -> None:
    with hub() as at:
        pass
    assert "cannot be reached" in failing(shelf, at)


@pytest.mark.parametrize(
    ("url", "says"), [("http://[nowhere", "cannot be reached"), ("http://hub:port", "PRESENCE_MODELS__HUB_URL")]
)
def test_what_is_no_address_is_a_sentence(shelf: Shelf, url: str, says: str) -> None:
    sentence = failing(shelf, Hub(url=url))
    assert sentence.startswith(url)
    assert says in sentence


def test_too_little_room_is_found_before_the_first_byte(shelf: Shelf) -> None:
    with hub(stated_bytes=10**18) as at:
        sentence = failing(shelf, at, size_bytes=10**18)
    assert "are missing" in sentence
    assert at.ranges == []


def test_a_disk_that_fills_up_meanwhile_gets_its_room_back(shelf: Shelf) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with hub() as at:
        resource.setrlimit(resource.RLIMIT_FSIZE, (15 * 1024**2, hard))
        try:
            sentence = failing(shelf, at)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "is full" in sentence
        assert begun(shelf) == 0
        assert pull(entry(), shelf, hub_url=at.url).fetched


def test_two_pulls_at_once_do_not_mix(shelf: Shelf) -> None:
    done: list[Pulled] = []
    with hub(may_go_on=threading.Event()) as at:
        first = threading.Thread(target=lambda: done.append(pull(entry(), shelf, hub_url=at.url)))
        first.start()
        assert at.asked.wait(30)
        assert "under way" in failing(shelf, at)
        with pytest.raises(DownloadFailed, match="under way"):
            shelf.remove(entry())
        at.may_go_on.set()
        first.join()
        assert not pull(entry(), shelf, hub_url=at.url).fetched
    assert done[0].fetched
    assert at.ranges == [None]
    assert shelf.path(entry()).read_bytes() == WEIGHTS
