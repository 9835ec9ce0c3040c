"""Each package has one face, and it is complete; who looks at a face, loads little."""

import importlib
import subprocess
import sys

import pytest


@pytest.mark.parametrize("package", ["knowledge", "trustgraph", "billing", "models"])
def test_the_face_says_what_it_exports(package: str) -> None:
    module = importlib.import_module(package)
    exported = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", "").split(".")[0] == package
    }
    assert exported <= set(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)
    assert list(module.__all__) == sorted(module.__all__)
    assert len(module.__doc__ or "") > 80


HEAVY = (
    *("alembic", "chromadb", "huggingface_hub", "llama_cpp", "openvino", "stripe", "tokenizers", "torch"),
    *("transformers", "fastapi", "numpy", "sqlalchemy", "uvicorn"),
)
"""Each of these takes a tenth of a second and more."""

LIGHT = {
    "--help": "presence.cli",
    "a command while the node is open": "presence.cli, presence.local.socket, presence.logs, presence.settings",
    "receipt verify": "presence.cli, presence.paying.checking",
    "check": "presence.cli, presence.asking.vouched, presence.memory.signed",
    "tier verify": "presence.cli, presence.people.offline, trustgraph.portable",
    "keys new": "presence.cli, presence.identity, presence.settings",
    "models list": "presence.cli, presence.cli.models_shown, presence.settings",
}


def loaded(modules: str, names: tuple[str, ...]) -> str:
    """Which of some libraries are there once modules are imported, in an interpreter of its own."""
    code = f"import sys, {modules}; print([name for name in {names} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("command", LIGHT)
def test_a_light_command_loads_no_heavy_library(command: str) -> None:
    assert loaded(LIGHT[command], HEAVY) == "[]"


def test_help_reads_no_settings_and_opens_no_key() -> None:
    assert loaded("presence.cli", ("asyncio", "httpx2", "nacl", "pydantic", "structlog")) == "[]"


def test_nobody_opens_openvino_before_it_is_needed() -> None:
    assert loaded("models.embedders.hashed", ("openvino", "torch", "tokenizers")) == "[]"
