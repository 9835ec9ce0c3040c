"""The page on security names tests that exist, and excuses only what is installed and not used."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PACKAGES = ("presence", "knowledge", "trustgraph", "billing", "models")


def code() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for name in PACKAGES for file in (ROOT / name).rglob("*.py"))


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|setup)/[\w/.-]+)`", PAGE))))
def test_what_the_page_on_security_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#\s]+)", PAGE))
def test_its_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_an_excused_package_is_the_one_that_is_installed() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    excused = re.findall(r"(?m)^\| CVE-[^|]+\| ([a-z]+) ([\d.]+)", PAGE)
    assert len(excused) == len(re.findall(r"(?m)^\| CVE-", PAGE)) == 3
    assert all(pins[name] == version for name, version in excused)


def test_nothing_opens_a_pickling_cache_or_a_vector_server() -> None:
    written = code()
    assert "PersistentClient" in written  # what is looked through is the right thing
    assert not re.findall(r"diskcache|DiskCache|chromadb\.(?:server|app|cli)|trust_remote_code=True", written)
