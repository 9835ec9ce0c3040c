"""What is released: the same bytes twice, all that belongs in it and nothing else, and signed so that all can check."""

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.processes import environment, serving

ROOT = Path(__file__).parents[2]
PACKAGES = ("presence", "knowledge", "trustgraph", "billing", "models")
WHO, WHAT = "releases@presence", "presence-release"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only what is committed is released"),
]


def run(folder: Path, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is committed, and its release in dist; the script would have refused two builds that differ."""
    folder = tmp_path_factory.mktemp("release") / "checkout"
    cloned = run(ROOT, "git", "clone", "-q", "--local", "--no-hardlinks", str(ROOT), str(folder))
    assert cloned.returncode == 0, cloned.stderr
    (folder / ".venv").symlink_to(sys.prefix)
    built = run(folder, "setup/release.sh", "wheel")
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    (found,) = (checkout / "dist").glob("*.whl")
    return found


def test_the_wheel_holds_all_of_the_packages_and_nothing_else(checkout: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
        about = {Path(name).name for name in packed.namelist()} - {Path(name).name for name in names}
    tracked = set(run(checkout, "git", "ls-files", *PACKAGES).stdout.splitlines())
    assert names == tracked
    assert {"LICENSE", "NOTICE", "METADATA", "entry_points.txt"} <= about
    for kind in (
        "presence/web/templates/",
        "presence/web/static/",
        "presence/migrations/versions/",
        "models/catalogue",
    ):
        assert any(name.startswith(kind) for name in names), kind


@pytest.fixture
def program(wheel: Path, tmp_path: Path) -> str:
    """The command of the wheel, in an environment of its own that borrows what it depends on."""
    place = tmp_path / "venv"
    venv.create(place, with_pip=False, symlinks=True)
    (there,) = (place / "lib").glob("python*/site-packages")
    # A path in here is only added, so what the borrowed folder itself points to, our checkout, stays away.
    (there / "borrowed.pth").write_text(f"{Path(pytest.__file__).parents[1]}\n")
    pip = (sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"))
    # It counts as installed already, in the borrowed folder.
    done = run(tmp_path, *pip, "install", "-q", "--no-deps", "--no-index", "--ignore-installed", str(wheel))
    assert done.returncode == 0, done.stderr
    return str(place / "bin" / "presence")


def test_the_wheel_runs_without_the_checkout(program: str, tmp_path: Path) -> None:
    python = str(Path(program).parent / "python")
    home = tmp_path / "home"
    where = subprocess.run(
        [python, "-c", "import presence, models; print(presence.__file__, models.__file__)"],
        env=environment(home, PYTHONPATH=""),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(str(tmp_path) in file for file in where.stdout.split())
    with serving(home, verb="demo", program=program, PYTHONPATH="") as node, node.client() as client:
        page = client.get("/")
        assert page.status_code == 200
        assert "Juna Tidewell" in page.text
        assert client.get("/static/house.css").status_code == 200
        asked = client.post("/ask", data={"question": "Where was the first show?"}, follow_redirects=True)
        assert asked.status_code == 200


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="releases are signed and checked with ssh-keygen")
def test_a_release_is_checked_by_anybody_and_a_changed_one_refused(checkout: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    assert run(tmp_path, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)).returncode == 0
    signed = run(checkout, "setup/release.sh", "sign", str(key))
    assert signed.returncode == 0, signed.stdout + signed.stderr
    dist = shutil.copytree(checkout / "dist", tmp_path / "dist")
    (dist / "signers").write_text(f"{WHO} {key.with_suffix('.pub').read_text()}")

    def checked(signers: str = "signers") -> bool:
        verify = ("ssh-keygen", "-Y", "verify", "-f", signers, "-I", WHO, "-n", WHAT, "-s", "SHA256SUMS.sig")
        sums = (dist / "SHA256SUMS").read_text()
        return (
            run(dist, *verify, given=sums).returncode == 0
            and run(dist, "sha256sum", "--strict", "--check", "SHA256SUMS").returncode == 0
        )

    assert checked()
    (wheel,) = dist.glob("*.whl")
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1] + b"!")
    assert not checked()
    wheel.write_bytes(whole)
    sums = dist / "SHA256SUMS"
    sums.write_text(sums.read_text().replace("presence-", "presence_", 1))
    assert not checked()
    sums.write_text(sums.read_text().replace("presence_", "presence-", 1))
    assert checked()
    (tmp_path / "other").mkdir()
    run(tmp_path, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other" / "key"))
    (dist / "strangers").write_text(f"{WHO} {(tmp_path / 'other' / 'key.pub').read_text()}")
    assert not checked("strangers")
