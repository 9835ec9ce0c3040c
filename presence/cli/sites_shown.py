"""How sites look in a terminal."""

from typing import Any

from presence.cli.shown import Shown, console


class SitesShown(Shown):
    """Shows the artist's sites and those that may show the room."""

    def _own_site(self, told: dict[str, Any]) -> None:
        mark = "✓" if told["confirmed"] else "!"
        console.print(f"{mark} {told['address']}  {'confirmed' if told['confirmed'] else told['why']}", markup=False)

    def _embed_site(self, told: dict[str, Any]) -> None:
        numbers = f"{told['per_visitor']:,} questions a day from one visitor, {told['per_day']:,} from all"
        console.print(f"{told['origin']}  {numbers}", markup=False)
        console.print(f"    {told['tag']}", style="dim", markup=False, soft_wrap=True)

    def _site_removed(self, told: dict[str, Any]) -> None:
        console.print(f"✓ {told['address']} is off the list", markup=False)
