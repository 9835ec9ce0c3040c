"""Choosing a model changes one line of presence.toml and nothing else."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models import ModelMissing
from presence import model_setting
from presence.errors import SettingsWrong
from presence.home import Home
from presence.settings import load_settings

BEFORE = """# Written by hand.
artist_name = "Ada Marsh"  # her stage name

[asking]
answers_at_once = 3

[models]  # who writes
threads = 2
"""


@dataclass(frozen=True)
class Found:
    sentence: str | None = None
    checked: bool = True
    facts: dict[str, str | int] = field(default_factory=dict)


def inspect(path: Path, *, context_tokens: int = 4096) -> Found:
    """Looks for the first four bytes of every GGUF."""
    good = path.read_bytes()[:4] == b"GGUF"
    return Found(None if good else f"{path} is not a GGUF file.", facts={"context_tokens": context_tokens})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    home.settings_file.write_text(BEFORE)
    return home


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / 'a "quoted" näme.gguf'
    path.write_bytes(b"GGUF")
    return path


def use(home: Home, path: Path) -> model_setting.Inspection:
    return model_setting.use(home, path, inspect=inspect, context_tokens=2_048)


def test_one_line_is_written_and_the_rest_stays_with_its_comments(home: Home, gguf: Path) -> None:
    home.settings_file.chmod(0o600)
    assert use(home, gguf).facts == {"context_tokens": 2_048}
    after = home.settings_file.read_text()
    added = [line for line in after.splitlines() if line not in BEFORE.splitlines()]
    assert len(added) == 1
    assert added[0].startswith("gguf = ")
    assert [line for line in after.splitlines() if line not in added] == BEFORE.splitlines()
    assert home.settings_file.stat().st_mode & 0o777 == 0o600
    settings = load_settings(home=home.folder)
    assert (settings.models.gguf, settings.models.threads, settings.asking.answers_at_once) == (gguf, 2, 3)


def test_the_last_choice_holds_and_can_be_taken_back(home: Home, gguf: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF")
    use(home, gguf)
    use(home, other)
    assert load_settings(home=home.folder).models.gguf == other
    model_setting.unset(home)
    assert home.settings_file.read_text() == BEFORE
    model_setting.unset(home)
    assert home.settings_file.read_text() == BEFORE


def test_a_home_without_a_group_gets_one_and_loses_it_again(home: Home, gguf: Path) -> None:
    home.settings_file.write_text('artist_name = "Ada"\n')
    use(home, gguf)
    assert load_settings(home=home.folder).models.gguf == gguf
    model_setting.unset(home)
    assert "models" not in home.settings_file.read_text()


def test_a_file_that_cannot_write_changes_nothing(home: Home, tmp_path: Path) -> None:
    (tmp_path / "poem.gguf").write_text("roses")
    with pytest.raises(SettingsWrong, match="is not a GGUF file"):
        use(home, tmp_path / "poem.gguf")
    with pytest.raises(ModelMissing, match="There is no file"):
        use(home, tmp_path / "nothing.gguf")
    assert home.settings_file.read_text() == BEFORE


@pytest.mark.parametrize(
    ("text", "says"),
    [("artist_name = ", "cannot be read"), ("models = 3\n", "not a group"), (None, "presence init")],
    ids=["broken", "no group", "no home"],
)
def test_settings_that_cannot_be_written_are_named(home: Home, gguf: Path, text: str | None, says: str) -> None:
    home.settings_file.unlink() if text is None else home.settings_file.write_text(text)
    with pytest.raises(SettingsWrong, match=says):
        use(home, gguf)
    assert not home.settings_file.exists() if text is None else home.settings_file.read_text() == text
