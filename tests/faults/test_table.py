"""The table of faults names a test for each of them, and every test of this folder stands in it."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "reference" / "faults.md").read_text(encoding="utf-8")
FAULTS = (
    "the node is killed",
    "PostgreSQL is stopped",
    "PostgreSQL stands still",
    "another program keeps the file",
    "the disk is full",
    "the Chroma server is gone",
    "the Chroma server comes back empty",
    "the Chroma server stands still",
    "the writer's server is gone",
    "the mail server is gone",
    "a push service is gone",
    "Stripe is gone",
    "the clock jumps",
    "one of several processes dies",
)


def rows() -> dict[str, list[str]]:
    """Give the cells of each row, by its fault."""
    cells = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ")]
    return {row[0]: row[1:] for row in cells[2:]}


def named() -> set[tuple[str, str]]:
    """Give the file and the name of each test that the table names."""
    return set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", TABLE))


def names_in(path: Path) -> set[str]:
    """Give the names of the tests in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_fault_has_a_row_with_all_its_cells_and_a_test() -> None:
    assert set(rows()) == set(FAULTS)
    for fault, cells in rows().items():
        assert len(cells) == 4, fault
        assert all(cells), fault
        assert "::test_" in cells[-1], fault


def test_every_test_that_the_table_names_exists() -> None:
    assert named()
    for file, name in named():
        assert name in names_in(ROOT / "tests" / file), f"{file}::{name}"


def test_every_test_of_this_folder_stands_in_the_table() -> None:
    files = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
    here = {(f"faults/{path.name}", name) for path in files for name in names_in(path)}
    assert here <= named()
