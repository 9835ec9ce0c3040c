"""Which model writes: the one line `[models] gguf` of `presence.toml`, and everything else there left as it is."""

from pathlib import Path
from typing import Protocol

import tomlkit
from tomlkit.items import Table

from models import ModelMissing
from presence.errors import SettingsWrong
from presence.home import Home
from presence.settings_file import opened, put_back


class Inspection(Protocol):
    """What looking into a file found; `sentence` says why it cannot be the writer."""

    @property
    def sentence(self) -> str | None: ...
    @property
    def checked(self) -> bool: ...
    @property
    def facts(self) -> dict[str, str | int]: ...


class Inspect(Protocol):
    """Looks into a GGUF file without writing an answer with it."""

    def __call__(self, path: Path, *, context_tokens: int = ...) -> Inspection: ...


def use(home: Home, path: Path, *, inspect: Inspect, context_tokens: int) -> Inspection:
    """Let this file write from the next start on; a file that cannot is refused and nothing changes."""
    if not path.is_file():
        raise ModelMissing(f"There is no file at {path}.")
    found = inspect(path, context_tokens=context_tokens)
    if found.sentence is not None:
        raise SettingsWrong(found.sentence)
    document = opened(home)
    group = document.setdefault("models", tomlkit.table())
    if not isinstance(group, Table):
        raise SettingsWrong(f"`models` in {home.settings_file} is not a group of settings. Edit it there.")
    group["gguf"] = str(path)
    put_back(home, document)
    return found


def unset(home: Home) -> None:
    """Go back to quoting from the next start on."""
    document = opened(home)
    group = document.get("models")
    if not isinstance(group, Table) or group.pop("gguf", None) is None:
        return
    if not group:
        document.pop("models")
    put_back(home, document)
