"""The prompt: a pure function of the persona for a tier, the evidence and the question."""

from knowledge import Evidence
from models import NumberedSentence, Prompt


class AboveTier(Exception):
    """Evidence above the listener's tier reached the prompt: a bug elsewhere, stopped here."""


def persona(artist_name: str) -> str:
    """What a writer is told of its part; the same for every question."""
    return (
        f"You are the presence of {artist_name}, a program that answers from {artist_name}'s own notes. "
        f"You are not {artist_name}. Below are numbered sentences from the notes. Answer by pointing at the "
        "sentences that answer the question, as [1] or [4], best first, with at most a few short connecting "
        "words between them. Never write a fact yourself."
    )


def compose(artist_name: str, evidence: Evidence, question: str, *, tier: int) -> Prompt:
    """Compose, and refuse anything above the tier a second time."""
    if any(sentence.passage.tier > tier for sentence in evidence.sentences):
        raise AboveTier
    numbered = tuple(
        NumberedSentence(
            number,
            sentence.text,
            sentence.passage.speaker,
            sentence.passage.title,
            sentence.passage.date,
            sentence.passage.ident,
            sentence.index,
            sentence.relevance,
        )
        for number, sentence in enumerate(evidence.sentences, start=1)
    )
    return Prompt(persona(artist_name), question, numbered, tier)
