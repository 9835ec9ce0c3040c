"""The contract: which operations there are, read from the services of the installed SDK.

A service method names its verb and its path in one call (`self._request("get",
"/v1/charges/{charge}".format(…))`) and its parameters in an annotation. Both
are read from the source text, and only from the services whose text mentions
the collection that is asked for, so starting costs next to nothing.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import stripe

from tests.strict_stripe.shapes import Record, request_shape

SDK = Path(stripe.__file__).parent


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing the API can be asked to do."""

    verb: str
    template: str
    params_class: tuple[str, str] | None

    @property
    def params(self) -> Record | None:
        return request_shape(*self.params_class) if self.params_class else None

    def match(self, path: str) -> tuple[str, ...] | None:
        """The ids in a path, or None where the path is another operation's."""
        found = _pattern(self.template).fullmatch(path)
        return found.groups() if found else None


class UnknownOperation(LookupError):
    """No service of the SDK asks for this verb and path."""


def find_operation(verb: str, path: str) -> tuple[Operation, tuple[str, ...]]:
    """The operation behind a request line, and the ids its path carries."""
    found = [
        (operation, ids)
        for operation in _operations_of(_collection(path))
        if operation.verb == verb and (ids := operation.match(path)) is not None
    ]
    if not found:
        raise UnknownOperation(verb, path)
    return min(found, key=lambda pair: len(pair[1]))  # `/v1/customers/search` before `/v1/customers/{customer}`


def all_operations() -> list[Operation]:
    """Every operation of the SDK; reading them all takes about a second."""
    found = {operation for file in _service_files() for operation in _read(file)}
    return sorted(found, key=lambda operation: (operation.template, operation.verb))


def _collection(path: str) -> str:
    return "/".join(path.split("/")[:3])


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", template)
    return re.compile("([^/]+)".join(re.escape(part) for part in parts))


@cache
def _service_files() -> dict[Path, str]:
    return {file: file.read_text(encoding="utf-8") for file in sorted(SDK.rglob("_*_service.py"))}


@cache
def _operations_of(collection: str) -> tuple[Operation, ...]:
    mention = re.compile(re.escape(f'"{collection}') + r'["/]')
    return tuple(
        operation
        for file, text in _service_files().items()
        if mention.search(text)
        for operation in _read(file)
        if _collection(operation.template) == collection
    )


@cache
def _read(file: Path) -> tuple[Operation, ...]:
    tree = ast.parse(_service_files()[file])
    places = {
        name.asname or name.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    return tuple(_read_methods(tree, places))


def _read_methods(tree: ast.Module, places: dict[str, str]) -> Iterator[Operation]:
    for method in ast.walk(tree):
        if not isinstance(method, ast.FunctionDef):
            continue
        for call in ast.walk(method):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "self._request":
                verb, template = (_text(argument) for argument in call.args[:2])
                yield Operation(verb, template, _params_class(method, places))


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):  # "…".format(…)
        node = node.func.value
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise TypeError(ast.unparse(node))
    return node.value


def _params_class(method: ast.FunctionDef, places: dict[str, str]) -> tuple[str, str] | None:
    for argument in method.args.args:
        if argument.arg == "params" and argument.annotation:
            names = re.findall(r"\w+Params\b", ast.unparse(argument.annotation))
            return (places[names[0]], names[0]) if names else None
    return None
