"""What an image is made of: slimming takes what nothing comes to, and what runs stands on its own without a Debian."""

import ctypes
import importlib.util
import re
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAYS = (
    "numpy/__init__.py",
    "numpy/_core/numeric.py",
    "openvino/libs/libopenvino.so.2641",
    "openvino/libs/libopenvino_intel_cpu_plugin.so",
    "openvino/libs/libopenvino_ir_frontend.so.2641",
    "babel/global.dat",
    "babel/locale-data/root.dat",
    "babel/locale-data/en.dat",
    "babel/locale-data/en_GB.dat",
    "babel/locale-data/fr.dat",
    "babel/locale-data/fr_CA.dat",
    "stripe/_charge.py",
    "stripe/test_helpers/_test_clock.py",
    "PIL/PngImagePlugin.py",
    "llama_cpp/lib/libllama.so.0",
    "rapidfuzz/fuzz_cpp.cpython-311-x86_64-linux-gnu.so",
    "pygments/lexers/python.py",
    "opentelemetry/sdk/__init__.py",
    "google/protobuf/__init__.py",
    "tests_of_trust.py",
)
GOES = (
    "pip/__init__.py",
    "setuptools/__init__.py",
    "numpy/__init__.pyi",
    "numpy/_core/include/numpy/arrayobject.h",
    "numpy/_core/lib/libnpymath.a",
    "numpy/linalg/tests/test_linalg.py",
    "numpy/__pycache__/__init__.cpython-311.pyc",
    "openvino/libs/libopenvino_intel_gpu_plugin.so",
    "openvino/libs/libopenvino_intel_npu_plugin.so",
    "openvino/libs/libopenvino_auto_plugin.so",
    "openvino/libs/libopenvino_onnx_frontend.so.2641",
    "openvino/libs/libopenvino_tensorflow_lite_frontend.so.2641",
    "babel/locale-data/de.dat",
    "babel/locale-data/fur.dat",
    "stripe/params/_charge_create_params.py",
    "PIL/_avif.cpython-311-x86_64-linux-gnu.so",
    "pillow.libs/libavif-c6062d5f.so.16.4.2",
    "llama_cpp/lib/libllama.so.0.5.0",
    "lib/libllama.so",
    "rapidfuzz/fuzz_cpp_avx2.cpython-311-x86_64-linux-gnu.so",
    "grpc/__init__.py",
    "googleapis_common_protos-1.76.0.dist-info/METADATA",
    "pygments/lexers/cobol.py",
)


needs_strip = pytest.mark.skipif(shutil.which("strip") is None, reason="there is no strip here")
needs_debian = pytest.mark.skipif(
    not Path("/var/lib/dpkg/info/python3.list").exists() or shutil.which("readelf") is None,
    reason="Python is no package of a Debian here, or there is no readelf",
)


def a_library() -> Path:
    """A real one, that carries symbols."""
    spec = importlib.util.find_spec("yaml._yaml")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """The packages of a made-up .venv, in a folder that has the scripts and a language."""
    (tmp_path / "setup").mkdir()
    for name in ("slim.sh", "say.sh", "no_reports.py"):
        shutil.copy(ROOT / "setup" / name, tmp_path / "setup" / name)
    (tmp_path / "presence" / "languages" / "fr" / "LC_MESSAGES").mkdir(parents=True)
    venv.create(tmp_path / ".venv", with_pip=False, symlinks=True)
    (found,) = (tmp_path / ".venv" / "lib").glob("python*/site-packages")
    for name in (*STAYS, *GOES, "llama_cpp/lib/libllama.so"):
        file = found / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".so":
            shutil.copy(a_library(), file)
        else:
            file.touch()
    return found


def slimmed(packages: Path) -> str:
    script = packages.parents[3] / "setup" / "slim.sh"
    return subprocess.run([script], capture_output=True, text=True, check=True).stdout


@needs_strip
def test_what_runs_stays_and_what_nothing_comes_to_goes(packages: Path) -> None:
    slimmed(packages)
    assert [name for name in STAYS if not (packages / name).exists()] == []
    assert [name for name in GOES if (packages / name).exists()] == []
    assert not (packages.parents[2] / "bin" / "pip").exists()


@needs_strip
def test_each_library_of_the_engine_lies_there_once(packages: Path) -> None:
    slimmed(packages)
    assert (packages / "llama_cpp" / "lib" / "libllama.so").readlink() == Path("libllama.so.0")


@needs_strip
def test_symbols_go_and_the_library_still_opens(packages: Path) -> None:
    library = packages / "some" / a_library().name
    library.parent.mkdir()
    shutil.copy(a_library(), library)
    apart = packages / "openvino" / "libs" / "libopenvino_intel_cpu_plugin.so"
    slimmed(packages)
    assert library.stat().st_size < a_library().stat().st_size
    assert apart.stat().st_size == a_library().stat().st_size
    ctypes.CDLL(str(library))


@needs_strip
def test_what_chroma_would_report_with_says_that_it_is_not_there(packages: Path) -> None:
    slimmed(packages)
    told = "from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as O; O(endpoint='x')"
    python = packages.parents[2] / "bin" / "python"
    done = subprocess.run([python, "-I", "-c", told], capture_output=True, text=True, check=False)
    assert "ImportError: Chroma was told to report" in done.stderr


@needs_strip
def test_a_second_time_changes_nothing(packages: Path) -> None:
    slimmed(packages)
    there = sorted(packages.rglob("*"))
    slimmed(packages)
    assert sorted(packages.rglob("*")) == there


def test_without_an_environment_it_says_what_comes_first(tmp_path: Path) -> None:
    (tmp_path / "setup").mkdir()
    for name in ("slim.sh", "say.sh"):
        shutil.copy(ROOT / "setup" / name, tmp_path / "setup" / name)
    done = subprocess.run([tmp_path / "setup" / "slim.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "First: setup/python.sh slim" in done.stderr


@needs_debian
def test_what_is_gathered_of_a_debian_stands_on_its_own_and_cannot_install(tmp_path: Path) -> None:
    subprocess.run([ROOT / "setup" / "root.sh", tmp_path / "root"], check=True, timeout=120)
    root = tmp_path / "root"
    programs = {file.name for folder in ("bin", "sbin") for file in (root / "usr" / folder).iterdir()}
    assert "python3" in programs
    assert all(name.startswith("python3") for name in programs), programs
    assert (root / "etc" / "ssl" / "certs" / "ca-certificates.crt").exists()
    assert (root / "usr" / "lib" / "ssl" / "certs").exists()
    libraries = [file for file in root.rglob("*.so*") if file.is_file()]
    assert missing([*libraries, (root / "usr" / "bin" / "python3").resolve()], {file.name for file in libraries}) == []


def missing(files: list[Path], there: set[str]) -> list[str]:
    """Which libraries these files are linked to and are not there."""
    told = subprocess.run(["readelf", "--dynamic", "--wide", *files], capture_output=True, text=True, check=False)
    return sorted(set(re.findall(r"Shared library: \[([^]]+)\]", told.stdout)) - there)


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    """A folder of two million bytes and one, and the scales beside it."""
    (tmp_path / "setup").mkdir()
    for name in ("weigh.sh", "say.sh"):
        shutil.copy(ROOT / "setup" / name, tmp_path / "setup" / name)
    (tmp_path / "venv" / "deep").mkdir(parents=True)
    (tmp_path / "venv" / "deep" / "library.so").write_bytes(bytes(1_500_000))
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "answer.py").write_bytes(bytes(500_001))
    return tmp_path


def weighed(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([folder / "setup" / "weigh.sh", *more], capture_output=True, text=True, check=False)


def test_what_may_be_so_heavy_is_let_through(heavy: Path) -> None:
    told = weighed(heavy, "3", "venv", "rooms")
    assert (told.returncode, "It weighs 3 MB, and may weigh 3." in told.stdout) == (0, True)


def test_a_byte_too_much_stops_the_build(heavy: Path) -> None:
    told = weighed(heavy, "2", "venv", "rooms")
    assert told.returncode == 1
    assert "It weighs 3 MB, and may weigh 2." in told.stderr


def test_a_folder_that_is_missing_is_no_light_one(heavy: Path) -> None:
    assert weighed(heavy, "3", "venv", "moved").returncode != 0
    assert weighed(heavy, "3").returncode == 1


def test_everything_that_the_image_is_made_of_is_weighed() -> None:
    written = (ROOT / "setup" / "hosting" / "Containerfile").read_text(encoding="utf-8")
    ((most, named),) = re.findall(r"setup/weigh\.sh (\d+) (.*?) &&", written)
    slim = written.partition("FROM running AS slim")[2]
    brought = set(named.split()) - {"/gathered"}
    assert most == "500"
    assert brought == {Path(place).name for place in re.findall(r"^COPY --from=\S+ (\S+) ", slim, re.MULTILINE)}
