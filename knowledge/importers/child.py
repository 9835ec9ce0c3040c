"""The process in which files are parsed: no database, no network, bounded memory and time.

It reads one request per line, `{"path", "name"}`, and writes one answer per line: `{"documents"}`
or `{"refused"}`. The parent kills it when a file takes too long.
"""

import json
import resource
import sys
from pathlib import Path

from knowledge.errors import ImportRefused
from knowledge.importers import read_file


def main() -> None:
    """Answer requests until the input ends."""
    memory_bytes_max = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes_max, memory_bytes_max))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers, sys.stdout = sys.stdout, sys.stderr  # what a reader prints must not stand between the answers
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps(_answer(Path(request["path"]), request["name"])) + "\n")
        answers.flush()


def _answer(path: Path, name: str) -> dict[str, object]:
    try:
        return {"documents": [document.as_dict() for document in read_file(path.read_bytes(), name)]}
    except ImportRefused as refusal:
        return {"refused": refusal.reason}
    except OSError as error:
        return {"refused": f"The file could not be opened ({error.strerror})."}
    except MemoryError:
        return {"refused": "The file needs more memory to read than one file may take."}
    except RecursionError:
        return {"refused": "The file is nested too deeply to be read."}
    except Exception as error:  # noqa: BLE001  # whatever a reader stumbles over is the file's fault, and only this file's
        return {
            "refused": f"The reader of this format failed on it ({type(error).__name__}); the file is left as it was."
        }


if __name__ == "__main__":
    main()
