"""The import linter holds the layers: a forbidden import that is planted is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("presence", "knowledge", "trustgraph", "billing", "models")

PLANTED = {
    "a library that knows another": ("knowledge/passages.py", "import models"),
    "a library that knows the house": ("billing/holds.py", "import presence.home"),
    "a second opener of a heavy door": ("presence/app.py", "import models.llama"),
    "a vendor in the wrong room": ("presence/app.py", "import stripe"),
    "the web in a library": ("trustgraph/tiers.py", "import fastapi"),
    "keys outside trust": ("billing/prices.py", "import nacl"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(program), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "material"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("case", PLANTED, ids=str)
def test_a_planted_import_is_found(copy: Path, case: str) -> None:
    name, line = PLANTED[case]
    file = copy / name
    file.write_text(file.read_text() + f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
