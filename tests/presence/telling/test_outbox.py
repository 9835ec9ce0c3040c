"""Letters wait sealed, are tried again, and are forgotten."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from presence.database import Database, open_database
from presence.errors import MailUndelivered, NoMail
from presence.migrations import upgrade
from presence.tables import outbox as table
from presence.telling.mail import Letter, mail_server
from presence.telling.outbox import DAY_SECONDS, FIRST_WAIT_SECONDS, WAIT_SECONDS_MAX, Outbox
from presence.write_lane import WriteLane
from tests.mailing import USER, mailroom
from trustgraph.sealing import Seal

LETTER = Letter("ann@example.org", "Your way in", "a secret link")


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Post:
    """Takes letters once it is open."""

    def __init__(self) -> None:
        self.is_open = True
        self.sent: list[Letter] = []
        self.tries = 0

    def send(self, letter: Letter) -> None:
        self.tries += 1
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
    opened = open_database(database_url, tmp_path / "p.db")
    upgrade(opened.owner)
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


def test_another_node_cannot_read_what_waits(
    open_outbox: Callable[..., Outbox], database: Database, post: Post
) -> None:
    open_outbox().put(LETTER)
    assert open_outbox(b"o" * 32).send_due() == 0
    assert (post.tries, waiting(database)) == (0, [])


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
