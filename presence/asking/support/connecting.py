"""What may stand between quotations in the strict voice: words that carry no fact of their own.

Beside the closed list of words that pass anywhere, a name may be said that the quotation which follows
holds itself, in one of a few forms: "And about Harbour Lights:", "Of Tom Reyes I wrote:". A number, a
date or a verb beside the name would be a fact, so none passes.
"""

import re
from collections.abc import Sequence

from presence.asking.support.terms import folded
from presence.asking.verify import CONNECTION_CHARS_MAX, connection

_NAME = re.compile(r"[“\"‘']?(?<!\w)[A-ZÀ-Þ][\w’'-]*(?: (?!I\b)[A-ZÀ-Þ][\w’'-]*)*[”\"’']?(?=[,:.…]| (?:I|she|he) |$)")
_FORMS = re.compile(
    r"(?:(?:and|also|then|again|now|here|yes),? )?(?:(?:more|again|also|this|here is more) )?(?:about|of|on) (?:the )?@"
    r"(?:,? (?:i|she|he) (?:also )?(?:wrote|said|put it so|says?)(?: (?:this|so|more|again))?)?[ ]?[,:.…]?"
)


def connecting(sentence: str, neighbours: Sequence[str]) -> bool:
    """Whether a sentence may stand among quotations; `neighbours` are in order, and what follows comes last."""
    flat = " ".join(sentence.split())
    if connection(flat):
        return True
    if not neighbours or len(flat) > CONNECTION_CHARS_MAX or any(char.isdigit() for char in flat):
        return False
    flat = flat[:1].lower() + flat[1:]  # a capital there is no name
    names = list(_NAME.finditer(flat))
    return len(names) == 1 and _follows(names[0][0], neighbours[-1]) and _joins(flat, names[0])


def _joins(flat: str, name: re.Match[str]) -> bool:
    return _FORMS.fullmatch(f"{flat[: name.start()]}@{flat[name.end() :]}".lower()) is not None


def _follows(name: str, text: str) -> bool:
    """Whether a text holds a name whole: "Harbour", where it says "Harbour Lights", is another name."""
    capital = r"[A-ZÀ-Þ][\w’'-]*"
    return any(folded(found[0]) == folded(name) for found in re.finditer(rf"{capital}(?: {capital})*", text))
