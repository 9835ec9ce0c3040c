"""Each package has one face, and it is complete."""

import importlib

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


def test_help_loads_no_heavy_library() -> None:
    import subprocess
    import sys

    heavy = ("torch", "chromadb", "llama_cpp", "huggingface_hub")
    code = f"import sys, presence.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
