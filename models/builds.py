"""Which build of the engine is loaded: the portable one, or the faster one made for this processor.

A native build is loaded only when its check was passed by these very libraries, on this processor, for this
version. Whatever speaks against it is told in one sentence, and the portable build answers.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib import metadata
from pathlib import Path

VERDICT = "verdict.json"
LIBRARIES = "lib"
UNKNOWN = "unknown"
UNCHECKED = "present but not checked; make native checks it"
NOT_BUILT = "portable: no native build; make native makes one, several times faster on new processors"
# Waiting threads sleep: spinning ones cost 3 to 29 times on shared cores.
OPENMP = {"OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of a native build found; the ratios are the portable build's CPU time by its own."""

    ok: bool
    sentence: str
    processor: str
    version: str
    libraries: str
    prefill_ratio: float | None = None
    decode_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The folder of the libraries to load, None for the portable ones, and why."""

    folder: Path | None
    sentence: str


def chosen_libraries(build_folder: Path | None) -> Chosen:
    """Choose the native build if everything speaks for it. Never raises."""
    native = build_folder / "native" if build_folder is not None else None
    if native is None or not (native / LIBRARIES).is_dir():
        return Chosen(None, NOT_BUILT)
    verdict = read_verdict(native)
    objection = _objection(native, verdict)
    if verdict is None or objection is not None:
        return Chosen(None, f"portable: native build {objection}")
    return Chosen((native / LIBRARIES).absolute(), f"native: {verdict.sentence}")


def use_libraries(chosen: Chosen) -> bool:
    """Make the next import of llama_cpp load what was chosen; False when it is imported already."""
    if "llama_cpp" in sys.modules:
        return False
    for name, value in OPENMP.items():
        os.environ.setdefault(name, value)
    if chosen.folder is not None:
        os.environ["LLAMA_CPP_LIB_PATH"] = str(chosen.folder)
    return True


def _objection(native: Path, verdict: Verdict | None) -> str | None:
    if verdict is None:
        return UNCHECKED
    processor = processor_identity()
    if verdict.processor != processor or processor == UNKNOWN:
        return "present but made for another processor; make native makes one for this"
    if verdict.version != engine_version():
        return f"present but of version {verdict.version}; make native makes it anew"
    if verdict.libraries != libraries_hash(native / LIBRARIES):
        return "present but changed since its check; make native makes it anew"
    return None if verdict.ok else verdict.sentence


def read_verdict(native: Path) -> Verdict | None:
    """Read the verdict, None for one that is missing or unreadable."""
    try:
        told = json.loads((native / VERDICT).read_text(encoding="utf-8"))
        verdict = Verdict(**{field.name: told[field.name] for field in fields(Verdict)})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return verdict if isinstance(verdict.ok, bool) else None


def write_verdict(native: Path, verdict: Verdict) -> None:
    """Write it whole or not at all."""
    part = native / f"{VERDICT}.part"
    part.write_text(json.dumps(asdict(verdict), indent=1), encoding="utf-8")
    part.replace(native / VERDICT)


def processor_identity(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Name the processor and, hashed, everything it says it can do."""
    try:
        lines = cpuinfo.read_text(errors="replace").split("\n\n")[0].splitlines()
    except OSError:
        return UNKNOWN
    told: Mapping[str, str] = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    able = " ".join(sorted((told.get("flags") or told.get("Features") or "").split()))
    name = told.get("model name") or told.get("CPU part") or UNKNOWN
    kind = "/".join(told.get(key, "") for key in ("cpu family", "model", "stepping"))
    return f"{name} {kind} {hashlib.sha256(able.encode()).hexdigest()[:16]}"


def libraries_hash(folder: Path) -> str:
    """Hash every file with its name."""
    whole = hashlib.sha256()
    try:
        for file in sorted(folder.iterdir()):
            whole.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    except OSError:
        return "unreadable"
    return whole.hexdigest()


def engine_version() -> str:
    """Say which version of llama-cpp-python is installed."""
    try:
        return metadata.version("llama-cpp-python")
    except metadata.PackageNotFoundError:
        return "none"
