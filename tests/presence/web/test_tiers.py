"""The page of tiers says what each opens, and nothing of what lies behind."""

from pathlib import Path
from urllib.parse import quote, urlencode

from bs4 import BeautifulSoup

from presence.bootstrap import Services
from tests.nodes import client_of, open_node, take_in, write_notes
from tests.trusting import Artist, key, sign_in
from trustgraph import Tier


def page(node: Services) -> str:
    with client_of(node) as client:
        return client.get("/tiers", headers={"Accept": "text/html"}).text


def test_every_tier_is_told_with_what_it_opens_in_the_artists_words(node: Services) -> None:
    node.people.terms.change(Tier.PUBLIC, questions_per_day=20)
    node.people.terms.change(Tier.CIRCLE, name="the crew", teaser="Half-done <things>.", sentences=1)
    node.people.terms.change(Tier.INNER, may_ask=False)
    shown = page(node)
    assert "20 questions a day" in shown
    assert "◕ the crew" in shown
    assert "Half-done &lt;things&gt;." in shown
    assert "up to 1 sentence from" in shown
    assert "Asking is not open here" in shown
    assert shown.count("you are here") == 1


def test_it_says_how_one_comes_in_as_the_rule_is(node: Services) -> None:
    assert "looks at it" in page(node)
    node.people.rules.set_follow("open")
    assert "in at once" in page(node)


def test_what_lies_above_a_reader_changes_no_byte_of_it(tmp_path: Path) -> None:
    pages = []
    for name, with_more in (("little", False), ("much", True)):
        with open_node(tmp_path / name) as node:
            artist = Artist(node.trust)
            artist.grant(key("ann").did, Tier.FOLLOWER)
            take_in(
                node, write_notes(tmp_path / f"{name}-notes", {"a.md": "---\ntier: public\n---\nThe piano was rented."})
            )
            if with_more:
                notes = {f"{n}.md": f"---\ntitle: Quillfeather {n}\ntier: circle\n---\nA chapel.\n" for n in range(4)}
                take_in(node, write_notes(tmp_path / "secret", notes), tier=3)
                for n in range(3):
                    artist.grant(key(f"friend {n}").did, Tier.INNER)
                    node.people.names.set(key(f"friend {n}").did, f"Quillfeather {n}")
            with client_of(node) as client:
                stranger = [
                    client.get(path, headers={"Accept": "text/html"}).text for path in ("/tiers", "/follow", "/people")
                ]
                sign_in(client, key("ann"))
                follower = client.get("/tiers", headers={"Accept": "text/html"}).text
            pages.append([*stranger, follower])
    assert pages[0] == pages[1]


def test_what_there_is_to_ask_about_is_counted_as_far_as_it_is_open(node: Services, tmp_path: Path) -> None:
    notes = {
        f"{tier}.md": f"---\ntitle: Heron & {tier}\ntier: {tier}\n---\nA chapel.\n" for tier in ("public", "circle")
    }
    take_in(node, write_notes(tmp_path / "notes", notes), tier=None)
    Artist(node.trust).grant(key("ann").did, Tier.CIRCLE)
    with client_of(node) as client:
        stranger = client.get("/tiers", headers={"Accept": "text/html"}).text
        sign_in(client, key("ann"))
        friend = client.get("/tiers", headers={"Accept": "text/html"}).text
    assert counted(stranger) == ["1 note to ask about"]
    assert counted(friend) == [*["1 note to ask about"] * 3, "2 notes to ask about"]
    (begin, *_) = BeautifulSoup(friend, "html.parser").select(".examples-of a")
    assert begin["href"] == f"/?{urlencode({'q': begin.get_text()}, quote_via=quote)}"


def counted(page: str) -> list[str]:
    return [" ".join(one.get_text(" ").split()) for one in BeautifulSoup(page, "html.parser").select(".counts")]


def test_renamed_tiers_are_named_so_everywhere(node: Services) -> None:
    node.people.terms.change(Tier.PUBLIC, name="passers-by")
    with client_of(node) as client:
        assert "○ passers-by" in client.get("/", headers={"Accept": "text/html"}).text or "passers-by" in page(node)
