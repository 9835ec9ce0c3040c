"""Ten questions that somebody would ask an artist: first about what is here already, then what everybody asks."""

from typing import Any

from sqlalchemy import Connection, text

from knowledge.contracts import HIGHEST_TIER, Readers

QUESTIONS = 10
OF_THE_MATERIAL_MAX = 6
EVERYBODY_ASKS = (
    "How did you come to music?",
    "What should somebody hear first who does not know you?",
    "Which night would you play once more, and why?",
    "What was the first record that you bought?",
    "What are you working on now?",
    "Who has taught you the most?",
    "What do you listen for when you choose what comes next?",
    "What is the strangest thing that happened at a show?",
    "Where did you grow up, and what was to be heard there?",
    "What do people ask you all the time?",
    "What do you play on, and why that?",
    "What do you do when nothing comes to you?",
    "Which record of somebody else would you keep of all you have?",
    "What has changed for you since you began?",
    "What would you like to be asked?",
)
_SONG = text(
    """SELECT title, artist, count(*) AS played FROM set_items WHERE title <> '' AND NOT is_unknown
 GROUP BY title, artist ORDER BY played DESC, title, artist LIMIT 2"""
)
_NIGHT = text("""SELECT title, date FROM events WHERE title <> '' ORDER BY date DESC, title LIMIT 1""")
_OPENER = text(
    """SELECT s.title, e.title AS night FROM set_items s JOIN events e ON e.event_key = s.event_key
 WHERE s.position = 1 AND s.title <> '' AND NOT s.is_unknown AND e.title <> '' ORDER BY e.date DESC, s.title LIMIT 1"""
)
_RECORD = text("SELECT title FROM releases WHERE title <> '' ORDER BY date DESC, title LIMIT 1")
_VENUE = text(
    """SELECT venue, count(*) AS nights FROM events WHERE venue <> '' GROUP BY venue
 ORDER BY nights DESC, venue LIMIT 1"""
)
_ANSWERED = text("SELECT title FROM documents WHERE title LIKE '%?'")
_QUOTES = str.maketrans("", "", '“”"')


def first_questions(readers: Readers) -> list[str]:
    """Give ten questions that are not the title of a note yet."""
    with readers(HIGHEST_TIER) as reader:
        answered = {_compared(str(row.title)) for row in reader.execute(_ANSWERED)}
        of_the_material = list(_of_the_material(reader))
    asked = [*of_the_material[:OF_THE_MATERIAL_MAX], *EVERYBODY_ASKS]
    open_ones = [question for question in dict.fromkeys(asked) if _compared(question) not in answered]
    return open_ones[:QUESTIONS]


def _compared(question: str) -> str:
    """Give a question without what the same question may be written with or without."""
    return question.casefold().translate(_QUOTES)


def _of_the_material(reader: Connection) -> list[str]:
    forms: tuple[tuple[Any, str], ...] = (
        (_NIGHT, "What do you remember of “{title}”?"),
        (_OPENER, "Why did you open “{night}” with “{title}”?"),
        (_SONG, "What does “{title}” mean to you?"),
        (_RECORD, "How was “{title}” made?"),
        (_VENUE, "What is it like to play at {venue}?"),
    )
    return [form.format(**row) for query, form in forms for row in reader.execute(query).mappings()]
