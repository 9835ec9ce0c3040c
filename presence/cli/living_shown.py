"""How notes, imports, previews and the inbox look in a terminal."""

from typing import Any

from rich.markup import escape
from rich.table import Table

from presence.cli.shown import MARKS, Shown, console

ROWS_MAX = 200
"""Of a preview; what was read whole is then left out first."""


class LivingShown(Shown):
    """Shows what is there, one line each."""

    def _note(self, told: dict[str, Any]) -> None:
        state = "" if told["state"] == "shown" else f"  ({told['state']})"
        part = f" · {told['part']}" if told["part"] else ""
        line = f"{told['id']}  {told['tier']:<9}  {told['title']}{_date(told)}  {told['file']}{part}{state}"
        console.print(line, markup=False)

    def _open_note(self, told: dict[str, Any]) -> None:
        self._note(told)
        console.print()
        console.print(told["text"] or "\n".join(told["rows"]), markup=False)

    def _note_changed(self, told: dict[str, Any]) -> None:
        console.print(f"{told['title']}: {told['state']}, {told['tier']}", markup=False)

    def _past_import(self, told: dict[str, Any]) -> None:
        undone = "  (undone)" if told["undone_at"] else ""
        replaced = f", {told['replaced']} replaced" if told["replaced"] else ""
        counts = f"{told['shown']} of {told['notes']} notes shown{replaced}"
        console.print(f"{told['import']}  {told['taken_in_at']}  {told['label']}  {counts}{undone}", markup=False)

    def _undone(self, told: dict[str, Any]) -> None:
        console.print(f"undone: {told['set_aside']} notes taken back, {told['again']} shown again")

    def _group(self, told: dict[str, Any]) -> None:
        tiers = ", ".join(f"{count} {tier}" for tier, count in told["tiers"].items())
        console.print(f"{told['group']}  {told['count']}×  {told['question']}  ({tiers})", markup=False)
        for question in told["questions"]:
            if question != told["question"]:
                console.print(f"          {question}", style="dim", markup=False)

    def _group_settled(self, told: dict[str, Any]) -> None:
        console.print(f"{told['state']}: {told['question']}", markup=False)
        if told["unheard"]:
            console.print(f"{told['unheard']} of {told['count']} asked from a tier that does not see it.")

    def _past_answer(self, told: dict[str, Any]) -> None:
        console.print(f"{told['id']}  {told['asked_at']}  {told['tier']:<9}  {told['question']}", markup=False)
        for cited in told["withdrawn"]:
            console.print(f"  [{cited['n']}] said no more: {cited['quote']}", style="dim", markup=False)


class PreviewShown(LivingShown):
    """Shows a preview as one table; nothing else while it is made but how far it is."""

    import_id: str | None = None

    def __call__(self, told: dict[str, Any]) -> None:
        """Remember which import waits, and show what is told."""
        if told["event"] == "preview":
            self.import_id = told["import"]
        super().__call__(told)

    def _file(self, told: dict[str, Any]) -> None:
        self._progress(told["files_done"], told["files"], told["name"])

    def _preview(self, told: dict[str, Any]) -> None:
        self._take_down()
        table = Table(box=None, pad_edge=False)
        for heading in ("", "file", "who", "passages", "rows", "remarks"):
            table.add_column(heading, overflow="fold", justify="right" if heading in ("passages", "rows") else "left")
        files = told["files"]
        if len(files) > ROWS_MAX:
            files = sorted(files, key=lambda file: file["status"] in ("ok", "unchanged"))[:ROWS_MAX]
        for file in files:
            counts = str(file["passages"] or ""), str(file["statements"] or "")
            remarks = escape(" ".join(file["remarks"]))
            table.add_row(MARKS[file["status"]], escape(file["name"]), file["tier"] or "", *counts, remarks)
        console.print(table)
        if len(told["files"]) > ROWS_MAX:
            console.print(f"… and {len(told['files']) - ROWS_MAX} files more")
        counted = ", ".join(f"{told[status]} {status}" for status in MARKS if told[status])
        replaced = f"; it would replace {told['replaced']} notes" if told["replaced"] else ""
        console.print(f"{counted}: {told['passages']} passages, {told['statements']} rows{replaced}")

    def _discarded(self, _told: dict[str, Any]) -> None:
        console.print("Nothing was taken in.")


def _date(told: dict[str, Any]) -> str:
    return f", {told['date']}" if told["date"] else ""
