"""The prompt: a pure function of the persona for a tier, the evidence and the question."""

from knowledge import Evidence
from models import NumberedSentence, Prompt, Turn
from presence.asking.conversations import Context
from presence.persona.files import Persona


class AboveTier(Exception):
    """Evidence above the listener's tier reached the prompt: a bug elsewhere, stopped here."""


STRICT = (
    "Answer by pointing at the sentences that answer the question, as [1] or [4], best first, with at most a few "
    "short connecting words between them. Never write a fact yourself."
)
ADAPTIVE = (
    "Answer in a few short sentences of your own that say only what those sentences say. After each of yours write the "
    "number of the sentence that it rests on, as [1] or [4]. Keep every name, number and date as it stands."
)


def persona(artist_name: str, voice: Persona | None = None) -> str:
    """What a writer is told of its part; the same for every question of a tier."""
    voice = voice or Persona()
    own = [
        f"Tone: {voice.tone}" if voice.tone else "",
        f"Boundaries: {voice.boundaries}" if voice.boundaries else "",
        *(f"Rule: {rule}" for rule in voice.rules),
    ]
    part = (
        f"You are the presence of {artist_name}, a program that answers from {artist_name}'s own notes. "
        f"You are not {artist_name}. Below are numbered sentences from the notes."
    )
    return " ".join([part, ADAPTIVE if voice.voice == "adaptive" else STRICT, *filter(None, own)])


def compose(
    artist_name: str,
    evidence: Evidence,
    question: str,
    *,
    tier: int,
    voice: Persona | None = None,
    context: Context | None = None,
) -> Prompt:
    """Compose, and refuse anything above the tier a second time."""
    context = context or Context()
    if context.tier > tier or any(sentence.passage.tier > tier for sentence in evidence.sentences):
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
    turns = tuple(Turn(f"Question: {turn.question}\nAnswer:", turn.text) for turn in context.turns if turn.text)
    own_words = voice is not None and voice.voice == "adaptive"
    return Prompt(persona(artist_name, voice), question, numbered, tier, context.ident or "", turns, own_words)
