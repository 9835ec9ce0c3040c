"""The artist's own client at a terminal: her key is opened here, in this process, and nowhere else.

It keeps the last head that she signed beside her key, and signs nothing for a log that does not go
on from it: such a log was set back, or is another one.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from presence.cli import session
from presence.errors import LogNotOurs, SettingsWrong
from presence.home import Home

if TYPE_CHECKING:
    from presence.settings import Settings
    from trustgraph import Key

Do = Callable[[str, dict[str, Any], Any], int]


@dataclass(slots=True)
class Client:
    """Her key, and the node that she signs for."""

    key: "Key"
    key_file: Path
    doing: Do
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def root(self) -> str:
        return str(self.state["root"])

    @property
    def now(self) -> int:
        return int(self.state["now"])

    def look(self) -> None:
        """Read the head, and refuse a log that does not go on from what was signed last."""
        kept = _remembered(self.key_file)
        self.state = one(self.doing, "trust state", {"seq": kept["seq"] if kept else None})
        if self.state["root"] is None:
            raise LogNotOurs("This home has no artist's key yet. Make one: presence keys new")
        if kept and (kept["root"] != self.root or self.state["hash_at"] != kept["head"]):
            raise LogNotOurs(
                f"The log of this node does not hold entry {kept['seq']:,}, which you signed last. It was set back, "
                "or is another one; nothing was signed. If you restored a backup on purpose: presence keys sign-head"
            )

    def send(self, kind: str, envelope: dict[str, Any]) -> dict[str, Any]:
        """Have a signed document taken in; give what it became."""
        return one(self.doing, "trust accept", {"kind": kind, "envelope": envelope})

    def sign_head(self) -> dict[str, Any]:
        """Vouch for the head as it is now, and remember it."""
        from presence.identity import remembered_file
        from trustgraph import issuing

        state = one(self.doing, "trust state", {})
        envelope = issuing.checkpoint(self.key, root=self.root, seq=state["seq"], head=state["head"], t=state["now"])
        told = one(self.doing, "trust sign off", {"envelope": envelope})
        kept = {"root": self.root, "seq": state["seq"], "head": state["head"]}
        remembered_file(self.key_file).write_text(json.dumps(kept), encoding="utf-8")
        return told


@contextmanager
def artist(*, restored: bool = False) -> Iterator[Client]:
    """Open her key and the node; `restored` signs also for a log that does not go on from the last head."""
    from presence.identity import remembered_file
    from trustgraph import key_files

    settings = session.settings()
    path = key_file(settings)
    key = key_files.read_sealed(path, passphrase(settings))
    with session.opened() as doing:
        client = Client(key, path, doing)
        if restored:
            remembered_file(path).unlink(missing_ok=True)
        client.look()
        yield client


def key_file(settings: "Settings") -> Path:
    """Where her key lies: by setting, or in the home."""
    from presence.identity import artist_file

    return settings.trust.artist_key or artist_file(Home(settings.home))


def passphrase(settings: "Settings", what: str = "Passphrase of your key") -> str:
    """Give the passphrase: by setting, or asked for at a terminal."""
    if settings.trust.passphrase is not None:
        return settings.trust.passphrase.get_secret_value()
    if not sys.stdin.isatty():
        raise SettingsWrong("Your key is sealed. Set PRESENCE_TRUST__PASSPHRASE_FILE, or use a terminal.")
    return str(typer.prompt(what, hide_input=True, err=True))


def one(doing: Do, deed: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Do a deed that tells one thing, and give it."""
    told: list[dict[str, Any]] = []
    doing(deed, arguments, told.append)
    return told[-1] if told else {}


def _remembered(path: Path) -> dict[str, Any] | None:
    from presence.identity import remembered_file

    try:
        kept: dict[str, Any] = json.loads(remembered_file(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise LogNotOurs(f"{remembered_file(path)} cannot be read. It names the last head that you signed.") from error
    return kept
