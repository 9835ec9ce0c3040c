"""How deeds look in a terminal: bars where somebody watches, lines where a script reads."""

import json
from types import TracebackType
from typing import Any, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from presence.cli.tally import Tally

MARKS = {"ok": "✓", "unchanged": "=", "partial": "~", "refused": "✗"}
console = Console(highlight=False, soft_wrap=True, emoji=False)


class Shown:
    """Takes what a deed tells; a context manager, so that a bar is always taken down."""

    def __init__(self, *, as_json: bool = False) -> None:
        self._as_json = as_json
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._tally = Tally()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._take_down()

    def __call__(self, told: dict[str, Any]) -> None:
        """Show one thing that was told."""
        if self._as_json:
            if told["event"] not in ("step", "embedded"):
                typer.echo(json.dumps(told, ensure_ascii=False))
            return
        show = getattr(self, f"_{told['event']}", None)
        if show is not None:
            show(told)

    def _step(self, told: dict[str, Any]) -> None:
        inside = told["passages_done"] / told["passages"] if told["passages"] else 0.0
        self._progress(told["files_done"] + inside, told["files"], told["name"])

    def _file(self, told: dict[str, Any]) -> None:
        where = f" → {told['tier']}" if told["tier"] else ""
        remarks = " ".join(told["remarks"])
        out = self._bar.console if self._bar else console
        out.print(f"{MARKS[told['status']]} {told['name']}{where}  {remarks}", markup=False)
        self._tally.add(told["name"], told["status"])
        self._progress(told["files_done"], told["files"], told["name"])

    def _fetched(self, told: dict[str, Any]) -> None:
        console.print(f"↓ {told['name']}", markup=False)

    def _unfetched(self, told: dict[str, Any]) -> None:
        console.print(f"✗ {told['name']}  {told['why']}", markup=False)

    def _imported(self, told: dict[str, Any]) -> None:
        self._take_down()
        for line in self._tally.lines():
            console.print(line, markup=False)
        counted = ", ".join(f"{told[status]} {status}" for status in MARKS if told[status])
        replaced = f", {told['replaced']} replaced" if told["replaced"] else ""
        rows = f", {told['statements']:,} rows" if told.get("statements") else ""
        passages = f"{told['passages']:,} passages{rows}"
        console.print(f"{counted or 'nothing'}{replaced}: {passages} in {told['seconds']} s")

    def _embedded(self, told: dict[str, Any]) -> None:
        self._progress(told["done"], told["whole"], "embedding")

    def _reindexed(self, told: dict[str, Any]) -> None:
        self._take_down()
        console.print(f"{told['passages']} passages indexed anew")

    def _finding(self, told: dict[str, Any]) -> None:
        console.print(f"! {told['sentence']}", markup=False)

    def _checked(self, told: dict[str, Any]) -> None:
        verdict = "All is well" if not told["findings"] else f"{told['findings']} things to look at"
        console.print(
            f"{verdict}: {told['documents']} documents, {told['passages']} passages, {told['database']}, "
            f"writer {told['writer']}, language engine: {told['engine']}"
        )
        if told.get("embedding") is not None:
            console.print("embedding anew: {done} of {whole} passages".format_map(told["embedding"]))
        console.print(f"engine: {told['engine_build']}", markup=False)

    def _status(self, told: dict[str, Any]) -> None:
        console.print(f"looking through {told['notes']} notes …", style="dim")

    def _human(self, told: dict[str, Any]) -> None:
        console.print(f"{told['by']}: {' '.join(told['text'].split())}", style="bold", markup=False)

    def _receipt(self, told: dict[str, Any]) -> None:
        paid = f"{told['micros'] / 1_000_000:.6f}".rstrip("0").rstrip(".")
        console.print(f"paid {paid} {told['currency'].upper()}, receipt {told['id']}", style="dim", markup=False)

    def _kept(self, told: dict[str, Any]) -> None:
        console.print(f"receipt in {told['file']}", style="dim", markup=False)

    def _sentence(self, told: dict[str, Any]) -> None:
        marks = "".join(f" [{n}]" for n in told["citations"])
        console.print(" ".join(told["text"].split()) + marks, markup=False)

    def _answer(self, told: dict[str, Any]) -> None:
        for cited in told["citations"]:
            date = f", {cited['date']}" if cited["date"] else ""
            at = cited["locator"]
            time = f" at {at['time']}" if "time" in at else f" {at['place']}" if "place" in at else ""
            place = f"{at['file']}:{at['line']}{time}" if "line" in at else f"{at['file']}{time}"
            line = f"  [{cited['n']}] {cited['title']} ({cited['speaker']}{date}) {place}"
            console.print(line, style="dim", markup=False)
        if told.get("recommended"):
            console.print(f"  recommended: {told['recommended']['name']}", markup=False)
        ending = told.get("message") or {
            "not_in_notes": "That is not in the notes.",
            "failed": "Something failed here; it cost nothing.",
            "stopped": "Stopped.",
            "revoked": "This is not open any more.",
        }.get(told["outcome"])
        if ending:
            console.print(ending)
        for near in told.get("nearest", ()):
            console.print(f"  nearest: {near['title']} {near['date']}", style="dim", markup=False)
        for choice in told.get("choices", ()):
            console.print(f"  perhaps: {choice}", style="dim", markup=False)

    def _progress(self, done: float, whole: float, name: str) -> None:
        if not console.is_terminal:
            return
        if self._bar is None:
            columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
            self._bar = Progress(*columns, console=console, transient=True)
            self._task = self._bar.add_task(name, total=whole)
            self._bar.start()
        if self._task is not None:
            self._bar.update(self._task, completed=done, total=whole, description=name[:40])

    def _take_down(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
