"""Prompts for tests of writers."""

from models import NumberedSentence, Prompt

TEXTS = (
    "I wrote Pilot Ladder on a rented piano.",
    "The piano had two dead keys.",
    "Both of them were B flat.",
    "Nobody in the house slept that week.",
)


def numbered(
    number: int, text: str = "A sentence.", *, passage: str = "one", position: int = 0, relevance: float = 0.5
) -> NumberedSentence:
    """Number one sentence as the desk would."""
    return NumberedSentence(number, text, "Ada Marsh", "The rented piano", "2019-03-04", passage, position, relevance)


def prompt_of(*texts: str, question: str = "Where was it written?") -> Prompt:
    """Ask about these sentences, the most telling first."""
    sentences = tuple(
        numbered(number, text, position=number, relevance=1.0 / number) for number, text in enumerate(texts, start=1)
    )
    return Prompt("Answer by pointing at sentences.", question, sentences)
