"""Lists the licence of each package that running needs, as the package itself states it.

Run by `make lock`; `tests/setup/test_locks.py` holds that the list is right and that nothing in it is GPL or AGPL.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
BESIDE_THE_LOCK = ("torch",)


def packages() -> list[str]:
    """Name what is installed to run."""
    locked = (ROOT / "setup" / "locks" / "run.lock").read_text(encoding="utf-8")
    return sorted([*re.findall(r"(?m)^([A-Za-z0-9._-]+)==", locked), *BESIDE_THE_LOCK], key=str.lower)


def licence_of(package: str) -> str:
    """Give the licence as stated: as an expression, by classifiers, or in a line of text."""
    told = metadata.metadata(package)
    classifiers = told.get_all("Classifier") or []
    named = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    return told.get("License-Expression") or " and ".join(named) or (told.get("License") or "").partition("\n")[0]


def listed() -> str:
    """Give the whole list, one line each."""
    return "".join(f"{package}: {licence_of(package)}\n" for package in packages())


if __name__ == "__main__":
    sys.stdout.write(listed())
