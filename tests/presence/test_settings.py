"""Settings: one reader of the environment, which refuses what it does not know."""

from pathlib import Path

import pytest

from presence.errors import SettingsWrong
from presence.settings import load_settings, setting_names


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRESENCE_HOME", str(tmp_path))


def test_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "presence.toml").write_text('artist_name = "From the file"\nport = 1234\n')
    monkeypatch.setenv("PRESENCE_PORT", "4321")
    settings = load_settings()
    assert (settings.artist_name, settings.port) == ("From the file", 4321)


def test_groups_are_named_with_two_underscores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCE_ASKING__QUESTION_CHARS_MAX", "99")
    assert load_settings().asking.question_chars_max == 99


@pytest.mark.parametrize(
    "name", ["PRESENCE_PROT", "PRESENCE_ASKING__QUESTION_MAX", "PRESENCE_NOTHING_FILE", "PRESENCE_PORT_FILE"]
)
def test_an_unknown_setting_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsWrong, match=name):
        load_settings()


def test_an_unknown_key_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "presence.toml").write_text('artst_name = "typo"\n')
    with pytest.raises(SettingsWrong, match="ARTST_NAME"):
        load_settings()


def test_a_broken_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "presence.toml").write_text("artist_name = \n")
    with pytest.raises(SettingsWrong, match=r"presence\.toml"):
        load_settings()


def test_a_wrong_value_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCE_PORT", "many")
    with pytest.raises(SettingsWrong, match="PRESENCE_PORT"):
        load_settings()


def test_a_secret_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("postgresql://u:p@localhost/db\n")
    monkeypatch.setenv("PRESENCE_DATABASE_URL_FILE", str(tmp_path / "secret"))
    settings = load_settings()
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://u:p@localhost/db"
    assert "u:p" not in repr(settings)


def test_the_mail_server_can_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("smtps://ada:sesame@mail.example.org\n")
    monkeypatch.setenv("PRESENCE_SMTP_URL_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("PRESENCE_MAIL_FROM", "ada@example.org")
    settings = load_settings()
    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == "smtps://ada:sesame@mail.example.org"
    assert settings.mail_from == "ada@example.org"
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("database_url", "postgresql://u:p@localhost/db"),
        ("smtp_url", "smtps://ada:sesame@mail.example.org"),
        ("metrics_token", "sesame" * 4),
    ],
)
def test_the_file_in_the_home_may_name_a_secret_s(tmp_path: Path, key: str, secret: str) -> None:
    (tmp_path / "secret").write_text(f"{secret}\n")
    said = f"mail_from = 'ada@example.org'\n{key}_file = '{tmp_path}/secret'\n"
    (tmp_path / "presence.toml").write_text(said)
    assert getattr(load_settings(home=tmp_path), key).get_secret_value() == secret
    (tmp_path / "presence.toml").write_text(f"{said}{key} = '{secret}'\n")
    with pytest.raises(SettingsWrong, match=f"says {key} and {key}_file"):
        load_settings(home=tmp_path)
    (tmp_path / "presence.toml").write_text(f"{key}_file = '/nowhere/secret'\n")
    with pytest.raises(SettingsWrong, match=f"{key}_file in presence.toml names /nowhere/secret"):
        load_settings(home=tmp_path)


def test_the_environment_counts_before_the_file_in_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("smtps://ada:sesame@mail.example.org")
    (tmp_path / "presence.toml").write_text(f"mail_from = 'a@example.org'\nsmtp_url_file = '{tmp_path}/secret'\n")
    monkeypatch.setenv("PRESENCE_SMTP_URL", "smtps://other.example.org")
    told = load_settings(home=tmp_path).smtp_url
    assert told is not None
    assert told.get_secret_value() == "smtps://other.example.org"


def test_a_secret_file_that_is_missing_fails_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCE_DATABASE_URL_FILE", "/nowhere/secret")
    with pytest.raises(SettingsWrong, match="PRESENCE_DATABASE_URL_FILE"):
        load_settings()


def test_every_setting_says_what_it_is_for() -> None:
    assert all(info.description for info in setting_names().values())


def test_a_key_in_a_file_goes_together_with_settings_of_its_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("sesame\n")
    monkeypatch.setenv("PRESENCE_MODELS__URL_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("PRESENCE_MODELS__URL", "http://127.0.0.1:8080/v1")
    chosen = load_settings().models
    assert chosen.url_key is not None
    assert (chosen.url, chosen.url_key.get_secret_value()) == ("http://127.0.0.1:8080/v1", "sesame")
    assert "sesame" not in repr(chosen)


def test_backups_by_the_clock_need_a_passphrase_that_is_long_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESENCE_KEEPING__EVERY_HOURS", "24")
    with pytest.raises(SettingsWrong, match="PRESENCE_KEEPING__PASSPHRASE_FILE"):
        load_settings()
    (tmp_path / "phrase").write_text("too short\n")
    monkeypatch.setenv("PRESENCE_KEEPING__PASSPHRASE_FILE", str(tmp_path / "phrase"))
    with pytest.raises(SettingsWrong, match="too short"):
        load_settings()
    (tmp_path / "phrase").write_text("a phrase of a test\n")
    chosen = load_settings().keeping
    assert chosen.passphrase is not None
    assert chosen.passphrase.get_secret_value() == "a phrase of a test"
