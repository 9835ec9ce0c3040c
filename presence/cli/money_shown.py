"""How money looks in a terminal."""

from typing import Any

import typer

from presence.cli.shown import Shown, console


class MoneyShown(Shown):
    """Shows wallets, books, prices, splits and receipts, one line each."""

    def _wallet(self, told: dict[str, Any]) -> None:
        until = f" until {told['gift_until']}" if told["gift_until"] else ""
        given = f", {told['gift']} of it given{until}" if told["gift"] else ""
        console.print(f"{told['owner']}", markup=False)
        console.print(f"to spend   {told['available']}{given}; {told['set_aside']} set aside", markup=False)
        limits = [f"{told[f'{period}_max']} a {period}" for period in ("day", "month") if told[f"{period}_max"]]
        if limits:
            console.print(f"her limits {' and '.join(limits)}", markup=False)
        if told["closed_because"] is not None:
            console.print(f"CLOSED     {told['closed_because']}", markup=False)

    def _wallet_line(self, told: dict[str, Any]) -> None:
        receipt = f"  receipt {told['receipt']}" if told["receipt"] else ""
        console.print(f"{told['at']}  {told['amount']:>12}  {told['kind']}{receipt}", markup=False)

    def _audited(self, told: dict[str, Any]) -> None:
        verdict = "The books are right" if not told["wrong"] else f"{told['wrong']} things are wrong"
        counted = f"{told['transactions']:,} transactions, {told['wallets']:,} wallets, {told['receipts']:,} receipts"
        console.print(f"{verdict}: {counted}", markup=False)

    def _ledger_line(self, told: dict[str, Any]) -> None:
        typer.echo(told["text"])

    def _ledger_written(self, told: dict[str, Any]) -> None:
        console.print(f"{told['lines']:,} lines in {told['path']}", markup=False)

    def _prices(self, told: dict[str, Any]) -> None:
        if told["version"] == "free":
            console.print("No prices are set: everything is free. Set some: presence prices set FILE.toml")
            return
        first = f"; the first {told['free']['first']:,} free" if told["free"]["first"] else ""
        monthly = "".join(f"; {count:,} a month free for {tier}" for tier, count in told["free"]["month"].items())
        console.print(f"list {told['version']} in {told['currency'].upper()}{first}{monthly}", markup=False)

    def _act(self, told: dict[str, Any]) -> None:
        for price in told["prices"]:
            who = " ".join(filter(None, [price["tier"], price["writer"]])) or "everybody"
            console.print(f"{told['act']:<10} {who:<20} {price['shown']}", markup=False)
        if told["own_at"]:
            console.print(f"{'':<10} hers from {told['own_at']} on about the same thing", markup=False)
        if told["buys"]:
            console.print(f"{'':<10} paid once, hers", markup=False)

    def _party(self, told: dict[str, Any]) -> None:
        console.print(f"{told['id']}  {told['name']}  {told['owed']} to be paid", markup=False)

    def _paid_out(self, told: dict[str, Any]) -> None:
        console.print(f"{told['amount']} paid; {told['owed']} are carried", markup=False)

    def _refunded(self, told: dict[str, Any]) -> None:
        console.print(f"{told['amount']} go back to {told['owner']}", markup=False)

    def _alarm(self, told: dict[str, Any]) -> None:
        console.print(f"{told['at']}  {told['sentence']}", markup=False)

    def _party_link(self, told: dict[str, Any]) -> None:
        console.print(f"{told['id']}  {told['name']}\n\n  {told['link']}\n", markup=False)
        console.print("This is shown once. By it she agrees, and sees what she earns.", style="dim")

    def _split(self, told: dict[str, Any]) -> None:
        stands = "ended" if told["ended"] else "agreed" if told["agreed"] else "not agreed by all yet"
        shares = ", ".join(f"{one['name']} {one['hundredths'] / 100:g} %" for one in told["shares"])
        console.print(f"{told['version']}  {told['scope']}  {shares}  {stands}", markup=False)

    def _receipt_listed(self, told: dict[str, Any]) -> None:
        published = "in the log" if told["leaf"] is not None else "not published yet"
        line = f"{told['at']}  {told['amount']:>10}  {told['act']:<9}  {told['id']}  {published}  {told['payer']}"
        console.print(line, markup=False)

    def _receipt_holds(self, told: dict[str, Any]) -> None:
        console.print(f"✓ signed: {told['amount']} on {told['at']}, {told['act']}, id {told['id']}", markup=False)
        for name in told["opened"]:
            console.print(f"✓ the {name} is who or what the copy says", markup=False)
        if told["log_size"] is None:
            console.print("– not in the public log yet: get a newer copy", markup=False)
        else:
            console.print(f"✓ in the public log, entry {told['leaf']:,} of {told['log_size']:,}", markup=False)

    def _cosigned(self, told: dict[str, Any]) -> None:
        since = (
            f"{told['before']:,} entries were signed before" if told["before"] else "it is signed for the first time"
        )
        console.print(f"The log {told['log']} holds, with {told['size']:,} entries: {since}.", markup=False)
