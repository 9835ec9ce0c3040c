"""A backup holds everything, is read again before it counts, and is put back whole or not at all."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from nacl import pwhash
from pydantic import SecretStr
from sqlalchemy import insert, select, text

from billing.audit import audit
from presence import migrations
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.database import open_database
from presence.errors import (
    BackupDoubtful,
    BackupFailed,
    BackupTooNew,
    BackupUnderWay,
    BackupUnreadable,
    NoRoomForBackup,
    NotEmptyHere,
    PassphraseNeeded,
)
from presence.home import Home
from presence.keeping.house import Keeping
from presence.keeping.making import Made, Source, checked, made
from presence.keeping.noted import last_backup, last_failure
from presence.keeping.restoring import restored
from presence.paying.signatures import is_signed_by
from presence.settings import KeepingSettings
from presence.tables import rules
from presence.write_lane import WriteLane
from tests.nodes import open_node
from tests.presence.web.paying import ANN, ASKED, give, open_shop
from tests.trusting import Artist
from trustgraph import Tier

PHRASE = "a phrase of a test"
WEAK = pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN


def quiet(_what: str, _done: int, _whole: int) -> None:
    """Nobody watches."""


def source_of(node: Services, **more: Any) -> Source:
    url = node.settings.database_url
    return Source(
        node.home, node.database, url.get_secret_value() if url else None, lambda: "Ada Marsh", strength=WEAK, **more
    )


def back_up(node: Services, file: Path, **more: Any) -> Made:
    return made(source_of(node, **more), file, PHRASE, 1_000.0, quiet)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Path, str]]:
    """A node in which something has happened, its backup, and a paid answer in both."""
    folder = Path(tmp_path_factory.mktemp("kept"))
    with open_shop(folder / "home") as node:
        artist = Artist(node.trust)
        artist.grant(ANN.did, Tier.CIRCLE)
        artist.vouch_for_head()
        give(node, ANN, 100)
        ticket = ask(node)
        node.paying.keep_books()
        uploads, persona = node.home.uploads, node.home.persona
        uploads.mkdir()
        (uploads / "a-recording-0123456789").write_bytes(b"RIFF" + bytes(range(256)) * 8_000)
        (uploads / "half-an-upload-012345").write_bytes(b"RI")
        (uploads / "half-an-upload-012345.json").write_text("{}")
        persona.mkdir()
        (persona / "persona.md").write_text("# Tone\n\nPlain.\n")
        node.home.settings_file.write_text('artist_name = "Ada Marsh"\n')
        (node.home.folder / "models").mkdir()
        (node.home.folder / "models" / "large.gguf").write_bytes(b"GGUF")
        back_up(node, folder / "one.presence-backup")
        yield node, folder / "one.presence-backup", ticket


def ask(node: Services) -> str:
    ann = Listener(ANN.did, did=ANN.did, how="key")
    opened = node.counter.open(Question(ASKED, ann, max_price_micros=1_000_000))
    assert isinstance(opened, Ticket)
    node.desk.start(opened).result(20)
    return opened.ident


def everything(node: Services) -> dict[str, list[str]]:
    """Every row of every table, but for what an index holds beneath."""
    with node.database.records() as records:
        names = records.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars()
        plain = [name for name in names if not name.startswith(("sqlite_", "lexical_"))]
        return {name: sorted(str(row) for row in records.execute(text(f'SELECT * FROM "{name}"'))) for name in plain}


def test_everything_comes_back_elsewhere(kept: tuple[Services, Path, str], tmp_path: Path) -> None:
    node, file, question = kept
    done = restored(file, Home(tmp_path / "elsewhere"), PHRASE, quiet)
    assert (done.wrong, done.about.artist) == ((), "Ada Marsh")
    before = everything(node)
    with open_node(tmp_path / "elsewhere") as other:
        after = everything(other)
        differing = {name for name in before if before[name] != after[name]}
        assert differing <= {"corpus_versions", "trust_checkpoints"}, differing
        assert len(before["receipts"]) == len(before["citations"]) == 1
        ann = Listener(ANN.did, did=ANN.did, how="key")
        mine, theirs = node.answers.read(question, ann), other.answers.read(question, ann)
        assert mine == theirs
        assert mine["receipt"]
        assert other.paying.wallets.find(ANN.did) == node.paying.wallets.find(ANN.did)
        assert audit(other.database.snapshot, is_signed_by).wrong == ()
        assert other.paying.public is not None
        assert other.paying.public.publish() == node.paying.public.published()  # type: ignore[union-attr]
    for name in ("uploads/a-recording-0123456789", "persona/persona.md", "presence.toml", "keys/presence.json"):
        assert (tmp_path / "elsewhere" / name).read_bytes() == (node.home.folder / name).read_bytes()
    for name in ("models", "uploads/half-an-upload-012345", "uploads/half-an-upload-012345.json", "backed-up"):
        assert not (tmp_path / "elsewhere" / name).exists()
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "elsewhere" / "keys" / "presence.json").stat().st_mode & 0o777 == 0o600


def test_nobody_is_let_in_until_the_artist_has_signed(kept: tuple[Services, Path, str], tmp_path: Path) -> None:
    node, file, _ = kept
    assert node.trust.tier_of(ANN.did).tier == Tier.CIRCLE
    time.sleep(1.0)  # what she signed in the same second would hold for what is restored
    restored(file, Home(tmp_path / "elsewhere"), PHRASE, quiet)
    with open_node(tmp_path / "elsewhere") as other:
        assert other.trust.doubt
        assert other.trust.tier_of(ANN.did).tier == Tier.PUBLIC
        Artist(other.trust).vouch_for_head()
        other.trust.check()
        assert other.trust.doubt is None
        assert other.trust.tier_of(ANN.did).tier == Tier.CIRCLE


def test_a_backup_is_put_over_nothing(kept: tuple[Services, Path, str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "presence.toml").write_text("")
    with pytest.raises(NotEmptyHere):
        restored(kept[1], Home(home), PHRASE, quiet)
    assert [one.name for one in home.iterdir()] == ["presence.toml"]


def test_whatever_was_changed_or_cut_restores_nothing(kept: tuple[Services, Path, str], tmp_path: Path) -> None:
    whole = kept[1].read_bytes()
    wrong = [whole[: len(whole) * part // 8] for part in range(8)] + [
        whole + b"\0",
        whole[:-1],
        b"Not a backup at all.",
    ]
    for place in (0, 20, 60, *range(100, len(whole), len(whole) // 12), len(whole) - 1):
        changed = bytearray(whole)
        changed[place] ^= 1
        wrong.append(bytes(changed))
    file = tmp_path / "wrong.presence-backup"
    for data in wrong:
        file.write_bytes(data)
        with pytest.raises(BackupUnreadable):
            restored(file, Home(tmp_path / "home"), PHRASE, quiet)
        assert list(tmp_path.iterdir()) == [file]


def test_another_passphrase_opens_nothing(kept: tuple[Services, Path, str], tmp_path: Path) -> None:
    with pytest.raises(BackupUnreadable, match="passphrase"):
        restored(kept[1], Home(tmp_path / "home"), "another phrase of a test", quiet)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_is_looked_at_without_being_restored(kept: tuple[Services, Path, str], tmp_path: Path) -> None:
    about, files, wrong = checked(kept[1], PHRASE, tmp_path, quiet)
    assert (about.made_at, wrong) == (1_000.0, ())
    assert files >= 5


def test_what_deletes_itself_meanwhile_is_in_it_all_the_same(tmp_path: Path) -> None:
    """Held before the database is copied: a recording that goes between the two is not missed by its row."""
    with open_node(tmp_path / "home") as node:
        node.home.uploads.mkdir()
        recording = node.home.uploads / "a-recording-0123456789"
        recording.write_bytes(b"RIFF")
        node.home.settings_file.write_text("port = 1\n")

        def meanwhile(what: str, _done: int, _whole: int) -> None:
            if what == "writing":  # the settings are in, and the recording comes
                recording.unlink(missing_ok=True)

        made(source_of(node), tmp_path / "one.presence-backup", PHRASE, 1.0, meanwhile)
    assert not recording.exists()
    restored(tmp_path / "one.presence-backup", Home(tmp_path / "other"), PHRASE, quiet)
    assert (tmp_path / "other" / "uploads" / recording.name).read_bytes() == b"RIFF"


def test_no_room_leaves_nothing(kept: tuple[Services, Path, str], tmp_path: Path) -> None:
    node = kept[0]
    before = sorted(node.home.folder.iterdir())
    with pytest.raises(NoRoomForBackup):
        back_up(node, tmp_path / "one.presence-backup", free=lambda folder: 0)
    with pytest.raises(NoRoomForBackup):
        back_up(node, tmp_path / "one.presence-backup", free=lambda at: 0 if at == tmp_path else 2**40)
    with pytest.raises(NoRoomForBackup):
        restored(kept[1], Home(tmp_path / "home"), PHRASE, quiet, free=lambda _folder: 0)
    assert list(tmp_path.iterdir()) == []
    assert sorted(node.home.folder.iterdir()) == before


def test_a_disk_that_fills_up_leaves_nothing_and_the_last_one(
    kept: tuple[Services, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real quota: the process may not write files larger than this."""
    import resource
    import signal

    file = tmp_path / "one.presence-backup"
    file.write_bytes(b"the last one")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises((NoRoomForBackup, BackupFailed)):
            back_up(kept[0], file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert file.read_bytes() == b"the last one"
    assert list(tmp_path.iterdir()) == [file]
    assert list(kept[0].home.folder.glob(".presence-backup*")) == []


def test_what_is_not_sound_is_kept_apart(tmp_path: Path) -> None:
    file = tmp_path / "one.presence-backup"
    file.write_bytes(b"the last good one")
    with open_shop(tmp_path / "home") as node:
        give(node, ANN, 100)
        node.lane.run(lambda owner: owner.execute(text("UPDATE wallets SET posted = posted + 1")))
        with pytest.raises(BackupDoubtful, match="Wallet"):
            back_up(node, file)
        now = [1_790_000_000.0]
        keeping = kept_by(node, tmp_path / "backups", now, keep=1)
        for _ in range(3):
            keeping._quietly(PHRASE)
            now[0] += 3_601
        assert len(list((tmp_path / "backups").glob("*.doubtful"))) == 2
        assert last_backup(node.home) is None
    assert file.read_bytes() == b"the last good one"
    done = restored(tmp_path / "one.presence-backup.doubtful", Home(tmp_path / "other"), PHRASE, quiet)
    assert any("Wallet" in sentence for sentence in done.wrong)


def test_an_older_database_is_brought_up_and_a_newer_one_refused(tmp_path: Path) -> None:
    older, newer = tmp_path / "older.presence-backup", tmp_path / "newer.presence-backup"
    home = Home(tmp_path / "home")
    home.prepare()
    database = open_database(None, home.database)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.owner.connect().execution_options(writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
    lane = WriteLane(database.owner)
    lane.run(lambda owner: owner.execute(insert(rules).values(name="of that time", value="[]")))
    source = Source(home, database, None, lambda: "Ada Marsh", strength=WEAK)
    made(source, older, PHRASE, 1.0, quiet)
    lane.run(lambda owner: owner.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    made(source, newer, PHRASE, 1.0, quiet)
    lane.close()
    database.close()
    restored(older, Home(tmp_path / "one"), PHRASE, quiet)
    with open_node(tmp_path / "one") as node, node.database.records() as records:
        assert revision_of(node) == migrations.head()
        assert records.execute(select(rules.c.value).where(rules.c.name == "of that time")).scalar() == "[]"
    with pytest.raises(BackupTooNew):
        restored(newer, Home(tmp_path / "two"), PHRASE, quiet)
    assert not (tmp_path / "two").exists()


def revision_of(node: Services) -> str:
    with node.database.records() as records:
        return str(records.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def kept_by(node: Services, folder: Path, now: list[float], **more: Any) -> Keeping:
    chosen = KeepingSettings(folder=folder, passphrase=SecretStr(PHRASE), **more)
    return Keeping(source_of(node), chosen, lambda: now[0])


def test_the_clock_makes_them_and_the_old_ones_go(tmp_path: Path) -> None:
    now = [1_790_000_000.0]
    with open_node(tmp_path / "home") as node:
        keeping = kept_by(node, tmp_path / "backups", now, every_hours=24, keep=2)
        other = tmp_path / "backups" / "presence-mine.presence-backup"
        for _ in range(4):
            assert keeping.is_due()
            keeping._quietly(PHRASE)
            other.touch()
            assert not keeping.is_due()
            now[0] += 24 * 3600
        kept = keeping.stored()
        assert [one.at for one in kept] == sorted((one.at for one in kept), reverse=True)
        assert len(kept) == 2
        assert other.exists()
        last = last_backup(node.home)
        assert last is not None
        assert (last.at, last.file) == (now[0] - 24 * 3600, str(tmp_path / "backups" / kept[0].name))


def test_one_that_fails_is_noted_and_tried_again_within_the_hour(tmp_path: Path) -> None:
    now = [1_790_000_000.0]
    with open_node(tmp_path / "home") as node:
        (tmp_path / "no-folder").write_text("")
        keeping = kept_by(node, tmp_path / "no-folder", now, every_hours=24)
        keeping._quietly(PHRASE)
        failure = last_failure(node.home)
        assert failure is not None
        assert "no-folder" in failure.why
        assert last_backup(node.home) is None
        assert not keeping.is_due()
        now[0] += 3_601
        assert keeping.is_due()
        (tmp_path / "no-folder").unlink()
        keeping._quietly(PHRASE)
        assert last_failure(node.home) is None


def test_one_at_a_time_and_none_without_a_passphrase(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as node:
        with pytest.raises(PassphraseNeeded):
            node.keeping.make(tmp_path / "one", None)
        with pytest.raises(PassphraseNeeded):
            node.keeping.make(tmp_path / "one", "too short")
        keeping = kept_by(node, tmp_path, [1.0])
        again: list[type[BaseException]] = []

        def meanwhile(_what: str, _done: int, _whole: int) -> None:
            with pytest.raises(BackupUnderWay) as refused:
                keeping.make(tmp_path / "two", None)
            again.append(refused.type)

        keeping.make(tmp_path / "one", None, meanwhile)
        assert again
        assert not (tmp_path / "two").exists()


def test_what_a_killed_one_left_goes_with_the_next(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as node:
        left = node.home.folder / ".presence-backup-left"
        left.mkdir()
        (left / "presence.db").write_bytes(b"half")
        (tmp_path / ".presence-backup-0123.part").write_bytes(b"half")
        back_up(node, tmp_path / "one.presence-backup")
        assert not left.exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home", "one.presence-backup"]
