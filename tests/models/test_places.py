"""The bounded queue in front of a writer."""

import threading

import pytest

from models import Places, WriterBusy
from models.errors import WriterStopped


def test_the_place_after_the_last_is_refused_with_a_time_to_come_back() -> None:
    places = Places(2)
    places.take("one")
    places.take("two")
    with pytest.raises(WriterBusy) as refused:
        places.take("three")
    assert refused.value.waiting == 2
    assert refused.value.retry_after_s > 0


def test_a_place_given_back_can_be_taken_again() -> None:
    places = Places(1)
    places.give_back(places.take("one"))
    assert places.take("two").question_id == "two"


def test_giving_a_place_back_twice_frees_one_place_only() -> None:
    places = Places(2)
    first = places.take("one")
    places.take("two")
    places.give_back(first)
    places.give_back(first)
    places.take("three")
    with pytest.raises(WriterBusy):
        places.take("four")


def test_those_ahead_are_counted_in_the_order_they_came() -> None:
    places = Places(3)
    first = places.take("one")
    places.take("two")
    places.take("three")
    assert [places.ahead(name) for name in ("one", "two", "three")] == [0, 1, 2]
    places.give_back(first)
    assert [places.ahead(name) for name in ("two", "three")] == [0, 1]


def test_nobody_is_ahead_of_a_question_without_a_place() -> None:
    places = Places(1)
    places.take("one")
    assert places.ahead("unknown") == 0


def test_a_closed_queue_lets_nobody_in() -> None:
    places = Places(1)
    places.close()
    with pytest.raises(WriterStopped):
        places.take("one")


def test_a_closed_queue_takes_places_back() -> None:
    places = Places(2)
    first = places.take("one")
    places.take("two")
    places.close()
    places.give_back(first)
    assert places.ahead("two") == 0


def test_many_threads_never_hold_more_places_than_there_are() -> None:
    places, taken, refused = Places(5), list[str](), list[str]()
    together = threading.Barrier(20)

    def take(name: str) -> None:
        together.wait()
        try:
            taken.append(places.take(name).question_id)
        except WriterBusy:
            refused.append(name)

    threads = [threading.Thread(target=take, args=(str(number),)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (5, 15)


def test_those_who_are_served_together_wait_for_nobody() -> None:
    places = Places(5, at_once=3)
    for name in "abcde":
        places.take(name)
    assert [places.ahead(name) for name in "abcde"] == [0, 0, 0, 1, 2]
