"""`python -m benchmarks [NAME …]`: runs benchmarks, prints one JSON object each, keeps them in `results/`."""

import argparse
import importlib
import inspect
import json
import os
import platform
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
NAMES = ("answer", "demo_quality", "embed", "ingest", "ledger", "quoting", "support", "trust")
# These need the language engine, models of random weights, and minutes: they run when they are named.
OF_THE_ENGINE = ("builds", "engine", "engine_soak", "lookup", "pointing", "server")
# These need the data beside the checkout, and minutes.
OF_THE_DATA = ("moving", "pages", "retrieval")
# These start nodes of their own, and take minutes.
OF_NODES = ("growth", "load", "peer", "room", "soak", "two_nodes")
# These look for faults and run when they are named, for as long as they are told.
SEARCHING = ("fuzz", "fuzz_envelopes", "fuzz_http")
ALL = NAMES + OF_THE_ENGINE + OF_THE_DATA + OF_NODES + SEARCHING


def main() -> None:
    """Run the named benchmarks, or all that need no engine."""
    options = vars(_options())
    for name in options["names"] or NAMES:
        if name not in ALL:
            sys.exit(f"There is no benchmark {name!r}; there are {', '.join(ALL)}.")
        measure = importlib.import_module(f"benchmarks.{name}").measure
        measured = measure(**{word: options[word] for word in inspect.signature(measure).parameters})
        result = {"bench": name, "machine": machine(), **measured}
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
        print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--source", type=Path, help="unpacked source of llama-cpp-python (default: .engine/src)")
    parser.add_argument("--models", type=Path, help="a folder that keeps the models made here for the next time")
    parser.add_argument("--native", type=Path, default=Path(".engine/native/lib"), help="libraries of a native build")
    parser.add_argument("--kept", type=Path, help="a folder that keeps the corpora made here for the next time")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long to soak, to fuzz, or to listen")
    parser.add_argument("--listeners", type=int, default=64, help="how many listen in a room at once")
    parser.add_argument("--seed", type=int, default=1, help="chooses what fails in a soak, and when")
    parser.add_argument("--stores", choices=("embedded", "server"), default="embedded", help="what a node stands on")
    parser.add_argument("--peer-python", type=Path, help="the Python that has the plain application's packages")
    parser.add_argument("--passages", type=int, default=100_000, help="how many passages a home has that is moved")
    parser.add_argument("--pairs", type=int, default=2_000, help="how many requests two nodes are sent")
    parser.add_argument("--corpus", type=Path, help="a folder for the files that fuzzing found")
    return parser.parse_args()


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
