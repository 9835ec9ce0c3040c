"""Says an answer sentence by sentence; each is committed with what it rests on before anybody reads it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from knowledge import FactRow, FactSentence, SourcePassage, SourceSentence
from presence.asking.answering import Answering, Ticket
from presence.asking.steps import Source, Step

# Words by others are named, and quoted only briefly.
OTHERS_SENTENCES_MAX = 2
OTHERS_WORDS_MAX = 25
_WORD = re.compile(r"\S+")


class Said:
    """What has been said in one answer; numbers the citations.

    `floor` is the lowest tier that anything of this answer may carry: of what chose among its sources.
    """

    def __init__(self, ticket: Ticket, using: Answering, *, floor: int = 0) -> None:
        self._ticket = ticket
        self._using = using
        self._floor = floor
        self._by_others = 0
        self._cited = 0
        self.quotes = 0

    def told(self, sentence: FactSentence, tier: int = 0, **more: Any) -> None:
        """Say what was counted or looked up, with its rows as they were imported."""
        cited = [fact_citation(number, row) for number, row in enumerate(sentence.rows, start=self._cited + 1)]
        self._cited += len(cited)
        body = {"text": sentence.text, "citations": [one["n"] for one in cited], "cited": cited, **more}
        highest = max((tier, *(row.tier for row in sentence.rows)))
        rows = zip(cited, sentence.rows, strict=True)
        self._say(body, highest, [Source(one["n"], "fact", row.document_id, row.ident) for one, row in rows])

    def quote(
        self, sentence: SourceSentence, *, best_line: bool = False, after: str = "", seen_tier: int = 0, **more: Any
    ) -> bool:
        """Show a sentence verbatim; False where it is by somebody else and enough was quoted of others.

        `after` are connecting words before it: the writer's own, who had everything up to `seen_tier` before its eyes.
        """
        is_cut = False
        if sentence.passage.speaker != self._using.artist_name:
            self._by_others += 1
            if not best_line and self._by_others > OTHERS_SENTENCES_MAX:
                return False
            brief = _brief(sentence)
            is_cut, sentence = brief is not sentence, brief
        if after:
            self._say({"text": after, "citations": [], "connecting": True}, seen_tier)
        self.quotes += 1
        self._cited += 1
        cited = citation(self._cited, sentence)
        text = cited["quote"] + (" …" if is_cut else "")
        body: dict[str, Any] = {"text": text, "citations": [self._cited], "cited": [cited], **more}
        if best_line:
            body["best_line"] = True
        passage = sentence.passage
        self._say(body, passage.tier, [Source(self._cited, "passage", passage.document_id, passage.ident)])
        return True

    def retold(self, text: str, sentences: Sequence[SourceSentence], seen_tier: int) -> None:
        """Say a sentence of the writer's own that was found in these; it had everything up to `seen_tier` before it."""
        cited = [citation(number, one) for number, one in enumerate(sentences, start=self._cited + 1)]
        self._cited += len(cited)
        self.quotes += 1
        body = {"text": text, "citations": [one["n"] for one in cited], "cited": cited, "retold": True}
        passages = zip(cited, (one.passage for one in sentences), strict=True)
        self._say(body, seen_tier, [Source(one["n"], "passage", p.document_id, p.ident) for one, p in passages])

    def by_code(self, text: str) -> None:
        """Say what code says by itself: it rests on nothing, and costs nothing."""
        self._say({"text": text, "citations": [], "by_code": True}, 0)

    def _say(self, body: dict[str, Any], tier: int, sources: Sequence[Source] = ()) -> None:
        self._ticket.says(Step("sentence", body, max(tier, self._floor), sources))


def _brief(sentence: SourceSentence) -> SourceSentence:
    """Give the first words of a sentence by somebody else, verbatim; a short one whole."""
    words = list(_WORD.finditer(sentence.text))
    if len(words) <= OTHERS_WORDS_MAX:
        return sentence
    return replace(sentence, end=sentence.start + words[OTHERS_WORDS_MAX - 1].end())


def citation(n: int, sentence: SourceSentence) -> dict[str, Any]:
    """Tie a statement to its place: what a card shows, and where a click leads."""
    passage = sentence.passage
    return {
        "n": n,
        "kind": "passage",
        "title": passage.title,
        "speaker": passage.speaker,
        "date": passage.date,
        "locator": sentence.locator,
        "quote": sentence.text,
        "url": f"/sources/{passage.ident}#s{sentence.index}",
        "tier": passage.tier,
    }


def fact_citation(n: int, row: FactRow) -> dict[str, Any]:
    """Tie a counted or looked-up statement to a row, verbatim as imported."""
    return {
        "n": n,
        "kind": "fact",
        "title": row.title,
        "speaker": row.speaker,
        "date": row.date,
        "locator": row.locator,
        "quote": row.raw,
        "url": f"/rows/{row.ident}",
        "tier": row.tier,
    }


def nearest(passage: SourcePassage) -> dict[str, Any]:
    """Point at a note that is near, without claiming that it answers."""
    return {
        "title": passage.title,
        "date": passage.date,
        "heading": passage.heading,
        "url": f"/sources/{passage.ident}",
    }
