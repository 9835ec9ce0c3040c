"""A native build is loaded only if it comes to the numbers of the portable one; here some that do not.

The libraries are real: the installed engine's own, with one function before them that goes wrong.
"""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from models import builds, chosen_libraries

pytestmark = pytest.mark.slow  # the engine is built by then

CRASHES = "#include <stdlib.h>\nvoid llama_backend_init(void) { abort(); }"
CRASHES_WHEN_LOADED = "#include <signal.h>\n__attribute__((constructor)) static void at_once(void) { raise(SIGSEGV); }"
HANGS = "#include <unistd.h>\nvoid llama_backend_init(void) { for (;;) pause(); }"
IS_WRONG = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
float *llama_get_logits_ith(void *context, int place) {
    float *(*real)(void *, int) = dlsym(RTLD_NEXT, "llama_get_logits_ith");
    float *logits = real(context, place);
    logits[7] %s;
    return logits;
}
"""


@pytest.fixture
def native(tmp_path: Path) -> Path:
    """A second copy of the libraries that are installed, as a native build would lie there."""
    engine = importlib.util.find_spec("llama_cpp")  # found, not opened: that is for the children
    if engine is None or engine.origin is None:
        pytest.skip("the engine is not built")
    folder = tmp_path / "native"
    shutil.copytree(Path(engine.origin).parent / "lib", folder / "lib")
    return folder


def spoil(native: Path, code: str) -> None:
    """Put a library before the engine that does one thing otherwise."""
    source, library = native / "spoilt.c", native / "lib" / "libllama.so"
    source.write_text(code)
    library.unlink()
    command = [
        "cc",
        "-w",
        "-shared",
        "-fPIC",
        str(source),
        "-o",
        str(library),
        "-Wl,-rpath,$ORIGIN",
        "-Wl,--no-as-needed",
    ]
    subprocess.run([*command, str(native / "lib" / "libllama.so.0"), "-ldl", "-lm"], check=True)


def refused(native: Path, *, limit_s: float = 60) -> str:
    """Check, and give the sentence of what answers instead."""
    from models.build_check import check_native

    verdict = check_native(native, limit_s=limit_s)
    assert not verdict.ok
    assert builds.read_verdict(native) == verdict
    chosen = chosen_libraries(native.parent)
    assert chosen.folder is None
    return chosen.sentence


def test_the_same_libraries_come_to_the_same_numbers(native: Path) -> None:
    from models.build_check import check_native

    verdict = check_native(native)
    # How fast a copy is depends on the hour; that it is right does not.
    assert verdict.ok or "is not faster" in verdict.sentence
    assert verdict.prefill_ratio
    assert verdict.decode_ratio


def test_a_build_that_crashes_is_not_used(native: Path) -> None:
    spoil(native, CRASHES)
    assert refused(native) == "portable: native build crashed in its check (signal 6)"


def test_a_build_that_crashes_when_it_is_loaded_is_not_used(native: Path) -> None:
    spoil(native, CRASHES_WHEN_LOADED)
    assert refused(native) == "portable: native build crashed in its check (signal 11)"


def test_a_build_that_hangs_is_stopped_and_not_used(native: Path) -> None:
    spoil(native, HANGS)
    assert "hung in its check" in refused(native, limit_s=10)


def test_a_build_that_lacks_a_library_is_not_used(native: Path) -> None:
    (native / "lib" / "libllama.so").write_bytes(b"no library")
    assert "failed in its check" in refused(native)


@pytest.mark.parametrize("wrong", ["= 3 + logits[7]", "= NAN", "= INFINITY"])
def test_a_build_that_gives_other_numbers_is_not_used(native: Path, wrong: str) -> None:
    spoil(native, IS_WRONG % wrong)
    assert "gave other numbers in its check (q4_0" in refused(native)


def test_a_check_that_is_broken_off_leaves_no_verdict(native: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models import build_check

    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    (native / builds.VERDICT).write_text("an old one")
    monkeypatch.setattr(build_check, "write_probe_model", broken_off)
    with pytest.raises(KeyboardInterrupt):
        build_check.check_native(native)
    assert not (native / builds.VERDICT).exists()


def test_a_broken_portable_build_says_that_it_is_the_one(native: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models import build_check

    monkeypatch.setattr(build_check, "write_probe_model", lambda file: file.write_bytes(b"no model"))
    assert "could not be checked: the portable build" in refused(native)
