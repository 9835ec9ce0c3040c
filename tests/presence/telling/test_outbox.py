"""Letters wait sealed, are tried again, and are forgotten."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from presence.database import Database
from presence.errors import MailUndelivered, NoMail
from presence.tables import outbox as table
from presence.telling.mail import Letter, mail_server
from presence.telling.outbox import DAY_SECONDS, FIRST_WAIT_SECONDS, WAIT_SECONDS_MAX, Outbox
from presence.telling.waiting import CLAIM_SECONDS, LOOK_ELSEWHERE_SECONDS
from presence.write_lane import WriteLane
from tests.databases import open_migrated
from tests.mailing import USER, mailroom
from trustgraph.sealing import Seal

LETTER = Letter("ann@example.org", "Your way in", "a secret link")
OTHER = Letter("bob@example.org", "Another", "text")


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Post:
    """Takes letters once it is open; `meanwhile` happens before it has the next one."""

    def __init__(self) -> None:
        self.is_open = True
        self.sent: list[Letter] = []
        self.seen: list[str] = []
        self.tries = 0
        self.meanwhile: Callable[[], object] = int

    def send(self, letter: Letter, /) -> None:
        self.tries += 1
        self.seen.append(letter.ident)
        meanwhile, self.meanwhile = self.meanwhile, int
        meanwhile()
        if not self.is_open:
            raise MailUndelivered("shut")
        self.sent.append(letter)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def database(tmp_path: Path, database_url: str | None) -> Iterator[Database]:
    opened = open_migrated(database_url, tmp_path / "p.db")
    yield opened
    opened.close()


@pytest.fixture
def lane(database: Database) -> Iterator[WriteLane]:
    opened = WriteLane(database.owner)
    yield opened
    opened.close()


@pytest.fixture
def open_outbox(database: Database, lane: WriteLane, post: Post, clock: Clock) -> Callable[..., Outbox]:
    def opened(secret: bytes = b"s" * 32) -> Outbox:
        return Outbox(database, lane, Seal(lambda: secret), post, clock)

    return opened


def waiting(database: Database) -> list[tuple[int, float]]:
    with database.records() as records:
        return [(row.tries, row.next_at) for row in records.execute(select(table))]


def test_a_letter_that_was_sent_is_forgotten(
    open_outbox: Callable[..., Outbox], database: Database, post: Post
) -> None:
    outbox = open_outbox()
    outbox.put(LETTER)
    assert outbox.send_due() == 1
    assert (post.sent, waiting(database)) == ([LETTER], [])
    assert outbox.send_due() == 0


def test_a_letter_lies_sealed(open_outbox: Callable[..., Outbox], database: Database) -> None:
    open_outbox().put(LETTER)
    with database.records() as records:
        (row,) = records.execute(select(table)).all()
    assert not any(word in str(row) for word in ("ann", "example", "secret", "link"))


def test_it_is_tried_again_after_longer_and_longer_and_given_up_after_a_day(
    open_outbox: Callable[..., Outbox], database: Database, post: Post, clock: Clock
) -> None:
    outbox, began = open_outbox(), clock.now
    waits: list[float] = []
    post.is_open = False
    outbox.put(LETTER)
    while len(waits) < 100 and (rows := waiting(database)):
        waits.append(rows[0][1] - clock.now)
        clock.now = rows[0][1]
        assert outbox.send_due() == 0
    assert waits[:5] == [0, FIRST_WAIT_SECONDS, 2 * FIRST_WAIT_SECONDS, 4 * FIRST_WAIT_SECONDS, 8 * FIRST_WAIT_SECONDS]
    assert max(waits) == WAIT_SECONDS_MAX
    assert post.tries == len(waits) - 1
    assert DAY_SECONDS < clock.now - began <= DAY_SECONDS + 1
    post.is_open = True
    assert outbox.send_due() == 0
    assert post.sent == []


def test_it_is_sent_when_the_server_is_back(
    open_outbox: Callable[..., Outbox], database: Database, post: Post, clock: Clock
) -> None:
    outbox = open_outbox()
    post.is_open = False
    outbox.put(LETTER)
    outbox.send_due()
    post.is_open = True
    assert outbox.send_due() == 0
    clock.now += FIRST_WAIT_SECONDS
    assert outbox.send_due() == 1
    assert waiting(database) == []


def test_what_is_of_no_use_any_more_is_not_sent(open_outbox: Callable[..., Outbox], post: Post, clock: Clock) -> None:
    outbox = open_outbox()
    outbox.put(LETTER, of_use_seconds=900)
    clock.now += 901
    assert outbox.send_due() == 0
    assert post.tries == 0


def test_what_another_process_sealed_is_left_to_it_for_a_day(
    open_outbox: Callable[..., Outbox], database: Database, post: Post, clock: Clock
) -> None:
    ours, other = open_outbox(), open_outbox(b"o" * 32)
    ours.put(LETTER)
    assert other.send_due() == 0
    assert (post.tries, len(waiting(database))) == (0, 1)
    assert ours.send_due() == 1
    ours.put(LETTER)
    clock.now += DAY_SECONDS + 1
    assert open_outbox(b"o" * 32).send_due() == 0
    assert (post.tries, waiting(database)) == (1, [])


def test_what_cannot_be_read_keeps_nothing_else_waiting_and_nobody_busy(
    open_outbox: Callable[..., Outbox], post: Post
) -> None:
    open_outbox(b"o" * 32).put(LETTER)
    ours = open_outbox()
    ours.put(OTHER)
    assert (ours.send_due(), post.sent) == (1, [OTHER])
    assert ours._until_next() in (None, LOOK_ELSEWHERE_SECONDS)


def test_two_processes_that_see_a_letter_at_once_send_it_once(
    open_outbox: Callable[..., Outbox], post: Post, clock: Clock
) -> None:
    one, two = open_outbox(), open_outbox()
    post.meanwhile = two.send_due
    one.put(LETTER)
    assert one.send_due() == 1
    assert post.sent == [LETTER]


def test_what_a_process_left_in_the_middle_is_sent_by_another_under_the_same_name(
    open_outbox: Callable[..., Outbox], post: Post, clock: Clock
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    one, two = open_outbox(), open_outbox()
    one.put(LETTER)
    post.meanwhile = die
    with pytest.raises(KeyboardInterrupt):
        one.send_due()
    assert two.send_due() == 0
    clock.now += CLAIM_SECONDS
    assert two.send_due() == 1
    first, second = post.seen
    assert first == second != ""


def test_what_waits_can_be_taken_back_by_what_it_is_about(
    open_outbox: Callable[..., Outbox], lane: WriteLane, post: Post
) -> None:
    outbox = open_outbox()
    for about in ("a_b let_in", "a_b answered", "aXb let_in"):
        lane.run(lambda owner, about=about: outbox.keep(owner, LETTER, about=about))  # type: ignore[misc]
    outbox.put(OTHER)
    lane.run(lambda owner: outbox.take_back(owner, "a_b *"))
    assert outbox.send_due() == 2
    assert post.sent == [LETTER, OTHER]


def test_without_a_server_nothing_is_taken(database: Database, lane: WriteLane) -> None:
    outbox = Outbox(database, lane, Seal(lambda: b"s" * 32), None)
    assert not outbox.sends
    outbox.start()
    with pytest.raises(NoMail):
        outbox.put(LETTER)
    outbox.close()


def test_a_letter_leaves_by_itself_and_what_the_last_run_left_does_too(database: Database, lane: WriteLane) -> None:
    seal = Seal(lambda: b"s" * 32)
    with mailroom() as room:
        server = mail_server(room.url, USER)
        Outbox(database, lane, seal, server).put(LETTER)
        outbox = Outbox(database, lane, seal, server)
        outbox.start()
        assert room.next()["Subject"] == LETTER.subject
        outbox.put(Letter("bob@example.org", "Second", "text"))
        assert room.next()["To"] == "bob@example.org"
        outbox.close()
    assert "outbox" not in [thread.name for thread in threading.enumerate()]
    assert waiting(database) == []


def test_what_another_process_left_is_found_by_one_that_has_nothing_to_do(
    open_outbox: Callable[..., Outbox], database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presence.telling.waiting.LOOK_ELSEWHERE_SECONDS", 0.05)
    monkeypatch.setattr(database, "process", 7)  # it is one of several
    here, elsewhere = open_outbox(), open_outbox()
    here.start()
    here.put(LETTER)
    until(lambda: post.sent == [LETTER])
    elsewhere.put(OTHER)  # and it dies before it sends it
    until(lambda: post.sent == [LETTER, OTHER])
    here.close()


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.01)
