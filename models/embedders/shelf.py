"""Where a fast form is kept: one folder per weights, OpenVINO version and way of making, whole or not there.

graph.xml, graph.bin   the model as OpenVINO reads it
tokenizer.json         cuts and pads by itself
sheet.json             the hashes of these files, and what the comparison with the plain form gave
"""

import json
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from models.embedders.likeness import Likeness, processor
from models.embedders.weights import Weights, sha256_of

MAKING = 1
"""Raise this when `making` changes: what was made otherwise is then made again."""

_HASH_DIGITS = 16


class NoFastForm(Exception):
    """There is no fast form to be had; the message ends the sentence "torch f32: …"."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a fast form: measured on which processor, and how alike each precision was."""

    dimension: int
    processor: str
    files: dict[str, str]
    figures: dict[str, Likeness]

    def precision(self) -> str:
        """Give the fastest precision that is alike enough, or raise `NoFastForm`."""
        for precision, figures in self.figures.items():
            if figures.enough:
                return precision
        told = "; ".join(f"{precision}: {figures}" for precision, figures in self.figures.items())
        raise NoFastForm(f"the fast form differs too much ({told})")


class Shelf:
    """The folder of one fast form."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.graph = folder / "graph.xml"
        self.tokenizer = folder / "tokenizer.json"
        self._sheet = folder / "sheet.json"

    @classmethod
    def of(cls, weights: Weights, cache: Path) -> "Shelf":
        """Name the folder after everything that its content depends on."""
        return cls(cache / f"{weights.name}-{weights.sha256[:_HASH_DIGITS]}-openvino-{installed()}-{MAKING}")

    def sheet(self) -> Sheet | None:
        """Give the sheet if the files are those it speaks of and this processor is the one; else None."""
        try:
            told = json.loads(self._sheet.read_text(encoding="utf-8"))
            figures = {precision: Likeness(**one) for precision, one in told["figures"].items()}
            sheet = Sheet(told["dimension"], told["processor"], told["files"], figures)
            whole = all(sha256_of(self.folder / name) == kept for name, kept in sheet.files.items())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return sheet if whole and set(sheet.files) == set(self._made()) and sheet.processor == processor() else None

    def write_sheet(self, dimension: int, figures: dict[str, Likeness]) -> Sheet:
        """Write down what was made and measured here, now, and give it."""
        files = {name: sha256_of(self.folder / name) for name in self._made()}
        sheet = Sheet(dimension, processor(), files, figures)
        self._sheet.write_text(json.dumps(asdict(sheet), indent=1) + "\n", encoding="utf-8")
        return sheet

    def _made(self) -> tuple[str, ...]:
        return self.graph.name, self.graph.with_suffix(".bin").name, self.tokenizer.name


def installed() -> str:
    """Give the version of OpenVINO, or raise `NoFastForm`."""
    try:
        return version("openvino")
    except PackageNotFoundError:
        raise NoFastForm("openvino is not installed") from None
