"""Answers that cited what is gone are found and flagged; those that still hold are left alone."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete

from knowledge.facts.tables import STATEMENTS, mentions
from knowledge.tables import documents, passages
from presence.asking.answering import Ticket
from presence.asking.contracts import Listener
from presence.asking.question import Question
from presence.bootstrap import Services
from presence.errors import TierTooLow
from presence.migrations.cited_before import cited_before
from presence.tables import citations
from tests.knowledge.notes import note, quotes, tell, texts
from tests.nodes import client_of, take_in, write_notes
from trustgraph import Tier

STRANGER = Listener("anon:stranger")
PIANO = "I wrote Pilot Ladder on a rented piano in Leeds."
ORGAN = "I wrote Pilot Ladder on a borrowed organ in York."
WHERE = "Where did you write Pilot Ladder?"
SHOWS = "date,venue,city\n1977-05-08,Barton Hall,Ithaca\n1978-05-08,Old Mill,Leeds\n"
SITE = Path(__file__).parents[4] / "shared" / "data" / "artist-site"


def asked(services: Services, question: str = WHERE, listener: Listener = STRANGER) -> str:
    ticket = services.counter.open(Question(question, listener))
    assert isinstance(ticket, Ticket)
    services.desk.start(ticket).result(10)
    return ticket.ident


def cited(services: Services, ident: str, listener: Listener = STRANGER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = services.answers.read(ident, listener)["citations"]
    return found


def stale(services: Services) -> list[str]:
    return [one.ident for one in services.answers.past(stale=True)]


def test_an_answer_that_holds_is_not_flagged(both: Services, tmp_path: Path) -> None:
    tell(both, tmp_path / "notes", a=note(PIANO))
    ident = asked(both)
    assert [one.get("withdrawn") for one in cited(both, ident)] == [None]
    assert stale(both) == []
    assert [one.ident for one in both.answers.past()] == [ident]


def test_a_note_that_is_taken_back_flags_the_answer_until_it_is_shown_again(both: Services, tmp_path: Path) -> None:
    tell(both, tmp_path / "notes", a=note(PIANO))
    ident = asked(both)
    (only,) = both.library.shelf.notes()
    both.library.shelf.retract(only.ident)
    assert [one.get("withdrawn") for one in cited(both, ident)] == [True]
    (past,) = both.answers.past(stale=True)
    assert (past.ident, past.question, past.withdrawn[0]["quote"]) == (ident, WHERE, PIANO)
    both.library.shelf.restore(only.ident)
    assert [one.get("withdrawn") for one in cited(both, ident)] == [None]
    assert stale(both) == []


def test_an_edited_sentence_flags_and_an_untouched_one_leads_to_its_new_place(both: Services, tmp_path: Path) -> None:
    other = "Nobody in the house slept that week of the tide tables."
    tell(both, tmp_path / "notes", a=note(f"{PIANO} {other}"))
    first, second = asked(both), asked(both, "Who slept that week of the tide tables?")
    before = {one["quote"]: one["url"] for one in cited(both, second)}
    tell(both, tmp_path / "notes", a=note(f"{other} {ORGAN}"))
    flagged = {one["quote"]: one.get("withdrawn") for one in cited(both, first)}
    assert flagged[PIANO] is True
    after = {one["quote"]: one for one in cited(both, second)}
    assert "withdrawn" not in after[other]
    assert after[other]["url"] != before[other]
    with client_of(both) as client:
        assert other in client.get(after[other]["url"]).text
    assert first in stale(both)


def test_counted_rows_are_flagged_like_sentences(both: Services, tmp_path: Path) -> None:
    take_in(both, write_notes(tmp_path / "notes", {"shows.csv": SHOWS}), tier=0)
    ident = asked(both, "When did you play at Barton Hall?")
    assert [one["kind"] for one in cited(both, ident)] == ["fact"]
    take_in(both, write_notes(tmp_path / "notes", {"shows.csv": SHOWS + "1979-05-08,Old Mill,Leeds\n"}), tier=0)
    assert "withdrawn" not in cited(both, ident)[0]
    gone = SHOWS.replace("1977-05-08", "1977-05-09")
    take_in(both, write_notes(tmp_path / "notes", {"shows.csv": gone}), tier=0)
    assert cited(both, ident)[0]["withdrawn"] is True
    assert stale(both) == [ident]


def test_a_note_moved_above_the_asker_closes_the_answer_at_once(both: Services, tmp_path: Path) -> None:
    tell(both, tmp_path / "notes", a=note(PIANO))
    ident = asked(both)
    (only,) = both.library.shelf.notes()
    both.library.shelf.retier(only.ident, 3)
    with pytest.raises(TierTooLow):
        both.answers.read(ident, STRANGER)
    assert stale(both) == [ident]
    both.library.shelf.retier(only.ident, 0)
    assert [one.get("withdrawn") for one in cited(both, ident)] == [None]


def test_a_note_moved_away_looks_like_one_that_never_was(both: Services, tmp_path: Path) -> None:
    tell(both, tmp_path / "notes", a=note(PIANO))
    with client_of(both) as client:
        page = client.post("/ask", data={"question": WHERE}).url.path
        addresses = [
            page,
            f"/api/questions/{page.rsplit('/', 1)[1]}",
            f"/api/questions/{page.rsplit('/', 1)[1]}/events",
        ]
        (only,) = both.library.shelf.notes()
        both.library.shelf.retier(only.ident, 3)
        moved = [client.get(address) for address in addresses]
        both.lane.run(_forget_all)
        gone = [client.get(address) for address in addresses]
        assert [one.status_code for one in moved] == [403, 403, 403]
        assert [(one.status_code, one.content) for one in gone] == [(one.status_code, one.content) for one in moved]


def _forget_all(owner: Connection) -> None:
    for table in (passages, mentions, *STATEMENTS, documents):
        owner.execute(delete(table))


def test_words_that_stand_only_above_the_reader_are_gone_for_her(both: Services, tmp_path: Path) -> None:
    tell(both, tmp_path / "notes", a=note(PIANO))
    ident = asked(both)
    tell(both, tmp_path / "notes", a=note(PIANO, tier="circle"))
    assert [one.get("withdrawn") for one in cited(both, ident)] == [True]


def test_the_page_says_what_changed(node: Services, tmp_path: Path) -> None:
    tell(node, tmp_path / "notes", a=note(PIANO))
    with client_of(node) as client:
        page = client.post("/ask", data={"question": WHERE})
        assert "changed since" not in page.text
        tell(node, tmp_path / "notes", a=note(ORGAN))
        again = client.get(page.url.path)
        assert "changed since" in again.text
        assert "changed since" in client.get(f"{page.url.path}/fragment").text
        answer = client.get(f"/api/questions/{page.url.path.rsplit('/', 1)[1]}").json()
        assert answer["citations"][0]["withdrawn"] is True


def test_answers_from_before_are_read_back_from_their_links(both: Services, tmp_path: Path) -> None:
    tell(both, tmp_path / "notes", a=note(PIANO))
    asked(both)
    with both.database.records() as records:
        before = [tuple(row) for row in records.execute(citations.select())]
        assert cited_before(records) == []
    assert before
    both.lane.run(lambda owner: owner.execute(citations.delete()))
    with both.database.records() as records:
        assert [tuple(row.values()) for row in cited_before(records)] == before


def test_the_operator_sees_an_answer_as_the_tier_she_looks_through(node: Services, tmp_path: Path) -> None:
    tell(node, tmp_path / "notes", a=note(PIANO, tier="circle"))
    circle = node.local.listener_as(Tier.CIRCLE)
    ident = asked(node, listener=circle)
    assert [one.get("withdrawn") for one in cited(node, ident, circle)] == [None]
    assert stale(node) == []


@pytest.mark.skipif(not SITE.exists(), reason="the essay is not at hand")
def test_an_essay_that_its_author_corrected_is_quoted_as_it_is_now(node: Services, tmp_path: Path) -> None:
    name = "2020-10-23-streaming-to-the-masses.md"
    place = tmp_path / "site" / name
    place.parent.mkdir()
    shutil.copy(SITE / "basspistol-earlier" / name, place)
    take_in(node, place)
    before = sentences(node)
    answers = {one: asked(node, " ".join(one.split())) for one in before}
    shutil.copy(SITE / "basspistol" / "_posts" / name, place)
    take_in(node, place)
    corrected = set(before) - set(sentences(node))
    assert len(corrected) >= 5
    kept = {one: ident for one, ident in answers.items() if one not in corrected}
    assert len(kept) > 20
    now = sentences(node)  # of somebody else's, the first words alone are quoted
    for said in answers:
        assert all(is_said(quote, now) for quote in quotes(node, " ".join(said.split())))
    for ident in answers.values():
        assert all(is_said(one["quote"], now) != one.get("withdrawn", False) for one in cited(node, ident))
    assert {answers[one] for one in corrected if cites(node, answers[one], one)} <= set(stale(node))
    assert any(cites(node, answers[one], one) for one in corrected)


def cites(services: Services, ident: str, sentence: str) -> bool:
    return any(sentence.startswith(one["quote"]) and one.get("withdrawn") for one in cited(services, ident))


def is_said(quote: str, sentences: list[str]) -> bool:
    return any(sentence.startswith(quote) for sentence in sentences)


def sentences(services: Services) -> list[str]:
    from sqlalchemy import text

    from knowledge.candidates import sentence_places

    with services.database.reader(0) as reader:
        rows = reader.execute(text("SELECT text, sentences FROM passages")).all()
    assert len(texts(services, 0)) == len(rows)
    return [row.text[start:end] for row in rows for start, end, *_ in sentence_places(row.sentences)]
