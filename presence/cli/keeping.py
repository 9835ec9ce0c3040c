"""`presence backup`, `presence restore`, `presence notes export`."""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presence.cli import session
from presence.cli.notes import notes
from presence.cli.shown import Shown, console
from presence.errors import PassphraseNeeded, SettingsWrong
from presence.home import Home

if TYPE_CHECKING:
    from presence.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
SIGN_HEAD = "presence keys sign-head"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


class KeepingShown(Shown):
    """Shows how far a backup is, and what became of it."""

    def __call__(self, told: dict[str, Any]) -> None:
        """Show one thing; a script is told only what became of it."""
        if not (self._as_json and told["event"] == "kept"):
            super().__call__(told)

    def _kept(self, told: dict[str, Any]) -> None:
        self._progress(told["done"] / 1024**2, max(told["whole"] / 1024**2, 1), told["doing"])

    def _backed_up(self, told: dict[str, Any]) -> None:
        self._take_down()
        console.print(f"{told['file']} holds everything, {_size(told['bytes'])}; it was read again and is whole.")

    def _backup_checked(self, told: dict[str, Any]) -> None:
        self._take_down()
        console.print(f"A backup of {told['artist']}, made {told['made_at']}: {told['files']} files.", markup=False)
        self._wrong(told["wrong"])
        if not told["wrong"]:
            console.print("It is whole, and what it holds is sound.")

    def _restored(self, told: dict[str, Any]) -> None:
        self._take_down()
        console.print(f"{told['artist']}'s presence of {told['made_at']} is in {told['home']}.", markup=False)
        self._wrong(told["wrong"])
        console.print(f"Look at presence.toml there, then: presence serve, and beside it: {SIGN_HEAD}")
        console.print(
            "Everybody is public until you have signed. Look at presence tier list first: whomever you took "
            "back since that backup is let in there as before."
        )

    def _exported_notes(self, told: dict[str, Any]) -> None:
        console.print(f"{told['notes']:,} notes are in {told['folder']}.", markup=False)

    def _wrong(self, sentences: list[str]) -> None:
        for sentence in sentences:
            console.print(f"! {sentence}", markup=False)


def backup(
    file: Annotated[Path | None, typer.Argument(help="Where to; without it, into the folder of the settings.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Read an earlier backup whole, and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Write everything of this node into one sealed file, and read it again; a running node goes on meanwhile."""
    settings = session.settings()
    phrase = _passphrase(settings, is_new=not check)
    with KeepingShown(as_json=as_json) as shown:
        if check:
            raise typer.Exit(_check(file, phrase, Home(settings.home), shown))
        place = None if file is None else str(file.expanduser().resolve())
        raise typer.Exit(session.do("backup", {"file": place, "passphrase": phrase}, shown))


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    as_json: Json = False,
) -> None:
    """Put a backup into an empty home: all of it, or nothing."""
    from presence.keeping.restoring import restored
    from presence.local.notes import iso

    settings = session.settings()
    home = Home(settings.home)
    phrase = _passphrase(settings, is_new=False)
    url = settings.database_url.get_secret_value() if settings.database_url else None
    with KeepingShown(as_json=as_json) as shown:
        done = restored(file, home, phrase, _told(shown), url=url)
        about = {"artist": done.about.artist, "made_at": iso(done.about.made_at), "version": done.about.version}
        told = {**about, "files": done.files, "wrong": list(done.wrong), "home": str(home.folder), "next": SIGN_HEAD}
        shown({"event": "restored", **told})
        raise typer.Exit(1 if done.wrong else 0)


@notes.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one to be made.")], as_json: Json = False
) -> None:
    """Write every note that is shown into a folder, as Markdown."""
    with KeepingShown(as_json=as_json) as shown:
        raise typer.Exit(session.do("notes export", {"folder": str(folder.expanduser().resolve())}, shown))


def _check(file: Path | None, phrase: str, home: Home, shown: KeepingShown) -> int:
    from presence.keeping.making import checked
    from presence.local.notes import iso

    if file is None or not file.is_file():
        raise SettingsWrong("Name the backup that is to be checked: presence backup --check FILE")
    home.prepare()
    with tempfile.TemporaryDirectory(prefix=".presence-checking-", dir=home.folder) as staged:
        about, files, wrong = checked(file, phrase, Path(staged), _told(shown))
    told = {"artist": about.artist, "made_at": iso(about.made_at), "version": about.version, "revision": about.revision}
    shown({"event": "backup_checked", **told, "files": files, "wrong": list(wrong)})
    return 1 if wrong else 0


def _told(shown: KeepingShown) -> Any:
    def told(what: str, done: int, whole: int) -> None:
        shown({"event": "kept", "doing": what, "done": done, "whole": whole})

    return told


def _passphrase(settings: "Settings", *, is_new: bool) -> str:
    """Give the passphrase: by setting, or asked for at a terminal, twice where it seals something."""
    from presence.settings import BACKUP_PASSPHRASE_CHARS_MIN

    kept = settings.keeping.passphrase
    if kept is not None:
        return kept.get_secret_value()
    if not sys.stdin.isatty():
        raise PassphraseNeeded(BACKUP_PASSPHRASE_CHARS_MIN)
    words = "Passphrase of the backup"
    return str(typer.prompt(words, hide_input=True, confirmation_prompt=is_new, err=True))


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e3:,.0f} kB" if size_bytes < 1e6 else f"{size_bytes / 1e6:,.1f} MB"
