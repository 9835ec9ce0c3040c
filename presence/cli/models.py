"""`presence models`: the local language models that are known, here, and in use."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models import catalogue
from models.catalogue import Entry
from models.shelf import Shelf
from presence.cli import session
from presence.cli.models_shown import ModelsShown
from presence.errors import SettingsWrong
from presence.home import Home

if TYPE_CHECKING:
    from presence.model_setting import Inspection
    from presence.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
Name = Annotated[str, typer.Argument(help="A name of the catalogue: small, medium, large, or a longer one.")]

commands = typer.Typer(no_args_is_help=True, help="Fetch and choose the local language model.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(commands, name="models")


@commands.command("list")
def list_(as_json: Json = False) -> None:
    """Show the catalogue, and which models are here."""
    settings = session.settings()
    ModelsShown(as_json=as_json).listed([_row(entry, settings) for entry in catalogue.entries()], settings.models.gguf)


@commands.command()
def pull(name: Name, as_json: Json = False) -> None:
    """Fetch a model into the home and check it. A pull that was cut goes on where it was."""
    fetch(catalogue.find(name), session.settings(), ModelsShown(as_json=as_json))


@commands.command()
def use(
    name_or_path: Annotated[str, typer.Argument(help="A name of the catalogue, or the path of a GGUF file.")],
    as_json: Json = False,
) -> None:
    """Let a model write the answers; a GGUF file of your own is used where it lies."""
    settings = session.settings()
    path = _path(name_or_path, settings)
    found = choose(path, settings)
    shown = ModelsShown(as_json=as_json)
    shown.used(path, found, running=Home(settings.home).owner() is not None)
    effective = session.settings().models.gguf
    if effective != path:
        shown.said(f"PRESENCE_MODELS__GGUF is set to {effective} and goes before presence.toml.")


@commands.command()
def remove(
    name: Name,
    force: Annotated[bool, typer.Option("--force", help="Also the one in use; answers are quotations then.")] = False,
    as_json: Json = False,
) -> None:
    """Delete a model from the home."""
    from presence.model_setting import unset

    settings, entry = session.settings(), catalogue.find(name)
    in_use = _state(entry, settings) == "in use"
    if in_use and not force:
        raise SettingsWrong(f"{entry.name} is in use. Use another one first, or remove it with --force.")
    if in_use:
        unset(Home(settings.home))
    freed = _shelf(settings).remove(entry)
    ModelsShown(as_json=as_json).removed(entry, freed, was_in_use=in_use)


def fetch(entry: Entry, settings: "Settings", shown: ModelsShown) -> Path:
    """Pull a model and show how it goes."""
    from models import pulling  # loads the hub's library, only when needed

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its warnings would stand across the bar
    with shown:
        pulled = pulling.pull(
            entry, _shelf(settings), hub_url=settings.models.hub_url, progress=shown.progress(entry.name)
        )
        shown.pulled(entry, pulled)
    return pulled.path


def have(name: str, settings: "Settings") -> None:
    """Fetch a model unless it is here, and use it unless it is in use; the node waits for the engine by itself."""
    entry = catalogue.find(name)
    state = _state(entry, settings)
    path = _shelf(settings).path(entry) if state in ("here", "in use") else fetch(entry, settings, ModelsShown())
    if state != "in use":
        ModelsShown().used(path.resolve(), choose(path.resolve(), settings), running=False)


def choose(path: Path, settings: "Settings") -> "Inspection":
    """Look into a file, then write it into the settings."""
    from models.inspection import inspect
    from presence import model_setting

    place = Home(settings.home)
    return model_setting.use(place, path, inspect=inspect, context_tokens=settings.models.context_tokens)


def _shelf(settings: "Settings") -> Shelf:
    return Shelf(Home(settings.home).models)


def _path(name_or_path: str, settings: "Settings") -> Path:
    """A file is meant when it is one, or looks like one; else a name of the catalogue that must be here."""
    path = Path(name_or_path).expanduser()
    if path.is_file() or "/" in name_or_path or path.suffix == ".gguf":
        return path.resolve()
    entry = catalogue.find(name_or_path)
    if not _shelf(settings).has(entry):
        raise SettingsWrong(f"{entry.name} is not here yet. First: presence models pull {entry.short}")
    return _shelf(settings).path(entry).resolve()


def _state(entry: Entry, settings: "Settings") -> str:
    shelf, chosen = _shelf(settings), settings.models.gguf
    if not shelf.has(entry):
        return f"begun, {100 * begun // entry.size_bytes} %" if (begun := shelf.begun_bytes(entry)) else "not here"
    return "in use" if chosen is not None and chosen.resolve() == shelf.path(entry).resolve() else "here"


def _row(entry: Entry, settings: "Settings") -> dict[str, Any]:
    return {
        "event": "model",
        "name": entry.name,
        "aliases": list(entry.aliases),
        "size_bytes": entry.size_bytes,
        "ram_gb": entry.ram_gb,
        "licence": entry.licence,
        "languages": list(entry.languages),
        "purpose": entry.purpose,
        "pinned": entry.sha256 is not None,
        "state": _state(entry, settings),
    }
