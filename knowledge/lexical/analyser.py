"""Cuts text into the terms of the lexical index: lower case, without accents, Porter stems.

SQLite's own FTS5 does it, in memory, so that questions, sentences and passages are always cut
alike, whichever database keeps them.
"""

import re
import sqlite3
import threading
from collections.abc import Sequence

# What is longer is no word; PostgreSQL keeps lexemes of up to 2,046 bytes.
TERM_CHARS_MAX = 255
TOKENIZER = "porter unicode61 remove_diacritics 2"

# Words that say how a question is asked, not what it is about.
STOPWORDS = frozenset(
    """
a about above after again all also am an and any are aren as at be because been before behind being below
between both but by can cannot could couldn d did didn do does doesn doing don done down during each ever few
for from further get give go got had hadn happen happened happens has hasn have haven having he her here hers
herself him himself his how i if in into is isn it its itself just know let like ll m many may me might mine
more most much must my myself no nor not now of off on once only or other our ours ourselves out over own
please re really s said same say shall she should shouldn so some such t tell than thank that the their theirs
them themselves then there these they thing things this those through to too under until up us ve very was
wasn we were weren what when where which while who whom whose why will with won would wouldn you your yours
yourself yourselves
""".split()  # noqa: SIM905  # a list of words reads better as words
)


# A word with a capital that does not open a sentence.
_CAPITALISED = re.compile(r"(?<=[^.!?:\s]\s)[\"“'‘(]?([A-ZÀ-Þ][\w’']*)")

# Past forms that no stemmer finds. A question says "write" where a note says "wrote".
IRREGULAR = {
    "begin": "began begun", "break": "broke broken", "bring": "brought", "build": "built", "buy": "bought",
    "catch": "caught", "choose": "chose chosen", "come": "came", "drive": "drove driven", "eat": "ate eaten",
    "fall": "fell fallen", "feel": "felt", "find": "found", "fly": "flew flown", "forget": "forgot forgotten",
    "grow": "grew grown", "hear": "heard", "hold": "held", "keep": "kept", "leave": "left", "lose": "lost",
    "make": "made", "mean": "meant", "meet": "met", "pay": "paid", "ring": "rang rung", "run": "ran",
    "sell": "sold", "send": "sent", "sing": "sang sung", "sleep": "slept", "speak": "spoke spoken",
    "spend": "spent", "stand": "stood", "steal": "stole stolen", "take": "took taken", "teach": "taught",
    "think": "thought", "throw": "threw thrown", "understand": "understood", "wear": "wore worn", "win": "won",
    "write": "wrote written",
}  # fmt: skip


class Analyser:
    """Thread-safe; one small database in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scratch = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._scratch.execute(f"CREATE VIRTUAL TABLE scratch USING fts5(body, tokenize='{TOKENIZER}')")
        self._scratch.execute("CREATE VIRTUAL TABLE cut USING fts5vocab(scratch, instance)")
        self._stop_terms = frozenset(term for [term] in self.terms(sorted(STOPWORDS)) if term)
        cut = [self.terms([f"{base} {past}"])[0] for base, past in IRREGULAR.items()]
        self._forms = {base: (base, *past) for base, *past in cut}
        self._base = {form: base for base, forms in self._forms.items() for form in forms}

    def terms(self, texts: Sequence[str]) -> list[list[str]]:
        """Give the terms of each text, in order, stop words included."""
        rows: list[tuple[int, str]] = []
        with self._lock:
            self._scratch.execute("BEGIN")
            try:
                self._scratch.executemany(
                    "INSERT INTO scratch(rowid, body) VALUES (?, ?)", list(enumerate(texts, start=1))
                )
                rows = self._scratch.execute('SELECT doc, term FROM cut ORDER BY doc, "offset"').fetchall()
            finally:
                self._scratch.execute("ROLLBACK")
        found: list[list[str]] = [[] for _ in texts]
        for row, term in rows:
            if len(term) <= TERM_CHARS_MAX:
                found[row - 1].append(term)
        return found

    def content_terms(self, texts: Sequence[str]) -> list[list[str]]:
        """Give what each text is about: its terms without stop words, in their base form, each once, in order."""
        return [
            list(dict.fromkeys(self._base.get(term, term) for term in terms if term not in self._stop_terms))
            for terms in self.terms(texts)
        ]

    def forms(self, term: str) -> tuple[str, ...]:
        """Give every form under which the index may hold a content term."""
        return self._forms.get(term, (term,))

    def names(self, text: str) -> set[str]:
        """Give the content terms that are written like names: with a capital, not at the beginning."""
        return set(self.content_terms([_capitals(text)])[0])

    def terms_and_names(self, text: str) -> tuple[list[str], frozenset[str]]:
        """Give the content terms of a text, and those that are written like names; both cut at once."""
        terms, names = self.content_terms([text, _capitals(text)])
        return terms, frozenset(names)


def _capitals(text: str) -> str:
    return " ".join(_CAPITALISED.findall(text))
