"""What somebody said, as it was said: "she said that she was tired" tells of "I am tired"."""

from collections.abc import Sequence

from presence.asking.support.clauses import Clause
from presence.asking.support.phrases import Deed

_BACK = {"would": "will", "could": "can"}


def set_back(clauses: Sequence[Clause]) -> bool:
    """Turn each verb to the tense in which it was said; False where one of them tells what cannot be known so.

    All of them, or none: where one verb stays in the present, the sentence does not follow that rule. "Had" and
    "might" say the same before and after.
    """
    deeds = [clause.deed for clause in clauses]
    if not all(deed is not None and _can(deed) for deed in deeds):
        return False
    for deed in deeds:
        if deed is not None:
            deed.tense = "present"
            deed.modals = tuple(_BACK.get(modal, modal) for modal in deed.modals)
    return True


def _can(deed: Deed) -> bool:
    if deed.modals:
        return all(modal in _BACK for modal in deed.modals) and not deed.perfect
    return deed.form == "finite" and deed.tense == "past" and not deed.perfect
