"""`python -m benchmarks [NAME …]`: runs benchmarks, prints one JSON object each, keeps them in `results/`."""

import importlib
import json
import os
import platform
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = ("answer", "demo_quality", "embed", "ingest")


def main() -> None:
    """Run the named benchmarks, or all of them."""
    for name in sys.argv[1:] or NAMES:
        if name not in NAMES:
            sys.exit(f"There is no benchmark {name!r}; there are {', '.join(NAMES)}.")
        measured = importlib.import_module(f"benchmarks.{name}").measure()
        result = {"bench": name, "machine": machine(), **measured}
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
        print(json.dumps(result))


def machine() -> dict[str, str | int | float]:
    """Say on what it was measured, and how busy that was."""
    return {
        "processor": platform.machine(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "load_1min": round(os.getloadavg()[0], 2),
    }


if __name__ == "__main__":
    main()
