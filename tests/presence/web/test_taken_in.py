"""How a row of a file is shown: the head of a note as its fields, anything else as it stands."""

from pathlib import Path

from bs4 import BeautifulSoup

from presence.web.taken_in import fields_of
from tests.nodes import client_of, open_node, take_in, write_notes

NOTE = """---
title: The Ice House Inventory
date: 2018-10-05
kind: release
tier: public
catalogue_number: BOL 019
---
"""


def test_a_head_is_its_fields() -> None:
    assert fields_of("title: Low Tide\ncatalogue_number: BOL 019\nlabel:\n") == [
        ("title", "Low Tide"),
        ("catalogue number", "BOL 019"),
    ]


def test_what_is_no_head_has_none() -> None:
    for raw in ("[0:00:00] Sister Tin - Allotment", "title: one line", "a: b\nWe played on the deck.", "", "a,b\nc,d"):
        assert fields_of(raw) == []


def test_the_page_of_a_record_shows_the_head_as_fields(tmp_path: Path) -> None:
    with open_node(tmp_path / "home") as services:
        take_in(services, write_notes(tmp_path / "notes", {"record.md": f"{NOTE}A cold room in Leeds.\n"}), tier=None)
        (record,) = services.leaves.releases(0)
        with client_of(services) as client:
            page = BeautifulSoup(client.get(f"/releases/{record.ident}").text, "html.parser")
            row = BeautifulSoup(client.get(f"/rows/{record.ident}").text, "html.parser")
    for shown in (page, row):
        fields = {one.dt.get_text(): one.dd.get_text() for one in shown.select(".taken-in div") if one.dt and one.dd}
        assert fields["catalogue number"] == "BOL 019"
        assert "catalogue_number" not in shown.get_text()
