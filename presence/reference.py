"""Writes the reference pages from the code, so that they cannot lie: `python -m presence.reference docs/reference`."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import typer
from fastapi.routing import APIRoute

from billing import errors as billing_errors
from billing.cards import errors as card_errors
from knowledge import errors as knowledge_errors
from models import errors as models_errors
from presence import errors
from presence.cli import app as commands
from presence.problems import STATUS
from presence.settings import setting_names
from presence.web.rooms import ROUTERS
from trustgraph import errors as trust_errors

PACKAGES = (errors, knowledge_errors, trust_errors, billing_errors, card_errors, models_errors)


def settings_page() -> str:
    """Every setting with its default and what it is for."""
    rows = []
    for name, info in setting_names().items():
        default = "the platform's user-data folder" if info.default_factory else _shown(info.default)
        rows.append(f"| `{name}` | {default} | {info.description} |")
    head = "# Settings\n\nIn the environment, or in `presence.toml` in the home (without the prefix, in lower case).\n"
    more = (
        "There two underlines stand for a table: `PRESENCE_BILLING__TAX` is `tax` under `[billing]`. In a shell,\n"
        "write `export` before the name, or what is started does not hear of it.\n"
        "A secret can come from a file: `PRESENCE_DATABASE_URL_FILE`, `PRESENCE_SMTP_URL_FILE` and\n"
        "`PRESENCE_METRICS_TOKEN_FILE` name one, as do `database_url_file`, `smtp_url_file` and `metrics_token_file`\n"
        "in `presence.toml`.\n"
        "A key that nobody knows is refused.\n"
    )
    return f"{head}{more}\n| name | default | what it is for |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"


def commands_page() -> str:
    """Every command with its arguments and options."""
    group = typer.main.get_group(commands)
    parts = ["# Commands\n\nExit 0: done; 1: refused, or something was found; 2: used wrongly.\n"]
    for name, command in _commands(group):
        parts.append(f"## presence {name}\n\n{inspect.cleandoc(command.help or '')}\n")
        rows = [f"| `{_usage(parameter)}` | {getattr(parameter, 'help', None) or ''} |" for parameter in command.params]
        rows = [row for row in rows if "--help" not in row]
        if rows:
            parts.append("| | |\n| --- | --- |\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def http_page() -> str:
    """Every address with what it does."""
    rows = []
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                methods = ", ".join(sorted(route.methods or ()))
                told = (route.description or "").splitlines()[0]
                rows.append(f"| `{methods} {route.path}` | {told} |")
    return "# HTTP\n\n| address | what it does |\n| --- | --- |\n" + "\n".join(rows) + "\n"


def refusals_page() -> str:
    """Every refusal with its status and what it means."""
    rows = [
        f"| `{cls.__name__}` | {STATUS[cls]} | {(cls.__doc__ or '').splitlines()[0]} |"
        for module in PACKAGES
        for cls in _refusals(module)
    ]
    head = "# Refusals\n\nPrograms get `application/problem+json`, people a page with the same sentence.\n"
    return f"{head}\n| refusal | status | |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "http.md": http_page,
    "refusals.md": refusals_page,
}


def main() -> None:
    """Write every page into a folder."""
    folder = Path(sys.argv[1])
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command, those of a group under its name."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _refusals(module: ModuleType) -> list[type[Exception]]:
    found = [cls for _, cls in inspect.getmembers(module, inspect.isclass) if issubclass(cls, Exception)]
    # The base of a package is never raised itself.
    return [cls for cls in found if cls.__module__ == module.__name__ and cls.__base__ is not Exception]


def _usage(parameter: object) -> str:
    options = getattr(parameter, "opts", [])
    return ", ".join(options) if getattr(parameter, "param_type_name", "") == "option" else str(options[0]).upper()


def _shown(value: object) -> str:
    return "none" if value is None else f"`{value}`"


if __name__ == "__main__":
    main()
