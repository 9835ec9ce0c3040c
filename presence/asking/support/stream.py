"""Sentences of a text that is still being written, each as soon as it is complete."""

from collections.abc import Iterable, Iterator

from knowledge.sentences import sentence_spans


def sentences_of(pieces: Iterable[str]) -> Iterator[str]:
    """Give each sentence once the next one has begun, and what is left at the end.

    A stop alone does not end a sentence: after "B." may come "B. King", after "4." a "5". Whether it did
    is known by what follows, and no sentence that was given is ever changed.
    """
    pending = ""
    for piece in pieces:
        pending += piece
        spans = sentence_spans(pending)
        for start, end in spans[:-1]:
            yield pending[start:end]
        if len(spans) > 1:
            pending = pending[spans[-1][0] :]
    for start, end in sentence_spans(pending):
        yield pending[start:end]
