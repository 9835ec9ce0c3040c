"""`presence.toml` as it is written to: one line changes, and everything else there is left as it is."""

import shutil

import tomlkit
from tomlkit.exceptions import TOMLKitError

from presence.errors import SettingsWrong
from presence.home import Home


def opened(home: Home) -> tomlkit.TOMLDocument:
    """Read the settings of a home."""
    try:
        return tomlkit.parse(home.settings_file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsWrong(f"{home.folder} is not a home yet. First: presence init") from error
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsWrong(f"presence.toml cannot be read: {error}") from error


def put_back(home: Home, document: tomlkit.TOMLDocument) -> None:
    """Write them, whole or not at all: a full disk leaves the old settings."""
    fresh = home.settings_file.with_suffix(".toml.new")
    try:
        fresh.write_text(tomlkit.dumps(document), encoding="utf-8")
        if home.settings_file.exists():
            shutil.copymode(home.settings_file, fresh)
        fresh.replace(home.settings_file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise SettingsWrong(f"{home.settings_file} cannot be written ({error.strerror}).") from error


def set_name(home: Home, artist_name: str) -> None:
    """Say whose presence this is."""
    document = opened(home) if home.settings_file.exists() else tomlkit.document()
    document["artist_name"] = artist_name
    put_back(home, document)
