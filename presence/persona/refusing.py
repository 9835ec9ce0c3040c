"""Topics that an artist does not want spoken about: recognised by their words, before anything is looked for."""

from collections.abc import Sequence

from knowledge.lexical import Analyser
from presence.persona.files import Refused


class Refusing:
    """Thread-safe. A question is about a topic when every word of the topic stands in it, in any form."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def refused(self, question: str, topics: Sequence[Refused]) -> Refused | None:
        """Give the first topic that a question is about."""
        if not topics:
            return None
        asked, *wanted = self._analyser.content_terms([question, *(topic.topic for topic in topics)])
        said = set(asked)
        return next((one for one, terms in zip(topics, wanted, strict=True) if terms and said.issuperset(terms)), None)
