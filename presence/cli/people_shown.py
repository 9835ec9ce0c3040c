"""How people and their ways in look in a terminal."""

import sys
from typing import Any

from presence.cli.shown import Shown, console


class PeopleShown(Shown):
    """Shows terms, links, requests and places."""

    def _terms(self, told: dict[str, Any]) -> None:
        per_day = (
            f"{told['questions_per_day']:,} questions a day" if told["questions_per_day"] else "no limit of questions"
        )
        if told["sentences_per_day"]:
            per_day += f", {told['sentences_per_day']:,} sentences a day"
        asks = per_day if told["may_ask"] else "may not ask"
        remembers = "may remember" if told["remembers"] else "remembers nothing"
        line = f"{told['tier']:<9}  “{told['name']}”  {asks}, up to {told['sentences']} sentences, {remembers}"
        console.print(line, markup=False)
        if told["teaser"]:
            console.print(f"           {told['teaser']}", style="dim", markup=False)

    def _invite_made(self, told: dict[str, Any]) -> None:
        self._invite(told)
        if not told["door"]:
            console.print("The door is shut: nobody comes in by this link before `presence keys renew`.", markup=False)
        console.print(f"\n  {told['link']}\n", markup=False)
        console.print("This is shown once. Here it is kept only in a form that nobody can read.", style="dim")
        _draw(told["link"])

    def _invite(self, told: dict[str, Any]) -> None:
        stands = "open" if told["open"] else told["why"]
        came = f"{told['taken']:,} of {told['people']:,}"
        console.print(f"{told['id']}  {came}  until {told['until']}  {told['label']}  {stands}", markup=False)

    def _request(self, told: dict[str, Any]) -> None:
        more = f"  asks for {told['tier']}: sign with `presence tier grant`" if told["needs_artist"] else ""
        console.print(f"{told['did']}  {told['name'] or 'no name'}  {told['asked_at']}{more}", markup=False)
        if told["words"]:
            console.print(f"    “{told['words']}”", style="dim", markup=False)
        for sentence in told["odd"]:
            console.print(f"    ! {sentence}", markup=False)

    def _let_in(self, told: dict[str, Any]) -> None:
        console.print(f"✓ {told['name']} is let in", markup=False)

    def _for_artist(self, told: dict[str, Any]) -> None:
        console.print(
            f"! {told['name']} asks for more than a follower: presence tier grant {told['did']}", markup=False
        )

    def _not_let_in(self, told: dict[str, Any]) -> None:
        console.print(f"✗ {told['name']}: {told['why']}", markup=False)

    def _dismissed(self, told: dict[str, Any]) -> None:
        console.print(f"{told['count']} put away; nobody is told")

    def _rule(self, told: dict[str, Any]) -> None:
        per_day = f", {told['per_day']:,} a day at most" if told.get("per_day") and told["value"] == "open" else ""
        console.print(f"{told['name']}  {told['value']}{per_day}", markup=False)

    def _kept(self, told: dict[str, Any]) -> None:
        how = "is let in at once" if told["door_can"] else "is put before you, to be signed"
        console.print(f"A place as {told['tier']} until {told['until']}; who proves the address {how}.", markup=False)

    def _place(self, told: dict[str, Any]) -> None:
        taken = f"  taken by {told['taken_by']}" if told["taken_by"] else ""
        console.print(f"{told['tier']:<9}  {told['label'] or 'no label'}  until {told['until']}{taken}", markup=False)


def _draw(link: str) -> None:
    """Draw a code for cameras where somebody sees it."""
    if not sys.stdout.isatty():
        return
    import segno

    segno.make(link, error="l", micro=False).terminal(compact=True)
