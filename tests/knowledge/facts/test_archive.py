"""The archive counts a night once, whoever tells of it, and leaves out what was no night."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from knowledge.facts.archive import Archive
from knowledge.facts.days import When
from knowledge.facts.scope import Scope, Subject
from presence.bootstrap import Services
from tests.knowledge.facts.tour import more, sentences, tour
from tests.nodes import take_in, write_notes


@contextmanager
def archive_of(services: Services, tier: int = 0) -> Iterator[Archive]:
    with services.database.reader(tier) as reader:
        yield Archive(reader)


def tell(services: Services, folder: Path, head: str, *rows: str) -> None:
    take_in(services, write_notes(folder, {"nights.csv": "\n".join([head, *rows, ""])}))


def test_nights_come_in_the_order_of_time(small_shelf: Services, tmp_path: Path) -> None:
    tour(small_shelf, tmp_path)
    with archive_of(small_shelf) as archive:
        found = archive.nights(Scope())
    assert [night.day for night in found] == sorted(night.day for night in found)
    assert [night.ordinal for night in found if night.day == 20110820] == [1, 2]
    assert len(found) == 10


def test_two_sources_of_one_night_count_once_and_the_fuller_list_is_taken(
    small_shelf: Services, tmp_path: Path
) -> None:
    exact = tour(small_shelf, tmp_path)
    more(small_shelf, tmp_path, "x,2012-05-11,Weighhouse,Bergen,Norway", "x,1,1,Brass Lantern,0\nx,1,2,Tin Weather,0")
    with archive_of(small_shelf) as archive:
        (night,) = archive.nights(Scope(When(20120511, 20120511)))
        (items,) = archive.items([night]).values()
    assert [item.title for item in items] == ["Brass Lantern", "Tin Weather", "Mill Race", "Night Heron"]
    assert sentences(exact.answer("How many shows did you play?", 0))[0] == "There were 10 shows, on 9 days."
    assert (
        sentences(exact.answer("How often did you play Tin Weather?", 0))[0] == "“Tin Weather” was played at 3 shows."
    )


def test_a_night_that_was_called_off_and_a_playlist_are_no_nights(small_shelf: Services, tmp_path: Path) -> None:
    tell(
        small_shelf, tmp_path, "date,venue,city,country,kind,cancelled",
        "2015-01-02,Lamp Room,Galway,Ireland,concert,no",
        "2015-01-03,Lamp Room,Galway,Ireland,concert,yes",
        "2015-01-04,Lamp Room,Galway,Ireland,playlist,no",
    )  # fmt: skip
    with archive_of(small_shelf) as archive:
        assert [night.day for night in archive.nights(Scope())] == [20150102]


def test_a_night_to_come_is_announced_and_not_counted(small_shelf: Services, tmp_path: Path) -> None:
    exact = tour(small_shelf, tmp_path)
    more(small_shelf, tmp_path, "x,2027-02-03,Weighhouse,Bergen,Norway", "x,1,1,Tin Weather,0")
    assert sentences(exact.answer("How many shows did you play in Norway?", 0))[0] == "There were 2 shows in Norway."
    assert sentences(exact.answer("When did you last play Tin Weather?", 0))[0].endswith(
        "on 14 February 2014 at Old Cannery, Porto."
    )
    assert sentences(exact.answer("Where are you playing next?", 0)) == [
        "Coming up: 3 February 2027 at Weighhouse, Bergen."
    ]


@pytest.mark.parametrize(
    ("scope", "days"),
    [
        (Scope(When(20120101, 20121231)), [20120511, 20120512]),
        (Scope(When(20140301, 0)), [20141231]),
        (Scope(When(0, 20110304)), [20110304]),
        (Scope(When(month=10)), [20131031]),
        (Scope(When(month=2, day=14)), [20140214]),
        (Scope(When(20120101, 20121231, weekday=4)), [20120511]),
        (Scope(places=(("city_key", frozenset({"porto|portugal"})),)), [20140214, 20140215]),
        (Scope(When(20110820, 20110820), ordinal=2), [20110820]),
        (Scope(When(20140101, 0), without=(("country_key", frozenset({"portugal"})),)), [20141231]),
    ],
)
def test_every_condition_of_a_scope_holds(small_shelf: Services, tmp_path: Path, scope: Scope, days: list[int]) -> None:
    tour(small_shelf, tmp_path)
    with archive_of(small_shelf) as archive:
        assert [night.day for night in archive.nights(scope)] == days


def test_a_column_that_is_not_of_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="tier"):
        Archive(None).nights(Scope(places=(("tier", frozenset({"0"})),)))  # type: ignore[arg-type]


def test_plays_are_counted_by_night_and_in_all(small_shelf: Services, tmp_path: Path) -> None:
    tour(small_shelf, tmp_path)
    more(small_shelf, tmp_path, "x,2015-05-05,Weighhouse,Bergen,Norway", "x,1,1,Copper Moth,0\nx,2,1,Copper Moth,0")
    with archive_of(small_shelf) as archive:
        nights = archive.nights(Scope())
        assert archive.counted("work_key", None)["copper moth"] == (2, 3)
        assert archive.counted("work_key", nights[:4])["copper moth"] == (1, 1)
        plays = archive.plays(Subject("work_key", frozenset({"copper moth"})), nights)
        assert sorted(len(items) for items in plays.values()) == [1, 2]


def test_the_edges_of_a_night_are_its_first_and_its_last_item(small_shelf: Services, tmp_path: Path) -> None:
    tour(small_shelf, tmp_path)
    with archive_of(small_shelf) as archive:
        (night,) = archive.nights(Scope(When(20120511, 20120511)))
        opened, closed = (archive.edges([night], last=last)[night.key][-1].title for last in (False, True))
    assert opened == "Brass Lantern"
    assert closed == "Night Heron"


def test_a_night_without_a_list_is_known_and_not_listed(small_shelf: Services, tmp_path: Path) -> None:
    tour(small_shelf, tmp_path)
    with archive_of(small_shelf) as archive:
        bare = [night.day for night in archive.nights(Scope()) if night.key not in archive.listed()]
    assert bare == [20140215]
