"""Tests of letters and pushes in French: in the reader's language where she asks now, later in that of the house."""

from pathlib import Path

from presence.telling.events import Event
from presence.telling.kinds import Kind
from presence.telling.words import Stop, Words
from tests.mailing import USER, mailroom, text_of
from tests.nodes import client_of, open_node

UNTIL = 1_563_062_400.0  # 14 July 2019


def event(kind: Kind) -> Event:
    return Event("did:key:z", kind, "about", "/answers/x", 0.0, UNTIL)


def test_a_letter_is_written_in_the_language_of_the_house() -> None:
    words = Words(lambda: "Ada Marsh", "fr")
    stop = Stop(Kind.TIER_ENDS_SOON, "https://ada.example/stop")
    letter = words.letter("a@b.example", [event(Kind.TIER_ENDS_SOON)], "https://ada.example", [stop], "https://one")
    assert letter.subject == "Ce qui vous est ouvert chez la présence d’Ada Marsh se termine le 14 juillet 2019"
    assert "Comment continuer, vous le voyez ici" in letter.text
    assert "Arrêter les mails sur ce qui se termine bientôt" in letter.text
    assert words.pushed([event(Kind.SHE_IS_HERE)]) == "Ada Marsh est là en ce moment"


def test_in_english_it_is_as_it_was() -> None:
    words = Words(lambda: "Ada Marsh")
    assert words.title(event(Kind.TIER_ENDS_SOON)).endswith("ends on 14 July 2019")
    assert words.pushed([event(Kind.QUESTION_ANSWERED)]) == "Ada Marsh has answered your question"


def test_a_way_in_by_mail_is_written_in_the_language_of_who_asks_for_it(tmp_path: Path) -> None:
    with mailroom() as room, open_node(tmp_path, smtp_url=room.url, mail_from=USER) as services:
        with client_of(services) as reader:
            asked = {"email": "fan@example.org"}
            assert reader.post("/sign-in", data=asked, headers={"Accept-Language": "fr"}).status_code == 200
        letter = room.next()
    assert letter["Subject"] == "Votre entrée chez la présence d’Ada Marsh"
    assert "Le lien sert une fois." in text_of(letter)
