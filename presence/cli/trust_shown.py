"""How trust looks in a terminal."""

import time
from typing import Any

from presence.cli.shown import Shown, console


class TrustShown(Shown):
    """Shows people, keys and what was signed, one line each."""

    def _trust(self, told: dict[str, Any]) -> None:
        if told["root"] is None:
            console.print("There is no artist's key here yet. Make one: presence keys new")
            return
        console.print(f"artist    {told['root']}", markup=False)
        console.print(f"key       {told['artist']}", markup=False)
        console.print(f"log       {told['seq']:,} entries, head {told['head']}", markup=False)
        if told["takes_effect_at"]:
            console.print(f"recovery  another key is yours from {_day(told['takes_effect_at'])} on, unless you end it")
        if told["doubt"]:
            console.print(f"IN DOUBT  {told['doubt']} Everybody is public.", markup=False)

    def _role(self, told: dict[str, Any]) -> None:
        until = f"until {_day(told['until'])}" if told["until"] else "no right (any more): presence keys renew"
        console.print(f"{told['role']:<9} {told['did'] or 'no key'}  {until}", markup=False)

    def _recovery_key(self, told: dict[str, Any]) -> None:
        console.print(f"recovery  {told['did']}", markup=False)

    def _person(self, told: dict[str, Any]) -> None:
        until = f"until {_day(told['until'])}" if told["until"] else "not any more"
        console.print(f"{told['tier']:<9}  {told['did']}  {until}  by {told['via']}  {told['grant']}", markup=False)

    def _accepted(self, told: dict[str, Any]) -> None:
        console.print(f"{told['id']}  entry {told['seq']:,}{'' if told['new'] else ', as before'}", markup=False)

    def _exported(self, told: dict[str, Any]) -> None:
        console.print(f"{told['entries']:,} entries in {told['path']}", markup=False)

    def _taken_in(self, told: dict[str, Any]) -> None:
        console.print(f"{told['entries']:,} entries of {told['root']}", markup=False)

    def _verified(self, told: dict[str, Any]) -> None:
        console.print(
            f"{told['entries']:,} entries of {told['root']} hold together. Head {told['head']}.", markup=False
        )
        vouched = f"The artist vouches for entry {told['signed_to']:,}." if told["signed_to"] else None
        console.print(vouched or "The artist has not vouched for any head of it.", markup=False)
        for person in told["people"]:
            console.print(f"{person['tier']:<9}  {person['did']}", markup=False)


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))
