"""Which writer it was, exactly: its name, and for local weights the SHA-256 of the file.

A name can be given to any file; the hash is of the bytes that are opened. It is computed once for a file and kept
with what the file system says of it, so that a start does not read gigabytes again.
"""

import hashlib
import json
from pathlib import Path

from models.contracts import Writer

KNOWN = "weights.json"


def identity_of(writer: Writer) -> str:
    """Name a writer for a signature."""
    sha256 = getattr(writer, "sha256", None)
    return writer.name if sha256 is None else f"{writer.name}@sha256:{sha256}"


def weights_sha256(path: Path, folder: Path) -> str:
    """Hash a file of weights; `folder` keeps what is known of files."""
    stat = path.stat()
    # Contents cannot change without the last of these, whatever a program sets the others to.
    same = f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns} {stat.st_ctime_ns}"
    kept = folder / KNOWN
    try:
        known = json.loads(kept.read_text())
        if known["of"] == same and isinstance(known["sha256"], str):
            return str(known["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept.write_text(json.dumps({"of": same, "sha256": found}))
    return found
